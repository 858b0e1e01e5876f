"""The acceptance cases as data: races that real systems got wrong, and what a correct book shows.

One JSON file a case, in `cases/`; the file's name is its slug, which never changes. docs/cases.md
says how to read one. Every id, size, price and time is a text.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from truebook.model.rules import RULE_NAMES
from truebook.model.vocabulary import OrderState
from truebook.specs.properties import PROPERTY_NAMES

FOLDER = Path(__file__).parent / "cases"

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
)
"""What a book may be able to do; a case names those that it requires.

`fill-times`: it knows fills by their venue time; `batch`: it takes several events in one step.
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
COUNTS = ("max_tracked_tids",)

# What an event of each type must and may tell; a trailing * marks what may be left out.
EVENTS: dict[str, str] = {
    "register": "cloid side price size",
    "answer": "cloid oid side price resting* filled*",
    "reject": "cloid reason* oid*",
    "unknown": "cloid reason*",
    "fill": "oid tid side size price time cloid* crossed*",
    "status": "oid status cloid* filled* reason*",
    "status_unknown": "id request*",
    "cancel": "id",
    "cancel_answer": "id outcome reason*",
    "modify": "id price size",
    "modify_answer": "cloid outcome oid* reason*",
    "listing_requested": "request",
    "listing": "orders request* scope*",
    "listing_failed": "request*",
    "position": "position as_of*",
    "rebase": "position as_of",
    "tick": "",
    "restart": "",
}
LISTED = "oid cloid* side* price* size* remaining*"
WORDS = {
    "side": ("buy", "sell"),
    "status": ("open", "filled", "cancelled", "rejected"),
    "cancel_answer.outcome": ("confirmed", "not_open", "rejected", "timed_out"),
    "modify_answer.outcome": ("confirmed", "failed", "unknown"),
    "crossed": ("true", "false"),
}
NUMBERS = ("price", "size", "resting", "filled", "remaining", "position")
TIMES = ("time", "as_of")

SHOWN = (
    "position",
    "expected_position",
    "orders",
    "open",
    "pending",
    "exposure",
    "unsettled",
    "orphans",
    "stuck",
    "effects",
)
"""What a step may expect of the state."""
EFFECTS = ("cancels", "statuses", "reports")
"""What a step may expect to have been asked for, or reported."""
ORDER = ("cloid", "oid", "side", "price", "size", "filled", "remaining", "state", "reason")
"""What a step may expect of one order."""


class CaseError(ValueError):
    """A case that is not one: says in which file and step, and what is wrong."""


@attrs.frozen
class Step:
    """One event, told `repeat` times in a row, and what the book then shows.

    In the texts of a repeated event `{n}` stands for 1, 2 and so on.
    """

    at: int
    event: Mapping[str, Any]
    expect: Mapping[str, Any]
    repeat: int = 1

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


@cache
def all_cases() -> tuple[Case, ...]:
    """Return every case, by slug."""
    return tuple(load(path) for path in sorted(FOLDER.glob("*.json")))


def load(path: Path) -> Case:
    """Return the case of a file; raise CaseError where it is not one."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise CaseError(f"{path.name}: not JSON: {error}") from error
    return parse(data, path.stem)


def parse(data: Any, slug: str) -> Case:
    """Return the case that data describes; raise CaseError where it does not."""
    fields = "format* slug title source* requires rule property severity config steps"
    _check_keys(data, fields, slug)
    _expect(data["slug"] == slug, slug, f"its slug is {data['slug']!r}, its file's name is not")
    for name, known in (
        ("rule", RULE_NAMES),
        ("property", PROPERTY_NAMES),
        ("severity", SEVERITIES),
    ):
        _expect(data[name] in known, slug, f"no {name} is called {data[name]!r}")
    for feature in data["requires"]:
        _expect(feature in FEATURES, slug, f"no feature is called {feature!r}")
    _check_keys(data["config"], " ".join(f"{name}*" for name in (*TIMERS, *COUNTS)), slug)
    _expect(bool(data["steps"]), slug, "it has no steps")
    steps = []
    last = 0
    for number, step in enumerate(data["steps"], 1):
        where = f"{slug}, step {number}"
        steps.append(_step(step, where))
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


def _step(data: Any, where: str) -> Step:
    _check_keys(data, "at event expect* repeat*", where)
    event, expect = data["event"], data.get("expect", {})
    kind = event.get("type")
    _expect(kind in EVENTS, where, f"no event is of type {kind!r}")
    _check_keys(event, f"type {EVENTS[kind]}", where)
    _check_values(event, kind, where)
    for order in event.get("orders", ()):
        _check_keys(order, LISTED, where)
        _check_values(order, kind, where)
    _check_expect(expect, where)
    return Step(_whole(data["at"], where), event, expect, _whole(data.get("repeat", "1"), where))


def _check_expect(expect: Any, where: str) -> None:
    _check_keys(expect, " ".join(f"{name}*" for name in SHOWN), where)
    _check_keys(expect.get("effects", {}), " ".join(f"{name}*" for name in EFFECTS), where)
    states = [state.name.lower() for state in OrderState]
    for id_, order in expect.get("orders", {}).items():
        if order is None:
            continue
        _check_keys(order, " ".join(f"{name}*" for name in ORDER), f"{where}, order {id_}")
        state = order.get("state", "pending")
        _expect(state in states, where, f"no state is called {state!r}")
    for name in ("exposure", "unsettled"):
        _check_keys(expect.get(name, {}), "buy* sell*", where)


def _check_keys(data: Any, spec: str, where: str) -> None:
    """Refuse a key that is missing or that no reader would look at."""
    _expect(isinstance(data, dict), where, f"must be an object, not {data!r}")
    words = spec.split()
    known = {word.rstrip("*") for word in words}
    for word in words:
        _expect(word.endswith("*") or word in data, where, f"{word!r} is missing")
    for key in data:
        _expect(key in known, where, f"{key!r} is not one of {', '.join(sorted(known))}")


def _check_values(data: Mapping[str, Any], kind: str, where: str) -> None:
    for key, value in data.items():
        if key == "orders":
            continue
        allowed_none = (kind, key) in (("answer", "oid"), ("status", "oid"))
        if value is None and allowed_none:
            continue
        _expect(isinstance(value, str), where, f"{key} must be a text, not {value!r}")
        words = WORDS.get(f"{kind}.{key}", WORDS.get(key))
        if words is not None:
            _expect(value in words, where, f"{key} is {value!r}, not one of {', '.join(words)}")
        if key in NUMBERS:
            _number(value, where)
        elif key in TIMES and "{n}" not in value:
            _whole(value, where)


def _number(value: str, where: str) -> None:
    try:
        Decimal(value)
    except InvalidOperation:
        raise CaseError(f"{where}: {value!r} is not a number") from None


def _whole(value: Any, where: str) -> int:
    _expect(isinstance(value, str) and value.isdecimal(), where, f"{value!r} is no whole number")
    return int(value)


def _expect(holds: bool, where: str, what: str) -> None:
    if not holds:
        raise CaseError(f"{where}: {what}")
