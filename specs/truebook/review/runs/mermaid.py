"""A run as a Mermaid sequence diagram, for a pull request."""

from collections.abc import Iterator, Sequence

from truebook.review.runs.run import LANES, Changed, Row, Run
from truebook.specs.properties import Lane

_TO = {Lane.CLIENT: Lane.VENUE, Lane.WIRE: Lane.BOOK, Lane.BOOK: Lane.BOOK}
"""To whom an arrow goes, by who does what happens."""
_ENTITIES = str.maketrans({"#": "#35;", ";": "#59;"})


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
            said = any(row.in_lane(Lane.WIRE))  # the venue has something to say of it
            to = _TO.get(row.lane, Lane.WIRE if said else Lane.VENUE)
            yield f"    {row.lane}->>{to}: {_plain(row.words)}"
        for lane in LANES:
            changes = _listed(list(row.in_lane(lane)))
            if changes:
                yield f"    Note over {lane}: {changes}"


def _listed(changes: Sequence[Changed]) -> str:
    return "<br/>".join(_plain(f"{one.what}: {one.before} → {one.after}") for one in changes)


def _plain(text: str) -> str:
    """Return a text without what ends a line of Mermaid, or begins an entity."""
    return text.translate(_ENTITIES)
