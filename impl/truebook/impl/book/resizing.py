"""What can still trade of an order changes under its oid: the size follows what the venue says."""

from decimal import Decimal

import attrs

from truebook.impl.book import orders, reopening, sizing
from truebook.impl.book.exact import add
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import Leg
from truebook.impl.book.sizing import Heard
from truebook.model.vocabulary import WHOLE


def listed(
    ledger: Ledger, leg: Leg, size: Decimal | None, left: Decimal | None, asked_at: int
) -> None:
    """Take the size of an order, and what is left of it, as a listing shows them.

    One that its fills made whole, and that has more to trade, is open again, unless it was told as
    over.
    """
    if not size and (size is not None or left is None):
        return  # it says nothing of it: no order is of the size zero
    was_whole = not sizing.seen(leg) < leg.size
    lag = ledger.config.finalized_protection
    leg.sized = sizing.pictured(leg, size, left, asked_at=asked_at, now=ledger.now, lag=lag)
    follow(leg)
    if was_whole:
        _reopened(ledger, leg)


def follow(leg: Leg) -> None:
    """Let size and amounts of an order follow from what the venue said of them.

    A size below what has filled is not the whole; where it was told as filled, without an amount,
    all of it has, whatever that is.
    """
    sized = leg.sized
    if sized is None:
        return
    most = sizing.seen(leg) if leg.whole else max(sizing.seen(leg), sized.told)
    accepted = sized.accepted.value
    leg.size = max(sized.asked, accepted) if accepted < most else accepted
    if leg.whole:
        leg.sized = sized = attrs.evolve(sized, told=leg.size)
    stated = sizing.stated(leg, sized)
    if leg.stated < stated:
        leg.final = False  # a last word that said less was none
    if leg.whole and leg.closed_at is not None:
        leg.final = True
    leg.stated = stated


def filled_whole(ledger: Ledger, leg: Leg, filled: Decimal) -> None:
    """Let a word that an order has filled, and how much, tell what its size was.

    Of one that was amended in place, whose fills of before count in the new size or do not; and of
    one of which a picture, older by more than the lag, showed so much gone that the rest has
    filled: that shrank, and did not.
    """
    sized = leg.sized
    if sized is None or not filled < leg.size:
        return
    amended = sized.amended and not filled < sized.asked
    shown, lag = sized.listed, ledger.config.finalized_protection
    shrank = (
        shown.at is not None
        and shown.is_older(ledger.now, lag)
        and not add(filled, shown.value) < leg.size
    )
    if amended or shrank:
        leg.sized = attrs.evolve(sized, accepted=Heard(value=filled), amended=False)
        follow(leg)


def exceeds(ledger: Ledger, leg: Leg) -> bool:
    """Let fills beyond the size that the venue told say that it was of less than the whole.

    Return whether they are beyond the size that follows.
    """
    if leg.sized is not None:
        follow(leg)
        _reopened(ledger, leg)
    return leg.size < leg.filled


def _reopened(ledger: Ledger, leg: Leg) -> None:
    if leg.state in WHOLE and not leg.over and orders.filled(leg) < leg.size:
        reopening.revive(ledger, leg)
    else:
        ledger.update(leg)
