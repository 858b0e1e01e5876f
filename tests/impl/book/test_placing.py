"""Placing, beyond the cases and the model: answers, conflicts and refusals."""

from decimal import Decimal

import pytest

from order_books import CONFIG, reconcile, state
from truebook.impl import (
    Conflict,
    DirectCreation,
    FromPending,
    ListedOrder,
    Listing,
    NotAnOrder,
    OrderState,
    OrderUpdate,
    Rejected,
    StillPending,
    UnifiedOrderBook,
    UnknownOrder,
)


def test_an_immediate_fill_is_an_expectation() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("sell", 100, 10, cloid="c1")
    assert book.handle_immediate_fill("c1", "A", 4, 99, False) == FromPending("c1", "A")
    assert book.position == 0
    assert book.expected_position == -4
    assert state(book) is OrderState.PARTIALLY_FILLED
    assert isinstance(book.handle_immediate_fill("cx", "B", 3, 99, True), DirectCreation)
    assert state(book, "B") is OrderState.FILLED
    assert isinstance(book.handle_immediate_fill("cx", None, 3, 99, True), NotAnOrder)


def test_an_answer_for_the_other_side_is_a_conflict(book: UnifiedOrderBook) -> None:
    book.register_pending("sell", 100, 10, cloid="c2")
    (before,) = book.to_json()["orders"][0]
    assert isinstance(book.finalize_order("c2", "B", 10, "buy", 100), Conflict)
    assert isinstance(book.finalize_order("c1", "A", 10, "sell", 100), Conflict)
    (after,) = book.to_json()["orders"][0]
    assert after == before | {"disputed": ["side"]}  # that it was reported is all that is new
    assert book.get_active_oids() == {"A"}
    assert book.get_pending_cloids() == {"c2"}
    assert len(book.drain_events()) == 2


@pytest.mark.parametrize("request_", [None, 1])
def test_a_second_oid_for_a_cloid_is_a_conflict(
    book: UnifiedOrderBook, request_: int | None
) -> None:
    once = book.pending_exposure("buy")
    result = book.finalize_order("c1", "B", 10, "buy", 100, request=request_)
    assert result == Conflict("its cloid is known by another oid", "c1", "B")
    assert book.get_active_oids() == {"A", "B"}  # whichever of both is false
    assert book.pending_exposure("buy") == 2 * once
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)
    book.finalize_order("c1", "B", 10, "buy", 100, request=request_)
    assert book.drain_events() == ()


def test_the_cloid_of_a_conflict_is_dead_until_it_is_seen(book: UnifiedOrderBook) -> None:
    book.register_pending("buy", 100, 3, cloid="c2")
    book.finalize_order("c2", "A", 3, "buy", 100)
    assert state(book, "c2") is OrderState.DEAD
    assert book.get_order("c2").reason == "answered with the oid of c1"  # type: ignore[union-attr]
    assert book.unsettled("buy") == 3
    assert reconcile(book, ListedOrder("B", "c2"), "A").recovered == ("B",)
    assert state(book, "c2") is OrderState.RESTING


def test_a_refusal_of_what_is_known_is_a_conflict(book: UnifiedOrderBook) -> None:
    assert isinstance(book.order_rejected("c1", "no"), Conflict)
    assert state(book) is OrderState.RESTING
    assert book.order_rejected("c9") == UnknownOrder("c9")
    assert book.order_unknown("c9") == UnknownOrder("c9")
    assert book.order_unknown("c1") == OrderUpdate("c1", "A", OrderState.RESTING, Decimal(0))


def test_unknown_after_a_refusal_is_still_a_refusal() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1")
    assert book.order_unknown("c1", "timeout") == StillPending("c1")
    assert book.order_rejected("c1", "no") == Rejected("c1", "no")
    assert book.order_unknown("c1", "timeout") == Rejected("c1", "no")
    assert book.status_unknown("c1") == OrderUpdate("c1", None, OrderState.DEAD, Decimal(0))


def test_a_refused_order_that_was_proved_absent_before_is_settled() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    request = book.listing_requested(41)
    book.reconcile(Listing((), request))
    assert state(book) == OrderState.DEAD
    assert book.unsettled("buy") == 10
    book.order_rejected("c1", "no")
    assert book.unsettled("buy") == 0


def test_dead_orders_are_revived_by_evidence() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    book.reconcile(Listing((), book.listing_requested(41)))
    assert state(book) is OrderState.DEAD
    book.process_fill("A", "t", 4, 100, True, cloid="c1", time=1)
    assert state(book) is OrderState.PARTIALLY_FILLED
    assert book.unsettled("buy") == 0
