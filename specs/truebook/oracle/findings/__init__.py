"""Findings: what is wrong in many runs for one cause is one thing, with a name, counted."""

from truebook.oracle.findings.expected import as_known, is_name, split, unknown, with_known
from truebook.oracle.findings.finding import DIFFERENCE, SEVERITY_OF, Finding
from truebook.oracle.findings.gather import Gatherer, gathered, names_in
from truebook.oracle.findings.likeness import Without
from truebook.oracle.findings.naming import named

__all__ = [
    "DIFFERENCE",
    "SEVERITY_OF",
    "Finding",
    "Gatherer",
    "Without",
    "as_known",
    "gathered",
    "is_name",
    "named",
    "names_in",
    "split",
    "unknown",
    "with_known",
]
