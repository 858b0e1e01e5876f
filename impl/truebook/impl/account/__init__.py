"""The account: the books of one account, a market each, kept apart and summed."""

from truebook.impl.account.account import Account, MarketEvent
from truebook.impl.account.keys import Coverage, MarketKey, PositionSide
from truebook.impl.account.listings import AccountListing, AccountReconciled

__all__ = [
    "Account",
    "AccountListing",
    "AccountReconciled",
    "Coverage",
    "MarketEvent",
    "MarketKey",
    "PositionSide",
]
