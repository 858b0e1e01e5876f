"""Fills, beyond the cases and the model: sides, replays, what waits and what is forgotten."""

from decimal import Decimal

import pytest

from order_books import CONFIG, state
from truebook.impl import (
    Conflict,
    FillResult,
    FromPending,
    OrderState,
    Overfill,
    Unattributed,
    UnifiedOrderBook,
)


def test_a_fill_of_unknown_kind_counts_against_the_answer() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1")
    book.finalize_order("c1", "A", 6, "buy", 100, filled_size=4)
    book.process_fill("A", "t1", 4, 100, True, time=1)
    assert book.get_order("A").filled == 4  # type: ignore[union-attr]
    book.process_fill("A", "t2", 6, 100, True, time=2)
    assert state(book) is OrderState.FILLED


def test_a_fill_of_the_other_side_is_counted_and_not_attributed(book: UnifiedOrderBook) -> None:
    result = book.process_fill("A", "t", 4, 100, False, time=1)
    assert isinstance(result, Unattributed)
    assert book.position == -4
    assert state(book) is OrderState.RESTING


def test_waiting_fills_of_the_other_side_are_left_out() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1")
    book.process_fill("A", "t1", 4, 100, False, time=1)
    book.process_fill("A", "t2", 3, 100, True, time=2)
    book.finalize_order("c1", "A", 10, "buy", 100)
    assert book.get_order("A").filled == 3  # type: ignore[union-attr]
    assert [type(event) for event in book.drain_events()] == [Unattributed, Unattributed, Conflict]


def test_a_fill_that_names_another_cloid_is_of_its_oid(book: UnifiedOrderBook) -> None:
    assert isinstance(book.process_fill("A", "t", 4, 100, True, cloid="cx", time=1), FillResult)
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)


def test_a_fill_says_when_its_order_is_complete(book: UnifiedOrderBook) -> None:
    first = book.process_fill("A", "t1", 4, 100, True, time=1, crossed=False)
    assert first == FillResult(
        "A",
        "t1",
        size=Decimal(4),
        price=Decimal(100),
        is_buy=True,
        position_delta=Decimal(4),
        new_position=Decimal(4),
        cloid="c1",
        order_complete=False,
    )
    book.order_status("A", "filled", filled=10)
    second = book.process_fill("A", "t2", 3, 100, True, time=2, crossed=False)
    third = book.process_fill("A", "t3", 3, 100, True, time=3, crossed=False)
    assert isinstance(second, FillResult)
    assert isinstance(third, FillResult)
    assert (second.order_complete, third.order_complete) == (False, True)


def test_an_overfill_by_fills_that_waited_is_reported() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 3, cloid="c1")
    book.process_fill("A", "t1", 5, 100, True, time=1)
    book.finalize_order("c1", "A", 3, "buy", 100)
    *_, event = book.drain_events()
    assert isinstance(event, Overfill)
    assert event.excess == 2
    assert event.position_delta == 0
    assert event.new_position == 5
    order = book.get_order("c1")
    assert order is not None
    assert order.overfill == 2
    assert order.remaining == 0
    assert not order.is_open


def test_a_replay_that_carries_the_cloid_binds() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 3, cloid="c1")
    book.process_fill("A", "t1", 2, 100, True, time=1)
    assert book.pending_count == 1
    assert book.process_fill("A", "t1", 2, 100, True, time=1, cloid="c1") is None
    assert (book.pending_count, state(book)) == (0, OrderState.PARTIALLY_FILLED)


def test_a_replay_of_what_is_known_is_no_event(book: UnifiedOrderBook) -> None:
    for _ in range(2):
        book.process_fill("A", "t", 4, 100, True, cloid="c1", time=1)
    assert book.drain_events() == ()


def test_fills_without_venue_times_are_forgotten_in_order_of_arrival() -> None:
    book = UnifiedOrderBook(CONFIG)
    for tid in range(5):
        book.process_fill("X", tid, 1, 100, True)
    assert [book.knows_fill("X", tid) for tid in range(5)] == [False, True, True, True, True]
    assert book.fill_floor is None
    again = UnifiedOrderBook.from_json(book.to_json())
    again.process_fill("X", 5, 1, 100, True)
    assert not again.knows_fill("X", 1)


def test_late_fills_are_forgotten_by_venue_time() -> None:
    book = UnifiedOrderBook(CONFIG)
    for time in (10, 20, 30, 40, 15):
        book.process_fill("X", time, 1, 100, True, time=time)
    assert book.fill_floor == 10
    book.process_fill("X", 50, 1, 100, True, time=50)
    assert book.fill_floor == 15
    assert book.process_fill("X", 12, 1, 100, True, time=12) is None
    assert book.process_fill("X", 16, 1, 100, True, time=16) is not None
    assert book.fill_floor == 16
    assert book.position == 7
    assert book.knows_fill("X", 20, 20)


def test_fills_stop_waiting_when_no_request_can_be_theirs() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    book.process_fill("A", "t1", 2, 100, True, time=1, now=10)
    book.register_pending("buy", 100, 10, cloid="c2", now=20)
    book.tick(1000)
    book.order_rejected("c2")
    assert book.finalize_order("c1", "A", 10, "buy", 100) == FromPending("c1", "A")
    assert book.get_order("A").filled == 2  # type: ignore[union-attr]
    book.process_fill("B", "t2", 2, 100, True, time=2)
    book.tick(1120)
    book.finalize_order("c3", "B", 10, "buy", 100)
    assert book.get_order("B").filled == 0  # type: ignore[union-attr]


def test_each_fill_waits_its_own_time() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.process_fill("A", "t1", 1, 100, True, time=1, now=0)
    book.process_fill("A", "t2", 1, 100, True, time=2, now=50)
    book.tick(119)
    assert [fill.tid for fill in book.get_early_fills()] == ["t1", "t2"]
    book.tick(120)
    assert [fill.tid for fill in book.get_early_fills()] == ["t2"]


@pytest.mark.parametrize(
    ("times", "kept"),
    [
        ((None, None, None, None, None, None), {7, 6, 5, 4}),
        ((10, 40, 30, 20, 50, 50), {8, 7, 5, 4}),
    ],
)
def test_fills_are_forgotten_in_the_same_order_after_a_restart(
    times: tuple[int | None, ...], kept: set[int]
) -> None:
    book = UnifiedOrderBook(CONFIG)
    for tid, time in zip((9, 8, 7, 6), times, strict=False):
        book.process_fill("X", tid, 1, 100, True, time=time)
    again = UnifiedOrderBook.from_json(book.to_json())
    for one in (book, again):
        one.process_fill("X", 5, 1, 100, True, time=times[4])
        one.process_fill("X", 4, 1, 100, True, time=times[5])
        assert {tid for _, tid, _, _ in one.to_json()["fills"]} == kept
    assert again == book


def test_only_so_many_fills_wait() -> None:
    book = UnifiedOrderBook(CONFIG)
    for tid in range(6):
        book.process_fill("A", tid, 1, 100, True, time=tid)
    assert [fill.tid for fill in book.get_early_fills()] == [2, 3, 4, 5]
    book.finalize_order("c1", "A", 10, "buy", 100)
    assert book.get_order("A").filled == 4  # type: ignore[union-attr]
    assert book.get_early_fills() == ()
    assert book.position == 6
