"""A live book on Hyperliquid: it sends, hears, and holds itself against the venue."""

from truebook.impl.venues.hyperliquid.live.config import LiveConfig
from truebook.impl.venues.hyperliquid.live.hyperliquid_book import (
    BookStoppedError,
    HyperliquidBook,
)
from truebook.impl.venues.hyperliquid.live.sending import Cancel, Modify, Place, Request
from truebook.impl.venues.hyperliquid.live.transport import MAINNET, HttpTransport, NotSentError

__all__ = [
    "MAINNET",
    "BookStoppedError",
    "Cancel",
    "HttpTransport",
    "HyperliquidBook",
    "LiveConfig",
    "Modify",
    "NotSentError",
    "Place",
    "Request",
]
