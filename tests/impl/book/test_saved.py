"""The book saved and loaded, copied and compared; and the log of events."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from truebook.impl import (
    BookConfig,
    Conflict,
    DirectCreation,
    EventsDropped,
    ListingRefused,
    Overfill,
    PositionMismatch,
    Rebased,
    Unattributed,
    UnifiedOrderBook,
)

ONE = Decimal(1)
SMALL = {
    "fill_window_duration": 10,
    "tombstone_duration": 10,
    "listing_timeout": 5,
    "finalized_protection": 2,
    "expected_cloid_ttl": 3,
    "orphan_grace_period": 4,
    "cancel_timeout": 2,
}


def eventful(**options: Any) -> UnifiedOrderBook:
    """Return a book in which something of everything is going on, at 20."""
    book = UnifiedOrderBook(BookConfig(**{**SMALL, **options}))
    for cloid in ("a", "b", "c", "d"):
        book.register_pending("buy", ONE, 10, cloid=cloid, now=1)
    book.register_pending("sell", ONE, 5)
    book.finalize_order("a", "1", 8, "buy", ONE, filled_size=2, now=2)
    book.finalize_order("b", "2", 10, "buy", ONE)
    book.order_rejected("c", "too small")
    book.request_modify("1", 2, 7)
    book.request_cancel("2", now=3)
    book.process_fill("2", "x", 4, ONE, True, time=3, crossed=False)
    book.process_fill("2", "x2", 7, ONE, True, time=4, crossed=False)
    book.process_fill("9", "y", 3, ONE, False, time=5, cloid="zz")
    book.finalize_order("e", "5", 1, "buy", ONE)
    book.finalize_order("d", "5", 1, "buy", ONE)
    book.position_reported(99)
    book.rebase(50, 4)
    book.reconcile({"1", "2", "5", "7", "8"}, now=15)
    book.listing_failed(now=19)
    book.reconcile({"1", "5", "7", "8"}, now=20)
    book.cancel_confirmed("7")
    book.cancel_rejected("8")
    return book


def test_the_book_is_eventful() -> None:
    book = eventful()
    kinds = {type(event) for event in book.drain_events()}
    assert kinds == {
        Conflict, DirectCreation, ListingRefused, Overfill, PositionMismatch, Unattributed
    }  # fmt: skip
    assert book.pending_count > 0
    assert book.get_orphans()
    assert {order.state.name for order in book.get_orders()} >= {
        "DEAD", "PARTIALLY_FILLED", "FILLED_DURING_CANCEL", "RESTING"
    }  # fmt: skip


def through_text(book: UnifiedOrderBook) -> UnifiedOrderBook:
    return UnifiedOrderBook.from_json(json.loads(json.dumps(book.to_json())))


@pytest.mark.parametrize("again", [through_text, UnifiedOrderBook.copy])
def test_a_book_made_again_is_the_same_now_and_later(
    again: Callable[[UnifiedOrderBook], UnifiedOrderBook],
) -> None:
    book = eventful()
    twin = again(book)
    assert twin == book
    assert twin.to_json() == book.to_json()
    for one in (book, twin):
        one.order_status("2x", "open", cloid="a", filled=1, now=21)
        one.process_fill("9", "y", 3, ONE, False, time=5)
        one.reconcile({"2x", "8"}, now=23)
        one.register_pending("sell", ONE, 1)
        one.tick(30)
    assert twin == book
    assert twin.drain_events() == book.drain_events()
    for side in ("buy", "sell"):
        assert twin.pending_exposure(side) == book.pending_exposure(side)
        assert twin.unsettled(side) == book.unsettled(side)
    for one in (book, twin):
        one.tick(100)
    assert twin == book
    assert twin.to_json() == book.to_json()


def test_books_that_know_different_things_differ() -> None:
    changes: list[Callable[[UnifiedOrderBook], Any]] = [
        lambda b: b.tick(21),
        lambda b: b.process_fill("1", "new", 1, ONE, True, time=9),
        lambda b: b.order_status("1", "open", filled=5),
        lambda b: b.order_status("5", "cancelled", filled=0),
        lambda b: b.register_pending("buy", ONE, 1),
        lambda b: b.reconcile({"8"}),
        lambda b: b.process_fill("77", "new", 1, ONE, True, time=9),
        lambda b: b.request_cancel("5"),
    ]
    for change in changes:
        book, other = eventful(), eventful()
        assert book == other
        change(other)
        assert book != other
    assert eventful() != "a book"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data | {"version": 4},
        lambda data: [],
        lambda data: {key: value for key, value in data.items() if key != "fills"},
        lambda data: data | {"position": "lots"},
        lambda data: data | {"live": ["none"]},
        lambda data: data | {"pending": ["c"]},
        lambda data: data | {"live": [*data["live"], "2"]},
        lambda data: data | {"config": {"max_tracked_tids": 0}},
        lambda data: data | {"orders": [[{"cloid": "c"}]]},
        lambda data: data | {"events": [["Nothing", {}]]},
    ],
)
def test_what_is_not_a_saved_book_is_refused(spoil: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match="saved book"):
        UnifiedOrderBook.from_json(spoil(eventful().to_json()))


def test_events_are_drained_once() -> None:
    book = eventful()
    assert book.drain_events()
    assert book.drain_events() == ()


def test_the_oldest_events_go_and_that_is_said() -> None:
    book = UnifiedOrderBook(BookConfig(max_events=2))
    for tid in range(5):
        book.process_fill(1, tid, ONE, ONE, True)
    assert book.copy().drain_events()[0] == EventsDropped(3)
    assert through_text(book).drain_events()[0] == EventsDropped(3)
    first, *rest = book.drain_events()
    assert first == EventsDropped(3)
    assert [event.tid for event in rest if isinstance(event, Unattributed)] == [3, 4]
    assert book.drain_events() == ()


def test_a_rebase_is_an_event() -> None:
    book = UnifiedOrderBook()
    book.rebase(7, 100)
    assert book.drain_events() == (Rebased(position=Decimal(7), before=Decimal(0), as_of=100),)


def test_cloids_are_made_in_the_venues_form_and_always_the_same() -> None:
    book = UnifiedOrderBook(BookConfig(cloid_seed=0xAB))
    taken = "0x00000000000000ab0000000000000001"
    book.register_pending("buy", ONE, ONE, cloid=taken)
    made = book.register_pending("buy", ONE, ONE)
    assert made == "0x00000000000000ab0000000000000002"
    assert through_text(book).register_pending("buy", ONE, ONE).endswith("3")
