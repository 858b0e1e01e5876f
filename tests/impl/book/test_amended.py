"""A modify that keeps the oid: the order itself is amended, and no second one is made."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sized import fill, listed, modify, new, state, sums
from truebook.impl import (
    AlreadyTracked,
    Ambiguous,
    Conflict,
    FromPending,
    ListedOrder,
    Listing,
    ListingRequest,
    OrderState,
    Overfill,
    UnifiedOrderBook,
)


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


@pytest.mark.parametrize("asked_at", [39, 40, 41])
def test_a_listing_that_may_be_from_before_an_amend_may_have_its_price(asked_at: int) -> None:
    book = new(10)
    request = modify(book, 1, 101, 15, now=38)
    book.modify_confirmed("c", 1, request=request, now=40)
    old = ListedOrder(1, "c", "buy", price=100, remaining=10, size=10)
    book.reconcile(Listing((old,), ListingRequest(asked_at)), now=41)
    assert not book.drain_events()
    listed(book, 60, 15, 15, price=100)
    assert [type(one) for one in book.drain_events()] == [Conflict]  # newer than the amend


@given(
    size=st.integers(1, 5),
    new_size=st.integers(1, 9),
    carries=st.booleans(),
    word=st.sampled_from(["filled", "cancelled"]),
    amount=st.booleans(),
    data=st.data(),
)
def test_what_an_amended_order_comes_to_may_be_heard_before_the_answer(
    size: int, new_size: int, carries: bool, word: str, amount: bool, data: st.DataObject
) -> None:
    """Its last word, its fills and the answer, in any order: the sums bound what has traded."""
    book = new(size)
    before = data.draw(st.integers(0, min(size, new_size) - 1), "filled before")
    for tid in range(before):
        fill(book, tid, 1, 2)
    request = modify(book, 1, 101, new_size, now=3)
    left = new_size - before if carries else new_size
    after = left if word == "filled" else data.draw(st.integers(0, left), "filled since")
    filled = before + after if amount else None
    words: dict[str, Callable[[], object]] = {
        "answer": lambda: book.modify_confirmed("c", 1, request=request, now=4),
        word: lambda: book.order_status(1, word, filled=filled, now=4),
        "fills": lambda: [fill(book, before + tid, 1, 4) for tid in range(after)],
    }
    for name in data.draw(st.permutations(sorted(words)), "order of arrival"):
        words[name]()
        assert book.position + sum(sums(book)) >= before + after
        early = {Overfill} if name == "fills" else set()
        assert {type(one) for one in book.drain_events()} <= early
    assert book.position == before + after
    assert sums(book)[0] == 0
    assert book.pending_count == 0
    assert state(book) in (OrderState.FILLED, OrderState.CANCELLED, OrderState.CANCEL_CONFIRMED)
    book.tick(14)
    assert sums(book) == (0, 0)


@given(size=st.integers(2, 9), new_size=st.integers(1, 8), numbered=st.booleans())
def test_the_answer_to_the_order_may_come_after_that_to_its_amend(
    size: int, new_size: int, numbered: bool
) -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, size, cloid="c", now=0)
    book.order_status(1, "open", cloid="c")
    request = modify(book, 1, 101, new_size)
    book.modify_confirmed("c", 1, request=request)
    book.finalize_order("c", 1, size, "buy", 100, request=1 if numbered else None)
    assert book.drain_events() == ()
    assert sums(book) == (new_size, 0)


def test_what_an_unanswered_amend_explains_is_taken_for_it_once_a_listing_is_newer() -> None:
    book = new(10)
    modify(book, 1, 101, 4, now=2)
    book.order_status(1, "filled", cloid="c", filled=6, now=3)
    assert sums(book) == (4, 10)
    book.reconcile(Listing((), book.listing_requested(now=8)), now=8)
    assert [state(book), sums(book), book.pending_count] == [OrderState.FILLED, (0, 6), 0]
    assert not book.drain_events()


@pytest.mark.parametrize("word", ["open", "filled", "cancelled"])
def test_more_than_the_size_may_be_told_before_the_fills_that_an_amend_explains(word: str) -> None:
    book = new(3)
    modify(book, 1, 101, 2, now=2)
    book.order_status(1, word, cloid="c", filled=5, now=3)  # 3 filled before it, whose fills come
    assert sum(sums(book)) == 5
    for tid in range(5):
        fill(book, tid, 1, 4)
    assert [book.position, sums(book), state(book)] == [5, (0, 0), OrderState.FILLED]
    assert not book.drain_events()
