"""The resting orders of one market, by price and then by time."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from decimal import Decimal

import attrs

from truebook.venue.engine.order import Order


@attrs.define
class Half:
    """One side of a market's book: orders by price, the best first, and by time at each price."""

    is_bid: bool
    _keys: list[Decimal] = attrs.field(factory=list)
    _at: dict[Decimal, dict[int, Order]] = attrs.field(factory=dict)

    def add(self, order: Order) -> None:
        """Put an order behind the others of its price."""
        key = self._key(order.asked.price)
        if key not in self._at:
            insort(self._keys, key)
            self._at[key] = {}
        self._at[key][order.oid] = order

    def remove(self, order: Order) -> None:
        """Take an order out."""
        key = self._key(order.asked.price)
        level = self._at[key]
        del level[order.oid]
        if not level:
            del self._at[key]
            del self._keys[bisect_left(self._keys, key)]

    @property
    def best(self) -> Decimal | None:
        """The best price; None where nothing rests."""
        return abs(self._keys[0]) if self._keys else None

    def first(self) -> Order | None:
        """Return the order that trades next."""
        return next(iter(self._at[self._keys[0]].values())) if self._keys else None

    def takes(self, price: Decimal) -> bool:
        """Return whether an order of the other side trades at once at a price, or better."""
        return bool(self._keys) and self._keys[0] <= self._key(price)

    def levels(self, most: int) -> Iterator[tuple[Decimal, Decimal, int]]:
        """Yield price, size and number of orders of each level, the best first."""
        for key in self._keys[:most]:
            orders = self._at[key].values()
            yield abs(key), sum((one.left for one in orders), Decimal(0)), len(orders)

    def average(self, value: Decimal) -> Decimal | None:
        """Return the average price of taking so many dollars; None where less rests."""
        left, size = value, Decimal(0)
        for key in self._keys:
            price = abs(key)
            here = sum((one.left for one in self._at[key].values()), Decimal(0))
            taken = min(left, here * price)
            left, size = left - taken, size + taken / price
            if not left:
                return value / size
        return None

    def _key(self, price: Decimal) -> Decimal:
        return -price if self.is_bid else price


@attrs.define
class Levels:
    """Both sides of a market's book."""

    bids: Half = attrs.field(factory=lambda: Half(is_bid=True))
    asks: Half = attrs.field(factory=lambda: Half(is_bid=False))

    def side(self, *, is_buy: bool) -> Half:
        """Return the side where buys, or sells, rest."""
        return self.bids if is_buy else self.asks

    @property
    def mid(self) -> Decimal | None:
        """The middle of the best prices; None where a side is empty."""
        bid, ask = self.bids.best, self.asks.best
        return None if bid is None or ask is None else (bid + ask) / 2
