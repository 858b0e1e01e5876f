"""The others: a seeded flow of orders of other traders, around a price that walks."""

from decimal import Decimal
from random import Random
from typing import Final

import attrs

from truebook.venue.engine.exchange import Exchange
from truebook.venue.engine.market import Market
from truebook.venue.engine.order import Asked, Order, Place, Tif

MAKERS, TAKERS = "0x" + "c0" * 20, "0x" + "7a" * 20
"""The addresses of those who quote, and of those who take."""
LEVELS: Final = 5
UNASKED: Final = ("marginCanceled", "openInterestCapCanceled", "internalCancel")
"""Why the venue cancels an order that nobody asked to be cancelled."""
_RICHES: Final = Decimal(10) ** 12
"""What each of them has: they never lack margin."""
_STEP: Final = Decimal("0.0001")
"""Quotes are so far apart, in parts of the price."""


@attrs.define
class Crowd:
    """Others, who quote both sides of each market and now and then take; the same of each seed.

    `takes` is how probable it is, in each step and market, that somebody takes, and `walks` that
    the price walks; `unasked`, that the venue cancels an order of somebody else in a step.
    """

    random: Random
    takes: float = 0.3
    walks: float = 0.1
    unasked: float = 0.0
    value: Decimal = Decimal(2_000)
    _fair: dict[str, Decimal] = attrs.field(factory=dict)
    _quotes: dict[str, list[Order]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, seed: int, *, unasked: float = 0.0) -> "Crowd":
        """Return the others of a seed."""
        return cls(Random(seed), unasked=unasked)

    def step(self, exchange: Exchange, now: int) -> None:
        """Let them do what they do in a moment."""
        for user in (MAKERS, TAKERS):
            exchange.account(user).balance = _RICHES
        for market in exchange.markets.values():
            fair = self._fair.setdefault(market.coin, market.mark)
            if market.coin not in self._quotes or self.random.random() < self.walks:
                way = self.random.choice((-1, 0, 1))
                self._fair[market.coin] = fair = fair * (1 + way * market.step)
                self._quote(exchange, market, fair, now)
            if self.random.random() < self.takes:
                self._take(exchange, market, now)
        if self.random.random() < self.unasked:
            self._cancel(exchange, now)

    def _cancel(self, exchange: Exchange, now: int) -> None:
        """Let the venue cancel an order of somebody else, for one of its reasons."""
        others = (a for user, a in exchange.accounts.items() if user not in (MAKERS, TAKERS))
        some = [order for account in others for order in account.standing.values()]
        if some:
            status = self.random.choice(UNASKED)
            exchange.cancel_unasked(self.random.choice(some), status, now)

    def _quote(self, exchange: Exchange, market: Market, fair: Decimal, now: int) -> None:
        for order in self._quotes.get(market.coin, ()):
            if order.where is Place.BOOK:
                exchange.cancel(MAKERS, market.coin, order.oid, now)
        made = []
        for level in range(1, LEVELS + 1):
            for is_buy in (True, False):
                price = market.near(fair * (1 + (-level if is_buy else level) * _STEP))
                if not price:  # it has fallen below what the market can tell
                    continue
                asked = Asked(
                    coin=market.coin,
                    is_buy=is_buy,
                    price=price,
                    size=_size(self.value * self.random.randint(1, 4), price, market),
                    tif=Tif.ALO,
                )
                placed = exchange.place(MAKERS, asked, now)
                if isinstance(placed, Order):
                    made.append(placed)
        self._quotes[market.coin] = made

    def _take(self, exchange: Exchange, market: Market, now: int) -> None:
        is_buy = self.random.random() < 0.5
        best = market.levels.side(is_buy=not is_buy).best
        if best is None:
            return
        value = self.value * Decimal(self.random.randint(1, 20)) / 10
        asked = Asked(
            coin=market.coin,
            is_buy=is_buy,
            price=best,
            size=_size(value, best, market),
            tif=Tif.IOC,
        )
        exchange.place(TAKERS, asked, now)


def _size(value: Decimal, price: Decimal, market: Market) -> Decimal:
    return (value / price).quantize(Decimal(1).scaleb(-market.listed.size_decimals))
