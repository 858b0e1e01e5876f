"""Books whose times are short, and questions to them that tests of the book share."""

from typing import Any

from truebook.impl import BookConfig, OrderState, ReconcileResult, UnifiedOrderBook

CONFIG = BookConfig(
    orphan_grace_period=5,
    expected_cloid_ttl=30,
    finalized_protection=10,
    fill_window_duration=60,
    tombstone_duration=60,
    cancel_timeout=5,
    listing_timeout=30,
    max_tracked_tids=4,
    cloid_seed=0,
)


def state(book: UnifiedOrderBook, id: str = "c1") -> OrderState:
    order = book.get_order(id)
    return OrderState.ABSENT if order is None else order.state


def reconcile(book: UnifiedOrderBook, *orders: Any, **options: Any) -> ReconcileResult:
    result = book.reconcile(orders, **options)
    assert isinstance(result, ReconcileResult)
    return result
