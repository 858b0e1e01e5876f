"""What the book answers: one small frozen class for each outcome.

Those in `EVENTS` demand attention; the book also keeps each of them until it is drained.
"""

from decimal import Decimal
from typing import TypeAlias

import attrs

from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.exact import subtract
from truebook.model.vocabulary import OrderState

# Placing


@attrs.frozen
class FromPending:
    """A pending order is now known by its oid."""

    cloid: str
    oid: Oid


@attrs.frozen
class DirectCreation:
    """An order that nobody registered was taken up; look for the code path that placed it."""

    cloid: str
    oid: Oid
    reason: str


@attrs.frozen
class AlreadyTracked:
    """The order was known by this cloid and this oid; the answer told nothing else new."""

    cloid: str
    oid: Oid


@attrs.frozen
class Conflict:
    """Two facts that cannot both be true; what the book knew before stays as it was.

    But for an order that is listed though the book had it closed, refused or forgotten: that is
    open again, and its `Order.doubted` is set where the listing is newer than its end.
    """

    reason: str
    cloid: str | None = None
    oid: Oid | None = None


@attrs.frozen
class NotAnOrder:
    """The answer names no order; nothing was created, and the request stays as it was."""

    cloid: str
    reason: str


@attrs.frozen
class Waits:
    """The order was accepted, and is not in the venue's book: it waits to be triggered."""

    cloid: str
    oid: Oid | None


@attrs.frozen
class Rejected:
    """The order never existed at the venue; nothing of it is pending or counted any more."""

    cloid: str
    reason: str


@attrs.frozen
class StillPending:
    """What came of the request is unknown, so it stays pending and counted."""

    cloid: str


@attrs.frozen
class Ambiguous:
    """An answer without a number that may be of several requests: nothing was concluded from it.

    Each stays counted until a listing tells. It is kept once of each order.
    """

    reason: str
    cloid: str | None = None
    oid: Oid | None = None


# What the venue says of an order


@attrs.frozen
class OrderUpdate:
    """What the order is after the message."""

    cloid: str
    oid: Oid | None
    state: OrderState
    filled: Decimal


@attrs.frozen
class UnknownOrder:
    """The book knows no order of this id; nothing changed."""

    id: Oid


# Filling


@attrs.frozen
class FillResult:
    """A fill that was not seen before; it moved the position by `position_delta`.

    `cloid` is that of its order, where the book knows it. `order_complete`: the order is filled
    whole, and its fills are all here.
    """

    oid: Oid
    tid: Tid
    size: Decimal = attrs.field(kw_only=True)
    price: Decimal = attrs.field(kw_only=True)
    is_buy: bool = attrs.field(kw_only=True)
    position_delta: Decimal = attrs.field(kw_only=True)
    new_position: Decimal = attrs.field(kw_only=True)
    cloid: str | None = attrs.field(kw_only=True)
    order_complete: bool = attrs.field(kw_only=True)


@attrs.frozen
class Overfill(FillResult):
    """A fill that was counted, of an order that now shows more filled than its size."""

    excess: Decimal = attrs.field(kw_only=True)


@attrs.frozen
class Unattributed(FillResult):
    """A fill that was counted, and belongs to no order that the book knows.

    It waits; should its order become known, it is recorded there.
    """

    reason: str = attrs.field(kw_only=True)


@attrs.frozen
class FillChanged:
    """A fill that the venue reversed (`size` zero) or corrected; its order keeps what it traded.

    It moved the position by `position_delta`: by nothing where the fill is yet to come.
    """

    oid: Oid
    tid: Tid
    size: Decimal = attrs.field(kw_only=True)
    position_delta: Decimal = attrs.field(kw_only=True)
    new_position: Decimal = attrs.field(kw_only=True)
    cloid: str | None = attrs.field(kw_only=True)


# Cancelling and modifying


@attrs.frozen
class CancelRequested:
    """The cancel may be sent, and is now awaited; give `request` back with its answer.

    `oid` is None where it is not known yet: cancel by the cloid.
    """

    cloid: str
    oid: Oid | None
    request: int = attrs.field(default=0, kw_only=True, eq=False)

    @property
    def id(self) -> Oid:
        """What to cancel, and to tell the answer of: its oid, else its cloid."""
        return self.cloid if self.oid is None else self.oid


@attrs.frozen
class ModifyRequested:
    """The modify may be sent; a second order of the same cloid is now pending.

    Give `request` back with its answer.
    """

    cloid: str
    oid: Oid
    price: Decimal = attrs.field(kw_only=True)
    size: Decimal = attrs.field(kw_only=True)
    request: int = attrs.field(default=0, kw_only=True, eq=False)


@attrs.frozen
class Refused:
    """The book refuses the request; nothing is to be sent."""

    id: Oid
    reason: str


# Reconciling


@attrs.frozen(kw_only=True)
class ReconcileResult:
    """What a listing came to, and what is to be done about it.

    `orphans_to_cancel` are oids: send their cancels, and tell the book the answers, each with its
    number of `cancel_requests`, which are in the same order.
    `statuses_to_ask`: ask the venue for the status of each, by oid where that is known, else by
    cloid. `recovered` were pending and are now known by the oid given; `removed` are not open any
    more, by oid or, where that was never told, by cloid; `dead` are cloids that never came to be.
    """

    orphans_to_cancel: tuple[Oid, ...] = ()
    statuses_to_ask: tuple[Oid, ...] = ()
    recovered: tuple[Oid, ...] = ()
    removed: tuple[Oid, ...] = ()
    dead: tuple[str, ...] = ()
    orphans: tuple[Oid, ...] = ()
    cancel_requests: tuple[int, ...] = attrs.field(default=(), eq=False)

    @property
    def orders_recovered(self) -> int:
        """How many orders of ours the listing made known."""
        return len(self.recovered)

    @property
    def stale_removed(self) -> int:
        """How many orders the listing proved to be over, or never to have existed."""
        return len(self.removed) + len(self.dead)

    @property
    def new_orphans(self) -> int:
        """How many orders were listed that nobody here knows, for the first time."""
        return len(self.orphans)


@attrs.frozen
class ListingRefused:
    """The listing failed or cannot be believed; nothing changed."""

    reason: str


# Position


@attrs.frozen
class PositionMatches:
    """The venue's position is the book's, as of the same time."""

    position: Decimal


@attrs.frozen(kw_only=True)
class PositionMismatch:
    """The venue's position is not the book's; tell the book the fills that it is missing.

    `ours` is what the fills known before `as_of` come to (None: all), `expected` that and what
    answers said has filled. Nothing was taken over.
    """

    reported: Decimal
    ours: Decimal
    expected: Decimal
    as_of: int | None

    @property
    def difference(self) -> Decimal:
        """What the venue has more than the book."""
        return subtract(self.reported, self.ours)


@attrs.frozen(kw_only=True)
class Rebased:
    """The book took over a position; fills before `as_of` that it does not know count as in it."""

    position: Decimal
    before: Decimal
    as_of: int


@attrs.frozen
class RebaseRefused:
    """The position was not taken over, since a fill could come to count twice or not at all."""

    reason: str


# The log


@attrs.frozen
class ClockSetBack:
    """A call told a time before the latest that was told; it was taken, and the latest time holds.

    That is said once, until time has moved on.
    """

    told: int = attrs.field(kw_only=True)
    latest: int = attrs.field(kw_only=True)


@attrs.frozen
class Normalised:
    """A fact came in another form than the book keeps, and was taken; said once for each `what`.

    `what` is one of oid, tid, cloid, time and request; `given` and `taken` are for people to read.
    """

    what: str
    given: str
    taken: str


@attrs.frozen
class EventsDropped:
    """So many events were dropped, since nobody drained them in time."""

    count: int


Accepted: TypeAlias = (
    FromPending
    | DirectCreation
    | AlreadyTracked
    | Waits
    | OrderUpdate
    | Ambiguous
    | Conflict
    | UnknownOrder
    | NotAnOrder
)
"""What may come of the answer that an order was accepted."""

Attention = (
    DirectCreation
    | Conflict
    | Ambiguous
    | Overfill
    | Unattributed
    | FillChanged
    | PositionMismatch
    | Rebased
    | ListingRefused
    | ClockSetBack
    | Normalised
    | EventsDropped
)
"""What the book keeps until it is drained."""

EVENTS: tuple[type[Attention], ...] = (
    DirectCreation,
    Conflict,
    Ambiguous,
    Overfill,
    Unattributed,
    FillChanged,
    PositionMismatch,
    Rebased,
    ListingRefused,
    ClockSetBack,
    Normalised,
    EventsDropped,
)
