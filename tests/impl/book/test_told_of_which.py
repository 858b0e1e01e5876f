"""Which order of a cloid a word is of: what waited, what was refused, what was sent since."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    Conflict,
    ListedOrder,
    Listing,
    ModifyRequested,
    UnifiedOrderBook,
)

S = SECOND


def modified(book: UnifiedOrderBook, oid: int | None, size: int = 1) -> int:
    """Modify the order `c`; `oid` is what the answer says."""
    asked = book.request_modify("c", 100, size)
    assert isinstance(asked, ModifyRequested)
    assert asked.request is not None
    if oid is not None:
        book.modify_confirmed("c", oid, request=asked.request)
    return asked.request


@given(st.integers(1, 5), st.lists(st.sampled_from(["triggered", "waiting"]), max_size=3))
def test_that_it_waited_is_said_of_no_modify_of_what_was_triggered(
    modifies: int, words: list[str]
) -> None:
    """The oid by which it waited was never told, and comes late, however often it was modified."""
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 1, cloid="c", trigger=95, now=0)
    shown = ListedOrder(2, "c", "sell", remaining=1, size=1)
    book.reconcile(Listing([shown], book.listing_requested()))
    for oid in range(3, 3 + modifies):
        modified(book, oid)
    request = modified(book, None, size=3)
    for word in words:
        book.order_status(1, word, cloid="c")
    assert book.get_active_oids() == {2 + modifies}
    assert book.get_pending_cloids() == {"c"}
    book.modify_confirmed("c", 9, request=request)
    assert book.get_active_oids() == {9}
    assert not [one for one in book.drain_events() if isinstance(one, Conflict)]
    for _ in range(20):
        book.tick(book.now + 11 * S)
        assert UnifiedOrderBook.from_json(book.to_json()) == book


@pytest.mark.parametrize("another", [False, True])
def test_what_is_listed_under_the_oid_of_a_refusal_is_of_that_request(another: bool) -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 1, cloid="c", now=S)
    book.finalize_order("c", 1, 1, "sell", 100)
    first = modified(book, None, size=4)
    book.order_status(2, "rejected", cloid="c")
    request = modified(book, None, size=3) if another else first
    shown = ListedOrder(2, "c", "sell", price=100, remaining=4, size=4)
    book.reconcile(Listing([shown], book.listing_requested(now=12 * S)))
    order = book.legs("c")[1]
    assert order.oid == 2
    assert order.size == 4
    assert order.request == first
    assert [one.oid for one in book.drain_events() if isinstance(one, Conflict)] == [2]
    assert book.get_pending_cloids() == ({"c"} if another else frozenset())
    if another:
        book.modify_confirmed("c", 3, request=request)
        assert book.get_active_oids() == {3}


def test_what_took_on_arrival_and_was_refused_is_of_no_modify_since() -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 1, cloid="c", now=S)
    book.finalize_order("c", 1, 1, "sell", 100)
    modified(book, None, size=4)
    book.order_status(2, "rejected", cloid="c")
    modified(book, None, size=3)
    book.process_fill(2, 1, 2, 100, False, cloid="c", time=1, crossed=True)
    assert book.get_pending_cloids() == {"c"}
    assert book.legs("c")[1].filled == 2


@given(st.integers(-5, 5), st.integers(1, 5), st.booleans(), st.booleans())
def test_a_position_taken_over_has_nothing_of_what_was_sent_since(
    position: int, filled: int, by_answer: bool, saved: bool
) -> None:
    """Though it has exactly so much, and on a clock that stands."""
    book = UnifiedOrderBook()
    book.rebase(position, 50, now=S)
    book.register_pending("buy", 100, 5, cloid="c")
    if saved:
        book = UnifiedOrderBook.from_json(book.to_json())
    if by_answer:
        book.finalize_order("c", 1, 5 - filled, "buy", 100, filled_size=filled)
    else:
        shown = ListedOrder(1, "c", "buy", price=100, remaining=5 - filled, size=5)
        book.reconcile(Listing([shown], book.listing_requested()))
    assert book.unsettled("buy") == filled
    book.process_fill(1, 1, filled, 100, True, cloid="c", time=60)
    assert book.position == position + filled
    assert book.unsettled("buy") == Decimal(0)
    assert book.pending_exposure("buy") == 5 - filled


@given(st.integers(0, 60), st.integers(0, 30))
def test_what_waits_is_not_gone_while_what_may_trade_of_it_is_listed_and_held(
    before: int, after: int
) -> None:
    """It was begun with, amended in place, and triggered under an oid of its own."""
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 2, cloid="c", trigger=95, now=S)
    book.order_waits("c", oid=1)
    book.rebase(0, 50)
    book.reconcile(Listing((), book.listing_requested()))
    book.tick(book.now + before * S)
    asked = book.request_modify("c", 100, 1)
    assert isinstance(asked, ModifyRequested)
    book.modify_confirmed("c", 1, request=asked.request)
    for later in (after, 31, 31):
        shown = ListedOrder(2, "c", "sell", price=100, remaining=1, size=1)
        book.tick(book.now + later * S)
        book.reconcile(Listing([shown], book.listing_requested()))
        assert book.pending_exposure("sell") >= 1
        assert book.get_active_oids() | book.get_waiting_cloids()
    assert book.get_active_oids() == {2}
    assert book.pending_exposure("sell") == 1
