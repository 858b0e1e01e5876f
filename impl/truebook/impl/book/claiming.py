"""Which order a word of the venue is of that names a cloid, under an oid that is new to us.

It is of the request whose oid is not known, if it cannot be from before that was sent. What may be
from before binds nothing: the answer to the request does, and a listing asked for after it.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from truebook.impl.book import aliases, answering, orders, outside
from truebook.impl.book.checks import Oid
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import DEAD, Leg
from truebook.impl.book.particulars import Dispute
from truebook.impl.book.past import Vague
from truebook.impl.book.results import Conflict
from truebook.model.vocabulary import CLOSED, LIVE, UNBOUND

WhyNot: TypeAlias = Callable[[Leg], str | None]
"""Returns why a word may be from before the request of a leg; None where it cannot be."""
_NOT_KNOWN: Final = "there was an order of its cloid whose oid is not known"


def claim(ledger: Ledger, cloid: str, oid: Oid, why_not: WhyNot | None = None) -> Leg | None:
    """Bind the leg of this cloid that an oid new to us must be of; None where there is none.

    Without `why_not` the word is of the request itself, as its answer is. Another may be of the
    order that a modify is of, which waited, and not of the modify: then it binds neither.
    """
    head = ledger.by_cloid.get(cloid)
    if head is None or oid in ledger.past.by_oid:
        return None
    leg = refused_as(head, oid)
    if leg is not None:
        return take(ledger, leg, oid)
    leg = orders.unbound(head) if why_not is None else None
    if leg is None:
        leg = claimable(head)
    if leg is None:
        current = orders.current(head)
        said = f"its cloid is known by the oid {current.oid!r}"
        if why_not is None:
            ledger.note(Conflict(said, cloid, oid))
        else:  # an old word may be told again for ever
            ledger.dispute(current, (Dispute.EARLIER, said), oid)
        return None
    if why_not is not None and may_be_old(ledger, leg, oid, why_not):
        return None
    if why_not is not None and aliases.replaced(head) is not None:
        answering.ambiguous(ledger, head, "its oid may be that of the order that was triggered")
        return None
    return take(ledger, leg, oid)


def may_be_old(ledger: Ledger, leg: Leg, oid: Oid, why_not: WhyNot) -> bool:
    """Return whether a word may be from before a request, so that it binds nothing; say so once.

    Of what was there before the book began it is no wonder.
    """
    reason = why_not(leg)
    if reason is None:
        return False
    words = f"what names its cloid binds nothing: {reason}"
    if reason is not _NOT_KNOWN:
        ledger.dispute(leg, (Dispute.EARLIER, words), oid)
    elif leg.chain is not None and leg.chain.vague is Vague.ORDER:
        answering.ambiguous(ledger, leg, words, numbered=False)
    return True


def refused_as(head: Leg, oid: Oid) -> Leg | None:
    """Return the request that was told refused under an oid: what is shown by that is of no other.

    It may have taken liquidity on arrival, or was not refused.
    """
    return next((leg for leg in orders.dead_legs(head) if leg.course.refused_oid == oid), None)


def claimable(head: Leg) -> Leg | None:
    """Return the leg that an oid new to us is of, where none was told refused under it.

    That is one whose oid is not known, or one that waited: what trades of it may have another. It
    is that rather than a modify which can no longer come to be, unless the venue said that it took
    that: then it came to be, whatever became of it.
    """
    leg = orders.unbound(head)
    if leg is not None and leg.state is not DEAD and leg.state not in CLOSED:
        return leg
    known = orders.current(head)
    came_to_be = leg is not None and (aliases.may_land(leg) or leg.course.accepted)
    lost = leg is None or (leg.state is DEAD and not came_to_be)
    rather = lost or (known.state in LIVE and not aliases.is_new_name(known))
    return known if rather and aliases.may_be_renamed(known) else leg


def take(ledger: Ledger, leg: Leg, oid: Oid) -> Leg:
    """Bind a leg to an oid; what trades of one that waited under another is a leg of its own.

    One that was over before it had an oid stays so.
    """
    if leg.oid is not None:
        return outside.rename(ledger, leg, oid)
    if leg.state in CLOSED:
        outside.name(ledger, leg, oid)
    else:
        ledger.bind(leg, oid)
    return leg


def by_fill(ledger: Ledger, oid: Oid, time: int | None) -> WhyNot:
    """Return why a fill of this oid and venue time may be from before a request."""

    def why_not(leg: Leg) -> str | None:
        if ledger.config.times_comparable and time is not None and time < leg.request_at:
            return f"the fill is of {time}, and it was requested at {leg.request_at}"
        return by_oid(leg, oid)

    return why_not


def by_counted_fill(ledger: Ledger, oid: Oid, time: int | None, number: int) -> WhyNot:
    """Return why a fill told again, and first when there were so many legs, may be from before."""

    def why_not(leg: Leg) -> str | None:
        if number < leg.number:
            return "the fill was counted before it was requested"
        return by_fill(ledger, oid, time)(leg)

    return why_not


def by_status(oid: Oid) -> WhyNot:
    """Return why a status of this oid may be from before a request."""
    return lambda leg: by_oid(leg, oid, Vague.BEGUN)


def by_oid(leg: Leg, oid: Oid, vague: Vague = Vague.ORDER) -> str | None:
    """Return why an order of this oid may be from before a request, by what was told till then."""
    if is_older(leg, oid):
        return f"oid {oid} is not above {leg.above}, which was there before it was requested"
    past = Vague.NOTHING if leg.chain is None else leg.chain.vague
    if past >= vague and not (past is vague is Vague.BEGUN and leg.state not in UNBOUND):
        return _NOT_KNOWN  # what waited when the book began is more likely to be what is told
    return None


def is_older(leg: Leg, oid: Oid) -> bool:
    """Return whether an order of this oid was there before a request, by its number."""
    return isinstance(leg.above, int) and isinstance(oid, int) and oid <= leg.above


def by_listing(ledger: Ledger, oid: Oid, requested_at: int) -> WhyNot:
    """Return why what a listing shows of this oid may be from before a request."""

    def why_not(leg: Leg) -> str | None:
        if is_older(leg, oid):
            return by_oid(leg, oid)
        since, chain = requested_at - leg.request_at, leg.chain
        if chain is not None and chain.follows and since < 0:
            return f"the listing was asked for at {requested_at}, and it at {leg.request_at}"
        # For as long as a listing lags it may have what was there before the book began, or the
        # oid by which the order waited that is to be modified.
        lag, known = ledger.config.finalized_protection, aliases.modified(leg)
        begun = chain is not None and chain.vague is Vague.BEGUN
        if known not in (None, leg) and aliases.has_unknown_name(known):
            begun, since = True, min(since, requested_at - (known.open_since or 0))
        return _NOT_KNOWN if begun and since <= lag else None

    return why_not
