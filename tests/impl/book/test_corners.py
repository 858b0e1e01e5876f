"""Corners of the book that only a change of a single word would show."""

from decimal import Decimal
from typing import Any

import pytest

from truebook.impl import (
    BookConfig,
    Conflict,
    EventsDropped,
    ListedOrder,
    ReconcileResult,
    Rejected,
    UnifiedOrderBook,
)
from truebook.model.vocabulary import OrderState, Side

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
    with pytest.raises(ValueError, match=r"^the saved book is damaged: the book has no now$"):
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


def test_an_orphan_counts_for_its_size_where_no_more_is_told() -> None:
    book = UnifiedOrderBook(CONFIG)
    request = book.listing_requested(now=1)
    book.reconcile(
        [ListedOrder("o1", None, Side.BUY, price=None, remaining=None, size=Decimal(3))],
        request=request,
    )
    assert book.pending_exposure("buy") == 3


def test_a_copy_forgets_the_same_fills() -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=2))
    book.process_fill("o1", "t5", 1, 10, True, time=5)
    book.process_fill("o1", "t3", 1, 10, True, time=3)
    copy = book.copy()
    for one in (book, copy):
        one.process_fill("o1", "t6", 1, 10, True, time=6)
    assert book.fill_floor == copy.fill_floor == 3
    assert copy == book


def test_a_leg_forgotten_in_the_middle_leaves_those_on_both_sides() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 1, cloid="c1", now=0)
    book.finalize_order("c1", "o1", 1, "buy", 10)
    for now in (1, 3):
        book.request_modify("o1", 11, 2, now=now)
        book.modify_failed("c1", "too late")
    book.tick(5)
    assert [leg.request_at for leg in book.legs("c1")] == [0, 3]
    book.tick(7)
    assert [leg.request_at for leg in book.legs("c1")] == [0]


def test_what_was_dead_and_is_not_keeps_nothing_from_ageing() -> None:
    book = UnifiedOrderBook(CONFIG)
    for number in (1, 2):
        book.register_pending("buy", 10, 2, cloid=f"c{number}", now=0)
    book.order_rejected("c1", now=1)
    book.finalize_order("c1", "o1", 2, "buy", 10)
    book.finalize_order("c2", "o2", 2, "buy", 10)
    book.cancel_confirmed("o2")
    book.tick(3)
    order = book.get_order("c2")
    assert order is not None
    assert order.state is OrderState.CANCELLED


def test_the_old_order_of_a_modify_is_ours_when_it_is_listed_long_after() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 1, cloid="c1", now=0)
    book.finalize_order("c1", "o1", 1, "buy", 10)
    book.request_modify("o1", 11, 1)
    book.modify_confirmed("c1", "o2")
    book.tick(20)
    assert len(book.legs("c1")) == 1
    listed = [ListedOrder("o1", "c1"), ListedOrder("o2", "c1")]
    result = book.reconcile(listed, request=book.listing_requested())
    assert isinstance(result, ReconcileResult)
    assert result.recovered == ("o1",)
    assert result.orphans == ()
    assert len(book) == 2
    assert book.drain_events() == (Conflict("listed, though it was forgotten", "c1", "o1"),)


def test_a_request_answered_with_the_oid_of_another_is_dead_and_not_refused() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 1, cloid="c1", now=0)
    book.register_pending("buy", 10, 1, cloid="c2")
    book.finalize_order("c1", "o1", 1, "buy", 10)
    book.finalize_order("c2", "o1", 1, "buy", 10)
    order = book.get_order("c2")
    assert order is not None
    assert (order.state, order.final) == (OrderState.DEAD, False)
    assert type(order.final) is bool
    assert order.unsettled == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"live": ["o2"]}, "order 'o2' is listed as open and is not"),
        ({"pending": ["c2"]}, "order 'c2' is listed as pending and is not"),
    ],
)
def test_a_saved_book_that_contradicts_itself_is_refused(
    change: dict[str, Any], words: str
) -> None:
    book = UnifiedOrderBook(CONFIG)
    for number in (1, 2):
        book.register_pending("buy", 10, 1, cloid=f"c{number}", now=0)
        book.finalize_order(f"c{number}", f"o{number}", 1, "buy", 10)
    book.cancel_confirmed("o2")
    with pytest.raises(ValueError, match=words):
        UnifiedOrderBook.from_json(book.to_json() | change)


def test_a_modify_after_one_that_failed_is_of_the_order_that_is_open() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 2, cloid="c1", now=0)
    book.finalize_order("c1", "o1", 2, "buy", 10)
    book.request_modify("o1", 11, 3)
    book.modify_failed("c1", "too late")
    book.request_modify("o1", 11, 5)
    assert book.pending_exposure("buy") == 5
    assert book.unsettled("buy") == 2
    book.process_fill("o2", "t1", 1, 11, True, cloid="c1", time=1, crossed=False)
    assert book.get_active_oids() == {"o2"}


def test_a_fill_that_waited_for_a_request_goes_a_tick_after_that_is_refused() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 2, cloid="c1", now=0)
    book.process_fill("o9", "t1", 1, 11, True, time=1, now=1)
    book.tick(5)
    book.order_rejected("c1")
    assert len(book.get_early_fills()) == 1
    book.tick(6)
    assert book.get_early_fills() == ()


def test_a_time_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"^now must not be negative, but is -1$"):
        UnifiedOrderBook().tick(-1)
