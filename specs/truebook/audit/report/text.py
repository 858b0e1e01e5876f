"""What came of an audit, for people: the verdict, each promise, what was found, where it ended."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from truebook.audit.finding import SAYS, Finding, Held, Kind
from truebook.audit.report.summary import Summary
from truebook.screen.layout import Block, Line, Table, line
from truebook.specs.words import counted, plain

MOST = 20
"""Findings of a kind that are shown, but for `--all`."""
_STYLES = {Held.HELD: "good", Held.BROKEN: "bad", Held.INCONCLUSIVE: "plain"}


def blocks(summary: Summary, *, whole: bool = False) -> Iterator[Block]:
    """Yield an audit; `whole`: every finding, however many there are of a kind."""
    broken = summary.broken
    yield line(_head(summary), "bad" if broken else "good")
    yield line("")
    for verdict in summary.verdicts:
        why = f": {verdict.why}" if verdict.why else ""
        words = f"{verdict.held}{why}"
        yield Line(f"  {verdict.promise:<26}", words, style=_STYLES[verdict.held])
    yield from _findings(summary.findings, whole=whole)
    yield from _markets(summary)
    yield from _orders(summary)
    if summary.notes:
        yield line("")
    for note in summary.notes:
        yield line(plain(note))


def _head(summary: Summary) -> str:
    files = counted(len(summary.files), "file")
    fills = counted(sum(one.fills for one in summary.markets), "fill")
    orders = counted(summary.orders, "order")
    said = f"{files}: {fills}, {orders}, {counted(summary.requests, 'request')}"
    if summary.broken:
        return f"{said}; {counted(len(summary.broken), 'finding')}"
    return f"{said}; nothing broken that these files can show"


def _findings(findings: Sequence[Finding], *, whole: bool) -> Iterator[Block]:
    for kind in Kind:
        found = [one for one in findings if one.kind is kind]
        if not found:
            continue
        yield line("")
        yield line(f"{kind}: {SAYS[kind]}", "bad" if found[0].breaks else "plain")
        for one in found if whole else found[:MOST]:
            yield Line(f"  {where(one)}  ", plain(of(one)))
        if not whole and len(found) > MOST:
            yield line(f"  and {len(found) - MOST:,} more (--all shows them)")


def where(one: Finding) -> str:
    """Return the lines of a finding."""
    if one.until is None:
        return str(one.place)
    if one.until.file == one.place.file:
        return f"{one.place} to {str(one.until).removeprefix(one.until.file)[1:]}"
    return f"{one.place} to {one.until}"


def of(one: Finding) -> str:
    """Return a finding in words, with its market."""
    return f"{one.market}: {one.words}" if one.market else one.words


def _markets(summary: Summary) -> Iterator[Block]:
    if not summary.markets:
        return
    several = len({one.user for one in summary.markets}) > 1
    head = ("market", "fills", "told again", "net", "position")
    rows = tuple(
        (
            plain(f"{one.user[:8]} {one.market}" if several else one.market),
            f"{one.fills:,}",
            f"{one.told_again:,}",
            _signed(one.net),
            f"{_shown(one.start)} → {_shown(one.end)}",
        )
        for one in summary.markets
    )
    yield line("")
    yield Table(head, rows)
    for one in summary.markets:
        if one.note:
            yield Line(f"{plain(one.market)}: ", plain(one.note))


def _orders(summary: Summary) -> Iterator[Block]:
    if summary.open:
        yield line("")
        rows = tuple(
            (plain(o.market), plain(o.id), o.side, f"{o.size:f}", f"{o.filled:f}", plain(o.state))
            for o in summary.open[:MOST]
        )
        yield Table(("open at the end", "order", "side", "size", "filled", "state"), rows)
        if len(summary.open) > MOST:
            yield line(f"and {len(summary.open) - MOST:,} more")
    if summary.walked:
        yield line("")
        yield Line("orders went: ", tuple(f"{name} {n:,}" for name, n in summary.walked.items()))


def _signed(value: Decimal) -> str:
    return f"{value:+f}" if value else "0"


def _shown(value: Decimal | None) -> str:
    return "?" if value is None else f"{value:f}"
