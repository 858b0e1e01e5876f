"""Markets: what an account calls a coin, which number orders have for it, how exact it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

import attrs

from truebook.impl.account import MarketKey
from truebook.impl.venues.hyperliquid.meta import Meta, SpotMeta

_SPOT, _BUILT, _APART = 10_000, 100_000, 10_000
_DIGITS: Final = 5
"""A price has so many significant figures at most; a whole one may have more."""
_QUOTES: Final = ("USDC", "USDT0", "USDE", "USDH")
"""Tokens in which a fee is none of the asset, where nobody says what a coin is made of."""


@lru_cache(1_024)  # it is asked for with each message
def key_of(coin: str, *, sub_account: str = "") -> MarketKey:
    """Return what a coin is called in an account: `xyz:GOLD` is GOLD of the dex xyz.

    ValueError for a coin that has no name.
    """
    dex, colon, market = coin.partition(":")
    if not colon:
        return MarketKey(coin, sub_account=sub_account)
    return MarketKey(market, dex=dex, sub_account=sub_account)


def coin_of(key: MarketKey) -> str:
    """Return the venue's name of a market."""
    return f"{key.dex}:{key.market}" if key.dex else key.market


def is_spot(coin: str) -> bool:
    """Return whether a coin is of a spot market: `PURR/USDC`, or `@` and its number."""
    return coin.startswith("@") or "/" in coin


@attrs.frozen
class Market:
    """A market: the number by which orders name it, and the decimals of its sizes.

    `base` is the token that is bought and sold, of a spot market; empty of a perpetual future.
    """

    coin: str
    asset: int
    size_decimals: int
    base: str = ""

    def why_not(self, price: Decimal, size: Decimal) -> str:
        """Return the venue's own words for a price or size that it would refuse; none: it fits."""
        if _decimals(size) > self.size_decimals:
            return "Order has invalid size."
        decimals = _decimals(price)
        figures = len(format(price, "f").replace(".", "").strip("0"))
        most = (8 if self.base else 6) - self.size_decimals
        if decimals and (decimals > most or figures > _DIGITS):
            return "Price must be divisible by tick size."
        return ""


def _decimals(value: Decimal) -> int:
    text = format(value, "f").partition(".")[2]
    return len(text.rstrip("0"))


class Markets(Mapping[str, Market]):
    """The markets by their coins; `of_asset` finds one by the number that orders have for it."""

    __slots__ = ("_by_asset", "_by_coin")

    def __init__(self, markets: Iterable[Market] = ()) -> None:
        self._by_coin = {market.coin: market for market in markets}
        self._by_asset = {market.asset: market for market in self._by_coin.values()}

    @classmethod
    def of(cls, metas: Sequence[Meta | None], spot: SpotMeta | None = None) -> "Markets":
        """Return the markets of the dexes, in the venue's order, and the spot markets.

        The first dex is the venue's own; None is one that nobody asked for. Numbers: the place of
        a perpetual future, 10,000 and the index of a spot market, 100,000 and 10,000 for each
        dex and the place in it.
        """
        found = []
        for dex, meta in enumerate(metas):
            first = _BUILT + dex * _APART if dex else 0
            for place, perp in enumerate(meta.universe if meta is not None else ()):
                found.append(Market(perp.name, first + place, perp.sz_decimals))
        tokens = {} if spot is None else {token.index: token for token in spot.tokens}
        for pair in () if spot is None else spot.universe:
            base = tokens.get(pair.tokens[0])
            if base is not None:
                found.append(Market(pair.name, _SPOT + pair.index, base.sz_decimals, base.name))
        return cls(found)

    def of_asset(self, asset: int) -> Market | None:
        """Return the market that orders name by a number."""
        return self._by_asset.get(asset)

    def takes_of_asset(self, coin: str, fee_token: str, *, is_buy: bool) -> bool:
        """Return whether a fee in a token is taken of what is bought and sold itself.

        So it is of a spot buy. Where the market is not known, the fee of a buy is taken for that,
        unless its token is one that others are paid in.
        """
        if not is_spot(coin):
            return False
        market = self.get(coin)
        if market is not None:
            return fee_token == market.base
        base, slash, _ = coin.partition("/")
        return fee_token == base if slash else is_buy and fee_token not in _QUOTES

    def __getitem__(self, coin: str) -> Market:
        return self._by_coin[coin]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_coin)

    def __len__(self) -> int:
        return len(self._by_coin)
