"""A run in the terminal: a table with a column for each lane."""

from collections.abc import Iterator, Sequence

from truebook.review.runs.run import LANES, Changed, Row, Run
from truebook.screen.layout import Block, Line, Table, line
from truebook.specs.properties import Lane

HEAD = ("", *map(str, LANES))


def blocks(run: Run) -> Iterator[Block]:
    """Yield what is broken, the rows, and what they come to."""
    yield line(f"{run.of}: {run.property}", "title")
    yield Line("  it is to hold: ", run.sentence)
    yield Line("  broken: ", f"{run.broken} (scenario '{run.scenario}')", style="bad")
    yield line("")
    yield Table(HEAD, tuple(_rows(run.rows, 1)), indent=2)
    if run.settles:
        yield line("")
        yield Line("  and once quiet: ", tuple(_said(one) for one in run.settles if not one.detail))
    for way in run.ways:
        yield line("")
        yield line(f"  and then, {way.words}:")
        yield Table(HEAD, tuple(_rows(way.rows, len(run.rows) + 1)), indent=2)
    if run.differs:
        yield line("")
        yield Line("  they differ: ", run.differs, style="bad")


def _rows(rows: Sequence[Row], first: int) -> Iterator[tuple[str, ...]]:
    """Yield a row each: what happens in the lane of who does it, what it changes in all."""
    for number, row in enumerate(rows, first):
        did = Lane.CLIENT if row.lane is Lane.TIME else row.lane
        cells = ((row.words if lane is did else "", *_changes(row, lane)) for lane in LANES)
        yield (str(number), *("; ".join(filter(None, cell)) for cell in cells))


def _changes(row: Row, lane: Lane) -> Iterator[str]:
    return map(_said, row.in_lane(lane))


def _said(change: Changed) -> str:
    return f"{change.what}: {change.before} → {change.after}"
