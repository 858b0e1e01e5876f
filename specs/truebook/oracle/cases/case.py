"""The acceptance cases as data: races that real systems got wrong, and what a correct book shows.

One JSON file a case, in `races/`; the file's name is its slug, which never changes. docs/cases.md
says how to read one. Every id, size, price and time is a text.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from truebook.model.rules import RULE_NAMES
from truebook.oracle.cases.events import EVENTS, EXPECTED_SHAPE, event_shape
from truebook.oracle.cases.shapes import (
    TEXT,
    WHOLE,
    Shape,
    fault,
    one_of,
    or_null,
    record,
    table_of,
)
from truebook.oracle.cases.truth import TRUTH_SHAPE, carried
from truebook.specs.properties import PROPERTY_NAMES

FOLDER = Path(__file__).parent / "races"

FEATURES = (
    "core",
    "cancel",
    "modify",
    "listing",
    "orphans",
    "position",
    "restart",
    "fill-times",
    "batch",
    "requests",
    "strangers",
    "corrections",
    "waiting",
    "start",
)
"""What a book may be able to do; a case names those that it requires.

`fill-times`: it knows fills by their venue time; `batch`: it takes several events in one step;
`requests`: it knows an answer by the request that it `answers`, which was given a `name`, and what
the error of a modify says of the `old` order; `strangers`: told to, it leaves the orders of others
in its market alone; `corrections`: it takes a `fee` of a fill, which is taken of what was received,
and fills that the venue reverses or corrects; `waiting`: it knows orders that wait for a trigger or
a parent, reduce-only and time in force; `start`: it begins with orders that are open already, and
with what of them is in the position that it takes over.
"""

SEVERITIES = ("critical", "high", "medium")
"""What it comes to in practice: money or limits lost, a wrong picture, a nuisance."""

TIMERS = (
    "orphan_grace_period",
    "expected_cloid_ttl",
    "finalized_protection",
    "fill_window_duration",
    "tombstone_duration",
    "cancel_timeout",
    "listing_timeout",
)
COUNTS = ("max_tracked_tids", "leave_strangers")
_DIGITS = 30
"""How long a whole number may be: times in nanoseconds have twenty."""


def _some(*names: str) -> Shape:
    """Return the shape of an object of whole numbers, any of which may be left out."""
    return record(dict.fromkeys(names, WHOLE), optional=names)


_CASE = record(
    {
        "format": TEXT,
        "slug": TEXT,
        "title": TEXT,
        "source": TEXT,
        "requires": {"type": "array", "items": one_of(*FEATURES)},
        "rule": one_of(*RULE_NAMES),
        "property": one_of(*PROPERTY_NAMES),
        "severity": one_of(*SEVERITIES),
        "config": _some(*TIMERS, *COUNTS),
        "steps": {"type": "array", "items": {}},
    },
    optional=("format", "source"),
)
_STEP = record(
    {
        "at": WHOLE,
        "event": table_of({}),
        "expect": EXPECTED_SHAPE,
        "truth": or_null(TRUTH_SHAPE),
        "repeat": WHOLE,
        "needs": one_of(*FEATURES),
    },
    optional=("expect", "truth", "repeat", "needs"),
)


class CaseError(ValueError):
    """A case that is not one: says in which file and step, and what is wrong."""


@attrs.frozen
class Step:
    """One event, told `repeat` times in a row, what the book then shows, and what is then true.

    `truth` is None where it is not known. `needs` is a feature that the case itself does not
    require: for a book that lacks it, the case ends before this step. In the texts of a repeated
    event `{n}` stands for 1, 2 and so on.
    """

    at: int
    event: Mapping[str, Any]
    expect: Mapping[str, Any]
    repeat: int = 1
    truth: Mapping[str, Any] | None = None
    needs: str = ""

    def events(self) -> Iterator[Mapping[str, Any]]:
        """Yield the event as often as it is told."""
        if self.repeat == 1:
            yield self.event
            return
        text = json.dumps(self.event)
        for n in range(1, self.repeat + 1):
            yield json.loads(text.replace("{n}", str(n)))


@attrs.frozen
class Case:
    """An acceptance case: what it is about, and its steps."""

    slug: str
    title: str
    source: str
    requires: tuple[str, ...]
    rule: str
    property: str
    severity: str
    config: Mapping[str, int]
    steps: tuple[Step, ...]


def kinds_of(case: Case) -> frozenset[str]:
    """Return the types of the events that a case tells."""
    return frozenset(step.event["type"] for step in case.steps)


@cache
def all_cases() -> tuple[Case, ...]:
    """Return every case, by slug."""
    return tuple(load(path) for path in sorted(FOLDER.glob("*.json")))


def load(path: Path) -> Case:
    """Return the case of a file; raise CaseError where it is not one, OSError where it is none."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CaseError(f"{path.name}: not JSON: {error}") from error
    return parse(data, path.stem)


def parse(data: Any, slug: str) -> Case:
    """Return the case that data describes; raise CaseError where it does not."""
    _check(_CASE, data, slug)
    _expect(data["slug"] == slug, slug, f"its slug is {data['slug']!r}, its file's name is not")
    _expect(bool(data["steps"]), slug, "it has no steps")
    steps: list[Step] = []
    last = 0
    for number, step in enumerate(data["steps"], 1):
        where = f"{slug}, step {number}"
        steps.append(_step(step, where, steps[-1].truth if steps else None))
        _expect(steps[-1].at >= last, where, f"time goes back from {last} to {steps[-1].at}")
        last = steps[-1].at
    _expect(any(step.expect for step in steps), slug, "it expects nothing")
    config = {name: _whole(value, slug) for name, value in data["config"].items()}
    return Case(
        slug=slug,
        title=data["title"],
        source=data.get("source", ""),
        requires=tuple(data["requires"]),
        rule=data["rule"],
        property=data["property"],
        severity=data["severity"],
        config=config,
        steps=tuple(steps),
    )


def _step(data: Any, where: str, before: Mapping[str, Any] | None) -> Step:
    _check(_STEP, data, where)
    event, kind = data["event"], data["event"].get("type")
    _expect(isinstance(kind, str) and kind in EVENTS, where, f"no event is of type {kind!r}")
    repeat = _whole(data.get("repeat", "1"), where)
    at, expect = _whole(data["at"], where), data.get("expect", {})
    truth = data["truth"] if "truth" in data else carried(before)
    step = Step(at, event, expect, repeat, truth, data.get("needs", ""))
    _expect(repeat > 0, where, "it is told no time at all: repeat is '0'")
    _check(event_shape(kind), next(iter(step.events())), where)
    return step


def _check(shape: Shape, data: Any, where: str) -> None:
    wrong = fault(shape, data)
    _expect(wrong is None, where, str(wrong))


def _whole(value: str, where: str) -> int:
    _expect(len(value) <= _DIGITS, where, f"{value[:_DIGITS]}… is too large a number")
    return int(value)


def _expect(holds: bool, where: str, what: str) -> None:
    if not holds:
        raise CaseError(f"{where}: {what}")
