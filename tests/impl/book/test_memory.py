"""A book's memory stays bounded, and a book says what it is."""

from decimal import Decimal

from order_books import CONFIG
from truebook.impl import UnifiedOrderBook

ONE = Decimal(1)


def test_memory_stays_bounded_over_many_orders() -> None:
    book = UnifiedOrderBook(CONFIG)
    most = 0
    for n in range(5_000):
        cloid = book.register_pending("buy", ONE, 1, now=n)
        book.finalize_order(cloid, f"o{n}", 1, "buy", ONE)
        book.process_fill(f"o{n}", n, 1, ONE, True, time=n)
        book.process_fill(f"x{n}", -n - 1, 1, ONE, False, time=n)
        most = max(most, len(book.get_orders()) if n % 500 == 0 else 0)
    ledger = book._ledger
    assert most <= CONFIG.remembered
    for held in (ledger.by_cloid, ledger.by_oid, ledger.closing, ledger.leaving):
        assert len(held) <= CONFIG.remembered
    assert len(ledger.early.queue) <= CONFIG.max_tracked_tids
    assert len(ledger.memory._in_order) + len(ledger.memory._late) == CONFIG.max_tracked_tids


def test_a_book_is_true_and_says_what_it_is(book: UnifiedOrderBook) -> None:
    assert UnifiedOrderBook()
    assert repr(book) == "<UnifiedOrderBook position=0 open=1 pending=0 now=0>"
