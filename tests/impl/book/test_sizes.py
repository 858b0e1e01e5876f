"""What can still trade changes under the same oid: shrunk, rounded, grown."""

from functools import partial
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sized import LIVE, Message, fill, listed, new, state, sums
from truebook.impl import (
    Conflict,
    ListedOrder,
    Listing,
    OrderState,
    UnifiedOrderBook,
)


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


@given(st.integers(1, 9), st.integers(1, 30))
def test_a_listing_that_does_not_say_what_is_left_says_nothing_of_what_has_filled(
    gone: int, later: int
) -> None:
    book = new(10)
    listed(book, 60, 10 - gone, 10)
    before = sums(book)
    listed(book, 60 + later, None, 10)
    assert sums(book) == before


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


@given(
    size=st.integers(2, 9),
    before=st.integers(0, 3),
    side=st.sampled_from(["buy", "sell"]),
    first=st.booleans(),
    data=st.data(),
)
def test_an_order_that_shrank_and_filled_is_filled_by_what_it_says(
    size: int, before: int, side: str, first: bool, data: st.DataObject
) -> None:
    """Its last word comes before its last fills, or after; nothing is contradicted."""
    before = min(before, size - 2)
    left = data.draw(st.integers(1, size - before - 1), "left")
    book = new(size, side)
    for tid in range(before):
        fill(book, tid, 1, buy=side == "buy")
    listed(book, 30, left, size, side=side)
    words = [
        lambda: book.order_status(1, "filled", filled=before + left, now=40),
        lambda: [fill(book, before + tid, 1, buy=side == "buy") for tid in range(left)],
    ]
    for word in words if first else reversed(words):
        word()
        traded = abs(book.position) + book.unsettled(side) + book.pending_exposure(side)
        assert traded >= before + left
    assert state(book) is OrderState.FILLED
    assert sums(book, side) == (0, 0)
    assert book.drain_events() == ()
