"""Spin, run on the model in Promela, finds the states and transitions that the explorer finds."""

from pathlib import Path

import attrs
import pytest

from truebook.model.config import Bounds
from truebook.model.designs import PLAN, REFERENCE, Design, without
from truebook.model.memory import MemoryBounds
from truebook.model.system import Action, Field, System
from truebook.specs.explore import columns, tables
from truebook.specs.export.machine import machine_of
from truebook.specs.export.promela import promela_of
from truebook.specs.export.spin import FASTEST, SpinError, SpinRun, missing, run_spin
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import Kind
from truebook.specs.scenarios import (
    BESIDE_FOREIGN,
    FILLS,
    FOREIGN,
    TWO_ORDERS,
    Scenario,
    default_scenarios,
    with_faults,
)

pytestmark = pytest.mark.skipif(
    missing() is not None, reason=f"Spin (Debian's package spin) or a C compiler is {missing()}"
)

ONE_LOT = Bounds(size=1)
SMALL = [
    (REFERENCE, Scenario("no fault", Bounds())),
    (REFERENCE, Scenario("cancel, lose", with_faults("cancel", "lose", bounds=ONE_LOT))),
    (
        REFERENCE,
        Scenario("modify", with_faults("modify", bounds=attrs.evolve(ONE_LOT, snapshots=0))),
    ),
    (REFERENCE, Scenario("replays", with_faults("reconnect", "bare", "duplicates"))),
    (REFERENCE, Scenario("foreign", with_faults("refuse", "lose", "snapshots"), FOREIGN)),
    (REFERENCE, Scenario("beside foreign", attrs.evolve(ONE_LOT, snapshots=0), BESIDE_FOREIGN)),
    (REFERENCE, Scenario("two orders", attrs.evolve(ONE_LOT, snapshots=0), TWO_ORDERS)),
    (REFERENCE, Scenario("fills", MemoryBounds(fills=2), FILLS)),
    (PLAN, Scenario("plan", with_faults("cancel"))),
    (without("tombstones"), Scenario("late", with_faults("late"))),
]
LARGE = [
    Scenario("one order", with_faults("cancel", "refuse", "lose", "unasked", "late", "snapshots")),
    next(s for s in default_scenarios(REFERENCE) if s.worlds == TWO_ORDERS),
]
"""660,813 and 1,856,508 states."""


def explored(system: System) -> tuple[int, int]:
    found = (tables if system.orders else columns).explore(system, ())
    return found.states, found.transitions


def found_by_spin(run: SpinRun) -> tuple[int, int]:
    assert run.errors == 0
    return run.states, run.transitions


@pytest.mark.parametrize(("design", "scenario"), SMALL, ids=lambda value: value.name)
def test_spin_counts_what_the_explorer_counts(
    design: Design, scenario: Scenario, tmp_path: Path
) -> None:
    system = scenario.build(design)
    run = run_spin(promela_of(machine_of(system), scenario.name), tmp_path, optimise="-O0")
    assert found_by_spin(run) == explored(system)


@pytest.mark.parametrize("scenario", LARGE, ids=lambda value: value.name)
def test_spin_agrees_on_more_than_100_000_states(scenario: Scenario, tmp_path: Path) -> None:
    system = scenario.build(REFERENCE)
    states, transitions = explored(system)
    assert states > 100_000
    run = run_spin(promela_of(machine_of(system), scenario.name), tmp_path, settings=FASTEST)
    assert found_by_spin(run) == (states, transitions)


def holding(design: Design, *names: str) -> str:
    """Return one order of a design in Promela, with some properties to check."""
    system = Scenario("order", with_faults("cancel")).build(design)
    checks = [c for c in checks_of(system) if c.property in names and c.kind is Kind.STATE]
    assert {check.property for check in checks} == set(names)
    return promela_of(machine_of(system, checks), design.name)


CHECKED = ("position-is-unique-fills", "no-fill-twice", "tracked-or-in-grace", "identity")


def test_properties_that_hold_change_no_count(tmp_path: Path) -> None:
    run = run_spin(holding(REFERENCE, *CHECKED), tmp_path, optimise="-O0")
    system = Scenario("order", with_faults("cancel")).build(REFERENCE)
    assert found_by_spin(run) == explored(system)


@pytest.mark.parametrize("name", CHECKED)
def test_spin_finds_what_the_plan_breaks(name: str, tmp_path: Path) -> None:
    assert run_spin(holding(PLAN, name), tmp_path, optimise="-O0").errors == 1


@attrs.define
class Counter:
    n: int = 0


def count(counter: Counter) -> bool:
    counter.n = counter.n + 1
    return True


def test_a_write_out_of_range_is_an_error(tmp_path: Path) -> None:
    """Two bits hold a third value more than the field has; four would wrap to none."""
    for size in (3, 4):
        fields = (Field("n", size, "n"),)
        system = System("toy", fields, (Action("count", (count,), "n grows"),), Counter, ())
        assert run_spin(promela_of(machine_of(system), "toy"), tmp_path).errors == 1


def test_a_search_that_is_not_exhaustive_is_refused(tmp_path: Path) -> None:
    system = Scenario("no fault", Bounds()).build(REFERENCE)
    model = promela_of(machine_of(system), "order")
    with pytest.raises(SpinError, match="longer than the 5 steps"):
        run_spin(model, tmp_path, deepest=5, optimise="-O0")
    with pytest.raises(SpinError, match="gave up within 1 MiB"):
        run_spin(model, tmp_path, mebibytes=1, optimise="-O0")


def test_what_spin_or_the_compiler_says_is_passed_on(tmp_path: Path) -> None:
    with pytest.raises(SpinError, match="spin failed"):
        run_spin("active proctype world( {}", tmp_path)
    with pytest.raises(SpinError, match="cc failed"):
        run_spin("active proctype world() { skip }", tmp_path, optimise="--no-such-option")
