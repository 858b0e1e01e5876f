"""A book that begins afresh, and a cloid that had an order before it: what binds the new one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    BookConfig,
    Conflict,
    FillResult,
    ListedOrder,
    Listing,
    ReconcileResult,
    UnifiedOrderBook,
)

S = SECOND
OLD, NEW, SIZE = 7, 9, 5


def begun(*, rebased: bool = False, **facts: bool) -> UnifiedOrderBook:
    """Return a book with a request under a cloid that had the order `OLD` before the book."""
    book = UnifiedOrderBook(BookConfig(**facts))  # type: ignore[arg-type]
    if rebased:
        book.rebase(3, 50 * S, now=60 * S)
    book.register_pending("buy", 100, SIZE, cloid="mm-1", now=100 * S)
    book.drain_events()
    return book


def old_fill(book: UnifiedOrderBook, lots: int = 3) -> object:
    return book.process_fill(OLD, 1, lots, 100, True, cloid="mm-1", time=40 * S, now=101 * S)


def bounds(book: UnifiedOrderBook) -> bool:
    return book.pending_exposure("buy") + book.unsettled("buy") >= SIZE


@pytest.mark.parametrize("facts", [{"rebased": True}, {"times_comparable": True}], ids=str)
def test_a_fill_that_is_known_to_be_from_before_binds_nothing(facts: dict[str, bool]) -> None:
    book = begun(**facts)
    old_fill(book)
    assert book.get_pending_cloids() == {"mm-1"}
    assert bounds(book)
    book.finalize_order("mm-1", NEW, SIZE, "buy", 100, now=102 * S)
    assert book.get_active_oids() == {NEW}
    assert book.pending_exposure("buy") == SIZE


def test_rebased_it_does_not_count_the_fill_either() -> None:
    book = begun(rebased=True)
    assert old_fill(book) is None
    assert book.position == 3


@pytest.mark.parametrize("numbered", [False, True])
@pytest.mark.parametrize("lots", [3, SIZE])
def test_else_it_is_taken_for_its_own_until_the_answer_and_a_listing(
    numbered: bool, lots: int
) -> None:
    book = begun()
    assert isinstance(old_fill(book, lots), FillResult)
    assert not bounds(book)  # so the page says not to do this
    order = book.get_order("mm-1")
    assert order is not None
    request = order.request if numbered else None
    for _ in range(2):
        book.finalize_order("mm-1", NEW, SIZE, "buy", 100, request=request, now=102 * S)
        assert bounds(book)
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)
    asked = book.listing_requested(now=115 * S)
    book.reconcile(Listing([ListedOrder(NEW, "mm-1", "buy", remaining=SIZE, size=SIZE)], asked))
    assert book.get_active_oids() == {NEW}
    assert book.pending_exposure("buy") == SIZE
    assert book.drain_events() == ()


LATER = 200
"""When an order that was there before the book is modified."""
WORDS = st.sampled_from(("open", "cancelled", "filled", "rejected"))


def taken_over(taken_up: bool, **facts: bool) -> UnifiedOrderBook:
    """Return a book that began with an order, which was 7 before and is 8, and modifies it."""
    book = UnifiedOrderBook(BookConfig(**facts))  # type: ignore[arg-type]
    found = ListedOrder(8, "mm-1", "buy", price=100, remaining=SIZE, size=SIZE)
    if taken_up:
        book.rebase(0, 50 * S, orders=[found], now=60 * S)
    else:
        book.register_pending("buy", 100, SIZE, cloid="mm-1", now=60 * S)
        book.finalize_order("mm-1", 8, SIZE, "buy", 100)
        book.rebase(0, 50 * S)
    book.request_modify("mm-1", 101, SIZE, now=LATER * S)
    book.drain_events()
    return book


@given(
    st.lists(WORDS, min_size=1, max_size=4),
    st.booleans(),
    st.booleans(),
    st.integers(0, 10),
    st.sampled_from(("answer", "fill", "listing")),
)
def test_what_an_order_was_before_the_book_is_not_what_it_is_modified_to(
    words: list[str], taken_up: bool, ascends: bool, lag: int, shows: str
) -> None:
    book = taken_over(taken_up, oids_ascend=ascends)
    request = book.get_orders()[0].request
    for word in words:
        book.order_status(OLD, word, cloid="mm-1")
        assert book.get_active_oids() == {8}
        assert book.get_pending_cloids() == {"mm-1"}
    asked = book.listing_requested(now=(LATER + lag) * S)
    old = ListedOrder(OLD, "mm-1", "buy", price=100, remaining=SIZE, size=SIZE)
    result = book.reconcile(Listing([old], asked))  # it lags
    assert isinstance(result, ReconcileResult)
    assert not result.orphans_to_cancel
    assert book.get_pending_cloids() == {"mm-1"}
    assert bounds(book)
    match shows:
        case "answer":
            book.modify_confirmed("mm-1", NEW, request=request + 1)
        case "fill":
            book.process_fill(NEW, 1, 1, 101, True, cloid="mm-1", time=LATER * S)
        case "listing":
            asked = book.listing_requested(now=(LATER + 11) * S)
            new = ListedOrder(NEW, "mm-1", "buy", price=101, remaining=SIZE, size=SIZE)
            book.reconcile(Listing([new], asked))
    assert book.get_active_oids() == {NEW}
    assert book.get_pending_cloids() == frozenset()


def test_that_a_status_may_be_of_before_the_book_is_no_contradiction() -> None:
    book = taken_over(taken_up=False)
    book.order_status(NEW, "open", cloid="mm-1")
    assert book.drain_events() == ()
    assert bounds(book)


def test_so_it_is_once_the_book_is_saved() -> None:
    book = UnifiedOrderBook.from_json(taken_over(taken_up=True).to_json())
    book.order_status(OLD, "cancelled", cloid="mm-1")
    assert book.get_active_oids() == {8}
