"""Statuses, beyond the cases and the model: late ones, and what the venue does not know."""

from decimal import Decimal

from order_books import state
from truebook.impl import OrderState, OrderUpdate, UnifiedOrderBook, UnknownOrder


def test_a_status_of_nobodys_order_changes_nothing(book: UnifiedOrderBook) -> None:
    before = book.to_json()
    assert book.order_status("Z", "cancelled", filled=3) == UnknownOrder("Z")
    assert book.order_status("Z", "open", cloid="cz") == UnknownOrder("Z")
    assert book.order_status(None, "rejected") == UnknownOrder("")
    assert book.status_unknown("Z") == UnknownOrder("Z")
    assert book.to_json() == before


def test_a_status_that_is_late_does_not_reopen(book: UnifiedOrderBook) -> None:
    book.order_status("A", "cancelled", filled=0, reason="marginCanceled")
    assert book.order_status("A", "open", filled=0) == OrderUpdate(
        "c1", "A", OrderState.CANCELLED, Decimal(0)
    )
    book.order_status("A", "filled", filled=10, now=60)
    assert state(book) is OrderState.CANCELLED
    assert book.get_order("A").reason == "marginCanceled"  # type: ignore[union-attr]


def test_a_cancelled_status_without_an_amount_waits_for_fills(book: UnifiedOrderBook) -> None:
    book.order_status("A", "cancelled")
    assert state(book) == OrderState.CANCEL_CONFIRMED
    assert book.unsettled("buy") == 10


def test_the_venue_not_knowing_an_order_is_absence(book: UnifiedOrderBook) -> None:
    request = book.listing_requested(10)
    book.status_unknown("A", request=request)
    assert state(book) is OrderState.RESTING
    request = book.listing_requested(11)
    assert book.status_unknown("A", request=request) == OrderUpdate(
        "c1", "A", OrderState.CANCEL_CONFIRMED, Decimal(0)
    )


def test_the_venue_not_knowing_a_cloid_settles_its_modify(book: UnifiedOrderBook) -> None:
    book.request_modify("A", 101, 5, now=1)
    book.status_unknown("A", request=book.listing_requested(60))
    assert book.pending_count == 1
    book.status_unknown("c1", request=book.listing_requested(61))
    assert book.pending_count == 0
