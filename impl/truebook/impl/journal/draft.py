"""A journal as it is begun: its tables, and its first events."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from truebook.impl.journal.damage import START, chained
from truebook.impl.journal.mark import marked, set_mark
from truebook.impl.journal.salvage import PAGE

KIND: Final = 0x54424A31  # "TBJ1", in the header of the file
_TABLES: Final = """
CREATE TABLE event (seq INTEGER PRIMARY KEY, text TEXT NOT NULL, sum BLOB NOT NULL);
CREATE TABLE snapshot (
    seq INTEGER PRIMARY KEY, head BLOB NOT NULL, body BLOB NOT NULL, sum BLOB NOT NULL
);
"""


def draw_up(draft: Path, events: Iterable[str]) -> None:
    """Write a new file of events, marked as closed after the last."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE}")
        connection.execute(f"PRAGMA application_id = {KIND}")
        connection.executescript(f"BEGIN; {_TABLES}")
        head, seq = START, 0
        for seq, text in enumerate(events, 1):
            head = chained(head, text)
            connection.execute("INSERT INTO event VALUES (?, ?, ?)", (seq, text, head))
        set_mark(connection, marked(seq))
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
