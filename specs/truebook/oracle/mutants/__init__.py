"""Mutants of the reference book: each breaks one thing on purpose, and must die in the vectors."""

from truebook.oracle.mutants.deaths import Death, killed, matrix
from truebook.oracle.mutants.knockouts import KNOCKOUTS
from truebook.oracle.mutants.known import MUTANTS
from truebook.oracle.mutants.mutant import Mutant, session_of

__all__ = ["KNOCKOUTS", "MUTANTS", "Death", "Mutant", "killed", "matrix", "session_of"]
