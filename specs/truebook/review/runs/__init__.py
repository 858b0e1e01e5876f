"""Runs in four lanes (client, book, wire, venue), read from reports and drawn for people."""

from truebook.review.runs.mermaid import mermaid
from truebook.review.runs.run import LANES, Changed, NoRunError, Row, Run, Way, chosen, runs_of
from truebook.review.runs.text import blocks

__all__ = [
    "LANES",
    "Changed",
    "NoRunError",
    "Row",
    "Run",
    "Way",
    "blocks",
    "chosen",
    "mermaid",
    "runs_of",
]
