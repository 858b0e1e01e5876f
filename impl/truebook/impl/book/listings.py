"""A listing of the venue's open orders: what it is, and what the book learns from one."""

from collections.abc import Iterable
from decimal import Decimal

import attrs

from truebook.impl.book import ageing, aliases, checks, claiming, waiting
from truebook.impl.book.checks import Oid
from truebook.impl.book.contradictions import Contradiction
from truebook.impl.book.ending import absent
from truebook.impl.book.exact import ZERO, add, subtract
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import AWAITED, DEAD, WAITING, Dispute, Leg, alive
from truebook.impl.book.results import Conflict, ReconcileResult
from truebook.model.vocabulary import CLOSED, Side, Wait


def _time(value: int) -> int:
    return checks.time(value, "the time at which a listing was asked for")


@attrs.frozen
class ListingRequest:
    """That a listing was asked for, and when; hand it back with the listing."""

    at: int = attrs.field(converter=_time)


def _oid(value: Oid) -> Oid:
    return checks.oid(checks.identity(value, "oid"))


def _cloid(value: str | None) -> str | None:
    return None if value is None else checks.cloid(value)


def _side(value: Side | str | None) -> Side | None:
    return None if value is None else Side.BUY if checks.is_buy(value) else Side.SELL


def _amount(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else checks.amount(value, "a price or size of a listed order")


def _flag(value: bool | None) -> bool | None:
    return None if value is None else checks.flag(value, "trigger")


def _covers(value: bool) -> bool:
    return checks.flag(value, "covers_triggers")


@attrs.frozen
class ListedOrder:
    """One order of a listing; the venue may leave out everything but the oid.

    `remaining` is what is left of `size`, the original size; ValueError where it is more.
    `trigger`: it waits to be triggered, or for its parent (False: it does not; None: not told).
    """

    oid: Oid = attrs.field(converter=_oid)
    cloid: str | None = attrs.field(default=None, converter=_cloid)
    side: Side | None = attrs.field(default=None, converter=_side)
    price: Decimal | None = attrs.field(default=None, converter=_amount, kw_only=True)
    remaining: Decimal | None = attrs.field(default=None, converter=_amount, kw_only=True)
    size: Decimal | None = attrs.field(default=None, converter=_amount, kw_only=True)
    trigger: bool | None = attrs.field(default=None, converter=_flag, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse more left than there was."""
        if self.size is not None and self.remaining is not None and self.size < self.remaining:
            raise ValueError(
                f"remaining {self.remaining} of the listed order {self.oid!r} is above its size "
                f"{self.size}: size is the original size, remaining what is left of it"
            )

    @property
    def buy(self) -> bool | None:
        """Whether it is to buy, if that is told."""
        return None if self.side is None else self.side is Side.BUY


def orders_of(orders: Iterable[ListedOrder]) -> tuple[ListedOrder, ...]:
    """Return the orders of a listing, gone through once; TypeError for anything else."""
    return checks.many_of(orders, ListedOrder, "a listing is its orders")


def scope(value: str | None) -> str | None:
    """Return the market that a listing is of."""
    return None if value is None else checks.name(value, "scope")


def _request(value: ListingRequest | None) -> ListingRequest | None:
    if value is None:
        return None
    return checks.instance(value, ListingRequest, "request")


@attrs.frozen
class Listing:
    """The venue's open orders, all of them, of one scope (None: the book's own).

    They may come as anything that yields them; it is gone through once, here. TypeError for what
    is not a listing, as the text of an error. `covers_triggers`: the orders that wait for a trigger
    or a parent are among them too; where that is not so, absence proves nothing of such an order.
    """

    orders: tuple[ListedOrder, ...] = attrs.field(converter=orders_of)
    request: ListingRequest | None = attrs.field(default=None, converter=_request)
    scope: str | None = attrs.field(default=None, converter=scope)
    covers_triggers: bool = attrs.field(default=False, converter=_covers, kw_only=True)


def listed(snapshot: Iterable[Oid | ListedOrder]) -> tuple[ListedOrder, ...]:
    """Return the orders of a listing that may have bare oids; it is gone through once."""
    found = checks.many(snapshot, "a listing is its orders, or their oids", "ListedOrders or oids")
    return tuple(one if isinstance(one, ListedOrder) else ListedOrder(one) for one in found)


def reconcile(
    ledger: Ledger, listed: tuple[ListedOrder, ...], requested_at: int, covers: bool
) -> ReconcileResult:
    """Adopt what is listed, close what is absent and was known open before, resolve cancels."""
    recovered: list[Oid] = []
    strangers: dict[Oid, ListedOrder] = {}
    present: set[Oid] = set()
    for order in listed:
        present.add(order.oid)
        leg = ledger.by_oid.get(order.oid)
        if leg is None:
            leg = _adopt(ledger, order, requested_at)
            if leg is None:
                strangers[order.oid] = order
                continue
            recovered.append(order.oid)
            strangers.pop(order.oid, None)  # listed twice, at first without its cloid
        _listed(ledger, leg, order, requested_at, covers)

    removed = [
        oid
        for oid, leg in list(ledger.live.items())
        if oid not in present
        and not waiting.may_have_another(leg)
        and absent(ledger, leg, requested_at, covers=covers)
    ]
    renamed = ((one.cloid, one) for one in ledger.live.values() if waiting.may_have_another(one))
    nameless = [*ledger.pending.items(), *ledger.waiting.items(), *renamed]
    ask: list[Oid] = list(removed)
    dead: list[str] = []
    ours = {oid for oid, order in strangers.items() if _is_ours(ledger, order)}
    names = any(order.cloid is not None for order in listed)
    doubtful: dict[Oid, None] = dict.fromkeys(ours)
    ask += ours
    for cloid, leg in nameless:
        if leg.oid in present:
            continue
        maybe = (
            [] if names else [o for o, order in strangers.items() if _may_be(ledger, order, leg)]
        )
        either = _of_either(ledger, strangers, cloid)
        lost = _is_lost(ledger, leg, present, requested_at)
        if either or (maybe and not lost):
            maybe += either
            ask.append(cloid)
            doubtful.update(dict.fromkeys(maybe))
        elif absent(ledger, leg, requested_at, covers=covers or lost):
            if leg.state is DEAD:
                leg.final = lost and leg.wait is Wait.MAY
                ledger.settle(leg)
                dead.append(cloid)
            else:
                removed.append(cloid if leg.oid is None else leg.oid)
                ask.append(removed[-1])

    orphans: list[Oid] = []
    cancel: list[Oid] = []
    requests: list[int] = []
    for oid, order in strangers.items():
        left = order.remaining if order.remaining is not None else order.size
        new, asked = ledger.orphans.see(
            oid, order.buy, left or ZERO, requested_at, ledger.now, held=oid in doubtful
        )
        if new and oid in ours and order.cloid not in ledger.by_cloid:
            ledger.note(Conflict("listed without side or size, and forgotten", order.cloid, oid))
        elif new and oid not in doubtful:
            orphans.append(oid)
        if asked:
            cancel.append(oid)
            requests.append(ledger.number())
            ledger.orphans.requested(oid, ledger.requests)
    ledger.orphans.miss(strangers, requested_at, ledger.now)
    ageing.waits(ledger)
    return ReconcileResult(
        orphans_to_cancel=tuple(cancel),
        statuses_to_ask=tuple(dict.fromkeys(ask)),
        recovered=tuple(recovered),
        removed=tuple(removed),
        dead=tuple(dead),
        orphans=tuple(orphans),
        cancel_requests=tuple(requests),
    )


def _is_ours(ledger: Ledger, order: ListedOrder) -> bool:
    return order.cloid is not None and ledger.cloids.has(order.cloid)


def _adopt(ledger: Ledger, order: ListedOrder, requested_at: int) -> Leg | None:
    """Bind a listed order of ours; one that its cloid cannot explain is tracked all the same."""
    if order.cloid is None:
        return None
    head = ledger.by_cloid.get(order.cloid)
    if head is None:
        return _take_up(ledger, order, order.cloid, None) if _is_ours(ledger, order) else None
    if order.oid in ledger.past.by_oid:
        return _take_up(ledger, order, order.cloid, head)
    found = claiming.claimable(head)
    dead = found if found is not None and found.state is DEAD else None
    newer = dead is not None and _is_newer(ledger, dead, requested_at)
    was_dead = dead is not None and not (dead.final or dead.cancelled) and newer
    if dead is not None and dead.cancelled and newer:
        dead.cancelled = False
        said_of = "listed, though its cancel was confirmed"
        ledger.note(Conflict(said_of, order.cloid, order.oid))
    leg = waiting.listed(ledger, order.cloid, order.oid, requested_at) if order.trigger else None
    if leg is None:
        leg = _of_which(ledger, head, order, requested_at) or claiming.claim(
            ledger, head.cloid, order.oid, claiming.by_listing(requested_at)
        )
    if leg is None and found is not None:
        return None  # it is held, until a listing asked for later tells
    if leg is None:
        return _take_up(ledger, order, order.cloid, head, said=True)
    if was_dead:  # one that was refused is reported where it is bound
        ledger.note(Conflict("listed, though it was taken for dead", leg.cloid, order.oid))
    return leg


def _take_up(
    ledger: Ledger, order: ListedOrder, cloid: str, head: Leg | None, *, said: bool = False
) -> Leg | None:
    """Track a listed order of ours that is forgotten, or was never known; `said`: it was reported.

    None where neither the listing nor its cloid tells its side and size.
    """
    buy, size, price = order.buy, order.size or order.remaining, order.price
    if head is not None:
        buy = head.buy if buy is None else buy
        size = size or head.size
        price = head.price if price is None else price
    if buy is None or not size:
        return None
    leg = Leg(cloid, buy, price or ZERO, size, ledger.now, state=DEAD, doubted=True)
    leg.wait = Wait.MAY if order.trigger else Wait.NEVER
    if head is not None and order.oid in ledger.past.by_oid:
        ledger.add_oldest(leg, head)
    else:
        ledger.add(leg)
    ledger.bind(leg, order.oid, replaces=False)
    if not said:
        ledger.note(Conflict("listed, though it was forgotten", cloid, order.oid))
    return leg


def _is_newer(ledger: Ledger, leg: Leg, requested_at: int) -> bool:
    """Return whether a listing is newer than the word that ended an order."""
    if leg.closed_at is None:
        return False
    return requested_at - leg.closed_at > ledger.config.finalized_protection


def _executed(leg: Leg, order: ListedOrder) -> Decimal:
    """Return what a listing says has filled; nothing, where it does not say."""
    if order.remaining is None:
        return ZERO
    executed = subtract(leg.size if order.size is None else order.size, order.remaining)
    return max(ZERO, executed)


def _contradicted(ledger: Ledger, leg: Leg, executed: Decimal) -> None:
    """Take an order as open again whose end a newer listing contradicts; say so once.

    One whose fills are all here is over all the same.
    """
    if not leg.doubted:
        leg.doubted = True
        said = f"listed, though it was over: {leg.state.name.lower()} ({leg.reason})"
        ledger.note(Conflict(said, leg.cloid, leg.oid))
    if max(add(leg.taker, leg.maker), executed) < leg.size:
        ledger.reopen(leg, executed)


def _listed(ledger: Ledger, leg: Leg, order: ListedOrder, requested_at: int, covers: bool) -> None:
    """Learn from the presence of an order; it reopens one that was closed for long enough.

    An order that is listed otherwise than it is known stays as it is known.
    """
    if leg.follows and leg.state not in CLOSED and leg.state is not WAITING:
        leg.size = order.size or order.remaining or leg.size
    differences = _differences(leg, order)
    for difference in differences:
        ledger.dispute(leg, difference)
    if leg.state in CLOSED and _is_newer(ledger, leg, requested_at):
        _contradicted(ledger, leg, ZERO if differences else _executed(leg, order))
        return
    if ledger.is_tombstone(leg):
        return
    executed = ZERO if differences else _executed(leg, order)
    ledger.state(leg, executed)
    waiting.shown(ledger, leg, order.trigger, covers)
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
    if order.price is not None and order.price != leg.price and leg.trigger is None:
        found.append((Dispute.PRICE, f"it is listed at the price {order.price}, not {leg.price}"))
    if leg.follows:
        return found
    if order.size is not None and order.size != leg.size:
        size = f"the size {order.size}, not {leg.size}"
        found.append((Dispute.LISTED_SIZE, f"it is listed with {size}"))
    elif order.remaining is not None and leg.size < order.remaining:
        left = f"{order.remaining} left of {leg.size}"
        found.append((Dispute.LISTED_SIZE, f"it is listed with {left}"))
    return found


def _of_which(ledger: Ledger, head: Leg, order: ListedOrder, requested_at: int) -> Leg | None:
    """Bind a listed order that is a modify or the order that it is of, which was triggered.

    None while the modify may be on its way, and where nothing tells which. Where both are of the
    size and price that are listed, it is what was triggered, if it was told that anything was.
    """
    waited = aliases.replaced(head)
    if waited is None or requested_at - head.request_at <= ledger.config.settled:
        return None
    fit = [leg for leg in (head, waited) if not _differences(leg, order)]
    if len(fit) > 1 and order.size is not None:
        fit = [waited if waited.wait is Wait.OVER else head]
    return claiming.take(ledger, fit[0], order.oid) if len(fit) == 1 else None


def _of_either(ledger: Ledger, strangers: dict[Oid, ListedOrder], cloid: str) -> list[Oid]:
    """Return the listed orders that are a modify of this cloid or the order that it is of."""
    if aliases.replaced(ledger.by_cloid[cloid]) is None:
        return []
    return [oid for oid, order in strangers.items() if order.cloid == cloid]


def _is_lost(ledger: Ledger, leg: Leg, present: set[Oid], requested_at: int) -> bool:
    """Return whether a modify did not take effect: the order that it was to replace is listed."""
    if requested_at - leg.request_at <= ledger.config.settled:
        return False
    return any(one.oid in present for one in alive(leg) if one is not leg)


def _may_be(ledger: Ledger, order: ListedOrder, leg: Leg) -> bool:
    """Return whether an unknown order without a cloid may be one whose oid is not known yet."""
    if order.cloid is not None:
        return False
    if order.buy is not None and order.buy is not leg.buy:
        return False
    if order.price is not None and order.price != leg.price and leg.trigger is None:
        return False
    if leg.follows:
        return True
    if order.size is not None:
        if order.size != leg.size:
            return False
    elif order.remaining is not None and leg.size < order.remaining:
        return False
    if claiming.is_older(leg, order.oid):
        return False
    orphan = ledger.orphans.by_oid.get(order.oid)
    seen_before = orphan is not None and orphan.since is not None and orphan.since < leg.request_at
    return not seen_before
