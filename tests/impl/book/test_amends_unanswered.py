"""An order is amended in place, and nobody answers: what is told of it since shows that it was."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sized import conflicts, fill, listed, modify, new, state, sums
from truebook.impl import ListedOrder, Listing, ListingRequest, OrderState, UnifiedOrderBook

LATE = 20
"""By when the modify can no longer be on its way, and a listing is newer than that."""


def unknown(book: UnifiedOrderBook) -> None:
    """Ask for the order by its cloid: the venue shows none but the one that was there."""
    book.status_unknown("c", request=book.listing_requested())


@given(
    asked=st.integers(1, 25),
    parts=st.lists(st.integers(1, 25), max_size=3),
    tells=st.sampled_from(("amount", "filled", "nothing")),
    data=st.data(),
)
def test_filled_by_its_new_size_it_is_whole_and_nothing_contradicts_that(
    asked: int, parts: list[int], tells: str, data: st.DataObject
) -> None:
    """The venue counts what has filled in the new size; it tells that it filled, and how much."""
    book = new(10)
    modify(book, 1, 101, asked, now=2)
    sizes, left = [], asked
    for part in [*parts, asked]:
        if min(part, left):
            sizes.append(min(part, left))
            left -= sizes[-1]
    words: list[Callable[[], object]] = [
        lambda tid=tid, size=size: fill(book, tid, size)  # type: ignore[misc]
        for tid, size in enumerate(sizes, 1)
    ]
    if tells != "nothing":
        filled = asked if tells == "amount" else None
        words.append(lambda: book.order_status(1, "filled", filled=filled))
    words += [lambda: unknown(book)] * 2
    book.tick(LATE)
    for word in data.draw(st.permutations(words)):
        word()
    assert book.position == asked
    if tells == "filled" and asked < 10:
        return  # by its word all of what it had has filled: that is bounded, and not told
    for at in (40, 60):
        book.reconcile((), request=book.listing_requested(now=at))
    assert conflicts(book) == []
    assert book.drain_events() == ()
    assert sums(book) == (0, 0)
    assert book.pending_count == 0


@pytest.mark.parametrize("first", ["unknown", "filled"])
def test_told_as_filled_with_what_its_modify_asked_for_it_was_amended(first: str) -> None:
    book = new(10)
    modify(book, 1, 101, 4, now=2)
    book.tick(LATE)
    if first == "unknown":
        unknown(book)
    book.order_status(1, "filled", filled=4)
    unknown(book)
    fill(book, 1, 4)
    assert state(book) is OrderState.FILLED
    assert conflicts(book) == []
    assert sums(book) == (0, 0)


def test_what_its_modify_cannot_explain_is_reported_still() -> None:
    book = new(10)
    modify(book, 1, 101, 4, now=2)
    book.tick(LATE)
    unknown(book)
    fill(book, 1, 15)
    (event,) = book.drain_events()
    assert type(event).__name__ == "Overfill"


@given(left=st.integers(0, 10), asked=st.integers(1, 15), times=st.integers(1, 3))
def test_a_listing_from_before_an_amend_says_nothing_of_what_it_is_since(
    left: int, asked: int, times: int
) -> None:
    book = new(10)
    number = modify(book, 1, 101, asked, now=5)
    book.modify_confirmed("c", 1, request=number, now=6)
    before = sums(book)
    order = ListedOrder(1, "c", "buy", price=100, remaining=left, size=10)
    for _ in range(times):
        book.reconcile(Listing((order,), ListingRequest(4)))
        assert book.get_active_oids() == {1}
        assert sums(book) == before
    listed(book, 30, asked, asked, price=101)
    assert sums(book) == (asked, 0)
    assert book.drain_events() == ()


@given(asked=st.integers(1, 25), between=st.integers(0, 3), lags=st.booleans())
def test_listed_as_its_modify_asked_no_listing_that_may_be_older_makes_it_less(
    asked: int, between: int, lags: bool
) -> None:
    book = new(10)
    number = modify(book, 1, 101, asked, now=5)
    listed(book, 7, asked, asked, price=101)
    assert sums(book) == (asked, 0)
    book.modify_confirmed("c", 1, request=number)
    old, price = (10, 100) if lags and between <= 1 else (asked, 101)
    listed(book, 7 + between, old, old, price=price)
    assert sum(sums(book)) >= asked
    listed(book, 30, asked, asked, price=101)
    assert sums(book) == (asked, 0)


@given(asked=st.integers(1, 15), shrunk=st.integers(1, 9))
def test_what_was_gone_before_is_not_of_what_a_listing_shows_it_amended_to(
    asked: int, shrunk: int
) -> None:
    book = new(10)
    number = modify(book, 1, 101, asked, now=5)
    listed(book, 5, 10 - shrunk, 10)  # as it was before: less to trade, or filled
    assert sum(sums(book)) >= asked
    listed(book, 6, asked, asked, price=101)
    assert sums(book) == (asked, 0)
    book.modify_confirmed("c", 1, request=number)
    listed(book, 30, asked, asked, price=101)
    assert sums(book) == (asked, 0)
    assert book.drain_events() == ()


@given(asked=st.integers(1, 15), left=st.integers(1, 15), answered=st.booleans())
def test_listed_at_the_price_that_its_modify_asked_for_with_less_contradicts_nothing(
    asked: int, left: int, answered: bool
) -> None:
    """The venue amended it in place, and cut it down since."""
    left = min(asked, left)
    book = new(10)
    number = modify(book, 1, 101, asked, now=5)
    listed(book, 7, left, left, price=101)
    assert sum(sums(book)) >= left
    assert conflicts(book) == []
    if answered:
        book.modify_confirmed("c", 1, request=number)
    listed(book, 30, left, left, price=101)
    assert sums(book)[0] == left
    if answered:
        assert conflicts(book) == []


@given(taken=st.integers(1, 9), asked=st.integers(11, 20), parts=st.integers(1, 3))
def test_fills_beyond_the_size_are_no_more_than_took_on_arrival_once_an_amend_explains_them(
    taken: int, asked: int, parts: int
) -> None:
    """Its answer was lost, and a word that the venue knows no such order took it for dead."""
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, 10, cloid="c", now=0)
    book.finalize_order("c", 1, 10 - taken, "buy", 100, filled_size=taken)
    book.request_modify("c", 101, asked, now=1)
    book.status_unknown("c", request=book.listing_requested(now=60_000_000_000))
    assert book.pending_count == 0
    rest = asked - taken
    sizes = [rest // parts] * (parts - 1)
    sizes = [size for size in (*sizes, rest - sum(sizes)) if size]
    book.process_fill(1, 9, taken, 101, True, cloid="c", time=9, crossed=True)
    for tid, size in enumerate(sizes):
        book.process_fill(1, tid, size, 101, True, cloid="c", time=9, crossed=False)
    assert conflicts(book) == []
    assert book.position == asked


@pytest.mark.parametrize("size", [4, 6])
def test_listed_at_its_new_price_once_no_modify_is_on_its_way_it_was_amended(size: int) -> None:
    """It was cut down, or raised, since: the listing has neither size that was asked."""
    book = new(8)
    modify(book, 1, 101, 5, now=2)
    shown = ListedOrder(1, "c", "buy", price=101, remaining=size, size=size)
    for at in (LATE, 40, 60):
        book.reconcile(Listing((shown,), book.listing_requested(now=at)), now=at)
    assert conflicts(book) == []
    assert book.pending_count == 0
    assert sums(book) == (size, 0)


def test_listed_at_its_new_price_while_its_modify_is_on_its_way_it_may_be_from_before() -> None:
    book = new(8)
    modify(book, 1, 101, 5, now=2)
    shown = ListedOrder(1, "c", "buy", price=101, remaining=4, size=4)
    book.reconcile(Listing((shown,), book.listing_requested(now=5)), now=5)
    assert book.pending_count == 1


def test_filled_whole_and_past_its_fill_window_it_takes_up_what_its_modify_explains() -> None:
    book = new(2)
    modify(book, 1, 100, 5, now=2)
    fill(book, 1, 2, 3)
    assert state(book) is OrderState.FILLED or book.pending_count
    fill(book, 2, 1, 18)  # its fill window was over at 13
    assert book.get_active_oids() == {1}
    for at in (40, 60):
        listed(book, at, 2, 5)
    assert conflicts(book) == []
    assert sums(book) == (2, 0)


def test_told_as_over_and_past_its_fill_window_it_takes_nothing_up() -> None:
    book = new(2)
    modify(book, 1, 100, 5, now=2)
    fill(book, 1, 2, 3)
    book.order_status(1, "filled", now=3)
    fill(book, 2, 1, 18)
    assert not book.get_active_oids()
    (order,) = [leg for leg in book.legs("c") if leg.oid == 1]
    assert order.filled == 2


def test_a_listing_of_what_the_modify_before_asked_says_nothing_of_one_that_asks_the_same() -> None:
    book = new(2)
    modify(book, 1, 98, 8, now=2)
    fill(book, 1, 5, 3)
    second = modify(book, 1, 98, 8, now=4)
    listed(book, LATE, 3, 8, price=98)
    modify(book, 1, 98, 8, now=LATE)
    book.modify_confirmed("c", 1, request=second, now=LATE)
    listed(book, LATE, 3, 8, price=98)
    assert book.pending_count == 1  # the third is on its way still
    assert sum(sums(book)) >= 8
    for at in (40, 60):
        listed(book, at, 3, 8, price=98)
    assert book.pending_count == 0
    assert sums(book) == (3, 0)
    assert conflicts(book) == []


@pytest.mark.parametrize(("price", "size"), [(101, 10), (100, 10), (101, 5)])
def test_a_listing_from_before_an_amend_is_not_of_the_next_that_takes_it_back(
    price: int, size: int
) -> None:
    book = new(5)
    modify(book, 1, price, size, now=2)
    listed(book, 2, size, size, price=price)
    modify(book, 1, 100, 5, now=2)
    listed(book, 3, 5, 5)  # as it was at first, or is now
    assert book.pending_count == 1
    assert sum(sums(book)) >= size
    listed(book, 4, 5, 5)
    assert book.pending_count == (price == 100)  # smaller at its price, it may have been cut down
    listed(book, LATE, 5, 5)
    assert book.pending_count == 0
    assert sums(book) == (5, 5 if price == 100 else 0)  # nobody said what became of the modify
    assert conflicts(book) == []


@pytest.mark.parametrize("replaces", [False, True])
def test_a_smaller_size_at_its_price_is_no_amend_while_the_modify_may_be_on_its_way(
    replaces: bool,
) -> None:
    book = new(10)
    fill(book, 1, 1)
    second = modify(book, 1, 100, 6, now=2)
    listed(book, 3, 5, 6)  # it was accepted with no more, or amended
    assert book.pending_count == 1
    assert sum(sums(book)) >= 6
    book.modify_confirmed("c", 2 if replaces else 1, request=second)
    assert book.get_active_oids() == {2 if replaces else 1}
    if replaces:
        assert sums(book)[0] == 6
    else:
        listed(book, 10, 5, 6)
        assert sums(book) == (5, 0)
    assert conflicts(book) == []


@pytest.mark.parametrize("ends", [None, "filled", "cancelled"])
def test_listed_at_the_price_of_a_modify_that_was_taken_for_dead_it_was_amended(
    ends: str | None,
) -> None:
    book = new(5)
    modify(book, 1, 101, 5, now=2)
    book.tick(LATE)
    unknown(book)
    assert book.pending_count == 0
    if ends is not None:
        fill(book, 1, 5 if ends == "filled" else 3)
        book.order_status(1, ends)
    listed(book, LATE, 2, 5, price=101)  # of an order that is over, it is from before
    assert conflicts(book) == []
    order = book.get_order(1)
    assert order is not None
    assert order.is_open is (ends is None)
    assert order.price == (100 if ends == "cancelled" else 101)
    counted = {None: 5, "filled": 0, "cancelled": 2 + 5}  # the modify too, as it says nothing of it
    assert sum(sums(book)) == counted[ends]
