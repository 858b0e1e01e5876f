"""What the venue says becomes of an order: its statuses, and the answers to our cancels."""

from decimal import Decimal
from enum import StrEnum

from truebook.impl.book import contradictions, orders, outside, waiting
from truebook.impl.book.checks import Oid
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import AWAITED, CANCEL_PENDING, PENDING, WAITING, Leg
from truebook.impl.book.results import CancelRequested, OrderUpdate, Refused, UnknownOrder
from truebook.model.vocabulary import LIVE, Wait


class OrderStatus(StrEnum):
    """What a venue says of an order."""

    OPEN = "open"
    """It is open, or was when the message was sent."""
    FILLED = "filled"
    """It is over: it has filled. The fills themselves come by themselves."""
    CANCELLED = "cancelled"
    """It is over; what has filled stays filled."""
    REJECTED = "rejected"
    """It never rested. What took liquidity on arrival stays filled."""
    WAITING = "waiting"
    """It is accepted, and not in the venue's book: it waits for its trigger, or its parent."""
    TRIGGERED = "triggered"
    """It does not wait any more: it trades, or is about to, maybe under an oid of its own."""


_OPEN, _FILLED, _REJECTED = OrderStatus.OPEN, OrderStatus.FILLED, OrderStatus.REJECTED
_WAITING, _TRIGGERED = OrderStatus.WAITING, OrderStatus.TRIGGERED


def told(
    ledger: Ledger,
    leg: Leg,
    status: OrderStatus,
    filled: Decimal | None,
    reason: str,
) -> OrderUpdate:
    """Take a status for what it says of a leg with an oid; it never reopens one that is closed.

    An amount above the size is reported, and not believed. That it is over is not believed where a
    listing has contradicted it.
    """
    if status is _WAITING:
        waiting.told(ledger, leg)
        return update_of(leg)
    if status is _TRIGGERED:
        return waiting.triggered(ledger, leg)
    if leg.doubted and status is not _OPEN:
        return update_of(leg)
    whole = status is _FILLED
    if leg.follows and filled is not None and filled:
        leg.size = filled if whole else max(leg.size, filled)
    said, ended = filled, leg.ended
    if filled is not None:
        if found := contradictions.of_status(leg, filled, whole):
            ledger.dispute(leg, found)
        if status is not _OPEN:
            ended = filled if ended is None else min(ended, filled)
    if said is None or leg.size < said:
        said = leg.size if whole else None
    if ledger.is_tombstone(leg):
        if said is not None and (found := contradictions.of_end(leg, ended, max(leg.filled, said))):
            ledger.dispute(leg, found)
        return update_of(leg)
    leg.ended = ended
    if said is not None:
        ledger.state(leg, said)
    if status is _OPEN:
        if leg.state is WAITING:
            outside.trade(ledger, leg)
        ledger.update(leg)
    else:
        leg.reason = reason
        if said is not None and not said < (leg.size if whole else orders.filled(leg)):
            leg.final = True
        if status is _REJECTED and leg.refused_oid is None:
            leg.refused_oid = leg.oid
        ledger.close(leg)
    return update_of(leg)


def absent(ledger: Ledger, leg: Leg, requested_at: int, *, covers: bool = True) -> bool:
    """Take an order as not open, if what shows so is new enough; return whether it was.

    `covers`: it would show the order also where that waits outside the venue's book. If not, it
    proves nothing of an order that may wait.

    That is the case where the order was known open, or its request had been sent, for so long
    that the picture is newer: strictly, so that no two events of one instant are put in order.
    """
    if leg.wait is Wait.MAY and not covers and not leg.filled:
        return False
    if leg.state is PENDING:
        if requested_at - leg.request_at > ledger.config.settled:
            leg.reason = "the venue does not have it"
            ledger.die(leg, final=False)
            return True
    elif leg.state in LIVE or leg.state is WAITING:
        assert leg.open_since is not None
        if requested_at - leg.open_since > ledger.config.finalized_protection:
            leg.reason = "not listed any more"
            ledger.close(leg)
            return True
    return False


def request_cancel(ledger: Ledger, id: Oid) -> CancelRequested | Refused | UnknownOrder:
    """Let a cancel be sent, unless a change of the order is on its way."""
    leg = ledger_leg(ledger, id)
    if leg is None:
        return UnknownOrder(id)
    reason = why_not_change(ledger, leg)
    if reason is not None:
        return Refused(id, reason)
    leg.cancel = AWAITED
    leg.cancel_at = ledger.now
    ledger.update(leg)
    return CancelRequested(leg.cloid, leg.oid)


def cancel_over(
    ledger: Ledger, id: Oid, reason: str, *, done: bool = True
) -> OrderUpdate | UnknownOrder:
    """Take the order as not open any more: cancelled (`done`), or found so by its cancel.

    Where its end is disputed, the cancel stays awaited until a listing tells.
    """
    leg = ledger_leg(ledger, id)
    if leg is None:
        return _orphan_answered(ledger, id, over=True)
    if not done and (leg.state is WAITING or waiting.may_have_another(leg)):
        waiting.not_open(ledger, leg, reason)
    elif (leg.state in LIVE or leg.state is WAITING) and not leg.doubted:
        leg.reason = reason
        ledger.close(leg)
    return update_of(leg)


def cancel_refused(ledger: Ledger, id: Oid, reason: str) -> OrderUpdate | UnknownOrder:
    """Put the order back as it was: it is open, and can be cancelled again."""
    leg = ledger_leg(ledger, id)
    if leg is None:
        return _orphan_answered(ledger, id, over=False)
    if leg.state is CANCEL_PENDING or (leg.state is WAITING and leg.cancel is AWAITED):
        leg.reason = reason
        ledger.cancel_failed(leg)
    return update_of(leg)


def ledger_leg(ledger: Ledger, id: Oid) -> Leg | None:
    """Return the leg of an oid, or the leg that stands for a cloid."""
    leg = ledger.by_oid.get(id)
    if leg is None and isinstance(id, str):
        head = ledger.by_cloid.get(id)
        return None if head is None else orders.current(head)
    return leg


def why_not_change(ledger: Ledger, leg: Leg) -> str | None:
    """Return why an order can be neither cancelled nor modified now; None where it can."""
    if leg.cloid in ledger.pending:
        if leg.oid is None:
            return "its oid is not known yet"
        return "a modify of it is on its way"
    if leg.state is CANCEL_PENDING or (leg.state is WAITING and leg.cancel is AWAITED):
        return "a cancel of it is on its way"
    if not orders.can_change(leg):
        return f"it is not open: {leg.state.name.lower()}"
    return None


def _orphan_answered(ledger: Ledger, id: Oid, over: bool) -> UnknownOrder:
    """Note the answer to the cancel of an order that is not ours; it has an oid, not a cloid."""
    if ledger.oid_kind is None or id.__class__ is ledger.oid_kind:
        ledger.orphans.answered(id, over, ledger.now)
        ledger.waits()
    return UnknownOrder(id)


def update_of(leg: Leg) -> OrderUpdate:
    """Return what an order is now."""
    return OrderUpdate(leg.cloid, leg.oid, leg.state, leg.filled)
