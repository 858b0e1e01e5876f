"""Orders as the venue tells them: on the stream, in listings, asked for by themselves."""

from typing import Literal, TypeAlias

from msgspec import UNSET

from truebook.impl.venues.hyperliquid.wire import Maybe, Wire

Side: TypeAlias = Literal["B", "A"]
"""B: the bid, a buy. A: the ask, a sell."""


class Order(Wire, frozen=True, kw_only=True):
    """An order; the fields from `is_trigger` on are told by frontendOpenOrders and when asked for.

    `sz` is what can still trade, `orig_sz` what it was of. That they differ need not mean that it
    has filled: one that only reduces the position shrinks with it. An order that waits to be
    triggered may have no oid.
    """

    coin: str
    side: Side
    limit_px: str
    sz: str
    oid: int | Maybe | None = UNSET
    timestamp: int
    orig_sz: str | Maybe = UNSET
    cloid: str | Maybe | None = UNSET
    reduce_only: bool | Maybe | None = UNSET
    is_trigger: bool | Maybe = UNSET
    trigger_px: str | Maybe | None = UNSET
    trigger_condition: str | Maybe | None = UNSET
    children: "list[Order] | Maybe" = UNSET
    is_position_tpsl: bool | Maybe = UNSET
    order_type: str | Maybe = UNSET
    tif: str | Maybe | None = UNSET


class OrderUpdate(Wire, frozen=True):
    """An order, and what became of it: of orderUpdates, historicalOrders and orderStatus."""

    order: Order
    status: str
    status_timestamp: int


class KnownOrder(Wire, frozen=True, tag_field="status", tag="order"):
    """The answer to orderStatus for an order that the venue knows."""

    order: OrderUpdate


class UnknownOid(Wire, frozen=True, tag_field="status", tag="unknownOid"):
    """The answer to orderStatus where the venue knows none; it proves nothing of fills."""


OrderStatusAnswer: TypeAlias = KnownOrder | UnknownOid
