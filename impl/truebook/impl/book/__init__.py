"""The book: facts in, results out; it needs attrs alone, and asks nobody anything."""

from truebook.impl.book import checks, ending, fields, filling, listings, orders, placing, positions
from truebook.impl.book.batches import spread_batch
from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.config import SECOND, BookConfig
from truebook.impl.book.ending import OrderStatus
from truebook.impl.book.exact import ZERO, add, subtract
from truebook.impl.book.fills import EarlyFill, FillMemory
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.listings import (
    ListedOrder,
    Listing,
    ListingRequest,
    listed,
    orders_of,
    scope,
)
from truebook.impl.book.modifying import OldOrder
from truebook.impl.book.order_book import UnifiedOrderBook
from truebook.impl.book.orders import Order
from truebook.impl.book.orphans import Orphans, OrphanView
from truebook.impl.book.reader import BookReader, ledger_of
from truebook.impl.book.results import (
    EVENTS,
    AlreadyTracked,
    Ambiguous,
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

__all__ = [
    "EVENTS",
    "SECOND",
    "ZERO",
    "AlreadyTracked",
    "Ambiguous",
    "Attention",
    "BookConfig",
    "BookReader",
    "CancelRequested",
    "Conflict",
    "DirectCreation",
    "EarlyFill",
    "EventsDropped",
    "FillMemory",
    "FillResult",
    "FromPending",
    "Ledger",
    "ListedOrder",
    "Listing",
    "ListingRefused",
    "ListingRequest",
    "ModifyRequested",
    "NotAnOrder",
    "Oid",
    "OldOrder",
    "Order",
    "OrderStatus",
    "OrderUpdate",
    "OrphanView",
    "Orphans",
    "Overfill",
    "PositionMatches",
    "PositionMismatch",
    "RebaseRefused",
    "Rebased",
    "ReconcileResult",
    "Refused",
    "Rejected",
    "StillPending",
    "Tid",
    "Unattributed",
    "UnifiedOrderBook",
    "UnknownOrder",
    "add",
    "checks",
    "ending",
    "fields",
    "filling",
    "ledger_of",
    "listed",
    "listings",
    "orders",
    "orders_of",
    "placing",
    "positions",
    "scope",
    "spread_batch",
    "subtract",
]
