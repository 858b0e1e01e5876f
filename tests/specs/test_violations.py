"""What the plan and the legacy tracker break, and in how few steps, pinned in violations.json.

`lengths` has the shortest trace's length of each property that a scenario breaks; `traces` has
the actions of a few famous ones. A change of the model or of a property changes them: look whether
it should, then run `python tests/specs/test_violations.py`, which writes the file afresh.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from truebook.model.designs import LEGACY, PLAN, Design
from truebook.specs.check import Task, run
from truebook.specs.scenarios import Scenario, default_scenarios
from truebook.specs.trace import Trace

GOLDEN = Path(__file__).with_name("violations.json")
REGENERATE = "if that is meant, run `python tests/specs/test_violations.py`"
SHIPPED = [
    (design, scenario) for design in (PLAN, LEGACY) for scenario in default_scenarios(design)
]
FAMOUS = {
    ("plan", "order"): (
        "position-is-unique-fills",
        "no-fill-twice",
        "filled-is-its-fills",
        "state-agrees-with-fills",
        "no-live-order-dropped",
        "exposure-bounds-truth",
        "exposure-is-tight",
        "nothing-leaks",
        "convergence",
    ),
    ("plan", "late answers"): ("no-false-orphan", "tracked-or-in-grace"),
    ("plan", "modify"): ("identity",),
    ("plan", "foreign"): ("orphan-cancelled-once", "no-false-orphan"),
    ("plan", "fills"): ("replay-harmless",),
    ("plan", "self-trade"): ("position-is-unique-fills",),
    ("plan", "rebase"): ("no-fill-twice",),
    ("legacy", "order"): ("tracked-or-in-grace", "no-live-order-dropped"),
}


def broken(design: Design, scenario: Scenario) -> dict[str, Trace]:
    outcome = run(Task(design.name, scenario))
    assert outcome.found is not None
    found: dict[str, Trace] = {}
    for number, trace in outcome.found.violations.items():
        name = outcome.checks[number].property
        if name not in found or len(trace) < len(found[name]):
            found[name] = trace
    return found


def lengths(found: dict[str, Trace]) -> dict[str, int]:
    return {name: len(trace) for name, trace in found.items()}


def traces(design: Design, scenario: Scenario, found: dict[str, Trace]) -> dict[str, str]:
    return {
        name: " ".join(step.action for step in found[name].steps)
        for name in FAMOUS.get((design.name, scenario.name), ())
    }


def golden() -> dict[str, Any]:
    pinned: dict[str, Any] = json.loads(GOLDEN.read_text("utf-8"))
    return pinned


@pytest.mark.parametrize(("design", "scenario"), SHIPPED, ids=lambda value: value.name)
def test_violations_are_as_pinned(design: Design, scenario: Scenario) -> None:
    found = broken(design, scenario)
    where = f"{design.name}, {scenario.name}"
    assert lengths(found) == golden()["lengths"].get(where), REGENERATE
    assert traces(design, scenario, found) == golden()["traces"].get(where, {}), REGENERATE


def test_nothing_else_is_pinned() -> None:
    shipped = [f"{design.name}, {scenario.name}" for design, scenario in SHIPPED]
    famous = [f"{design}, {scenario}" for design, scenario in FAMOUS]
    assert list(golden()["lengths"]) == shipped, REGENERATE
    assert sorted(golden()["traces"]) == sorted(famous), REGENERATE


def regenerate() -> None:
    found: dict[str, Any] = {"lengths": {}, "traces": {}}
    for design, scenario in SHIPPED:
        where = f"{design.name}, {scenario.name}"
        of_scenario = broken(design, scenario)
        found["lengths"][where] = lengths(of_scenario)
        if named := traces(design, scenario, of_scenario):
            found["traces"][where] = named
    GOLDEN.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    regenerate()
