"""Modifying an order: a second leg, pending until its oid is known; its fills are its own."""

from decimal import Decimal
from enum import StrEnum

import attrs

from truebook.impl.book import checks, orders
from truebook.impl.book.checks import Oid
from truebook.impl.book.ending import ledger_leg, why_not_modify
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import WAITING, Leg
from truebook.impl.book.particulars import Terms
from truebook.impl.book.results import ModifyRequested, Refused, UnknownOrder
from truebook.model.vocabulary import Wait


class OldOrder(StrEnum):
    """What the refusal of a modify says of the order that it was of."""

    OPEN = "open"
    """It is open as it was."""
    GONE = "gone"
    """It is cancelled, and no other was placed."""
    UNKNOWN = "unknown"
    """Nobody knows: it counts as it was until the venue tells."""


_OLD: dict[str, OldOrder] = {word.value: word for word in OldOrder}


def old_order(word: OldOrder | str) -> OldOrder:
    """Return what is said of the old order; ValueError where that is not one of its words."""
    found = _OLD.get(checks.text(word, "old"))
    if found is None:
        raise ValueError(f"old must be one of {', '.join(OldOrder)}, not {word!r}")
    return found


def request_modify(
    ledger: Ledger, id: Oid, price: Decimal, size: Decimal, force: bool
) -> ModifyRequested | Refused | UnknownOrder:
    """Let a modify be sent, unless a change of the order is on its way or it is too small."""
    leg = ledger_leg(ledger, id)
    if leg is None:
        return UnknownOrder(id)
    reason = why_not_modify(ledger, leg)
    if reason is None and len(orders.open_legs(leg)) > 1:
        reason = "two orders of its cloid are open, and it would replace both: cancel one"
    if reason is None and leg.oid is None:
        reason = "it waits, and its oid is not known: cancel it by its cloid, and place another"
    if reason is None and not force and not leg.filled < size:
        reason = f"the new size {size} is not above what has filled, {leg.filled}"
    if reason is not None:
        return Refused(id, reason)
    assert leg.oid is not None
    request = ledger.number()
    new = Leg(
        leg.cloid,
        leg.buy,
        price,
        size,
        ledger.now,
        request=request,
        terms=_terms(leg),
    )
    ledger.add(new)
    return ModifyRequested(leg.cloid, leg.oid, price=price, size=size, request=request)


def _terms(leg: Leg) -> Terms:
    """Return the terms of what is to replace an order: its own, but that it has a size."""
    terms = leg.terms
    waits = leg.state is WAITING or (terms.wait is Wait.MAY and not leg.filled)
    wait = Wait.MAY if waits else Wait.NEVER
    if terms.wait is wait and not terms.follows:
        return terms
    return attrs.evolve(terms, wait=wait, follows=False)
