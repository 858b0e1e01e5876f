"""Fills that a recording lacks: which, for what fault, and by what they can be seen."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Final

from truebook.audit.finding import Kind
from truebook.audit.measure.causes import cause_of
from truebook.audit.measure.defect import Defect, Expected
from truebook.audit.measure.record import FILLS, ZERO, Fill, Record

NOTHING_AFTER: Final = "nothing of its market or its order was told after it"
MOVES_NOTHING: Final = "what is missing there moves the position by nothing as a whole"
NEVER_HEARD: Final = "fills were not listened to"


def untold_fills(record: Record) -> Iterator[Defect]:
    """Yield each run of fills of a market, one after another, that were never told."""
    for coin in sorted({one.coin for one in record.fills}):
        fills = [one for one in record.fills if one.coin == coin]
        at = 0
        for is_told, run in groupby(fills, key=lambda one: one.key in record.heard):
            some = list(run)
            if not is_told:
                before = fills[at - 1] if at else None
                behind = at + len(some)
                after = fills[behind] if behind < len(fills) else None
                yield _defect(record, some, before, after)
            at += len(some)


def told_to_have_filled(record: Record, oid: int) -> Decimal:
    """Return how much of an order has filled at least, as its words and answers say."""
    most = ZERO
    for word in record.told:
        if word.oid == oid and word.status != "reduceOnlyCanceled":
            most = max(most, word.size - word.left)
    for request in record.requests:
        for item in request.items or ():
            filled = item.get("filled") if isinstance(item, dict) else None
            if filled and filled["oid"] == oid:
                most = max(most, Decimal(filled["totalSz"]))
    return most


def lacks_fills(record: Record, oid: int) -> bool:
    """Return whether less of an order's fills was told than words say has filled."""
    told = (abs(one.moved) for one in record.fills if one.oid == oid and one.key in record.heard)
    return told_to_have_filled(record, oid) > sum(told, ZERO)


def _defect(record: Record, run: list[Fill], before: Fill | None, after: Fill | None) -> Defect:
    coin, moved = run[0].coin, sum((one.moved for one in run), ZERO)
    line, cause = cause_of(record, FILLS, run[0].time, lambda of: _has(of, run[0]))
    expected: list[Expected] = []
    if before is not None and after is not None and moved:
        lines, until = record.heard[before.key], record.heard[after.key]
        kind, both = Kind.MISSING, frozenset((*lines, *until))
        expected += (
            Expected(kind=kind, market=coin, lines=frozenset(lines), until=frozenset(until)),
            Expected(kind=kind, market=coin, lines=both, within=True),
        )
    if before is None and after is not None and _position_before(record, run, after):
        expected.append(Expected(kind=Kind.POSITION, market=coin))
    if after is None and record.held and _position_lacks(record, run, before):
        expected.append(Expected(kind=Kind.POSITION, market=coin))
    short = {str(one.oid) for one in run if lacks_fills(record, one.oid)}
    if short and any(kind in ("userFills", "userEvents") for _, _, kind in record.hears):
        expected.append(Expected(kind=Kind.MISSING, market=coin, names=frozenset(short)))
    why = "" if expected else NOTHING_AFTER if after is None else MOVES_NOTHING
    if why == MOVES_NOTHING and before is None:
        why = "it is before the first fill that was told"
    size = f"{len(run)} of {coin}, {moved:+f}, order {run[0].oid}"
    return Defect(cause=cause, line=line, what=size, expected=tuple(expected), why=why)


def _has(of: object, fill: Fill) -> bool:
    if not isinstance(of, dict) or not isinstance(of.get("data"), dict):
        return False
    return any(Fill.of(one).key == fill.key for one in of["data"].get("fills", ()))


def _position_before(record: Record, run: list[Fill], after: Fill) -> bool:
    """Return whether a position that was told is another than that at which a first fill began."""
    told = [one for one in record.held if one.as_of <= after.time]
    return bool(told) and told[0].sizes.get(run[0].coin, ZERO) != after.start


def _position_lacks(record: Record, run: list[Fill], before: Fill | None) -> bool:
    """Return whether the last position that was told has some of a run that ends all."""
    last = record.held[-1]
    within = [one for one in run if one.time < last.as_of]
    if before is not None:
        return before.time < last.as_of and bool(sum((one.moved for one in within), ZERO))
    first = record.held[0].sizes.get(run[0].coin, ZERO)
    return first != last.sizes.get(run[0].coin, ZERO)
