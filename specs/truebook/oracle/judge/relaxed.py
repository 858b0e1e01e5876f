"""What is declared, applied: runs that are not for a tracker, and deviations that are none."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal
from typing import Any

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.judge.deviation import EARLY, MISSING, Deviation, number_of
from truebook.oracle.protocol import Declared

EXACTNESS = "exactness"
_OVER = ("filled", "filled_during_cancel", "cancelled", "dead")
_ASKS = ("register", "cancel", "modify")
_ANSWERS = ("answer", "reject", "unknown", "cancel_answer", "modify_answer")


def why_not(case: Case, said: Declared) -> str:
    """Return which declaration rules a case out; nothing if none does."""
    if "requests-in-line" in said and _asks_while_it_awaits(case):
        return "requests-in-line"
    if "unique-trades" in said and _has_self_trade(case):
        return "unique-trades"
    return ""


def _asks_while_it_awaits(case: Case) -> bool:
    awaited = 0
    for step in case.steps:
        kind = step.event["type"]
        if kind in _ASKS:
            if awaited:
                return True
            awaited += step.repeat
        elif kind in _ANSWERS:
            awaited = 0
    return False


def _has_self_trade(case: Case) -> bool:
    oids: dict[str, str] = {}
    fills = (event for step in case.steps for event in step.events() if event["type"] == "fill")
    return any(oids.setdefault(event["tid"], event["oid"]) != event["oid"] for event in fills)


def relaxed(
    found: Iterable[Deviation], said: Declared, *, quiet: bool
) -> Iterator[tuple[Deviation | None, str]]:
    """Yield each deviation as it stands under what is declared, and which declaration changed it.

    None: it is none.
    """
    for one in found:
        yield _relaxed(one, said, quiet=quiet)


def _relaxed(one: Deviation, said: Declared, *, quiet: bool) -> tuple[Deviation | None, str]:
    if "floats" in said and one.amount is not None and _is_rounding(one, said.digits):
        rounded = attrs.evolve(one, part=EXACTNESS, way="rounded", promise="")
        return rounded, "floats"
    if "position-from-answers" in said and not quiet and _is_early(one):
        return None, "position-from-answers"
    if "terminal-not-shown" in said and _is_of_what_is_over(one):
        return None, "terminal-not-shown"
    one_word = "one-word-for-cancelled" in said and one.part == "orders.state"
    if one_word and {str(one.expected), str(one.shown)} == _CANCELLED:
        return None, "one-word-for-cancelled"
    return one, ""


_CANCELLED = {"cancelled", "cancel_confirmed"}


def _is_rounding(one: Deviation, digits: int) -> bool:
    wanted = number_of(one.part, one.expected)
    size = max(Decimal(1), abs(wanted) if wanted is not None else Decimal(1))
    return one.amount is not None and abs(one.amount) <= size.scaleb(1 - digits)


def _is_early(one: Deviation) -> bool:
    return one.part == "position" and one.way == EARLY


def _is_of_what_is_over(one: Deviation) -> bool:
    over = one.expected.get("state") in _OVER if isinstance(one.expected, dict) else False
    return one.part == "orders" and one.way == MISSING and over


def rounded(state: Any, digits: int) -> Any:
    """Return a state with its numbers rounded to so many digits."""
    if isinstance(state, dict):
        return {key: _value(key, value, digits) for key, value in state.items()}
    return state


def _value(key: str, value: Any, digits: int) -> Any:
    number = number_of(key, value)
    if number is not None:
        return format(Context(prec=digits).plus(number), "f")
    return rounded(value, digits)


def within_window(
    steps: Sequence[tuple[int, tuple[Deviation, ...]]], window: int
) -> list[tuple[Deviation, ...]]:
    """Return what is wrong after each step, without the cancels that come late within a window.

    `steps` are each step's time and what is wrong after it.
    """
    kept = [list(found) for _, found in steps]
    for number, (at, found) in enumerate(steps):
        for one in found:
            if one.part == "effects.cancels" and one.way == MISSING and not one.promise:
                later = _late(steps, number, at + window, one.about)
                if later is not None:
                    kept[number].remove(one)
                    kept[later[0]].remove(later[1])
    return [tuple(found) for found in kept]


def _late(
    steps: Sequence[tuple[int, tuple[Deviation, ...]]], number: int, until: int, id_: str
) -> tuple[int, Deviation] | None:
    for later, (at, found) in enumerate(steps[number + 1 :], number + 1):
        if at > until:
            return None
        for one in found:
            if one.part == "effects.cancels" and one.about == id_ and not one.promise:
                return (later, one) if one.way != MISSING else None
    return None
