"""What words and answers say has filled of orders, held to the fills that were told."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import attrs

from truebook.audit.seen import Place
from truebook.impl.account import MarketKey

ZERO: Final = Decimal(0)
REMEMBERED: Final = 10_000
"""So many orders are remembered of which no word has come, and so many of which all was told."""
Named = tuple[MarketKey, int]


@attrs.frozen
class Short:
    """An order has filled more than the fills that were told of it come to, as a line says."""

    key: MarketKey
    oid: int
    said: Decimal
    told: Decimal
    place: Place


@attrs.define
class _Promise:
    place: Place
    said: Decimal = ZERO
    told: Decimal = ZERO
    is_over: bool = False


@attrs.define
class Promised:
    """Orders that were seen from their beginning: how much of them has filled, and was told."""

    _open: dict[Named, _Promise] = attrs.field(factory=dict)
    _kept: dict[Named, None] = attrs.field(factory=dict)
    _early: dict[Named, Decimal] = attrs.field(factory=dict)

    def begins(self, name: Named, place: Place) -> None:
        """Note that an order begins: nothing of it has filled but what has been told since."""
        if name not in self._open and name not in self._kept:
            self._open[name] = _Promise(place, told=self._early.pop(name, ZERO))

    def says(self, name: Named, filled: Decimal, place: Place, *, is_over: bool) -> None:
        """Note that so much of an order has filled."""
        one = self._open.get(name)
        if one is None:
            return
        if filled > one.said:
            one.said, one.place = filled, place
        one.is_over = one.is_over or is_over
        self._end(name, one)

    def fill(self, name: Named, size: Decimal) -> None:
        """Note a fill that was told."""
        one = self._open.get(name)
        if one is not None:
            one.told += size
            self._end(name, one)
        elif name not in self._kept:
            _remember(self._early, name, self._early.get(name, ZERO) + size)

    def _end(self, name: Named, one: _Promise) -> None:
        """Let go of an order that is over, and of which all was told."""
        if one.is_over and one.said <= one.told:
            del self._open[name]
            _remember(self._kept, name, None)

    def short(self, apart: Mapping[Named, Decimal]) -> Iterator[Short]:
        """Yield the orders of which fills lack; `apart`: what was told by itself."""
        for name, one in self._open.items():
            if one.said > one.told + apart.get(name, ZERO):
                yield Short(*name, one.said, one.told, one.place)


def _remember(some: dict[Named, Any], name: Named, what: Any) -> None:
    some[name] = what
    if len(some) > REMEMBERED:
        del some[next(iter(some))]
