"""An order that is taken as open again, though it was over as far as was known."""

from decimal import Decimal

import attrs

from truebook.impl.book import orders
from truebook.impl.book.exact import ZERO
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import RESTING, WAITING, Leg, Told
from truebook.impl.book.sizing import Heard
from truebook.model.vocabulary import Wait


def reopen(ledger: Ledger, leg: Leg, stated: Decimal, *, waits: bool = False) -> None:
    """Take a closed order as open after all; `stated` is what has filled, by a listing.

    No other word of what has filled is believed any more, but its fills. `waits`: it is not in the
    venue's book; unless another of its cloid waits, or some of it has filled.
    """
    leg.open_since = ledger.now
    leg.final = False
    leg.ended = None
    leg.answered = ZERO
    leg.stated = stated
    leg.told = Told.NOT_OVER
    if leg.sized is not None:
        listed = Heard(value=stated, at=ledger.now)
        leg.sized = attrs.evolve(leg.sized, told=ZERO, listed=listed)
    leg.reason = ""
    if waits and not orders.filled(leg) and leg.cloid not in ledger.waiting:
        leg.state = WAITING
        leg.terms = attrs.evolve(leg.terms, wait=Wait.MAY)
        leg.closed_at = None
        ledger.waiting[leg.cloid] = leg
        orders.refile(leg)
        ledger.update(leg)
    else:
        revive(ledger, leg)


def revive(ledger: Ledger, leg: Leg) -> None:
    """Take an order that had filled whole as open: the venue has more of it to trade."""
    assert leg.oid is not None
    leg.state = RESTING
    leg.closed_at = None
    ledger.opened(leg, leg.oid)
    ledger.update(leg)
