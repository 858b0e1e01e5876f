"""The mark in a journal's file itself: how far it goes, or that it is open.

What is copied without its log and its head record has nothing else to tell whether it is whole.
"""

import sqlite3
from typing import Final

_MARK: Final = "PRAGMA user_version"
_MOST: Final = (1 << 31) - 1
_OPEN: Final = -1
"""The number of no event, so that no file that has it ends where it says."""


def marked(last: int) -> int:
    """Return the mark of a journal that was closed after an event."""
    return min(last, _MOST)


def set_mark(connection: sqlite3.Connection, mark: int) -> None:
    """Mark a journal, where it is not marked so."""
    if mark_of(connection) != mark:
        connection.execute(f"{_MARK} = {mark}")


def mark_of(connection: sqlite3.Connection) -> int:
    """Return how a journal is marked."""
    (mark,) = connection.execute(_MARK).fetchone()
    return int(mark)


def is_open(mark: int) -> bool:
    """Return whether that is the mark of a journal that is written, or was killed."""
    return mark == _OPEN


def mark_open(connection: sqlite3.Connection) -> bool:
    """Mark a journal as open, in the file itself; False where a reader keeps that out of it."""
    set_mark(connection, _OPEN)
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
    return not busy
