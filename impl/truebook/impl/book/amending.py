"""A modify that keeps the oid: the order itself is amended, and no second one is made."""

from collections.abc import Collection
from decimal import Decimal

import attrs

from truebook.impl.book import orders, sizing
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add, subtract
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import Leg
from truebook.impl.book.sizing import Heard
from truebook.model.vocabulary import LIVE, WHOLE


def confirmed(ledger: Ledger, cloid: str, oid: Oid) -> bool:
    """Amend an order in place where the answer to its modify has its own oid; else return False."""
    modify = ledger.pending.get(cloid)
    leg = ledger.by_oid.get(oid)
    if modify is None or leg is None or leg.cloid != cloid:
        return False
    return _amend(ledger, leg, modify)


def accepted(ledger: Ledger, cloid: str) -> None:
    """Note that the venue took a modify, and that it told no oid."""
    modify = ledger.pending.get(cloid)
    if modify is not None:
        modify.accepted = True


def listed(
    ledger: Ledger, leg: Leg, price: Decimal | None, size: Decimal | None, left: Decimal | None
) -> None:
    """Amend an order in place that is listed under its oid as its modify asked."""
    modify = ledger.pending.get(leg.cloid)
    if modify is None or (modify.price == leg.price == price and modify.size == leg.size):
        return
    new_price = price is not None and price == modify.price != leg.price
    same_price = price is None or price == modify.price == leg.price
    new_size = size is not None and size == modify.size != leg.size
    if (new_price or (same_price and new_size)) and _amend(ledger, leg, modify):
        assert leg.sized is not None
        short = left is None or size is None or subtract(size, left) < sizing.seen(leg)
        if not short:
            leg.sized = attrs.evolve(
                leg.sized, accepted=Heard(value=leg.size)
            )  # the listing itself says what it is now


def unlisted(ledger: Ledger, modify: Leg, present: Collection[Oid], requested_at: int) -> bool:
    """Amend an order in place whose modify was taken, where the order alone is listed since."""
    if not modify.accepted or not requested_at - modify.request_at > ledger.config.settled:
        return False
    for leg in orders.chain(ledger.by_cloid[modify.cloid]):
        if leg.state in LIVE and leg.oid in present:
            return _amend(ledger, leg, modify)
    return False


def _amend(ledger: Ledger, leg: Leg, modify: Leg) -> bool:
    """Let an order be what its modify asked; its fills may or may not count in the new size.

    Until a listing tells, they do not: then the exposure bounds what can trade.
    """
    if leg.state not in LIVE and leg.state not in WHOLE:
        return False
    ledger.withdraw(modify)
    before = min(leg.filled, leg.size)
    sized = sizing.known(leg)
    leg.price = modify.price
    leg.request_at = ledger.now
    leg.size = add(before, modify.size)
    leg.sized = attrs.evolve(
        sized,
        asked=modify.size,
        accepted=Heard(value=leg.size, at=ledger.now),
        carried=ZERO,
        amended=True,
    )
    if leg.state in WHOLE:
        ledger.revive(leg)
    else:
        ledger.update(leg)
    return True
