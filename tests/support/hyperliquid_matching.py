"""What a small Hyperliquid does with orders: they rest, trade, and end, and that is told."""

import itertools
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs

COINS = (("BTC", 5), ("ETH", 4))
GONE = "Order was never placed, already canceled, or filled. asset={asset}"
META = {"universe": [{"name": name, "szDecimals": decimals} for name, decimals in COINS]}
SPOT = {
    "tokens": [
        {"name": "USDC", "szDecimals": 8, "weiDecimals": 8, "index": 0},
        {"name": "PURR", "szDecimals": 0, "weiDecimals": 5, "index": 1},
    ],
    "universe": [{"tokens": [1, 0], "name": "PURR/USDC", "index": 0}],
}
ASSETS = {place: name for place, (name, _) in enumerate(COINS)} | {10_000: "PURR/USDC"}
NOTHING = {
    "accountValue": "0.0",
    "totalMarginUsed": "0.0",
    "totalNtlPos": "0.0",
    "totalRawUsd": "0.0",
}


def shown(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text if "." in text else f"{text}.0"


@attrs.define
class Matching:
    """The orders, fills and positions of one account; `tell` is given each frame, with its kind."""

    tell: Callable[[str, dict[str, Any]], object]
    orders: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    fills: list[dict[str, Any]] = attrs.field(factory=list)
    positions: dict[str, Decimal] = attrs.field(factory=dict)
    offered: dict[str, Decimal] = attrs.field(factory=dict)
    replies: list[Any] = attrs.field(factory=list)
    _ids: Any = attrs.field(factory=lambda: itertools.count(1001))
    _time: int = 0

    # Actions

    def act(self, action: dict[str, Any]) -> Any:
        """Do what an action asks for; return the answer, or the next of `replies` in its place."""
        kind = action["type"]
        if kind == "order":
            items = [self.place(one) for one in action["orders"]]
        elif kind == "cancel":
            items = [self._cancel(one["o"], one["a"]) for one in action["cancels"]]
        elif kind == "cancelByCloid":
            items = [self._cancel(one["cloid"], one["asset"]) for one in action["cancels"]]
        elif kind == "noop":
            return {"status": "ok", "response": {"type": "default"}}
        else:
            assert kind == "batchModify", kind
            items = [self._modify(one) for one in action["modifies"]]
        said = "cancel" if kind.startswith("cancel") else "order"
        answer = {"status": "ok", "response": {"type": said, "data": {"statuses": items}}}
        return self.replies.pop(0) if self.replies else answer

    def place(self, asked: dict[str, Any]) -> Any:
        """Take an order; what is offered trades at once."""
        coin, price, size = ASSETS[asked["a"]], Decimal(asked["p"]), Decimal(asked["s"])
        oid = next(self._ids)
        order: dict[str, Any] = {
            "coin": coin,
            "side": "B" if asked["b"] else "A",
            "price": price,
            "size": size,
            "left": size,
            "oid": oid,
            "cloid": asked.get("c"),
            "at": self._now(),
            "reduce": asked["r"],
            "trigger": asked["t"].get("trigger"),
        }
        if price * size < 10:
            self._status(order, "minTradeNtlRejected")
            return {"error": f"Order must have minimum value of $10. asset={asked['a']}"}
        self.orders[oid] = order
        if order["trigger"]:
            order["status"] = "open"
            return "waitingForTrigger"
        self._status(order, "open")
        taken = min(size, self.offered.pop(coin, Decimal(0)))
        if taken:
            self.fill(oid, taken, taker=True)
            done = {"totalSz": shown(taken), "avgPx": shown(price), "oid": oid}
            return {"filled": done | named(order)}
        return {"resting": {"oid": oid} | named(order)}

    def fill(self, oid: int, size: Decimal, *, taker: bool) -> None:
        """Let an order trade."""
        order = self.orders[oid]
        start = self.positions.get(order["coin"], Decimal(0))
        self.positions[order["coin"]] = start + (size if order["side"] == "B" else -size)
        order["left"] -= size
        assert order["left"] >= 0
        fill = {
            "coin": order["coin"],
            "px": shown(order["price"]),
            "sz": shown(size),
            "side": order["side"],
            "time": self._now(),
            "startPosition": shown(start),
            "dir": "Open Long",
            "closedPnl": "0.0",
            "hash": f"0x{next(self._ids):064x}",
            "oid": oid,
            "crossed": taker,
            "fee": "0.01",
            "tid": next(self._ids),
            "feeToken": "USDC",
        } | named(order)
        self.fills.append(fill)
        self.tell("userFills", {"channel": "userFills", "data": {"user": "0x", "fills": [fill]}})
        self.tell("userEvents", {"channel": "user", "data": {"fills": [fill]}})
        if not order["left"]:
            self._status(order, "filled")

    def end(self, oid: int, status: str) -> None:
        """End an order."""
        self._status(self.orders[oid], status)

    # Questions

    def answer(self, question: dict[str, Any]) -> Any:
        """Return the answer to a question."""
        match question["type"]:
            case "meta":
                return META
            case "spotMeta":
                return SPOT
            case "frontendOpenOrders":
                return [listed(one) for one in self.orders.values() if one["status"] == "open"]
            case "userFillsByTime":
                return [one for one in self.fills if one["time"] >= question["startTime"]][:2000]
            case "orderStatus":
                return self._asked(question["oid"])
            case "spotClearinghouseState":
                held = self.positions.get("PURR/USDC", Decimal(0))
                return {
                    "balances": [{"coin": "PURR", "token": 1, "total": shown(held), "hold": "0.0"}]
                }
        assert question["type"] == "clearinghouseState"
        return {
            "assetPositions": [
                {"position": {"coin": coin, "szi": shown(held)}, "type": "oneWay"}
                for coin, held in self.positions.items()
                if coin in dict(COINS)
            ],
            "marginSummary": NOTHING,
            "crossMarginSummary": NOTHING,
            "withdrawable": "0.0",
            "time": self._now(),
        }

    # Within

    def _now(self) -> int:
        """Return the time in milliseconds, a new one each time: then it orders what happened."""
        self._time = max(self._time + 1, time.time_ns() // 1_000_000)
        return self._time

    def _status(self, order: dict[str, Any], status: str) -> None:
        order["status"] = status
        update = {"order": told(order), "status": status, "statusTimestamp": self._now()}
        self.tell("orderUpdates", {"channel": "orderUpdates", "data": [update]})

    def _found(self, id: int | str) -> dict[str, Any] | None:
        for order in reversed(self.orders.values()):
            if id in (order["oid"], order["cloid"]) and order["status"] == "open":
                return order
        return None

    def _cancel(self, id: int | str, asset: int) -> Any:
        order = self._found(id)
        if order is None:
            return {"error": GONE.format(asset=asset)}
        self._status(order, "canceled")
        return "success"

    def _modify(self, asked: dict[str, Any]) -> Any:
        order = self._found(asked["oid"])
        if order is None:
            return {"error": "Cannot modify canceled or filled order"}
        self._status(order, "canceled")
        return self.place(asked["order"])

    def _asked(self, id: int | str) -> Any:
        for order in reversed(self.orders.values()):
            if id in (order["oid"], order["cloid"]):
                known = {"order": listed(order), "status": order["status"], "statusTimestamp": 1}
                return {"status": "order", "order": known}
        return {"status": "unknownOid"}


def named(order: dict[str, Any]) -> dict[str, Any]:
    """Return an order's cloid, if it has one."""
    return {"cloid": order["cloid"]} if order["cloid"] else {}


def told(order: dict[str, Any]) -> dict[str, Any]:
    """Return an order as the stream has it."""
    return {
        "coin": order["coin"],
        "side": order["side"],
        "limitPx": shown(order["price"]),
        "sz": shown(order["left"]),
        "oid": order["oid"],
        "timestamp": order["at"],
        "origSz": shown(order["size"]),
    } | named(order)


def listed(order: dict[str, Any]) -> dict[str, Any]:
    """Return an order as frontendOpenOrders has it."""
    trigger = order["trigger"]
    more = {
        "reduceOnly": order["reduce"],
        "isTrigger": trigger is not None,
        "triggerPx": trigger["triggerPx"] if trigger else "0.0",
        "children": [],
    }
    return told(order) | more
