"""Compositions: three engines say the same, and what orders share stays the same in all."""

import attrs
import pytest

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import PLAN, REFERENCE, Design, without
from truebook.specs.explore import columns, plain, tables
from truebook.specs.explore.engine import Engine, Exploration
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import Check, Kind
from truebook.specs.scenarios import BESIDE_FOREIGN, TWO_ORDERS, Scenario, with_faults

QUICK = Bounds(
    size=1,
    timers=Timers(expiry=0, grace=1, fill_window=1, tombstone=1, listing=0),
    delays=Delays(expiry=0, fill=0),
)
"""The shortest of timers: the smallest worlds."""

NO_SNAPSHOT = Bounds(size=1, snapshots=0)
BOTH_NO_SNAPSHOT = Scenario("beside a foreign one, no snapshot", NO_SNAPSHOT, BESIDE_FOREIGN)
TWO_NO_SNAPSHOT = Scenario("two orders, no snapshot", NO_SNAPSHOT, TWO_ORDERS)
TWO_QUICK = Scenario("two quick orders", attrs.evolve(QUICK, snapshots=0, refuse=True), TWO_ORDERS)
TWO_REPLAYED = Scenario(
    "two orders, a reconnect",
    attrs.evolve(QUICK, snapshots=0, reconnect=True),
    TWO_ORDERS,
)
BOTH_QUICK = Scenario("beside a foreign one", QUICK, BESIDE_FOREIGN)
CASES = [
    (REFERENCE, BOTH_NO_SNAPSHOT),
    (REFERENCE, TWO_NO_SNAPSHOT),
    (PLAN, TWO_QUICK),
    (without("fills-move-position", "fill-binds"), TWO_REPLAYED),
    (without("exposure-bounds", "ages-out", "fills-move-position"), BOTH_QUICK),
]


def but_moves(found: Exploration) -> Exploration:
    """Leave out the moves, which the tables do not know."""
    return attrs.evolve(found, moves=frozenset())


@pytest.mark.parametrize(("design", "scenario"), CASES, ids=lambda value: value.name)
def test_three_engines_find_the_same(design: Design, scenario: Scenario) -> None:
    system = scenario.build(design)
    checks = checks_of(system)
    expected = plain.explore(system, checks)
    assert columns.explore(system, checks) == expected
    assert tables.explore(system, checks) == but_moves(expected)
    assert expected.violations or design is REFERENCE


@pytest.mark.parametrize("engine", [columns.explore, tables.explore], ids=["fast", "tables"])
def test_a_check_of_one_order_is_of_that_order(engine: Engine) -> None:
    """Two snapshots do not commute for a foreign order, which is not its neighbour's fault."""
    scenario = Scenario("two snapshots", attrs.evolve(QUICK, snapshots=2), BESIDE_FOREIGN)
    system = scenario.build(REFERENCE)
    checks = [check for check in checks_of(system) if check.kind in (Kind.COMMUTE, Kind.REPEAT)]
    assert engine(system, checks).violations == {}


SAME = {
    name: Check("toy", name, Kind.STATE, holds)
    for name, holds in {
        "phase": lambda w: w.o0.first.phase == w.o1.first.phase,
        "age": lambda w: w.o0.first.age == w.o1.first.age,
        "phase of the second": lambda w: w.o0.second.phase == w.o1.second.phase,
        "age of the second": lambda w: w.o0.second.age == w.o1.second.age,
    }.items()
}
"""What composition.py takes for granted: an action on a snapshot is possible for all, or none."""

TWO_SNAPSHOTS = attrs.evolve(QUICK, snapshots=2, lose=True)
EARLY = attrs.evolve(
    with_faults("lose", bounds=QUICK),
    timers=attrs.evolve(QUICK.timers, lag=1, listing=1, fill_window=2),
    delays=attrs.evolve(QUICK.delays, lag=1),
)


@pytest.mark.parametrize("design", [REFERENCE, without("listing-binds")], ids=lambda d: d.name)
@pytest.mark.parametrize("bounds", [TWO_SNAPSHOTS, EARLY], ids=["two snapshots", "read early"])
def test_a_snapshot_is_in_one_phase_for_all_orders(design: Design, bounds: Bounds) -> None:
    system = Scenario("phases", bounds, BESIDE_FOREIGN).build(design)
    assert columns.explore(system, tuple(SAME.values())).violations == {}


def test_a_reconnect_is_of_all_orders() -> None:
    system = TWO_REPLAYED.build(REFERENCE)
    same = Check("toy", "reconnects", Kind.STATE, lambda w: w.o0.reconnects == w.o1.reconnects)
    assert columns.explore(system, (same,)).violations == {}


def test_orders_that_differ_are_found() -> None:
    system = BOTH_QUICK.build(REFERENCE)
    same = Check("toy", "listed", Kind.STATE, lambda w: w.o0.first.a.listed == w.o1.first.listed)
    assert list(columns.explore(system, (same,)).violations) == [0]
