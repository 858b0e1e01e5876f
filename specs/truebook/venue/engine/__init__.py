"""The venue's own truth: accounts, markets, orders and what becomes of them; no wire, no clock."""

from truebook.venue.engine.account import Account, Position
from truebook.venue.engine.checks import Refusal
from truebook.venue.engine.crowd import Crowd
from truebook.venue.engine.exchange import NOT_OPEN, NOT_REPLACED, OVER, Exchange
from truebook.venue.engine.levels import Half, Levels
from truebook.venue.engine.market import Market
from truebook.venue.engine.news import Changed, Filled, News, Traded, Unasked
from truebook.venue.engine.order import Asked, Condition, Order, Place, Tif

__all__ = [
    "NOT_OPEN",
    "NOT_REPLACED",
    "OVER",
    "Account",
    "Asked",
    "Changed",
    "Condition",
    "Crowd",
    "Exchange",
    "Filled",
    "Half",
    "Levels",
    "Market",
    "News",
    "Order",
    "Place",
    "Position",
    "Refusal",
    "Tif",
    "Traded",
    "Unasked",
]
