"""The counts of every shipped scenario, pinned in counts.json.

A change of the model changes them: look whether it should, then run
`python tests/specs/test_counts.py`, which writes the file afresh.
"""

import json
from pathlib import Path

import pytest

from truebook.model.designs import DESIGNS, Design
from truebook.specs import columns, tables
from truebook.specs.scenarios import Scenario, default_scenarios

GOLDEN = Path(__file__).with_name("counts.json")
REGENERATE = "if that is meant, run `python tests/specs/test_counts.py`"
SHIPPED = [(design, scenario) for design in DESIGNS for scenario in default_scenarios(design)]


def counts(design: Design, scenario: Scenario) -> dict[str, int]:
    system = scenario.build(design)
    explore = tables.explore if system.orders else columns.explore
    found = explore(system, ())
    return {"states": found.states, "transitions": found.transitions, "depth": found.depth}


def golden() -> dict[str, dict[str, dict[str, int]]]:
    pinned: dict[str, dict[str, dict[str, int]]] = json.loads(GOLDEN.read_text("utf-8"))
    return pinned


@pytest.mark.parametrize(("design", "scenario"), SHIPPED, ids=lambda value: value.name)
def test_counts_are_as_pinned(design: Design, scenario: Scenario) -> None:
    pinned = golden()[design.name].get(scenario.name)
    assert counts(design, scenario) == pinned, f"{design.name}, {scenario.name}: {REGENERATE}"


def test_nothing_else_is_pinned() -> None:
    shipped = [(design.name, scenario.name) for design, scenario in SHIPPED]
    pinned = [(design, scenario) for design, of in golden().items() for scenario in of]
    assert pinned == shipped, REGENERATE


def regenerate() -> None:
    found: dict[str, dict[str, dict[str, int]]] = {}
    for design, scenario in SHIPPED:
        found.setdefault(design.name, {})[scenario.name] = counts(design, scenario)
    GOLDEN.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    regenerate()
