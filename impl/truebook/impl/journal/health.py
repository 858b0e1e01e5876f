"""Whether a journal is as it was written, and saving what is."""

import json
from collections.abc import Iterable
from pathlib import Path

import attrs

from truebook.impl.book import UnifiedOrderBook
from truebook.impl.journal.calls import retell
from truebook.impl.journal.damage import beyond, follow
from truebook.impl.journal.errors import DamagedError, JournalError
from truebook.impl.journal.file import Journal, Snapshot
from truebook.impl.journal.replay import (
    begun,
    book_of,
    call_of,
    checked_snapshots,
    first_event,
    read_events,
)
from truebook.impl.journal.salvage import scan


@attrs.frozen
class Health:
    """What a journal is found to be: `damage` says what is wrong (empty: nothing).

    `events` can be read, or saved where it is damaged; `beyond` later ones stand after the first
    that is lost. `replayed`: every snapshot was compared with the book that the events before it
    make.
    """

    path: Path
    events: int
    snapshots: tuple[int, ...]
    damage: str
    replayed: bool
    beyond: int = 0


def verify(path: Path | str, *, replay: bool = False) -> Health:
    """Read a whole journal and say what is wrong with it; nothing is changed.

    JournalError where it cannot be told: there is no such file, or another process locks it.
    """
    path = Path(path)
    snapshots: tuple[int, ...] = ()
    try:
        journal = Journal.open(path)
        try:
            taken = {snapshot.seq: snapshot for snapshot in checked_snapshots(journal)}
            snapshots = tuple(taken)
            book: UnifiedOrderBook | None = None
            for seq, text in journal.read():
                if seq == 1:
                    book = begun(path, text)
                elif replay:
                    assert book is not None
                    retell(book, call_of(path, seq, text))
                if replay and seq in taken and not _is_of(path, taken[seq], book):
                    raise DamagedError(
                        path, f"the snapshot of event {seq} is not what was told", journal.last
                    )
            if book is None:
                raise DamagedError(path, "it has no first event", 0)
            return Health(path, journal.last, snapshots, "", replay)
        finally:
            journal.close()
    except DamagedError as error:
        return Health(path, error.savable, snapshots, error.reason, replay, error.beyond)


def repair(path: Path | str, into: Path | str) -> int:
    """Write what can be saved of a journal into a new one; return how many events that is.

    The damaged file stays as it is. JournalError where nothing can be saved.
    """
    return save(path, into).events


@attrs.frozen
class Saved:
    """The last event that was saved of a journal, and how many stand beyond the next one.

    `snapshot` is the event after which the new journal begins, 0 where it has all of them.
    """

    events: int
    snapshot: int
    beyond: int


def save(path: Path | str, into: Path | str) -> Saved:
    """Write what can be saved of a journal into a new one; see `repair`.

    Where events before a snapshot are lost, and it and what follows are not, it begins there.
    """
    path, into = Path(path), Path(into)
    if not verify(path).damage:
        return Saved(_written(into, read_events(path)), 0, 0)
    found = scan(path)
    events = [text for _, text in follow(found)]
    if events:
        begun(path, events[0])
    saved = Saved(len(events), 0, beyond(found, len(events)))
    for taken in _snapshots(path):
        if taken.seq > saved.events:
            events = [first_event(book_of(path, taken))]
            events += [text for _, text in follow(found, taken.seq, taken.head)]
            last = taken.seq + len(events) - 1
            saved = Saved(last, taken.seq, beyond(found, last))
    if not events:
        raise JournalError(f"{path}: nothing can be saved: not even its first event is whole")
    _written(into, events)
    return saved


def _snapshots(path: Path) -> tuple[Snapshot, ...]:
    """Return the snapshots of a damaged journal that can be read."""
    try:
        journal = Journal.open(path)
        try:
            return journal.snapshots()
        finally:
            journal.close()
    except JournalError:
        return ()


def _written(path: Path, events: Iterable[str]) -> int:
    """Write a new journal, and return how many events it has once it is read."""
    Journal.create(path, events).close()
    return sum(1 for _ in read_events(path))


def _is_of(path: Path, snapshot: Snapshot, book: UnifiedOrderBook | None) -> bool:
    """Return whether a snapshot is of a book; one of an older version has not all of it."""
    if book is None:
        return False
    try:
        saved, now = json.loads(snapshot.text), json.loads(json.dumps(book.to_json()))
    except (ValueError, RecursionError):
        return False
    if isinstance(saved, dict) and saved.get("version") != now["version"]:
        return book_of(path, snapshot).position == book.position
    return bool(saved == now)
