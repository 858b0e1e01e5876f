"""A book that begins afresh, and a cloid that had an order before it: what binds the new one."""

import pytest

from truebook.impl import (
    SECOND,
    BookConfig,
    Conflict,
    FillResult,
    ListedOrder,
    Listing,
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
