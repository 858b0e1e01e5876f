"""Measure what a shadow costs an event, beyond the tracker and the reference themselves."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from truebook.impl import Side, UnifiedOrderBook
from truebook.impl.shadow import ShadowBook

SIZE, HALF, PRICE = Decimal(1), Decimal("0.5"), Decimal("100.5")
ORDERS, EVENTS, ROUNDS = 20_000, 4, 5


def lives(*books: Any, cycle: Callable[[int], object] = lambda now: None) -> float:
    """Tell each book the lives of orders, every fourth event a quote cycle; return the seconds."""
    started = time.perf_counter()
    for n in range(1, ORDERS + 1):
        now = n * 1_000_000
        cloid = f"c{n}"
        for book in books:
            book.register_pending(Side.BUY, PRICE, SIZE, cloid=cloid, now=now)
        for book in books:
            book.finalize_order(cloid, n, SIZE, Side.BUY, PRICE, now=now)
        for tid in (2 * n, 2 * n + 1):
            for book in books:
                book.process_fill(n, tid, HALF, PRICE, True, cloid=cloid, time=now, now=now)
        cycle(now)
    return time.perf_counter() - started


def main() -> None:
    """Print the time an event takes both books, and what the shadow adds; the best of some."""
    alone, shadowed = [], []
    for _ in range(ROUNDS):
        alone.append(lives(UnifiedOrderBook(), UnifiedOrderBook()))
        shadow = ShadowBook(UnifiedOrderBook(), UnifiedOrderBook())
        shadowed.append(lives(shadow, cycle=shadow.compare))
        if shadow.divergence is not None or shadow.failures or shadow.refused:
            raise RuntimeError(f"the books differ: {shadow.divergence} {shadow.last_failure}")
    events = ORDERS * EVENTS
    both, with_shadow = min(alone) / events * 1e6, min(shadowed) / events * 1e6
    print(f"{both:8.2f} µs an event for two books")
    print(f"{with_shadow - both:8.2f} µs more with a shadow that compares after every fourth event")


if __name__ == "__main__":
    main()
