"""Orders that were accepted and wait: for a trigger, or for the order that they are children of."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    CancelRequested,
    Conflict,
    ListedOrder,
    Listing,
    NotAnOrder,
    OrderState,
    OrderUpdate,
    ReconcileResult,
    Refused,
    UnifiedOrderBook,
    UnknownOrder,
    Waits,
)

S = SECOND


def stop(**told: Any) -> UnifiedOrderBook:
    """Return a book with an order "c" to sell 5 that waits, and has no oid."""
    book = UnifiedOrderBook()
    book.register_pending("sell", 90, 5, cloid="c", **({"trigger": 95} | told), now=0)
    assert book.order_waits("c", now=1) == Waits("c", None)
    return book


def listing(book: UnifiedOrderBook, at: int, *orders: ListedOrder, covers: bool = False) -> Any:
    request = book.listing_requested(now=at * S)
    result = book.reconcile(Listing(orders, request, covers_triggers=covers))
    assert isinstance(result, ReconcileResult)
    return result


def row(oid: int, cloid: str | None = "c", left: int = 5, **told: Any) -> ListedOrder:
    return ListedOrder(oid, cloid, "sell", price=90, remaining=left, size=5, **told)


def state(book: UnifiedOrderBook, cloid: str = "c") -> OrderState:
    order = book.get_order(cloid)
    return OrderState.ABSENT if order is None else order.state


def counted(book: UnifiedOrderBook, side: str = "sell") -> tuple[int, int, int]:
    """Return the exposure, the part of it that waits, and what is unsettled."""
    sums = book.pending_exposure(side), book.waiting_exposure(side), book.unsettled(side)
    exposure, waiting, unsettled = map(int, sums)
    return exposure, waiting, unsettled


@given(st.lists(st.integers(1, 1000), max_size=6))
def test_no_age_and_no_listing_without_those_that_wait_ends_one(passed: list[int]) -> None:
    book, now = stop(), 0
    for seconds in passed:
        now += seconds
        assert listing(book, now).removed == ()
        assert (state(book), counted(book)) == (OrderState.WAITING, (5, 5, 0))
    assert book.get_waiting_cloids() == {"c"}
    assert book.waiting_count == 1
    assert book.pending_count == 0
    assert len(book) == 0


def test_one_whose_answer_is_lost_is_not_dead_either() -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 90, 5, cloid="c", trigger=95, now=0)
    assert listing(book, 300).dead == ()
    assert state(book) is OrderState.PENDING
    assert listing(book, 400, row(7, trigger=True), covers=True).recovered == (7,)
    assert state(book) is OrderState.WAITING
    other = UnifiedOrderBook()
    other.register_pending("sell", 90, 5, cloid="c", trigger=95, now=0)
    assert listing(other, 300, covers=True).dead == ("c",)


def test_a_listing_that_would_show_it_ends_it() -> None:
    book = stop()
    assert listing(book, 10, covers=True).removed == ()  # it may be older than the answer
    result = listing(book, 60, covers=True)
    assert (result.removed, result.statuses_to_ask) == (("c",), ("c",))
    assert state(book) is OrderState.CANCEL_CONFIRMED
    assert counted(book) == (0, 0, 5)
    book.tick(121 * S)
    assert state(book) is OrderState.CANCELLED
    assert counted(book) == (0, 0, 0)
    book.process_fill(3, 1, 2, 95, False, cloid="c", time=1)  # of what was triggered before
    assert state(book) is OrderState.CANCELLED
    assert book.get_order("c") == book.get_order(3)


TRIGGERED: dict[str, Callable[[UnifiedOrderBook, int], object]] = {
    "open": lambda book, oid: book.order_status(oid, "open", cloid="c"),
    "triggered": lambda book, oid: book.order_status(oid, "triggered", cloid="c"),
    "listing": lambda book, oid: listing(book, 60, row(oid)),
    "marked": lambda book, oid: listing(book, 60, row(oid, trigger=False), covers=True),
    "fill": lambda book, oid: book.process_fill(oid, 1, 2, 95, False, cloid="c", time=1),
}


@pytest.mark.parametrize("named", [None, 2])
@pytest.mark.parametrize("oid", [2, 3])
@pytest.mark.parametrize("how", TRIGGERED)
def test_it_trades_under_the_oid_by_which_it_waited_or_another(
    how: str, oid: int, named: int | None
) -> None:
    book = stop()
    if named is not None:
        book.order_waits("c", oid=named)
    TRIGGERED[how](book, oid)
    traded = 2 if how == "fill" else 0
    assert state(book) is (OrderState.PARTIALLY_FILLED if traded else OrderState.RESTING)
    assert oid in book.get_active_oids()
    assert counted(book)[1] == 0
    if named is not None:
        assert book.get_active_oids() == {oid}
        assert book.get_order(named) == book.get_order("c")
    assert counted(book) == (5 - traded, 0, 0)
    assert listing(book, 120, row(oid, left=5 - traded)).removed == ()
    assert counted(book) == (5 - traded, 0, 0)
    assert book.drain_events() == ()


def test_a_listing_with_those_that_wait_names_it_and_leaves_it_waiting() -> None:
    book = stop()
    for trigger in (True, None):
        assert listing(book, 60, row(2, trigger=trigger), covers=True).orphans == ()
        assert (state(book), book.get_order(2)) == (OrderState.WAITING, book.get_order("c"))
    assert listing(book, 120).removed == ()
    assert listing(book, 150, covers=True).removed == (2,)


def test_a_listed_order_without_a_cloid_may_be_what_trades_of_it() -> None:
    book = stop()
    for at in (60, 70, 80):
        result = listing(book, at, row(3, None))
        assert (result.orphans_to_cancel, result.statuses_to_ask) == ((), ("c",))


def test_the_word_that_it_waits_may_come_after_that_it_trades() -> None:
    book = stop()
    book.order_status(3, "open", cloid="c")
    for word in ("answer", "waiting", "triggered", "cancelled"):
        said = book.order_waits("c") if word == "answer" else book.order_status(2, word, cloid="c")
        assert isinstance(said, OrderUpdate)
        assert state(book) is OrderState.RESTING
        assert counted(book) == (5, 0, 0)
    assert book.get_active_oids() == {3}
    assert book.drain_events() == ()


def test_it_is_cancelled_by_its_cloid() -> None:
    book = stop()
    asked = book.request_cancel("c", now=2 * S)
    assert asked == CancelRequested("c", None)
    assert asked.id == "c"
    assert isinstance(book.request_cancel("c"), Refused)
    assert [order.cloid for order in book.stuck_cancels(now=9 * S)] == ["c"]
    assert counted(book) == (5, 5, 0)
    book.cancel_rejected("c", "rate limit")
    assert book.request_cancel("c") == asked
    book.cancel_confirmed("c")
    assert state(book) is OrderState.CANCEL_CONFIRMED
    assert counted(book) == (0, 0, 5)
    book.order_status(3, "open", cloid="c")  # late, of what was triggered before
    assert len(book) == 0


def test_not_open_under_the_oid_by_which_it_waited_is_not_the_end_of_what_trades() -> None:
    book = stop()
    book.order_waits("c", oid=2)
    book.request_cancel(2, now=2 * S)
    book.cancel_not_open(2, "never placed, already cancelled, or filled")
    assert counted(book)[0] == 5
    book.order_status(3, "open", cloid="c")
    assert book.get_active_oids() == {3}
    assert counted(book) == (5, 0, 0)
    other = stop()
    other.order_waits("c", oid=2)
    other.request_cancel(2, now=2 * S)
    other.cancel_not_open(2)
    assert listing(other, 60).removed == (2,)  # it does not wait, and it does not rest


@pytest.mark.parametrize("first", ["child", "parent"])
@pytest.mark.parametrize("word", ["cancelled", "rejected"])
def test_a_child_goes_with_a_parent_of_which_nothing_filled(first: str, word: str) -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, 5, cloid="p", now=0)
    book.finalize_order("p", 1, 5, "buy", 100)
    book.register_pending("sell", 90, 5, cloid="c", parent="p", reduce_only=True)
    if first == "child":
        book.order_waits("c")
        assert counted(book) == (5, 5, 0)
    book.order_status(1, word, filled=0)
    if first == "parent":
        book.order_waits("c")
    assert state(book) is OrderState.CANCELLED
    assert counted(book) == (0, 0, 0)
    book.process_fill(3, 1, 2, 95, False, cloid="c", time=1)  # the venue did not keep its rule
    assert len(book) == 0
    listing(book, 60, row(3, left=3))
    assert state(book) is OrderState.PARTIALLY_FILLED
    assert counted(book) == (3, 0, 0)
    assert [type(event) for event in book.drain_events()] == [Conflict] * 2


def test_a_child_outlives_a_parent_that_filled_or_may_have() -> None:
    for word, filled in (("filled", 5), ("cancelled", 2), ("cancelled", None)):
        book = UnifiedOrderBook()
        book.register_pending("buy", 100, 5, cloid="p", now=0)
        book.finalize_order("p", 1, 5, "buy", 100)
        book.register_pending("sell", 90, 5, cloid="c", parent="p")
        book.order_waits("c")
        book.order_status(1, word, filled=filled)
        assert state(book) is OrderState.WAITING
        assert counted(book) == (5, 5, 0)


def test_one_without_a_size_follows_the_position() -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 90, 0, cloid="c", trigger=95, now=0)
    for number, size in enumerate((3, 4), 1):
        book.process_fill(9, number, size, 100, True, time=number)
        assert counted(book) == (int(book.position),) * 2 + (0,)
        assert counted(book, "buy") == (0, 0, 0)
    book.order_waits("c")
    order = book.get_order("c")
    assert order is not None
    assert order.follows_position
    assert order.reduce_only
    assert order.size == 0
    assert counted(book) == (7, 7, 0)
    book.process_fill(3, 3, 2, 95, False, cloid="c", time=3)
    assert counted(book) == (5, 0, 0)
    assert state(book) is OrderState.PARTIALLY_FILLED
    book.process_fill(3, 4, 5, 95, False, time=4)
    assert counted(book) == (0, 0, 0)
    assert state(book) is OrderState.FILLED
    assert all(type(event).__name__ != "Overfill" for event in book.drain_events())


def test_several_that_close_the_position_can_close_it_once() -> None:
    book = UnifiedOrderBook()
    book.process_fill(9, 1, 5, 100, True, time=1, now=0)
    for cloid, trigger in (("stop", 95), ("profit", 105)):
        book.register_pending("sell", trigger, 0, cloid=cloid, trigger=trigger)
        book.order_waits(cloid)
    assert counted(book) == (5, 5, 0)


def test_an_answer_without_an_oid_is_an_error_but_where_the_order_waits() -> None:
    book = UnifiedOrderBook()
    for cloid, told in (("a", {}), ("b", {"trigger": 95}), ("d", {"parent": "a"})):
        book.register_pending("sell", 90, 5, cloid=cloid, **told, now=0)
        said = book.finalize_order(cloid, None, 0, "sell", 90)
        assert isinstance(said, Waits if told else NotAnOrder)
    assert book.order_waits("nobody") == UnknownOrder("nobody")


def test_a_refusal_of_one_that_waits_ends_it() -> None:
    book = stop()
    book.order_status(3, "rejected", cloid="c", reason="perpMarginRejected")
    assert state(book) is OrderState.CANCELLED
    assert counted(book) == (0, 0, 0)


def test_one_told_refused_that_waits_all_the_same_is_reported() -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 90, 5, cloid="c", trigger=95, now=0)
    book.order_rejected("c", "no")
    assert book.order_waits("c") == Waits("c", None)
    assert counted(book) == (5, 5, 0)
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)


def test_a_modify_of_one_that_waits_has_the_larger_size_and_replaces_it() -> None:
    book = stop()
    assert isinstance(book.request_modify("c", 91, 6), Refused)
    book.order_waits("c", oid=2)
    book.request_modify("c", 91, Decimal(6), now=2 * S)
    assert counted(book)[0] == 6
    assert listing(book, 60, covers=False).dead == ()
    book.order_waits("c", oid=4)
    order = book.get_order("c")
    assert order is not None
    assert order.oids == (2, 4)
    assert state(book) is OrderState.WAITING
    assert counted(book)[:2] == (6, 6)


def test_that_the_venue_does_not_know_one_that_waits_proves_nothing() -> None:
    book = stop()  # a venue forgets its oldest orders, and this one waits for long
    book.status_unknown("c", request=book.listing_requested(now=600 * S))
    assert state(book) is OrderState.WAITING
    other = UnifiedOrderBook()
    other.register_pending("sell", 90, 5, cloid="c", trigger=95, now=0)
    other.status_unknown("c", request=other.listing_requested(now=60 * S))
    assert state(other) is OrderState.DEAD
