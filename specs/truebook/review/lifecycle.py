"""The lifecycle table, as text and as a Mermaid state diagram."""

from collections.abc import Iterator
from typing import Any

from truebook.model.lifecycle import ROWS
from truebook.model.vocabulary import TERMINAL, Event, OrderState


def _words(value: OrderState | Event) -> str:
    return value.name.lower().replace("_", " ")


def lines() -> Iterator[str]:
    """Yield the table's lines: event, states, condition, state."""
    rows = [(_words(r.event), ", ".join(map(_words, r.states)), _words(r.target)) for r in ROWS]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    yield _row(("event", "from", "to"), widths, "if")
    for row, of in zip(rows, ROWS, strict=True):
        yield _row(row, widths, of.condition)


def _row(cells: tuple[str, str, str], widths: list[int], condition: str) -> str:
    padded = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"{padded}  {condition}"


def mermaid() -> Iterator[str]:
    """Yield the lines of a Mermaid state diagram."""
    yield "stateDiagram-v2"
    for state in OrderState:
        mark = " (terminal)" if state in TERMINAL else ""
        yield f'    state "{_words(state)}{mark}" as {state.name}'
    yield f"    [*] --> {OrderState.ABSENT.name}"
    for source in OrderState:
        for target in OrderState:
            events = [
                _words(row.event) for row in ROWS if source in row.states and row.target == target
            ]
            if events:
                label = " / ".join(dict.fromkeys(events))
                yield f"    {source.name} --> {target.name} : {label}"


def as_json() -> dict[str, Any]:
    """Return the table as an object."""
    return {
        "rows": [
            {
                "states": [_words(state) for state in row.states],
                "event": _words(row.event),
                "condition": row.condition,
                "target": _words(row.target),
            }
            for row in ROWS
        ]
    }
