"""How an order's record changes that is, or was, outside the venue's book; see waiting.py."""

from typing import TYPE_CHECKING

import attrs

from truebook.impl.book import aliases, early, orders
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add
from truebook.impl.book.orders import DEAD, NEVER, RESTING, WAITING, Leg
from truebook.impl.book.particulars import Dispute
from truebook.model.vocabulary import CLOSED, LIVE, Wait

if TYPE_CHECKING:
    from truebook.impl.book.ledger import Ledger


def wait(ledger: "Ledger", leg: Leg) -> None:
    """Take an order without an oid as accepted, and not in the venue's book."""
    ledger.pending.pop(leg.cloid, None)
    refused = leg.state is DEAD and leg.final
    cancelled_at = leg.closed_at if leg.course.cancelled else None
    orders.note_absence(leg)
    leg.state = WAITING
    leg.terms = attrs.evolve(leg.terms, wait=Wait.MAY)
    leg.open_since = ledger.now
    leg.closed_at = None
    leg.final = False
    leg.ended = None
    if leg.course.cancelled:
        leg.course = attrs.evolve(leg.course, cancelled=False)
    if refused and leg.course.refused_oid is not None:
        leg.course = attrs.evolve(leg.course, refused_oid=None)  # that is contradicted
    if cancelled_at is None:
        leg.reason = ""
    if leg.previous is not None:
        ledger.close_older(leg)
    ledger.waiting[leg.cloid] = leg
    orders.refile(leg)
    if refused and ledger.is_alone(leg):
        ledger.dispute(leg, (Dispute.REFUSAL, "it was told as refused, and waits at the venue"))
    ledger.settle(leg)
    if cancelled_at is not None:
        ledger.close_as_of(leg, cancelled_at)
    elif leg.terms.parent is not None and _is_empty(ledger, leg.terms.parent):
        _close_child(ledger, leg)


def wait_still(ledger: "Ledger", leg: Leg) -> None:
    """Take an order that was taken for one in the venue's book as one that waits."""
    assert leg.oid is not None
    del ledger.live[leg.oid]
    ledger.waiting[leg.cloid] = leg
    leg.state = WAITING
    leg.terms = attrs.evolve(leg.terms, wait=Wait.MAY)
    if leg.terms.follows:
        leg.size = ZERO  # it has none before it trades
    orders.refile(leg)


def trade(ledger: "Ledger", leg: Leg) -> None:
    """Take an order that waited, and has an oid, as one in the venue's book."""
    assert leg.oid is not None
    ledger.waiting.pop(leg.cloid, None)
    leg.state = RESTING if leg.state is WAITING else leg.state
    leg.open_since = ledger.now
    ledger.opened(leg, leg.oid)


def name(ledger: "Ledger", leg: Leg, oid: Oid) -> None:
    """Note the oid of an order that is not in the venue's book."""
    leg.oid = oid
    ledger.by_oid[oid] = leg
    ledger.past.by_oid.pop(oid, None)
    orders.refile(leg)
    if ledger.orphans.by_oid:
        ledger.orphans.drop(oid)
    if ledger.early.by_oid:
        early.merge(ledger, leg, oid)
    ledger.update(leg)


def rename(ledger: "Ledger", waited: Leg, oid: Oid) -> Leg:
    """Bind what trades of an order that waited to an oid of its own.

    The old one is an alias then. Where it was taken to trade under the old one already, both count
    until a listing tells.
    """
    leg = aliases.renamed(waited)
    ledger.add_after(leg, waited)
    if waited.state is WAITING:
        waited.terms = attrs.evolve(waited.terms, wait=Wait.OVER)
        waited.final = True  # nothing trades under the oid by which it waited
        _leave_cancel(waited)
        ledger.close(waited)
        ledger.bind(leg, oid)
        return leg
    waited.terms = attrs.evolve(waited.terms, wait=Wait.OVER)
    ledger.bind(leg, oid, replaces=False)
    if waited.state in CLOSED and waited.closed_at is not None:
        ledger.close_as_of(leg, waited.closed_at)  # so that a newer listing contradicts it
        ledger.closing.add(leg)
    return leg


def alias(ledger: "Ledger", leg: Leg, oid: Oid) -> None:
    """Note the oid by which an order waited: nothing trades under it."""
    old = aliases.renamed(leg)
    _leave_cancel(old)
    if leg.previous is None:
        ledger.add_oldest(old, leg)
    else:
        ledger.add_after(old, leg.previous)
    ledger.bind(old, oid, replaces=False)
    old.final = True
    ledger.close(old)


def close_other_names(ledger: "Ledger", leg: Leg) -> None:
    """Close what else an order that waited was taken to trade as, now that it is known."""
    for other in tuple(orders.chain(ledger.by_cloid[leg.cloid])):
        if other is leg or other.request != leg.request:
            continue
        if aliases.may_have_another(other):
            other.final = True
            ledger.close(other)


def close_children(ledger: "Ledger", cloid: str) -> None:
    """Take the children that wait as over, if nothing of their parent has filled or ever will."""
    if _is_empty(ledger, cloid):
        for child in [one for one in ledger.waiting.values() if one.terms.parent == cloid]:
            _close_child(ledger, child)


def follow(ledger: "Ledger", leg: Leg) -> None:
    """Let an order that trades, and closes the position, have the size that this leaves it."""
    if not leg.size and (leg.filled or leg.state in LIVE):
        left = ledger.position if not leg.buy else ledger.position.copy_negate()
        leg.size = add(max(ZERO, left), add(leg.taker, leg.maker))
    leg.size = max(leg.size, leg.filled)


def _leave_cancel(leg: Leg) -> None:
    """Leave the cancels of an order to what trades of it: none is of the oid by which it waited."""
    leg.cancel, leg.cancel_at = NEVER, None
    leg.cancel_request = 0
    leg.course = attrs.evolve(leg.course, blind_cancel=0, recancelled=False)


def _close_child(ledger: "Ledger", leg: Leg) -> None:
    leg.reason = "its parent ended with nothing filled"
    leg.ended = ZERO
    leg.final = True
    ledger.close(leg)


def _is_empty(ledger: "Ledger", cloid: str) -> bool:
    """Return whether an order is known to be over with nothing of it filled."""
    head = ledger.by_cloid.get(cloid)
    return head is not None and all(map(orders.is_empty, orders.chain(head)))
