"""`QueueTracker`: how much stands before our orders in the venue's queues, as far as can be known.

It assumes that a price level is served first come, first served; that a level's size is what all
orders at the price still have, ours among them; that what joins a level joins its end; that every
change of a level is told, and each trade before the depth update that shows it. Who cancelled is
not told: so there are two bounds, as if those who cancel stood before us (`least`), or behind us
(`most`).
"""

from decimal import Decimal

import attrs

from truebook.impl.book import ZERO, BookReader, Oid, Order, add, checks, subtract
from truebook.impl.views.book_view import BookView
from truebook.model.vocabulary import Side

_Level = tuple[Side, Decimal]


@attrs.frozen
class QueuePosition:
    """What stands before one of our orders: at least `least`, at most `most` (None: not known).

    Our own orders that stand before it count too.
    """

    oid: Oid
    side: Side
    price: Decimal = attrs.field(kw_only=True)
    remaining: Decimal = attrs.field(kw_only=True)
    least: Decimal = attrs.field(kw_only=True)
    most: Decimal | None = attrs.field(kw_only=True)


@attrs.define
class _Place:
    least: Decimal
    most: Decimal | None

    def move_up(self, size: Decimal) -> None:
        """Take so much off what stands before it."""
        self.least = max(ZERO, subtract(self.least, size))
        if self.most is not None:
            self.most = max(ZERO, subtract(self.most, size))

    def bound(self, most: Decimal) -> None:
        """Note that no more than this stands before it."""
        self.most = most if self.most is None else min(self.most, most)
        self.least = min(self.least, self.most)


@attrs.define(eq=False)
class QueueTracker:
    """Follows the levels at which we have orders; `book` is only read.

    Tell it `depth` and `trade` as they come, with nothing left out; it looks at the book each time,
    so tell the book first. An order begins behind all that its level last had when it is first
    seen here; where no size of the level was told, that is not known until one is. A modified order
    begins anew, since it has a new oid.
    """

    book: BookReader = attrs.field(converter=BookView)
    _sizes: dict[_Level, Decimal] = attrs.field(factory=dict, init=False)
    _traded: dict[_Level, Decimal] = attrs.field(factory=dict, init=False)
    _places: dict[Oid, _Place] = attrs.field(factory=dict, init=False)  # as they joined

    def depth(self, side: Side | str, price: Decimal | int, size: Decimal | int) -> None:
        """Take the size of a level as it is now; zero where there is none."""
        level = _level(side, price)
        size = checks.amount(size, "size")
        ours = self._look()
        before = self._sizes.get(level, ZERO)
        cancelled = subtract(subtract(before, size), self._traded.pop(level, ZERO))
        from_here = ZERO
        for order in reversed(_at(level, ours)):
            place = self._places[_oid(order)]
            from_here = add(from_here, order.remaining)
            if cancelled > ZERO:
                place.least = max(ZERO, subtract(place.least, cancelled))
            place.bound(max(ZERO, subtract(size, from_here)))
        if size:
            self._sizes[level] = size
        else:
            self._sizes.pop(level, None)

    def trade(self, side: Side | str, price: Decimal | int, size: Decimal | int) -> None:
        """Take a trade with the resting orders of a side: it comes off the front of the level."""
        level = _level(side, price)
        size = checks.size(size)
        for order in _at(level, self._look()):
            self._places[_oid(order)].move_up(size)
        self._traded[level] = add(self._traded.get(level, ZERO), size)

    def positions(self) -> tuple[QueuePosition, ...]:
        """Return where our open orders stand, in the order in which they were first seen."""
        found = []
        for order in self._look():
            oid = _oid(order)
            place = self._places[oid]
            found.append(
                QueuePosition(
                    oid,
                    order.side,
                    price=order.price,
                    remaining=order.remaining,
                    least=place.least,
                    most=place.most,
                )
            )
        return tuple(found)

    def _look(self) -> list[Order]:
        """Take up the orders that are new, let go of those that are over; return those open."""
        shown = map(self.book.get_order, self.book.get_active_oids())
        ours = {_oid(order): order for order in shown if order is not None and order.is_open}
        for oid in self._places.keys() - ours.keys():
            del self._places[oid]
        new = [order for oid, order in ours.items() if oid not in self._places]
        for order in sorted(new, key=lambda order: (order.request_at, str(order.oid))):
            size = self._sizes.get((order.side, order.price))
            if size is None:
                self._places[_oid(order)] = _Place(ZERO, None)
                continue
            traded = self._traded.get((order.side, order.price), ZERO)
            ahead = max(ZERO, subtract(size, traded))
            self._places[_oid(order)] = _Place(ahead, ahead)
        for oid, place in self._places.items():
            if ours[oid].maker:  # a resting order trades at the front
                place.bound(ZERO)
        return [ours[oid] for oid in self._places]


def _at(level: _Level, ours: list[Order]) -> list[Order]:
    return [order for order in ours if (order.side, order.price) == level]


def _level(side: Side | str, price: Decimal | int) -> _Level:
    return (Side.BUY if checks.is_buy(side) else Side.SELL), checks.amount(price, "price")


def _oid(order: Order) -> Oid:
    assert order.oid is not None
    return order.oid
