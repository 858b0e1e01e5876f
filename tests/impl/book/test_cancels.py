"""Cancels and modifies, beyond the cases and the model: refusals, and what comes late."""

from decimal import Decimal

from order_books import CONFIG, state
from truebook.impl import (
    AlreadyTracked,
    CancelAsked,
    CancelRequested,
    FromPending,
    OrderState,
    OrderUpdate,
    Refused,
    Side,
    StillPending,
    Unattributed,
    UnifiedOrderBook,
    UnknownOrder,
)


def test_why_an_order_cannot_be_changed(book: UnifiedOrderBook) -> None:
    book.register_pending("buy", 100, 10, cloid="c2")
    assert book.request_modify("c2", 1, 1) == Refused("c2", "its oid is not known yet")
    assert book.request_modify("Z", 1, 1) == UnknownOrder("Z")
    assert book.request_cancel("c1") == CancelRequested("c1", "A")
    assert book.request_modify("A", 1, 1) == Refused("A", "a cancel of it is on its way")
    book.cancel_rejected("c1", "rate limit")
    book.request_modify("A", 1, 20)
    assert book.request_cancel("A") == Refused("A", "a modify of it is on its way")
    book.modify_failed("c1")
    book.cancel_confirmed("A")
    assert book.request_cancel("A") == Refused("A", "it is not open: cancel_confirmed")


def test_answers_to_cancels_of_what_has_no_oid_change_nothing() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1")
    assert book.cancel_confirmed("c1") == OrderUpdate("c1", None, OrderState.PENDING, Decimal(0))
    assert book.cancel_rejected("c1") == OrderUpdate("c1", None, OrderState.PENDING, Decimal(0))
    assert book.cancel_timed_out("Z") == UnknownOrder("Z")
    assert book.get_orphans() == ()


def test_that_a_cancel_was_asked_is_a_fact_for_ever(book: UnifiedOrderBook) -> None:
    book.request_cancel("A")
    book.cancel_rejected("A")
    order = book.get_order("A")
    assert order is not None
    assert (order.state, order.cancel) == (OrderState.RESTING, CancelAsked.OVER)
    book.process_fill("A", "t", 10, 100, True, time=1)
    assert state(book) is OrderState.FILLED_DURING_CANCEL


def test_a_modify_has_two_legs(book: UnifiedOrderBook) -> None:
    book.process_fill("A", "t1", 4, 100, True, time=1, crossed=False)
    book.request_modify("A", 101, 20)
    assert book.modify_confirmed("c1") == StillPending("c1")
    assert book.modify_confirmed("c9") == UnknownOrder("c9")
    assert book.modify_confirmed("c1", "B", filled_size=3) == FromPending("c1", "B")
    assert book.modify_confirmed("c1", "B") == AlreadyTracked("c1", "B")
    old, new = book.legs("c1")
    assert old.oid == "A"
    assert old.state == OrderState.CANCEL_CONFIRMED
    assert old.filled == 4
    assert new.oid == "B"
    assert new.state == OrderState.PARTIALLY_FILLED
    assert new.filled == 3
    assert book.get_order("A") == book.get_order("B") == new
    assert new.oids == ("A", "B")
    assert new.size == 20
    assert new.side == Side.BUY
    book.process_fill("A", "t2", 1, 100, True, time=2, crossed=False)
    assert [leg.filled for leg in book.legs("B")] == [5, 3]
    assert book.legs("Z") == ()


def test_the_stream_tells_the_refusal_of_an_earlier_modify_again(book: UnifiedOrderBook) -> None:
    book.request_modify("A", 101, 20)
    book.modify_failed("c1", "tick size")
    book.request_modify("A", 102, 20)
    book.order_status("R1", "rejected", cloid="c1", reason="tickRejected")
    book.order_status("R1", "rejected", cloid="c1", reason="tickRejected")
    assert book.pending_count == 1
    book.order_status("R2", "rejected", cloid="c1", reason="tickRejected")
    assert book.pending_count == 0
    assert state(book) is OrderState.RESTING


def test_old_oids_are_not_taken_for_new_ones() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    book.finalize_order("c1", "A", 10, "buy", 100)
    book.request_modify("A", 101, 20)
    book.modify_confirmed("c1", "B")
    book.tick(200)
    assert book.get_order("A") is None
    book.request_modify("B", 102, 20)
    assert book.order_status("A", "cancelled", cloid="c1", filled=0) == UnknownOrder("A")
    assert book.finalize_order("c1", "A", 10, "buy", 100) == AlreadyTracked("c1", "A")
    assert isinstance(book.process_fill("A", "t", 1, 100, True, time=1, cloid="c1"), Unattributed)
    assert book.pending_count == 1
    again = UnifiedOrderBook.from_json(book.to_json())
    assert again.order_status("A", "open", cloid="c1") == UnknownOrder("A")


def test_an_order_says_what_became_of_it_last(book: UnifiedOrderBook) -> None:
    def reason() -> str:
        order = book.get_order("c1")
        return "" if order is None else order.reason

    assert reason() == ""
    book.request_cancel("A")
    book.cancel_rejected("A", "rate limit")
    assert reason() == "rate limit"
    book.request_modify("A", 101, 20, now=1)
    for id in ("A", "c1"):
        book.status_unknown(id, request=book.listing_requested(50))
    assert [leg.reason for leg in book.legs("c1")] == [
        "not listed any more",
        "the venue does not have it",
    ]
    book.cancel_not_open("A", "already cancelled")
    assert reason() == "not listed any more"
