"""Cancels before the answer and once more; what errors end, and what they do not; batches."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    CancelAsked,
    CancelRequested,
    Conflict,
    ListedOrder,
    Listing,
    OldOrder,
    OrderState,
    Refused,
    UnifiedOrderBook,
    spread_batch,
)

TIMEOUT = 5 * SECOND
SIZE = 5


def pending() -> UnifiedOrderBook:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c", now=0)
    return book


def resting() -> UnifiedOrderBook:
    book = pending()
    book.finalize_order("c", 1, SIZE, "buy", 100, now=1)
    return book


def counted(book: UnifiedOrderBook) -> Any:
    return book.pending_exposure("buy") + book.unsettled("buy")


def cancel(book: UnifiedOrderBook, id: Any = "c", at: int = 0) -> int:
    asked = book.request_cancel(id, now=at)
    assert isinstance(asked, CancelRequested)
    return asked.request


def listing(book: UnifiedOrderBook, at: int, *oids: int) -> Any:
    orders = [ListedOrder(oid, "c", "buy", price=100, remaining=SIZE, size=SIZE) for oid in oids]
    return book.reconcile(Listing(orders, book.listing_requested(now=at)))


# A cancel by the cloid, before the answer to the order

CONFIRMED = {
    "answer": lambda book, request: book.finalize_order("c", 1, SIZE, "buy", 100),
    "fill": lambda book, request: book.process_fill(1, 1, 2, 100, True, cloid="c", time=1),
    "status": lambda book, request: book.order_status(1, "open", cloid="c"),
    "cancelled": lambda book, request: book.order_status(1, "cancelled", cloid="c"),
    "confirmed": lambda book, request: book.cancel_confirmed("c", request=request),
    "rejected late": lambda book, request: book.cancel_rejected("c", request=request),
    "not open": lambda book, request: book.cancel_not_open("c", request=request),
}


@given(st.lists(st.sampled_from(sorted(CONFIRMED)), max_size=5), st.booleans())
def test_a_confirmed_cancel_ends_an_order_whatever_comes_before_and_after(
    told: list[str], numbered: bool
) -> None:
    book = pending()
    request = cancel(book)
    done = False
    for word in [*told, "confirmed"]:
        done = done or word in ("confirmed", "cancelled")
        CONFIRMED[word](book, request if numbered else None)
        assert counted(book) + book.position >= SIZE or done
        assert not done or not book.get_active_oids()
        assert not done or not book.get_pending_cloids()
    book.tick(130 * SECOND)
    assert counted(book) == 0
    assert not [event for event in book.drain_events() if isinstance(event, Conflict)]


@given(st.permutations(["answer", "fill", "confirmed"]))
def test_words_about_a_pending_cancel_commute(told: list[str]) -> None:
    books = []
    for order in (told, ["answer", "fill", "confirmed"]):
        book = pending()
        request = cancel(book)
        for word in order:
            CONFIRMED[word](book, request)
        books.append(book)
    assert books[0].get_active_oids() == books[1].get_active_oids() == frozenset()
    assert counted(books[0]) == counted(books[1]) == SIZE - 2
    shown = [book.get_order("c") for book in books]
    assert [order and order.state for order in shown] == [OrderState.CANCEL_CONFIRMED] * 2


@given(st.sampled_from(["not open", "rejected late"]), st.booleans())
def test_a_cancel_that_may_have_overtaken_its_order_ends_nothing(word: str, numbered: bool) -> None:
    book = pending()
    request = cancel(book)
    CONFIRMED[word](book, request if numbered else None)
    assert book.get_pending_cloids() == {"c"}
    assert counted(book) == SIZE
    book.finalize_order("c", 1, SIZE, "buy", 100, now=1)
    order = book.get_order("c")
    assert order is not None
    assert (order.state, order.cancel) == (OrderState.RESTING, CancelAsked.OVER)
    assert isinstance(book.request_cancel("c"), CancelRequested)


def test_the_cancel_of_a_pending_order_is_on_its_way_once_the_order_is_known() -> None:
    book = pending()
    cancel(book)
    book.finalize_order("c", 1, SIZE, "buy", 100, now=1)
    order = book.get_order("c")
    assert order is not None
    assert order.state is OrderState.CANCEL_PENDING
    assert isinstance(book.request_modify("c", 101, SIZE), Refused)


@given(st.integers(0, 2), st.booleans(), st.booleans())
def test_a_cancel_that_overtook_its_order_ends_nothing_once_that_is_known(
    times: int, known: bool, numbered: bool
) -> None:
    book = pending()
    request = cancel(book)
    for _ in range(times):
        book.cancel_not_open("c", request=request)
    book.finalize_order("c", 1, SIZE, "buy", 100, now=1)
    for _ in range(2):
        book.cancel_not_open(1 if known else "c", request=request if numbered else None)
        assert book.get_active_oids() == {1}
    order = book.get_order("c")
    assert order is not None
    assert order.state is OrderState.RESTING


@given(st.integers(11, 300))
def test_a_false_confirmation_of_a_pending_order_is_found_out_by_a_listing(seconds: int) -> None:
    book = pending()
    book.cancel_confirmed("c", request=cancel(book), now=1)
    listing(book, 1 + seconds * SECOND, 1)
    assert book.get_active_oids() == {1}
    assert book.pending_exposure("buy") == SIZE
    assert len([event for event in book.drain_events() if isinstance(event, Conflict)]) == 1


@given(st.integers(0, 10))
def test_an_old_listing_does_not_reopen_what_was_cancelled_while_pending(seconds: int) -> None:
    book = pending()
    book.cancel_confirmed("c", request=cancel(book), now=1)
    listing(book, 1 + seconds * SECOND, 1)
    assert book.get_active_oids() == frozenset()
    assert book.drain_events() == ()
    assert UnifiedOrderBook.from_json(book.to_json()) == book


# A cancel once more


@given(st.integers(0, 2 * TIMEOUT), st.booleans())
def test_an_unanswered_cancel_may_be_sent_again_at_its_timeout(wait: int, known: bool) -> None:
    book = resting() if known else pending()
    first = cancel(book, at=1)
    book.cancel_timed_out("c", request=first)
    again = book.request_cancel("c", now=1 + wait)
    assert isinstance(again, CancelRequested) is (wait >= TIMEOUT)
    if isinstance(again, CancelRequested):
        assert again.request > first
        book.cancel_rejected("c", request=first)  # the late answer to the first
        order = book.get_order("c")
        assert order is not None
        assert order.cancel is CancelAsked.AWAITED
        book.cancel_confirmed("c", request=first)  # it was cancelled, whichever of them did it
        assert book.get_active_oids() == book.get_pending_cloids() == frozenset()


def test_a_cancel_of_the_old_order_answered_by_cloid_is_not_of_the_new_one() -> None:
    book = resting()
    first = cancel(book, at=1)
    listing(book, 45 * SECOND, 1)  # it did not take effect
    book.request_modify("c", 101, 7)
    book.modify_confirmed("c", 2)
    for request in (first, None):
        book.cancel_confirmed("c", request=request)
        book.cancel_not_open("c", request=request)
        assert book.get_active_oids() == {2}


# What the error of a modify says of the old order


@given(st.sampled_from(list(OldOrder)), st.booleans(), st.booleans())
def test_the_old_order_of_a_failed_modify_is_over_only_where_it_is_gone(
    old: OldOrder, numbered: bool, shown: bool
) -> None:
    book = resting()
    asked = book.request_modify("c", 101, 7)
    if shown:
        book.order_status(2, "rejected", cloid="c")
    for _ in range(2):
        book.modify_failed("c", "no", old=old, request=asked.request if numbered else None)  # type: ignore[union-attr]
    assert book.pending_count == 0
    assert book.get_active_oids() == (frozenset() if old == "gone" else {1})
    assert counted(book) == SIZE


def test_a_failed_modify_of_which_nobody_knows_leaves_the_old_order_counted() -> None:
    book = resting()
    book.request_modify("c", 101, 7)
    book.modify_failed("c", "no")
    assert book.get_active_oids() == {1}
    assert book.pending_exposure("buy") == SIZE


# A request that can never land


@pytest.mark.parametrize("of_a_modify", [False, True])
def test_a_request_that_can_never_land_is_over_at_once(of_a_modify: bool) -> None:
    book = resting() if of_a_modify else pending()
    if of_a_modify:
        book.request_modify("c", 101, 7)
    book.order_unknown("c", "timeout")
    book.order_cannot_land("c", "Action already expired", request=book.legs("c")[-1].request)
    assert book.pending_count == 0
    assert counted(book) == (SIZE if of_a_modify else 0)
    assert book.legs("c")[-1].reason == "Action already expired"


def test_what_could_never_land_and_is_known_all_the_same_is_live_and_said_to_be() -> None:
    book = pending()
    book.order_cannot_land("c")
    book.process_fill(1, 1, 2, 100, True, cloid="c", time=1)
    assert book.get_active_oids() == {1}
    assert counted(book) == SIZE - 2
    (said,) = book.drain_events()
    assert isinstance(said, Conflict)


# Batches

requests = st.lists(st.integers(), max_size=6)


@given(requests, st.data())
def test_a_batch_is_spread_over_its_requests(asked: list[int], data: st.DataObject) -> None:
    items = data.draw(st.lists(st.none() | st.text(max_size=2), max_size=len(asked)))
    found = spread_batch(asked, items)
    assert [request for request, _ in found] == asked
    assert [item for _, item in found[: len(items)]] == items
    assert {item for _, item in found[len(items) :]} <= {None}


@given(requests)
def test_an_error_of_the_whole_batch_is_that_of_each_and_no_answer_is_of_none(
    asked: list[int],
) -> None:
    assert spread_batch(asked, error="too heavy") == tuple((one, "too heavy") for one in asked)
    assert spread_batch(asked) == tuple((one, None) for one in asked)


def test_an_answer_to_another_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="2 items answer 1 requests"):
        spread_batch([1], ["a", "b"])
    with pytest.raises(ValueError, match="either an error of the whole or items"):
        spread_batch([1], ["a"], error="b")
    with pytest.raises(TypeError, match="not the text 'no'"):
        spread_batch([1], "no")
