"""Reports of an audit: for people, and in the formats of machines."""

from truebook.audit.report.formats import finding_of, json_of, junit_of, markdown_of, sarif_of
from truebook.audit.report.summary import Summary, summary_of
from truebook.audit.report.text import blocks, of, where

__all__ = [
    "Summary",
    "blocks",
    "finding_of",
    "json_of",
    "junit_of",
    "markdown_of",
    "of",
    "sarif_of",
    "summary_of",
    "where",
]
