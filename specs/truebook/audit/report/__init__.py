"""Reports of an audit: for people, and in the formats of machines."""

from truebook.audit.report.formats import json_of, junit_of, markdown_of, sarif_of
from truebook.audit.report.summary import Summary, summary_of
from truebook.audit.report.text import blocks

__all__ = [
    "Summary",
    "blocks",
    "json_of",
    "junit_of",
    "markdown_of",
    "sarif_of",
    "summary_of",
]
