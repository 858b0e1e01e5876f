"""That a contradiction was reported is remembered: saved, copied, in a journal, and from before."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from older_saves import as_of_version
from truebook.impl import BookConfig, Conflict, ListedOrder, Listing, Side, UnifiedOrderBook
from truebook.impl.journal.journaled_book import JournaledBook, verify

PRICE = Decimal(100)
CONFIG = BookConfig()


def placed(book: UnifiedOrderBook) -> UnifiedOrderBook:
    """Return a book with one order to buy."""
    book.register_pending("buy", PRICE, 5, cloid="c", now=0)
    book.finalize_order("c", 1, 5, "buy", PRICE, now=1)
    return book


def new() -> UnifiedOrderBook:
    return placed(UnifiedOrderBook(CONFIG))


def fill(book: UnifiedOrderBook, tid: int, size: int) -> None:
    book.process_fill(1, tid, size, PRICE, True, cloid="c", time=tid, crossed=False)


def reasons(book: UnifiedOrderBook) -> list[str]:
    return [event.reason for event in book.drain_events() if isinstance(event, Conflict)]


AGAIN: dict[str, Callable[[UnifiedOrderBook], UnifiedOrderBook]] = {
    "saved": lambda book: UnifiedOrderBook.from_json(json.loads(json.dumps(book.to_json()))),
    "copied": lambda book: book.copy(),
}


def contradict(book: UnifiedOrderBook) -> None:
    """Tell what contradicts in every way that an order can be contradicted in."""
    listed = ListedOrder(
        1, "d", Side.SELL, price=Decimal(99), remaining=Decimal(7), size=Decimal(7)
    )
    book.reconcile(Listing((listed,), book.listing_requested()))
    book.finalize_order("c", 1, 50, "buy", PRICE)
    book.order_rejected("c")
    book.order_status(1, "cancelled", filled=0)
    fill(book, 1, 3)


@pytest.mark.parametrize("again", AGAIN)
def test_what_was_reported_is_remembered_in_a_book_made_again(again: str) -> None:
    book = new()
    contradict(book)
    twin = AGAIN[again](book)
    assert twin == book
    assert len(reasons(book)) == 7
    assert len(reasons(twin)) == 7
    contradict(twin)
    assert twin.drain_events() == ()
    assert twin == book


def test_what_was_reported_is_remembered_by_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    for snapshot in (False, True):
        with JournaledBook(path, CONFIG) as book:
            if not snapshot:
                contradict(placed(book))
                assert len(reasons(book)) == 7
            contradict(book)
            assert book.drain_events() == ()
            book.snapshot()
    assert verify(path, replay=True).damage == ""


def test_a_book_saved_by_the_first_version_is_loaded() -> None:
    book = new()
    fill(book, 1, 2)
    book.order_status(1, "cancelled", filled=2)
    loaded = UnifiedOrderBook.from_json(as_of_version(book.to_json(), 1))
    assert loaded == book
    fill(loaded, 2, 1)
    assert reasons(loaded) == ["a last word says that 2 filled, and 3 has"]


def test_a_snapshot_of_the_first_version_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path, CONFIG) as book:
        placed(book)
        book.order_status(1, "filled")
        written = as_of_version(book.to_json(), 1)
        with monkeypatch.context() as patched:
            patched.setattr(JournaledBook, "to_json", lambda book: written)
            book.snapshot()
    assert verify(path, replay=True).damage == ""
    with JournaledBook(path) as book:
        assert book.get_order("c") is not None
