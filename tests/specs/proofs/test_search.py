"""Bounded search finds the known disasters, and the model's Python confirms what it finds."""

import re
from collections.abc import Callable, Sequence

import attrs
import pytest
import z3

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.model.memory import MemoryBounds
from truebook.specs.proofs.hunt import Hunt, explore_beyond, hunt, hunt_all, hunts_for
from truebook.specs.proofs.search import Found, ModelError, Search, concrete
from truebook.specs.proofs.steps import Step
from truebook.specs.proofs.worlds import open_order
from truebook.specs.properties.assumptions import ASSUMPTIONS, Assumption
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import PROPERTY_NAMES
from truebook.specs.scenarios import with_faults

PATIENT = 4_000_000_000
UNSEEN = Bounds(snapshots=0)


def found_by(asked: Hunt) -> dict[str, int]:
    """Return what a search finds: by property the length of its run."""
    return {one.check.property: len(one.trace) for one in hunt(asked, lambda *told: None)}


def asked(
    base: Bounds | MemoryBounds,
    *properties: str,
    design: str = "reference",
    world: str = "order",
    without: Sequence[str] = (),
    switched_off: Sequence[str] = (),
    depth: int = 4,
) -> Hunt:
    return Hunt(
        world, base, design, tuple(switched_off), tuple(without), properties, depth, PATIENT
    )


@pytest.mark.parametrize("design", ["plan", "legacy"])
def test_the_plan_and_the_legacy_tracker_count_twice(design: str) -> None:
    found = found_by(asked(UNSEEN, "no-fill-twice", "exposure-bounds-truth", design=design))
    assert found == {"exposure-bounds-truth": 1, "no-fill-twice": 4}


@pytest.mark.parametrize(
    ("rule", "name", "steps", "bounds"),
    [
        ("fills-move-position", "no-fill-twice", 4, UNSEEN),
        ("fill-binds", "identity", 3, UNSEEN),
        ("exposure-bounds", "exposure-bounds-truth", 1, UNSEEN),
        ("unknown-stays", "tracked-or-in-grace", 3, with_faults("lose", bounds=UNSEEN)),
        ("reject-clears", "exposure-is-tight", 3, with_faults("refuse", bounds=UNSEEN)),
        ("early-fills-kept", "no-live-order-dropped", 4, UNSEEN),
    ],
)
def test_without_a_rule(rule: str, name: str, steps: int, bounds: Bounds) -> None:
    """As few steps as the explorer needs, and it is any size that the solver may choose."""
    assert found_by(asked(bounds, name, switched_off=(rule,))) == {name: steps}


def test_a_foreign_order_and_named_fills_are_searched_too() -> None:
    foreign = asked(
        Bounds(),
        "no-false-orphan",
        "exposure-bounds-truth",
        world="foreign",
        depth=6,
        switched_off=("exposure-bounds",),
    )
    assert found_by(foreign) == {"exposure-bounds-truth": 4}
    fills = asked(
        MemoryBounds(fills=2),
        "replay-harmless",
        world="fills",
        switched_off=("eviction-floor",),
        depth=5,
    )
    assert found_by(fills) == {"replay-harmless": 5}


def test_of_the_reference_nothing_is_found() -> None:
    assert found_by(asked(with_faults("cancel", bounds=UNSEEN), *PROPERTY_NAMES)) == {}


def test_a_run_is_shown_as_the_explorer_shows_it() -> None:
    (one,) = hunt(asked(UNSEEN, "no-fill-twice", design="plan"), lambda *told: None)
    send, arrive, *told = [step.action for step in one.trace.steps]
    assert send == "send"
    assert re.fullmatch(r"arrive-[1-9]:a", arrive)
    assert sorted(told) == ["answer:a", "taker-fill:a"]
    assert one.trace.steps[0].words == "we send the order"
    assert one.by == "bounded search"


def test_the_shortest_of_several_worlds_is_kept() -> None:
    hunts = (
        asked(with_faults("lose", bounds=UNSEEN), "no-fill-twice", design="plan"),
        asked(UNSEEN, "no-fill-twice", "exposure-bounds-truth", design="plan"),
    )
    found = hunt_all(hunts, processes=1)
    assert {name: len(one.trace) for name, one in found.items()} == {
        "exposure-bounds-truth": 1,
        "no-fill-twice": 4,
    }


def test_no_effort_no_run() -> None:
    hurried = attrs.evolve(asked(UNSEEN, "no-fill-twice", design="plan"), effort=0)
    assert found_by(hurried) == {}


def search_of(name: str) -> Search:
    world = open_order(REFERENCE, UNSEEN)
    checks = [check for check in checks_of(world.system) if check.property == name]
    return Search(world, REFERENCE, UNSEEN, checks)


def replace(search: Search, action: str, change: Callable[[Step], Step]) -> None:
    search.steps[:] = [change(s) if s.action.name == action else s for s in search.steps]


def test_a_step_that_the_model_does_not_take_is_a_fault_of_the_translation() -> None:
    search = search_of("no-fill-twice")
    position = [field.path for field in search.world.fields].index("position")
    after: dict[int, z3.ArithRef] = {position: z3.IntVal(7)}
    replace(search, "answer:a", lambda s: attrs.evolve(s, guard=z3.BoolVal(True), after=after))
    with pytest.raises(ModelError, match="step 1, 'answer:a', is not possible in the model"):
        list(search.runs(1, PATIENT))


def test_a_violation_that_the_model_does_not_have_is_a_fault_of_the_translation() -> None:
    search = search_of("no-fill-twice")
    position = [field.path for field in search.world.fields].index("position")
    replace(search, "send", lambda step: attrs.evolve(step, after={position: z3.IntVal(7)}))
    with pytest.raises(ModelError, match="the run breaks nothing in the model"):
        list(search.runs(1, PATIENT))


# Beyond an assumption


@pytest.mark.parametrize(
    ("name", "broken", "steps"),
    [
        ("answer-delay", "transitions-in-table", 6),
        ("fill-window", "exposure-bounds-truth", 4),
        ("comparable-times", "position-is-unique-fills", 3),
    ],
)
def test_beyond_an_assumption(name: str, broken: str, steps: int) -> None:
    (of,) = hunts_for("reference", (), (broken,), without=(name,), depth=steps, effort=PATIENT)
    assert found_by(of) == {broken: steps}


@pytest.mark.parametrize("name", ["overtaken", "comparable-times", "lag"])
def test_what_is_searched_beyond_an_assumption_has_what_its_scenario_has(name: str) -> None:
    """Of named fills too, whose world has a position taken over only where the scenario has.

    There is nothing then that an order shows as filled, nor is that looked for: once a run broke
    what the model of the scenario does not speak of.
    """
    looked_for = ("filled-is-its-fills", "no-fill-twice", "identity")
    hunts = hunts_for("reference", (), looked_for, without=(name,))
    assert hunts
    for asked in hunts:
        world = asked.opened()
        system = concrete(world, REFERENCE, asked.base)
        plain = [field.path for field in world.fields if world.is_state(field.path)]
        assert plain == [field.path for field in system.fields]
        parts = {(check.property, check.part) for check in checks_of(system)}
        assert {(one.property, one.part) for one in asked.checks(world)} <= parts


@pytest.mark.parametrize("of", ASSUMPTIONS, ids=lambda of: of.name)
def test_beyond_an_assumption_the_explorer_finds_what_the_search_does_not(of: Assumption) -> None:
    found = explore_beyond(of.name, PROPERTY_NAMES, REFERENCE)
    assert found
    for name, one in found.items():
        assert (one.check.property, one.by, one.bounds) == (name, "the explorer", of.beyond.bounds)
        assert len(one.trace) > 0


def test_the_explorer_is_asked_for_some_properties_alone() -> None:
    found = explore_beyond("lag", ("identity",), REFERENCE)
    assert [type(one) for one in found.values()] == [Found]
    assert list(found) == ["identity"]
