"""How long an order may rest is a fact of it, and says what an answer leaves."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import Conflict, OrderState, TimeInForce, UnifiedOrderBook

SIZE = 5
OVER = (OrderState.CANCEL_CONFIRMED, OrderState.CANCELLED)


def told(taken: int, rest: int, fills_first: bool, **facts: Any) -> UnifiedOrderBook:
    """Return a book that was told an answer, and the fill that it is about before or after."""
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c", **facts, now=0)

    def fill() -> None:
        if taken:
            book.process_fill(1, 1, taken, 100, True, cloid="c", time=1, crossed=True)

    if fills_first:
        fill()
    book.finalize_order("c", 1, rest, "buy", 100, filled_size=taken, now=1)
    if not fills_first:
        fill()
    return book


@given(st.integers(0, SIZE), st.booleans(), st.sampled_from(TimeInForce), st.booleans())
def test_what_an_answer_leaves_is_over_or_rests(
    taken: int, fills_first: bool, kind: TimeInForce, reduce_only: bool
) -> None:
    if kind is TimeInForce.ALO:
        taken = 0
    book = told(taken, 0, fills_first, time_in_force=kind, reduce_only=reduce_only)
    order = book.get_order("c")
    assert order is not None
    assert (order.time_in_force, order.reduce_only) == (kind, reduce_only)
    left, over = SIZE - taken, kind is TimeInForce.IOC or (reduce_only and taken > 0)
    assert book.pending_exposure("buy") == (0 if over else left)
    assert order.filled == taken
    assert book.drain_events() == ()
    if over and left:
        assert order.state in OVER
        assert len(book) == 0
    else:
        assert order.is_open is (left > 0)


def test_a_reduce_only_order_rests_where_its_answer_says_so() -> None:
    assert len(told(0, SIZE, False, reduce_only=True)) == 1
    assert len(told(2, 3, False, reduce_only=True)) == 1


@pytest.mark.parametrize(
    ("kind", "taken", "rest"), [("ioc", 2, 3), ("ioc", 0, SIZE), ("alo", 2, 3)]
)
def test_an_answer_that_cannot_be_is_reported_and_the_order_stays_counted(
    kind: str, taken: int, rest: int
) -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c", time_in_force=kind, now=0)
    for _ in range(2):
        book.finalize_order("c", 1, rest, "buy", 100, filled_size=taken)
    assert book.pending_exposure("buy") == SIZE
    assert book.expected_position == 0
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)


@pytest.mark.parametrize("wrong", ["day", "", None, 1, TimeInForce])
def test_what_is_no_time_in_force_is_told_which_there_are(wrong: Any) -> None:
    with pytest.raises(ValueError, match="time_in_force must be one of gtc, ioc, alo, not"):
        UnifiedOrderBook().register_pending("buy", 1, 1, time_in_force=wrong)


def test_what_no_order_can_be_is_refused() -> None:
    book = UnifiedOrderBook()
    with pytest.raises(ValueError, match="size must be above zero, not 0"):
        book.register_pending("buy", 1, 0)
    with pytest.raises(ValueError, match="trigger must be above zero, not 0"):
        book.register_pending("buy", 1, 1, trigger=0)
    with pytest.raises(TypeError, match="reduce_only must be True or False"):
        book.register_pending("buy", 1, 1, reduce_only=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cloid is empty"):
        book.register_pending("buy", 1, 1, parent="")
    assert book.get_orders() == ()


def test_filled_with_less_than_its_size_is_no_contradiction_of_one_that_only_reduces() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c", reduce_only=True, now=0)
    book.order_status(1, "filled", cloid="c", filled=2, now=1)
    assert book.unsettled("buy") == 2
    book.process_fill(1, 1, 2, 100, True, cloid="c", time=1, crossed=False)
    order = book.get_order("c")
    assert order is not None
    assert order.state is OrderState.CANCELLED
    assert book.drain_events() == ()


@pytest.mark.parametrize("again", [False, True])
def test_filled_says_of_one_that_only_reduces_that_it_is_over(again: bool) -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c", reduce_only=True, now=0)
    if again:
        book.order_status(1, "filled", cloid="c", now=1)
    book.process_fill(1, 1, 2, 100, True, cloid="c", time=1, crossed=True)
    book.order_status(1, "filled", cloid="c", now=1)
    assert book.pending_exposure("buy") == 0
    assert book.unsettled("buy") == SIZE - 2
    book.finalize_order("c", 1, 0, "buy", 100, filled_size=2, now=1)
    order = book.get_order("c")
    assert order is not None
    assert order.state is OrderState.CANCELLED
    assert order.filled == 2
    assert book.unsettled("buy") == 0
    assert book.drain_events() == ()


@given(st.sampled_from(TimeInForce), st.booleans(), st.none() | st.integers(1, SIZE))
def test_the_answer_to_a_modify_says_what_rests_only_where_it_says_what_filled(
    kind: TimeInForce, reduce_only: bool, taken: int | None
) -> None:
    taken = None if kind is TimeInForce.ALO else taken
    book = UnifiedOrderBook()
    book.register_pending(
        "sell", 90, SIZE, cloid="c", trigger=95, time_in_force=kind, reduce_only=reduce_only, now=0
    )
    book.order_status(1, "open", cloid="c")
    book.request_modify("c", 91, SIZE + 1, now=1)
    book.modify_confirmed("c", 2, filled_size=taken, now=2)
    over = taken is not None and (reduce_only or kind is TimeInForce.IOC)
    assert book.get_active_oids() == (set() if over else {2})
    assert book.pending_exposure("sell") == (0 if over else SIZE + 1 - (taken or 0))
    assert book.drain_events() == ()
