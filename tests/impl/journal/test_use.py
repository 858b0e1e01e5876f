"""Who may tell a journaled book, and what is said where it cannot be told."""

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from truebook.impl import UnifiedOrderBook
from truebook.impl.journal.file import Journal
from truebook.impl.journal.head import HeadRecord
from truebook.impl.journal.journaled_book import (
    JournaledBook,
    JournalError,
    NotWrittenError,
    calls_of,
    load,
    repair,
    verify,
)
from truebook.impl.journal.replay import first_event


def tellings(book: JournaledBook) -> Iterator[tuple[type[JournalError], Callable[[], Any]]]:
    """Yield what needs the journal, with the error where that cannot be had."""
    yield NotWrittenError, lambda: book.process_fill(9, 9, 1, 1, True, time=9, now=9)
    yield NotWrittenError, lambda: book.register_pending("buy", 1, 1, now=9)
    yield NotWrittenError, lambda: book.reconcile(["1"], now=9)
    yield NotWrittenError, lambda: book.tick(9)
    yield NotWrittenError, book.drain_events
    yield JournalError, book.snapshot


def refused_of(book: JournaledBook) -> Iterator[tuple[type[JournalError], Callable[[], Any]]]:
    yield from tellings(book)
    yield JournalError, book.close


def filled(path: Path) -> JournaledBook:
    book = JournaledBook(path)
    book.process_fill(1, 1, 1, 1, True, time=1, now=1)
    return book


def read(book: JournaledBook) -> tuple[Any, ...]:
    return book.position, book.now, len(book), book.get_early_fills(), book.to_json(), repr(book)


# Closed


def test_a_closed_journal_says_that_it_is(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with filled(path) as book:
        before = read(book)
    for error, tell in tellings(book):
        with pytest.raises(error, match=r"the journal .*book\.journal is closed: open it again"):
            tell()
    assert read(book) == before
    assert book.calls_written == 1
    book.close()
    copy = book.copy()  # it is a book in memory, and may be told
    copy.tick(5)
    with JournaledBook(path) as again:
        assert read(again) == before
        again.close()


def test_a_telling_that_something_breaks_into_closes_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out raised by a signal's handler is no refusal: the book may have been told half."""
    path = tmp_path / "book.journal"
    book = JournaledBook(path, snapshot_every=1)

    def half(*_: object, **__: object) -> None:
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(UnifiedOrderBook, "tick", half)
        with pytest.raises(TimeoutError):
            book.tick(5)
    with pytest.raises(NotWrittenError, match="is closed"):
        book.tick(6)
    assert verify(path, replay=True).snapshots == ()
    with JournaledBook(path) as again:
        assert (again.now, again.calls_written) == (5, 1)


def test_a_handler_that_tells_while_the_book_is_told_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.journal"
    book = JournaledBook(path)
    refused: list[Callable[[], Any]] = []

    def interrupted(append: Callable[[Journal, str], None], journal: Journal, text: str) -> None:
        append(journal, text)
        for error, tell in refused_of(book):
            with pytest.raises(error, match="is being told something"):
                tell()
            refused.append(tell)

    append = Journal.append
    monkeypatch.setattr(Journal, "append", lambda *of: interrupted(append, *of))
    with book:
        book.tick(1)
    assert len(refused) == 7
    assert load(path)[1] == 1


# Another thread, another process


def test_another_thread_is_refused_and_may_read(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with filled(path) as book:
        before = read(book)

        def elsewhere() -> tuple[Any, ...]:
            for error, tell in refused_of(book):
                with pytest.raises(error, match="belongs to the thread that opened it"):
                    tell()
            return read(book)

        assert asyncio.run(asyncio.to_thread(elsewhere)) == before
        book.tick(2)
        before = read(book)
    assert (load(path)[0].to_json(), load(path)[1]) == (before[4], 2)


def test_a_journal_can_be_dropped_by_any_thread(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    held = [filled(path)]
    saved = held[0].to_json()

    def drop() -> None:
        held.clear()
        gc.collect()

    thread = threading.Thread(target=drop)
    thread.start()
    thread.join()
    with JournaledBook(path) as again:
        assert again.to_json() == saved


def test_calls_can_be_read_by_one_thread_after_another(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    filled(path).close()
    calls = calls_of(path)

    async def one_by_one() -> list[Any]:
        return [await asyncio.to_thread(next, calls, None) for _ in range(2)]

    assert [call and call[0] for call in asyncio.run(one_by_one())] == [2, None]


def test_threads_that_hammer_neither_crash_nor_differ(tmp_path: Path) -> None:
    """In a process of its own, which a crash would end."""
    code = """
import sys, threading
from truebook.impl.journal import JournaledBook, JournalError, load
path = sys.argv[1]
book = JournaledBook(path, snapshot_every=40)
refused, over = [0], threading.Event()
def hammer(oid):
    n = 0
    while not over.is_set():
        n += 1
        for tell in (
            lambda: book.process_fill(oid, n, 1, 1, True, time=n, now=n),
            lambda: book.register_pending("buy", 1, 1),
            book.drain_events, book.snapshot, book.close,
        ):
            try:
                tell()
            except JournalError:
                refused[0] += 1
        book.position, len(book), book.calls_written, repr(book)
sys.setswitchinterval(1e-5)
threads = [threading.Thread(target=hammer, args=(oid,)) for oid in (1, 2, 3)]
for thread in threads:
    thread.start()
for n in range(1, 201):
    book.process_fill(9, n, 1, 1, True, time=n, now=n)
over.set()
for thread in threads:
    thread.join()
again, calls = load(path)
assert refused[0] > 100
assert (calls, book.calls_written, book.position) == (200, 200, 200)
assert again.to_json() == book.to_json()
"""
    subprocess.run([sys.executable, "-c", code, tmp_path / "book.journal"], check=True, timeout=60)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_is_refused_and_takes_nothing_away(tmp_path: Path) -> None:
    code = """
import os, sys
from truebook.impl.journal import JournaledBook, JournalError, load
book = JournaledBook(sys.argv[1])
book.tick(1)
child = os.fork()
if child == 0:
    for tell in (lambda: book.tick(2), book.snapshot, book.close):
        try:
            tell()
        except JournalError as error:
            print(error)
    print(book.now, load(sys.argv[1])[1])
    sys.exit()
os.waitpid(child, 0)
book.tick(3)
book.close()
print(load(sys.argv[1])[1])
"""
    command = [sys.executable, "-c", code, str(tmp_path / "book.journal")]
    done = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True)
    *refused, child, parent = done.stdout.splitlines()
    assert len(refused) == 3
    assert all("belongs to the process that opened it" in line for line in refused)
    assert (child, parent) == ("1 1", "2")


def test_a_log_that_is_taken_away_stops_the_book(tmp_path: Path) -> None:
    """What is written to a file without a name is lost once it is closed."""
    path = tmp_path / "book.journal"
    book = filled(path)
    os.unlink(f"{path}-wal")
    with pytest.raises(JournalError, match="-wal was taken away or exchanged"):
        book.tick(2)
    assert book.now == 1
    with pytest.raises(NotWrittenError, match="is closed"):
        book.tick(2)
    with JournaledBook(path) as again:  # closing it had brought all of it into the file
        assert again.now == 2


def test_a_head_record_that_cannot_be_written_stops_the_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.journal"
    book = filled(path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(HeadRecord, "write", full)
        with pytest.raises(JournalError, match="event 3 is written, but may not stay"):
            book.tick(2)
    assert book.now == 1
    with JournaledBook(path) as again:
        assert again.now == 2


def test_a_durable_head_record_is_synchronised_at_every_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    for durable in (True, False):
        with JournaledBook(tmp_path / str(durable), durable=durable) as book:
            synced.clear()
            for now in (1, 2, 3):
                book.tick(now)
            assert len(synced) == 3 * durable


# What cannot be opened


def unusable(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield paths that no journal can be opened at, with what is said of them."""
    first = first_event(UnifiedOrderBook())
    (folder / "text").write_text("no journal " * 9)
    yield folder / "text", "does not begin as a journal does"
    (folder / "empty").write_bytes(b"")
    yield folder / "empty", "ends inside a page, after 0 bytes"
    yield folder, "cannot be read: Is a directory"
    yield folder / "none" / "j", "could not be made|there is no such file|does not exist"
    yield folder / "text" / "j", "could not be made|there is no such file|does not exist"
    yield folder / ("x" * 300), "cannot be read: File name too long|does not exist"
    os.mkfifo(folder / "pipe")
    yield folder / "pipe", "it is no file"
    Journal.create(folder / "deep", [first, "[" * 100_000]).close()
    yield folder / "deep", "event 2 is not of this version"
    Journal.create(folder / "deeper", ["[" * 100_000]).close()
    yield folder / "deeper", "its first event is not that of a book"
    Journal.create(folder / "nothing", []).close()
    yield folder / "nothing", "it has no first event|not even its first event"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_cannot_be_opened_is_one_clear_error(
    tmp_path: Path, truebook: Callable[..., CompletedProcess[str]]
) -> None:
    for path, said in unusable(tmp_path):
        for opened in (JournaledBook, load, lambda path: list(calls_of(path))):
            with pytest.raises(JournalError, match=said):
                opened(path)
        done = truebook("journal", "show", str(path))
        assert done.returncode in (1, 2), path
        assert done.stderr.startswith("truebook: "), path
        for command in (("verify", "--replay"), ("repair", "--into", str(tmp_path / "new"))):
            done = truebook("journal", command[0], str(path), *command[1:])
            if path.name != "deep" or command[0] != "repair":  # whose events all stand
                assert done.returncode in (1, 2), path
                assert "Traceback" not in done.stderr
    (tmp_path / "new").unlink()
    filled(tmp_path / "right").close()
    for into in (tmp_path, tmp_path / "text", tmp_path / "none" / "new", tmp_path / "text" / "new"):
        with pytest.raises(JournalError, match=r"exists already|could not be made"):
            repair(tmp_path / "right", into)
        done = truebook("journal", "repair", str(tmp_path / "right"), "--into", str(into))
        assert done.returncode == 2


def test_what_may_not_be_written_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.journal"
    filled(path).close()

    def forbidden(*_: object, **__: object) -> HeadRecord:
        raise PermissionError(13, "Permission denied", f"{path}-head")

    with monkeypatch.context() as patched:
        patched.setattr(HeadRecord, "open", forbidden)
        with pytest.raises(JournalError, match=r"it cannot be written: .*Permission denied"):
            JournaledBook(path)
    JournaledBook(path).close()


def test_a_journal_is_opened_by_a_link_to_it(tmp_path: Path) -> None:
    """What lies beside it lies where the link leads to."""
    path, link = tmp_path / "folder" / "book.journal", tmp_path / "link"
    path.parent.mkdir()
    filled(path).close()
    link.symlink_to(path)
    with JournaledBook(link) as book:
        book.tick(2)
        assert load(path)[0].now == load(link)[0].now == 2
    assert {file.name for file in tmp_path.iterdir()} == {"folder", "link"}
