"""A fill that is told again, or in other pieces: what was counted stands, differences are reported.

Each kind of difference is reported once of each fill. One that is told again as the venue has
corrected it is told as it is, and not otherwise.
"""

from collections.abc import Iterator
from decimal import Decimal

from truebook.impl.book import claiming, contradictions, forms
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add
from truebook.impl.book.fills import FillKey
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import Leg
from truebook.impl.book.results import Conflict
from truebook.model.vocabulary import LIVE


def again(
    ledger: Ledger,
    leg: Leg | None,
    key: FillKey,
    delta: Decimal,
    price: Decimal,
    cloid: str | None,
    crossed: bool | None,
    start: Decimal | None,
    fee: Decimal | None,
) -> None:
    """Hold a fill that was counted before against what it was then, and let it bind its cloid.

    It binds nothing that was requested after it was counted.
    """
    if key not in ledger.memory.known:
        return  # it is at or below the floor, and nothing else is known of it
    oid = key[2]
    if leg is not None and cloid is not None and contradictions.is_named_otherwise(leg, cloid):
        ledger.dispute(leg, contradictions.of_name(cloid))
    for about, reason in _differences(ledger, leg, key, delta, price, cloid, crossed, start, fee):
        _report(ledger, leg, key, about, reason)
    if leg is None and cloid is not None and forms.names_order(oid):
        early = ledger.early.by_oid.get(oid, {}).get(key)
        if early is not None:
            since = claiming.by_counted_fill(ledger, oid, key[0], early.number)
            leg = claiming.claim(ledger, cloid, oid, since)
            if leg is not None:
                _bound(ledger, leg, early.at)


def place(ledger: Ledger, key: FillKey, start: Decimal, delta: Decimal) -> None:
    """Note what the position was before a fill, and report one that is another in other pieces.

    Two fills of one order and one venue time follow each other: where the positions that they go
    through overlap, one of them is told twice, alone and as a part of the sum of several. Fills
    that name no order may be of several orders, which come back to where they were.
    """
    memory = ledger.memory
    for other in memory.starts_at(key) if forms.names_order(key[2]) else ():
        first, moved = memory.starts[other], memory.known[other][0]
        most = min(max(first, add(first, moved)), max(start, add(start, delta)))
        least = max(min(first, add(first, moved)), min(start, add(start, delta)))
        if least < most:
            reason = (
                f"its fills {other[1]!r} and {key[1]!r} of {key[0]} both take the position from "
                f"{least} to {most}: one of them is a part of the other, and both are counted"
            )
            _report(ledger, ledger.by_oid.get(key[2]), key, "pieces", reason)
    memory.start(key, start)


def _bound(ledger: Ledger, leg: Leg, counted_at: int) -> None:
    """Take an order that a fill told again binds as over, if it was found absent since that came.

    That it traded before is no news, and does not say that it is there.
    """
    absent_at = leg.course.absent_at
    if absent_at is not None and counted_at < absent_at and leg.state in LIVE:
        ledger.close_as_of(leg, absent_at)
    else:
        ledger.update(leg)


def _differences(
    ledger: Ledger,
    leg: Leg | None,
    key: FillKey,
    delta: Decimal,
    price: Decimal,
    cloid: str | None,
    crossed: bool | None,
    start: Decimal | None,
    fee: Decimal | None,
) -> Iterator[tuple[str, str]]:
    memory = ledger.memory
    _, at, was_crossed, named = memory.known[key]
    counted, taken, change = memory.traded(key), memory.fees.get(key, ZERO), memory.changes.get(key)
    if (counted < ZERO) is not (delta < ZERO):
        yield "side", f"counted as a {_side(counted)}, and told again as a {_side(delta)}"
    corrected = change is not None and change.size == abs(delta) and fee in (None, change.fee)
    if not corrected:
        if abs(counted) != abs(delta):
            yield "size", f"counted with the size {abs(counted)}, and told again with {abs(delta)}"
        if fee is not None and fee != taken:
            yield "fee", f"counted with the fee {taken}, and told again with {fee}"
        if at is not None and at != price:
            yield "price", f"counted at the price {at}, and told again at {price}"
    if was_crossed is not None and crossed is not None and crossed is not was_crossed:
        yield "taker", f"counted with crossed {was_crossed}, and told again with {crossed}"
    if leg is None and cloid is not None:
        first = named or ledger.past.by_oid.get(key[2])
        if first is not None and first != cloid:
            yield "cloid", f"counted for the cloid {first!r}, and told again for {cloid!r}"
    before = memory.starts.get(key)
    if start is not None and before is not None and start != before:
        yield "start", f"counted from the position {before}, and told again from {start}"


def _side(delta: Decimal) -> str:
    return "sale" if delta < ZERO else "purchase"


def _report(ledger: Ledger, leg: Leg | None, key: FillKey, about: str, reason: str) -> None:
    if ledger.memory.dispute(key, about):
        oid: Oid = key[2]
        words = reason if about == "pieces" else f"its fill {key[1]!r} was {reason}"
        ledger.note(Conflict(words, None if leg is None else leg.cloid, oid))
