"""The lifecycle table, as text and as a Mermaid state diagram."""

from collections.abc import Iterator
from typing import Any

from truebook.model.lifecycle import ROWS
from truebook.model.vocabulary import TERMINAL, Event, OrderState
from truebook.screen.layout import Block, Table


def _words(value: OrderState | Event) -> str:
    return value.name.lower().replace("_", " ")


def blocks() -> Iterator[Block]:
    """Yield the table: event, states, state, condition."""
    rows = tuple(
        (_words(row.event), ", ".join(map(_words, row.states)), _words(row.target), row.condition)
        for row in ROWS
    )
    yield Table(("event", "from", "to", "if"), rows)


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
