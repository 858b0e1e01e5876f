"""What the events and the snapshots of a journal make: its book."""

import json
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Final

from truebook.impl.book import BookConfig, UnifiedOrderBook
from truebook.impl.journal.calls import Call, retell
from truebook.impl.journal.errors import DamagedError, JournalError
from truebook.impl.journal.file import Journal, Snapshot

VERSION: Final = 1
"""Of the form in which events are written; the first one says it, and the configuration."""

_NOT_OURS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What comes of reading a text that no book of this version wrote."""


def read_events(path: Path) -> Iterator[str]:
    """Yield the texts of a journal's events; DamagedError where one is wrong or missing."""
    journal = Journal.open(path)
    try:
        for _, text in journal.read():
            yield text
        if not journal.last:
            raise DamagedError(path, "it has no first event", 0)
    finally:
        journal.close()


def recover(journal: Journal) -> tuple[UnifiedOrderBook, int]:
    """Return the book of a journal, and how many calls were told it since its snapshot."""
    taken = checked_snapshots(journal)
    book: UnifiedOrderBook | None = None
    events = journal.read()
    if taken:
        book = book_of(journal.path, taken[-1])
        events = journal.read(taken[-1].seq, taken[-1].head)
    told = 0
    for seq, text in events:
        if book is None:
            book = begun(journal.path, text)
            continue
        retell(book, call_of(journal.path, seq, text))
        told += 1
    if book is None:
        raise DamagedError(journal.path, "it has no first event", 0)
    return book, told


def checked_snapshots(journal: Journal) -> tuple[Snapshot, ...]:
    """Return the snapshots of a journal whose pages are right, and they too."""
    journal.check_pages()
    return journal.snapshots()


def first_event(book: UnifiedOrderBook) -> str:
    """Return the event by which a journal of a book begins.

    All later checksums are chained to it, and so to a random name: no other journal's event fits.
    """
    known = book.to_json()
    said = {"version": VERSION, "config": known["config"], "name": token_hex(8)}
    if known != UnifiedOrderBook(book.config).to_json():
        said["book"] = known
    return json.dumps(["begin", said])


def begun(path: Path, text: str) -> UnifiedOrderBook:
    """Return the book that the first event of a journal begins."""
    try:
        _, said = json.loads(text)
        version = said["version"]
        if version != VERSION:
            raise JournalError(f"{path}: it is of version {version}, this reads version {VERSION}")
        if "book" in said:
            return UnifiedOrderBook.from_json(said["book"])
        return UnifiedOrderBook(BookConfig(**said["config"]))
    except _NOT_OURS as error:
        raise JournalError(f"{path}: its first event is not that of a book: {error}") from error


def book_of(path: Path, snapshot: Snapshot) -> UnifiedOrderBook:
    """Return the book of a snapshot, which was found to be as it was written."""
    try:
        return UnifiedOrderBook.from_json(json.loads(snapshot.text))
    except _NOT_OURS as error:
        raise JournalError(
            f"{path}: the snapshot of event {snapshot.seq} is of another version ({error}): write "
            "the events alone to a new journal by truebook journal repair, and open that"
        ) from error


def call_of(path: Path, seq: int, text: str) -> Call:
    """Return the call that an event is, which was found to be as it was written."""
    try:
        return Call.from_json(text)
    except ValueError as error:
        raise JournalError(
            f"{path}: event {seq} is not of this version: {error}; open it by the one that wrote it"
        ) from error
