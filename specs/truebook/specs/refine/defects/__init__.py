"""Known defects of books, and how soon each is found."""

from truebook.specs.refine.defects.detection import Finding, Found, find
from truebook.specs.refine.defects.known import DEFECTS

__all__ = [
    "DEFECTS",
    "Finding",
    "Found",
    "find",
]
