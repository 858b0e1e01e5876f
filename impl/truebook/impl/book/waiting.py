"""Orders that the venue accepted and that are not in its book, but wait to be triggered."""

from decimal import Decimal

from truebook.impl.book import orders, outside
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import DEAD, PENDING, WAITING, Leg
from truebook.impl.book.results import Conflict, OrderUpdate, UnknownOrder, Waits
from truebook.model.vocabulary import LIVE, Wait


def accepted(
    ledger: Ledger, cloid: str, oid: Oid | None
) -> Waits | OrderUpdate | Conflict | UnknownOrder:
    """Take the venue's word that an order waits; `oid` is the one by which it does, if it is told.

    Of an order that is known to trade, or to be over, it is old news.
    """
    known = None if oid is None else ledger.by_oid.get(oid)
    if known is not None:
        if known.cloid != cloid:
            conflict = Conflict(f"its oid is that of the cloid {known.cloid!r}", cloid, oid)
            ledger.note(conflict)
            return conflict
        return told(ledger, known)
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return UnknownOrder(cloid if oid is None else oid)
    leg = orders.unbound(head)
    if leg is None:
        leg = orders.current(head)
        if oid is not None and not orders.is_past(head, oid):
            return _under_another(ledger, head, leg, oid)
        return told(ledger, leg)
    if oid is not None and leg.oid is not None:
        # It waits under one oid alone, so the other is that of what trades.
        outside.trade(ledger, leg)
        ledger.update(leg)
        return _under_another(ledger, head, leg, oid)
    if leg.state is PENDING or leg.state is DEAD:
        outside.wait(ledger, leg)
    if oid is not None:
        ledger.name(leg, oid)
    return _result(leg)


def said(ledger: Ledger, cloid: str, is_triggered: bool) -> Waits | OrderUpdate | UnknownOrder:
    """Take the word that an order waits, or does not any more, where no oid of it is told."""
    if not is_triggered:
        result = accepted(ledger, cloid, None)
        assert not isinstance(result, Conflict)
        return result
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return UnknownOrder(cloid)
    return triggered(ledger, orders.unbound(head) or orders.current(head))


def may_wait(ledger: Ledger, cloid: str) -> bool:
    """Return whether an order is of the kind that waits: an answer without an oid is no error."""
    head = ledger.by_cloid.get(cloid)
    return head is not None and head.wait is not Wait.NEVER


def told(ledger: Ledger, leg: Leg) -> Waits | OrderUpdate:
    """Take the word that an order waits, of a leg whose oid is known."""
    if leg.state in LIVE and not leg.filled and leg.wait is Wait.NEVER:
        leg.wait = Wait.MAY
    return _result(leg)


def triggered(ledger: Ledger, leg: Leg) -> OrderUpdate:
    """Take the word that an order does not wait any more; with an oid it trades, or will."""
    if leg.wait is Wait.MAY:
        leg.wait = Wait.OVER
        if leg.state is WAITING:
            leg.open_since = ledger.now
    if leg.state is WAITING and leg.oid is not None:
        outside.trade(ledger, leg)
    if leg.oid is not None:
        ledger.update(leg)
    return _update(leg)


def old_name(ledger: Ledger, cloid: str, oid: Oid, *, over: bool) -> Leg | None:
    """Return the leg of an oid under which an order can only have waited: it is told so, or `over`.

    None where the order is not one that waited, or this may be the oid under which it trades.
    """
    head = ledger.by_cloid.get(cloid)
    if head is None or orders.is_past(head, oid):
        return None
    leg = orders.unbound(head)
    if leg is not None and (leg.oid is None or not over):
        return None
    leg = leg or orders.current(head)
    if leg.wait is Wait.NEVER:
        return None
    alias(ledger, head, leg, oid)
    return ledger.by_oid[oid]


def listed(ledger: Ledger, cloid: str, oid: Oid, requested_at: int) -> Leg | None:
    """Return the leg of an order that is listed as waiting; None where it is one that trades."""
    head = ledger.by_cloid[cloid]
    leg = orders.current(head)
    if orders.unbound(head) is None:
        since = leg.open_since or 0
        if requested_at - since > ledger.config.finalized_protection:
            return None
        return old_name(ledger, cloid, oid, over=True)
    accepted(ledger, cloid, oid)
    return ledger.by_oid[oid]


def shown(ledger: Ledger, leg: Leg, trigger: bool | None, covers: bool) -> None:
    """Take from a listing whether an order waits; `covers`: those that wait are in it too."""
    if leg.filled or (trigger is None and covers):
        return
    if trigger:
        if leg.state in LIVE and leg.wait is not Wait.OVER and leg.cloid not in ledger.waiting:
            outside.wait_still(ledger, leg)
        return
    if leg.wait is Wait.MAY:
        leg.wait = Wait.OVER
    if leg.state is WAITING:
        outside.trade(ledger, leg)


def may_have_another(leg: Leg) -> bool:
    """Return whether what trades of an order that is taken as open may have another oid."""
    return leg.state in LIVE and leg.wait is not Wait.NEVER and not leg.filled


def not_open(ledger: Ledger, leg: Leg, reason: str) -> None:
    """Take the answer to a cancel of one that waits: there is nothing open to cancel.

    Under the oid by which it waited that does not say that what trades of it is over.
    """
    leg.reason = reason
    if leg.oid is None:
        ledger.close(leg)
    else:
        leg.wait = Wait.OVER
        leg.open_since = ledger.now
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
    if not any(leg.follows and leg.buy is buy for leg in unsent):
        return ZERO
    return max(ZERO, ledger.position.copy_negate() if buy else ledger.position)


def _under_another(ledger: Ledger, head: Leg, leg: Leg, oid: Oid) -> OrderUpdate | Conflict:
    """Take the oid by which an order waited that is known by the oid under which it trades."""
    if leg.wait is Wait.NEVER:
        conflict = Conflict(f"its cloid is known by the oid {leg.oid!r}", leg.cloid, oid)
        ledger.note(conflict)
        return conflict
    alias(ledger, head, leg, oid)
    return _update(leg)


def alias(ledger: Ledger, head: Leg, leg: Leg, oid: Oid) -> None:
    """Note the oid by which an order waited: nothing trades under it."""
    old = orders.renamed(leg)
    old.cancel, old.cancel_at = orders.NEVER, None
    ledger.add_oldest(old, head)
    ledger.bind(old, oid, replaces=False)
    old.final = True
    ledger.close(old)


def _result(leg: Leg) -> Waits | OrderUpdate:
    return Waits(leg.cloid, leg.oid) if leg.state is WAITING else _update(leg)


def _update(leg: Leg) -> OrderUpdate:
    return OrderUpdate(leg.cloid, leg.oid, leg.state, leg.filled)
