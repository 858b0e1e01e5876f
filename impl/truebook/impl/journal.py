"""A file of events, each with a checksum that is chained to the one before, and of snapshots.

It is an SQLite database with a write-ahead log. Damage is never read over: an event that is not as
it was written, or is missing, is an error that says how many events can be saved.
"""

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

import attrs

from truebook.impl.salvage import PAGE, Found, has_lost_rows, scan

START: Final = bytes(16)
"""The checksum before the first event."""

_KIND: Final = 0x54424A31  # "TBJ1", in the header of the file
_TABLES: Final = """
CREATE TABLE event (seq INTEGER PRIMARY KEY, text TEXT NOT NULL, sum BLOB NOT NULL);
CREATE TABLE snapshot (
    seq INTEGER PRIMARY KEY, head BLOB NOT NULL, body BLOB NOT NULL, sum BLOB NOT NULL
);
"""
_KEPT_SNAPSHOTS: Final = 2
_NO_ACCESS: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_EXISTS: Final = "{} exists already: open it, or name another file"


class JournalError(Exception):
    """A journal cannot be used: says which, why, and what to do."""


class NotWrittenError(JournalError):
    """An event was not written, and so was not told to the book either."""


@attrs.define(eq=False)
class DamagedError(JournalError):
    """The journal is not as it was written; its first `savable` events are."""

    path: Path
    reason: str
    savable: int

    def __str__(self) -> str:
        """Say what is wrong and what can be saved."""
        saved = (
            f"Its first {self.savable:,} event{'' if self.savable == 1 else 's'} can be saved: "
            "truebook journal repair"
            if self.savable
            else "No event of a journal can be read from it"
        )
        return f"{self.path}: the journal is damaged: {self.reason}. {saved}"


@attrs.frozen
class Snapshot:
    """What the book was after the event `seq`, as text; `head` is the checksum of that event."""

    seq: int
    head: bytes
    text: str


def chained(before: bytes, text: str) -> bytes:
    """Return the checksum of an event after one with the checksum `before`."""
    return blake2b(before + text.encode(), digest_size=16).digest()


@attrs.define(eq=False)
class Journal:
    """An open journal: `last` is the number of its last event, `head` that event's checksum."""

    path: Path
    connection: sqlite3.Connection
    last: int = 0
    head: bytes = START

    @classmethod
    def create(cls, path: Path, events: Iterable[str]) -> Self:
        """Make a journal of some first events; it exists whole, or not at all."""
        if path.exists():
            raise JournalError(_EXISTS.format(path))
        if _has_log(path):
            raise JournalError(
                f"{path}-wal is the log of a journal that is not here, and would be taken for the "
                "new one's: put them together again, or move the log away"
            )
        try:
            with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
                draft = Path(folder) / path.name
                _draw_up(draft, events)
                os.link(draft, path)  # which never takes the place of another
            _sync_folder(path.parent)
        except FileExistsError:
            raise JournalError(_EXISTS.format(path)) from None
        except (sqlite3.Error, OSError) as error:
            raise JournalError(f"{path}: the journal could not be made: {error}") from error
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a journal to read it; that changes nothing, however damaged it is."""
        try:
            with path.open("rb") as file:
                header = file.read(72)
                size = os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            raise JournalError(f"{path}: there is no such file") from None
        except OSError as error:
            raise JournalError(f"{path}: it cannot be read: {error.strerror}") from error
        if not header.startswith(b"SQLite format 3\0") and len(header) > 15:
            raise damaged(path, "it does not begin as a journal does")
        if size % PAGE or not size:
            raise damaged(path, f"it ends inside a page, after {size:,} bytes")
        try:
            connection, kind = _connected(path)
        except (sqlite3.Error, UnicodeError) as error:
            raise _unreadable(path, error) from error
        if kind != _KIND:
            connection.close()
            raise damaged(path, "it is a database, but not a journal of this form")
        return cls(path, connection)

    def read(self, after: int = 0, head: bytes = START) -> Iterator[tuple[int, str]]:
        """Yield the events after one whose checksum is known, each once it is found right.

        DamagedError where one is wrong or missing.
        """
        self.last, self.head = after, head
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
            self._check_end()
        except (sqlite3.Error, UnicodeError) as error:
            raise _unreadable(self.path, error) from error

    def to_append(self, *, durable: bool) -> None:
        """Make a journal that was read to its end one that can be appended to.

        `durable`: every event is on the disk before it counts, so that it outlives the machine's
        power and not only the process.
        """
        self.connection.close()
        try:
            self.connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False
            )
            self.connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        except sqlite3.Error as error:
            raise _unreadable(self.path, error) from error

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
        except (sqlite3.Error, UnicodeError, TypeError) as error:
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
        except (sqlite3.Error, UnicodeError) as error:
            raise _unreadable(self.path, error) from error

    def close(self) -> None:
        """Close the file; the journal cannot be used any more."""
        self.connection.close()

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
            self.close()  # what is in the file is not known any more: nothing may follow
            return False
        if row is not None and (row[0] != head or isinstance(error, sqlite3.IntegrityError)):
            self.close()
            raise JournalError(
                f"{self.path}: somebody else has written event {seq}: two books cannot share a "
                "journal; stop one of them and open it again"
            ) from error
        return row is not None

    def _check_end(self) -> None:
        """Refuse what ends too soon: of the last event no later one says that it is missing."""
        if _has_log(self.path):
            self._check_log()
            return
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'event'"
        (root,) = self.connection.execute(query).fetchone()
        if has_lost_rows(self.path, root):
            raise damaged(self.path, f"its last page has lost what comes after event {self.last:,}")

    def _check_log(self) -> None:
        """Refuse a write-ahead log that goes on, after a damaged part that ends it for SQLite.

        One event more is no damage: it was being written, and never came to count. Nor is what
        SQLite sees too by now: a journal can be read while it is being written.
        """
        further = sum(1 for _ in follow(scan(self.path, file=False), self.last, self.head))
        if further > 1:
            (newest,) = self.connection.execute("SELECT max(seq) FROM event").fetchone()
            if newest is not None and newest > self.last:
                return
            reason = f"its write-ahead log is not as written after event {self.last:,}"
            raise damaged(self.path, reason)


def follow(found: Found, last: int = 0, head: bytes = START) -> Iterator[tuple[int, str]]:
    """Yield the events that follow one another rightly, after one whose checksum is known."""
    while True:
        last += 1
        right = [one for one in found.get(last, ()) if chained(head, one[0]) == one[1]]
        if not right:
            return
        # An event whose writing failed may stand beside the one that took its place.
        text, head = next((one for one in right if _goes_on(found, last, one[1])), right[-1])
        yield last, text


def savable(path: Path) -> Iterator[str]:
    """Yield the events of a journal, however damaged, up to the first that is lost."""
    return (text for _, text in follow(scan(path)))


def damaged(path: Path, reason: str) -> DamagedError:
    """Return the error that a journal is damaged, with how much of it can be saved."""
    return DamagedError(path, reason, sum(1 for _ in savable(path)))


def _goes_on(found: Found, seq: int, head: bytes) -> bool:
    return any(chained(head, text) == digest for text, digest in found.get(seq + 1, ()))


def _snapshot_sum(head: bytes, body: bytes) -> bytes:
    return blake2b(head + body, digest_size=16).digest()


def _draw_up(draft: Path, events: Iterable[str]) -> None:
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE}")
        connection.execute(f"PRAGMA application_id = {_KIND}")
        connection.executescript(f"BEGIN; {_TABLES}")
        head = START
        for seq, text in enumerate(events, 1):
            head = chained(head, text)
            connection.execute("INSERT INTO event VALUES (?, ?, ?)", (seq, text, head))
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


def _connected(path: Path) -> tuple[sqlite3.Connection, int]:
    """Return a connection that can only read, and what kind of database it is."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        return _connection(address)
    except sqlite3.OperationalError as error:
        if _code(error) not in _NO_ACCESS or _has_log(path):
            raise
        # SQLite makes a log even to read. Where it may not there is none, and so nothing in it.
        return _connection(f"{address}&immutable=1")


def _connection(address: str) -> tuple[sqlite3.Connection, int]:
    connection = sqlite3.connect(address, uri=True)
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


def _has_log(path: Path) -> bool:
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def _sync_folder(folder: Path) -> None:
    """Let the name of a new file outlive a loss of power, where folders can be told to."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
