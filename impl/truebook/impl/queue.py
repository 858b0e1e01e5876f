"""`QueueTracker`: how much stands before our orders in the venue's queues, as far as can be known.

It assumes that a price level is served first come, first served; that a level's size is what all
orders at the price still have, ours among them; that what joins a level joins its end; and that
each trade is told before the depth update that shows it. Who cancelled is not told: so there are
two bounds, as if those who cancel stood before us (`least`), or behind us (`most`).
"""

from decimal import Decimal

import attrs

from truebook.impl import checks
from truebook.impl.checks import Oid
from truebook.impl.exact import ZERO, add, subtract
from truebook.impl.orders import Order
from truebook.impl.reading import BookReader
from truebook.impl.views import BookView
from truebook.model.vocabulary import Side

_Level = tuple[Side, Decimal]


@attrs.frozen
class QueuePosition:
    """What stands before one of our orders: at least `least`, at most `most`."""

    oid: Oid
    side: Side
    price: Decimal
    remaining: Decimal
    least: Decimal
    most: Decimal


@attrs.define
class _Place:
    least: Decimal
    most: Decimal


@attrs.define(eq=False)
class QueueTracker:
    """Follows the levels at which we have orders; `book` is only read.

    Tell it `depth` and `trade` as they come, with nothing left out; it looks at the book each time,
    so tell the book first. An order begins behind all that its level last had when it is first
    seen here; a modified one begins anew, since it has a new oid.
    """

    book: BookReader = attrs.field(converter=BookView)
    _sizes: dict[_Level, Decimal] = attrs.field(factory=dict, init=False)
    _traded: dict[_Level, Decimal] = attrs.field(factory=dict, init=False)
    _places: dict[Oid, _Place] = attrs.field(factory=dict, init=False)

    def depth(self, side: Side | str, price: Decimal | int, size: Decimal | int) -> None:
        """Take the size of a level as it is now; zero where there is none."""
        level = _level(side, price)
        size = checks.amount(size, "size")
        ours = self._look()
        before = self._sizes.get(level, ZERO)
        cancelled = subtract(subtract(before, size), self._traded.pop(level, ZERO))
        total = ZERO
        for order in self._at(level, ours):
            place = self._places[_oid(order)]
            total = add(total, order.remaining)
            if cancelled > ZERO:
                place.least = max(ZERO, subtract(place.least, cancelled))
            place.most = min(place.most, max(ZERO, subtract(size, total)))
            place.least = min(place.least, place.most)
        if size:
            self._sizes[level] = size
        else:
            self._sizes.pop(level, None)

    def trade(self, side: Side | str, price: Decimal | int, size: Decimal | int) -> None:
        """Take a trade with the resting orders of a side: it comes off the front of the level."""
        level = _level(side, price)
        size = checks.size(size)
        for order in self._at(level, self._look()):
            place = self._places[_oid(order)]
            place.least = max(ZERO, subtract(place.least, size))
            place.most = max(ZERO, subtract(place.most, size))
        self._traded[level] = add(self._traded.get(level, ZERO), size)

    def positions(self) -> tuple[QueuePosition, ...]:
        """Return where our open orders stand, oldest first."""
        return tuple(
            QueuePosition(
                _oid(order),
                order.side,
                order.price,
                order.remaining,
                self._places[_oid(order)].least,
                self._places[_oid(order)].most,
            )
            for order in self._look()
        )

    def _look(self) -> list[Order]:
        """Take up the orders that are new, and let go of those that are over."""
        ours = [order for order in self.book.get_orders() if order.is_open]
        known = {_oid(order) for order in ours}
        for oid in [oid for oid in self._places if oid not in known]:
            del self._places[oid]
        for order in ours:
            if _oid(order) not in self._places:
                level = (order.side, order.price)
                size = subtract(self._sizes.get(level, ZERO), self._traded.get(level, ZERO))
                ahead = max(ZERO, size)
                self._places[_oid(order)] = _Place(ahead, ahead)
            elif order.taker < order.filled and order.maker:  # a resting order trades at the front
                place = self._places[_oid(order)]
                place.least = place.most = ZERO
        return ours

    @staticmethod
    def _at(level: _Level, ours: list[Order]) -> list[Order]:
        return [order for order in ours if (order.side, order.price) == level]


def _level(side: Side | str, price: Decimal | int) -> _Level:
    return (Side.BUY if checks.is_buy(side) else Side.SELL), checks.amount(price, "price")


def _oid(order: Order) -> Oid:
    assert order.oid is not None
    return order.oid
