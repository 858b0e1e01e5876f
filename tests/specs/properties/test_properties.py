"""Every property can fail, and is looked at in the shipped scenarios."""

from collections.abc import Callable

import attrs
import pytest

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import PROPERTY_NAMES
from truebook.specs.properties.trace import Trace
from truebook.specs.scenarios import FOREIGN, Scenario, default_scenarios, with_faults


@attrs.frozen
class Breaks:
    """The rule, or the design, that breaks a property; in which world; in how many steps."""

    by: str
    scenario: Scenario
    steps: int


def order(*faults: str, size: int = 1) -> Scenario:
    return Scenario("order", with_faults(*faults, bounds=Bounds(size=size)))


BREAKS = {
    "tracked-or-in-grace": Breaks("unknown-stays", order("lose"), 3),
    "position-is-unique-fills": Breaks("fills-move-position", order(), 3),
    "no-fill-twice": Breaks("plan", order(), 4),
    "filled-is-its-fills": Breaks("early-fills-kept", order(), 4),
    "state-agrees-with-fills": Breaks("plan", order("cancel", size=2), 6),
    "transitions-in-table": Breaks("tombstones", order(), 3),
    "no-false-orphan": Breaks("plan", order("late"), 9),
    "no-live-order-dropped": Breaks("legacy", order(size=2), 3),
    "identity": Breaks("fill-binds", order(), 3),
    "exposure-bounds-truth": Breaks("exposure-bounds", order(), 1),
    "orphan-cancelled-once": Breaks("plan", Scenario("foreign", Bounds(), FOREIGN), 11),
    "replay-harmless": Breaks("fills-move-position", order("duplicates"), 4),
    "confluence": Breaks("plan", order(), 2),
    "exposure-is-tight": Breaks("reject-clears", order("refuse"), 3),
    "nothing-leaks": Breaks("ages-out", order(), 2),
    "convergence": Breaks("cancel-resolves", order("cancel", "lose"), 5),
    "recovers": Breaks("contradiction-reopens", order("lie"), 3),
}


def test_every_property_is_named_here() -> None:
    assert tuple(BREAKS) == PROPERTY_NAMES
    assert len(PROPERTY_NAMES) == 17


@pytest.mark.parametrize("name", BREAKS)
def test_a_property_can_fail(name: str, broken: Callable[..., dict[str, Trace]]) -> None:
    of = BREAKS[name]
    if of.by in ("plan", "legacy"):
        found = broken(of.scenario, design=of.by)
    else:
        found = broken(of.scenario, of.by)
    assert name in found
    assert len(found[name]) == of.steps


def looked_at() -> dict[str, set[str]]:
    """Return in which shipped scenarios of the reference each property has a check."""
    found: dict[str, set[str]] = {}
    for scenario in default_scenarios(REFERENCE):
        for check in checks_of(scenario.build(REFERENCE)):
            if scenario.properties is None or check.property in scenario.properties:
                found.setdefault(check.property, set()).add(scenario.name)
    return found


@pytest.mark.parametrize("name", PROPERTY_NAMES)
def test_a_property_is_looked_at(name: str) -> None:
    assert looked_at()[name]


def test_checks_are_in_the_order_of_the_properties() -> None:
    for scenario in default_scenarios(REFERENCE):
        places = [PROPERTY_NAMES.index(c.property) for c in checks_of(scenario.build(REFERENCE))]
        assert places == sorted(places)


def test_no_two_checks_of_a_world_are_the_same() -> None:
    for scenario in default_scenarios(REFERENCE):
        checks = checks_of(scenario.build(REFERENCE))
        assert len({(check.property, check.part) for check in checks}) == len(checks)
