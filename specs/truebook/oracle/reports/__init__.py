"""Reports of a run: for people, and in the formats of machines."""

from truebook.oracle.reports import formats, text
from truebook.oracle.reports.finding_text import fault_lines, finding_lines
from truebook.oracle.reports.lanes import lanes
from truebook.oracle.reports.run import Run, concluded
from truebook.oracle.reports.stage import Stage, Told
from truebook.oracle.reports.text import lines_of

__all__ = [
    "Run",
    "Stage",
    "Told",
    "concluded",
    "fault_lines",
    "finding_lines",
    "formats",
    "lanes",
    "lines_of",
    "text",
]
