"""A fill: counted once, whatever comes first, and recorded on its order where that is known."""

from decimal import Decimal

from truebook.impl.book import (
    ageing,
    amending,
    changing,
    claiming,
    contradictions,
    forms,
    repeats,
    resizing,
)
from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.exact import add, subtract
from truebook.impl.book.fills import EarlyFill, FillKey
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.results import FillResult, Overfill, Unattributed

# A class that is called by keywords makes a dict of them, a twelfth of the cost of a fill; a
# function is given them as they are.
_new, _init = FillResult.__new__, FillResult.__init__


def fill(
    ledger: Ledger,
    oid: Oid,
    tid: Tid,
    size: Decimal,
    price: Decimal,
    buy: bool,
    cloid: str | None,
    time: int | None,
    crossed: bool | None,
    start: Decimal | None,
    fee: Decimal | None = None,
) -> FillResult | Overfill | Unattributed | None:
    """Count a fill not seen before; return None for one that was.

    `fee` is what is taken of what was received. A fill that carries our cloid binds it to its oid,
    even if it comes again.
    """
    memory = ledger.memory
    key: FillKey = (time, tid, oid)
    if memory.by_tid is not None:
        key = memory.key(time, tid, oid)
    leg = ledger.by_oid.get(oid)
    if memory.knows(key):
        delta = size if buy else size.copy_negate()
        repeats.again(ledger, leg, key, delta, price, cloid, crossed, start, fee)
        return None
    delta = size if buy else size.copy_negate()
    if fee is not None:
        delta = subtract(delta, fee)
        memory.fees[key] = fee
    memory.remember(key, (delta, price, crossed, None if leg is not None else cloid))
    if start is not None:
        repeats.place(ledger, key, start, delta)
    if memory.changes:
        delta = changing.arrived(ledger, key, delta)
    ledger.position = position = add(ledger.position, delta)
    taker = crossed is not False
    if leg is None:
        if cloid is not None and forms.names_order(oid):
            leg = claiming.claim(ledger, cloid, oid, claiming.by_fill(ledger, oid, time))
        if leg is None:
            early = _early(ledger, oid, tid, size, price, buy, taker, cloid)
            ledger.early.add(key, early)
            ageing.waits(ledger)
            return _unattributed(ledger, early, delta, "its order is not known")
    elif cloid is not None and cloid != leg.cloid and contradictions.is_named_otherwise(leg, cloid):
        ledger.dispute(leg, contradictions.of_name(cloid))
    if leg.buy is not buy:
        ledger.dispute(leg, contradictions.OTHER_SIDE)
        ledger.update(leg)
        early = _early(ledger, oid, tid, size, price, buy, taker, cloid)
        return _unattributed(ledger, early, delta, "its order is of the other side")
    if leg.chain is not None and not (leg.over and ledger.is_tombstone(leg)):
        amending.filled(ledger, leg, size)
    if leg.closed_at is None or not ledger.is_tombstone(leg):
        ledger.record(leg, size, taker)
        ledger.update(leg)
    else:
        seen = add(add(leg.taker, leg.maker), size)
        if found := contradictions.of_end(leg, leg.ended, seen):
            ledger.dispute(leg, found)
    if leg.size < leg.filled and resizing.exceeds(ledger, leg):
        excess = subtract(leg.filled, leg.size)
        overfill = Overfill(
            oid,
            tid,
            size=size,
            price=price,
            is_buy=buy,
            position_delta=delta,
            new_position=position,
            cloid=leg.cloid,
            order_complete=True,
            excess=excess,
        )
        ledger.note(overfill)
        return overfill
    complete = leg.filled == leg.size and not leg.unsettled
    result = _new(FillResult)
    _init(
        result,
        oid,
        tid,
        size=size,
        price=price,
        is_buy=buy,
        position_delta=delta,
        new_position=position,
        cloid=leg.cloid,
        order_complete=complete,
    )
    return result


def _early(
    ledger: Ledger,
    oid: Oid,
    tid: Tid,
    size: Decimal,
    price: Decimal,
    buy: bool,
    taker: bool,
    cloid: str | None,
) -> EarlyFill:
    return EarlyFill(
        oid,
        tid,
        size=size,
        price=price,
        is_buy=buy,
        taker=taker,
        at=ledger.now,
        cloid=cloid,
        number=ledger.numbered,
    )


def _unattributed(ledger: Ledger, early: EarlyFill, delta: Decimal, reason: str) -> Unattributed:
    result = Unattributed(
        early.oid,
        early.tid,
        size=early.size,
        price=early.price,
        is_buy=early.is_buy,
        position_delta=delta,
        new_position=ledger.position,
        cloid=early.cloid,
        order_complete=False,
        reason=reason,
    )
    ledger.note(result)
    return result
