"""Orders that waited under one oid and trade under another; nothing here changes anything."""

import attrs

from truebook.impl.book import orders
from truebook.impl.book.exact import ZERO
from truebook.impl.book.orders import DEAD, PENDING, Leg
from truebook.impl.book.particulars import Course
from truebook.model.vocabulary import CLOSED, LIVE, STANDING, Wait


def is_old_name(leg: Leg) -> bool:
    """Return whether an order waited under the oid of a leg, and never traded under it."""
    return leg.state in CLOSED and leg.terms.wait is Wait.OVER and not leg.filled


def is_new_name(leg: Leg) -> bool:
    """Return whether an order that waited under another oid trades under that of a leg."""
    older = leg.previous
    return older is not None and older.request == leg.request and is_old_name(older)


def has_unknown_name(leg: Leg) -> bool:
    """Return whether an order that waited is known by one oid, and may have had another."""
    if leg.terms.wait is Wait.NEVER or leg.oid is None:
        return False
    others = (leg.previous, leg.younger)
    return all(other is None or other.request != leg.request for other in others)


def unnamed(head: Leg) -> Leg | None:
    """Return the order of a cloid that waited, and is known by one oid alone."""
    return next((leg for leg in orders.chain(head) if has_unknown_name(leg)), None)


def may_be_renamed(leg: Leg) -> bool:
    """Return whether an order waited and has not traded: what trades may have another oid."""
    return leg.terms.wait is not Wait.NEVER and not leg.filled


def is_other_name(leg: Leg, named: Leg | None) -> bool:
    """Return whether what is named is the same order as a leg, by the oid by which it waited."""
    return named is not None and named is not leg and named.request == leg.request


def may_have_another(leg: Leg) -> bool:
    """Return whether what trades of an order that is taken as open may have another oid."""
    return leg.state in LIVE and may_be_renamed(leg)


def renamed(leg: Leg) -> Leg:
    """Return a leg for what trades of one that waited, under an oid of its own."""
    course = leg.course
    return Leg(
        leg.cloid,
        leg.buy,
        leg.price,
        ZERO if leg.terms.follows else leg.size,
        leg.request_at,
        state=DEAD,
        cancel=leg.cancel,
        cancel_at=leg.cancel_at,
        request=leg.request,
        cancel_request=leg.cancel_request,
        terms=attrs.evolve(leg.terms, wait=Wait.OVER),
        course=Course(
            blind_cancel=course.blind_cancel,
            recancelled=course.recancelled,
            ambiguous=course.ambiguous,
        ),
    )


def may_land(leg: Leg) -> bool:
    """Return whether a request may yet come to be known: it is pending, or was so not long ago."""
    return leg.state is PENDING or (leg.state is DEAD and not leg.final and leg.unsettled > ZERO)


def modified(head: Leg) -> Leg | None:
    """Return the order that stands for a cloid besides its requests whose oid is not known."""
    leg: Leg | None = orders.current(head)
    while leg is not None and (leg.state is PENDING or leg.state is DEAD):
        leg = leg.previous
    return leg


def replaced(head: Leg) -> Leg | None:
    """Return the order that a modify is of, if an oid new to us may be of either.

    That is so where it waits, or did, and the oid under which it trades is not known: it may have
    been triggered before the modify came.
    """
    if head.previous is None or not may_land(head):
        return None
    leg = modified(head)
    if leg is None or not may_be_renamed(leg) or is_new_name(leg):
        return None
    return leg if leg.state in STANDING or leg.unsettled else None
