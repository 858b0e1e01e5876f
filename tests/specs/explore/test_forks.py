"""What a broken confluence shows: both ways to their ends, and what differs there."""

from functools import cache

import attrs
import pytest

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import LEGACY, PLAN, without
from truebook.model.memory import MemoryBounds
from truebook.model.system import Action, Field, System
from truebook.specs.explore import columns, plain
from truebook.specs.explore.engine import Engine, Runner
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import Check, Kind
from truebook.specs.properties.trace import Change, Difference, Fork, State, Step, Trace
from truebook.specs.scenarios import BESIDE_FOREIGN, FILLS, FOREIGN, Scenario

engines = pytest.mark.parametrize("engine", [plain.explore, columns.explore], ids=["plain", "fast"])


@attrs.define
class World:
    wire: int = 1
    known: int = 0
    seen: int = 0


def double(world: World) -> bool:
    world.known = min(3, world.known + world.known)
    world.seen = 1
    return True


def add(world: World) -> bool:
    if world.wire == 0:
        return False
    world.wire = 0
    world.known = min(3, world.known + 1)
    return True


FIELDS = (
    Field("wire", 2, "on the wire"),
    Field("known", 4, "known", book=True),
    Field("seen", 2, "seen", detail=True),
)
DOUBLE = Action("double", (double,), "it doubles", message=True)
ADD = Action("add", (add,), "it adds one", message=True, wire=("wire",))
ONCE = Action("once", (add,), "it adds one, once", message=True)


def fork_of(engine: Engine, *actions: Action, kind: Kind) -> Fork:
    system = System("toy", FIELDS, actions, World, ())
    check = Check("confluence", "a part", kind, actions=tuple(a.name for a in actions))
    trace = engine(system, (check,)).violations[0]
    assert trace.steps == ()
    assert trace.fork is not None
    return trace.fork


def step(action: Action, *changes: tuple[str, str, str], again: str = "") -> Step:
    return Step(
        action.name,
        action.words + again,
        tuple(Change(*of, detail=of[0] == "seen") for of in changes),
    )


WIRE, SEEN = ("on the wire", "1", "0"), ("seen", "0", "1")


@engines
def test_both_orders_are_shown_to_the_end(engine: Engine) -> None:
    assert fork_of(engine, ADD, DOUBLE, kind=Kind.COMMUTE) == Fork(
        (step(ADD, WIRE, ("known", "0", "1")), step(DOUBLE, ("known", "1", "2"), SEEN)),
        (step(DOUBLE, SEEN), step(ADD, WIRE, ("known", "0", "1"))),
        (Difference("known", "2", "1"),),
    )


@engines
def test_a_message_told_again_is_shown_once_and_twice(engine: Engine) -> None:
    """What is on the wire and what was seen differ, too, but the book is what must not."""
    once = step(ADD, WIRE, ("known", "0", "1"))
    assert fork_of(engine, ADD, kind=Kind.REPEAT) == Fork(
        (once,),
        (once, step(ADD, WIRE, ("known", "1", "2"), again=", again")),
        (Difference("known", "1", "2"),),
        repeated=True,
    )


@engines
def test_a_message_that_cannot_be_told_again_differs_in_nothing(engine: Engine) -> None:
    once = step(ONCE, WIRE, ("known", "0", "1"))
    assert fork_of(engine, ONCE, kind=Kind.REPEAT) == Fork((once,), (once,), (), repeated=True)


QUICK = Bounds(
    size=1,
    timers=Timers(expiry=0, grace=1, fill_window=1, tombstone=1, listing=0),
    delays=Delays(expiry=0, fill=0),
)
BROKEN = [
    (PLAN, Scenario("order", attrs.evolve(QUICK, cancel=True))),
    (PLAN, Scenario("foreign", QUICK, FOREIGN)),
    (PLAN, Scenario("fills", MemoryBounds(fills=2, capacity=1), FILLS)),
    (LEGACY, Scenario("modify", attrs.evolve(QUICK, modify=True))),
    (without("state-is-derived"), Scenario("derived", attrs.evolve(QUICK, size=2, cancel=True))),
    (without("fills-move-position"), Scenario("beside a foreign one", QUICK, BESIDE_FOREIGN)),
]


@cache
def broken(number: int) -> tuple[System, list[tuple[Check, Trace]]]:
    design, scenario = BROKEN[number]
    system = scenario.build(design)
    checks = [check for check in checks_of(system) if check.property == "confluence"]
    found = columns.explore(system, checks).violations
    return system, [(checks[n], trace) for n, trace in found.items()]


def followed(runner: Runner, state: State, steps: tuple[Step, ...]) -> State:
    """Run the actions of some steps, and see that they change what the steps say."""
    fields = runner.system.fields
    for of in steps:
        (action,) = (a for a in runner.system.actions if a.name == of.action)
        after = runner.run(state, action)
        assert after is not None
        changed = [
            (field.label, field.show(a), field.show(b))
            for field, a, b in zip(fields, state, after, strict=True)
            if a != b
        ]
        assert changed == [(c.label, c.before, c.after) for c in of.changes]
        state = after
    return state


@pytest.mark.parametrize("number", range(len(BROKEN)), ids=lambda n: BROKEN[n][1].name)
def test_the_model_goes_both_ways_and_ends_in_what_differs(number: int) -> None:
    system, found = broken(number)
    assert found
    runner = Runner(system)
    for check, trace in found:
        fork = trace.fork
        assert fork is not None
        assert fork.differs
        start = followed(runner, runner.first, trace.steps)
        if check.kind is Kind.COMMUTE:
            one, other = (followed(runner, start, way) for way in (fork.one, fork.other))
            assert [of.action for of in fork.one] == list(check.actions)
            assert [of.action for of in fork.other] == list(check.actions[::-1])
        else:
            one = followed(runner, start, fork.one)
            told, again = fork.other
            assert (told,) == fork.one
            assert again.words == f"{told.words}, again"
            (message,) = (a for a in system.actions if a.name == again.action)
            other = followed(runner, runner.again(start, one, message), (again,))
        values = {
            field.label: (field.show(a), field.show(b))
            for field, a, b in zip(system.fields, one, other, strict=True)
            if a != b and check.of_field(field.path) and (field.book or not fork.repeated)
        }
        assert {d.label: (d.one, d.other) for d in fork.differs} == values


def test_only_confluence_has_two_ways() -> None:
    design, scenario = BROKEN[0]
    system = scenario.build(design)
    checks = checks_of(system)
    for n, trace in columns.explore(system, checks).violations.items():
        assert (trace.fork is not None) == (checks[n].property == "confluence")
