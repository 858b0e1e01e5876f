"""Measure hummingbot's `ClientOrderTracker` on the lives of bench/book.py: lives a second.

Run by bench/book.py in `.venv-trackers`. Updates are awaited as they come, which is cheaper than
the task that its connectors start for each.
"""

import asyncio
import json
import logging
import sys
import time
from decimal import Decimal
from types import SimpleNamespace

from hummingbot.connector.client_order_tracker import ClientOrderTracker
from hummingbot.core.data_type.common import OrderType, TradeType
from hummingbot.core.data_type.in_flight_order import (
    InFlightOrder,
    OrderState,
    OrderUpdate,
    TradeUpdate,
)
from hummingbot.core.data_type.trade_fee import AddedToCostTradeFee

SIZE, HALF, PRICE = Decimal(1), Decimal("0.5"), Decimal("100.5")
PAIR = "A-USD"
FEE = AddedToCostTradeFee()


async def lives(n: int) -> float:
    """Let n orders live, one after the other: place, answer, two fills, done."""
    connector = SimpleNamespace(current_timestamp=0, trigger_event=lambda tag, event: None)
    tracker = ClientOrderTracker(connector)
    start = time.perf_counter()
    for k in range(n):
        now, cloid, oid = k / 1000, f"c{k}", str(k + 1)
        kind = (OrderType.LIMIT, TradeType.BUY)
        tracker.start_tracking_order(InFlightOrder(cloid, PAIR, *kind, SIZE, now, PRICE))
        await update(tracker, now, cloid, oid, OrderState.OPEN)
        for tid in (2 * k, 2 * k + 1):
            names = (str(tid), cloid, oid, PAIR)
            amounts = (now, PRICE, HALF, HALF * PRICE, FEE)
            tracker.process_trade_update(TradeUpdate(*names, *amounts))
        await update(tracker, now, cloid, oid, OrderState.FILLED)
    assert not tracker.active_orders
    return n / (time.perf_counter() - start)


async def update(
    tracker: ClientOrderTracker, now: float, cloid: str, oid: str, state: OrderState
) -> None:
    """Tell a new state of an order."""
    told = {"client_order_id": cloid, "exchange_order_id": oid, "new_state": state}
    await tracker._process_order_update(OrderUpdate(PAIR, now, **told))


if __name__ == "__main__":
    logging.disable()
    print(json.dumps([asyncio.run(lives(int(sys.argv[1])))]))
