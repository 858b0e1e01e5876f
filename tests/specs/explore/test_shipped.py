"""The counts of every shipped scenario, pinned in counts.json; and what each design breaks.

`counts.json` has the states, transitions and depth. `violations.json` is of the plan and the legacy
tracker: `lengths` has the shortest trace's length of each property that a scenario breaks, `traces`
the actions of a few famous ones. A change of the model or of a property changes them: look whether
it should, then run `python tests/specs/explore/test_shipped.py`, which writes both files afresh.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from truebook.model.designs import DESIGNS, LEGACY, PLAN, REFERENCE, Design
from truebook.specs.explore.designs import Outcome, Task, run
from truebook.specs.properties.trace import Trace
from truebook.specs.scenarios import Scenario, default_scenarios

COUNTS = Path(__file__).with_name("counts.json")
VIOLATIONS = Path(__file__).with_name("violations.json")
REGENERATE = "if that is meant, run `python tests/specs/explore/test_shipped.py`"
SHIPPED = [(design, scenario) for design in DESIGNS for scenario in default_scenarios(design)]
BROKEN = [(design, scenario) for design, scenario in SHIPPED if design in (PLAN, LEGACY)]
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


@cache
def explored(design: str, scenario: Scenario) -> Outcome:
    """Return what came of exploring a scenario, once for all tests."""
    return run(Task(design, scenario))


def counts(design: Design, scenario: Scenario) -> dict[str, int]:
    found = explored(design.name, scenario).found
    assert found is not None
    return {"states": found.states, "transitions": found.transitions, "depth": found.depth}


def broken(design: Design, scenario: Scenario) -> dict[str, Trace]:
    """Return a shortest trace to a violation of each property that a scenario breaks."""
    outcome = explored(design.name, scenario)
    assert outcome.found is not None
    return outcome.broken()


def lengths(found: dict[str, Trace]) -> dict[str, int]:
    return {name: len(trace) for name, trace in found.items()}


def traces(design: Design, scenario: Scenario, found: dict[str, Trace]) -> dict[str, str]:
    return {
        name: " ".join(step.action for step in found[name].steps)
        for name in FAMOUS.get((design.name, scenario.name), ())
    }


def golden(page: Path) -> dict[str, Any]:
    pinned: dict[str, Any] = json.loads(page.read_text("utf-8"))
    return pinned


@pytest.mark.parametrize(("design", "scenario"), SHIPPED, ids=lambda value: value.name)
def test_counts_are_as_pinned(design: Design, scenario: Scenario) -> None:
    pinned = golden(COUNTS)[design.name].get(scenario.name)
    assert counts(design, scenario) == pinned, f"{design.name}, {scenario.name}: {REGENERATE}"


@pytest.mark.parametrize("scenario", default_scenarios(REFERENCE), ids=lambda value: value.name)
def test_the_reference_holds(scenario: Scenario) -> None:
    assert broken(REFERENCE, scenario) == {}


@pytest.mark.parametrize(("design", "scenario"), BROKEN, ids=lambda value: value.name)
def test_violations_are_as_pinned(design: Design, scenario: Scenario) -> None:
    found = broken(design, scenario)
    pinned = golden(VIOLATIONS)
    where = f"{design.name}, {scenario.name}"
    assert lengths(found) == pinned["lengths"].get(where), REGENERATE
    assert traces(design, scenario, found) == pinned["traces"].get(where, {}), REGENERATE


def test_nothing_else_is_pinned() -> None:
    pinned = [(design, scenario) for design, of in golden(COUNTS).items() for scenario in of]
    assert pinned == [(design.name, scenario.name) for design, scenario in SHIPPED], REGENERATE
    shipped = [f"{design.name}, {scenario.name}" for design, scenario in BROKEN]
    famous = [f"{design}, {scenario}" for design, scenario in FAMOUS]
    violations = golden(VIOLATIONS)
    assert list(violations["lengths"]) == shipped, REGENERATE
    assert sorted(violations["traces"]) == sorted(famous), REGENERATE


def regenerate() -> None:
    of_designs: dict[str, dict[str, dict[str, int]]] = {}
    for design, scenario in SHIPPED:
        of_designs.setdefault(design.name, {})[scenario.name] = counts(design, scenario)
    COUNTS.write_text(json.dumps(of_designs, indent=2) + "\n", "utf-8")
    found: dict[str, Any] = {"lengths": {}, "traces": {}}
    for design, scenario in BROKEN:
        where = f"{design.name}, {scenario.name}"
        of_scenario = broken(design, scenario)
        found["lengths"][where] = lengths(of_scenario)
        if named := traces(design, scenario, of_scenario):
            found["traces"][where] = named
    VIOLATIONS.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    regenerate()
