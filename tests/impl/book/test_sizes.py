"""What can still trade changes under the same oid: shrunk, rounded, grown, amended in place."""

from collections.abc import Callable
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl import (
    AlreadyTracked,
    Ambiguous,
    BookConfig,
    Conflict,
    FromPending,
    ListedOrder,
    Listing,
    ModifyRequested,
    OrderState,
    UnifiedOrderBook,
)

CONFIG = BookConfig(
    expected_cloid_ttl=3,
    finalized_protection=1,
    fill_window_duration=10,
    tombstone_duration=10,
    listing_timeout=5,
)
Message = Callable[[UnifiedOrderBook], Any]
LIVE = (OrderState.RESTING, OrderState.PARTIALLY_FILLED)


def new(size: int = 10, side: str = "buy") -> UnifiedOrderBook:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending(side, 100, size, cloid="c", now=0)
    book.finalize_order("c", 1, size, side, 100, now=1)
    return book


def listed(
    book: UnifiedOrderBook, at: int, left: int, size: int | None, *, price: int = 100, **more: Any
) -> Any:
    asked = book.listing_requested(now=at)
    order = ListedOrder(1, "c", more.get("side", "buy"), price=price, remaining=left, size=size)
    return book.reconcile(Listing((order,), asked), now=at)


def fill(book: UnifiedOrderBook, tid: int, size: int, at: int | None = None, **more: Any) -> Any:
    return book.process_fill(1, tid, size, 100, more.get("buy", True), time=tid + 1, now=at)


def modify(book: UnifiedOrderBook, oid: int, price: int, size: int, **more: Any) -> int:
    """Ask for a modify, and return its number."""
    asked = book.request_modify(oid, price, size, **more)
    assert isinstance(asked, ModifyRequested)
    return asked.request


def sums(book: UnifiedOrderBook, side: str = "buy") -> tuple[int, int]:
    return int(book.pending_exposure(side)), int(book.unsettled(side))


def state(book: UnifiedOrderBook) -> OrderState:
    order = book.get_order("c")
    assert order is not None
    return order.state


def conflicts(book: UnifiedOrderBook) -> list[str]:
    return [event.reason for event in book.drain_events() if isinstance(event, Conflict)]


@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from(["buy", "sell"]))
def test_an_order_is_of_the_size_that_is_listed_and_over_once_that_has_filled(
    asked: int, accepted: int, side: str
) -> None:
    book = new(asked, side)
    listed(book, 60, accepted, accepted, side=side)
    assert sums(book, side) == (accepted, 0)
    order = book.get_order("c")
    assert order is not None
    assert [order.asked, order.size, order.remaining] == [asked, accepted, accepted]
    for tid in range(accepted):
        assert state(book) in LIVE
        fill(book, tid, 1, buy=side == "buy")
    assert state(book) is OrderState.FILLED
    assert sums(book, side) == (0, 0)
    assert not book.drain_events()


@given(st.integers(1, 10), st.integers(1, 10), st.integers(0, 10))
def test_where_the_size_stays_what_is_gone_may_have_traded_until_more_is_left_again(
    left: int, again: int, told: int
) -> None:
    book = new(10)
    listed(book, 60, left, 10)
    assert sums(book) == (left, 10 - left)
    told = min(told, 10 - left)
    again = min(again, 10 - told)  # no more is left of the size than has not filled
    if told:
        fill(book, 1, told, 61)
    assert sums(book) == (left, 10 - left - told)  # its fills were on their way
    listed(book, 70, again, 10)
    exposure, unsettled = sums(book)
    assert exposure == again
    assert unsettled == max(0, 10 - again - told)


def test_a_picture_that_is_no_newer_raises_what_can_trade_and_lowers_nothing() -> None:
    book = new(10)
    asked = book.listing_requested(now=20)
    listed(book, 20, 4, 4)
    smaller = ListedOrder(1, "c", "buy", price=100, remaining=2, size=2)
    book.reconcile(Listing((smaller,), asked), now=21)
    assert sums(book) == (4, 0)
    larger = ListedOrder(1, "c", "buy", price=100, remaining=7, size=7)
    book.reconcile(Listing((larger,), asked), now=21)
    assert sums(book) == (7, 0)
    listed(book, 23, 2, 2)
    assert sums(book) == (2, 0)


@pytest.mark.parametrize("oid", [1, None])
@pytest.mark.parametrize("price", [100, 101])
@pytest.mark.parametrize("size", [3, 15])
def test_an_amend_in_place_is_what_is_listed_then(oid: int | None, price: int, size: int) -> None:
    book = new(10)
    book.request_modify(1, price, size, now=2)
    book.modify_confirmed("c", oid, now=3)
    assert sum(sums(book)) >= size
    listed(book, 60, size, size, price=price)
    assert sums(book) == (size, 0)
    assert book.pending_count == 0
    for tid in range(size):
        fill(book, tid, 1)
    assert state(book) is OrderState.FILLED
    assert not book.drain_events()
    order = book.get_order("c")
    assert order is not None
    assert order.price == price
    assert order.oids == (1,)


@pytest.mark.parametrize(("left", "exposure"), [(11, 11), (15, 15)])
def test_what_filled_before_an_amend_counts_in_its_size_or_does_not(
    left: int, exposure: int
) -> None:
    book = new(10)
    fill(book, 1, 4, 2)
    book.request_modify(1, 101, 15, now=3)
    book.modify_confirmed("c", 1, now=4)
    assert sums(book)[0] == 15  # the side on which it bounds what can trade
    listed(book, 60, left, 15, price=101)
    assert sums(book) == (exposure, 0)
    fill(book, 2, 1, 61)
    listed(book, 70, left - 1, 15, price=101)
    assert sums(book) == (exposure - 1, 0)
    for tid in range(3, 2 + left):
        fill(book, tid, 1)
    assert state(book) is OrderState.FILLED
    assert not book.drain_events()


def test_an_amend_that_is_answered_without_oid_is_known_by_the_order_alone_being_listed() -> None:
    book = new(10)
    book.request_modify(1, 101, 15, now=2)
    book.modify_confirmed("c", now=3)
    book.reconcile(Listing((ListedOrder(1),), book.listing_requested(now=60)), now=60)
    assert sums(book) == (15, 0)
    assert book.pending_count == 0
    other = new(10)
    other.request_modify(1, 101, 15, now=2)
    other.modify_unknown("c", now=3)
    other.reconcile(Listing((ListedOrder(1),), other.listing_requested(now=60)), now=60)
    assert sums(other) == (10, 15)  # nobody said that it was accepted


def test_an_order_that_filled_whole_and_was_amended_to_more_is_open_again() -> None:
    book = new(10)
    book.request_modify(1, 100, 15, now=2)
    fill(book, 1, 10, 3)
    assert state(book) is OrderState.FILLED or book.pending_count
    book.modify_confirmed("c", 1, now=4)
    listed(book, 60, 5, 15)
    assert sums(book) == (5, 0)
    fill(book, 2, 5, 61)
    assert state(book) is OrderState.FILLED
    assert not book.drain_events()


def test_a_listing_asked_for_before_the_answer_to_an_amend_does_not_raise_its_size() -> None:
    book = new(10)
    asked = book.listing_requested(now=20)
    book.request_modify(1, 100, 4, now=20)
    book.modify_confirmed("c", 1, now=21)
    old = ListedOrder(1, "c", "buy", price=100, remaining=10, size=10)
    book.reconcile(Listing((old,), asked), now=21)
    assert sums(book) == (4, 0)


def test_fills_older_than_the_picture_that_its_size_does_not_count_leave_it_open() -> None:
    book = new(10)
    fill(book, 1, 4, 2)
    listed(book, 60, 4, 4)
    assert sums(book) == (4, 0)
    fill(book, 2, 4, 61)
    assert state(book) is OrderState.FILLED


def test_a_size_below_what_fills_is_not_the_whole() -> None:
    book = new(10)
    listed(book, 60, 4, 4)
    for tid in range(10):
        fill(book, tid, 1)
        assert book.position + book.pending_exposure("buy") == (4 if tid < 4 else 10)
    assert state(book) is OrderState.FILLED
    assert not book.drain_events()
    fill(book, 10, 1)
    assert [type(event).__name__ for event in book.drain_events()] == ["Overfill"]


def told(left: int, size: int | None) -> Message:
    return lambda book: listed(book, 60, left, size)


def status(word: str, filled: int | None) -> Message:
    return lambda book: book.order_status(1, word, cloid="c", filled=filled)


@st.composite
def words(draw: st.DrawFn) -> list[Message]:
    """Make up to four words: fills within what was asked, sizes of any kind, and a last word."""
    sizes = st.integers(1, 8).flatmap(
        lambda size: st.builds(told, st.integers(1, size), st.just(size))
    )
    found = draw(st.lists(sizes, min_size=1, max_size=2))
    for tid in range(draw(st.integers(0, 2))):
        size = draw(st.integers(1, 3))
        found.append(partial(fill, tid=tid, size=size))
    if draw(st.booleans()):
        found.append(status(draw(st.sampled_from(["open", "filled", "cancelled"])), None))
    return found[-4:]


@settings(max_examples=150)
@given(words())
def test_all_orders_of_arrival_give_the_same_book(messages: list[Message]) -> None:
    books = []
    for order in permutations(messages):
        book = new(8)
        book.tick(60)
        for message in order:
            message(book)
        books.append(book)
        assert UnifiedOrderBook.from_json(book.to_json()) == book == book.copy()
    first = books[0]
    for book in books[1:]:
        assert sums(book) == sums(first)
        assert book == first


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[str, int]]:
    return draw(
        st.lists(
            st.tuples(
                st.sampled_from(["fill", "hear", "resize", "list", "tick"]), st.integers(1, 6)
            ),
            max_size=25,
        )
    )


@settings(max_examples=200)
@given(st.integers(1, 6), lives(), st.booleans())
def test_the_sums_bound_what_traded_and_still_can_whatever_the_venue_makes_of_the_size(
    asked: int, life: list[tuple[str, int]], original_stays: bool
) -> None:
    """The venue changes what is left between pictures; each of them is asked for after the lag.

    From the picture on, what the book holds bounds what is true at the venue then.
    """
    book = new(asked)
    left, executed, original, heard, now = asked, 0, asked, 0, 1
    for what, number in life:
        if what == "fill" and left:
            left, executed = left - 1, executed + 1
        elif what == "hear" and heard < executed:
            heard += 1
            fill(book, heard, 1, now)
        elif what == "resize" and left:
            left = min(number, asked - executed) if original_stays else number
            original = asked if original_stays else executed + left
        elif what == "tick":
            now += number
            book.tick(now)
        elif what == "list" and left:
            now += 2
            listed(book, now, left, original)
            total = book.position + book.pending_exposure("buy") + book.unsettled("buy")
            assert total >= executed + left
            assert book.pending_exposure("buy") == left or heard > executed
            now += 2
            book.tick(now)
    assert not [event for event in book.drain_events() if isinstance(event, Conflict)]


@pytest.mark.parametrize("first", ["listing", "word"])
@pytest.mark.parametrize("filled", [0, 7, 82])
def test_what_is_gone_of_a_reduce_only_order_need_not_have_filled(first: str, filled: int) -> None:
    """The venue says how much has filled when it is over; what is left says only what can trade."""
    book = new(100)
    asked = book.listing_requested(now=60)
    words: list[Message] = [
        lambda book: book.reconcile(
            Listing((ListedOrder(1, "c", "buy", price=100, remaining=18, size=100),), asked)
        ),
        lambda book: book.order_status(1, "cancelled", cloid="c", filled=filled),
    ]
    for word in words if first == "listing" else words[::-1]:
        word(book)
    assert sums(book) == (0, filled)
    for tid in range(filled):
        fill(book, tid, 1)
    order = book.get_order("c")
    assert order is not None
    assert [order.filled, order.state] == [filled, OrderState.CANCELLED]
    assert not book.drain_events()


def test_an_order_that_shrank_is_cancelled_without_a_word_of_how_much_has_filled() -> None:
    book = new(100)
    listed(book, 60, 18, 100)
    book.request_cancel("c", now=61)
    book.cancel_confirmed("c", now=62)
    assert sums(book) == (0, 100)  # what had filled, and what filled before the cancel
    book.tick(80)
    assert sums(book) == (0, 0)
    assert not book.drain_events()


def test_an_order_amended_in_place_that_fills_whole_tells_what_its_size_was() -> None:
    book = new(5)
    fill(book, 1, 1, 2)
    book.request_modify(1, 100, 7, now=3)
    book.modify_confirmed("c", 1, now=4)
    assert sums(book) == (7, 0)  # 8 in all, if the lot that had filled does not count in the 7
    for tid in range(2, 8):
        fill(book, tid, 1, 5)
    book.order_status(1, "filled", cloid="c", filled=7)
    assert [state(book), sums(book)] == [OrderState.FILLED, (0, 0)]
    assert not book.drain_events()
    fill(book, 8, 1)
    assert [type(event).__name__ for event in book.drain_events()] == ["Conflict", "Overfill"]


@pytest.mark.parametrize("size", [7, 10])
@pytest.mark.parametrize("request_too", [True, False])
def test_a_late_answer_to_an_amend_does_not_reopen_what_has_filled(
    size: int, request_too: bool
) -> None:
    book = new(10)
    asked = modify(book, 1, 101, size, force=True, now=2)
    fill(book, 1, 10, 3)
    assert state(book) is OrderState.FILLED or book.pending_count
    book.modify_confirmed("c", 1, request=asked if request_too else None, now=4)
    assert [state(book), sums(book), book.pending_count] == [OrderState.FILLED, (0, 0), 0]
    assert not book.drain_events()


@pytest.mark.parametrize("amount", [None, 10])
def test_a_late_answer_to_an_amend_does_not_reopen_what_is_told_as_filled(
    amount: int | None,
) -> None:
    book = new(10)
    book.request_modify(1, 101, 15, now=2)
    book.order_status(1, "filled", cloid="c", filled=amount, now=3)
    book.modify_confirmed("c", 1, now=4)
    assert state(book) is OrderState.FILLED
    assert sums(book) == (0, 10 if amount else 15)
    assert not book.drain_events()


def modified(known_by: str) -> tuple[UnifiedOrderBook, list[int]]:
    """Return an order that a first modify made anew, with a second on its way, and their numbers.

    That the first took effect is known by a listing, or a fill, and its answer is late.
    """
    book = new(10)
    first = modify(book, 1, 101, 9, now=2)
    if known_by == "a listing":
        asked = book.listing_requested(now=3)
        order = ListedOrder(2, "c", "buy", price=101, remaining=9, size=9)
        book.reconcile(Listing((order,), asked))
    else:
        book.process_fill(2, 1, 1, 101, True, cloid="c", time=1, now=3)
    second = modify(book, 2, 102, 8, now=4)
    return book, [first, second]


@pytest.mark.parametrize("known_by", ["a listing", "a fill"])
@pytest.mark.parametrize("with_number", [True, False])
def test_a_late_answer_to_an_older_modify_does_not_drop_the_newest(
    known_by: str, with_number: bool
) -> None:
    book, (first, _) = modified(known_by)
    book.drain_events()
    for _ in range(2):
        told = book.modify_confirmed("c", 2, request=first if with_number else None, now=5)
        assert isinstance(told, AlreadyTracked)
    assert book.get_pending_cloids() == {"c"}
    order = book.get_order(2)
    assert order is not None
    assert order.price == 101
    assert isinstance(book.modify_confirmed("c", 3, now=6), FromPending)
    assert book.get_active_oids() == {3}
    assert not book.drain_events()


def test_an_answer_with_its_number_amends_an_order_that_a_modify_made() -> None:
    book, (first, second) = modified("a listing")
    assert isinstance(book.modify_confirmed("c", 2, request=second, now=5), AlreadyTracked)
    order = book.get_order("c")
    assert order is not None
    assert [order.oid, order.price, order.request] == [2, 102, second]
    assert book.pending_count == 0
    for number in (first, second):  # told again, and late
        assert isinstance(book.modify_confirmed("c", 2, request=number), AlreadyTracked)
    assert isinstance(book.modify_confirmed("c", 1, request=second), Conflict)


def test_an_answer_without_number_may_be_of_two_amends_and_then_a_listing_tells() -> None:
    book = new(10)
    book.request_modify(1, 101, 9, now=2)
    book.modify_confirmed("c", 1, now=3)
    book.request_modify(1, 102, 8, now=4)
    assert isinstance(book.modify_confirmed("c", 1, now=5), Ambiguous)
    assert book.get_pending_cloids() == {"c"}
    book.drain_events()
    listed(book, 60, 8, 8, price=102)
    assert [sums(book), book.pending_count] == [(8, 0), 0]
    assert not book.drain_events()


def test_a_refusal_of_an_earlier_amend_with_its_number_drops_nothing() -> None:
    book = new(10)
    numbers = []
    for at, price in ((2, 101), (4, 102)):
        numbers.append(modify(book, 1, price, 9, now=at))
        book.modify_confirmed("c", 1, request=numbers[-1], now=at + 1)
    last = modify(book, 1, 103, 8, now=6)
    book.modify_failed("c", request=numbers[0], now=7)
    assert book.get_pending_cloids() == {"c"}
    book.modify_failed("c", request=last, now=8)
    order = book.get_order("c")
    assert order is not None
    assert [order.price, order.oid, book.pending_count] == [102, 1, 0]
