"""Which streams the venue has, and what names each."""

import re
from typing import Final, TypeAlias

from truebook.impl.venues.hyperliquid import given, streams
from truebook.venue.engine import INTERVALS, Exchange

_ADDRESS: Final = re.compile("0x[0-9a-fA-F]{40}").fullmatch
Stream: TypeAlias = tuple[str, str]
"""A type of subscription, and of whom or what.

That is an address, a coin, nothing; of a candle the coin and the interval, of activeAssetData the
coin and the address, with a space between.
"""

OF_ALL: Final = ("allMids",)
OF_COIN: Final = ("l2Book", "bbo", "trades", "activeAssetCtx")
OF_USER: Final = (
    "orderUpdates",
    "userFills",
    "userEvents",
    "userTwapSliceFills",
    "userFundings",
    "userNonFundingLedgerUpdates",
    "notification",
    "clearinghouseState",
    "openOrders",
    "webData2",
)
STREAMS: Final = (*OF_ALL, *OF_COIN, "candle", *OF_USER, "activeAssetData")
STATES: Final = (
    "activeAssetCtx",
    "activeAssetData",
    "clearinghouseState",
    "openOrders",
    "webData2",
)
"""Those that tell how something is, again and again, whether anything has happened or not."""


def is_address(text: str) -> bool:
    """Return whether a text is an address: 0x, and 40 hexadecimal digits."""
    return _ADDRESS(text) is not None


def stream_of(exchange: Exchange, asked: streams.Subscription) -> Stream | None:
    """Return the stream of a subscription, None where there is none such.

    `user` is another name of userEvents.
    """
    kind = "userEvents" if asked.type == "user" else asked.type
    coin, user = given(asked.coin, ""), given(asked.user, "").lower()
    if given(asked.dex, None) or (user and not is_address(user)):
        return None
    if kind in OF_ALL:
        return kind, ""
    if kind in OF_USER:
        return (kind, user) if user else None
    if coin not in exchange.markets:
        return None
    if kind in OF_COIN:
        return kind, coin
    if kind == "candle" and asked.interval in INTERVALS:
        return kind, f"{coin} {asked.interval}"
    if kind == "activeAssetData" and user:
        return kind, f"{coin} {user}"
    return None
