"""Findings: what is wrong in many runs for one cause is one thing, with a name, counted."""

from truebook.oracle.findings.expected import as_known, is_name, split, unknown, with_known
from truebook.oracle.findings.finding import DIFFERENCE, SEVERITY_OF, Finding
from truebook.oracle.findings.gather import Gatherer, gathered, names_in
from truebook.oracle.findings.likeness import Without
from truebook.oracle.findings.named_right import (
    Named,
    counts_of,
    named_findings,
    named_table,
    share_right,
)
from truebook.oracle.findings.naming import named
from truebook.oracle.findings.tally import Tally

__all__ = [
    "DIFFERENCE",
    "SEVERITY_OF",
    "Finding",
    "Gatherer",
    "Named",
    "Tally",
    "Without",
    "as_known",
    "counts_of",
    "gathered",
    "is_name",
    "named",
    "named_findings",
    "named_table",
    "names_in",
    "share_right",
    "split",
    "unknown",
    "with_known",
]
