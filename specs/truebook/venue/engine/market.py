"""A market: what its prices and sizes must be, and which prices it has seen."""

from decimal import Decimal
from typing import Final

import attrs

from truebook.impl.venues.hyperliquid import markets
from truebook.venue.engine.levels import Levels

LEAST_VALUE: Final = Decimal(10)
FARTHEST: Final = Decimal("0.95")
"""An order is worth so many dollars at least, at a price no farther from the mark than this."""


@attrs.define
class Market:
    """A market, its book, and its mark price, at which triggers look."""

    listed: markets.Market
    mark: Decimal
    levels: Levels = attrs.field(factory=Levels)
    most_leverage: int = 50

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

    def moved(self) -> None:
        """Take the middle of the book for the mark, if there is one."""
        middle = self.levels.mid
        if middle is not None:
            self.mark = middle
