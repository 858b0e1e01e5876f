"""Proofs in Z3 of the same model, for any size and any timing."""
