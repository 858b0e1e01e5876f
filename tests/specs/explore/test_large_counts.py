"""The counts of what `--pairs` and `--deep` explore, pinned in large_counts.json.

Those that are quick are explored here. `python tests/specs/explore/test_large_counts.py pairs` (or
`deep`) explores the rest too, in minutes, says what differs, and with `--write` pins what it found.
"""

import json
import sys
from pathlib import Path

import pytest

from truebook.model.designs import REFERENCE
from truebook.specs.explore import columns, tables
from truebook.specs.scenarios import Scenario, deep_scenarios, pair_scenarios

GOLDEN = Path(__file__).with_name("large_counts.json")
QUICK = 6_000
"""Scenarios of fewer states than this are explored in the suite."""

SHIPPED = {"pairs": tuple(pair_scenarios()), "deep": deep_scenarios()}
PINNED: dict[str, dict[str, list[int]]] = json.loads(GOLDEN.read_text("utf-8"))


def counts(scenario: Scenario) -> list[int]:
    system = scenario.build(REFERENCE)
    found = (tables if system.orders else columns).explore(system, ())
    return [found.states, found.transitions, found.depth]


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_scenario_is_pinned_and_no_other(kind: str) -> None:
    assert list(PINNED[kind]) == [scenario.name for scenario in SHIPPED[kind]]


@pytest.mark.parametrize(
    ("kind", "scenario"),
    [
        (kind, scenario)
        for kind, scenarios in SHIPPED.items()
        for scenario in scenarios
        if PINNED[kind].get(scenario.name, [0])[0] < QUICK
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_quick_ones_are_as_pinned(kind: str, scenario: Scenario) -> None:
    assert counts(scenario) == PINNED[kind][scenario.name]


def explore_all(kind: str, *, write: bool) -> int:
    found = {scenario.name: counts(scenario) for scenario in SHIPPED[kind]}
    differing = [name for name in found if found[name] != PINNED[kind].get(name)]
    for name in differing:
        print(f"{kind}, {name}: {PINNED[kind].get(name)} is pinned, {found[name]} found")
    if write:
        PINNED[kind] = found
        lines = {
            of: ",\n".join(f"    {json.dumps(n)}: {json.dumps(c)}" for n, c in pinned.items())
            for of, pinned in PINNED.items()
        }
        body = ",\n".join(f'  "{of}": {{\n{inside}\n  }}' for of, inside in lines.items())
        GOLDEN.write_text(f"{{\n{body}\n}}\n", "utf-8")
    return 1 if differing and not write else 0


if __name__ == "__main__":
    sys.exit(explore_all(sys.argv[1], write="--write" in sys.argv))
