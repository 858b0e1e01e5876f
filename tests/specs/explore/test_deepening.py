"""Exploring no further than settles what is asked: verdicts and traces are those of everything."""

from collections.abc import Sequence
from functools import cache

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.memory import MemoryBounds
from truebook.specs.explore import designs as checking
from truebook.specs.explore.deepening import settle
from truebook.specs.explore.designs import (
    Aim,
    Outcome,
    Report,
    Task,
    is_asked,
    report,
    run,
    run_all,
)
from truebook.specs.properties.sentences import PROPERTY_NAMES, Check, Kind
from truebook.specs.properties.verdict import Holds, Incomplete, Violated
from truebook.specs.scenarios import FILLS, FOREIGN, Scenario, with_faults

QUICK = Bounds(
    size=1,
    timers=Timers(expiry=0, grace=1, fill_window=1, tombstone=1, listing=0),
    delays=Delays(expiry=0, fill=0),
)
SCENARIOS = (
    Scenario("quick", QUICK),
    Scenario("late", with_faults("late", bounds=QUICK)),
    Scenario("foreign", attrs.evolve(QUICK, refuse=True), FOREIGN),
    Scenario("fills", MemoryBounds(fills=3, capacity=1), FILLS),
)


def tasks(
    design: str,
    *switched_off: str,
    properties: Sequence[str] = (),
    aim: Aim | None = None,
    limit: int | None = None,
    scenarios: Sequence[Scenario] = SCENARIOS,
) -> list[Task]:
    asked = tuple(properties) or None
    made = (Task(design, s, switched_off, asked, limit, aim=aim) for s in scenarios)
    return [task for task in made if is_asked(task)]


def reported(asked: Sequence[Task], outcomes: Sequence[Outcome]) -> Report:
    """Return what is reported of a design, with its outcomes in the order of its tasks."""
    found = {outcome.task: outcome for outcome in outcomes}
    assert set(found) == set(asked)
    names = [n for n in PROPERTY_NAMES if asked[0].properties is None or n in asked[0].properties]
    return report("x", [found[task] for task in asked], names, seconds=0.0, all_reached=False)


def settled(asked: Sequence[Task]) -> Report:
    return reported(asked, list(settle(asked, jobs=1)))


@cache
def whole(*design: str) -> Report:
    everything = tasks(*design)
    return reported(everything, list(run_all(everything, jobs=1)))


@settings(max_examples=8)
@given(
    st.sampled_from([("plan",), ("reference", "tombstones"), ("reference", "exposure-bounds")]),
    st.sets(st.sampled_from(PROPERTY_NAMES), max_size=3),
    st.sampled_from([1, 20, 200, None]),
)
def test_verdicts_are_those_of_everything(
    design: tuple[str, ...], asked: set[str], budget: int | None
) -> None:
    few = tasks(*design, properties=sorted(asked), aim=Aim(budget=budget))
    if not few:
        return
    found = settled(few)
    for name, verdict in found.properties.items():
        assert verdict == whole(*design).properties[name]
        assert found.scenario[name] == whole(*design).scenario[name]
        if isinstance(verdict, Holds):
            looked = [o for o in found.outcomes if any(c.property == name for c in o.checks)]
            assert all(o.found is not None and o.found.complete for o in looked)
    states = {o.task.scenario: o.found.states for o in whole(*design).outcomes if o.found}
    for outcome in found.outcomes:
        assert outcome.found is not None
        assert outcome.found.states <= states[outcome.task.scenario]
        if outcome.found.complete:
            assert outcome.found.states == states[outcome.task.scenario]


def test_a_violated_property_ends_every_scenario_at_its_length() -> None:
    """Of the plan, replays do harm among named fills alone, and so end the others, too."""
    found = settled(tasks("plan", properties=["replay-harmless"], aim=Aim(budget=30)))
    verdict = found.properties["replay-harmless"]
    assert isinstance(verdict, Violated)
    assert found.scenario["replay-harmless"] == "fills"
    depths = {o.task.scenario.name: o.found.depth for o in found.outcomes if o.found}
    assert depths == dict.fromkeys(("quick", "late", "fills"), len(verdict.trace))
    assert not found.complete


def test_what_holds_is_explored_to_the_end() -> None:
    found = settled(tasks("reference", properties=["identity"], aim=Aim(budget=1)))
    assert found.properties == {"identity": Holds(("quick", "late"))}
    assert found.complete


def test_a_scenario_without_the_property_is_not_explored() -> None:
    names = [t.scenario.name for t in tasks("plan", properties=["orphan-cancelled-once"])]
    assert names == ["foreign"]
    assert not is_asked(Task("plan", SCENARIOS[3], properties=("identity",)))


def test_processes_settle_the_same() -> None:
    few = ("no-fill-twice", "orphan-cancelled-once")
    asked = [*tasks("plan", properties=few, aim=Aim(budget=20)), *tasks("plan", properties=few[:1])]
    alone = {outcome.task: outcome for outcome in settle(asked, jobs=1)}
    together = {outcome.task: outcome for outcome in settle(asked, jobs=2)}
    assert alone == together
    assert set(alone) == set(asked)


def test_designs_are_settled_apart() -> None:
    """What breaks the plan says nothing of the reference, which is explored to the end."""
    names = ("no-fill-twice",)
    asked = [
        *tasks("plan", properties=names, aim=Aim(budget=5)),
        *tasks("reference", properties=names, aim=Aim(budget=5)),
    ]
    stopped = {(o.task.design, o.stopped) for o in settle(asked, jobs=1)}
    assert stopped == {("plan", True), ("reference", False)}


def test_tasks_without_an_aim_are_explored_to_the_end() -> None:
    asked = tasks("plan")
    assert list(settle(asked, jobs=1)) == list(run_all(asked, jobs=1))


def test_what_is_found_before_the_limit_is_kept() -> None:
    """All is broken within some steps but for a property that holds, which the limit leaves."""
    names = ("exposure-bounds-truth", "identity")
    late = [SCENARIOS[1]]
    asked = tasks("reference", "exposure-bounds", properties=names, scenarios=late)
    whole = run(asked[0]).found
    assert whole is not None
    few = [attrs.evolve(t, aim=Aim(budget=20), limit=whole.states - 1) for t in asked]
    found = settled(few)
    verdict = found.properties["exposure-bounds-truth"]
    assert isinstance(verdict, Violated)
    assert len(verdict.trace) == 1
    too_many = f"late: more than {whole.states - 1:,} states"
    assert found.properties["identity"] == Incomplete(too_many)
    enough = [attrs.evolve(task, limit=whole.states) for task in few]
    assert settled(enough).properties["identity"] == Holds(("late",))


def test_what_was_stopped_never_holds() -> None:
    task = Task("reference", SCENARIOS[0], properties=("identity",), aim=Aim(budget=1))
    found = report("x", [run(task)], ["identity"], seconds=0.0, all_reached=True)
    (outcome,) = found.outcomes
    assert outcome.stopped
    assert outcome.found is not None
    depth = outcome.found.depth
    assert found.properties == {
        "identity": Incomplete(f"quick: not explored beyond depth {depth}"),
    }
    assert found.unreached == ()
    assert not outcome.settles({})
    assert outcome.settles({"identity": depth})
    assert not outcome.settles({"identity": depth + 1, "convergence": 0})


def test_nothing_is_said_to_never_happen_where_it_may() -> None:
    """Something never happens in a world of few fills; a stopped world could have it happen."""
    found = run(Task("plan", SCENARIOS[3], aim=Aim(budget=1)))
    assert found.found is not None
    missing = {a.name for a in checking._system(found).actions} - found.found.fired
    assert missing
    named = report("x", [found], ["identity"], seconds=0.0, all_reached=False)
    assert named.unreached == ()
    whole = attrs.evolve(found, found=attrs.evolve(found.found, complete=True))
    named = report("x", [whole], ["identity"], seconds=0.0, all_reached=False)
    assert named.unreached != ()


@pytest.mark.parametrize(
    ("known", "lengths", "depth", "left"),
    [
        ((), {}, 3, {0, 1, 2}),
        ((), {0: 4}, 3, {0, 1, 2}),
        ((), {0: 4}, 4, {2}),
        ((), {0: 6, 1: 4}, 4, {2}),
        ((("identity", 3),), {}, 2, {0, 1, 2}),
        ((("identity", 3),), {}, 3, {2}),
        ((("identity", 9), ("confluence", 2)), {1: 3}, 3, set()),
    ],
)
def test_a_property_is_settled_at_the_depth_of_its_violation(
    known: tuple[tuple[str, int], ...], lengths: dict[int, int], depth: int, left: set[int]
) -> None:
    names = ("identity", "identity", "confluence")
    checks = [Check(name, "a part", Kind.STATE) for name in names]
    assert set(Aim(known).wanted(checks)(depth, 10, lengths)) == left
    assert not Aim(known, budget=9).wanted(checks)(depth, 10, lengths)
    assert set(Aim(known, budget=10).wanted(checks)(depth, 10, lengths)) == left
