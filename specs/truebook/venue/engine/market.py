"""A market: what its prices and sizes must be, and which prices it has seen."""

from decimal import Decimal
from typing import Final

import attrs

from truebook.impl.venues.hyperliquid import markets
from truebook.venue.engine.levels import Levels
from truebook.venue.engine.tape import DAY, Tape

LEAST_VALUE: Final = Decimal(10)
FARTHEST: Final = Decimal("0.95")
"""An order is worth so many dollars at least, at a price no farther from the mark than this."""


@attrs.frozen
class Day:
    """What was traded in a day, in the coin and in dollars, and the price before it."""

    volume: Decimal
    value: Decimal
    price: Decimal


@attrs.define
class Market:
    """A market, its book, what was traded, and its mark price, at which triggers look.

    `open_interest` is what is held long in it, and short; `step` is how far its price steps when
    it moves, in parts of it.
    """

    listed: markets.Market
    mark: Decimal
    levels: Levels = attrs.field(factory=Levels)
    most_leverage: int = 50
    step: Decimal = Decimal("0.0001")
    tape: Tape = attrs.field(factory=Tape)
    open_interest: Decimal = Decimal(0)
    _first: Decimal = attrs.field(init=False)

    @_first.default
    def _of_mark(self) -> Decimal:
        return self.mark

    @property
    def coin(self) -> str:
        """The venue's name of it."""
        return self.listed.coin

    @property
    def asset(self) -> int:
        """The number that orders have for it."""
        return self.listed.asset

    @property
    def mid(self) -> Decimal:
        """The middle of the best prices, or the mark where a side is empty."""
        middle = self.levels.mid
        return self.mark if middle is None else middle

    def day(self, now: int) -> Day:
        """Return what was traded in the last day."""
        bars = list(self.tape.since(now - DAY))
        volume = sum((bar.volume for bar in bars), Decimal(0))
        value = sum((bar.value for bar in bars), Decimal(0))
        return Day(volume, value, self.tape.price_at(now - DAY) or self._first)

    def near(self, price: Decimal) -> Decimal:
        """Return the nearest price that the market takes."""
        figures = price.adjusted() - 4
        decimals = -(6 - self.listed.size_decimals)
        return price.quantize(Decimal(1).scaleb(max(min(figures, 0), decimals)))

    def moved(self) -> None:
        """Take the middle of the book for the mark, if there is one."""
        middle = self.levels.mid
        if middle is not None:
            self.mark = middle
