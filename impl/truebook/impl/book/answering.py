"""Which request an answer is of.

Every request has a number of its own. An answer with a number is of that request and of nothing
else; one without is taken only where it can be of one request alone.
"""

import attrs

from truebook.impl.book import checks, orders
from truebook.impl.book.checks import Oid
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import NEVER, PENDING, Leg
from truebook.impl.book.past import Vague
from truebook.impl.book.results import Ambiguous, Conflict, OrderUpdate


def number(ledger: Ledger, request: int | None) -> int | None:
    """Return the number of a request; ValueError where this book never handed it out."""
    if request is None:
        return None
    found = checks.whole(request, "request")
    if not 0 < found <= ledger.requests:
        raise ValueError(
            f"request {found} was never handed out by this book (the last was {ledger.requests}): "
            "give back the number that came with the request, as ModifyRequested.request"
        )
    return found


def numbered(head: Leg, request: int) -> Leg | None:
    """Return the leg that a request made; None where it is forgotten, or of another cloid."""
    for leg in orders.chain(head):
        if request in (leg.request, leg.course.first_request or None):
            return leg
    return None


def is_of(leg: Leg, request: int) -> bool:
    """Return whether a request made an order, or may be one of those that amended it in place."""
    return leg.request == request or 0 < leg.course.first_request <= request < leg.request


def refused(head: Leg) -> Leg | None:
    """Return the leg that a refusal without a number is of; None where it may be of several.

    An answer may come late, and twice, so it is of none once two requests were never accepted.
    """
    unbound, *others = orders.unbound_legs(head)
    if others or head.course.ambiguous:
        return None
    return unbound


def streamed(head: Leg) -> Leg | None:
    """Return the leg that a refusal under an oid of its own is of; None where there are several.

    The stream shows each refusal once: first those of requests that are known to be refused.
    """
    hidden = [leg for leg in orders.unbound_legs(head) if leg.course.refused_oid is None]
    for leg in hidden:
        if leg.final:
            return leg
    if len(hidden) != 1 or (head.chain is not None and head.chain.vague >= Vague.REFUSAL):
        return None
    return hidden[0]


def is_repeat(ledger: Ledger, head: Leg, oid: Oid) -> bool:
    """Return whether a refusal under this oid was told before."""
    if ledger.past.is_of(oid, head.cloid):
        return True
    return any(leg.course.refused_oid == oid for leg in orders.chain(head))


def is_refusable(head: Leg) -> bool:
    """Return whether any request of a cloid is not known to be accepted."""
    return bool(orders.unbound_legs(head))


def cancelled(ledger: Ledger, id: Oid, request: int | None) -> Leg | None:
    """Return the leg whose cancel an answer is of; an oid names its leg."""
    leg = ledger.by_oid.get(id)
    cloid = id if leg is None else leg.cloid
    head = ledger.by_cloid.get(cloid) if isinstance(cloid, str) else None
    if head is None:
        return None
    if leg is not None and request in (None, leg.cancel_request):
        return leg
    legs = list(orders.chain(head))
    for one in legs:
        if one.cancel_request == request:
            return one
    if leg is not None:
        return leg
    if request is None:
        asked = [one for one in legs if one.cancel is not NEVER]
        return asked[0] if len(asked) == 1 else orders.current(head)
    # It is of an older cancel, of the order that was known then.
    return next((one for one in legs if one.request < request < one.cancel_request), head)


def may_be_blind(leg: Leg, request: int | None) -> bool:
    """Return whether an answer may be of a cancel asked for before the oid was known."""
    latest = leg.course.blind_cancel
    return latest > 0 and (request is None or request <= latest)


def is_older_cancel(leg: Leg, id: Oid, request: int | None) -> bool | None:
    """Return whether an answer is of a cancel that is not awaited any more; None: nobody knows."""
    if request is not None:
        return request != leg.cancel_request
    others = id != leg.oid and any(one.cancel is not NEVER for one in _others(leg))
    return None if leg.course.recancelled or others else False


def update_of(leg: Leg) -> OrderUpdate:
    """Return what an order is now."""
    return OrderUpdate(leg.cloid, leg.oid, leg.state, leg.filled)


def conflict(ledger: Ledger, reason: str, cloid: str, oid: Oid | None) -> Conflict:
    """Report that what is told contradicts what is known: it tells nothing."""
    result = Conflict(reason, cloid, oid)
    ledger.note(result)
    return result


def ambiguous(ledger: Ledger, leg: Leg, reason: str, *, numbered: bool = True) -> Ambiguous:
    """Report, once of each leg, that a word may be of several requests: it tells nothing.

    `numbered`: the number of the request would tell.
    """
    hint = ": give the number of the request back" if numbered else ""
    result = Ambiguous(f"{reason}{hint}", leg.cloid, leg.oid)
    if not leg.course.unclear:
        leg.course = attrs.evolve(leg.course, unclear=True)
        ledger.note(result)
    return result


def ambiguous_orphan(ledger: Ledger, oid: Oid) -> Ambiguous:
    """Report, once of each orphan, that a refusal may be of several of its cancels."""
    words = "a refusal may be of several cancels of an orphan: give the number of the cancel back"
    result = Ambiguous(words, None, oid)
    orphan = ledger.orphans.by_oid[oid]
    if not orphan.unclear:
        orphan.unclear = True
        ledger.note(result)
    return result


def about(head: Leg) -> Leg:
    """Return the leg that is spoken of where nobody knows which request is meant."""
    return next((leg for leg in orders.chain(head) if leg.state is PENDING), head)


def _others(leg: Leg) -> list[Leg]:
    older = leg.previous
    return [] if older is None else list(orders.chain(older))
