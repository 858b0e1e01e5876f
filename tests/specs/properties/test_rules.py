"""Without a rule, something breaks: what, and how soon, in the smallest world that shows it."""

from collections.abc import Callable

import attrs
import pytest

from truebook.model.config import Bounds
from truebook.model.designs import without
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.request_world import RequestBounds
from truebook.model.rules import RULE_NAMES
from truebook.model.sizes import SizeBounds
from truebook.specs.explore.engine import Exploration
from truebook.specs.properties.trace import Trace
from truebook.specs.scenarios import (
    FILLS,
    FOREIGN,
    NAMES,
    REQUESTS,
    SIZES,
    WAITING,
    Scenario,
    with_faults,
)

Broken = Callable[..., dict[str, Trace]]


@attrs.frozen
class Case:
    """A world, the property to look at and the length of its trace; what else breaks in it."""

    scenario: Scenario
    headline: str
    steps: int
    also: tuple[str, ...] = ()


NAMES_AGAIN = Scenario("names", NameBounds(orders=2), NAMES)


def order(*faults: str, size: int = 1) -> Scenario:
    name = ", ".join([f"size {size}", *faults])
    return Scenario(name, with_faults(*faults, bounds=Bounds(size=size)))


DROPPED = (
    "confluence",
    "exposure-bounds-truth",
    "filled-is-its-fills",
    "transitions-in-table",
)
"""What breaks once an order that is live is not in the book."""

REQUESTED = Scenario("requests", RequestBounds(), REQUESTS)

CASES = {
    "fills-move-position": Case(
        order(), "no-fill-twice", 4, ("confluence", "convergence", "position-is-unique-fills")
    ),
    "fill-binds": Case(order(), "identity", 3),
    "early-fills-kept": Case(
        order(size=2),
        "no-live-order-dropped",
        4,
        (*DROPPED, "identity", "recovers", "tracked-or-in-grace"),
    ),
    "state-is-derived": Case(
        order("cancel", size=2),
        "state-agrees-with-fills",
        5,
        (
            *("confluence", "exposure-bounds-truth", "filled-is-its-fills"),
            *("no-live-order-dropped", "transitions-in-table"),
        ),
    ),
    "unknown-stays": Case(order("lose"), "tracked-or-in-grace", 3, (*DROPPED, "exposure-is-tight")),
    "reject-clears": Case(order("refuse"), "exposure-is-tight", 3),
    "listing-binds": Case(
        order("late"),
        "no-false-orphan",
        9,
        ("confluence", "exposure-is-tight", "transitions-in-table"),
    ),
    "absence-needs-age": Case(
        order(),
        "no-live-order-dropped",
        6,
        (*DROPPED, "identity", "recovers", "tracked-or-in-grace"),
    ),
    "tombstones": Case(
        order(),
        "exposure-is-tight",
        5,
        ("confluence", "exposure-bounds-truth", "filled-is-its-fills", "transitions-in-table"),
    ),
    "exposure-bounds": Case(order(), "exposure-bounds-truth", 1),
    "orphan-cancel-marked": Case(
        Scenario("foreign", Bounds(), FOREIGN),
        "orphan-cancelled-once",
        11,
        ("confluence", "exposure-bounds-truth", "exposure-is-tight", "no-false-orphan"),
    ),
    "position-by-fills": Case(
        order(),
        "no-fill-twice",
        6,
        ("confluence", "exposure-bounds-truth", "position-is-unique-fills"),
    ),
    "eviction-floor": Case(
        Scenario("fills", MemoryBounds(fills=2), FILLS),
        "replay-harmless",
        5,
        ("confluence", "convergence", "no-fill-twice", "position-is-unique-fills"),
    ),
    "cancel-resolves": Case(order("cancel", "lose"), "convergence", 5, ("recovers",)),
    "modify-binds": Case(order("modify"), "identity", 6, ("exposure-is-tight",)),
    "ages-out": Case(order(), "nothing-leaks", 2),
    "contradiction-reopens": Case(
        order("lie"),
        "recovers",
        3,
        (
            *("confluence", "exposure-bounds-truth", "identity"),
            *("no-live-order-dropped", "tracked-or-in-grace"),
        ),
    ),
    "own-stays-own": Case(
        order("lie"),
        "no-false-orphan",
        13,
        (
            *("confluence", "exposure-bounds-truth", "exposure-is-tight", "identity"),
            *("no-live-order-dropped", "recovers"),
        ),
    ),
    "first-fill-stands": Case(
        NAMES_AGAIN,
        "no-fill-twice",
        5,
        ("convergence", "position-is-unique-fills", "replay-harmless"),
    ),
    "old-evidence-binds-nothing": Case(
        NAMES_AGAIN,
        "tracked-or-in-grace",
        9,
        ("confluence", "convergence", "identity", "replay-harmless"),
    ),
    "answers-name-requests": Case(
        REQUESTED,
        "exposure-bounds-truth",
        8,
        ("confluence", "convergence", "tracked-or-in-grace"),
    ),
    "errors-end-little": Case(
        REQUESTED,
        "exposure-bounds-truth",
        4,
        ("confluence", "convergence", "no-live-order-dropped", "tracked-or-in-grace"),
    ),
    "status-of-its-oid": Case(
        REQUESTED,
        "no-live-order-dropped",
        6,
        ("confluence", "convergence", "exposure-bounds-truth", "tracked-or-in-grace"),
    ),
    "strangers-apart": Case(
        Scenario("stranger left", Bounds(leave=True), FOREIGN),
        "strangers-left-alone",
        4,
        ("convergence", "exposure-is-tight", "nothing-leaks", "recovers"),
    ),
    "remaining-is-the-venues": Case(
        Scenario("sizes", SizeBounds(size=1, most=2), SIZES),
        "exposure-bounds-truth",
        5,
        ("convergence", "no-live-order-dropped"),
    ),
    "start-from-the-picture": Case(
        Scenario("beginning", MemoryBounds(fills=2, capacity=2, rebase=True), FILLS),
        "filled-is-its-fills",
        4,
    ),
    "reversal-undoes-once": Case(
        Scenario("reversal", MemoryBounds(fills=2, capacity=2, reversal=True), FILLS),
        "position-is-unique-fills",
        4,
        ("convergence",),
    ),
    "waits-is-not-dead": Case(
        Scenario("waiting", Bounds(size=1), WAITING),
        "tracked-or-in-grace",
        7,
        ("convergence", "exposure-bounds-truth", "no-live-order-dropped", "transitions-in-table"),
    ),
}


def test_every_rule_has_a_case() -> None:
    assert tuple(CASES) == RULE_NAMES


@pytest.mark.parametrize("rule", CASES)
def test_without_a_rule(rule: str, broken: Broken) -> None:
    case = CASES[rule]
    found = broken(case.scenario, rule)
    assert set(found) == {case.headline, *case.also}
    assert len(found[case.headline]) == case.steps


WORLDS = {case.scenario.name: case.scenario for case in CASES.values()}


@pytest.mark.parametrize("scenario", WORLDS.values(), ids=WORLDS)
def test_with_every_rule_nothing_breaks_there(scenario: Scenario, broken: Broken) -> None:
    assert broken(scenario) == {}


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_two_rules_off_can_be_explored(rule: str, explore: Callable[..., Exploration]) -> None:
    """With each rule three others, in the world of its case with one lot."""
    scenario = CASES[rule].scenario
    if isinstance(scenario.bounds, Bounds):
        scenario = attrs.evolve(scenario, bounds=attrs.evolve(scenario.bounds, size=1))
    number = RULE_NAMES.index(rule)
    for further in (1, 4, 7):
        other = RULE_NAMES[(number + further) % len(RULE_NAMES)]
        assert explore(scenario.build(without(rule, other))).states > 1


def test_no_rule_at_all_can_be_explored(explore: Callable[..., Exploration]) -> None:
    for scenario in WORLDS.values():
        assert explore(scenario.build(without(*RULE_NAMES))).states > 1
