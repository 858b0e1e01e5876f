"""A book that outlives its process: every call is in a journal before the book is told.

Kill it at any moment, cut its file at any byte, fill its disk: at most the call being written is
lost, and a file that was changed since is refused rather than believed.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, SupportsIndex

import attrs

from truebook.impl.book import BookConfig, Ledger, RandomBits, UnifiedOrderBook, checks
from truebook.impl.journal.calls import PARAMETERS, Call
from truebook.impl.journal.errors import DamagedError, JournalError, NotWrittenError
from truebook.impl.journal.file import Journal
from truebook.impl.journal.files import exists
from truebook.impl.journal.health import Health, Saved, repair, save, verify
from truebook.impl.journal.replay import begun, call_of, first_event, read_events, recover

__all__ = [
    "DamagedError",
    "Health",
    "JournalError",
    "JournaledBook",
    "NotWrittenError",
    "Saved",
    "calls_of",
    "load",
    "repair",
    "save",
    "verify",
]

_REFUSALS: Final = (TypeError, ValueError, ArithmeticError)
"""What a book says of a call that it does not take; it is as it was, but for the time."""


class JournaledBook(UnifiedOrderBook):
    """A book whose every call is written to a journal before it is told; see `UnifiedOrderBook`.

    Opened on a file that exists, it is the book as it was after the last call written. A snapshot
    is taken every `snapshot_every` calls (0: only by `snapshot`), so that opening stays quick.
    `durable` waits for the disk at every call: then what is told outlives a loss of power too.
    NotWrittenError says that a call was not written, and was not told either: where the file
    refuses it, the journal is closed, or it comes from another thread or process than that which
    opened it. A closed one can be read on. A copy of it is a book in memory alone.
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
        randbits: RandomBits = secrets.randbits,
    ) -> None:
        path = Path(path)
        if config is not None:
            checks.instance(config, BookConfig, "config")
        every = checks.whole(snapshot_every, "snapshot_every")
        if every < 0:
            raise ValueError(f"snapshot_every must not be negative, but is {every}: 0 takes none")
        checks.flag(durable, "durable")
        if not exists(path):
            begun_with = UnifiedOrderBook(config, randbits=randbits)
            Journal.create(path, [first_event(begun_with)]).close()
        journal = Journal.open(path)
        try:
            book, self._since = recover(journal)
            if config is not None and _changes(book.config, config):
                raise JournalError(
                    f"{path}: its book was configured otherwise: {_changes(book.config, config)}; "
                    "open it without a configuration, or begin another journal"
                )
            journal.to_append(durable=durable)
        except BaseException:
            journal.close()
            raise
        self._take(book)
        self._ledger.draw_from(randbits)
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
        journal = self._journal
        if journal is None:
            return
        if refusal := journal.refusal():
            raise JournalError(refusal)
        self._snapshot(journal)

    def _snapshot(self, journal: Journal) -> None:
        try:
            journal.take_snapshot(json.dumps(self.to_json(), separators=(",", ":")))
        except NotWrittenError as error:
            self.snapshot_error = str(error)
            return
        finally:
            self._since = 0
        self.snapshot_error = ""

    def close(self) -> None:
        """Close the journal; the book can be read, and told nothing more."""
        journal = self._journal
        if journal is None or journal.closed:
            return
        if refusal := journal.refusal():
            raise JournalError(refusal)
        journal.close()

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

    def _tell(self, journal: Journal, call: Call, text: str) -> Any:
        journal.append(text)
        self._since += 1
        try:
            result = call.tell(self._plain)
        except _REFUSALS:
            self._told(journal)
            raise
        self._told(journal)
        return result

    def _refuse(self, journal: Journal, call: Call) -> Any:
        """Let the book refuse a call that cannot be written: it tells the time, and no more."""
        now = call.arguments.get("now")
        if type(now) is int and self.now < now < checks.MOST_TIME:
            self._tell(journal, (tick := Call("tick", {"now": now})), tick.to_json())
        return call.tell(self._plain)

    def _told(self, journal: Journal) -> None:
        if 0 < self._snapshot_every <= self._since:
            self._snapshot(journal)


def _journaled(name: str) -> Callable[..., Any]:
    @wraps(getattr(UnifiedOrderBook, name))
    def method(self: JournaledBook, /, *args: Any, **kwargs: Any) -> Any:
        journal = self._journal
        if journal is not None and (refusal := journal.refusal()):
            raise NotWrittenError(refusal)
        if name == "drain_events" and not self._ledger.log:
            return self._plain.drain_events(*args, **kwargs)
        call = Call.of(name, args, kwargs)
        if name == "register_pending" and call.arguments.get("cloid") is None:
            call = call.named(self._ledger)
        if journal is None:
            return call.tell(self._plain)
        try:
            text = call.to_json()
        except Exception:  # even to say what an argument is may raise anything
            return self._refuse(journal, call)
        journal.telling = True
        try:
            return self._tell(journal, call, text)
        except (JournalError, *_REFUSALS):
            raise
        except BaseException:
            journal.drop()  # cut short, by Ctrl-C perhaps: only the file knows what was told
            raise
        finally:
            journal.telling = False

    return method


for _name in PARAMETERS:
    setattr(JournaledBook, _name, _journaled(_name))


def load(path: Path | str) -> tuple[UnifiedOrderBook, int]:
    """Return the book of a journal, in memory alone, and how many calls made it.

    The file is not changed. DamagedError where it is not as it was written.
    """
    journal = Journal.open(Path(path))
    try:
        book, _ = recover(journal)
        return book, journal.last - 1
    finally:
        journal.close()


def calls_of(path: Path | str) -> Iterator[tuple[int, Call]]:
    """Yield the calls that a journal has, with their numbers; DamagedError where one is wrong."""
    path = Path(path)
    for seq, text in enumerate(read_events(path), 1):
        if seq == 1:
            begun(path, text)
        else:
            yield seq, call_of(path, seq, text)


def _changes(old: BookConfig, new: BookConfig) -> str:
    """Return what is configured otherwise; no seed for its cloids asks for no other one."""
    before, after = attrs.asdict(old), attrs.asdict(new)
    if new.cloid_seed is None:
        after["cloid_seed"] = old.cloid_seed
    changed = [name for name in before if before[name] != after[name]]
    return ", ".join(f"{name} was {before[name]!r}, not {after[name]!r}" for name in changed)
