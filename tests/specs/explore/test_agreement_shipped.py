"""Both engines on the shipped scenarios: the small ones whole, every one in samples.

A sample is looked at in worlds that are too large to explore, too: with every fault at once, the
tree of each part of each action, and of each check, grows wherever the sample reaches.
"""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from truebook.model.designs import DESIGNS, LEGACY, PLAN, REFERENCE, Design
from truebook.model.system import System
from truebook.specs.explore import columns, plain
from truebook.specs.explore.blocks import Columns, Compiled
from truebook.specs.explore.engine import Runner, Steps
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import Kind
from truebook.specs.properties.trace import State
from truebook.specs.scenarios import FAULTS, Scenario, default_scenarios, with_faults

COUNTS = json.loads(Path(__file__).with_name("counts.json").read_text("utf-8"))
MOST = 11_000
"""The plain engine takes some seconds for as many states as this, with every check."""

WALKS, STEPS = 12, 40
SHIPPED = [(design, scenario) for design in DESIGNS for scenario in default_scenarios(design)]
SMALL = [
    (design, scenario)
    for design, scenario in SHIPPED
    if COUNTS[design.name][scenario.name]["states"] <= MOST
]
SAMPLED = [(design, scenario) for design, scenario in SHIPPED if design is not LEGACY]
"""The legacy tracker differs from the plan in two lines; its small scenarios are enough."""

EVERY_FAULT = [
    (design, Scenario(f"every fault but {but}", with_faults(*(f for f in FAULTS if f not in but))))
    for design in (REFERENCE, PLAN)
    for but in (("modify",), ("timers", "bare", "lie"))
]


def test_some_are_small() -> None:
    assert len(SMALL) >= 9


@pytest.mark.parametrize(("design", "scenario"), SMALL, ids=lambda value: value.name)
def test_both_engines_find_the_same(design: Design, scenario: Scenario) -> None:
    system = scenario.build(design)
    checks = checks_of(system)
    assert columns.explore(system, checks) == plain.explore(system, checks)


def sample(runner: Runner) -> list[State]:
    """Return the states of some random walks, each once."""
    random_ = random.Random(runner.system.name)
    found = {runner.first: None}
    for _ in range(WALKS):
        state = runner.first
        for _ in range(STEPS):
            successors = runner.successors(state)
            if not successors:
                break
            _, state = random_.choice(successors)
            found[state] = None
    return list(found)


@pytest.mark.parametrize(
    ("design", "scenario"), SAMPLED + EVERY_FAULT, ids=lambda value: value.name
)
def test_both_engines_do_the_same_in_a_sample(design: Design, scenario: Scenario) -> None:
    system = scenario.build(design)
    checks = checks_of(system)
    runner, steps = Runner(system), Steps(system)
    compiled = Compiled(system, checks)
    states = sample(runner)
    block = Columns([np.array(column, np.int16) for column in zip(*states, strict=True)])
    of_steps = [(n, check) for n, check in enumerate(checks) if check.kind is Kind.STEP]
    for number, action in enumerate(system.actions):
        rows, after = compiled.run(number, block)
        reached = dict(zip(rows.tolist(), tuples(after), strict=True))
        expected = {row: runner.run(state, action) for row, state in enumerate(states)}
        assert reached == {row: s for row, s in expected.items() if s is not None}, action.name
        for n, check in of_steps:
            failing = compiled.failing(compiled.step(n, number), block.take(rows), after)
            assert {int(rows[at]) for at in failing} == {
                row for row, s in reached.items() if steps.breaks(check, states[row], action, s)
            }, (check.part, action.name)
    for n, check in enumerate(checks):
        if check.kind is Kind.STATE:
            failing = compiled.failing(compiled.states[n], block)
            broken = {row for row, state in enumerate(states) if runner.breaks(check, state)}
            assert set(failing.tolist()) == broken, check.part
    assert tuples(compiled.settle(block)) == [runner.settle(state) for state in states]


def tuples(block: Columns) -> list[State]:
    return list(zip(*(array.tolist() for array in block.arrays), strict=True))


def test_a_sample_is_of_the_system_alone() -> None:
    system: System = SHIPPED[0][1].build(SHIPPED[0][0])
    assert sample(Runner(system)) == sample(Runner(system))
