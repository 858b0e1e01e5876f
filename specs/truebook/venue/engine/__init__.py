"""The venue's own truth: accounts, markets, orders and what becomes of them; no wire, no clock."""

from truebook.venue.engine.account import Account, Position
from truebook.venue.engine.checks import NO_MATCH, Refusal
from truebook.venue.engine.crowd import Crowd
from truebook.venue.engine.exchange import NOT_OPEN, NOT_REPLACED, OVER, Exchange
from truebook.venue.engine.levels import Half, Levels
from truebook.venue.engine.limits import Limits
from truebook.venue.engine.liquidating import LIQUIDATOR
from truebook.venue.engine.margin import Margin, margin_of, most_change
from truebook.venue.engine.market import Market
from truebook.venue.engine.news import Changed, Filled, Liquidated, News, Traded, Unasked
from truebook.venue.engine.order import Asked, Condition, Liquidation, Order, Place, Tif
from truebook.venue.engine.settings import schedule, set_leverage
from truebook.venue.engine.tape import INTERVALS, Bar

__all__ = [
    "INTERVALS",
    "LIQUIDATOR",
    "NOT_OPEN",
    "NOT_REPLACED",
    "NO_MATCH",
    "OVER",
    "Account",
    "Asked",
    "Bar",
    "Changed",
    "Condition",
    "Crowd",
    "Exchange",
    "Filled",
    "Half",
    "Levels",
    "Limits",
    "Liquidated",
    "Liquidation",
    "Margin",
    "Market",
    "News",
    "Order",
    "Place",
    "Position",
    "Refusal",
    "Tif",
    "Traded",
    "Unasked",
    "margin_of",
    "most_change",
    "schedule",
    "set_leverage",
]
