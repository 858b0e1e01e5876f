"""A run as a Mermaid sequence diagram, for a pull request."""

from collections.abc import Iterator, Sequence

from truebook.review.runs.run import LANES, Changed, Row, Run
from truebook.specs.properties import Lane

_ENDS = {
    Lane.CLIENT: (Lane.CLIENT, Lane.VENUE),
    Lane.WIRE: (Lane.WIRE, Lane.BOOK),
    Lane.VENUE: (Lane.VENUE, Lane.WIRE),
    Lane.BOOK: (Lane.BOOK, Lane.BOOK),
}
"""From whom to whom an arrow goes, by who does what happens."""


def mermaid(run: Run) -> Iterator[str]:
    """Yield the lines of the diagram."""
    yield "sequenceDiagram"
    for lane in LANES:
        yield f"    participant {lane}"
    yield from _rows(run.rows)
    if run.settles:
        said = _listed([one for one in run.settles if not one.detail])
        yield f"    Note over client,venue: once quiet: {said or 'nothing else changes'}"
    if run.ways:
        first, second = run.ways
        yield f"    alt {first.words}"
        yield from _rows(first.rows)
        yield f"    else {second.words}"
        yield from _rows(second.rows)
        yield "    end"
    for one in run.differs:
        yield f"    Note over client,venue: {_plain(one)}"
    yield f"    Note over client,venue: BROKEN {run.property}: {_plain(run.broken)}"


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if row.lane is Lane.TIME:
            yield f"    Note over client,venue: {_plain(row.words)}"
        else:
            source, target = _ENDS[row.lane]
            yield f"    {source}->>{target}: {_plain(row.words)}"
        for lane in LANES:
            said = _listed(list(row.in_lane(lane)))
            if said:
                yield f"    Note over {lane}: {said}"


def _listed(changes: Sequence[Changed]) -> str:
    return "<br/>".join(_plain(f"{one.what}: {one.before} → {one.after}") for one in changes)


def _plain(text: str) -> str:
    """Return a text without what ends a line of Mermaid, or begins an entity."""
    return text.replace("#", "#35;").replace(";", "#59;") if ";" in text or "#" in text else text
