"""A bot's own log, in the events of the oracle: steps, and the states that answer them.

docs/protocol.md has the lines as they are said, docs/cases.md the steps of a case.
"""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import attrs

from truebook.audit.reading.shapes import LIST, NOTHING, PLAIN, Line
from truebook.audit.seen import BotEvent, BotShown, Damaged, PassedOver, Place, Seen

_TIMES = frozenset(map(str, range(1, 20_001)))
"""How often a step may be told."""
TALK = ("hello", "about", "unsupported", "error")
"""What is said around the steps."""


def is_of(line: Line) -> bool:
    """Return whether a line is of such a log."""
    if line.event is not NOTHING or line.events is not NOTHING or line.steps is not NOTHING:
        return True
    return _plain(line.type) in (*TALK, "reset", "state")


def read(place: Place, line: Line) -> Iterator[Seen]:
    """Yield what a line of it says."""
    if line.steps is not NOTHING:  # a case, whole
        steps = LIST(bytes(line.steps))
        yield BotEvent(place=place, event=None, config=_config(line))
        for item, raw in enumerate(steps, 1):
            yield from _step(attrs.evolve(place, item=item), PLAIN(bytes(raw)))
    elif line.event is not NOTHING or line.events is not NOTHING:
        told = {"at": _plain(line.at), "event": _plain(line.event), "events": _plain(line.events)}
        yield from _step(place, {name: one for name, one in told.items() if one is not None})
    elif _plain(line.type) == "reset":
        yield BotEvent(place=place, event=None, config=_config(line))
    elif line.position is NOTHING:
        yield PassedOver(place=place, what=str(_plain(line.type)))
    else:
        yield _shown(place, _plain(line.position))


def _step(place: Place, step: Any) -> Iterator[Seen]:
    """Yield the events of a step; one that is none is said, and the others count."""
    if not isinstance(step, dict):
        raise ValueError("a step is no object")
    at = step.get("at", "0")
    if not (isinstance(at, str) and at.isascii() and at.isdigit() and len(at) < 20):
        raise ValueError(f"a step at {at!r}, which is no time as a text")
    events = step["events"] if "events" in step else [step.get("event")]
    for event in _each_time(events if isinstance(events, list) else [events], step):
        if isinstance(event, dict):
            yield BotEvent(place=place, event=event, at=int(at))
        else:
            yield Damaged(place=place, what="an event", why="it is no object")


def _each_time(events: list[Any], step: dict[str, Any]) -> Iterator[Any]:
    """Yield events as often as a step of a case has them told."""
    times = step.get("repeat", "1")
    if times == "1":
        yield from events
        return
    if not isinstance(times, str) or times not in _TIMES:
        raise ValueError(f"a step that is told {times!r} times")
    text = json.dumps(events)
    for n in range(1, int(times) + 1):
        yield from json.loads(text.replace("{n}", str(n)))


def _shown(place: Place, text: Any) -> Seen:
    try:
        position = Decimal(text) if isinstance(text, str) else Decimal("NaN")
    except InvalidOperation:
        position = Decimal("NaN")
    if position.is_finite():
        return BotShown(place=place, position=position)
    return Damaged(place=place, what="a state", why=f"a position of {text!r}")


def _config(line: Line) -> dict[str, Any]:
    told = _plain(line.config)
    return told if isinstance(told, dict) else {}


def _plain(raw: Any) -> Any:
    return None if raw is NOTHING else PLAIN(bytes(raw))
