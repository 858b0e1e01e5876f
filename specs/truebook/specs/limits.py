"""How long proofs and searches go on before they give up, unless told otherwise."""

QUERY_SECONDS = 20.0
"""How long a query may take; then its answer is unknown."""

DEPTH = 12
"""Runs of at most so many steps are searched for violations of what is not proved."""

SECONDS = 20.0
"""How long each world is searched."""
