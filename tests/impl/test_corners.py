"""Corners of the book that only a change of a single word would show."""

from typing import Any

import pytest

from truebook.impl import (
    BookConfig,
    EventsDropped,
    ListedOrder,
    Rejected,
    UnifiedOrderBook,
)

CONFIG = BookConfig(
    expected_cloid_ttl=1,
    finalized_protection=0,
    orphan_grace_period=1,
    fill_window_duration=2,
    tombstone_duration=2,
    listing_timeout=3,
    max_events=1,
)


def test_events_are_dropped_and_counted_again_after_they_were_seen() -> None:
    book = UnifiedOrderBook(CONFIG)
    for _ in range(2):
        for _ in range(3):
            book.position_reported(1)
        dropped, _ = book.drain_events()
        assert dropped == EventsDropped(2)


def test_an_orphan_seen_at_the_time_of_a_request_may_be_its_order() -> None:
    book = UnifiedOrderBook(CONFIG)
    first = book.listing_requested(now=1)
    book.reconcile([ListedOrder("o1")], request=first)
    book.register_pending("buy", 10, 1, cloid="c1")
    asked = book.reconcile([ListedOrder("o1")], request=first)
    assert asked.statuses_to_ask == ("c1",)  # type: ignore[union-attr]


def test_an_orphan_seen_before_a_request_is_not_its_order() -> None:
    book = UnifiedOrderBook(CONFIG)
    first = book.listing_requested(now=1)
    book.reconcile([ListedOrder("o1")], request=first)
    book.register_pending("buy", 10, 1, cloid="c1", now=2)
    asked = book.reconcile([ListedOrder("o1")], request=first)
    assert asked.statuses_to_ask == ()  # type: ignore[union-attr]


def test_a_refusal_is_told_again_when_its_leg_is_forgotten() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 1, cloid="c1", now=0)
    book.finalize_order("c1", "o1", 1, "buy", 10)
    book.request_modify("o1", 11, 1)
    book.order_rejected("c1", "too late", oid="r1", now=1)
    book.tick(20)
    assert len(book.legs("c1")) == 1
    book.request_modify("o1", 11, 1)
    assert book.order_rejected("c1", "too late", oid="r1") == Rejected("c1", "too late")
    assert book.pending_count == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "list"),
        ({"version": 99}, "99"),
        ({}, "None"),
    ],
)
def test_what_is_no_saved_book_is_named(data: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        UnifiedOrderBook.from_json(data)


def test_a_saved_book_that_is_damaged_is_said_to_be() -> None:
    data = UnifiedOrderBook(CONFIG).to_json()
    del data["now"]
    with pytest.raises(ValueError, match=r"^the saved book is damaged: KeyError: 'now'$"):
        UnifiedOrderBook.from_json(data)


def test_orphans_that_are_loaded_settle_in_the_order_of_their_answers() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.reconcile(["o1", "o2"], request=book.listing_requested(now=1))
    book.cancel_confirmed("o2", now=2)
    book.cancel_confirmed("o1", now=3)
    loaded = UnifiedOrderBook.from_json(book.to_json())
    for now in range(3, 9):
        book.tick(now)
        loaded.tick(now)
        assert loaded == book
    assert loaded.get_orphans() == ()
