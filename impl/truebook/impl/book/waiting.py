"""Orders that the venue accepted and that are not in its book, but wait to be triggered."""

from decimal import Decimal

import attrs

from truebook.impl.book import aliases, answering, claiming, orders, outside
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import WAITING, Leg
from truebook.impl.book.results import Ambiguous, Conflict, OrderUpdate, UnknownOrder, Waits
from truebook.model.vocabulary import LIVE, UNBOUND, Wait


def accepted(
    ledger: Ledger, cloid: str, oid: Oid | None, request: int | None = None
) -> Waits | OrderUpdate | Conflict | Ambiguous | UnknownOrder:
    """Take the venue's word that an order waits; `oid` is the one by which it does, if it is told.

    Of an order that is known to trade, or to be over, it is old news. Without the number of its
    request it may be of an order that a modify is of, which waited, and not of the modify.
    """
    known = None if oid is None else ledger.by_oid.get(oid)
    if known is not None:
        if known.cloid != cloid:
            return answering.conflict(
                ledger, f"its oid is that of the cloid {known.cloid!r}", cloid, oid
            )
        if request is not None and request != known.request:
            return answering.conflict(ledger, "its oid is that of another request", cloid, oid)
        return told(ledger, known)
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return UnknownOrder(cloid if oid is None else oid)
    if oid is not None and oid in ledger.past.by_oid:
        return answering.update_of(orders.current(head))
    if request is None:
        leg, unsure = _meant(head, oid)
        if unsure:
            words = "a word that it waits may be of it, or of the order that it is to replace"
            return answering.ambiguous(ledger, leg, words)
        if (
            oid is not None
            and leg.oid is None
            and claiming.may_be_old(ledger, leg, oid, claiming.by_status(oid))
        ):
            return UnknownOrder(oid)
    else:
        numbered = answering.numbered(head, request)
        if numbered is None:  # it is forgotten, and what is known now is another
            return answering.update_of(orders.current(head))
        leg = numbered
    if leg.state is WAITING and oid is not None and leg.oid is not None:
        # It waits under one oid alone, so the other is that of what trades.
        outside.trade(ledger, leg)
        ledger.update(leg)
    if leg.oid is not None and oid is not None:
        return _under_another(ledger, leg, oid)
    if leg.oid is not None:
        its_own = request is not None or ledger.is_alone(leg)  # else of what was modified to it
        return told(ledger, leg) if its_own else _result(leg)
    if leg.state in UNBOUND:
        outside.wait(ledger, leg)
    if oid is not None:
        outside.name(ledger, leg, oid)
    return _result(leg)


def said(
    ledger: Ledger, cloid: str, is_triggered: bool
) -> Waits | OrderUpdate | Ambiguous | UnknownOrder:
    """Take the word that an order waits, or does not any more, where no oid of it is told.

    Where a modify is pending that it is triggered may be said of either: the older one does not
    wait any more then.
    """
    if not is_triggered:
        result = accepted(ledger, cloid, None)
        assert not isinstance(result, Conflict)
        return result
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return UnknownOrder(cloid)
    leg, unsure = _meant(head, None)
    return triggered(ledger, orders.current(head) if unsure else leg)


def may_wait(ledger: Ledger, cloid: str, request: int | None) -> bool:
    """Return whether an order is of the kind that waits: an answer without an oid is no error."""
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return False
    leg = head if request is None else answering.numbered(head, request)
    return leg is not None and leg.terms.wait is not Wait.NEVER


def told(ledger: Ledger, leg: Leg) -> Waits | OrderUpdate:
    """Take the word that an order waits, of a leg whose oid is known."""
    if leg.state in LIVE and not leg.filled and leg.terms.wait is Wait.NEVER:
        leg.terms = attrs.evolve(leg.terms, wait=Wait.MAY)
    return _result(leg)


def triggered(ledger: Ledger, leg: Leg) -> OrderUpdate:
    """Take the word that an order does not wait any more; with an oid it trades, or will."""
    if leg.terms.wait is Wait.MAY:
        leg.terms = attrs.evolve(leg.terms, wait=Wait.OVER)
        if leg.state not in LIVE and leg.oid is not None:
            leg.open_since = ledger.now  # also where it is over, so that it does not matter which
    if leg.state is WAITING and leg.oid is not None:
        outside.trade(ledger, leg)
    if leg.oid is not None:
        ledger.update(leg)
    return answering.update_of(leg)


def old_name(ledger: Ledger, cloid: str, oid: Oid, *, over: bool) -> Leg | Ambiguous | None:
    """Return the leg of an oid under which an order can only have waited: it is told so, or `over`.

    None where the order is not one that waited, or this may be the oid under which it trades.
    """
    head = ledger.by_cloid.get(cloid)
    if head is None or oid in ledger.past.by_oid:
        return None
    leg, unsure = _meant(head, oid)
    known = aliases.modified(head)
    if (
        known is not None
        and aliases.may_land(head)
        and known.terms.wait is not Wait.NEVER
        and not aliases.is_new_name(known)
        and (unsure or over or known.state is WAITING)
    ):
        words = "a status of its cloid may be of it, or of the order that it is to replace"
        return answering.ambiguous(ledger, head, words)
    waited = None if over or leg.terms.wait is not Wait.NEVER else aliases.unnamed(head)
    if waited is not None:  # no modify of what trades waits, so it is of what it was once
        outside.alias(ledger, waited, oid)
        return ledger.by_oid[oid]
    if leg.oid is None and claiming.by_status(oid)(leg):
        return None
    if over and leg.state is WAITING and leg.oid is None:
        outside.name(ledger, leg, oid)  # it is over, under whichever of its oids
        return leg
    if leg.oid is None or leg.terms.wait is Wait.NEVER or aliases.is_new_name(leg):
        return None
    if leg.state is WAITING and not over:
        return None
    outside.alias(ledger, leg, oid)
    return ledger.by_oid[oid]


def listed(
    ledger: Ledger, cloid: str, oid: Oid, requested_at: int, trigger: bool | None
) -> Leg | None:
    """Return the leg of an order that is listed as waiting; None where it is one that trades.

    Where that is not told (`trigger` None), it may have waited if it trades under another oid.
    """
    head = ledger.by_cloid[cloid]
    leg = orders.current(head)
    if trigger is False or (trigger is None and not leg.filled):
        return None
    if orders.unbound(head) is None:
        since = leg.open_since or 0
        if requested_at - since > ledger.config.finalized_protection:
            return None
        found = old_name(ledger, cloid, oid, over=True)
        return found if isinstance(found, Leg) else None
    if trigger is None:
        return None
    accepted(ledger, cloid, oid)
    return ledger.by_oid.get(oid)


def shown(ledger: Ledger, leg: Leg, trigger: bool | None, covers: bool, requested_at: int) -> None:
    """Take from a listing whether an order waits; `covers`: those that wait are in it too.

    One that is newer than the word that it does not wait any more is believed.
    """
    if leg.filled or (trigger is None and covers):
        return
    if trigger:
        since = leg.open_since or 0
        newer = requested_at - since > ledger.config.finalized_protection
        if leg.state in LIVE and leg.cloid not in ledger.waiting:
            if newer or leg.terms.wait is not Wait.OVER:
                outside.wait_still(ledger, leg)
        elif leg.state is WAITING and newer:
            leg.terms = attrs.evolve(leg.terms, wait=Wait.MAY)
        return
    if leg.terms.wait is Wait.MAY:
        leg.terms = attrs.evolve(leg.terms, wait=Wait.OVER)
    if leg.state is WAITING:
        outside.trade(ledger, leg)


def not_open(ledger: Ledger, leg: Leg, reason: str) -> None:
    """Take the answer to a cancel of one that waits: there is nothing open to cancel.

    Under the oid by which it waited that does not say that what trades of it is over.
    """
    leg.reason = reason
    if leg.oid is None:
        ledger.close(leg)
    else:
        if leg.terms.wait is not Wait.OVER:
            leg.open_since = ledger.now  # once: else a cancel after the other would put off its end
            leg.terms = attrs.evolve(leg.terms, wait=Wait.OVER)
        ledger.cancel_failed(leg)


def exposure(ledger: Ledger, buy: bool) -> Decimal:
    """Return what can trade on a side of orders that wait, once they do not any more."""
    total = followed(ledger, buy)
    for leg in tuple(ledger.waiting.values()):
        if leg.buy is buy:
            total = add(total, leg.exposure)
    return total


def followed(ledger: Ledger, buy: bool) -> Decimal:
    """Return what orders that close the position can trade on a side: all of it, and no more."""
    if not ledger.following:
        return ZERO
    unsent = (*ledger.waiting.values(), *ledger.pending.values())
    if not any(leg.terms.follows and leg.buy is buy for leg in unsent):
        return ZERO
    return max(ZERO, ledger.position.copy_negate() if buy else ledger.position)


def _meant(head: Leg, oid: Oid | None) -> tuple[Leg, bool]:
    """Return the leg that a word of waiting is of, and whether it may be of another.

    That is so beside a request whose oid is not known: a word of the order that it is to replace
    may come late, and again. An oid new to us is not of that, if the one by which it waited is
    known.
    """
    leg, known = orders.unbound(head), aliases.modified(head)
    if leg is None or known is None or leg is known:
        return leg or known or head, False
    if leg.terms.wait is Wait.NEVER or not aliases.may_land(leg):
        return known, False  # the modify of an order that traded does not wait
    if known.terms.wait is Wait.NEVER:
        return leg, False
    named = known.state is WAITING or aliases.is_new_name(known)
    return leg, oid is None or known.oid is None or not named


def _under_another(ledger: Ledger, leg: Leg, oid: Oid) -> OrderUpdate | Conflict:
    """Take the oid by which an order waited that is known by the oid under which it trades."""
    waited = leg
    if leg.terms.wait is Wait.NEVER:  # it may be of what was modified to it
        found = aliases.unnamed(ledger.by_cloid[leg.cloid])
        if found is None:
            said = f"its cloid is known by the oid {leg.oid!r}"
            return answering.conflict(ledger, said, leg.cloid, oid)
        waited = found
    outside.alias(ledger, waited, oid)
    return answering.update_of(leg)


def _result(leg: Leg) -> Waits | OrderUpdate:
    return Waits(leg.cloid, leg.oid) if leg.state is WAITING else answering.update_of(leg)
