"""An order as the book shows it to others, at one moment."""

from decimal import Decimal

import attrs

from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, subtract
from truebook.impl.book.orders import Leg, chain
from truebook.model.vocabulary import LIVE, CancelAsked, OrderState, Side, TimeInForce


@attrs.frozen(kw_only=True)
class Order:
    """An order as the book shows it, at one moment.

    `oid` is that of the leg shown, `oids` all that its cloid is known to have had, oldest first.
    `size` is what the venue accepted, and has not taken back since; `asked` what we asked for last;
    `sized_at` when the venue's word on it was heard, None where it said none.
    `filled` is what the fills known come to, or what the venue has said, if that is more;
    `taker`, `maker`, `answered`, `stated` and `final` are what it follows from. `doubted`: a
    listing contradicted the venue's word that it is over. `reason` is the venue's word, or the
    caller's, for what became of it last. `request` is the number of the request that made it, of an
    order or of a modify, and `cancel_request` that of its latest cancel: give them back with the
    answers. 0: there is none. `trigger` is the price that lets it trade, `parent` the cloid of the
    order that it is a child of; one that `follows_position` has no size of its own until it trades.
    """

    cloid: str
    oid: Oid | None
    oids: tuple[Oid, ...]
    side: Side
    price: Decimal
    size: Decimal
    filled: Decimal
    remaining: Decimal
    state: OrderState
    exposure: Decimal
    unsettled: Decimal
    taker: Decimal
    maker: Decimal
    answered: Decimal
    stated: Decimal
    final: bool
    cancel: CancelAsked
    request_at: int
    cancel_at: int | None
    open_since: int | None
    closed_at: int | None
    doubted: bool
    reason: str
    asked: Decimal = attrs.field(repr=False)
    sized_at: int | None = attrs.field(default=None, repr=False)
    request: int = attrs.field(default=0, eq=False)
    cancel_request: int = attrs.field(default=0, eq=False)
    reduce_only: bool = False
    time_in_force: TimeInForce = TimeInForce.GTC
    trigger: Decimal | None = None
    parent: str | None = None
    follows_position: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is open at the venue, as far as is known."""
        return self.state in LIVE

    @property
    def overfill(self) -> Decimal:
        """What has filled beyond its size."""
        return max(ZERO, subtract(self.filled, self.size))


def oids_of(head: Leg) -> tuple[Oid, ...]:
    """Return the oids of the chain of `head`, oldest first."""
    return tuple(leg.oid for leg in chain(head) if leg.oid is not None)[::-1]


def show(leg: Leg, oids: tuple[Oid, ...]) -> Order:
    """Return a leg of a chain that has these oids as others see it."""
    return Order(
        cloid=leg.cloid,
        oid=leg.oid,
        oids=oids,
        side=Side.BUY if leg.buy else Side.SELL,
        price=leg.price,
        size=leg.size,
        filled=leg.filled,
        remaining=max(ZERO, subtract(leg.size, leg.filled)),
        state=leg.state,
        exposure=leg.exposure,
        unsettled=leg.unsettled,
        taker=leg.taker,
        maker=leg.maker,
        answered=leg.answered,
        stated=leg.stated,
        final=leg.final,
        cancel=leg.cancel,
        request_at=leg.request_at,
        cancel_at=leg.cancel_at,
        open_since=leg.open_since,
        closed_at=leg.closed_at,
        doubted=leg.course.doubted,
        reason=leg.reason,
        asked=leg.size if leg.sized is None else leg.sized.asked,
        sized_at=None if leg.sized is None else leg.sized.accepted.at,
        request=leg.request,
        cancel_request=leg.cancel_request,
        reduce_only=leg.terms.reduce_only,
        time_in_force=leg.terms.time_in_force,
        trigger=leg.terms.trigger,
        parent=leg.terms.parent,
        follows_position=leg.terms.follows,
    )
