"""A venue and the wire to it, simulated: seeded, exact, and as unreliable as it is told to be.

Requests and messages are late, lost, repeated and out of order; the connection breaks and comes
back with a replay of fills; orders are refused, filled in parts, and cancelled unasked; listings
lag, fail, are partial or empty. It says false words (`false_words.py`), cuts down orders that may
only reduce the position, has orders that wait (`triggers.py`), and the account's owner trades too
(`owners_hand.py`). What really happened is in `orders`, `fills` and `position`.
"""

import heapq
import random
from collections import Counter, deque
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import attrs
import triggers
from false_words import CANCELLED, NOT_OPEN, FalseWords, Lie
from rates import Rates
from venue_orders import TRIGGERED, WAITING, OrphanCancel, Terms, VenueOrder

from truebook.impl import ListedOrder, Side
from truebook.impl.sync import VenueFill, VenueStatus

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
Answered = tuple[str, dict[str, Any], Lie | None]


@attrs.define(eq=False)
class Venue:
    """The venue; `rates` are those of what goes wrong, and `happened` counts some of it.

    `by_hand`: the orders that the owner's hand has put in the place of ours. `ended_misled`: those
    that ended while the book was misled about them.
    """

    seed: int
    rates: Rates
    now: int = 0
    mid: int = 10_000
    position: Decimal = Decimal(0)
    orders: dict[int, VenueOrder] = attrs.field(factory=dict)
    fills: list[VenueFill] = attrs.field(factory=list)
    orphan_cancels: list[OrphanCancel] = attrs.field(factory=list)
    listener: Callable[[Message], None] = lambda message: None
    hand: Callable[["Venue"], None] = lambda venue: None
    connected: bool = True
    frozen: bool = False
    happened: Counter[str] = attrs.field(factory=Counter)
    by_hand: set[int] = attrs.field(factory=set)
    ended_misled: set[int] = attrs.field(factory=set)
    false_words: FalseWords = attrs.field(init=False)
    hands_dice: random.Random = attrs.field(init=False)
    _dice: random.Random = attrs.field(init=False)
    _due: list[tuple[int, int, Callable[[], None]]] = attrs.field(factory=list, init=False)
    _numbers: Any = attrs.field(factory=lambda: count(1), init=False)
    _pictures: deque[tuple[int, tuple[ListedOrder, ...]]] = attrs.field(
        factory=lambda: deque(maxlen=20), init=False
    )

    def __attrs_post_init__(self) -> None:
        """Begin, and move the market from then on."""
        self._dice = random.Random(self.seed)
        self.hands_dice = random.Random(f"{self.seed} hand")
        self.false_words = FalseWords(self.rates.lies, random.Random(f"{self.seed} lies"))
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
        return self._dice.random() < self.rates.faults * share

    def delay(self) -> int:
        """Return how long a message takes."""
        if self.goes_wrong():
            return self._dice.randrange(LATE)
        return self._dice.randrange(5 * MS, 50 * MS)

    # Requests: each is answered by `reply`, or after a while by ("unanswered", {})

    def place(
        self,
        cloid: str,
        is_buy: bool,
        price: Decimal,
        size: Decimal,
        reply: Reply,
        *,
        reduce_only: bool = False,
        terms: Terms | None = None,
    ) -> None:
        """Ask for an order: accepted (oid, filled), or rejected; with `terms`, waits (oid or None).

        Of the size 0 it closes the position.
        """

        def arrive() -> Answered:
            if self.goes_wrong(0.2) or (reduce_only and not self.closable(is_buy)):
                return "rejected", {}, None
            if terms is not None:
                order = self.new(cloid, is_buy, price, size)
                order.reduce_only = reduce_only
                return triggers.take(self, order, terms)
            order = self.open(cloid, is_buy, price, size, reduce_only=reduce_only)
            return "accepted", {"oid": order.oid, "filled": order.filled}, None

        self._request(arrive, reply)

    def cancel(self, id: int | str, reply: Reply) -> None:
        """Ask for a cancel, by oid or cloid: confirmed, not_open, or rejected."""

        def arrive() -> Answered:
            word, lie = self.cancelled(id)
            return word, {}, lie

        self._request(arrive, reply)

    def modify(self, oid: int, price: Decimal, size: Decimal, reply: Reply) -> None:
        """Ask for another order in the place of one: modified (oid, or None), or failed."""

        def arrive() -> Answered:
            old = self.orders[oid]
            if old.state != "open":
                return "failed", {}, None
            new = self.replace(old, price, size)
            told = new.oid if self._dice.random() < 0.5 else None
            return "modified", {"oid": told}, None

        self._request(arrive, reply)

    def _request(self, arrive: Callable[[], Answered], reply: Reply) -> None:
        sent, answered = self.now, False

        def answer(kind: str, what: dict[str, Any], lie: Lie | None) -> None:
            nonlocal answered
            answered = True
            self.hear(lie)
            reply(kind, what)

        def take_effect() -> None:
            if self.now - sent > EXPIRES:
                return
            kind, what, lie = arrive()
            if not self.goes_wrong():
                self.at(self.delay(), lambda: answer(kind, what, lie))

        if not self.goes_wrong():
            self.at(self.delay(), take_effect)
        self.at(PATIENCE, lambda: None if answered else reply("unanswered", {}))

    # The book of the venue

    def open(
        self,
        cloid: str | None,
        is_buy: bool,
        price: Decimal,
        size: Decimal,
        *,
        reduce_only: bool = False,
    ) -> VenueOrder:
        """Take an order; it trades at once where it crosses the market."""
        order = self.new(cloid, is_buy, price, size)
        order.reduce_only = reduce_only
        self.take(order)
        return order

    def new(self, cloid: str | None, is_buy: bool, price: Decimal, size: Decimal) -> VenueOrder:
        """Return an order with an oid of its own, which is nowhere yet."""
        ours = cloid is not None and not cloid.startswith("foreign")
        return VenueOrder(next(self._numbers), cloid, is_buy, price, size, ours, self.now)

    def take(self, order: VenueOrder) -> None:
        """Let an order into the venue's book; it trades at once where it crosses the market."""
        self.orders[order.oid] = order
        order.state = "open"
        self._cut(order)
        crosses = order.price > self.mid if order.is_buy else order.price < self.mid
        if crosses and order.state == "open":
            self._fill(order, self._part(order), crossed=True)
        if order.state == "open":
            self.tell_status(order)

    def replace(self, old: VenueOrder, price: Decimal, size: Decimal) -> VenueOrder:
        """Put another order, of the same cloid, in the place of one."""
        self.over(old, "cancelled")
        new = self.open(old.cloid, old.is_buy, price, size, reduce_only=old.reduce_only)
        self.tell_status(old)
        return new

    def end(self, order: VenueOrder, state: str) -> None:
        """Let an order be over, and tell it."""
        self.over(order, state)
        last = self._pictures[-1][1] if self._pictures else ()
        for entry in last:
            if entry.oid == order.oid:
                self.false_words.goes_on_showing(entry, self.now)
        self.tell_status(order)
        triggers.parent_ended(self, order)

    def over(self, order: VenueOrder, state: str) -> None:
        """Let an order be over, without a word."""
        order.state = state
        if order.name in self.false_words.misled:
            self.ended_misled.add(order.oid)

    def cancelled(self, id: int | str) -> tuple[str, Lie | None]:
        """Cancel an order by its oid or cloid; return what is answered, and whether it is false."""
        named = [o for o in self.orders.values() if id in (o.oid, o.cloid) and o.is_alive]
        if not named:
            return "not_open", None
        (order,) = named
        if (lie := self.false_words.of((NOT_OPEN,), order.name)) is not None:
            return "not_open", lie
        if self.goes_wrong(0.3):
            return "rejected", None
        self.end(order, "cancelled")
        return "confirmed", None

    def closable(self, is_buy: bool) -> Decimal:
        """Return how much a side can trade until the position is closed."""
        return max(Decimal(0), -self.position if is_buy else self.position)

    def _cut(self, order: VenueOrder) -> None:
        """Cut an order that may only reduce the position down to it, or cancel it.

        Some venues show that in its size, others in what is left of it alone.
        """
        if not order.reduce_only or order.state != "open":
            return
        much = order.left - self.closable(order.is_buy)
        if much <= 0:
            return
        if much == order.left:
            self.happened["reduce-only orders cancelled"] += 1
            self.end(order, "cancelled")
            return
        self.happened["reduce-only orders shrunk"] += 1
        if self.seed % 2:
            order.size -= much
        else:
            order.gone += much

    def _part(self, order: VenueOrder) -> Decimal:
        """Return how much of an order trades now: in one case of two all that is left."""
        tenths = int(order.left * 10)
        return Decimal(self._dice.choice((tenths, self._dice.randint(1, tenths)))) / 10

    def _fill(self, order: VenueOrder, size: Decimal, *, crossed: bool) -> None:
        order.filled += size
        self.position += size if order.is_buy else -size
        time = max(self.now, self.fills[-1].time + 1 if self.fills else 0)
        tid = next(self._numbers)
        over = not order.left
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
        if over:
            self.end(order, "cancelled" if order.gone else "filled")
        for other in [o for o in self.orders.values() if o.reduce_only]:
            self._cut(other)
        triggers.position_closed(self)

    def _move(self) -> None:
        """Let the market move: quotes are hit, cancelled unasked, and strangers' orders appear."""
        self.at(100 * MS, self._move)
        self._pictures.append((self.now, self.listing()))
        if self.frozen:
            return
        self.mid += self._dice.choice((-1, 0, 0, 1))
        self.hand(self)
        for order in [o for o in self.orders.values() if o.state == "open"]:
            if order.state != "open":
                continue  # it was cut down by the fill of another
            through = order.price > self.mid if order.is_buy else order.price < self.mid
            if through or (abs(order.price - self.mid) <= 1 and self._dice.random() < 0.1):
                self._fill(order, self._part(order), crossed=False)
            elif self.goes_wrong(0.03):
                self.end(order, "cancelled")
        triggers.move(self)
        if self.goes_wrong(0.03):
            away = self._dice.choice((-20, -1, 1, 20))
            name = f"foreign-{next(self._numbers)}"
            self.open(name, away < 0, Decimal(self.mid + away), Decimal(1))
        if self.connected and self.goes_wrong(0.03):
            self.connected = False
            self.at(self._dice.randrange(500 * MS, 2_000 * MS), self.reconnect)

    def freeze(self) -> None:
        """Let nothing trade, and nothing go wrong, any more; what is on its way still comes."""
        self.frozen, self.rates = True, Rates()
        self.false_words.end()
        self.reconnect()

    # What is streamed

    def reconnect(self) -> None:
        """Take up the streams, with a replay of the latest fills."""
        self.connected = True
        for fill in self.fills[-50:]:
            self._send(("fill", {"fill": fill}))

    def hear(self, *lies: Lie | None) -> None:
        """Note that words are heard now, and which of them are false."""
        self.false_words.hear([lie for lie in lies if lie is not None], self.now)

    def tell_status(self, order: VenueOrder) -> None:
        """Stream how it is with an order; that one waits, or did, maybe without its oid."""
        lie = None
        if order.is_alive:
            lie = self.false_words.of((CANCELLED,), order.name)
        word = order.state if lie is None else "cancelled"
        nameless = word in (WAITING, TRIGGERED) and not triggers.names(self)
        told = VenueStatus(None if nameless else order.oid, word, order.cloid, order.filled, word)
        self._send(("status", {"status": told}), lie)

    def _send(self, message: Message, lie: Lie | None = None) -> None:
        for _ in range(1 + self.goes_wrong()):
            if not self.goes_wrong():
                self.at(self.delay(), lambda: self._deliver(message, lie))

    def _deliver(self, message: Message, lie: Lie | None) -> None:
        if self.connected:
            self.hear(lie)
            self.listener(message)

    # What can be asked for

    def open_oids(self) -> set[int]:
        """Return what is open."""
        return {oid for oid, order in self.orders.items() if order.state == "open"}

    def waiting_oids(self) -> set[int]:
        """Return what waits."""
        return {order.oid for order in triggers.waiting(self)}

    def listing(self) -> tuple[ListedOrder, ...]:
        """Return the open orders as they are, and those that wait."""
        return tuple(
            ListedOrder(
                o.oid,
                o.cloid,
                Side.BUY if o.is_buy else Side.SELL,
                price=o.price,
                remaining=o.left,
                size=o.size,
                trigger=o.state == WAITING,
            )
            for o in self.orders.values()
            if o.is_alive
        )

    def picture(self) -> tuple[ListedOrder, ...]:
        """Return the open orders as a reader sees them who may lag."""
        if self.goes_wrong():
            recent = [orders for at, orders in self._pictures if self.now - at <= LAG]
            if recent:
                return self._dice.choice(recent)
        return self.listing()
