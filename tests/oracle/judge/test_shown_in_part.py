"""What a subject does not show breaks nothing; and what it shows is judged all the same."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from truebook.oracle.cases import SHOWN, Case
from truebook.oracle.cases.truth import truth_of
from truebook.oracle.judge.asked import Asked
from truebook.oracle.judge.case_run import Judge
from truebook.oracle.judge.look import Look
from truebook.oracle.judge.promises import broken
from truebook.oracle.reference.driving import Driver
from truebook.oracle.vectors.shipped import all_vectors

PARTS: tuple[tuple[str, ...], ...] = (
    SHOWN,
    ("position",),
    ("open", "pending"),
    ("open", "pending", "orphans", "position"),
    ("exposure",),
    ("position", "exposure", "unsettled"),
    tuple(part for part in SHOWN if part != "unsettled"),
    ("orders.state",),
    ("orders.filled", "orders.state"),
    ("orders.filled", "orders.oid"),
    ("effects.cancels",),
)


def found_in(case: Case) -> Iterator[str]:
    """Yield what breaks a promise where the reference shows some parts of its state alone."""
    driver = Driver.of(case)
    judges = [Judge(case, parts) for parts in PARTS]
    for step in case.steps:
        shown, events = driver.take(step), tuple(step.events())
        for judge in judges:
            judge.note(step, events, shown)
    for judge in judges:
        for number, wrong in enumerate(judge.ended(), 1):
            for one in wrong:
                yield f"{case.slug}, step {number}, showing {judge.shows}: {one.promise} {one}"


def test_the_reference_breaks_no_promise_whatever_it_shows_of_itself() -> None:
    assert [line for case in all_vectors() for line in found_in(case)] == []


OPEN = {"cloid": "c1", "side": "buy", "stands": "open", "left": "2", "told": "open", "fills": "1"}
TICK = {"type": "tick"}


def broken_by(
    shown: Mapping[str, Any],
    requires: tuple[str, ...],
    orders: Mapping[str, Any],
    *,
    modified: bool = False,
) -> list[str]:
    truth, parts = truth_of({"orders": orders}), tuple(shown)
    look = Look(shown, {}, truth, TICK, False, parts, modified, requires)
    return [one.promise for one in broken(look)]


@pytest.mark.parametrize(
    ("shown", "requires", "expected"),
    [
        ({"open": [], "pending": []}, ("core",), ["no-live-order-dropped"]),
        ({"open": [], "pending": []}, ("core", "waiting"), []),
        ({"orders": {"101": {"state": "cancelled"}}}, ("waiting",), ["no-live-order-dropped"]),
        ({"orders": {"101": {"state": "waiting"}}}, ("waiting",), []),
        ({"open": []}, ("core",), []),
    ],
)
def test_an_order_is_dropped_where_every_place_for_it_is_shown(
    shown: Mapping[str, Any], requires: tuple[str, ...], expected: list[str]
) -> None:
    assert broken_by(shown, requires, {"101": OPEN}) == expected


@pytest.mark.parametrize(
    ("shown", "modified", "expected"),
    [
        ({"filled": "0"}, False, ["filled-is-its-fills"]),
        ({"filled": "0"}, True, []),
        ({"filled": "0", "oid": "101"}, True, ["filled-is-its-fills"]),
        ({"filled": "0", "oid": "102"}, True, []),
        ({"filled": "0", "oid": None}, True, []),
    ],
)
def test_what_an_order_has_filled_is_judged_where_it_is_of_that_order(
    shown: Mapping[str, Any], modified: bool, expected: list[str]
) -> None:
    order = {**OPEN, "executed": "1"}
    state = {"orders": {"101": {**shown, "state": "resting"}}}
    found = broken_by(state, ("core", "modify"), {"101": order}, modified=modified)
    assert found == expected


@pytest.mark.parametrize(
    ("wanted", "times", "expected"),
    [
        (None, 1, []),
        ([], 1, ["no-false-orphan"]),
        (["900"], 1, []),
        (None, 2, ["orphan-cancelled-once"]),
    ],
)
def test_the_cancel_of_an_orphan_is_early_only_where_a_step_expects_none(
    wanted: list[str] | None, times: int, expected: list[str]
) -> None:
    other = {"side": "sell", "stands": "open", "left": "3", "told": "open", "of_others": "true"}
    truth, asked = truth_of({"orders": {"900": other}}), Asked(left=False)
    found = [one for _ in range(times) for one in asked.broken(["900"], wanted, truth)]
    assert [one.promise for one in found] == expected
