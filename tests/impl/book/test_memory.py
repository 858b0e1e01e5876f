"""A book's memory stays bounded, and an order takes little of it."""

import json
import tracemalloc
from decimal import Decimal

from order_books import CONFIG
from truebook.impl import BookConfig, ListedOrder, Listing, UnifiedOrderBook

ONE = Decimal(1)
MOST = 900
"""Bytes that an order takes, with numbers and texts of its own, when its fills are forgotten."""


def live(book: UnifiedOrderBook, orders: range) -> None:
    """Let orders live, each with two fills, and with numbers and texts of its own."""
    for n in orders:
        now = n * 1_000_000
        cloid = book.register_pending("buy", Decimal("100.5"), Decimal(1), now=now)
        book.finalize_order(cloid, n, 1, "buy", Decimal("100.5"))
        for tid in (2 * n, 2 * n + 1):
            book.process_fill(n, tid, Decimal("0.5"), Decimal("100.5"), True, time=now)


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


def test_an_order_takes_no_more_than_it_may() -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=1))
    n = 5_000  # the dicts that orders are in are as full as they get on average
    tracemalloc.start()
    try:
        live(book, range(1, n + 1))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / n < MOST


def test_orders_share_what_is_to_be_said_of_none_of_them() -> None:
    book = UnifiedOrderBook()
    live(book, range(1, 4))
    for one in (book, UnifiedOrderBook.from_json(json.loads(json.dumps(book.to_json())))):
        legs = one._ledger.by_oid.values()
        for shared in ("terms", "course", "number"):
            assert len({id(getattr(leg, shared)) for leg in legs}) == 1, shared
    for kind in ("gtc", "ioc", "alo"):
        cloids = [book.register_pending("buy", 1, 1, time_in_force=kind) for _ in range(2)]
        first, second = (book._ledger.by_cloid[cloid] for cloid in cloids)
        assert first.terms is second.terms


def test_what_is_said_of_one_order_is_said_of_no_other() -> None:
    book = UnifiedOrderBook()
    live(book, range(1, 4))
    row = ListedOrder(2, None, "sell", price=Decimal("100.5"), remaining=1, size=1)
    book.reconcile(Listing((row,), book.listing_requested(now=4_000_000)))
    disputed = [bool(leg.course.disputed) for leg in book._ledger.by_oid.values()]
    assert disputed == [False, True, False]


def test_a_book_is_true_and_says_what_it_is(book: UnifiedOrderBook) -> None:
    assert UnifiedOrderBook()
    assert repr(book) == "<UnifiedOrderBook position=0 open=1 pending=0 now=0>"
