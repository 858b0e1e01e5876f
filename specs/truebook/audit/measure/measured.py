"""One recording, audited and held against the truth in it: what is found, missed, and false."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

import attrs

from truebook.audit.auditor import Auditor
from truebook.audit.finding import Finding, Kind
from truebook.audit.measure.bots import LEFT, LIMIT, of_the_bot
from truebook.audit.measure.defect import Defect, named
from truebook.audit.measure.false_words import false_words
from truebook.audit.measure.record import Record
from truebook.audit.measure.requests import LIVES_ON, untold_ends, untold_outcomes
from truebook.audit.measure.untold_fills import lacks_fills, untold_fills
from truebook.audit.reading import read

BY_REQUESTS: Final = frozenset((Kind.FATE, Kind.TWICE, Kind.LOOP, Kind.STRANGER))
NO_MARKETS: Final = "no `meta` names the markets of requests"


@attrs.frozen(kw_only=True)
class Measured:
    """What a recording has: its faults by name, its defects, and the findings of its audit."""

    name: str
    faults: tuple[tuple[int, str], ...]
    defects: tuple[Defect, ...]
    missed: tuple[Defect, ...]
    findings: int
    false: tuple[Finding, ...]
    fills: int
    requests: int


def measured(
    path: Path, *, name: str = "", limit: Decimal | None = None, ended: bool = False
) -> Measured:
    """Audit a recording that has the truth beside it, and hold the audit against that."""
    record = Record.read(path)
    defects = tuple(defects_of(record, limit, ended=ended))
    auditor = Auditor(limit=limit, ended=ended)
    for seen in read(path, name=name or path.name):
        auditor.take(seen)
    auditor.finish()
    findings = auditor.findings()
    return Measured(
        name=name or path.name,
        faults=tuple((one.line, one.name) for one in record.wrong),
        defects=defects,
        missed=tuple(one for one in defects if one.is_visible and not one.is_found(findings)),
        findings=len(findings),
        false=tuple(one for one in findings if not is_borne_out(one, record, defects)),
        fills=len(record.fills),
        requests=len(record.requests),
    )


def defects_of(record: Record, limit: Decimal | None, *, ended: bool) -> Iterator[Defect]:
    """Yield what is wrong in a recording, in truth."""
    for defect in _defects(record, limit, ended=ended):
        named = any(one.kind not in BY_REQUESTS for one in defect.expected)
        if defect.is_visible and not named and not record.coins:
            yield attrs.evolve(defect, expected=(), why=NO_MARKETS)
        else:
            yield defect


def _defects(record: Record, limit: Decimal | None, *, ended: bool) -> Iterator[Defect]:
    yield from untold_fills(record)
    yield from false_words(record)
    yield from untold_outcomes(record)
    yield from untold_ends(record)
    yield from of_the_bot(record, limit, ended=ended)


def is_borne_out(finding: Finding, record: Record, defects: tuple[Defect, ...]) -> bool:
    """Return whether the truth is as a finding says."""
    names = named(finding)
    match finding.kind:
        case Kind.MISSING if finding.until is not None:
            return _lacks_between(finding, record)
        case Kind.MISSING if not names:
            return any(one.is_met(finding) for defect in defects for one in defect.expected)
        case Kind.MISSING:
            return any(lacks_fills(record, int(one)) for one in names if one.isdecimal())
        case Kind.POSITION:
            return any(
                one.coin == finding.market and one.key not in record.heard for one in record.fills
            )
        case Kind.ORDERS:
            true = {one.said for one in record.words}
            false = {one.oid for one in record.told if one.said not in true}
            known = {
                str(one)
                for word in record.words
                for one in (word.cloid, word.oid)
                if word.oid in false
            }
            known |= _of_cloids_sent_twice(record)
            return not names.isdisjoint(known) or any(
                one.is_met(finding) for defect in defects for one in defect.expected
            )
        case Kind.LIMIT:
            return any(one.cause == LIMIT and finding.market in one.what for one in defects)
        case Kind.FATE if ended_words(finding):
            over = any(
                one.why == LIVES_ON and not names.isdisjoint(one.what.split()) for one in defects
            )
            return over or any(one.cause == LEFT and one.what in names for one in defects)
        case _:
            return any(one.is_met(finding) for defect in defects for one in defect.expected)


def _of_cloids_sent_twice(record: Record) -> set[str]:
    """Return the oids and cloids of orders whose cloid was sent with several orders."""
    sent = Counter(
        order.get("c")
        for request in record.requests
        if request.kind == "order"
        for order in request.action["orders"]
    )
    again = {cloid for cloid, count in sent.items() if cloid and count > 1}
    return {
        str(name) for one in record.words if one.cloid in again for name in (one.oid, one.cloid)
    }


def ended_words(finding: Finding) -> bool:
    """Return whether a finding is of an order that is open at the end."""
    return finding.words.endswith("the bot has ended")


def _lacks_between(finding: Finding, record: Record) -> bool:
    """Return whether fills that were never told lie between those of two lines."""
    assert finding.until is not None
    times: list[int] = []
    for line in (finding.place.line, finding.until.line):
        here = [
            one.time
            for one in record.fills
            if one.coin == finding.market and line in record.heard.get(one.key, ())
        ]
        if not here:
            return False
        times += here
    return any(
        one.coin == finding.market
        and one.key not in record.heard
        and min(times) <= one.time <= max(times)
        for one in record.fills
    )
