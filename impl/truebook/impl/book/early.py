"""Fills that came before the oid of their order was known, and wait for it."""

from typing import TYPE_CHECKING

from truebook.impl.book import contradictions, orders
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, subtract
from truebook.impl.book.orders import Leg
from truebook.impl.book.results import Overfill

if TYPE_CHECKING:
    from truebook.impl.book.ledger import Ledger


def merge(ledger: "Ledger", leg: Leg, oid: Oid) -> None:
    """Record on a leg the fills that waited for its oid."""
    for fill in ledger.early.take(oid):
        if fill.cloid is not None and contradictions.is_named_otherwise(leg, fill.cloid):
            ledger.dispute(leg, contradictions.of_name(fill.cloid))
        if fill.is_buy is not leg.buy:
            ledger.dispute(leg, contradictions.OTHER_SIDE)
            continue
        ledger.record(leg, fill.size, fill.taker)
        excess = subtract(orders.filled(leg), leg.size)
        if excess > ZERO:
            ledger.note(
                Overfill(
                    oid,
                    fill.tid,
                    size=fill.size,
                    price=fill.price,
                    is_buy=fill.is_buy,
                    position_delta=ZERO,
                    new_position=ledger.position,
                    cloid=leg.cloid,
                    order_complete=True,
                    excess=excess,
                )
            )
