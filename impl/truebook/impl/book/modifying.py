"""Modifying an order: a second leg, pending until its oid is known; its fills are its own."""

from decimal import Decimal

from truebook.impl.book import orders
from truebook.impl.book.checks import Oid
from truebook.impl.book.ending import ledger_leg, why_not_change
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import WAITING, Leg
from truebook.impl.book.results import ModifyRequested, Refused, UnknownOrder
from truebook.model.vocabulary import Wait


def request_modify(
    ledger: Ledger, id: Oid, price: Decimal, size: Decimal, force: bool
) -> ModifyRequested | Refused | UnknownOrder:
    """Let a modify be sent, unless a change of the order is on its way or it is too small."""
    leg = ledger_leg(ledger, id)
    if leg is None:
        return UnknownOrder(id)
    reason = why_not_change(ledger, leg)
    if reason is None and orders.open_legs(ledger.by_cloid[leg.cloid]) > 1:
        reason = "two orders of its cloid are open, and it would replace both: cancel one"
    if reason is None and leg.oid is None:
        reason = "it waits, and its oid is not known: cancel it by its cloid, and place another"
    if reason is None and not force and not leg.filled < size:
        reason = f"the new size {size} is not above what has filled, {leg.filled}"
    if reason is not None:
        return Refused(id, reason)
    assert leg.oid is not None
    ledger.add(
        Leg(
            leg.cloid,
            leg.buy,
            price,
            size,
            ledger.now,
            reduce_only=leg.reduce_only,
            time_in_force=leg.time_in_force,
            trigger=leg.trigger,
            parent=leg.parent,
            wait=Wait.MAY if leg.state is WAITING else Wait.NEVER,
        )
    )
    return ModifyRequested(leg.cloid, leg.oid, price=price, size=size)
