"""An account: its positions, its orders, and what has become of them."""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import attrs

from truebook.venue.engine.market import Market
from truebook.venue.engine.news import Filled
from truebook.venue.engine.order import Order

REMEMBERED_ORDERS, REMEMBERED_FILLS = 2_000, 10_000
"""So many of an account's latest orders, and fills, the venue remembers."""
LEVERAGE: Final = 20
"""The leverage of a market in which none was set."""


@attrs.define
class Position:
    """A position in one market: its size, and what was paid for it."""

    size: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)

    def take(self, size: Decimal, price: Decimal) -> Decimal:
        """Add what was bought, less than zero: sold; return what closing some of it has earned."""
        closing = Decimal(0) if self.size * size >= 0 else min(abs(size), abs(self.size))
        earned = Decimal(0)
        if closing:
            entry = self.cost / self.size
            sign = 1 if self.size > 0 else -1
            earned = closing * (price - entry) * sign
            self.cost -= entry * closing * sign
            self.size -= closing * sign
        opening = abs(size) - closing
        if opening:
            sign = 1 if size > 0 else -1
            self.cost += price * opening * sign
            self.size += opening * sign
        if not self.size:
            self.cost = Decimal(0)
        return earned


@attrs.define
class Account:
    """An account of the venue, by its address.

    `balance` is what was put in, `earned` what its trades have earned and cost since. `partly_at`
    is when a part of a position was last liquidated, `cancels` on how many occasions all was
    cancelled as scheduled, and on which day.
    """

    user: str
    balance: Decimal = Decimal(0)
    leverage: dict[str, int] = attrs.field(factory=dict)
    partly_at: int | None = None
    cancels: tuple[int, int] = (0, 0)
    positions: dict[str, Position] = attrs.field(factory=dict)
    standing: dict[int, Order] = attrs.field(factory=dict)
    fills: deque[Filled] = attrs.field(factory=lambda: deque(maxlen=REMEMBERED_FILLS))
    traded: Decimal = Decimal(0)
    earned: Decimal = Decimal(0)
    cancel_at: int | None = None
    _known: dict[int, Order] = attrs.field(factory=dict)
    _by_cloid: dict[str, Order] = attrs.field(factory=dict)
    _over: deque[Order] = attrs.field(factory=deque)

    @property
    def cash(self) -> Decimal:
        """What it has, its positions apart."""
        return self.balance + self.earned

    def leverage_in(self, market: Market) -> int:
        """Return the leverage with which it trades in a market."""
        found = self.leverage.get(market.coin)
        return min(LEVERAGE, market.most_leverage) if found is None else found

    def position(self, coin: str) -> Decimal:
        """Return the position in a market: bought less sold."""
        return self.positions[coin].size if coin in self.positions else Decimal(0)

    def note(self, order: Order) -> None:
        """Remember an order that is new: a cloid names the newest of its orders."""
        self._known[order.oid] = order
        if order.asked.cloid is not None:
            self._by_cloid[order.asked.cloid] = order

    def end(self, order: Order) -> None:
        """Take an order that is over from those that stand, and forget the oldest such."""
        self.standing.pop(order.oid, None)
        self._over.append(order)
        if len(self._over) > REMEMBERED_ORDERS:
            oldest = self._over.popleft()
            del self._known[oldest.oid]
            cloid = oldest.asked.cloid
            if cloid is not None and self._by_cloid.get(cloid) is oldest:
                del self._by_cloid[cloid]

    def order_of(self, name: int | str) -> Order | None:
        """Return the order of an oid, or the newest of a cloid."""
        return self._by_cloid.get(name) if isinstance(name, str) else self._known.get(name)

    def orders(self) -> Iterator[Order]:
        """Yield the orders that are remembered, the newest first."""
        yield from reversed(self._known.values())
