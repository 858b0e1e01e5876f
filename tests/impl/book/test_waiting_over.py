"""What ends an order that waits, or was triggered, and what contradicts that."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    Conflict,
    ListedOrder,
    Listing,
    ModifyRequested,
    OrderState,
    OrderStatus,
    UnifiedOrderBook,
)

S = SECOND
Message = Callable[[UnifiedOrderBook], Any]


def stop(size: int = 5, oid: int | None = 2) -> UnifiedOrderBook:
    """Return a book with the position 7 and an order "c" to sell that waits."""
    book = UnifiedOrderBook()
    book.process_fill(9, 1, 7, 100, True, time=1, now=0)
    book.register_pending("sell", 90, size, cloid="c", trigger=95)
    book.order_waits("c", oid=oid, request=1, now=1 * S)
    book.drain_events()
    return book


def listing(book: UnifiedOrderBook, at: int, *orders: ListedOrder, covers: bool = True) -> None:
    request = book.listing_requested(now=at * S)
    book.reconcile(Listing(orders, request, covers_triggers=covers))


def state(book: UnifiedOrderBook, oid: int | str = "c") -> OrderState:
    order = book.get_order(oid)
    return OrderState.ABSENT if order is None else order.state


def counted(book: UnifiedOrderBook) -> tuple[int, int]:
    return int(book.pending_exposure("sell")), int(book.waiting_exposure("sell"))


@pytest.mark.parametrize(("size", "counts"), [(5, 5), (0, 7)])
def test_one_told_over_that_is_listed_as_waiting_waits_again(size: int, counts: int) -> None:
    book = stop(size)
    book.order_status(2, "cancelled", cloid="c", filled=0, now=2 * S)
    assert counted(book) == (0, 0)
    listing(book, 30, ListedOrder(2, "c", "sell", remaining=size, size=size, trigger=True))
    assert [state(book), counted(book)] == [OrderState.WAITING, (counts, counts)]
    assert [type(event) for event in book.drain_events()] == [Conflict]
    assert UnifiedOrderBook.from_json(book.to_json()) == book
    listing(book, 60)
    assert counted(book) == (0, 0)


def test_one_told_over_that_is_listed_under_a_new_oid_trades() -> None:
    book = stop()
    book.order_status(2, "cancelled", cloid="c", filled=0, now=2 * S)
    listing(book, 30, ListedOrder(3, "c", "sell", remaining=5, size=5, trigger=False))
    assert [book.get_active_oids(), counted(book)] == [{3}, (5, 0)]
    assert [type(event) for event in book.drain_events()] == [Conflict]


@pytest.mark.parametrize("word", ["not open", "triggered"])
def test_one_told_not_to_wait_that_is_listed_as_waiting_is_in_no_other_listing(word: str) -> None:
    book = stop()
    if word == "triggered":
        book.order_status(2, "triggered", cloid="c", now=2 * S)
    else:
        book.request_cancel("c", now=2 * S)
        book.cancel_not_open(2, now=2 * S)
    listing(book, 30, ListedOrder(2, "c", "sell", remaining=5, size=5, trigger=True))
    listing(book, 60, ListedOrder(9, "z", "buy"), covers=False)
    assert [state(book), counted(book)] == [OrderState.WAITING, (5, 5)]
    listing(book, 90)
    assert counted(book) == (0, 0)


@pytest.mark.parametrize("size", [5, 0])
def test_one_that_is_forgotten_and_listed_as_waiting_is_taken_up(size: int) -> None:
    book = stop(size)
    book.order_status(2, "cancelled", cloid="c", filled=0, now=2 * S)
    book.tick(500 * S)
    assert book.legs("c") == ()
    listing(book, 501, ListedOrder(2, "c", "sell", remaining=size, size=size, trigger=True))
    assert [state(book), counted(book)] == [OrderState.WAITING, (size or 7,) * 2]
    assert UnifiedOrderBook.from_json(book.to_json()) == book


def test_one_that_closes_the_position_counts_once_where_it_was_taken_to_trade() -> None:
    book = stop(size=0)
    book.order_status(2, "open", cloid="c", now=2 * S)
    assert counted(book) == (7, 0)
    listing(book, 30, ListedOrder(2, "c", "sell", remaining=0, size=0, trigger=True))
    assert [state(book), counted(book)] == [OrderState.WAITING, (7, 7)]


def test_one_told_over_and_named_anew_ages_with_the_order() -> None:
    book = stop()
    book.order_status(2, "cancelled", cloid="c", filled=0, now=2 * S)
    book.order_status(3, "open", cloid="c", now=3 * S)
    assert not book.get_active_oids()
    book.tick(3 * S + book.config.fill_window_duration + book.config.tombstone_duration)
    assert book.legs("c") == ()


def test_cancels_that_are_not_open_do_not_put_off_the_end_of_what_was_triggered() -> None:
    book = stop()
    book.order_status(2, "triggered", cloid="c", now=2 * S)
    for at in range(3, 30, 5):
        asked = book.request_cancel("c", now=at * S)
        book.cancel_not_open(2, request=getattr(asked, "request", None), now=(at + 1) * S)
    listing(book, 30)
    assert counted(book) == (0, 0)


def test_a_refused_modify_is_forgotten_without_the_order_that_it_was_of() -> None:
    book = stop()
    book.order_status(2, "triggered", cloid="c", now=2 * S)
    asked = book.request_modify(2, 91, 6, now=3 * S)
    assert isinstance(asked, ModifyRequested)
    book.modify_failed("c", "no", request=asked.request, now=4 * S)
    remembered = book.config.fill_window_duration + book.config.tombstone_duration
    listing(book, remembered // S)
    assert book.unsettled("sell") == 5
    book.tick(remembered + 4 * S)
    assert [len(book.legs("c")), book.unsettled("sell")] == [1, 5]
    book.tick(3 * remembered)
    assert [len(book.legs("c")), book.unsettled("sell")] == [0, 0]


def test_what_is_told_open_is_open_however_much_of_it_has_filled() -> None:
    """One that closes the position has no size of its own: open, it has more than what filled."""
    book = stop(size=0)
    book.order_status(3, "open", cloid="c", filled=7)
    assert book.get_active_oids() == {3}
    assert counted(book) == (7, 0)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("fill"), st.sampled_from([3, 9]), st.integers(1, 5)),
            st.tuples(st.just("listing"), st.integers(0, 6), st.booleans()),
            st.tuples(st.just("status"), st.sampled_from(list(OrderStatus)), st.integers(0, 6)),
        ),
        max_size=6,
    )
)
def test_what_closes_the_position_is_kept_whatever_is_told_of_it(told: list[Any]) -> None:
    book = stop(size=0, oid=None)
    for number, (kind, one, two) in enumerate(told, 2):
        if kind == "fill":
            cloid, oid = ("c", 3) if one == 3 else (None, 9)
            book.process_fill(oid, number, two, 95, False, cloid=cloid, time=number)
        elif kind == "status":
            book.order_status(3, one, cloid="c", filled=two)
        else:
            size = one if two else None
            row = ListedOrder(3, "c", "sell", remaining=min(one, 2), size=size, trigger=False)
            listing(book, 20 * number, row)
        assert UnifiedOrderBook.from_json(book.to_json()) == book


@pytest.mark.parametrize(
    "other",
    [
        lambda book: book.process_fill(2, 2, 5, 95, False, cloid="c", time=2),
        lambda book: book.order_status(2, "filled", cloid="c", filled=5),
        lambda book: book.order_status(2, "cancelled", cloid="c", filled=0),
    ],
)
def test_that_it_is_triggered_may_be_told_after_what_became_of_it(other: Message) -> None:
    def triggered(book: UnifiedOrderBook) -> None:
        book.order_status(2, "triggered", cloid="c")

    in_every_order(2, triggered, other)


def test_its_cancel_may_be_told_by_its_oid_and_by_its_cloid() -> None:
    book = stop(oid=None)
    asked = book.request_cancel("c").request  # type: ignore[union-attr]
    in_every_order(
        None,
        lambda book: book.order_status(2, "cancelled", cloid="c", filled=0),
        lambda book: book.cancel_confirmed("c", request=asked),
        first=lambda book: book.request_cancel("c"),
    )


def in_every_order(oid: int | None, *messages: Message, first: Message | None = None) -> None:
    books = []
    for order in permutations(messages):
        for again in ((), order, order[::-1]):
            book = stop(oid=oid)
            book.tick(2 * S)
            for message in (*(() if first is None else (first,)), *order, *again):
                message(book)
            books.append(book)
    assert all(book == books[0] for book in books)
