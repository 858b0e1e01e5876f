"""A book that outlives its process: every call is in a journal before the book is told.

Kill it at any moment, cut its file at any byte, fill its disk: at most the call being written is
lost, and a file that was changed since is refused rather than believed.
"""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, SupportsIndex

import attrs

from truebook.impl import checks
from truebook.impl.book import UnifiedOrderBook
from truebook.impl.calls import PARAMETERS, Call, retell
from truebook.impl.config import BookConfig
from truebook.impl.journal import (
    DamagedError,
    Journal,
    JournalError,
    NotWrittenError,
    Snapshot,
    savable,
)
from truebook.impl.ledger import Ledger

__all__ = [
    "DamagedError",
    "Health",
    "JournalError",
    "JournaledBook",
    "NotWrittenError",
    "calls_of",
    "load",
    "repair",
    "verify",
]

VERSION: Final = 1
"""Of the form in which events are written; the first one says it, and the configuration."""


class JournaledBook(UnifiedOrderBook):
    """A book whose every call is written to a journal before it is told; see `UnifiedOrderBook`.

    Opened on a file that exists, it is the book as it was after the last call written. A snapshot
    is taken every `snapshot_every` calls (0: only by `snapshot`), so that opening stays quick.
    `durable` waits for the disk at every call: then what is told outlives a loss of power too.
    NotWrittenError says that a call was not written, and was not told either. A copy of it is a
    book in memory alone.
    """

    __slots__ = ("_journal", "_plain", "_since", "_snapshot_every", "snapshot_error")
    __hash__ = None  # it changes

    _journal: Journal | None
    _plain: UnifiedOrderBook
    snapshot_error: str
    """Why the last snapshot could not be written; empty where it was. The journal goes on."""

    def __init__(
        self,
        path: Path | str,
        config: BookConfig | None = None,
        *,
        snapshot_every: int = 100_000,
        durable: bool = False,
    ) -> None:
        path = Path(path)
        if config is not None:
            checks.instance(config, BookConfig, "config")
        every = checks.whole(snapshot_every, "snapshot_every")
        if every < 0:
            raise ValueError(f"snapshot_every must not be negative, but is {every}: 0 takes none")
        checks.flag(durable, "durable")
        if not path.exists():
            Journal.create(path, [_first(BookConfig() if config is None else config)]).close()
        journal = Journal.open(path)
        try:
            book, self._since = _recover(journal)
            if config is not None and config != book.config:
                raise JournalError(
                    f"{path}: its book was configured otherwise: {_changes(book.config, config)}; "
                    "open it without a configuration, or begin another journal"
                )
            journal.to_append(durable=durable)
        except BaseException:
            journal.close()
            raise
        self._take(book)
        self._journal = journal
        self._snapshot_every = every

    @property
    def calls_written(self) -> int:
        """How many calls the journal has."""
        return 0 if self._journal is None else self._journal.last - 1

    def snapshot(self) -> None:
        """Write down what the book is now, so that opening it begins there.

        Where that fails, `snapshot_error` says why; nothing is lost, opening only takes longer.
        """
        if self._journal is None:
            return
        try:
            self._journal.take_snapshot(json.dumps(self.to_json(), separators=(",", ":")))
        except NotWrittenError as error:
            self.snapshot_error = str(error)
            return
        finally:
            self._since = 0
        self.snapshot_error = ""

    def close(self) -> None:
        """Close the journal; the book can be read, and told nothing more."""
        if self._journal is not None:
            self._journal.close()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.copy()

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        if self._journal is not None:
            raise TypeError(
                "a JournaledBook has a file of its own: pickle its copy(), which has none"
            )
        return super().__reduce_ex__(protocol)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @classmethod
    def _of(cls, ledger: Ledger) -> Self:
        book = cls.__new__(cls)
        book._take(UnifiedOrderBook._of(ledger))
        return book

    def _take(self, book: UnifiedOrderBook) -> None:
        self._ledger = book._ledger
        self._plain = book  # the same ledger, told without a journal
        self._journal = None
        self.snapshot_error = ""

    def _write(self, call: Call) -> None:
        if self._journal is None:
            return
        try:
            text = call.to_json()
        except (TypeError, ValueError):
            # No book takes such an argument: the call tells it the time, and nothing else.
            now = call.arguments.get("now")
            if type(now) is not int or not self.now < now < checks.MOST_TIME:
                return
            text = Call("tick", {"now": now}).to_json()
        self._journal.append(text)
        self._since += 1

    def _written(self) -> None:
        if self._journal is not None and 0 < self._snapshot_every <= self._since:
            self.snapshot()


def _journaled(name: str) -> Callable[..., Any]:
    @wraps(getattr(UnifiedOrderBook, name))
    def method(self: JournaledBook, /, *args: Any, **kwargs: Any) -> Any:
        if name == "drain_events" and not self._ledger.log:
            return self._plain.drain_events(*args, **kwargs)
        call = Call.of(name, args, kwargs)
        try:
            self._write(call)
            try:
                return call.tell(self._plain)
            finally:
                self._written()
        except Exception:
            raise
        except BaseException:
            self.close()  # cut short, by Ctrl-C perhaps: only the file knows what was told
            raise

    return method


for _name in PARAMETERS:
    setattr(JournaledBook, _name, _journaled(_name))


def load(path: Path | str) -> tuple[UnifiedOrderBook, int]:
    """Return the book of a journal, in memory alone, and how many calls made it.

    The file is not changed. DamagedError where it is not as it was written.
    """
    journal = Journal.open(Path(path))
    try:
        book, _ = _recover(journal)
        return book, journal.last - 1
    finally:
        journal.close()


@attrs.frozen
class Health:
    """What a journal is found to be: `damage` says what is wrong (empty: nothing).

    `events` can be read, or saved where it is damaged. `replayed`: every snapshot was compared
    with the book that the events before it make.
    """

    path: Path
    events: int
    snapshots: tuple[int, ...]
    damage: str
    replayed: bool


def verify(path: Path | str, *, replay: bool = False) -> Health:
    """Read a whole journal and say what is wrong with it; nothing is changed.

    JournalError where it cannot be told: there is no such file, or another process locks it.
    """
    path = Path(path)
    snapshots: tuple[int, ...] = ()
    try:
        journal = Journal.open(path)
        try:
            journal.check_pages()
            taken = {snapshot.seq: snapshot.text for snapshot in journal.snapshots()}
            snapshots = tuple(taken)
            book: UnifiedOrderBook | None = None
            for seq, text in journal.read():
                if seq == 1:
                    book = _begin(path, text)
                elif replay:
                    assert book is not None
                    retell(book, _call(path, seq, text))
                if replay and seq in taken and json.loads(taken[seq]) != _plain_json(book):
                    raise DamagedError(
                        path, f"the snapshot of event {seq} is not what was told", journal.last
                    )
            if book is None:
                raise DamagedError(path, "it has no first event", 0)
            return Health(path, journal.last, snapshots, "", replay)
        finally:
            journal.close()
    except DamagedError as error:
        return Health(path, error.savable, snapshots, error.reason, replay)


def repair(path: Path | str, into: Path | str) -> int:
    """Write what can be saved of a journal into a new one; return how many events that is.

    The damaged file stays as it is. JournalError where nothing can be saved.
    """
    path, into = Path(path), Path(into)
    if not path.exists():
        raise JournalError(f"{path}: there is no such file")
    events = savable(path)
    first = next(events, None)
    if first is None:
        raise JournalError(f"{path}: nothing can be saved: not even its first event is whole")
    _begin(path, first)
    journal = Journal.create(into, _after(first, events))
    try:
        return sum(1 for _ in journal.read())
    finally:
        journal.close()


def calls_of(path: Path | str) -> Iterator[tuple[int, Call]]:
    """Yield the calls that a journal has, with their numbers; DamagedError where one is wrong."""
    journal = Journal.open(Path(path))
    try:
        for seq, text in journal.read():
            if seq == 1:
                _begin(journal.path, text)
            else:
                yield seq, _call(journal.path, seq, text)
    finally:
        journal.close()


def _recover(journal: Journal) -> tuple[UnifiedOrderBook, int]:
    """Return the book of a journal, and how many calls were told it since its snapshot."""
    taken = journal.snapshots()
    book: UnifiedOrderBook | None = None
    events = journal.read()
    if taken:
        book = _taken(journal.path, taken[-1])
        events = journal.read(taken[-1].seq, taken[-1].head)
    told = 0
    for seq, text in events:
        if book is None:
            book = _begin(journal.path, text)
            continue
        retell(book, _call(journal.path, seq, text))
        told += 1
    if book is None:
        raise DamagedError(journal.path, "it has no first event", 0)
    return book, told


def _first(config: BookConfig) -> str:
    return json.dumps(["begin", {"version": VERSION, "config": attrs.asdict(config)}])


def _begin(path: Path, text: str) -> UnifiedOrderBook:
    """Return the book that the first event of a journal begins."""
    try:
        _, said = json.loads(text)
        version = said["version"]
        if version != VERSION:
            raise JournalError(f"{path}: it is of version {version}, this reads version {VERSION}")
        return UnifiedOrderBook(BookConfig(**said["config"]))
    except (ValueError, TypeError, KeyError) as error:
        raise JournalError(f"{path}: its first event is not that of a book: {error}") from error


def _taken(path: Path, snapshot: Snapshot) -> UnifiedOrderBook:
    """Return the book of a snapshot, which was found to be as it was written."""
    try:
        return UnifiedOrderBook.from_json(json.loads(snapshot.text))
    except (ValueError, TypeError, KeyError) as error:
        raise JournalError(
            f"{path}: the snapshot of event {snapshot.seq} is of another version ({error}): write "
            "the events alone to a new journal by truebook journal repair, and open that"
        ) from error


def _call(path: Path, seq: int, text: str) -> Call:
    """Return the call that an event is, which was found to be as it was written."""
    try:
        return Call.from_json(text)
    except ValueError as error:
        raise JournalError(
            f"{path}: event {seq} is not of this version: {error}; open it by the one that wrote it"
        ) from error


def _after(first: str, others: Iterator[str]) -> Iterator[str]:
    yield first
    yield from others


def _changes(old: BookConfig, new: BookConfig) -> str:
    before, after = attrs.asdict(old), attrs.asdict(new)
    changed = [name for name in before if before[name] != after[name]]
    return ", ".join(f"{name} was {before[name]!r}, not {after[name]!r}" for name in changed)


def _plain_json(book: UnifiedOrderBook | None) -> Any:
    return None if book is None else json.loads(json.dumps(book.to_json()))
