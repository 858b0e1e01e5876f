"""A book to which much has happened."""

from decimal import Decimal
from typing import Any

from truebook.impl import SECOND, ListedOrder, Listing, Side, UnifiedOrderBook
from truebook.impl.views.metrics import Metrics


def busy() -> tuple[UnifiedOrderBook, Metrics]:
    """A book to which much has happened, and the metrics that were told of it."""
    book = UnifiedOrderBook()
    metrics = Metrics(book)

    def told(method: str, *args: Any, **kwargs: Any) -> Any:
        result = getattr(book, method)(*args, **kwargs)
        metrics.told(method, result)
        return result

    one, two = (told("register_pending", Side.BUY, 100, 10, now=1) for _ in range(2))
    told("finalize_order", one, 1, 6, Side.BUY, 100, filled_size=4)
    for _ in range(2):
        told("process_fill", 1, 1, 3, 100, True, cloid=one, time=1, crossed=True)
    told("process_fill", 9, 2, 5, 101, False, time=2)
    told("request_modify", "nobody", 1, 1)
    told("request_cancel", "nobody")
    for second in (1, 10):
        request = told("listing_requested", now=second * SECOND)
        orphan = ListedOrder(77, "theirs", Side.SELL, price=Decimal(100), remaining=Decimal(2))
        told("reconcile", Listing((ListedOrder(1, one), ListedOrder(2, two), orphan), request))
    told("listing_failed")
    told("position_reported", 50)
    told("request_cancel", 1)
    metrics.attended(book.drain_events())
    return book, metrics
