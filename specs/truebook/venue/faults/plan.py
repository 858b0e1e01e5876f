"""Plans: the faults of a run, drawn from rates by a seed, or written down."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any, Final

import attrs

from truebook.venue.faults.fault import CAN, LASTS, LISTINGS, REQUESTS, STREAMED, Do, Fault

HORIZON: Final = 200
"""Faults are drawn for so many messages of each kind."""
SHORT, LONG = 0.05, 3.0
"""What takes a while takes so many seconds."""
_RARE: Final = {Do.CUT: 0.1, Do.CUT_CLEANLY: 0.1, Do.LIED: 0.0}
"""How much rarer than the rate says: of a cut, what is not sent meanwhile is lost beside it."""


_KEYS: Final = tuple(one.name for one in attrs.fields(Fault))
_NEEDED: Final = ("message", "nth", "do")


@attrs.frozen
class Plan:
    """The faults of a run."""

    faults: tuple[Fault, ...] = ()

    def without(self, some: Sequence[Fault]) -> "Plan":
        """Return the plan without some of its faults."""
        return Plan(tuple(one for one in self.faults if one not in some))


TRUTHFUL: Final = Plan()
"""Nothing goes wrong."""


def drawn(seed: int, rate: float, *, lies: float = 0.0) -> Plan:
    """Return the plan of a seed, in which a message has a fault as often as the rate says.

    `rate` is from 0 to 1; `lies` is how often a status is a false word.
    """
    chance = Random(seed)
    faults = []
    for message in (*STREAMED, *REQUESTS, *LISTINGS, "orderStatus", "clearinghouseState"):
        for nth in range(1, HORIZON + 1):
            do = chance.choice([one for one in CAN[message] if one is not Do.HELD])
            often = lies if do is Do.LIED else rate * _RARE.get(do, 1.0)
            if chance.random() < often:
                seconds = round(chance.uniform(SHORT, LONG), 2) if do in LASTS else 0.0
                faults.append(Fault(message=message, nth=nth, do=do, seconds=seconds))
    return Plan(tuple(faults))


def to_json(plan: Plan) -> str:
    """Return a plan as JSON, one fault a line."""
    rows = (
        json.dumps(attrs.asdict(one, filter=lambda a, v: a.name != "seconds" or v != 0))
        for one in plan.faults
    )
    return "[\n" + ",\n".join(rows) + "\n]\n" if plan.faults else "[]\n"


def from_json(text: str) -> Plan:
    """Return a plan that was written down; ValueError says which fault of it is wrong, and how."""
    try:
        rows = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply to be a plan") from None
    if not isinstance(rows, list):
        raise ValueError("a plan is a list of faults")
    faults = tuple(_fault(number, row) for number, row in enumerate(rows, 1))
    of = [(one.message, one.nth) for one in faults]
    for number, one in enumerate(of, 1):
        if one in of[: number - 1]:
            raise ValueError(f"fault {number} of the plan: {one[0]} {one[1]} has one already")
    return Plan(faults)


def lines_of(text: str) -> list[int]:
    """Return of each fault of a plan that can be read the line on which it begins, from 1."""
    lines, at = list[int](), text.index("[") + 1
    while not (rest := text[at:].lstrip(", \t\r\n")).startswith("]"):
        start = len(text) - len(rest)
        lines.append(text.count("\n", 0, start) + 1)
        _, at = json.JSONDecoder().raw_decode(text, start)
    return lines


def _fault(number: int, row: Any) -> Fault:
    try:
        if not isinstance(row, dict):
            raise ValueError(f"it is an object, not {row!r:.40}")
        for key in row:
            if key not in _KEYS:
                raise ValueError(f"it has no {key!r:.40}: {', '.join(_KEYS)} alone")
        for key in _NEEDED:
            if key not in row:
                raise ValueError(f"it lacks {key!r}: {', '.join(_NEEDED)} are needed")
        return Fault(**row)
    except ValueError as error:
        raise ValueError(f"fault {number} of the plan: {error}") from error
