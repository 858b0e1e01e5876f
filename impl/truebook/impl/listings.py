"""A listing of the venue's open orders: what it is, and what the book learns from one."""

from collections.abc import Iterable
from decimal import Decimal

import attrs

from truebook.impl import checks
from truebook.impl.checks import Oid
from truebook.impl.contradictions import Contradiction
from truebook.impl.ending import absent
from truebook.impl.exact import ZERO, subtract
from truebook.impl.ledger import Ledger
from truebook.impl.orders import AWAITED, DEAD, Dispute, Leg, is_past
from truebook.impl.results import ReconcileResult
from truebook.model.vocabulary import Side


@attrs.frozen
class ListingRequest:
    """That a listing was asked for, and when; hand it back with the listing."""

    at: int


def _side(value: Side | str | None) -> Side | None:
    return None if value is None else Side.BUY if checks.is_buy(value) else Side.SELL


def _amount(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else checks.amount(value, "a price or size of a listed order")


@attrs.frozen
class ListedOrder:
    """One order of a listing; the venue may leave out everything but the oid.

    `remaining` is what is left of `size`, the original size.
    """

    oid: Oid
    cloid: str | None = None
    side: Side | None = attrs.field(default=None, converter=_side)
    price: Decimal | None = attrs.field(default=None, converter=_amount)
    remaining: Decimal | None = attrs.field(default=None, converter=_amount)
    size: Decimal | None = attrs.field(default=None, converter=_amount)

    def __attrs_post_init__(self) -> None:
        """Refuse ids that are none."""
        checks.identity(self.oid, None, "oid")
        if self.cloid is not None:
            checks.cloid(self.cloid)

    @property
    def buy(self) -> bool | None:
        """Whether it is to buy, if that is told."""
        return None if self.side is None else self.side is Side.BUY


@attrs.frozen
class Listing:
    """The venue's open orders, all of them, of one scope (None: the book's own)."""

    orders: tuple[ListedOrder, ...] = attrs.field(
        validator=attrs.validators.deep_iterable(attrs.validators.instance_of(ListedOrder))
    )
    request: ListingRequest | None = None
    scope: str | None = None


def reconcile(ledger: Ledger, listed: Iterable[ListedOrder], requested_at: int) -> ReconcileResult:
    """Adopt what is listed, close what is absent and was known open before, resolve cancels."""
    recovered: list[Oid] = []
    strangers: dict[Oid, ListedOrder] = {}
    present: set[Oid] = set()
    for order in listed:
        present.add(order.oid)
        leg = ledger.by_oid.get(order.oid)
        if leg is None:
            leg = _adopt(ledger, order)
            if leg is None:
                strangers[order.oid] = order
                continue
            recovered.append(order.oid)
            strangers.pop(order.oid, None)  # listed twice, at first without its cloid
        _listed(ledger, leg, order, requested_at)

    removed = [
        oid
        for oid, leg in list(ledger.live.items())
        if oid not in present and absent(ledger, leg, requested_at)
    ]
    ask: list[Oid] = list(removed)
    dead: list[str] = []
    doubtful: dict[Oid, None] = {}
    for cloid, leg in list(ledger.pending.items()):
        maybe = [oid for oid, order in strangers.items() if _may_be(ledger, order, leg)]
        if maybe:
            ask.append(cloid)
            doubtful.update(dict.fromkeys(maybe))
        elif absent(ledger, leg, requested_at):
            dead.append(cloid)

    orphans: list[Oid] = []
    cancel: list[Oid] = []
    for oid, order in strangers.items():
        left = order.remaining if order.remaining is not None else order.size
        new, asked = ledger.orphans.see(
            oid, order.buy, left or ZERO, requested_at, ledger.now, held=oid in doubtful
        )
        if new and oid not in doubtful:
            orphans.append(oid)
        if asked:
            cancel.append(oid)
    ledger.orphans.miss(strangers, requested_at, ledger.now)
    ledger.waits()
    return ReconcileResult(
        tuple(cancel), tuple(ask), tuple(recovered), tuple(removed), tuple(dead), tuple(orphans)
    )


def _adopt(ledger: Ledger, order: ListedOrder) -> Leg | None:
    """Bind a listed order of ours; one that its cloid cannot explain is tracked all the same."""
    head = None if order.cloid is None else ledger.by_cloid.get(order.cloid)
    if head is None or is_past(head, order.oid):
        return None
    leg = ledger.claim(head.cloid, order.oid)
    if leg is None:
        size = order.size or order.remaining or head.size
        price = head.price if order.price is None else order.price
        buy = head.buy if order.buy is None else order.buy
        leg = Leg(head.cloid, buy, price, size, ledger.now, state=DEAD)
        ledger.add(leg)
        ledger.bind(leg, order.oid, replaces=False)
    return leg


def _listed(ledger: Ledger, leg: Leg, order: ListedOrder, requested_at: int) -> None:
    """Learn from the presence of an order; that never reopens one that is closed.

    An order that is listed otherwise than it is known stays as it is known.
    """
    differences = _differences(leg, order)
    for difference in differences:
        ledger.dispute(leg, difference)
    if ledger.is_tombstone(leg):
        return
    if order.remaining is not None and not differences:
        executed = subtract(leg.size, order.remaining)
        if leg.stated < executed:
            leg.stated = executed
    config = ledger.config
    if (
        leg.cancel is AWAITED
        and leg.cancel_at is not None
        and requested_at - leg.cancel_at > config.settled
    ):
        ledger.cancel_failed(leg)
    else:
        ledger.update(leg)


def _differences(leg: Leg, order: ListedOrder) -> list[Contradiction]:
    """Return how an order is listed otherwise than it is known."""
    found = []
    if order.cloid is not None and order.cloid != leg.cloid:
        found.append((Dispute.CLOID, f"it is listed with the cloid {order.cloid!r}"))
    if order.buy is not None and order.buy is not leg.buy:
        found.append((Dispute.SIDE, "it is listed for the other side"))
    if order.price is not None and order.price != leg.price:
        found.append((Dispute.PRICE, f"it is listed at the price {order.price}, not {leg.price}"))
    if order.size is not None and order.size != leg.size:
        size = f"the size {order.size}, not {leg.size}"
        found.append((Dispute.LISTED_SIZE, f"it is listed with {size}"))
    elif order.remaining is not None and leg.size < order.remaining:
        left = f"{order.remaining} left of {leg.size}"
        found.append((Dispute.LISTED_SIZE, f"it is listed with {left}"))
    return found


def _may_be(ledger: Ledger, order: ListedOrder, leg: Leg) -> bool:
    """Return whether an unknown order without a cloid may be one whose oid is not known yet."""
    if order.cloid is not None:
        return False
    if order.buy is not None and order.buy is not leg.buy:
        return False
    if order.price is not None and order.price != leg.price:
        return False
    if order.size is not None:
        if order.size != leg.size:
            return False
    elif order.remaining is not None and leg.size < order.remaining:
        return False
    orphan = ledger.orphans.by_oid.get(order.oid)
    seen_before = orphan is not None and orphan.since is not None and orphan.since < leg.request_at
    return not seen_before
