"""What the model has no room for: chains of modifies, fills of lots, ids of two kinds, nonsense."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest

from truebook.impl import (
    BookConfig,
    Conflict,
    ListedOrder,
    Listing,
    ModifyRequested,
    Refused,
    Rejected,
    UnifiedOrderBook,
)
from truebook.model.vocabulary import OrderState

CONFIG = BookConfig(
    expected_cloid_ttl=1,
    finalized_protection=0,
    orphan_grace_period=1,
    fill_window_duration=2,
    tombstone_duration=2,
    listing_timeout=3,
)


def test_the_late_refusal_of_a_modify_is_not_that_of_the_next() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 5, cloid="c1", now=0)
    book.finalize_order("c1", "o1", 5, "buy", 10)
    book.request_modify("o1", 11, 6, now=1)
    listed = ListedOrder("o1", "c1", "buy", price=10, remaining=5, size=5)
    book.reconcile([listed], request=book.listing_requested(now=3))
    assert book.pending_count == 0  # the modify is found absent
    book.request_modify("o1", 12, 20)
    assert book.modify_failed("c1", "late") == Rejected("c1", "late")
    assert book.pending_count == 1
    assert book.pending_exposure("buy") == 20
    assert book.modify_failed("c1", "its own") == Rejected("c1", "its own")
    assert book.pending_count == 0
    assert book.pending_exposure("buy") == 5


def test_late_refusals_are_of_what_was_found_absent_oldest_first() -> None:
    book = UnifiedOrderBook(attrs.evolve(CONFIG, fill_window_duration=20))
    book.register_pending("buy", 10, 5, cloid="c1", now=0)
    book.finalize_order("c1", "o1", 5, "buy", 10)
    for size in (20, 300, 4000):
        book.request_modify("o1", 11, size)
        listed = ListedOrder("o1", "c1", "buy", price=10, remaining=5, size=5)
        book.reconcile([listed], request=book.listing_requested(now=book.now + 2))
    assert book.pending_count == 0
    for refused in (20, 300, 4000):
        before = book.unsettled("buy")
        book.modify_failed("c1", "late")
        assert before - book.unsettled("buy") == refused


def test_what_was_told_refused_is_over_once_it_is_found_to_have_filled() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 5, cloid="c1", now=0)
    book.order_status("o1", "rejected", cloid="c1")
    assert book.pending_exposure("buy") == 0
    book.process_fill("o1", 1, Decimal(2), Decimal(10), True, cloid="c1", time=1, crossed=True)
    order = book.get_order("c1")
    assert order is not None
    assert order.state is OrderState.CANCEL_CONFIRMED
    assert order.filled == 2
    assert book.pending_exposure("buy") == 0


def test_an_answer_by_a_cloid_that_is_forgotten_is_of_no_orphan() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.reconcile([1, 2], request=book.listing_requested(now=1))
    book.cancel_confirmed("c-forgotten")
    book.cancel_rejected("c-forgotten")
    book.cancel_confirmed(2)
    assert {orphan.oid for orphan in book.get_orphans()} == {1, 2}
    assert UnifiedOrderBook.from_json(json.loads(json.dumps(book.to_json()))) == book


def test_answers_before_anything_is_listed_are_saved_of_either_kind() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.cancel_confirmed("o1")
    book.cancel_confirmed(7)
    assert UnifiedOrderBook.from_json(json.loads(json.dumps(book.to_json()))) == book


@pytest.mark.parametrize("id", [None, 1.5, b"o1", True])
def test_an_id_that_is_none_is_refused(id: Any) -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 1, cloid="c1")
    book.finalize_order("c1", 1, 1, "buy", 10)
    words = re.escape(f"an oid or cloid must be an int or a text, not {id!r}")
    with pytest.raises(TypeError, match=words):
        book.request_cancel(id)
    with pytest.raises(TypeError, match=words):
        book.cancel_confirmed(id)
    assert book.get_orphans() == ()


def test_fills_that_were_taken_do_not_crowd_out_those_that_wait() -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=3))
    for cloid in ("c1", "c2"):
        book.register_pending("buy", 10, 10, cloid=cloid, now=1)
    for oid, tid in (("o1", 1), ("o2", 2), ("o2", 3)):
        book.process_fill(oid, tid, Decimal(1), Decimal(10), True, time=tid)
    book.finalize_order("c2", "o2", 8, "buy", 10, filled_size=2)
    again = UnifiedOrderBook.from_json(book.to_json())
    for one in (book, again):
        one.process_fill("o3", 4, Decimal(1), Decimal(10), True, time=4)
        one.finalize_order("c1", "o1", 9, "buy", 10)
        order = one.get_order("c1")
        assert order is not None
        assert order.filled == 1
    assert book == again


def test_no_more_fills_wait_than_are_remembered() -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=2))
    for tid in range(5):
        book.process_fill(f"o{tid}", tid, Decimal(1), Decimal(10), True, time=tid)
    assert [fill.tid for fill in book.get_early_fills()] == [3, 4]


def test_a_fill_that_waits_again_waits_behind_the_others() -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=2))
    for tid in (1, 2, 3, 1):  # without venue times the first is forgotten, and told again
        book.process_fill("o1", tid, Decimal(1), Decimal(10), True)
    assert [fill.tid for fill in book.get_early_fills()] == [3, 1]
    again = UnifiedOrderBook.from_json(book.to_json())
    assert again == book
    assert again.get_early_fills() == book.get_early_fills()


def test_a_fill_that_waits_twice_is_one_that_waits() -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=2))
    book.register_pending("buy", 10, 10, cloid="c1", now=1)
    book.finalize_order("c1", "o1", 10, "buy", 10)
    for oid, tid in (("x", 1), ("o1", 2), ("o1", 3), ("x", 1), ("y", 4)):
        book.process_fill(oid, tid, Decimal(1), Decimal(10), True)
    assert [fill.oid for fill in book.get_early_fills()] == ["x", "y"]


def test_an_order_modified_a_thousand_times_compares_and_is_saved() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 10, 1, cloid="c1", now=1)
    book.finalize_order("c1", 1, 1, "buy", 10)
    for oid in range(2, 1000):
        book.request_modify("c1", 10, 1)
        book.modify_confirmed("c1", oid)
    assert book == book.copy() == UnifiedOrderBook.from_json(book.to_json())
    other = book.copy()
    other.process_fill(1, 1, Decimal(1), Decimal(10), True, time=1)
    other.process_fill(1, 2, Decimal(1), Decimal(10), False, time=2)
    assert other != book  # the oldest leg of the chain has a fill
    assert repr(book.copy()) == repr(book)


def test_a_rebase_is_of_venue_times_from_then_on() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.rebase(5, 100, now=1)
    with pytest.raises(TypeError, match="without its venue time"):
        book.process_fill("o1", 1, Decimal(5), Decimal(10), True)
    assert book.position == 5


def test_a_time_that_is_no_int_is_refused_though_it_is_now() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.tick(1)
    for now in (1.0, True):
        with pytest.raises(TypeError, match="now must be an int of nanoseconds"):
            book.tick(now)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="now must be an int of nanoseconds"):
            book.process_fill("o1", 1, Decimal(1), Decimal(10), True, now=now)  # type: ignore[arg-type]


REFUSED: tuple[Callable[[UnifiedOrderBook], Any], ...] = (
    lambda book: book.reconcile([5, "a"]),
    lambda book: book.finalize_order("c1", 5, 1, "buy", 1.5),  # type: ignore[arg-type]
    lambda book: book.finalize_order("c1", 5, 1, "up", 1),
    lambda book: book.finalize_order("c1", 5, 1.5, "buy", 1),  # type: ignore[arg-type]
    lambda book: book.order_rejected("", oid=5),
    lambda book: book.order_status(5, "open", cloid=""),
    lambda book: book.order_status(5, "gone"),
    lambda book: book.order_status(5, "open", filled=1.5),  # type: ignore[arg-type]
    lambda book: book.modify_confirmed("c1", 5, filled_size=1.5),  # type: ignore[arg-type]
    lambda book: book.process_fill(5, 1, Decimal(1), 1.5, True),  # type: ignore[arg-type]
    lambda book: book.process_fill(5, 1, Decimal(1), Decimal("1e-60"), True),
    lambda book: book.reconcile("o1"),
    lambda book: book.reconcile([5], request=5),  # type: ignore[arg-type]
    lambda book: book.reconcile(Listing((5,))),  # type: ignore[arg-type]
    lambda book: book.status_unknown("c1", request=3),  # type: ignore[arg-type]
)


@pytest.mark.parametrize("call", REFUSED)
def test_a_call_that_is_refused_tells_the_book_nothing(
    call: Callable[[UnifiedOrderBook], Any],
) -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 1, cloid="c1", now=1)
    before = book.to_json()
    with pytest.raises((TypeError, ValueError)):
        call(book)
    assert book.to_json() == before


def test_what_is_refused_of_a_listing_says_what_to_pass() -> None:
    book = UnifiedOrderBook(CONFIG)
    with pytest.raises(TypeError, match="request must be what listing_requested returned, not 5"):
        book.reconcile([], request=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a listing is its orders, or their oids, not the text 'o'"):
        book.reconcile("o")


@pytest.mark.parametrize("key", ["orders", "orphans", "events", "early", "config"])
def test_a_saved_book_with_a_text_in_the_place_of_a_part_is_damaged(key: str) -> None:
    data = UnifiedOrderBook(CONFIG).to_json() | {key: "x"}
    with pytest.raises(ValueError, match="the saved book is damaged"):
        UnifiedOrderBook.from_json(data)


def test_a_modify_where_two_orders_of_a_cloid_are_open_is_refused() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 10, 1, cloid="c1", now=0)
    book.finalize_order("c1", "o1", 1, "buy", 10)
    listed = (
        ListedOrder("o1", "c1", "buy", price=10, remaining=1, size=1),
        ListedOrder("o2", "c1", "buy", price=10, remaining=10, size=10),
    )
    book.reconcile(listed, request=book.listing_requested(now=1))
    refused = book.request_modify("o1", 10, 5)
    assert isinstance(refused, Refused)
    assert (
        refused.reason == "two orders of its cloid are open, and it would replace both: cancel one"
    )
    assert book.pending_exposure("buy") == 11
    book.request_cancel("o2")
    book.cancel_confirmed("o2")
    assert isinstance(book.request_modify("o1", 10, 5), Refused)  # of it only a listing is believed
    book.reconcile(listed[:1], request=book.listing_requested(now=20))
    assert isinstance(book.request_modify("o1", 10, 5), ModifyRequested)


def test_a_status_that_names_another_cloid_is_a_conflict() -> None:
    book = UnifiedOrderBook(CONFIG)
    for number in (1, 2):
        book.register_pending("buy", 10, 1, cloid=f"c{number}", now=0)
        book.finalize_order(f"c{number}", f"o{number}", 1, "buy", 10)
    book.order_status("o1", "open", cloid="c1")
    assert book.drain_events() == ()
    book.order_status("o1", "open", cloid="c2")
    assert book.drain_events() == (Conflict("a status of it names the cloid 'c2'", "c1", "o1"),)
