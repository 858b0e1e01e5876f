"""The shadow tells both the same, answers as the tracker does, and keeps the first difference."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shadowed import Crooked, every_kind_of_call, run
from truebook.impl import ListedOrder, ListingRequest, Side, UnifiedOrderBook
from truebook.impl.journal.calls import retell
from truebook.impl.journal.journaled_book import calls_of
from truebook.impl.shadow.shadow_book import Divergence, ShadowBook


class Broken(UnifiedOrderBook):
    """A book of which everything that shows it raises."""

    __slots__ = ()

    @property
    def position(self) -> Decimal:
        raise ZeroDivisionError


def test_two_books_never_differ() -> None:
    shadow = ShadowBook(UnifiedOrderBook())
    run(shadow, 30)
    assert (shadow.cycles, shadow.differing, shadow.divergence) == (30, 0, None)
    assert shadow.position == shadow.reference.position == 120
    assert shadow.get_orders() == shadow.reference.get_orders()


def test_the_first_difference_is_kept_with_what_led_to_it() -> None:
    Crooked.told = 0
    reported: list[Divergence] = []
    shadow = ShadowBook(Crooked(), report=reported.append)
    run(shadow, 7)
    assert shadow.differing == 5
    (divergence,) = reported
    assert divergence is shadow.divergence
    assert [found.what for found in divergence.differences] == ["position", "exposure to buy"]
    assert (divergence.at, len(divergence.calls), divergence.complete) == (3, 9, True)
    assert "at 3, after 9 calls: position: the tracker shows 8, the reference 12" in str(divergence)


def test_what_was_kept_of_a_long_run_says_that_it_is_not_all() -> None:
    Crooked.told = -300
    shadow = ShadowBook(Crooked(), history=5)
    Crooked.told = 1
    run(shadow, 5)
    assert shadow.divergence is not None
    assert len(shadow.divergence.calls) == 5
    assert not shadow.divergence.complete


def test_nothing_of_the_shadow_reaches_the_trading_path() -> None:
    def fail(divergence: Divergence) -> None:
        raise OSError

    shadow = ShadowBook(Broken(), report=fail)
    run(shadow, 1)
    assert (shadow.failures, shadow.last_failure) == (1, "ZeroDivisionError: ")
    Crooked.told = 2
    shadow = ShadowBook(Crooked(), report=fail)
    run(shadow, 1)
    assert (shadow.failures, shadow.last_failure) == (1, "OSError: ")
    shadow.reference.register_pending(Side.BUY, 1, 1, cloid="late", now=5)
    assert shadow.register_pending(Side.BUY, 1, 1, cloid="late", now=5) == "late"
    assert shadow.refused == 1  # by the reference, which knows it already
    with pytest.raises(ValueError, match="known already"):  # by the tracker itself
        shadow.register_pending(Side.BUY, 1, 1, cloid="late", now=5)
    with pytest.raises(TypeError):
        shadow.tick(1, 2, 3)
    with pytest.raises(AttributeError, match="fly"):
        shadow.fly()


class Recorder:
    """A tracker of another kind: it keeps what it is given, and does as it is told."""

    position = Decimal(0)

    def __init__(self) -> None:
        self.given: list[Any] = []
        self.does: Any = lambda: None

    def __len__(self) -> int:
        return len(self.given)

    def get_active_oids(self) -> tuple[()]:
        return ()

    def pending_exposure(self, side: Side) -> Decimal:
        return Decimal(0)

    def tick(self, now: object) -> object:
        return self.does()

    def reconcile(self, snapshot: Any, request: Any = None, **more: Any) -> object:
        self.given.append(snapshot)
        if isinstance(snapshot, Iterator):
            self.given[-1] = [next(snapshot), *snapshot]
        return more


class Cursor:
    """Rows that can be gone through once, though they have a length."""

    def __init__(self) -> None:
        self.rows = iter([5, 6])

    def __iter__(self) -> Iterator[int]:
        return self.rows

    def __len__(self) -> int:
        return 2

    def __contains__(self, row: object) -> bool:
        return True


@pytest.mark.parametrize("by_name", [True, False])
def test_rows_that_can_be_gone_through_once_reach_both(by_name: bool) -> None:
    shadow = ShadowBook(UnifiedOrderBook())
    told: Any = Cursor()
    request = ListingRequest(1)
    if by_name:
        shadow.reconcile(snapshot=told, request=request, now=1)
    else:
        shadow.reconcile(told, request=request, now=1)
    assert shadow.tracker.get_orphans() == shadow.reference.get_orphans()  # type: ignore[attr-defined]
    assert len(shadow.reference.get_orphans()) == 2


def test_a_tracker_is_given_what_was_given() -> None:
    shadow = ShadowBook(Recorder())
    listed = [5, 6]
    assert shadow.reconcile(listed, now=1) == {"now": 1}
    assert shadow.tracker.given[0] is listed  # type: ignore[attr-defined]
    shadow.reconcile(iter([{"oid": 5}, {"oid": 6}]), now=2)  # rows that the reference cannot read
    assert shadow.tracker.given[1] == [{"oid": 5}, {"oid": 6}]  # type: ignore[attr-defined]
    shadow.reconcile(snapshot=iter([5, 6]), now=3)
    assert shadow.tracker.given[2] == [5, 6]  # type: ignore[attr-defined]
    assert (shadow.refused, shadow.reference.now, len(shadow)) == (1, 3, 3)
    assert shadow

    def breaks() -> Iterator[int]:
        yield 5
        raise ConnectionError

    with pytest.raises(ConnectionError):  # as the tracker alone would have
        shadow.reconcile(breaks(), now=4)
    assert (shadow.refused, shadow.reference.now) == (2, 4)
    assert [orphan.oid for orphan in shadow.reference.get_orphans()] == [5, 6]
    assert not ShadowBook(Recorder())


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError])
def test_what_the_tracker_raises_is_raised_and_the_reference_told(
    error: type[BaseException],
) -> None:
    shadow = ShadowBook(Recorder())

    def fail() -> None:
        raise error

    shadow.tracker.does = fail  # type: ignore[attr-defined]
    with pytest.raises(error):
        shadow.tick(5)
    assert shadow.reference.now == 5


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise RecursionError


@pytest.mark.parametrize("position", [Decimal("sNaN"), UnspeakableError(), None, [], object()])
def test_whatever_a_tracker_shows_is_compared_or_counted(position: Any) -> None:
    class Odd(Recorder):
        @property
        def position(self) -> Any:  # type: ignore[override]
            if isinstance(position, Exception):
                raise position
            return position

    shadow = ShadowBook(Odd())
    found = shadow.compare(1)
    assert len(found) + shadow.failures == 1
    assert all(str(one).startswith("position: ") for one in found)
    assert shadow.compare("soon") == ()  # type: ignore[arg-type]


def test_a_report_that_fails_hides_nothing() -> None:
    Crooked.told = 2
    shadow = ShadowBook(Crooked(), report=lambda divergence: 1 / 0)
    shadow.process_fill(1, 1, 4, 100, True, time=1, now=1)
    assert [found.what for found in shadow.compare(1)] == ["position"]
    assert shadow.last_failure == "ZeroDivisionError: division by zero"


def test_a_copy_tells_its_own_books() -> None:
    shadow = ShadowBook(UnifiedOrderBook())
    again = copy.deepcopy(shadow)
    again.process_fill(1, 1, 4, 100, True, time=1, now=1)
    assert again.position == again.reference.position == 4
    assert shadow.position == shadow.reference.position == 0


def test_a_listing_that_can_be_read_once_reaches_both() -> None:
    def listed() -> Iterator[ListedOrder]:
        yield ListedOrder(1)
        yield ListedOrder(2)

    shadow = ShadowBook(UnifiedOrderBook())
    shadow.reconcile(listed(), request=ListingRequest(0), now=1)
    assert len(shadow.get_orphans()) == len(shadow.reference.get_orphans()) == 2


def test_a_journal_can_be_held_against_a_tracker(tmp_path: Path) -> None:
    """What was journaled is told to a shadow afterwards."""
    from truebook.impl.journal.journaled_book import JournaledBook

    with JournaledBook(tmp_path / "book.journal") as book:
        for call in every_kind_of_call():
            retell(book, call)
    shadow = ShadowBook(UnifiedOrderBook())
    for _, call in calls_of(tmp_path / "book.journal"):
        getattr(shadow, call.method)(**call.arguments)
    assert shadow.compare(10**6) == ()
    assert shadow.reference.position == book.position
