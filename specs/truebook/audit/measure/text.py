"""A measure of an audit, for people: a table, and what is missed, false, or cannot be seen."""

from collections.abc import Iterator, Sequence

from truebook.audit.measure.tally import Row, Tally
from truebook.screen.layout import Block, Line, Table, line
from truebook.specs.words import counted, plain

HEAD = ("what went wrong", "happened", "no harm", "not visible", "visible", "found", "missed")
MOST = 20
"""So many of what is missed, and of false alarms, are shown."""


def blocks(tally: Tally) -> Iterator[Block]:
    """Yield a measure."""
    said = ", ".join(
        (
            counted(tally.recordings, "recording"),
            counted(tally.fills, "fill"),
            counted(tally.requests, "request"),
            counted(tally.findings, "finding"),
        )
    )
    whole = tally.all
    came = f"{whole.found:,} of {whole.visible:,} found, {counted(len(tally.false), 'false alarm')}"
    yield line(f"{said}; {came}", "good" if tally.is_right else "bad")
    yield line("")
    yield Table(HEAD, tuple(_cells(row) for row in (*tally.in_order(), whole)))
    if tally.unseen:
        yield line("")
        yield line("not visible, as")
        for why, count in sorted(tally.unseen.items(), key=lambda one: (-one[1], one[0])):
            yield Line(f"  {count:>5,}  ", plain(why))
    yield from _some("missed", tally.missed)
    yield from _some("false alarms", tally.false)


def _cells(row: Row) -> tuple[str, ...]:
    counts = (row.happened, row.harmless, row.unseen, row.visible, row.found, row.missed)
    return plain(row.name), *(f"{one:,}" for one in counts)


def _some(head: str, what: Sequence[str]) -> Iterator[Block]:
    if not what:
        return
    yield line("")
    yield line(head, "bad")
    for one in what[:MOST]:
        yield line(f"  {plain(one)}")
    if len(what) > MOST:
        yield line(f"  and {len(what) - MOST:,} more")
