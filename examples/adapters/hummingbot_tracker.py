"""The order tracker of hummingbot as an adapter.

Held is `ClientOrderTracker`, with what its connectors do around it. A fill is of the order that its
cloid names, else its oid; of an order that is unknown it is dropped. Any error of an order request
fails the order. A cancel is pending from when it is asked, and one that is refused leaves the order
open. What the connectors find out by polling (listings, what a timeout came to) is not told here.
"""

import asyncio
import logging
from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from cachetools import TTLCache
from hummingbot.connector.client_order_tracker import ClientOrderTracker
from hummingbot.core.data_type.common import OrderType, TradeType
from hummingbot.core.data_type.in_flight_order import (
    InFlightOrder,
    OrderState,
    OrderUpdate,
    TradeUpdate,
)
from hummingbot.core.data_type.trade_fee import AddedToCostTradeFee
from hummingbot.core.event.events import MarketEvent, OrderFilledEvent

from truebook.oracle.serve import Config, Effects, Event, serve

PAIR = "A-USD"
SIDES = {"buy": TradeType.BUY, "sell": TradeType.SELL}
LIVE = (OrderState.OPEN, OrderState.PARTIALLY_FILLED)
STATUSES = {
    "filled": OrderState.FILLED,
    "cancelled": OrderState.CANCELED,
    "rejected": OrderState.FAILED,
}
STATES = {
    OrderState.PENDING_CREATE: "pending",
    OrderState.PENDING_CANCEL: "cancel_pending",
    OrderState.FILLED: "filled",
    OrderState.CANCELED: "cancelled",
}
ROUNDS = 4
"""Rounds of the loop in which an update and what waits for it are done."""


class ToldLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is told; so what the tracker waits for takes no time."""

    now = 0.0

    def time(self) -> float:
        """Return the time that it was told."""
        return self.now

    def settle(self) -> None:
        """Do what is to be done by now."""
        for _ in range(ROUNDS):
            self.call_soon(self.stop)
            self.run_forever()


LOOP = ToldLoop()


class Orders:
    """A tracker, the oids that it was told, and the position of the fills that it reports."""

    def __init__(self, config: Config) -> None:
        LOOP.now, self.position = 0.0, Decimal(0)
        connector = SimpleNamespace(current_timestamp=0, trigger_event=self.on_event)
        self.tracker = ClientOrderTracker(connector)
        ttl, most = self.tracker.CACHED_ORDER_TTL, self.tracker.MAX_CACHE_SIZE
        self.tracker._cached_orders = TTLCache(most, ttl, timer=LOOP.time)

    def on_event(self, tag: MarketEvent, event: object) -> None:
        """Count a fill, as a strategy would."""
        if isinstance(event, OrderFilledEvent):
            self.position += event.amount if event.trade_type is TradeType.BUY else -event.amount

    def step(self, e: Event, at: int) -> Effects:
        """Tell the tracker what an event is to it, if it is anything."""
        LOOP.now = float(at)
        LOOP.settle()
        take = getattr(self, f"on_{e['type']}", None)
        asked = take(e) if take else None
        LOOP.settle()
        return {"cancels": asked or []}

    def update(self, cloid: str | None, oid: str | None, state: OrderState) -> None:
        """Tell of a new state of an order."""
        told = {"client_order_id": cloid, "exchange_order_id": oid, "new_state": state}
        self.tracker.process_order_update(OrderUpdate(PAIR, LOOP.now, **told))

    def found(self, id_: str) -> InFlightOrder | None:
        """Return an order that can still fill by its cloid or oid."""
        known = self.tracker.all_fillable_orders
        return known.get(id_) or self.tracker.all_fillable_orders_by_exchange_order_id.get(id_)

    def on_register(self, e: Event) -> None:
        """Track an order."""
        size, price = Decimal(e["size"]), Decimal(e["price"])
        kind, side = OrderType.LIMIT, SIDES[e["side"]]
        order = InFlightOrder(e["cloid"], PAIR, kind, side, size, LOOP.now, price)
        self.tracker.start_tracking_order(order)

    def on_answer(self, e: Event) -> None:
        """Open it under its oid; what has filled is told by its fills."""
        if e["oid"] not in (None, "0"):
            self.update(e["cloid"], e["oid"], OrderState.OPEN)

    def on_reject(self, e: Event) -> None:
        """Fail it; an error of transport is treated the same."""
        self.update(e["cloid"], None, OrderState.FAILED)

    on_unknown = on_reject

    def on_fill(self, e: Event) -> None:
        """Tell it a trade of an order that it finds."""
        order = self.found(e.get("cloid", "")) or self.found(e["oid"])
        if order is not None:
            size, price = Decimal(e["size"]), Decimal(e["price"])
            names = (e["tid"], order.client_order_id, e["oid"], PAIR)
            fee = AddedToCostTradeFee()
            trade = TradeUpdate(*names, LOOP.now, price, size, size * price, fee)
            self.tracker.process_trade_update(trade)

    def on_status(self, e: Event) -> None:
        """Tell it a status."""
        part = Decimal(e.get("filled", "0")) > 0
        state = STATUSES.get(e["status"]) or LIVE[part]
        self.update(e.get("cloid"), e["oid"], state)

    def on_cancel(self, e: Event) -> list[str]:
        """Ask to cancel an order that it tracks."""
        order = self.tracker.fetch_order(e["id"], e["id"])
        if order is None or order.is_done or order.exchange_order_id is None:
            return []
        self.update(order.client_order_id, None, OrderState.PENDING_CANCEL)
        return [e["id"]]

    def on_cancel_answer(self, e: Event) -> None:
        """Cancel it, note that it was not found, or open it again; a timeout is nothing."""
        order = self.tracker.fetch_order(e["id"], e["id"])
        if order is None:
            return
        cloid = order.client_order_id
        if e["outcome"] == "confirmed":
            self.update(cloid, None, OrderState.CANCELED)
        elif e["outcome"] == "not_open":
            LOOP.create_task(self.tracker.process_order_not_found(cloid))
        elif e["outcome"] == "rejected":
            self.update(cloid, None, LIVE[order.executed_amount_base > 0])

    def state(self) -> Mapping[str, Any]:
        """Show its orders; those that failed are gone."""
        orders = [o for o in self.tracker.all_fillable_orders.values() if not o.is_failure]
        active = list(self.tracker.active_orders.values())
        live = [o for o in active if o.exchange_order_id and not o.is_done]
        return {
            "position": self.position,
            "orders": {
                id_: {"state": state_of(o), "filled": o.executed_amount_base}
                for o in orders
                for id_ in (o.client_order_id, o.exchange_order_id)
                if id_
            },
            "open": [o.exchange_order_id for o in live],
            "pending": [o.client_order_id for o in active if o.is_pending_create],
        }


def state_of(order: InFlightOrder) -> str:
    """Return the state of an order; an open one is partly filled by what has filled of it."""
    if order.is_filled:
        return "filled"
    partly = "partially_filled" if order.executed_amount_base else "resting"
    return STATES.get(order.current_state, partly)


if __name__ == "__main__":
    logging.disable()
    asyncio.set_event_loop(LOOP)
    serve(
        Orders,
        name="hummingbot orders",
        features=("core", "cancel"),
        shows=("position", "orders.state", "orders.filled", "open", "pending"),
    )
