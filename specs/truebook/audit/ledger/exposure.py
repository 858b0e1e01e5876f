"""What an account may have come to hold, for certain: its position, and what was open then.

An order counts from the time at which it was told to be open to the last at which it was told to be
so; the position where one fill ends and the next begins. What may have been besides is not counted.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import attrs

from truebook.audit.seen import FillLine, Place
from truebook.impl.account import MarketKey

ZERO: Final = Decimal(0)


@attrs.frozen
class Beyond:
    """A market in which more could come to be held than was said, and the line that shows it."""

    key: MarketKey
    worst: Decimal
    place: Place


@attrs.define
class _Open:
    buys: bool
    size: Decimal
    since: int
    place: Place
    until: int
    ended: int | None = None
    said: Decimal = ZERO


@attrs.define
class Exposure:
    """Orders and fills with their venue's times, of every market."""

    _orders: dict[MarketKey, dict[int, _Open]] = attrs.field(factory=dict)
    _fills: dict[MarketKey, list[FillLine]] = attrs.field(factory=dict)

    def opened(
        self, key: MarketKey, oid: int, buys: bool, size: Decimal, time: int, place: Place
    ) -> None:
        """Note that an order was open at a time, in milliseconds."""
        one = _Open(buys, size, time, place, until=time)
        self._orders.setdefault(key, {}).setdefault(oid, one)

    def was_open(
        self,
        key: MarketKey,
        oid: int,
        time: int,
        *,
        ends: bool = False,
        filled: Decimal | None = None,
    ) -> None:
        """Note that it was so until a time, and how much a word says has filled of it."""
        one = self._orders.get(key, {}).get(oid)
        if one is not None:
            one.said = max(one.said, filled or ZERO)
            one.until = max(one.until, time)
            if ends:
                one.ended = time

    def fill(self, key: MarketKey, fill: FillLine) -> None:
        """Note a fill that is new."""
        self._fills.setdefault(key, []).append(fill)
        self.was_open(key, fill.oid, fill.time)

    def beyond(self, limit: Decimal) -> Iterator[Beyond]:
        """Yield each market in which more than a limit could come to be held, at its worst."""
        for key, orders in sorted(self._orders.items()):
            fills = sorted(self._fills.get(key, ()), key=lambda one: one.time)
            filled: dict[int, list[FillLine]] = {}
            for fill in fills:
                filled.setdefault(fill.oid, []).append(fill)
            worst: Beyond | None = None
            alive: list[tuple[int, _Open]] = []
            for oid, one in sorted(orders.items(), key=lambda each: each[1].since):
                alive = [(o, other) for o, other in alive if other.until >= one.since]
                held = _held(fills, one.since)
                left = one.size + sum(
                    (
                        _left(filled.get(o, ()), other, one.since)
                        for o, other in alive
                        if other.buys is one.buys
                    ),
                    ZERO,
                )
                alive.append((oid, one))
                if held is None:
                    continue
                most = held + left if one.buys else held - left
                if abs(most) > limit and (worst is None or abs(most) > abs(worst.worst)):
                    worst = Beyond(key, most, one.place)
            if worst is not None:
                yield worst


def _held(fills: Sequence[FillLine], time: int) -> Decimal | None:
    """Return the position at a time; None where fills around it do not agree on one."""
    at = bisect_right(fills, time, key=lambda one: one.time)
    if not at:
        return fills[0].start_position if fills else None
    last = fills[at - 1]
    if last.time == time:
        return None  # which of them came before nobody knows
    held = last.start_position + (last.sz if last.side == "B" else -last.sz)
    return held if at == len(fills) or fills[at].start_position == held else None


def _left(fills: Sequence[FillLine], one: _Open, time: int) -> Decimal:
    """Return what of an order could trade at a time, for certain."""
    if not one.since <= time <= one.until or (one.ended is not None and one.ended <= time):
        return ZERO
    told = sum((each.sz for each in fills), ZERO)
    lacks = max(ZERO, one.said - told)  # it may have filled before or after
    return max(ZERO, one.size - lacks - sum((each.sz for each in fills if each.time <= time), ZERO))
