"""Beginning with what is already there: the venue's position, and open orders in part filled.

Fills that are in a position taken over are told no more: what they came to of an order is recorded
on it, so that it waits for none of them.
"""

from collections.abc import Iterable
from decimal import Decimal

from truebook.impl.book import (
    checks,
    claiming,
    contradictions,
    forms,
    intake,
    orders,
    resizing,
)
from truebook.impl.book.exact import ZERO, add, subtract
from truebook.impl.book.fills import Missing
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.listed import ListedOrder
from truebook.impl.book.orders import DEAD, Leg
from truebook.impl.book.past import Vague
from truebook.impl.book.sizing import seen


def fitting(ledger: Ledger, found: Iterable[ListedOrder]) -> tuple[ListedOrder, ...]:
    """Return open orders to begin with; ValueError for one that is unknown and tells too little."""
    fitting = checks.many_of(found, ListedOrder, "orders are the venue's open orders")
    for order in fitting:
        oid = forms.of_kind(order.oid, ledger.oid_kind, "oid")
        if oid not in ledger.by_oid and (order.side is None or not order.size):
            raise ValueError(
                f"order {order.oid!r} to begin with needs its side and its size, the original one"
            )
    return fitting


def begin(ledger: Ledger, found: tuple[ListedOrder, ...], as_of: int) -> None:
    """Take up open orders as of the venue time of a position: what had filled of them is in it."""
    for order in intake.of_one_kind(ledger, found):
        leg = ledger.by_oid.get(order.oid)
        if leg is None:
            leg = _taken_up(ledger, order)
        oldest = ledger.now - ledger.config.listing_timeout
        resizing.listed(ledger, leg, order.size, order.remaining, oldest)
        if order.remaining is not None:
            filled = subtract(leg.size if order.size is None else order.size, order.remaining)
            before = subtract(seen(leg), ledger.memory.traded_since(order.oid, as_of))
            _hold(ledger, leg, subtract(filled, before))
        ledger.update(leg)


def note_past(ledger: Ledger, head: Leg) -> None:
    """Note that there may have been orders of a cloid before the book, whose oids it never knew.

    As where this one was modified since it was placed. Where oids ascend their numbers tell.
    """
    if not ledger.config.oids_ascend or not all(
        isinstance(leg.oid, int) for leg in orders.chain(head)
    ):
        chain = orders.chain_of(head)
        chain.follows = True
        chain.vague = max(chain.vague, Vague.BEGUN)


def rebased(ledger: Ledger, more: Decimal) -> None:
    """Note what a position taken over has more than the fills known; see `explained`."""
    ledger.missing = None
    if more:
        ledger.missing = Missing(amount=more, at=ledger.now, requests=ledger.requests)
    explained(ledger)


def explained(ledger: Ledger) -> bool:
    """Take what orders are told to have filled as in the position, if that is all it has more.

    Only if it comes to exactly that: otherwise some of their fills may be on their way.
    """
    missing = ledger.missing
    if missing is None:
        return False
    told = [
        (leg, subtract(leg.filled, seen(leg)))
        for leg in ledger.by_oid.values()
        if _may_be_in(leg, missing)
    ]
    total = ZERO
    for leg, amount in told:
        total = add(total, amount) if leg.buy else subtract(total, amount)
    if total != missing.amount:
        return False
    ledger.missing = None
    for leg, amount in told:
        _hold(ledger, leg, amount)
    return True


def _may_be_in(leg: Leg, missing: Missing) -> bool:
    """Return whether a position taken over may have what filled of an order: none sent since."""
    return (leg.course.first_request or leg.request) <= missing.requests


def listed(ledger: Ledger, requested_at: int) -> None:
    """Let a listing since a position was taken over explain what it has more.

    The first that is newer, or one before that which may show the venue as it was then.
    """
    missing = ledger.missing
    if missing is None or requested_at < missing.at or explained(ledger):
        return
    if requested_at - missing.at > ledger.config.finalized_protection:
        ledger.missing = None


def _taken_up(ledger: Ledger, order: ListedOrder) -> Leg:
    """Track an open order that no request explains; without a cloid it is given one, of its oid.

    So that it is the same whenever, and in whatever book, the order is taken up.
    """
    known = ledger.past.by_oid.get(order.oid)
    cloid = order.cloid if order.cloid is not None else known
    if cloid is None:
        cloid = contradictions.given_cloid(order.oid)
        while cloid in ledger.by_cloid:
            cloid += "'"
    head = ledger.by_cloid.get(cloid)
    if head is not None and known is None and orders.unbound(head) is not None:
        leg = claiming.claim(ledger, cloid, order.oid, claiming.by_status(order.oid))
        if leg is not None:
            return leg
    assert order.size is not None
    leg = Leg(cloid, bool(order.buy), order.price or ZERO, order.size, ledger.now, state=DEAD)
    if head is not None and known == cloid:
        ledger.add_oldest(leg, head)
    else:
        ledger.add(leg)
    ledger.bind(leg, order.oid, replaces=False)
    note_past(ledger, leg)
    return leg


def _hold(ledger: Ledger, leg: Leg, amount: Decimal) -> None:
    """Record what has filled of an order with no fill to come; on arrival first, as answered."""
    if not amount > ZERO:
        return
    taken = min(amount, max(ZERO, subtract(leg.answered, leg.taker)))
    if taken:
        ledger.record(leg, taken, taker=True)
    if taken < amount:
        ledger.record(leg, subtract(amount, taken), taker=False)
    ledger.update(leg)
