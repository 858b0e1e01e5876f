"""Reports of a run: for people, and in the formats of machines."""

from truebook.oracle.reports import formats, text
from truebook.oracle.reports.stage import Stage, Told
from truebook.oracle.reports.text import Run, finding_lines, lines_of

__all__ = [
    "Run",
    "Stage",
    "Told",
    "finding_lines",
    "formats",
    "lines_of",
    "text",
]
