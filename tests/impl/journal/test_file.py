"""A journal that was killed, cut or changed is right or refused, and saved as far as it stands."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from subprocess import CompletedProcess
from types import ModuleType

import pytest

from truebook.impl import Listing, ListingRequest, UnifiedOrderBook
from truebook.impl.journal import file as journal_module
from truebook.impl.journal.calls import retell
from truebook.impl.journal.file import Journal
from truebook.impl.journal.head import Head
from truebook.impl.journal.journaled_book import (
    DamagedError,
    JournaledBook,
    JournalError,
    NotWrittenError,
    calls_of,
    load,
    repair,
    verify,
)
from truebook.impl.journal.replay import first_event
from truebook.impl.journal.salvage import scan


def journal_of(bench: ModuleType, path: Path, calls: int, snapshot_every: int = 0) -> None:
    with JournaledBook(path, bench.CONFIG, snapshot_every=snapshot_every) as book:
        for call in islice(bench.script(), calls):
            retell(book, call)


# It is killed, cut, changed


def test_killed_at_any_moment(bench: ModuleType) -> None:
    assert "10 kills" in bench.kills(10, seed=2)


def test_a_database_whose_tables_are_not_to_be_made_out_is_refused(
    bench: ModuleType, tmp_path: Path
) -> None:
    """What SQLite says of them is not even text."""
    path = tmp_path / "book.journal"
    journal_of(bench, path, 6)
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE event", b"CR\xc5ATE TABLE event"))
    for read in (load, JournaledBook, lambda path: next(calls_of(path))):
        with pytest.raises(DamagedError, match="cannot be read"):
            read(path)
    assert verify(path).events == 7


def test_a_log_damaged_inside_is_refused_and_saved(
    bench: ModuleType, breaking: ModuleType, tmp_path: Path
) -> None:
    """SQLite takes a damaged frame for the end of its log, and would drop what follows."""
    path = tmp_path / "book.journal"
    breaking.put(path, breaking.made(40))
    log = Path(f"{path}-wal")
    data = log.read_bytes()
    at = len(data) // 2
    log.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    for _ in range(2):  # looking at it has not changed it
        with pytest.raises(DamagedError, match="its write-ahead log is not as written") as refused:
            JournaledBook(path)
        assert refused.value.savable == 41
        assert verify(path).events == 41
    assert repair(path, tmp_path / "mended") == 41
    assert load(tmp_path / "mended")[0].to_json() == bench.reference(40).to_json()


def test_an_event_changed_by_a_stranger_is_found(bench: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    journal_of(bench, path, 60)
    for damage, reason in (
        ("UPDATE event SET text = replace(text, '1', '2') WHERE seq = 30", "30 is not as it was"),
        ("UPDATE event SET sum = zeroblob(16) WHERE seq = 30", "30 is not as it was"),
        ("UPDATE event SET text = CAST(text AS BLOB) WHERE seq = 30", "30 is not as it was"),
        ("DELETE FROM event WHERE seq = 30", "30 is missing"),
    ):
        broken = tmp_path / "broken.journal"
        shutil.copy(path, broken)
        stranger = sqlite3.connect(broken)
        stranger.execute(damage)
        stranger.commit()
        stranger.close()
        health = verify(broken)
        assert reason in health.damage
        assert health.events >= 29
        with pytest.raises(DamagedError, match=reason):
            JournaledBook(broken)


def test_a_snapshot_that_is_not_right_is_found(bench: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    journal_of(bench, path, 60, snapshot_every=50)
    stranger = sqlite3.connect(path)
    stranger.execute("UPDATE snapshot SET body = zeroblob(9)")
    stranger.commit()
    stranger.close()
    with pytest.raises(DamagedError, match="the snapshot of event 51"):
        JournaledBook(path)
    assert repair(path, tmp_path / "mended") == 61
    assert load(tmp_path / "mended")[0].to_json() == bench.reference(60).to_json()


def test_a_snapshot_of_another_book_is_found_by_replay(bench: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    journal_of(bench, path, 60)
    journal = Journal.open(path)
    assert len(list(journal.read())) == 61
    journal.to_append(durable=True)
    journal.take_snapshot(json.dumps(bench.reference(59).to_json()))
    journal.close()
    assert verify(path).damage == ""
    assert "is not what was told" in verify(path, replay=True).damage


def test_what_is_saved_is_everything_that_stands(bench: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path, bench.CONFIG) as book:
        for call in islice(bench.script(), 400):
            retell(book, call)
        listing = Listing((), ListingRequest(book.now), "x" * 30_000)  # over many pages
        book.reconcile(listing)
    found = scan(path)
    assert sorted(found) == list(range(1, 403))
    assert all(len(texts) == 1 for texts in found.values())
    path.write_bytes(b"\0" * 4096 + path.read_bytes()[4096:])
    with pytest.raises(DamagedError, match="does not begin as a journal does") as refused:
        load(path)
    assert refused.value.savable == 402


def test_what_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other"
    with pytest.raises(JournalError, match="no such file"):
        load(path)
    with pytest.raises(JournalError, match="cannot be read: Is a directory"):
        JournaledBook(tmp_path)
    path.write_bytes(b"")
    with pytest.raises(DamagedError, match="inside a page, after 0 bytes"):
        JournaledBook(path)
    with pytest.raises(JournalError, match="nothing can be saved"):
        repair(path, tmp_path / "new")
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE t (x)")
    other.close()
    with pytest.raises(DamagedError, match="not a journal of this form"):
        JournaledBook(path)


def test_the_log_of_another_journal_is_not_taken_for_the_new_one_s(
    breaking: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "book.journal"
    breaking.put(path, breaking.made(20))
    path.unlink()
    with pytest.raises(JournalError, match="-wal is the log of a journal that is not here"):
        JournaledBook(path)
    Path(f"{path}-wal").write_bytes(b"")  # as left by one that was closed
    Path(f"{path}-head").unlink()
    with JournaledBook(path) as book:
        assert book.calls_written == 0


def test_making_a_journal_touches_no_other_file(tmp_path: Path) -> None:
    others = {tmp_path / f"a{end}" for end in (".new", "2", ".new-wal", ".new-journal")}
    for other in others:
        other.write_text("mine")
    JournaledBook(tmp_path / "a").close()
    assert {other.read_text() for other in others} == {"mine"}
    assert set(tmp_path.iterdir()) == {tmp_path / "a", tmp_path / "a-head", *others}
    with pytest.raises(JournalError, match="could not be made"):
        JournaledBook(tmp_path / "none" / "a")


def test_a_journal_made_by_another_in_the_meantime_stays(bench: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "a"

    def events() -> Iterator[str]:
        journal_of(bench, path, 3)
        yield "[]"

    with pytest.raises(JournalError, match="exists already"):
        Journal.create(path, events())
    assert load(path)[1] == 3
    assert list(tmp_path.glob(".*")) == []


def test_a_journal_can_be_read_while_it_is_written(
    bench: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.journal"
    book = JournaledBook(path, bench.CONFIG)
    calls = bench.script()
    look = Journal._check_end

    def later(journal: Journal, noted: Head | None) -> None:
        for call in islice(calls, 10):
            retell(book, call)
        look(journal, noted)

    monkeypatch.setattr(Journal, "_check_end", later)
    with book:
        assert (verify(path).damage, verify(path).events) == ("", 11)
        assert len(list(calls_of(path))) == 20


def test_a_call_that_is_cut_short_closes_the_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the file, and the book may not have been told it."""
    path = tmp_path / "book.journal"
    book = JournaledBook(path)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(UnifiedOrderBook, "tick", interrupted)
        with pytest.raises(KeyboardInterrupt):
            book.tick(5)
    with pytest.raises(NotWrittenError):
        book.tick(6)
    with JournaledBook(path) as again:
        assert (again.now, again.calls_written) == (5, 1)


def test_a_journal_of_another_version_is_not_called_damaged(
    bench: ModuleType, tmp_path: Path, truebook: Callable[..., CompletedProcess[str]]
) -> None:
    path = tmp_path / "book.journal"
    first = first_event(UnifiedOrderBook(bench.CONFIG))
    Journal.create(path, [first, '["fly",{}]']).close()
    for read in (load, JournaledBook, lambda path: list(calls_of(path))):
        with pytest.raises(JournalError, match="event 2 is not of this version") as refused:
            read(path)
        assert not isinstance(refused.value, DamagedError)
    assert truebook("journal", "show", str(path)).returncode == 2
    assert truebook("journal", "verify", str(path), "--replay").returncode == 2
    path.unlink()
    Journal.create(path, [first.replace('"version": 1', '"version": 2')]).close()
    for command in ("verify", "show"):
        assert "version 2" in truebook("journal", command, str(path)).stderr
    path.unlink()
    journal = Journal.create(path, [first])
    assert len(list(journal.read())) == 1
    journal.to_append(durable=False)
    journal.take_snapshot('{"of": "tomorrow"}')
    journal.close()
    with pytest.raises(JournalError, match="the snapshot of event 1 is of another version"):
        load(path)
    assert repair(path, tmp_path / "mended") == 1
    assert load(tmp_path / "mended")[1] == 0


def test_where_nothing_may_be_written_a_journal_is_read_all_the_same(
    bench: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would make a log beside it, even to read."""
    path = tmp_path / "book.journal"
    journal_of(bench, path, 6)
    connect = journal_module._connection

    def read_only(address: str) -> tuple[sqlite3.Connection, int]:
        if "immutable" in address:
            return connect(address)
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = sqlite3.SQLITE_READONLY_DIRECTORY
        raise error

    monkeypatch.setattr(journal_module, "_connection", read_only)
    assert load(path)[1] == 6
    assert verify(path).damage == ""
    Path(f"{path}-wal").write_bytes(b"something")
    with pytest.raises(JournalError, match="where nothing may be written") as refused:
        load(path)
    assert not isinstance(refused.value, DamagedError)


def test_a_journal_that_is_locked_is_not_called_damaged(
    tmp_path: Path,
    truebook: Callable[..., CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "book.journal"
    JournaledBook(path).close()
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    done = truebook("journal", "verify", str(path))
    other.close()
    assert done.returncode == 2
    assert "another process holds it" in done.stderr


# At the command line


def test_the_commands(
    bench: ModuleType, tmp_path: Path, truebook: Callable[..., CompletedProcess[str]]
) -> None:
    path, new = tmp_path / "book.journal", tmp_path / "new.journal"
    journal_of(bench, path, 60, snapshot_every=25)
    done = truebook("journal", "verify", str(path), "--replay")
    assert done.returncode == 0
    assert "61 events" in done.stdout
    assert "snapshots after: 26, 51, as the book of the events before" in done.stdout
    shown = truebook("journal", "show", str(path), "--last", "2").stdout
    assert re.findall(r"^ {,8}(\d+)  ", shown, re.MULTILINE) == ["60", "61"]
    lines = truebook("journal", "show", str(path), "--json").stdout.splitlines()
    calls = [call for _, call in calls_of(path)]
    assert [json.loads(line)["method"] for line in lines] == [call.method for call in calls]

    stranger = sqlite3.connect(path)
    stranger.execute("UPDATE event SET text = '' WHERE seq = 30")
    stranger.commit()
    stranger.close()
    done = truebook("journal", "verify", str(path))
    assert done.returncode == 1
    assert "event 30 is not as it was written" in done.stdout
    assert json.loads(truebook("journal", "verify", str(path), "--json").stdout)["damage"]
    done = truebook("journal", "show", str(path))
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 28
    assert "event 30" in done.stderr
    done = truebook("journal", "repair", str(path), "--into", str(new))
    assert (done.returncode, done.stdout.split(": ")[1].splitlines()) == (
        0,
        ["61 events saved", "it begins with the book as it was after event 51"],
    )
    assert truebook("journal", "verify", str(new), "--replay").returncode == 0
    assert load(new)[0].to_json() == load(path)[0].to_json() == bench.reference(60).to_json()
    assert truebook("journal", "repair", str(path), "--into", str(new)).returncode == 2
    assert truebook("journal", "verify", str(tmp_path / "none")).returncode == 2


def test_a_cloid_that_the_book_made_is_shown_as_if_it_was_given(
    tmp_path: Path, truebook: Callable[..., CompletedProcess[str]]
) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path) as book:
        made = book.register_pending("sell", 2, 3, now=1)
    assert f'"{made}"' in truebook("journal", "show", str(path)).stdout
    (line,) = truebook("journal", "show", str(path), "--json").stdout.splitlines()
    assert json.loads(line)["arguments"]["cloid"] == made
