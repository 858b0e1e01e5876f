"""What `SafetySync` asks of a venue: a small protocol, and the values that its answers are."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

import attrs

from truebook.impl.book import ListedOrder, Oid, OrderStatus, Tid, checks, fields, orders_of, scope


@attrs.frozen
class VenueListing:
    """The venue's open orders; `complete` is False where it may not be all of them.

    `covers_triggers`: those that wait for a trigger or a parent are among them.
    """

    orders: Sequence[ListedOrder] = attrs.field(converter=orders_of)
    complete: bool = attrs.field(default=True, validator=fields.instance(bool))
    scope: str | None = attrs.field(default=None, converter=scope)
    covers_triggers: bool = attrs.field(
        default=False, validator=fields.instance(bool), kw_only=True
    )


@attrs.frozen
class VenuePosition:
    """The venue's position; it holds the fills before the venue time `as_of`, and no other."""

    position: Decimal
    as_of: int


@attrs.frozen
class VenueFill:
    """A fill as the venue tells it; see `UnifiedOrderBook.process_fill`."""

    oid: Oid
    tid: Tid
    size: Decimal = attrs.field(kw_only=True)
    price: Decimal = attrs.field(kw_only=True)
    is_buy: bool = attrs.field(kw_only=True)
    time: int = attrs.field(kw_only=True)
    cloid: str | None = attrs.field(default=None, kw_only=True)
    crossed: bool | None = attrs.field(default=None, kw_only=True)
    fee_in_base: Decimal | None = attrs.field(default=None, kw_only=True)


def _fills(fills: Iterable[VenueFill]) -> Sequence[VenueFill]:
    return checks.many_of(fills, VenueFill, "the answer is its fills")


@attrs.frozen
class VenueFills:
    """Fills since a time; `complete` is False where there may be more of them.

    Those are asked for again from the same time: a venue that answers in pages is to be asked for
    all of them.
    """

    fills: Sequence[VenueFill] = attrs.field(converter=_fills)
    complete: bool = attrs.field(default=True, validator=fields.instance(bool))


OVER = ("filled", "cancelled", "rejected")
"""The words of a status that say that an order is over."""


@attrs.frozen
class VenueStatus:
    """What the venue says of one order."""

    oid: Oid | None
    status: OrderStatus | str
    cloid: str | None = None
    filled: Decimal | None = None
    reason: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it says that the order is over."""
        return str(self.status).lower() in OVER


class CancelAnswer(StrEnum):
    """What the venue answers to a cancel."""

    CONFIRMED = "confirmed"
    NOT_OPEN = "not open"
    REJECTED = "rejected"


class VenueClient(Protocol):
    """A venue as `SafetySync` needs it. An error of any kind is raised; it proves nothing."""

    async def open_orders(self) -> VenueListing:
        """Return the open orders."""
        ...

    async def position(self) -> VenuePosition:
        """Return the position, and as of when it holds."""
        ...

    async def fills_since(self, time: int) -> VenueFills:
        """Return the fills of this venue time or later."""
        ...

    async def order_status(self, id: Oid) -> VenueStatus | None:
        """Return what is known of an oid, or of an order of a cloid; None: nothing.

        A venue may answer for any order that has had the cloid: its oid says which. Without an oid
        a refusal is taken to be of the request that is pending, where there was no other.
        """
        ...

    async def cancel(self, oid: Oid) -> CancelAnswer:
        """Cancel an order."""
        ...
