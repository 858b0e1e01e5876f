"""What the book learns from a listing of the venue's open orders."""

import attrs

from truebook.impl.book import (
    ageing,
    aliases,
    amending,
    claiming,
    contradictions,
    reopening,
    resizing,
    sizing,
    starting,
    waiting,
)
from truebook.impl.book.checks import Oid
from truebook.impl.book.ending import absent
from truebook.impl.book.exact import ZERO, add
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.listed import ListedOrder
from truebook.impl.book.orders import AWAITED, DEAD, PENDING, WAITING, Leg, alive
from truebook.impl.book.particulars import Course, Dispute, Terms
from truebook.impl.book.results import Conflict, ReconcileResult
from truebook.model.vocabulary import CLOSED, Wait


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

    starting.listed(ledger, requested_at)
    removed = [
        oid
        for oid, leg in list(ledger.live.items())
        if oid not in present
        and not aliases.may_have_another(leg)
        and absent(ledger, leg, requested_at, covers=covers)
    ]
    renamed = ((one.cloid, one) for one in ledger.live.values() if aliases.may_have_another(one))
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
        either = _of_either(ledger, strangers, cloid, leg)
        lost = _is_lost(ledger, leg, present, requested_at)
        if either or (maybe and not lost):
            maybe += either
            ask.append(cloid)
            doubtful.update(dict.fromkeys(maybe))
        elif amending.unlisted(ledger, leg, present, requested_at):
            pass  # it took effect under the oid of the order
        elif absent(ledger, leg, requested_at, covers=covers or lost):
            if leg.state is DEAD:
                leg.final = lost and leg.terms.wait is Wait.MAY
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
    return _cloid(ledger, order) is not None


def _cloid(ledger: Ledger, order: ListedOrder) -> str | None:
    """Return the cloid by which a listed order is ours: its own, else that its oid was known by."""
    cloid = order.cloid
    if cloid is not None and (cloid in ledger.by_cloid or ledger.cloids.has(cloid)):
        return cloid
    return ledger.past.by_oid.get(order.oid)


def _adopt(ledger: Ledger, order: ListedOrder, requested_at: int) -> Leg | None:
    """Bind a listed order of ours; one that its cloid cannot explain is tracked all the same."""
    cloid = _cloid(ledger, order)
    if cloid is None:
        return None
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return _take_up(ledger, order, cloid, None)
    if order.oid in ledger.past.by_oid:
        return _take_up(ledger, order, cloid, head)
    refused = claiming.refused_as(head, order.oid)
    found = claiming.claimable(head) if refused is None else refused
    newer = found is not None and _is_newer(ledger, found, requested_at)
    if found is not None and found is refused and newer:
        # That it was refused under this oid is contradicted.
        found.course = attrs.evolve(found.course, refused_oid=None)
        said_of = "it was told as refused, and is listed"
        ledger.dispute(found, (Dispute.REFUSAL, said_of), order.oid)
    if found is not None and found.state is DEAD and found.course.cancelled and newer:
        found.course = attrs.evolve(found.course, cancelled=False)
        found.closed_at = None  # it was not absent
        said_of = "listed, though its cancel was confirmed"
        ledger.note(Conflict(said_of, cloid, order.oid))
    leg = waiting.listed(ledger, cloid, order.oid, requested_at, order.trigger)
    if leg is None and refused is not None:
        leg = claiming.take(ledger, refused, order.oid)
    if leg is None:
        leg = _of_which(ledger, head, order, requested_at) or claiming.claim(
            ledger, cloid, order.oid, claiming.by_listing(ledger, order.oid, requested_at)
        )
    if leg is None and found is not None:
        return None  # it is held, until a listing asked for later tells
    if leg is None:
        return _take_up(ledger, order, cloid, head, said=True)
    return leg


def _take_up(
    ledger: Ledger, order: ListedOrder, cloid: str, head: Leg | None, *, said: bool = False
) -> Leg | None:
    """Track a listed order of ours that is forgotten, or was never known; `said`: it was reported.

    None where neither the listing nor its cloid tells its side and size. One that waits and is of
    the size 0 closes the position.
    """
    buy, size, price = order.buy, order.size or order.remaining, order.price
    if head is not None:
        buy = head.buy if buy is None else buy
        size = size or head.size
        price = head.price if price is None else price
    closes = order.trigger is True and order.size is not None and not size
    if buy is None or not (size or closes):
        return None
    course = Course(doubted=True)
    leg = Leg(cloid, buy, price or ZERO, size or ZERO, ledger.now, state=DEAD, course=course)
    if order.trigger:
        leg.terms = Terms(wait=Wait.MAY, follows=closes, reduce_only=closes)
    ledger.following = ledger.following or closes
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


def _contradicts_absence(ledger: Ledger, leg: Leg, requested_at: int) -> bool:
    """Return whether a listing is newer than the absence for which an order was taken for dead.

    Also where another word has shown since that there is such an order; it is asked for once.
    """
    absent_at = leg.course.absent_at
    if absent_at is None or not requested_at - absent_at > ledger.config.finalized_protection:
        return False
    leg.course = attrs.evolve(leg.course, absent_at=None)
    return True


def _contradicted(
    ledger: Ledger, leg: Leg, order: ListedOrder, requested_at: int, agrees: bool, covers: bool
) -> None:
    """Take an order as open again whose end a newer listing contradicts; say so once.

    One whose fills are all here is over all the same, and what the listing has filled of it says
    nothing; one that has more to trade than its fills made whole was never told as over.
    """
    executed = ZERO
    if agrees and not (order.size == leg.size and not sizing.seen(leg) < leg.size):
        resizing.listed(ledger, leg, order.size, order.remaining, requested_at)
        executed = ZERO if leg.sized is None else leg.sized.listed.value
        if leg.state not in CLOSED:
            return
    if not leg.course.doubted:
        leg.course = attrs.evolve(leg.course, doubted=True)
        said = f"listed, though it was over: {leg.state.name.lower()} ({leg.reason})"
        ledger.note(Conflict(said, leg.cloid, leg.oid))
    unsized = leg.terms.follows and not leg.size
    if unsized or max(add(leg.taker, leg.maker), executed) < leg.size:
        reopening.reopen(ledger, leg, executed, waits=order.trigger is True)
        waiting.shown(ledger, leg, order.trigger, covers, requested_at)
    else:
        ledger.update(leg)


def _listed(ledger: Ledger, leg: Leg, order: ListedOrder, requested_at: int, covers: bool) -> None:
    """Learn from the presence of an order; it reopens one that was closed for long enough.

    An order that is listed otherwise than it is known stays as it is known, but for its size: the
    venue may change that under its oid, and with it the price, as where its owner amends it by
    hand. One with another side or cloid is none whose size could be believed.
    """
    amending.listed(ledger, leg, order.price, order.size, order.remaining, requested_at)
    if order.cloid == leg.cloid and leg.terms.wait is not Wait.NEVER and not leg.course.named:
        leg.course = attrs.evolve(leg.course, named=True)
    differences = _differences(leg, order)
    if amending.is_older(ledger, leg, requested_at):
        differences.pop(Dispute.PRICE, None)
    modify = amending.explaining(ledger, leg)
    if modify is not None and order.price == modify.price:
        differences.pop(Dispute.PRICE, None)  # it may have been amended, and cut down since
    for about, said in differences.items():
        ledger.dispute(leg, (about, said))
    differences.pop(Dispute.PRICE, None)
    is_it = not differences
    was_absent = _contradicts_absence(ledger, leg, requested_at)
    if leg.state in CLOSED and _is_newer(ledger, leg, requested_at):
        _contradicted(ledger, leg, order, requested_at, is_it, covers)
        return
    if was_absent:
        ledger.note(Conflict("listed, though it was taken for dead", leg.cloid, leg.oid))
    if ledger.is_tombstone(leg):
        return
    if is_it and not (leg.terms.follows and leg.state is WAITING):
        resizing.listed(ledger, leg, order.size, order.remaining, requested_at)
    waiting.shown(ledger, leg, order.trigger, covers, requested_at)
    config = ledger.config
    if (
        leg.cancel is AWAITED
        and leg.cancel_at is not None
        and requested_at - leg.cancel_at > config.settled
    ):
        ledger.cancel_failed(leg)
    else:
        ledger.update(leg)


def _differences(leg: Leg, order: ListedOrder) -> dict[Dispute, str]:
    """Return how an order is listed otherwise than it is known."""
    found = {}
    if contradictions.is_named_otherwise(leg, order.cloid):
        found[Dispute.CLOID] = f"it is listed with the cloid {order.cloid!r}"
    if order.buy is not None and order.buy is not leg.buy:
        found[Dispute.SIDE] = "it is listed for the other side"
    if order.price is not None and order.price != leg.price and leg.terms.trigger is None:
        found[Dispute.PRICE] = f"it is listed at the price {order.price}, not {leg.price}"
    return found


def _is_of_size(leg: Leg, order: ListedOrder) -> bool:
    """Return whether an order is listed with the size that a leg is known by."""
    if leg.terms.follows:
        return True
    if order.size is not None:
        return order.size == leg.size
    return order.remaining is None or not leg.size < order.remaining


def _of_which(ledger: Ledger, head: Leg, order: ListedOrder, requested_at: int) -> Leg | None:
    """Bind a listed order that is a modify or the order that it is of, which was triggered.

    None while the modify may be on its way, and where nothing tells which. Where both are of the
    size and price that are listed, or neither, as another hand has modified it, it is what was
    triggered, if it was told that anything was.
    """
    waited = aliases.replaced(head)
    if waited is None or requested_at - head.request_at <= ledger.config.settled:
        return None
    either = [head, waited]
    fit = [leg for leg in either if _is_of_size(leg, order) and not _differences(leg, order)]
    by_hand = not fit and order.size is not None and order.buy in (None, head.buy)
    if (len(fit) > 1 and order.size is not None) or by_hand:
        fit = [waited if waited.terms.wait is Wait.OVER else head]
    return claiming.take(ledger, fit[0], order.oid) if len(fit) == 1 else None


def _of_either(
    ledger: Ledger, strangers: dict[Oid, ListedOrder], cloid: str, leg: Leg
) -> list[Oid]:
    """Return the listed orders that are a modify of this cloid or the order that it is of.

    Or are held as they may be what trades of one that waits, or did.
    """
    if leg.state is PENDING and aliases.replaced(ledger.by_cloid[cloid]) is None:
        return []
    return [oid for oid, order in strangers.items() if order.cloid == cloid]


def _is_lost(ledger: Ledger, leg: Leg, present: set[Oid], requested_at: int) -> bool:
    """Return whether a modify did not take effect: the order that it was to replace is listed."""
    if requested_at - leg.request_at <= ledger.config.settled:
        return False
    return any(one.oid in present for one in alive(leg) if one is not leg)


def _may_be(ledger: Ledger, order: ListedOrder, leg: Leg) -> bool:
    """Return whether an unknown order without a cloid may be one whose oid is not known yet.

    None of those that a listing shows with their cloids is ever listed without.
    """
    if order.cloid is not None or leg.course.named:
        return False
    if order.buy is not None and order.buy is not leg.buy:
        return False
    if order.price is not None and order.price != leg.price and leg.terms.trigger is None:
        return False
    if not _is_of_size(leg, order) or claiming.is_older(leg, order.oid):
        return False
    orphan = ledger.orphans.by_oid.get(order.oid)
    seen_before = orphan is not None and orphan.since is not None and orphan.since < leg.request_at
    return not seen_before
