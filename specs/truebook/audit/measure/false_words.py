"""False words of the venue's: which, and what that was told otherwise contradicts them.

A listing may show what was so some while before it was asked for (`LAG`): so may a question after
one order be answered. What is within that is no contradiction, and cannot be seen.
"""

from collections.abc import Iterator
from typing import Final

from truebook.audit.finding import Kind
from truebook.audit.measure.causes import NO_FAULT
from truebook.audit.measure.defect import Defect, Expected
from truebook.audit.measure.record import LAG, Listing, Record, Word, Wrong

"""A listing may be so many milliseconds older than its question."""
NO_WORD_LATER: Final = "nothing that was told contradicts it"
MAY_BE_OLD: Final = f"a listing may be {LAG // 1000} s old, and that explains it"


def false_words(record: Record) -> Iterator[Defect]:
    """Yield each word of an order, and each listing, that was not true when it was told."""
    true = {one.said for one in record.words}
    for word in record.told:
        if word.said not in true:
            yield _false(record, word)
    for wrong in record.wrong:
        if wrong.do in ("older", "incomplete", "empty", "unknown"):
            listing = next((one for one in record.listings if one.line > wrong.line), None)
            if listing is not None:
                yield from _false_listing(record, wrong, listing)


def _false(record: Record, word: Word) -> Defect:
    line, cause = 0, NO_FAULT
    for one in record.wrong:
        if one.do == "lied" and one.line < word.line:
            line, cause = one.line, one.name
    shown = _lives_after(record, word.oid, word.time, word.line)
    return Defect(
        cause=cause,
        line=line,
        what=f"order {word.oid} was said to be {word.status}",
        expected=_contradicted(record, word.oid) if shown else (),
        why="" if shown else NO_WORD_LATER,
    )


def _false_listing(record: Record, wrong: Wrong, listing: Listing) -> Iterator[Defect]:
    moment = record.at(wrong.line)
    truly = set(moment.open) if moment is not None else set()
    if listing.unknown:
        missing = {o for o in truly if str(o) == listing.unknown or _is(moment, o, listing.unknown)}
        extra = set[int]()
    else:
        missing, extra = truly - listing.oids, set(listing.oids) - truly
    if not missing and not extra:
        return
    shown = [
        oid
        for oid in sorted(missing)
        if _told_open(record, oid, listing.asked - LAG)
        and _lives_after(record, oid, listing.asked, listing.line)
    ]
    shown += [oid for oid in sorted(extra) if _told_over(record, oid, listing.asked - LAG)]
    lacks = f"it lacks {sorted(missing)}" if missing else f"it has {sorted(extra)}"
    yield Defect(
        cause=wrong.name,
        line=wrong.line,
        what=f"{wrong.message} of line {listing.line}: {lacks}",
        expected=tuple(one for oid in shown for one in _contradicted(record, oid)),
        why="" if shown else MAY_BE_OLD,
    )


def _is(moment: object, oid: int, cloid: str) -> bool:
    open_orders = getattr(moment, "open", {})
    return bool(open_orders[oid].get("cloid") == cloid)


def _contradicted(record: Record, oid: int) -> tuple[Expected, ...]:
    cloid = next((one.cloid for one in record.of(oid) if one.cloid), None)
    names = frozenset({str(oid), *((cloid,) if cloid else ())})
    return (Expected(kind=Kind.ORDERS, names=names),)


def _told_open(record: Record, oid: int, time: int) -> bool:
    """Return whether an order was told to be open as of a time or before."""
    words = any(one.oid == oid and one.time <= time and not one.ends for one in record.told)
    answers = (r for r in record.requests if r.items is not None and r.at <= time)
    return words or any(_oid_of(item) == oid for r in answers for item in r.items or ())


def _told_over(record: Record, oid: int, time: int) -> bool:
    return any(one.oid == oid and one.time <= time and one.ends for one in record.told)


def _lives_after(record: Record, oid: int, time: int, line: int) -> bool:
    """Return whether what was told shows that an order lived after a time."""
    fills = (one for one in record.fills if one.oid == oid and one.key in record.heard)
    if any(one.time > time for one in fills):
        return True
    true = {one.said for one in record.words}
    words = (one for one in record.told if one.oid == oid and one.said in true)
    if any(one.time > time for one in words):
        return True
    if any(oid in one.oids and one.asked > time + LAG for one in record.listings):
        return True
    cancels = (r for r in record.requests if r.line > line and r.items and "cancel" in r.kind)
    for request in cancels:
        for one, item in zip(request.action["cancels"], request.items or (), strict=False):
            if item == "success" and oid in (one.get("o"), _oid_named(record, one.get("cloid"))):
                return True
    return False


def _oid_named(record: Record, cloid: str | None) -> int | None:
    return next((one.oid for one in reversed(record.words) if cloid and one.cloid == cloid), None)


def _oid_of(item: object) -> int | None:
    if not isinstance(item, dict):
        return None
    told = item.get("resting") or item.get("filled")
    return told["oid"] if isinstance(told, dict) else None
