"""A small venue in memory, for docs/bot.md: requests with answers, questions, and one stream.

What it says are dicts of texts, as a socket gives them. An order that crosses `offered` trades on
arrival, and its fill is on the stream before its answer comes. `drop` breaks the stream, and what
happens meanwhile is not told on it again, but for the fills: each new stream begins with the
latest of them. While `silent`, requests take effect and nobody hears the answer.
"""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from itertools import count
from typing import Any

Message = dict[str, Any]
HISTORY = 50
"""So many fills does a stream begin with."""


class MemoryVenue:
    """One account at the venue; its times are its own milliseconds."""

    def __init__(self) -> None:
        self.orders: dict[str, Message] = {}
        self.fills: list[Message] = []
        self.positions: dict[str, Decimal] = {}
        self.offered: dict[str, tuple[Decimal, Decimal]] = {}
        """By market, the price and the size that others offer to sell."""
        self.silent = False
        self._streams: list[asyncio.Queue[Message | None]] = []
        self._time, self._numbers = 1_700_000_000_000, count(101)

    # Requests

    async def place(self, market: str, cloid: str, side: str, price: str, size: str) -> Message:
        """Place an order: `resting` or `filled`, or an `error`."""
        if Decimal(size) <= 0:
            return await self._answer({"error": "Order has invalid size."})
        order = self._open(market, cloid, side, price, size)
        self._take_what_is_offered(order)
        self._tell_status(order)
        oid, filled = order["oid"], order["filled"]
        if Decimal(filled):
            return await self._answer({"filled": {"oid": oid, "size": filled}})
        return await self._answer({"resting": {"oid": oid}})

    async def cancel(self, oid: str) -> Message:
        """Cancel an order by oid or cloid: `success`, or an `error` that it is not open."""
        named = [one for one, order in self.orders.items() if order["cloid"] == oid]
        oid = named[-1] if named else oid
        order = self.orders.get(oid)
        if order is None or order["status"] != "open":
            text = "Order was never placed, already canceled, or filled."
            return await self._answer({"error": text})
        self.end(oid)
        return await self._answer({"success": {"oid": oid}})

    async def modify(self, oid: str, price: str, size: str) -> Message:
        """Put another order, of the same cloid, in the place of one: `resting`, or an `error`."""
        old = self.orders[oid]
        if old["status"] != "open":
            return await self._answer({"error": "Cannot modify canceled or filled order"})
        self.end(oid)
        new = self._open(old["market"], old["cloid"], old["side"], price, size)
        self._tell_status(new)
        return await self._answer({"resting": {"oid": new["oid"]}})

    # Questions

    async def open_orders(self, market: str) -> list[Message]:
        """Return the open orders of a market."""
        every = self.orders.values()
        return [dict(o) for o in every if o["market"] == market and o["status"] == "open"]

    async def order_status(self, id: str) -> Message | None:
        """Return the order of an oid, or the newest of a cloid."""
        found = [o for o in self.orders.values() if id in (o["oid"], o["cloid"])]
        return dict(found[-1]) if found else None

    async def fills_since(self, market: str, time: int) -> list[Message]:
        """Return the fills of a market, from a time on."""
        return [f for f in self.fills if f["market"] == market and int(f["time"]) >= time]

    async def position(self, market: str) -> Message:
        """Return the position; it holds the fills before `time`, and no other."""
        position = self.positions.get(market, Decimal(0))
        return {"position": str(position), "time": str(self._time + 1)}

    async def stream(self) -> AsyncIterator[Message]:
        """Yield what happens, the latest fills first; ConnectionError when it is dropped."""
        queue: asyncio.Queue[Message | None] = asyncio.Queue()
        queue.put_nowait({"channel": "fills", "history": True, "fills": self.fills[-HISTORY:]})
        self._streams.append(queue)
        while (message := await queue.get()) is not None:
            yield message
        raise ConnectionError("the stream was dropped")

    # What happens at the venue

    def trade(self, oid: str, size: str, *, crossed: bool = False) -> None:
        """Let an order trade."""
        order, amount = self.orders[oid], Decimal(size)
        market, buys = order["market"], order["side"] == "buy"
        left = Decimal(order["size"]) - Decimal(order["filled"]) - amount
        order["filled"] = str(Decimal(order["filled"]) + amount)
        self.positions[market] = self.positions.get(market, Decimal(0)) + (
            amount if buys else -amount
        )
        self._time += 1
        fill = {name: order[name] for name in ("market", "oid", "cloid", "side", "price")}
        fill |= {"tid": str(next(self._numbers)), "size": size, "time": str(self._time)}
        fill["crossed"] = crossed
        self.fills.append(fill)
        self._tell({"channel": "fills", "fills": [fill]})
        if not left:
            self.end(oid, "filled")

    def end(self, oid: str, status: str = "cancelled") -> None:
        """Let an order be over."""
        self.orders[oid]["status"] = status
        self._tell_status(self.orders[oid])

    def drop(self) -> None:
        """Break the streams."""
        for queue in self._streams:
            queue.put_nowait(None)
        self._streams.clear()

    # Within

    def _open(self, market: str, cloid: str, side: str, price: str, size: str) -> Message:
        order = {"market": market, "oid": str(next(self._numbers)), "cloid": cloid, "side": side}
        order |= {"price": price, "size": size, "filled": "0", "status": "open"}
        self.orders[order["oid"]] = order
        return order

    def _take_what_is_offered(self, order: Message) -> None:
        price, size = self.offered.get(order["market"], (Decimal(0), Decimal(0)))
        taken = min(size, Decimal(order["size"]))
        if order["side"] == "buy" and taken and Decimal(order["price"]) >= price:
            self.offered[order["market"]] = (price, size - taken)
            self.trade(order["oid"], str(taken), crossed=True)

    def _tell_status(self, order: Message) -> None:
        self._tell({"channel": "orders", "orders": [dict(order)]})

    def _tell(self, message: Message) -> None:
        for queue in self._streams:
            queue.put_nowait(message)

    async def _answer(self, answer: Message) -> Message:
        await asyncio.sleep(0.01)  # the stream is faster than the answer
        if self.silent:
            raise TimeoutError("no answer")
        return answer
