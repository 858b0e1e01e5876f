"""A file of events, each with a checksum that is chained to the one before, and of snapshots.

It is an SQLite database with a write-ahead log, and a record beside it of how far it went. Damage
is never read over: an event that is not as it was written, or is missing, is an error that says how
many events can be saved.
"""

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import get_ident
from typing import Final, Self
from weakref import finalize

import attrs

from truebook.impl.journal.damage import START, chained, damaged
from truebook.impl.journal.draft import KIND, draw_up
from truebook.impl.journal.errors import JournalError, NotWrittenError
from truebook.impl.journal.files import (
    begins,
    exists,
    has_log,
    head_path,
    identity,
    log_path,
    sync_folder,
)
from truebook.impl.journal.head import Head, HeadRecord, read_head
from truebook.impl.journal.held import hold
from truebook.impl.journal.mark import is_open, mark_of, mark_open, marked, set_mark
from truebook.impl.journal.salvage import PAGE, scan

_MAGIC: Final = b"SQLite format 3\0"
_FORM: Final = bytes.fromhex("1000 0202 00402020")  # pages of 4096, a log to write and to read
_KEPT_SNAPSHOTS: Final = 2
_NO_ACCESS: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_BROKEN: Final = (sqlite3.Error, ValueError, TypeError, zlib.error, MemoryError)
"""What SQLite, and what reads its answers, may come upon in a damaged file."""
_EXISTS: Final = "{} exists already: open it, or name another file"
_POWER: Final = "as a loss of power does to a journal that is not durable"


@attrs.frozen
class Snapshot:
    """What the book was after the event `seq`, as text; `head` is the checksum of that event."""

    seq: int
    head: bytes
    text: str


@attrs.define(eq=False)
class Journal:
    """An open journal: `last` is the number of its last event, `head` that event's checksum.

    What writes to it belongs to the thread that opened it. `telling`: a call is under way.
    """

    path: Path
    connection: sqlite3.Connection
    _let_go: Callable[[], None]
    last: int = 0
    head: bytes = START
    closed: bool = False
    telling: bool = False
    _thread: int = attrs.field(factory=get_ident, init=False)
    _process: int = attrs.field(factory=os.getpid, init=False)
    _record: HeadRecord | None = attrs.field(default=None, init=False)
    _log: str = attrs.field(default="", init=False)
    _log_is: tuple[int, int] | None = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        """Let go of the file with the journal, once."""
        self._let_go = finalize(self, self._let_go)

    @classmethod
    def create(cls, path: Path, events: Iterable[str]) -> Self:
        """Make a journal of some first events; it exists whole, or not at all."""
        if exists(path):
            raise JournalError(_EXISTS.format(path))
        for left, what, there in (
            (log_path(path), "log", has_log(path)),
            (head_path(path), "head record", head_path(path).exists()),
        ):
            if there:
                raise JournalError(
                    f"{left} is the {what} of a journal that is not here, and would be taken for "
                    f"the new one's: put them together again, or move the {what} away"
                )
        try:
            with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
                draft = Path(folder) / path.name
                draw_up(draft, events)
                os.link(draft, path)  # which never takes the place of another
            sync_folder(path.parent)
        except FileExistsError:
            raise JournalError(_EXISTS.format(path)) from None
        except (sqlite3.Error, OSError) as error:
            raise JournalError(f"{path}: the journal could not be made: {error}") from error
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a journal to read it; that changes nothing, however damaged it is."""
        header, size = begins(path)
        if not header.startswith(_MAGIC) and len(header) >= len(_MAGIC):
            raise damaged(path, "it does not begin as a journal does")
        if size % PAGE or not size:
            raise damaged(path, f"it ends inside a page, after {size:,} bytes")
        let_go = hold(path)
        try:
            return cls(path, _connected(path, header), let_go)
        except BaseException:
            let_go()
            raise

    def read(self, after: int = 0, head: bytes = START) -> Iterator[tuple[int, str]]:
        """Yield the events after one whose checksum is known, each once it is found right.

        DamagedError where one is wrong or missing.
        """
        self.last, self.head = after, head
        noted = read_head(self.path)  # before the events, which another may be writing
        query = "SELECT seq, text, sum FROM event WHERE seq > ? ORDER BY seq"
        try:
            for seq, text, digest in self.connection.execute(query, (after,)):
                if seq != self.last + 1:
                    raise damaged(self.path, f"event {self.last + 1} is missing")
                head = chained(self.head, text) if isinstance(text, str) else START
                if head != digest:
                    raise damaged(self.path, f"event {seq} is not as it was written")
                self.last, self.head = seq, head
                yield seq, text
            self._check_end(noted)
        except _BROKEN as error:
            raise _unreadable(self.path, error) from error

    def to_append(self, *, durable: bool) -> None:
        """Make a journal that was read to its end one that can be appended to.

        `durable`: every event is on the disk before it counts, so that it outlives the machine's
        power and not only the process.
        """
        self.connection.close()
        try:
            self.connection = sqlite3.connect(self.path, isolation_level=None)
            self.connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self.connection.executescript("BEGIN IMMEDIATE; ROLLBACK")  # may it be written?
            self._record = HeadRecord.open(self.path, self.last, self.head, durable=durable)
            # From here on the record speaks for the file, which must not by itself any more.
            if not mark_open(self.connection):
                raise JournalError(f"{self.path}: another reads it: open it when that is done")
            self._log = str(log_path(self.path))
            self._log_is = identity(self._log)
            if self._log_is is None:
                raise FileNotFoundError(f"{self._log} is not there")
        except (sqlite3.Error, OSError) as error:
            if _code(error) in (None, *_NO_ACCESS):
                raise JournalError(f"{self.path}: it cannot be written: {error}") from error
            raise _unreadable(self.path, error) from error
        if durable:
            sync_folder(head_path(self.path).parent)

    def refusal(self) -> str:
        """Return why nothing may be done with it here and now; empty where it may."""
        if self.closed:
            return f"the journal {self.path} is closed: open it again to tell its book more"
        if self._thread != get_ident():
            return (
                f"the journal {self.path} belongs to the thread that opened it: tell its book from "
                "there, or close it there and open it here"
            )
        if self._process != os.getpid():
            return (
                f"the journal {self.path} belongs to the process that opened it, and this is a "
                "fork of that: open it here once it is closed there"
            )
        if self.telling:
            return (
                f"the book of {self.path} is being told something: what interrupts that, as a "
                "signal's handler does, must not tell it more"
            )
        return ""

    def append(self, text: str) -> None:
        """Write one event; NotWrittenError where it cannot be, and then nothing was written."""
        seq, head = self.last + 1, chained(self.head, text)
        try:
            self.connection.execute("INSERT INTO event VALUES (?, ?, ?)", (seq, text, head))
        except sqlite3.Error as error:
            if not self._is_there(seq, head, error):
                raise NotWrittenError(
                    f"{self.path}: event {seq} was not written ({error}). The book was not told "
                    "either: mend that (is the disk full?) and tell it again"
                ) from error
        try:
            if self._record is not None:
                self._record.write(seq, head)
                if identity(self._log) != self._log_is:  # as it would be for whoever opens it next
                    raise FileNotFoundError(f"{self._log} was taken away or exchanged")
        except OSError as error:
            self.drop()
            raise JournalError(
                f"{self.path}: event {seq} is written, but may not stay ({error}). Its book was "
                "not told, and the journal is closed: open it again"
            ) from error
        self.last, self.head = seq, head

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return the snapshots, oldest first; DamagedError where one is not right."""
        found = []
        try:
            query = (
                "SELECT s.seq, s.head, s.body, s.sum, e.sum FROM snapshot s "
                "LEFT JOIN event e ON e.seq = s.seq ORDER BY s.seq"
            )
            for seq, head, body, digest, of_event in self.connection.execute(query):
                if _snapshot_sum(head, body) != digest or head != of_event:
                    raise damaged(self.path, f"the snapshot of event {seq} is not as written")
                found.append(Snapshot(seq, head, zlib.decompress(body).decode()))
        except _BROKEN as error:
            raise _unreadable(self.path, error) from error
        return tuple(found)

    def take_snapshot(self, text: str) -> None:
        """Keep what the book is now; the oldest snapshots go. NotWrittenError where it fails."""
        body = zlib.compress(text.encode(), 1)
        row = (self.last, self.head, body, _snapshot_sum(self.head, body))
        try:
            self.connection.execute("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?)", row)
            self.connection.execute(
                "DELETE FROM snapshot WHERE seq NOT IN "
                "(SELECT seq FROM snapshot ORDER BY seq DESC LIMIT ?)",
                (_KEPT_SNAPSHOTS,),
            )
        except sqlite3.Error as error:
            raise NotWrittenError(f"{self.path}: no snapshot was written: {error}") from error

    def check_pages(self) -> None:
        """Check the whole file as a database; DamagedError where it is not right."""
        try:
            for (said,) in self.connection.execute("PRAGMA integrity_check"):
                if said != "ok":
                    raise damaged(self.path, str(said).replace("\n", "; "))
        except _BROKEN as error:
            raise _unreadable(self.path, error) from error

    def close(self) -> None:
        """Close the file, in which is marked how far it goes; it cannot be used any more."""
        if self._record is not None and not self.closed:
            with suppress(sqlite3.Error):
                set_mark(self.connection, marked(self.last))
        self.drop()

    def drop(self) -> None:
        """Close the file as it is."""
        self.closed = True
        self.connection.close()
        self._let_go()
        if self._record is not None:
            self._record.close()

    # Within

    def _is_there(self, seq: int, head: bytes, error: sqlite3.Error) -> bool:
        """Find out what became of an event whose writing failed; it may have been the last step."""
        query = "SELECT sum FROM event WHERE seq = ?"
        with suppress(sqlite3.Error):
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        try:
            row = self.connection.execute(query, (seq,)).fetchone()
        except sqlite3.Error:
            self.drop()  # what is in the file is not known any more: nothing may follow
            return False
        if row is not None and (row[0] != head or isinstance(error, sqlite3.IntegrityError)):
            self.drop()
            raise JournalError(
                f"{self.path}: somebody else has written event {seq}: two books cannot share a "
                "journal; stop one of them and open it again"
            ) from error
        return row is not None

    def _check_end(self, noted: Head | None) -> None:
        """Refuse what ends too soon: no later event says that the last ones are missing."""
        self._check_log()
        record = head_path(self.path).name
        if noted is None:
            self._check_alone(record)
        elif noted.seq > self.last:
            lost = f"{noted.seq:,} events were written, and it ends with event {self.last:,}"
            raise damaged(self.path, f"{lost} ({_POWER})")
        else:
            query = "SELECT sum FROM event WHERE seq = ?"
            if self.connection.execute(query, (noted.seq,)).fetchone() != (noted.digest,):
                reason = f"event {noted.seq:,} is another one than {record} tells of"
                raise damaged(self.path, reason)

    def _check_alone(self, record: str) -> None:
        """Refuse a file without a head record, unless it was closed and is marked to end here."""
        mark, there = mark_of(self.connection), head_path(self.path).exists()
        if not there and mark == marked(self.last) and not has_log(self.path):
            return
        wrong = "is not as written" if there else "is not beside it"
        reason = f"{record} {wrong}, so that nobody can tell whether its last events are here"
        if is_open(mark):
            reason += "; it was not closed: copy its -wal and -head together with it"
        raise damaged(self.path, reason)

    def _check_log(self) -> None:
        """Refuse a write-ahead log that goes on, after a damaged part that ends it for SQLite.

        One event more is no damage: it was being written, and never came to count. Nor is what
        SQLite sees too by now: a journal can be read while it is being written.
        """
        latest = max(scan(self.path, file=False), default=0)
        if latest > self.last + 1:
            (newest,) = self.connection.execute("SELECT max(seq) FROM event").fetchone()
            if newest is None or latest > newest + 1:
                reason = f"its write-ahead log is not as written after event {self.last:,}"
                raise damaged(self.path, f"{reason} ({_POWER})")


def _snapshot_sum(head: bytes, body: bytes) -> bytes:
    return blake2b(head + body, digest_size=16).digest()


def _connected(path: Path, header: bytes) -> sqlite3.Connection:
    """Return a connection to a journal that can only read."""
    try:
        connection, kind = _to_database(path)
    except _BROKEN as error:
        raise _unreadable(path, error) from error
    if kind == KIND and header[len(_MAGIC) :][: len(_FORM)] == _FORM:
        return connection
    connection.close()
    if kind == KIND:
        raise damaged(path, "its header is not as it was written")
    raise damaged(path, "it is a database, but not a journal of this form")


def _to_database(path: Path) -> tuple[sqlite3.Connection, int]:
    """Return a connection that can only read, and what kind of database it is."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        return _connection(address)
    except sqlite3.OperationalError as error:
        if _code(error) not in _NO_ACCESS or has_log(path):
            raise
        # SQLite makes a log even to read. Where it may not there is none, and so nothing in it.
        return _connection(f"{address}&immutable=1")


def _connection(address: str) -> tuple[sqlite3.Connection, int]:
    # Whoever reads the events may be in another thread each time, but never in two at once.
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    try:
        (kind,) = connection.execute("PRAGMA application_id").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection, kind


def _unreadable(path: Path, error: Exception) -> JournalError:
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return JournalError(f"{path} is locked: another process holds it; stop that first")
    if code in _NO_ACCESS:
        return JournalError(
            f"{path}: it cannot be read where nothing may be written ({error}): copy it and its "
            "-wal to another folder"
        )
    return damaged(path, f"it cannot be read: {error}")


def _code(error: Exception) -> int | None:
    """Return SQLite's own code of an error, without its details."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
