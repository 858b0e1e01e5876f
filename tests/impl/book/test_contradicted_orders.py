"""What becomes of an order that words contradict each other about; and what contradicts nothing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sized import CONFIG
from truebook.impl import (
    Conflict,
    ListedOrder,
    Listing,
    ModifyRequested,
    OrderState,
    UnifiedOrderBook,
)

PRICE = Decimal(100)

Message = Callable[[UnifiedOrderBook], Any]


def new(size: int = 5, *, answered: bool = True) -> UnifiedOrderBook:
    """Return a book with one order to buy."""
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", PRICE, size, cloid="c", now=0)
    if answered:
        book.finalize_order("c", 1, size, "buy", PRICE, now=1)
    return book


def fill(book: UnifiedOrderBook, tid: int, size: int, *, crossed: bool = False) -> Any:
    return book.process_fill(1, tid, size, PRICE, True, cloid="c", time=tid, crossed=crossed)


def reconcile(book: UnifiedOrderBook, **listed: Any) -> Any:
    whole: dict[str, Any] = {"cloid": "c", "side": "buy", "price": PRICE, "remaining": 5, "size": 5}
    order = ListedOrder(oid=1, **(whole | listed))
    return book.reconcile(Listing((order,), book.listing_requested()))


def reasons(book: UnifiedOrderBook) -> list[str]:
    return [event.reason for event in book.drain_events() if isinstance(event, Conflict)]


def state(book: UnifiedOrderBook) -> OrderState:
    order = book.get_order("c")
    assert order is not None
    return order.state


def counts(book: UnifiedOrderBook) -> tuple[int, ...]:
    """Return what is expected of the position, what can still trade, and what is unsettled."""
    sums = (book.expected_position, book.pending_exposure("buy"), book.unsettled("buy"))
    return tuple(map(int, sums))


def total(book: UnifiedOrderBook) -> Decimal:
    """Return the most that may have traded and still can."""
    return book.position + book.pending_exposure("buy") + book.unsettled("buy")


ABOVE: dict[str, tuple[Message, str]] = {
    "an answer": (
        lambda book: book.finalize_order("c", 1, 0, "buy", PRICE, filled_size=50),
        "its answer says that 50 filled, of 5",
    ),
    "an immediate fill": (
        lambda book: book.handle_immediate_fill("c", 1, 50, PRICE, True),
        "its answer says that 50 filled, of 5",
    ),
    "an answer with more left": (
        lambda book: book.finalize_order("c", 1, 4, "buy", PRICE, filled_size=2),
        "its answer says that 2 filled and 4 rests, of 5",
    ),
    "a status of an open order": (
        lambda book: book.order_status(1, "open", cloid="c", filled=50),
        "a status says that 50 filled, of 5",
    ),
}


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("case", ABOVE)
def test_more_than_the_size_is_reported_once_and_not_believed(case: str, answered: bool) -> None:
    message, reason = ABOVE[case]
    book, other = new(answered=answered), new(answered=answered)
    for _ in range(3):
        message(book)
    assert reasons(book) == [reason]
    other.finalize_order("c", 1, 5, "buy", PRICE)
    assert book.get_order("c") == other.get_order("c")
    assert counts(book) == (0, 5, 0)


def test_the_answer_to_a_modify_that_says_more_than_its_size_is_reported() -> None:
    book = new()
    book.request_modify(1, PRICE, 3)
    book.modify_confirmed("c", 2, filled_size=50)
    assert reasons(book) == ["its answer says that 50 filled, of 3"]
    assert book.expected_position == 0
    assert book.pending_exposure("buy") == 3


@pytest.mark.parametrize("word", ["filled", "cancelled", "rejected"])
def test_a_last_word_above_the_size_ends_the_order_and_it_counts_whole(word: str) -> None:
    book = new()
    book.order_status(1, word, filled=50, now=2)
    assert reasons(book) == ["a status says that 50 filled, of 5"]
    assert counts(book) == (0, 0, 5)
    fill(book, 1, 5, crossed=True)
    assert counts(book) == (5, 0, 0)
    assert state(book) is OrderState.FILLED
    assert reasons(book) == []


PAIRS: dict[str, tuple[Message, Message, str]] = {
    "cancelled with nothing filled, and a fill": (
        lambda book: book.order_status(1, "cancelled", cloid="c", filled=0),
        lambda book: fill(book, 1, 3),
        "a last word says that 0 filled, and 3 has",
    ),
    "cancelled with 2 filled, and a fill of 3": (
        lambda book: book.order_status(1, "cancelled", cloid="c", filled=2),
        lambda book: fill(book, 1, 3),
        "a last word says that 2 filled, and 3 has",
    ),
    "cancelled with nothing filled, and filled whole": (
        lambda book: book.order_status(1, "cancelled", cloid="c", filled=0),
        lambda book: fill(book, 1, 5),
        "a last word says that 0 filled, and 5 has",
    ),
    "two last words": (
        lambda book: book.order_status(1, "cancelled", cloid="c", filled=2),
        lambda book: book.order_status(1, "filled", cloid="c"),
        "a last word says that 2 filled, and 5 has",
    ),
    "a last word, and an answer that says more": (
        lambda book: book.order_status(1, "cancelled", cloid="c", filled=1),
        lambda book: book.finalize_order("c", 1, 3, "buy", PRICE, filled_size=2),
        "a last word says that 1 filled, and 2 has",
    ),
    "rejected, and filled while resting": (
        lambda book: book.order_status(1, "rejected", cloid="c"),
        lambda book: fill(book, 1, 3),
        "it is told as rejected, and 3 of it filled while resting",
    ),
    "rejected with nothing filled, and filled on arrival": (
        lambda book: book.order_status(1, "rejected", cloid="c", filled=0),
        lambda book: fill(book, 1, 3, crossed=True),
        "a last word says that 0 filled, and 3 has",
    ),
    "filled whole on arrival, and while resting": (
        lambda book: book.handle_immediate_fill("c", 1, 5, PRICE, True),
        lambda book: fill(book, 1, 2),
        "its answer says that 5 filled on arrival, and 2 filled since, of 5",
    ),
}


@pytest.mark.parametrize("case", PAIRS)
def test_a_pair_of_words_is_reported_once_whichever_comes_first(case: str) -> None:
    one, other, reason = PAIRS[case]
    books = []
    for messages in ((one, other), (other, one)):
        book = new()
        for message in (*messages, *messages):
            message(book)
        assert reasons(book) == [reason]
        assert total(book) >= 5
        books.append(book)
    assert books[0] == books[1]
    assert books[0].unsettled("buy") == books[1].unsettled("buy")


def test_filled_with_a_part_of_it_is_two_words_in_one() -> None:
    book = new()
    for _ in range(2):
        book.order_status(1, "filled", filled=2, now=2)
    assert reasons(book) == ["it is told as filled, with 2 of 5"]
    assert state(book) is OrderState.CANCEL_CONFIRMED
    assert counts(book) == (0, 0, 5)
    book.tick(12)
    assert state(book) is OrderState.CANCELLED
    assert counts(book) == (0, 0, 0)


def test_refused_by_its_answer_and_known_at_the_venue() -> None:
    first, last = new(answered=False), new(answered=False)
    first.order_rejected("c", "no")
    fill(first, 1, 3)
    fill(last, 1, 3)
    for _ in range(2):
        assert isinstance(last.order_rejected("c", "no"), Conflict)
    assert reasons(first) == ["it was told as refused, and is known at the venue"]
    assert reasons(last) == ["refused (no), but known at the venue"]
    assert first == last
    assert total(first) == 5
    assert state(first) is OrderState.PARTIALLY_FILLED


def test_refused_under_its_own_oid_it_is_over_and_did_not_rest() -> None:
    book = new()
    fill(book, 1, 1)
    for _ in range(2):
        book.order_rejected("c", "no", oid=1)
    assert reasons(book) == ["it is told as rejected, and 1 of it filled while resting"]
    fill(book, 2, 4)
    assert state(book) is OrderState.FILLED
    book.order_status(1, "filled")
    assert reasons(book) == []


def test_a_refusal_may_be_of_another_request_where_an_order_was_modified() -> None:
    book = new()
    book.request_modify(1, PRICE, 6)
    book.modify_failed("c", "no")
    fill(book, 1, 3)
    book.process_fill(2, 2, 3, PRICE, True, cloid="c", time=2)
    assert reasons(book) == []


def test_refusals_of_an_order_that_was_modified_are_each_reported() -> None:
    book = new()
    book.request_modify(1, PRICE, 6)
    book.modify_confirmed("c", 2)
    for now in (2, 30):  # the old oid is known, and then forgotten
        for oid in (8, 9):
            book.order_rejected("c", "no", oid=oid, now=now)
            assert reasons(book) == ["refused (no), but known at the venue"]
    assert len(book.legs("c")) == 1


def test_what_comes_after_the_fill_window_is_held_against_the_last_word() -> None:
    late: dict[str, tuple[Message, bool]] = {
        "a fill": (lambda book: fill(book, 1, 3), True),
        "as much as it said": (lambda book: fill(book, 1, 2), False),
        "another last word": (lambda book: book.order_status(1, "filled"), True),
        "a status with less": (lambda book: book.order_status(1, "open", filled=1), False),
        "the same": (lambda book: book.order_status(1, "cancelled", filled=2), False),
        "a last word with less": (lambda book: book.order_status(1, "cancelled", filled=1), True),
    }
    for name, (message, contradicts) in late.items():
        book = new()
        book.order_status(1, "cancelled", filled=2, now=2)
        book.tick(12)
        before = book.get_order("c")
        message(book)
        message(book)
        assert len(reasons(book)) == contradicts, name
        assert book.get_order("c") == before


def test_late_news_contradicts_nothing() -> None:
    book = new(answered=False)
    fill(book, 1, 1, crossed=True)
    fill(book, 2, 2)
    book.order_status(1, "cancelled", filled=3)
    book.finalize_order("c", 1, 4, "buy", PRICE, filled_size=1)
    book.order_status(1, "open", filled=1)
    book.order_status(1, "open", filled=3)
    reconcile(book, remaining=4)
    book.order_status(1, "cancelled")
    book.order_status(1, "cancelled", filled=3)
    book.cancel_not_open(1)
    assert book.drain_events() == ()


def test_what_took_liquidity_on_arrival_may_be_rejected() -> None:
    book = new(answered=False)
    fill(book, 1, 3, crossed=True)
    book.order_status(1, "rejected", cloid="c")
    assert book.drain_events() == ()


@given(
    listed=st.fixed_dictionaries(
        {},
        optional={
            "cloid": st.sampled_from(["c", "d"]),
            "side": st.sampled_from(["buy", "sell"]),
            "price": st.integers(99, 101),
        },
    ),
    filled=st.integers(0, 4),
    left=st.integers(0, 5),
)
def test_an_order_that_is_listed_otherwise_stays_as_it_is_known(
    listed: dict[str, Any], filled: int, left: int
) -> None:
    """At another price it may have been modified by somebody else: its sizes are the venue's."""
    book = new()
    if filled:
        fill(book, 1, filled)
    before = book.get_order("c")
    known = {"cloid": "c", "side": "buy", "price": PRICE, "size": 5}
    differing = sum(known[name] != value for name, value in listed.items())
    as_known = book.copy()
    for _ in range(3):
        reconcile(book, **listed, remaining=left)
        reconcile(as_known, **{**listed, "price": PRICE}, remaining=left)
    assert len(reasons(book)) == differing
    if {"cloid", "side"} & {name for name, value in listed.items() if known[name] != value}:
        assert book.get_order("c") == before
    assert counts(book) == counts(as_known)  # its size is its size at any price
    assert total(book) == 5


@given(size=st.integers(1, 9), data=st.data())
def test_an_order_that_somebody_else_modified_counts_with_the_size_that_is_listed(
    size: int, data: st.DataObject
) -> None:
    """It is taken for our own modify, be that on its way, lost or refused."""
    book = new()
    asked = book.request_modify(1, 99, 1)
    assert isinstance(asked, ModifyRequested)
    if data.draw(st.booleans(), label="ours was refused"):
        book.modify_failed("c", request=asked.request)
    book.tick(CONFIG.settled + 10)
    left = data.draw(st.integers(1, size))
    order = ListedOrder(2, "c", "buy", price=98, remaining=left, size=size)
    book.reconcile(Listing((order,), book.listing_requested()))
    assert book.get_active_oids() == {2}
    assert book.pending_exposure("buy") == left
    shown = book.get_order(2)
    assert shown is not None
    assert shown.size == size


def test_an_order_first_known_by_a_listing_is_ours_however_it_is_listed() -> None:
    book = new(answered=False)
    assert reconcile(book, side="sell", price=99, size=7, remaining=7).recovered == (1,)
    assert reasons(book) == [
        "it is listed for the other side",
        "it is listed at the price 99, not 100",
    ]
    assert counts(book) == (0, 5, 0)
    assert book.pending_exposure("sell") == 0


def test_presence_is_believed_of_an_order_that_is_listed_otherwise() -> None:
    book = new()
    book.request_cancel(1)
    book.tick(CONFIG.settled + 10)
    reconcile(book, price=99)
    assert state(book) is OrderState.RESTING
