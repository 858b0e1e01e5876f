"""A book with one order whose size the venue changes, and what is told and seen of it."""

from collections.abc import Callable
from typing import Any

from truebook.impl import (
    BookConfig,
    Conflict,
    ListedOrder,
    Listing,
    ModifyRequested,
    OrderState,
    UnifiedOrderBook,
)

CONFIG = BookConfig(
    expected_cloid_ttl=3,
    finalized_protection=1,
    fill_window_duration=10,
    tombstone_duration=10,
    listing_timeout=5,
)
Message = Callable[[UnifiedOrderBook], Any]
LIVE = (OrderState.RESTING, OrderState.PARTIALLY_FILLED)


def new(size: int = 10, side: str = "buy") -> UnifiedOrderBook:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending(side, 100, size, cloid="c", now=0)
    book.finalize_order("c", 1, size, side, 100, now=1)
    return book


def listed(
    book: UnifiedOrderBook,
    at: int,
    left: int | None,
    size: int | None,
    *,
    price: int = 100,
    **more: Any,
) -> Any:
    asked = book.listing_requested(now=at)
    order = ListedOrder(1, "c", more.get("side", "buy"), price=price, remaining=left, size=size)
    return book.reconcile(Listing((order,), asked), now=at)


def fill(book: UnifiedOrderBook, tid: int, size: int, at: int | None = None, **more: Any) -> Any:
    return book.process_fill(1, tid, size, 100, more.get("buy", True), time=tid + 1, now=at)


def modify(book: UnifiedOrderBook, oid: int, price: int, size: int, **more: Any) -> int:
    """Ask for a modify, and return its number."""
    asked = book.request_modify(oid, price, size, **more)
    assert isinstance(asked, ModifyRequested)
    return asked.request


def sums(book: UnifiedOrderBook, side: str = "buy") -> tuple[int, int]:
    return int(book.pending_exposure(side)), int(book.unsettled(side))


def state(book: UnifiedOrderBook) -> OrderState:
    order = book.get_order("c")
    assert order is not None
    return order.state


def conflicts(book: UnifiedOrderBook) -> list[str]:
    return [event.reason for event in book.drain_events() if isinstance(event, Conflict)]
