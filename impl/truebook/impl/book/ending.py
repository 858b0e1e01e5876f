"""What the venue says becomes of an order: its statuses, and the answers to our cancels."""

from decimal import Decimal
from enum import StrEnum

import attrs

from truebook.impl.book import (
    ageing,
    aliases,
    amending,
    answering,
    contradictions,
    forms,
    orders,
    outside,
    resizing,
    sizing,
    waiting,
)
from truebook.impl.book.checks import Oid
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import (
    AWAITED,
    CANCEL_PENDING,
    NEVER,
    OVER,
    PENDING,
    WAITING,
    Leg,
    Told,
)
from truebook.impl.book.results import (
    Ambiguous,
    CancelRequested,
    OrderUpdate,
    Refused,
    UnknownOrder,
)
from truebook.model.vocabulary import STANDING, UNBOUND, Wait


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
        return answering.update_of(leg)
    if status is _TRIGGERED:
        return waiting.triggered(ledger, leg)
    if leg.course.doubted and status is not _OPEN:
        return answering.update_of(leg)
    # What only reduces the position shrinks with it: all that could trade has, whatever that was.
    whole = status is _FILLED and not leg.terms.reduce_only
    if leg.terms.follows and filled:
        if status is _OPEN:  # so it has more than that, however much
            filled = filled if filled < leg.size else None
        else:
            sizing.let_be(leg, filled if status is _FILLED else max(leg.size, filled))
    said, ended = filled, leg.ended
    if filled is not None:
        amending.told(ledger, leg, filled)
        if whole:
            resizing.filled_whole(ledger, leg, filled)
        if found := contradictions.of_status(leg, filled, whole):
            if found[0] is orders.END and amending.may_explain(ledger, leg, filled):
                orders.filled_with_less(leg)
            else:
                ledger.dispute(leg, found)
        if status is not _OPEN:
            ended = filled if ended is None else min(ended, filled)
    if said is None or sizing.most(leg) < said:
        said = leg.size if whole else None
    if ledger.is_tombstone(leg):
        if said is not None:
            most = max(orders.proven(leg), said)
            if found := contradictions.of_end(leg, ended, most):
                ledger.dispute(leg, found)
        return answering.update_of(leg)
    leg.ended = ended
    if said is not None:
        sizing.say(leg, said)
        if whole and filled is None:
            leg.told = Told.WHOLE
        resizing.follow(leg)
    amending.conclude(ledger, leg)
    if status is _OPEN:
        if leg.state is WAITING:
            outside.trade(ledger, leg)
        ledger.update(leg)
    else:
        leg.reason = reason
        if said is not None and not said < (leg.size if whole else orders.filled(leg)):
            leg.final = True
        if status is _REJECTED and leg.course.refused_oid is None:
            leg.course = attrs.evolve(leg.course, refused_oid=leg.oid)
        ledger.close(leg)
    return answering.update_of(leg)


def absent(ledger: Ledger, leg: Leg, requested_at: int, *, covers: bool = True) -> bool:
    """Take an order as not open, if what shows so is new enough; return whether it was.

    `covers`: it would show the order also where that waits outside the venue's book. If not, it
    proves nothing of an order that may wait.

    That is the case where the order was known open, or its request had been sent, for so long
    that the picture is newer: strictly, so that no two events of one instant are put in order.
    """
    if leg.terms.wait is Wait.MAY and not covers and not leg.filled:
        known = aliases.modified(leg) if leg.state is PENDING else None
        if known is None or not known.filled:  # the modify of what has traded does not wait
            return False
    if leg.state is PENDING:
        if requested_at - leg.request_at > ledger.config.settled:
            leg.reason = "the venue does not have it"
            ledger.die(leg, final=False)
            return True
    elif leg.state in STANDING:
        assert leg.open_since is not None
        if requested_at - leg.open_since > ledger.config.finalized_protection:
            leg.reason = "not listed any more"
            ledger.close(leg)
            return True
    return False


def request_cancel(ledger: Ledger, id: Oid) -> CancelRequested | Refused | UnknownOrder:
    """Let a cancel be sent, unless a change of the order is on its way.

    One that is not answered in time may be sent again. One of an order whose oid is not known yet
    goes by its cloid; so does that of one that waits whose modify nobody answered, and can land no
    more: it cancels whichever of both is there.
    """
    leg = ledger_leg(ledger, id)
    if leg is None:
        return UnknownOrder(id)
    leg = _unanswered(ledger, leg) or leg
    reason = _why_not_cancel(ledger, leg)
    if reason is not None:
        return Refused(id, reason)
    if leg.course.recancelled is (leg.cancel is NEVER):
        leg.course = attrs.evolve(leg.course, recancelled=leg.cancel is not NEVER)
    leg.cancel = AWAITED
    leg.cancel_at = ledger.now
    leg.cancel_request = ledger.number()
    if leg.state is PENDING:
        leg.course = attrs.evolve(leg.course, blind_cancel=leg.cancel_request)
    else:
        ledger.update(leg)
    return CancelRequested(leg.cloid, leg.oid, request=leg.cancel_request)


def _unanswered(ledger: Ledger, leg: Leg) -> Leg | None:
    """Return the modify of one that waits, or did, if it is not known and can land no more.

    Where no listing shows either, none tells what became of it.
    """
    modify = ledger.pending.get(leg.cloid)
    if modify is None or not (leg.state is WAITING or aliases.may_have_another(leg)):
        return None
    late = ledger.now - modify.request_at > ledger.config.expected_cloid_ttl
    return modify if late else None


def cancel_over(
    ledger: Ledger, id: Oid, reason: str, request: int | None, *, confirmed: bool
) -> OrderUpdate | UnknownOrder:
    """Take the order as not open any more: cancelled, or found so by its cancel.

    Where its end is disputed, the cancel stays awaited until a listing tells. One that was asked
    for before its oid was known ends the order only where it is `confirmed`, or was asked for when
    the order could land no more: one that is not open may have been overtaken by its cancel. That
    one which waits, or did, is not open says nothing of what trades of it, which may have another
    oid.
    """
    leg = answering.cancelled(ledger, id, request)
    if leg is None:
        _orphan_answered(ledger, id, True, request)
        return UnknownOrder(id)
    if request is not None and not leg.request < request <= leg.cancel_request:
        return answering.update_of(leg)
    late = leg.oid is None and leg.state is not WAITING and _is_late(ledger, leg, id, request)
    if not (confirmed or late) and answering.may_be_blind(leg, request):
        if answering.is_older_cancel(leg, id, request) is False:
            _give_up(ledger, leg, reason)
    elif not confirmed and (
        leg.state is WAITING
        or aliases.may_have_another(leg)
        or aliases.is_other_name(leg, ledger.by_oid.get(id))
    ):
        waiting.not_open(ledger, leg, reason)
    elif leg.oid is not None or leg.state is WAITING:
        if not leg.course.doubted:
            if leg.state in STANDING:
                leg.reason = reason
            ledger.close(leg)
    elif (confirmed or late) and leg.state in UNBOUND and leg.cancel is not NEVER and not leg.final:
        leg.cancel = OVER
        leg.course = attrs.evolve(leg.course, cancelled=True)
        if leg.state is PENDING:
            leg.reason = reason
            if late:
                _close_waited(ledger, leg, reason)
            ledger.die(leg, final=False)
    return answering.update_of(leg)


def _close_waited(ledger: Ledger, modify: Leg, reason: str) -> None:
    """Take what waited as over with its modify: their cloid named whichever of both was there."""
    for leg in orders.alive(modify):
        waits = leg.state is WAITING or aliases.may_have_another(leg)
        if waits and not leg.course.doubted:
            leg.reason = reason
            ledger.close(leg)


def _is_late(ledger: Ledger, leg: Leg, id: Oid, request: int | None) -> bool:
    """Return whether a cancel was asked for when a request could no longer take effect."""
    if leg.cancel_at is None or answering.is_older_cancel(leg, id, request) is not False:
        return False
    return leg.cancel_at - leg.request_at > ledger.config.expected_cloid_ttl


def cancel_refused(
    ledger: Ledger, id: Oid, reason: str, request: int | None
) -> OrderUpdate | Ambiguous | UnknownOrder:
    """Put the order back as it was: it is open, and can be cancelled again."""
    leg = answering.cancelled(ledger, id, request)
    if leg is None:
        return _orphan_answered(ledger, id, False, request) or UnknownOrder(id)
    if leg.cancel is not AWAITED:
        return answering.update_of(leg)
    older = answering.is_older_cancel(leg, id, request)
    if older is None:
        return answering.ambiguous(ledger, leg, "a refusal may be of several cancels")
    if not older:
        _give_up(ledger, leg, reason)
    return answering.update_of(leg)


def _give_up(ledger: Ledger, leg: Leg, reason: str) -> None:
    """Take a cancel as one that had no effect."""
    if leg.state is CANCEL_PENDING:
        leg.reason = reason
        ledger.cancel_failed(leg)
    elif leg.cancel is AWAITED:
        leg.cancel = OVER
        leg.reason = reason


def ledger_leg(ledger: Ledger, id: Oid) -> Leg | None:
    """Return the leg of an oid, or the leg that stands for a cloid."""
    leg = ledger.by_oid.get(id)
    if leg is None and isinstance(id, str):
        head = ledger.by_cloid.get(id)
        if head is not None:
            return orders.current(head)
    if leg is None and id.__class__ is not ledger.oid_kind:
        other = forms.same(id, ledger.oid_kind)
        leg = None if other is None else ledger.by_oid.get(other)
    return leg


def why_not_modify(ledger: Ledger, leg: Leg) -> str | None:
    """Return why an order cannot be modified now; None where it can."""
    if leg.cloid in ledger.pending:
        if leg.oid is None:
            return "its oid is not known yet"
        return "a modify of it is on its way"
    if leg.state is CANCEL_PENDING or (leg.state is WAITING and leg.cancel is AWAITED):
        return "a cancel of it is on its way"
    if not orders.can_change(leg):
        return f"it is not open: {leg.state.name.lower()}"
    return None


def _why_not_cancel(ledger: Ledger, leg: Leg) -> str | None:
    if leg.cancel is AWAITED and leg.cancel_at is not None:
        if ledger.now - leg.cancel_at < ledger.config.cancel_timeout:
            return "a cancel of it is on its way"
        if leg.state is CANCEL_PENDING or leg.state is WAITING:
            return None
    return None if leg.state is PENDING else why_not_modify(ledger, leg)


def _orphan_answered(ledger: Ledger, id: Oid, over: bool, request: int | None) -> Ambiguous | None:
    """Note the answer to the cancel of an order that is not ours; it has an oid, not a cloid.

    Return that it may be of several, where it may.
    """
    if ledger.oid_kind is not None and id.__class__ is not ledger.oid_kind:
        return None
    known = ledger.orphans.answered(id, over, ledger.now, request)
    ageing.waits(ledger)
    return None if known else answering.ambiguous_orphan(ledger, id)
