"""An order that a listing lacked, and that was taken for dead, is there after all: that is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import SECOND, Conflict, ListedOrder, Listing, UnifiedOrderBook

S = SECOND
ABSENT = 50
"""When a listing lacks it, and is handed over."""
WORDS = ("open", "fill", "answer", "waits", "nothing")


def listing(book: UnifiedOrderBook, at: int, *orders: ListedOrder) -> None:
    book.reconcile(Listing(orders, book.listing_requested(now=at * S), covers_triggers=True))


def dead(*, waits: bool = False) -> UnifiedOrderBook:
    book = UnifiedOrderBook()
    trigger = 95 if waits else None
    book.register_pending("sell", 100, 5, cloid="c", trigger=trigger, now=0)
    listing(book, ABSENT)
    assert book.pending_count == 0
    return book


def revive(book: UnifiedOrderBook, word: str, at: int) -> None:
    match word:
        case "open":
            book.order_status(7, "open", cloid="c", now=at * S)
        case "fill":
            book.process_fill(7, 1, 2, 100, False, cloid="c", time=1, now=at * S)
        case "answer":
            book.finalize_order("c", 7, 5, "sell", 100, request=1, now=at * S)
        case "waits":
            book.order_waits("c", request=1, now=at * S)


@given(st.sampled_from(WORDS), st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_whichever_word_shows_it_first_a_newer_listing_of_it_contradicts_that(
    word: str, after: int, pause: int, restarted: bool
) -> None:
    book = dead(waits=word == "waits")
    revive(book, word, ABSENT + after)
    if restarted:
        book = UnifiedOrderBook.from_json(book.to_json())
    assert book.drain_events() == ()
    asked_at = ABSENT + after + pause
    shown = ListedOrder(7, "c", "sell", price=100, remaining=3, size=5)
    for at in (asked_at, asked_at, asked_at + 20):
        listing(book, at, shown)
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)
    assert (event.cloid, event.oid) == ("c", 7)
    assert "taken for dead" in event.reason
    assert book.get_active_oids() == {7}


@pytest.mark.parametrize("word", ["open", "fill", "answer"])
def test_a_late_word_of_one_that_was_over_by_then_contradicts_nothing(word: str) -> None:
    book = dead()
    revive(book, word, 60)
    book.order_status(7, "cancelled", now=61 * S)
    for at in (70, 80, 90):
        listing(book, at)
    assert book.drain_events() == ()
    assert book.get_active_oids() == frozenset()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_fill_from_before_it_was_absent_does_not_say_that_it_is_there(is_there: bool) -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 5, cloid="c", now=0)
    book.process_fill(7, 1, 2, 100, False, time=1, now=S)  # it names no cloid, so it binds nothing
    listing(book, ABSENT)
    assert book.process_fill(7, 1, 2, 100, False, cloid="c", time=1, now=(ABSENT + 5) * S) is None
    known = book.get_order("c")
    assert known is not None
    assert known.oid == 7
    assert not known.is_open
    assert known.filled == 2
    assert book.position == -2
    assert book.pending_exposure("sell") == 0
    assert book.unsettled("sell") == 3
    shown = ListedOrder(7, "c", "sell", price=100, remaining=3, size=5)
    listing(book, ABSENT + 20, *([shown] if is_there else []))
    assert book.get_active_oids() == ({7} if is_there else set())
    assert book.pending_exposure("sell") == (3 if is_there else 0)
