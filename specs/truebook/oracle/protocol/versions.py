"""What protocol 2 has that protocol 1 lacks: the one place that says it.

A subject of protocol 1 is told events without these; what cannot be told without is not for it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

Event = Mapping[str, Any]

VERSION, BEFORE = "2", "1"
VERSIONS = (VERSION, BEFORE)
"""The protocols that are served, the newest first."""

ADDED: Mapping[str, tuple[str, ...]] = {
    "register": ("batch",),
    "answer": ("time", "batch"),
    "reject": ("time", "batch"),
    "fill": ("snapshot",),
    "status": ("word", "time", "batch"),
    "cancel": ("batch",),
    "cancel_answer": ("time", "batch"),
    "modify": ("batch",),
    "modify_answer": ("resting", "filled", "time", "batch"),
    "listing": ("time",),
    "rebase": ("orders",),
}
"""The fields of each event that are of protocol 2 alone."""
NEEDED = frozenset(
    {("modify_answer", "resting"), ("modify_answer", "filled"), ("rebase", "orders")}
)
"""Those of them without which an event says another thing: what tells them needs protocol 2."""
ADDED_TO_ABOUT = ("cannot",)
ADDED_FEATURES = ("start",)


def features_in(features: Iterable[str], version: str) -> tuple[str, ...]:
    """Return the features that a protocol has a word for."""
    beyond = () if version == VERSION else ADDED_FEATURES
    return tuple(feature for feature in features if feature not in beyond)


def fields_beyond(kind: str, version: str) -> Collection[str]:
    """Return the fields of an event that a protocol lacks."""
    return () if version == VERSION else ADDED.get(kind, ())


def as_told(event: Event, version: str) -> Event:
    """Return an event as a protocol tells it: without the fields that it lacks."""
    beyond = fields_beyond(event["type"], version)
    if not any(name in event for name in beyond):
        return event
    return {name: value for name, value in event.items() if name not in beyond}


def needs(events: Iterable[Event], version: str) -> list[str]:
    """Return what some events need that a protocol lacks, as `modify_answer.filled`."""
    lacks = {
        f"{event['type']}.{name}"
        for event in events
        for name in fields_beyond(event["type"], version)
        if name in event and (event["type"], name) in NEEDED
    }
    return sorted(lacks)
