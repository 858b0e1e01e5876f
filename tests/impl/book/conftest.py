"""The book that tests of it begin with."""

import pytest

from order_books import CONFIG
from truebook.impl import UnifiedOrderBook


@pytest.fixture
def book() -> UnifiedOrderBook:
    """Return a book with one order of 10 resting since 0."""
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    book.finalize_order("c1", "A", 10, "buy", 100)
    return book
