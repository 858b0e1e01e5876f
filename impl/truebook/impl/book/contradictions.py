"""Words of the venue that contradict what is known of an order: which, and in what words.

Nothing here changes anything: the ledger reports each kind once of each order (`Ledger.dispute`).
"""

from decimal import Decimal
from typing import TypeAlias

from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import add
from truebook.impl.book.orders import Leg
from truebook.impl.book.particulars import Dispute
from truebook.impl.book.sizing import most
from truebook.model.vocabulary import TimeInForce

_GTC = TimeInForce.GTC
Contradiction: TypeAlias = tuple[Dispute, str]
"""What it is about, and the reason that is reported."""


OTHER_SIDE: Contradiction = Dispute.SIDE, "a fill of it is of the other side"
ANSWERED_OTHERWISE: Contradiction = Dispute.SIDE, "it was registered for the other side"


def given_cloid(oid: Oid) -> str:
    """Return the cloid that the book itself gives an order that was taken up without one."""
    return f"oid {oid}"


def is_named_otherwise(leg: Leg, cloid: str | None) -> bool:
    """Return whether a word of an order names another cloid than its own, if it has one."""
    if cloid is None or cloid == leg.cloid:
        return False
    return leg.oid is None or leg.cloid.rstrip("'") != given_cloid(leg.oid)


def of_name(cloid: str) -> Contradiction:
    """Return how a fill contradicts the cloid of its order, which is another."""
    return Dispute.CLOID, f"a fill of it names the cloid {cloid!r}"


def of_answer(leg: Leg, rest: Decimal, taken: Decimal) -> Contradiction | None:
    """Return how an answer contradicts the size of its order, or its time in force."""
    kind = leg.terms.time_in_force
    if kind is not _GTC and rest and kind is TimeInForce.IOC:
        return Dispute.TIME_IN_FORCE, f"its answer says that {rest} rests, and it cannot rest"
    if kind is not _GTC and taken and kind is TimeInForce.ALO:
        return Dispute.TIME_IN_FORCE, f"its answer says that {taken} filled, and it never takes"
    if most(leg) < (add(rest, taken) if taken else rest):
        left = f" and {rest} rests" if rest else ""
        return Dispute.SIZE, f"its answer says that {taken} filled{left}, of {leg.size}"
    return None


def of_status(leg: Leg, filled: Decimal, whole: bool) -> Contradiction | None:
    """Return how a status contradicts the size of its order; `whole`: it says that all filled."""
    if most(leg) < filled:
        return Dispute.SIZE, f"a status says that {filled} filled, of {leg.size}"
    return of_less(leg, filled) if whole and filled < leg.size else None


def of_less(leg: Leg, filled: Decimal) -> Contradiction:
    """Return how a word that an order has filled, with less than its size, contradicts itself."""
    return Dispute.END, f"it is told as filled, with {filled} of {leg.size}"


def of_arrival(leg: Leg) -> Contradiction | None:
    """Return how what an answer says has filled on arrival contradicts the fills since."""
    if most(leg) < add(leg.answered, leg.maker):
        arrived = f"its answer says that {leg.answered} filled on arrival"
        return Dispute.SIZE, f"{arrived}, and {leg.maker} filled since, of {leg.size}"
    return None


def of_end(leg: Leg, ended: Decimal | None, filled: Decimal) -> Contradiction | None:
    """Return how the least that a last word said contradicts what is known to have filled.

    Or how a refusal, which says that the order never rested, contradicts fills made while it did.
    """
    if ended is not None and ended < filled:
        return Dispute.END, f"a last word says that {ended} filled, and {filled} has"
    if is_refused_maker(leg):
        return Dispute.END, f"it is told as rejected, and {leg.maker} of it filled while resting"
    return None


def is_refused_maker(leg: Leg) -> bool:
    """Return whether it is told as refused, so that it never rested, and filled while it did."""
    refused = leg.course.refused_oid
    return refused is not None and refused == leg.oid and bool(leg.maker)
