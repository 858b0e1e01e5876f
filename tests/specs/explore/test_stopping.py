"""Engines that are told when it is enough: what they find by then is the same, and true."""

from collections.abc import Collection, Mapping, Sequence

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import PLAN, without
from truebook.model.memory import MemoryBounds
from truebook.model.system import Action, Field, System
from truebook.specs.explore import columns, plain, tables
from truebook.specs.explore.engine import Engine, Wanted
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import Check, Kind
from truebook.specs.scenarios import FILLS, TWO_ORDERS, Scenario

engines = pytest.mark.parametrize("engine", [plain.explore, columns.explore], ids=["plain", "fast"])


@attrs.define
class Line:
    x: int = 0
    resting: int = 0


def on(line: Line) -> bool:
    if line.x == 9:
        return False
    line.x = line.x + 1
    return True


def rest(line: Line) -> bool:
    line.x = 9 if line.x < 5 else 0
    line.resting = 1 if line.x == 9 else 0
    return True


ON = Action("on", (on,), "one on")
REST = Action("rest", (rest,), "it rests, or starts again")
FIELDS = (Field("x", 10, "x"), Field("resting", 2, "resting"))


def line(*settle: str) -> System:
    return System("line", FIELDS, (ON, REST) if settle else (ON,), Line, settle)


def below(most: int) -> Check:
    return Check("toy", f"x is at most {most}", Kind.STATE, lambda w: not most < w.x)


def until(found: int) -> Wanted:
    """Return what wants every check, until so many are found broken."""
    return lambda depth, states, lengths: () if len(lengths) >= found else (0, 1, 2)


@engines
def test_it_ends_with_the_level_that_is_enough(engine: Engine) -> None:
    told: list[tuple[int, int, dict[int, int]]] = []

    def wanted(depth: int, states: int, lengths: Mapping[int, int]) -> Collection[int]:
        told.append((depth, states, dict(lengths)))
        return until(2)(depth, states, lengths)

    found = engine(line(), (below(3), below(1), below(6)), wanted=wanted)
    assert told == [
        (0, 1, {}),
        (1, 2, {}),
        (2, 3, {1: 2}),
        (3, 4, {1: 2}),
        (4, 5, {0: 4, 1: 2}),
    ]
    assert (found.states, found.transitions, found.depth) == (5, 4, 4)
    assert not found.complete
    assert {n: len(trace) for n, trace in found.violations.items()} == {0: 4, 1: 2}


@engines
def test_what_is_never_enough_is_everything(engine: Engine) -> None:
    checks = (below(3), below(1), below(20))
    assert engine(line(), checks, wanted=until(3)) == engine(line(), checks)
    assert engine(line(), checks).complete


@engines
def test_what_is_wanted_no_more_is_not_looked_at(engine: Engine) -> None:
    found = engine(line(), (below(3), below(1)), wanted=lambda depth, states, lengths: (0,))
    assert list(found.violations) == [0]
    assert found.complete


@engines
def test_a_step_is_as_long_as_the_state_after_it(engine: Engine) -> None:
    """A check of a step is found a level early, and counts from the level after on."""
    step = Check("toy", "never to 4", Kind.STEP, lambda before, after, action: after.x != 4)
    found = engine(
        line(),
        (step, below(3)),
        wanted=lambda depth, _, lengths: {0, 1} if lengths.get(0, 99) > depth else (),
    )
    assert {n: len(trace) for n, trace in found.violations.items()} == {0: 4, 1: 4}
    assert found.depth == 4


@engines
def test_what_states_come_to_is_looked_at_level_by_level(engine: Engine) -> None:
    """From x below 5 it goes to 9, to 0 and back, without end; and so it does from all others."""
    settled = Check("toy", "anything goes", Kind.SETTLED, lambda w: True)
    found = engine(line("rest"), (settled,), wanted=until(1))
    assert list(found.violations) == [0]
    assert (found.states, found.complete) == (1, False)


def slowly(length: int) -> tuple[System, Sequence[Check]]:
    """Return a walk that rests at its end, which one state is never on the way to."""

    def walk(line: Line) -> bool:
        if line.x == length or line.resting == 1:
            return False
        line.x = line.x + 1
        return True

    def stop(line: Line) -> bool:
        if line.x != 3 or line.resting == 1:
            return False
        line.resting = 1
        return True

    actions = (Action("walk", (walk,), ""), Action("stop", (stop,), ""))
    fields = (Field("x", length + 1, "x"), FIELDS[1])
    system = System("walk", fields, actions, Line, ("walk",))
    checks = tuple(
        Check("toy", name, Kind.SETTLED, holds)
        for name, holds in (
            ("it ends at its end", lambda w: w.x == length),
            ("it goes beyond 3", lambda w: w.x != 3),
            ("it goes on", lambda w: w.resting == 0 or w.x == length),
        )
    )
    return system, checks


@engines
@pytest.mark.parametrize("length", [4, 40])
def test_what_settles_slowly_is_told_apart(engine: Engine, length: int) -> None:
    system, checks = slowly(length)
    for wanted, whole in ((None, True), (until(4), True), (until(3), False)):
        found = engine(system, checks, wanted=wanted)
        traces = {n: " ".join(s.action for s in t.steps) for n, t in found.violations.items()}
        assert traces == dict.fromkeys(range(3), "walk walk walk stop")
        assert (found.complete, found.depth) == (whole, length if whole else 4)


QUICK = Bounds(
    size=1,
    timers=Timers(expiry=0, grace=1, fill_window=1, tombstone=1, listing=0),
    delays=Delays(expiry=0, fill=0),
)
SINGLE = (Scenario("quick", QUICK), Scenario("fills", MemoryBounds(fills=2), FILLS))
TWO = Scenario("two orders", attrs.evolve(QUICK, snapshots=0), TWO_ORDERS)


@settings(max_examples=12)
@given(
    st.sampled_from([PLAN, without("fill-binds"), without("fills-move-position", "ages-out")]),
    st.sampled_from([*SINGLE, TWO]),
    st.data(),
)
def test_engines_stop_together(design: object, scenario: Scenario, data: st.DataObject) -> None:
    system = scenario.build(design)  # type: ignore[arg-type]
    checks = checks_of(system)
    some = data.draw(st.sets(st.sampled_from(range(len(checks))), min_size=1, max_size=4))
    most = data.draw(st.integers(1, 400))

    def wanted(depth: int, states: int, lengths: Mapping[int, int]) -> Collection[int]:
        return () if states > most else {n for n in some if lengths.get(n, 99) > depth}

    expected = plain.explore(system, checks, wanted=wanted)
    fast = tables.explore if system.orders else columns.explore
    found = fast(system, checks, wanted=wanted)
    assert attrs.evolve(found, moves=expected.moves) == expected
    whole = fast(system, checks)
    assert expected.violations.items() <= whole.violations.items()
    for n, trace in whole.violations.items():
        if n in some and len(trace) <= expected.depth:
            assert expected.violations[n] == trace
