"""A venue and the wire to it, simulated: seeded, exact, and as unreliable as it is told to be.

Requests and messages are late, lost, repeated and out of order; the connection breaks and comes
back with a replay of fills; orders are refused, filled in parts, and cancelled unasked; listings
lag, fail, are partial or empty. What really happened is in `orders`, `fills` and `position`.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import attrs

from truebook.impl import ListedOrder, Side
from truebook.impl.book import Oid
from truebook.impl.sync import (
    CancelAnswer,
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)

MS = 1_000_000
EXPIRES = 3_000 * MS
"""A request that arrives later than this has no effect: the venue's expiresAfter."""
LAG = 900 * MS
"""A listing may be this much older than its request."""
LATE = 4_000 * MS
"""A late message takes up to this long."""
PATIENCE = 1_000 * MS
"""After this the sender of a request takes it for unanswered."""

Message = tuple[str, dict[str, Any]]
Reply = Callable[[str, dict[str, Any]], None]


@attrs.define(eq=False)
class VenueOrder:
    """An order as the venue has it; `state` is open, filled or cancelled."""

    oid: int
    cloid: str
    is_buy: bool
    price: Decimal
    size: Decimal
    ours: bool
    since: int
    filled: Decimal = Decimal(0)
    state: str = "open"

    @property
    def left(self) -> Decimal:
        """What can still trade."""
        return self.size - self.filled if self.state == "open" else Decimal(0)


@attrs.define
class OrphanCancel:
    """A cancel of what was taken for an orphan: whether it was open, and what came of it."""

    oid: int
    at: int
    was_open: bool
    refused: bool
    answered: bool = False


@attrs.define(eq=False)
class Venue:
    """The venue; `faults` is the chance of each thing that can go wrong, from 0 to 1."""

    seed: int
    faults: float
    now: int = 0
    mid: int = 10_000
    position: Decimal = Decimal(0)
    orders: dict[int, VenueOrder] = attrs.field(factory=dict)
    fills: list[VenueFill] = attrs.field(factory=list)
    orphan_cancels: list[OrphanCancel] = attrs.field(factory=list)
    listener: Callable[[Message], None] = lambda message: None
    connected: bool = True
    frozen: bool = False
    _dice: random.Random = attrs.field(init=False)
    _due: list[tuple[int, int, Callable[[], None]]] = attrs.field(factory=list, init=False)
    _numbers: Any = attrs.field(factory=lambda: count(1), init=False)
    _pictures: deque[tuple[int, tuple[ListedOrder, ...]]] = attrs.field(
        factory=lambda: deque(maxlen=20), init=False
    )

    def __attrs_post_init__(self) -> None:
        """Begin, and move the market from then on."""
        self._dice = random.Random(self.seed)
        self.at(100 * MS, self._move)

    # Time

    def at(self, delay: int, what: Callable[[], None]) -> None:
        """Do something later."""
        heapq.heappush(self._due, (self.now + delay, next(self._numbers), what))

    def run_until(self, now: int) -> None:
        """Let time pass, and all that is due by then happen."""
        while self._due and self._due[0][0] <= now:
            self.now, _, what = heapq.heappop(self._due)
            what()
        self.now = max(self.now, now)

    def goes_wrong(self, share: float = 1.0) -> bool:
        """Throw the dice for a fault."""
        return self._dice.random() < self.faults * share

    def _delay(self) -> int:
        if self.goes_wrong():
            return self._dice.randrange(LATE)
        return self._dice.randrange(5 * MS, 50 * MS)

    # Requests: each is answered by `reply`, or after a while by ("unanswered", {})

    def place(self, cloid: str, is_buy: bool, price: Decimal, size: Decimal, reply: Reply) -> None:
        """Ask for an order: accepted (oid, filled), or rejected."""

        def arrive() -> tuple[str, dict[str, Any]]:
            if self.goes_wrong(0.2):
                return "rejected", {}
            order = self._open(cloid, is_buy, price, size)
            return "accepted", {"oid": order.oid, "filled": order.filled}

        self._request(arrive, reply)

    def cancel(self, oid: int, reply: Reply) -> None:
        """Ask for a cancel: confirmed, not_open, or rejected."""
        self._request(lambda: (self._cancel(oid), {}), reply)

    def modify(self, oid: int, price: Decimal, size: Decimal, reply: Reply) -> None:
        """Ask for another order in the place of one: modified (oid, or None), or failed."""

        def arrive() -> tuple[str, dict[str, Any]]:
            old = self.orders[oid]
            if old.state != "open":
                return "failed", {}
            old.state = "cancelled"
            new = self._open(old.cloid, old.is_buy, price, size)
            self._tell_status(old)
            told = new.oid if self._dice.random() < 0.5 else None
            return "modified", {"oid": told}

        self._request(arrive, reply)

    def _request(self, arrive: Callable[[], tuple[str, dict[str, Any]]], reply: Reply) -> None:
        sent, answered = self.now, False

        def answer(kind: str, what: dict[str, Any]) -> None:
            nonlocal answered
            answered = True
            reply(kind, what)

        def take_effect() -> None:
            if self.now - sent > EXPIRES:
                return
            kind, what = arrive()
            if not self.goes_wrong():
                self.at(self._delay(), lambda: answer(kind, what))

        if not self.goes_wrong():
            self.at(self._delay(), take_effect)
        self.at(PATIENCE, lambda: None if answered else reply("unanswered", {}))

    # The book of the venue

    def _open(self, cloid: str, is_buy: bool, price: Decimal, size: Decimal) -> VenueOrder:
        ours = not cloid.startswith("foreign")
        order = VenueOrder(next(self._numbers), cloid, is_buy, price, size, ours, self.now)
        self.orders[order.oid] = order
        if price > self.mid if is_buy else price < self.mid:
            self._fill(order, self._part(order), crossed=True)
        if order.state == "open":
            self._tell_status(order)
        return order

    def _cancel(self, oid: int) -> str:
        order = self.orders[oid]
        if order.state != "open":
            return "not_open"
        if self.goes_wrong(0.3):
            return "rejected"
        order.state = "cancelled"
        self._tell_status(order)
        return "confirmed"

    def _part(self, order: VenueOrder) -> Decimal:
        """Return how much of an order trades now: in one case of two all that is left."""
        tenths = int(order.left * 10)
        return Decimal(self._dice.choice((tenths, self._dice.randint(1, tenths)))) / 10

    def _fill(self, order: VenueOrder, size: Decimal, *, crossed: bool) -> None:
        order.filled += size
        self.position += size if order.is_buy else -size
        time = max(self.now, self.fills[-1].time + 1 if self.fills else 0)
        tid = next(self._numbers)
        if order.filled == order.size:
            order.state = "filled"
        fill = VenueFill(
            order.oid,
            tid,
            size=size,
            price=order.price,
            is_buy=order.is_buy,
            time=time,
            cloid=order.cloid,
            crossed=crossed,
        )
        self.fills.append(fill)
        self._send(("fill", {"fill": fill}))
        if order.state == "filled":
            self._tell_status(order)

    def _move(self) -> None:
        """Let the market move: quotes are hit, cancelled unasked, and strangers' orders appear."""
        self.at(100 * MS, self._move)
        self._pictures.append((self.now, self.listing()))
        if self.frozen:
            return
        self.mid += self._dice.choice((-1, 0, 0, 1))
        for order in [o for o in self.orders.values() if o.state == "open"]:
            through = order.price > self.mid if order.is_buy else order.price < self.mid
            if through or (abs(order.price - self.mid) <= 1 and self._dice.random() < 0.1):
                self._fill(order, self._part(order), crossed=False)
            elif self.goes_wrong(0.03):
                order.state = "cancelled"
                self._tell_status(order)
        if self.goes_wrong(0.03):
            away = self._dice.choice((-20, -1, 1, 20))
            name = f"foreign-{next(self._numbers)}"
            self._open(name, away < 0, Decimal(self.mid + away), Decimal(1))
        if self.connected and self.goes_wrong(0.03):
            self.connected = False
            self.at(self._dice.randrange(500 * MS, 2_000 * MS), self.reconnect)

    def freeze(self) -> None:
        """Let nothing trade, and nothing go wrong, any more; what is on its way still comes."""
        self.frozen, self.faults = True, 0.0
        self.reconnect()

    # What is streamed

    def reconnect(self) -> None:
        """Take up the streams, with a replay of the latest fills."""
        self.connected = True
        for fill in self.fills[-50:]:
            self._send(("fill", {"fill": fill}))

    def _tell_status(self, order: VenueOrder) -> None:
        told = VenueStatus(order.oid, order.state, order.cloid, order.filled, order.state)
        self._send(("status", {"status": told}))

    def _send(self, message: Message) -> None:
        for _ in range(1 + self.goes_wrong()):
            if not self.goes_wrong():
                self.at(self._delay(), lambda: self._deliver(message))

    def _deliver(self, message: Message) -> None:
        if self.connected:
            self.listener(message)

    # What can be asked for

    def open_oids(self) -> set[int]:
        """Return what is open."""
        return {oid for oid, order in self.orders.items() if order.state == "open"}

    def listing(self) -> tuple[ListedOrder, ...]:
        """Return the open orders as they are."""
        return tuple(
            ListedOrder(
                o.oid,
                o.cloid,
                Side.BUY if o.is_buy else Side.SELL,
                price=o.price,
                remaining=o.left,
                size=o.size,
            )
            for o in self.orders.values()
            if o.state == "open"
        )

    def picture(self) -> tuple[ListedOrder, ...]:
        """Return the open orders as a reader sees them who may lag."""
        if self.goes_wrong():
            recent = [orders for at, orders in self._pictures if self.now - at <= LAG]
            if recent:
                return self._dice.choice(recent)
        return self.listing()


@attrs.define(eq=False)
class Client:
    """The venue as SafetySync asks it: while an answer is awaited, everything else goes on."""

    venue: Venue

    async def open_orders(self) -> VenueListing:
        """Return the open orders, or some of them, or none."""
        venue = self.venue
        orders = venue.picture()
        self._wait()
        if venue.goes_wrong(0.5):
            return VenueListing(orders[::2], complete=False)
        return VenueListing(() if venue.goes_wrong(0.5) else orders)

    async def position(self) -> VenuePosition:
        """Return the position, and the venue time that it holds before."""
        fills = self.venue.fills
        position = VenuePosition(self.venue.position, fills[-1].time + 1 if fills else 1)
        self._wait()
        return position

    async def fills_since(self, time: int) -> VenueFills:
        """Return the fills since a time, or the oldest of them."""
        self._wait()
        fills = [fill for fill in self.venue.fills if fill.time >= time]
        if self.venue.goes_wrong(0.5):
            return VenueFills(fills[: len(fills) // 2], complete=False)
        return VenueFills(fills)

    async def order_status(self, id: Oid) -> VenueStatus | None:
        """Return what the venue has of an oid, or the newest order of a cloid."""
        found = None
        for order in self.venue.orders.values():
            if id in (order.oid, order.cloid):
                found = order
        self._wait()
        if found is None:
            return None
        return VenueStatus(found.oid, found.state, found.cloid, found.filled, found.state)

    async def cancel(self, oid: Oid) -> CancelAnswer:
        """Cancel what is taken for an orphan."""
        venue = self.venue
        assert isinstance(oid, int)
        was_open = venue.orders[oid].state == "open"
        word = venue._cancel(oid)
        cancel = OrphanCancel(oid, venue.now, was_open, word == "rejected")
        venue.orphan_cancels.append(cancel)
        self._wait()
        cancel.answered = True
        return {
            "confirmed": CancelAnswer.CONFIRMED,
            "not_open": CancelAnswer.NOT_OPEN,
            "rejected": CancelAnswer.REJECTED,
        }[word]

    def _wait(self) -> None:
        self.venue.run_until(self.venue.now + self.venue._delay() // 4)
        if self.venue.goes_wrong():
            raise TimeoutError("no answer")
