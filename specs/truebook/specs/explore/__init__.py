"""Exploring: every reachable state of a design, by engines that agree."""

from truebook.specs.explore import columns, plain, tables
from truebook.specs.explore.blocks import Column, Columns, Compiled
from truebook.specs.explore.columns import Reached, blocks_of, reached
from truebook.specs.explore.deepening import SHALLOW, settle
from truebook.specs.explore.designs import (
    Aim,
    Outcome,
    Report,
    Task,
    is_asked,
    report,
    run,
    run_all,
)
from truebook.specs.explore.engine import Runner, Steps, TooLargeError
from truebook.specs.explore.false_words import effects
from truebook.specs.explore.kernel import BITMAP_BYTES, Table, explore_tables
from truebook.specs.explore.packing import TooWideError

__all__ = [
    "BITMAP_BYTES",
    "SHALLOW",
    "Aim",
    "Column",
    "Columns",
    "Compiled",
    "Outcome",
    "Reached",
    "Report",
    "Runner",
    "Steps",
    "Table",
    "Task",
    "TooLargeError",
    "TooWideError",
    "blocks_of",
    "columns",
    "effects",
    "explore_tables",
    "is_asked",
    "plain",
    "reached",
    "report",
    "run",
    "run_all",
    "settle",
    "tables",
]
