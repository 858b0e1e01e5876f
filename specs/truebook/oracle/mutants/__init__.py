"""Mutants of the reference book: each breaks one thing on purpose, and must die in the vectors."""

from truebook.oracle.mutants.deaths import Death, first_killer, killed, matrix
from truebook.oracle.mutants.knockouts import KNOCKOUTS, knockouts_of
from truebook.oracle.mutants.known import MUTANTS
from truebook.oracle.mutants.mutant import Mutant, driver_of, session_of

__all__ = [
    "KNOCKOUTS",
    "MUTANTS",
    "Death",
    "Mutant",
    "driver_of",
    "first_killer",
    "killed",
    "knockouts_of",
    "matrix",
    "session_of",
]
