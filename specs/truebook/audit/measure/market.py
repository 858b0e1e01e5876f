"""The venue at which bots are recorded."""

from decimal import Decimal
from typing import Final

from truebook.impl.venues.hyperliquid import markets
from truebook.venue.engine import Exchange, Market

MARKETS: Final = (("BTC", 5, "60000"), ("ETH", 4, "3000"))


def exchange_of() -> Exchange:
    """Return a venue of two markets."""
    listed = [
        Market(markets.Market(coin, asset, decimals), Decimal(price))
        for asset, (coin, decimals, price) in enumerate(MARKETS)
    ]
    return Exchange({market.coin: market for market in listed})
