"""A journaled book is the book again after anything; what is damaged is refused, and saved."""

import json
import subprocess
import sys
from decimal import Decimal
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

from truebook.impl import BookConfig, ListingRequest, Side, UnifiedOrderBook
from truebook.impl.journal.calls import PARAMETERS, Call, retell
from truebook.impl.journal.file import Journal
from truebook.impl.journal.journaled_book import (
    JournaledBook,
    JournalError,
    NotWrittenError,
    load,
    verify,
)
from truebook.oracle.cases.case import Case, all_cases
from truebook.oracle.reference.driving import Driver


def script(bench: ModuleType, calls: int) -> list[Call]:
    return list(islice(bench.script(), calls))


def journal_of(bench: ModuleType, path: Path, calls: int, snapshot_every: int = 0) -> None:
    with JournaledBook(path, bench.CONFIG, snapshot_every=snapshot_every) as book:
        for call in script(bench, calls):
            retell(book, call)


# It is the same book


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.slug)
def test_every_case_is_told_the_same_when_reopened(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    driver = Driver.of(case)
    config = driver.book.config
    for number, step in enumerate(case.steps):
        with JournaledBook(path, config) as book:
            kept = driver.book
            driver.book = book
            for event in step.events():
                if event["type"] != "restart":
                    driver.apply(event, step.at)
            driver.book = kept
            for event in step.events():
                if event["type"] != "restart":
                    driver.apply(event, step.at)
            assert book == driver.book
            if number % 2:
                book.snapshot()
        again, _ = load(path)
        assert again.to_json() == driver.book.to_json()


def test_a_snapshot_and_the_calls_since_make_the_same_book(
    bench: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "book.journal"
    journal_of(bench, path, 700, snapshot_every=150)
    health = verify(path, replay=True)
    assert (health.events, health.snapshots, health.damage) == (701, (451, 601), "")
    with JournaledBook(path, snapshot_every=0) as book:
        assert book.to_json() == bench.reference(700).to_json()
        book.tick(10**15)
        book.snapshot()
    assert verify(path, replay=True).snapshots == (601, 702)


def test_what_was_refused_is_refused_again(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path) as book:
        book.register_pending(Side.BUY, 1, 1, cloid="a", now=5)
        with pytest.raises(ValueError, match="known already"):
            book.register_pending(Side.BUY, 1, 1, cloid="a", now=9)
        book.tick(1)  # the clock was set back, which is told again as it was
        saved = book.to_json()
    again, calls = load(path)
    assert (again.to_json(), again.now, calls) == (saved, 9, 3)


def test_what_no_book_takes_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path) as book:
        for wrong in (0.5, "1"):  # the text would be a number once it is read again
            with pytest.raises(TypeError, match=r"size (is|must be)"):
                book.register_pending(Side.BUY, 1, wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="takes 2 positional arguments"):
            book.cancel_confirmed(1, 2, 3)  # type: ignore[call-arg]
        assert book.calls_written == 0
        with pytest.raises(TypeError, match="size is the float"):  # but the time is told
            book.register_pending(Side.BUY, 1, 0.5, now=7)  # type: ignore[arg-type]
        assert (book.calls_written, book.now) == (1, 7)
    assert load(path)[0].now == 7


def test_every_method_that_tells_is_journaled() -> None:
    assert len(PARAMETERS) == 29
    for name in PARAMETERS:
        assert getattr(JournaledBook, name) is not getattr(UnifiedOrderBook, name)


def test_the_log_is_drained_once(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path) as book:
        assert book.drain_events() == ()
        assert book.calls_written == 0
        book.process_fill(1, 1, 1, 1, True, time=1, now=1)
    with JournaledBook(path) as book:
        assert [type(event).__name__ for event in book.drain_events()] == ["Unattributed"]
    with JournaledBook(path) as book:
        assert book.drain_events() == ()


def test_a_listing_that_can_be_read_only_once_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path) as book:
        result = book.reconcile((oid for oid in (1, 2)), request=ListingRequest(0), now=1)
        assert len(book.get_orphans()) == 2, result
        saved = book.to_json()
    assert load(path)[0].to_json() == saved


def test_a_copy_is_a_book_in_memory(tmp_path: Path) -> None:
    with JournaledBook(tmp_path / "book.journal") as book:
        book.tick(1)
        copy = book.copy()
        copy.tick(2)
        assert (book.now, copy.now, book.calls_written) == (1, 2, 1)


def test_a_call_is_the_same_after_writing(bench: ModuleType) -> None:
    for call in script(bench, 300):
        assert Call.from_json(call.to_json()) == call
    told = Call.of("reconcile", (None,), {"now": 1})
    assert Call.from_json(told.to_json()) == told
    for text in ("", "[]", '["tick"]', '["fly",{}]', '["tick",{"size":"x"}]', '["tick",{"a":1}]'):
        with pytest.raises(ValueError, match=r"not a call|no argument"):
            Call.from_json(text)


# It cannot be written


def test_a_full_disk_loses_the_call_and_nothing_else(tmp_path: Path) -> None:
    """In a process that may write no file beyond a size, as on a full disk."""
    code = """
import json, resource, signal, sys
from truebook.impl.journal import JournaledBook, NotWrittenError
path, out = sys.argv[1:]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
book = JournaledBook(path)
told = 0
try:
    for n in range(1, 10_000):
        book.register_pending("buy", 1, 1, cloid=f"{n:0500}", now=n)
        told += 1
except NotWrittenError as error:
    assert f"event {told + 2} was not written" in str(error), error
    try:
        book.tick(20_000)
    except NotWrittenError:
        pass
    else:
        told += 1
    open(out, "w").write(json.dumps([told, book.to_json()]))
"""
    path, out = tmp_path / "book.journal", tmp_path / "out"

    subprocess.run([sys.executable, "-c", code, path, out], check=True)
    told, saved = json.loads(out.read_text())
    book, calls = load(path)
    assert told > 20
    assert calls == told
    assert json.loads(json.dumps(book.to_json())) == saved


def test_after_a_full_disk_it_goes_on(bench: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path, bench.CONFIG, snapshot_every=0) as book:
        assert book._journal is not None
        told = 0
        for number, call in enumerate(script(bench, 200)):
            full = 50 <= number < 100
            if number in (50, 100):
                book._journal.connection.execute(f"PRAGMA query_only = {int(full)}")
            if full:
                before = book.to_json()
                with pytest.raises(NotWrittenError, match="mend that"):
                    call.tell(book)
                book.snapshot()
                assert "no snapshot was written" in book.snapshot_error
                assert book.to_json() == before
            else:
                retell(book, call)
                told += 1
        assert book.calls_written == told == 150
        book.snapshot()
        assert book.snapshot_error == ""
        saved = book.to_json()
    assert load(path)[0].to_json() == saved


def test_two_books_cannot_share_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    first, second = JournaledBook(path), JournaledBook(path)
    first.tick(1)
    with pytest.raises(JournalError, match="somebody else has written event 2"):
        second.tick(1)
    first.tick(2)
    first.close()
    second.close()
    assert load(path)[0].now == 2


def test_another_configuration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    JournaledBook(path, BookConfig(max_events=7)).close()
    JournaledBook(path, BookConfig(max_events=7)).close()
    with pytest.raises(JournalError, match="max_events was 7, not 10000"):
        JournaledBook(path, BookConfig())
    with pytest.raises(JournalError, match="exists already"):
        Journal.create(path, [])


def test_numbers_stay_exact(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    size = Decimal("0.1000000000000000000000000000000000001")
    with JournaledBook(path) as book:
        book.process_fill("o", "t", size, Decimal("1E+2"), False, time=1, crossed=True, now=1)
    assert load(path)[0].position == size.copy_negate()
