"""The order state machine of nautilus_trader as an adapter.

Held is `Order.apply`, with what its execution engine does around it: an event that the machine
refuses, a fill of an order that is not in the cache and a fill that came before are dropped. What
the engine finds out by asking the venue (unanswered requests, listings) is not told here.
"""

from collections.abc import Mapping
from typing import Any

from nautilus_trader.core.uuid import UUID4
from nautilus_trader.model import events
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.enums import (
    LiquiditySide,
    OrderSide,
    OrderStatus,
    OrderType,
    TimeInForce,
)
from nautilus_trader.model.identifiers import (
    AccountId,
    ClientOrderId,
    InstrumentId,
    StrategyId,
    TradeId,
    TraderId,
    VenueOrderId,
)
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.model.orders import LimitOrder

from truebook.oracle.serve import Config, Effects, Event, serve

WHO = {
    "trader_id": TraderId("T-1"),
    "strategy_id": StrategyId("S-1"),
    "instrument_id": InstrumentId.from_str("X.Y"),
}
ACCOUNT = {"account_id": AccountId("Y-1")}
STATES = {
    OrderStatus.SUBMITTED: "pending",
    OrderStatus.ACCEPTED: "resting",
    OrderStatus.PARTIALLY_FILLED: "partially_filled",
    OrderStatus.PENDING_CANCEL: "cancel_pending",
    OrderStatus.FILLED: "filled",
    OrderStatus.CANCELED: "cancelled",
}
SIDES = {"buy": OrderSide.BUY, "sell": OrderSide.SELL}


class Orders:
    """Orders by cloid, as the cache has them, and which order each oid is of."""

    def __init__(self, config: Config) -> None:
        self.orders: dict[str, Any] = {}
        self.oids: dict[str, str] = {}

    def step(self, e: Event, at: int) -> Effects:
        """Apply what an event is to the state machine, if it is anything."""
        if e["type"] == "register":
            self.register(e, at)
            return {}
        id_ = next((e[k] for k in ("cloid", "id", "oid") if e.get(k)), "")
        cloid = self.oids.get(id_, id_)
        order = self.orders.get(cloid)
        if order is None:
            return {}
        told = {**WHO, "client_order_id": ClientOrderId(cloid), "event_id": UUID4()}
        told |= {"ts_event": at, "ts_init": at}
        event = getattr(self, f"on_{e['type']}", lambda *_: None)(e, order, told)
        if event is not None and self.apply(order, event):
            self.oids.update({oid.value: cloid for oid in [order.venue_order_id] if oid})
            return {"cancels": [e["id"]] if e["type"] == "cancel" else []}
        return {}

    def apply(self, order: Any, event: Any) -> bool:
        """Apply an event; what the machine refuses is dropped, as its engine does."""
        try:
            order.apply(event)
        except (ValueError, KeyError, RuntimeError, AssertionError):
            return False
        except Exception as error:
            if type(error).__name__ != "InvalidStateTrigger":
                raise
            return False
        return True

    def register(self, e: Event, at: int) -> None:
        """Make an order, and submit it; its engine denies one whose id was used before."""
        if e["cloid"] in self.orders:
            return
        cloid = ClientOrderId(e["cloid"])
        order = LimitOrder(
            *WHO.values(),
            cloid,
            SIDES[e["side"]],
            Quantity.from_str(e["size"]),
            Price.from_str(e["price"]),
            UUID4(),
            at,
            TimeInForce.GTC,
        )
        order.apply(events.OrderSubmitted(*WHO.values(), cloid, *ACCOUNT.values(), UUID4(), at, at))
        self.orders[e["cloid"]] = order

    def on_answer(self, e: Event, order: Any, told: dict[str, Any]) -> Any:
        """Accept it under its oid; what has filled is told by its fills."""
        if e["oid"] in (None, "0"):
            return None
        return events.OrderAccepted(**told, **ACCOUNT, venue_order_id=VenueOrderId(e["oid"]))

    def on_reject(self, e: Event, order: Any, told: dict[str, Any]) -> Any:
        """Reject it."""
        return events.OrderRejected(**told, **ACCOUNT, reason=e.get("reason") or "none")

    def on_fill(self, e: Event, order: Any, told: dict[str, Any]) -> Any:
        """Fill it."""
        crossed = e.get("crossed") != "false"
        return events.OrderFilled(
            **told,
            **ACCOUNT,
            venue_order_id=VenueOrderId(e["oid"]),
            trade_id=TradeId(e["tid"]),
            position_id=None,
            order_side=SIDES[e["side"]],
            order_type=OrderType.LIMIT,
            last_qty=Quantity.from_str(e["size"]),
            last_px=Price.from_str(e["price"]),
            currency=USD,
            commission=Money(0, USD),
            liquidity_side=LiquiditySide.TAKER if crossed else LiquiditySide.MAKER,
        )

    def on_status(self, e: Event, order: Any, told: dict[str, Any]) -> Any:
        """Accept, cancel or reject it; that it is filled is told by its fills."""
        if e["status"] == "rejected":
            return self.on_reject(e, order, told)
        if e["status"] == "open":
            return self.on_answer(e, order, told)
        oid = VenueOrderId(e["oid"])
        cancelled = e["status"] == "cancelled"
        return events.OrderCanceled(**told, **ACCOUNT, venue_order_id=oid) if cancelled else None

    def on_cancel(self, e: Event, order: Any, told: dict[str, Any]) -> Any:
        """Ask to cancel it."""
        oid = order.venue_order_id
        return events.OrderPendingCancel(**told, **ACCOUNT, venue_order_id=oid)

    def on_cancel_answer(self, e: Event, order: Any, told: dict[str, Any]) -> Any:
        """Cancel it, or reject the cancel; a timeout is no event."""
        if e["outcome"] == "timed_out":
            return None
        told |= {**ACCOUNT, "venue_order_id": order.venue_order_id}
        if e["outcome"] == "confirmed":
            return events.OrderCanceled(**told)
        return events.OrderCancelRejected(**told, reason=e["outcome"])

    def state(self) -> Mapping[str, Any]:
        """Show what the orders are, and the sum of their fills."""
        held = [order for order in self.orders.values() if order.status in STATES]
        shown = {
            order.client_order_id.value: {
                "state": STATES[order.status],
                "filled": order.filled_qty.as_decimal(),
            }
            for order in held
        }
        oids = {oid: shown[cloid] for oid, cloid in self.oids.items() if cloid in shown}
        signs = {OrderSide.BUY: 1, OrderSide.SELL: -1}
        every = self.orders.values()
        return {
            "position": sum(signs[o.side] * o.filled_qty.as_decimal() for o in every),
            "orders": {**shown, **oids},
            "open": [o.venue_order_id.value for o in every if o.is_open and o.venue_order_id],
            "pending": [o.client_order_id.value for o in every if o.is_inflight and not o.is_open],
        }


if __name__ == "__main__":
    serve(
        Orders,
        name="nautilus_trader orders",
        features=("core", "cancel"),
        shows=("position", "orders.state", "orders.filled", "open", "pending"),
    )
