"""The book: one owner of all order state, built in attrs."""

from truebook.impl.book import UnifiedOrderBook
from truebook.impl.config import SECOND, BookConfig
from truebook.impl.ending import OrderStatus
from truebook.impl.fills import EarlyFill
from truebook.impl.listings import ListedOrder, Listing, ListingRequest
from truebook.impl.orders import Order
from truebook.impl.orphans import OrphanView
from truebook.impl.results import (
    AlreadyTracked,
    Attention,
    CancelRequested,
    Conflict,
    DirectCreation,
    EventsDropped,
    FillResult,
    FromPending,
    ListingRefused,
    ModifyRequested,
    NotAnOrder,
    OrderUpdate,
    Overfill,
    PositionMatches,
    PositionMismatch,
    Rebased,
    RebaseRefused,
    ReconcileResult,
    Refused,
    Rejected,
    StillPending,
    Unattributed,
    UnknownOrder,
)
from truebook.model.vocabulary import CancelAsked, OrderState, Side

__all__ = [
    "SECOND",
    "AlreadyTracked",
    "Attention",
    "BookConfig",
    "CancelAsked",
    "CancelRequested",
    "Conflict",
    "DirectCreation",
    "EarlyFill",
    "EventsDropped",
    "FillResult",
    "FromPending",
    "ListedOrder",
    "Listing",
    "ListingRefused",
    "ListingRequest",
    "ModifyRequested",
    "NotAnOrder",
    "Order",
    "OrderState",
    "OrderStatus",
    "OrderUpdate",
    "OrphanView",
    "Overfill",
    "PositionMatches",
    "PositionMismatch",
    "RebaseRefused",
    "Rebased",
    "ReconcileResult",
    "Refused",
    "Rejected",
    "Side",
    "StillPending",
    "Unattributed",
    "UnifiedOrderBook",
    "UnknownOrder",
]
