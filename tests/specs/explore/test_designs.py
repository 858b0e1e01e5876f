"""Checking a design: tasks, their outcomes, the verdicts gathered from them, the exit code."""

import multiprocessing
import time
from collections.abc import Collection, Sequence

import attrs
import pytest

from truebook.model import lifecycle
from truebook.model.config import Bounds
from truebook.model.designs import DESIGNS, REFERENCE
from truebook.model.memory import MemoryBounds
from truebook.model.system import Action
from truebook.model.vocabulary import Event, OrderState
from truebook.specs.explore import designs as checking
from truebook.specs.explore.designs import Outcome, Task, checks_for, report, run, run_all
from truebook.specs.explore.engine import Exploration, Move
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import PROPERTY_NAMES, Check, Kind
from truebook.specs.properties.trace import Step, Trace
from truebook.specs.properties.verdict import (
    INCONCLUSIVE,
    SHOWN,
    SUBJECT_BROKE,
    USAGE,
    VIOLATED,
    Holds,
    Incomplete,
    Unreached,
    Verdict,
    Violated,
    exit_code,
)
from truebook.specs.scenarios import (
    FILLS,
    FOREIGN,
    RULE_SCENARIOS,
    WAITING,
    Scenario,
    deep_scenarios,
    default_scenarios,
    pair_scenarios,
    with_faults,
)

FEW = Scenario("few fills", MemoryBounds(fills=2), FILLS)
ONE_LOT = Scenario("one lot", Bounds(size=1))
MOST = Scenario("most", with_faults("cancel", "modify", "lose", "refuse"))
WAITS = Scenario("waiting", Bounds(size=1), WAITING)


# Exit codes

TRACE = Trace((Step("tick", "a tick passes", ()),))
HELD, UNREACHED, INCOMPLETE = Holds(("order",)), Unreached("no rain"), Incomplete("too large")
BROKEN = Violated("a part", TRACE)


def test_the_codes_are_those_promised() -> None:
    assert [SHOWN, VIOLATED, USAGE, SUBJECT_BROKE, INCONCLUSIVE] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([], 2),
        ([HELD], 0),
        ([HELD, HELD], 0),
        ([BROKEN], 1),
        ([UNREACHED], 4),
        ([INCOMPLETE], 4),
        ([HELD, UNREACHED], 4),
        ([INCOMPLETE, HELD], 4),
        ([HELD, BROKEN], 1),
        ([UNREACHED, BROKEN], 1),
        ([BROKEN, INCOMPLETE], 1),
        ([INCOMPLETE, HELD, UNREACHED, BROKEN, BROKEN], 1),
    ],
)
def test_the_worst_verdict_gives_the_exit_code(verdicts: Sequence[Verdict], code: int) -> None:
    assert exit_code(*verdicts) == code


# One task


def test_a_task_is_titled_by_its_design() -> None:
    assert Task("plan", FEW).title == "plan"
    without = Task("reference", FEW, ("tombstones", "fill-binds"))
    assert without.title == "reference without tombstones, fill-binds"


def test_an_outcome_has_what_was_found() -> None:
    told: list[tuple[int, int, int]] = []
    outcome = run(Task("reference", FEW), lambda *now: told.append(now))
    assert outcome.found is not None
    assert outcome.reason == ""
    assert outcome.found.violations == {}
    assert [states for states, _, _ in told] == sorted(states for states, _, _ in told)
    assert max(depth for _, depth, _ in told) <= outcome.found.depth


def test_both_engines_are_there() -> None:
    fast, plain = (run(Task("plan", FEW, engine=engine)) for engine in ("fast", "plain"))
    assert fast.found == plain.found


def test_the_checks_of_an_outcome_are_those_asked_for_in_order() -> None:
    names = ("convergence", "no-fill-twice")
    system = FEW.build(REFERENCE)
    task = Task("reference", FEW, properties=names)
    parts = [check.part for check in checks_of(system) if check.property in names]
    assert [check.part for check in checks_for(task, system)] == parts
    assert [check.part for check in run(task).checks] == parts
    fewer = attrs.evolve(task, scenario=attrs.evolve(FEW, properties=("confluence", names[0])))
    assert {check.property for check in checks_for(fewer, system)} == {"convergence"}


def test_beyond_its_limit_a_task_is_incomplete() -> None:
    whole = run(Task("reference", FEW)).found
    assert whole is not None
    assert run(Task("reference", FEW, limit=whole.states)).found == whole
    stopped = run(Task("reference", FEW, limit=whole.states - 1))
    assert stopped.found is None
    assert stopped.reason == f"few fills: more than {whole.states - 1:,} states"
    assert stopped.checks == run(Task("reference", FEW)).checks


# Many tasks

TASKS = [
    Task("reference", FEW),
    Task("plan", FEW),
    Task("reference", FEW, limit=10),
    Task("plan", ONE_LOT, properties=("no-fill-twice",)),
]


def nothing_is_left() -> bool:
    until = time.monotonic() + 5
    while multiprocessing.active_children() and time.monotonic() < until:
        time.sleep(0.02)
    return not multiprocessing.active_children()


def test_processes_find_what_one_does() -> None:
    alone = list(run_all(TASKS, jobs=1))
    assert [outcome.task for outcome in alone] == TASKS
    together = {outcome.task: outcome for outcome in run_all(TASKS, jobs=2)}
    assert together == {outcome.task: outcome for outcome in alone}
    assert nothing_is_left()


def test_no_tasks_have_no_outcomes() -> None:
    assert list(run_all([])) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_impossible_task_is_an_error(jobs: int) -> None:
    tasks = [Task("reference", Scenario("large", Bounds(size=500))), TASKS[0]]
    with pytest.raises(ValueError, match="at most 120 fit"):
        list(run_all(tasks, jobs=jobs))
    assert nothing_is_left()


def test_whoever_stops_listening_leaves_no_process() -> None:
    large = Task("reference", Scenario("large", with_faults("cancel", "lose", "late", "unasked")))
    outcomes = run_all([TASKS[0], large, large], jobs=2)
    assert next(outcomes).task == TASKS[0]
    assert multiprocessing.active_children()
    outcomes.close()  # type: ignore[attr-defined]
    assert nothing_is_left()


# From outcomes to verdicts


def check(name: str, part: str = "a part") -> Check:
    return Check(name, part, Kind.STATE)


def trace(steps: int) -> Trace:
    return Trace(TRACE.steps * steps)


def outcome(
    scenario: Scenario,
    *checks: Check,
    violations: dict[int, Trace] | None = None,
    reason: str = "",
    moves: frozenset[Move] = frozenset(),
    missing: tuple[str, ...] = (),
) -> Outcome:
    """Return an outcome in which every action happened but those missing."""
    fired = {action.name for action in scenario.build(REFERENCE).actions} - set(missing)
    found = Exploration(9, 20, 3, frozenset(fired), moves, violations or {}, 0.1)
    return Outcome(Task("reference", scenario), None if reason else found, checks, reason)


def verdict(name: str, *outcomes: Outcome) -> tuple[Verdict, str]:
    found = report("reference", outcomes, [name], seconds=1.0, all_reached=False)
    assert list(found.properties) == [name]
    assert found.unreached == ()
    return found.properties[name], found.scenario[name]


def test_what_no_scenario_breaks_holds_in_those_that_looked() -> None:
    outcomes = outcome(FEW, check("identity")), outcome(ONE_LOT), outcome(MOST, check("identity"))
    assert verdict("identity", *outcomes) == (Holds(("few fills", "most")), "")


def test_the_shortest_trace_is_shown() -> None:
    first = outcome(
        FEW,
        check("identity", "a"),
        check("confluence"),
        check("identity", "b"),
        violations={0: trace(5), 1: trace(1), 2: trace(3)},
    )
    other = outcome(ONE_LOT, check("identity", "c"), violations={0: trace(4)})
    same = outcome(MOST, check("identity", "d"), violations={0: trace(3)})
    shown = Violated("b", trace(3)), "few fills"
    assert verdict("identity", first, other, same) == shown
    assert verdict("identity", other, first, same) == shown
    assert verdict("identity", same, first) == (Violated("d", trace(3)), "most")
    assert verdict("confluence", first) == (Violated("a part", trace(1)), "few fills")


def test_what_one_scenario_left_open_is_incomplete() -> None:
    looked = outcome(FEW, check("identity"))
    stopped = outcome(ONE_LOT, check("identity"), reason="one lot: too large")
    also = outcome(MOST, check("identity"), reason="most: too large")
    assert verdict("identity", looked, stopped) == (Incomplete("one lot: too large"), "")
    assert verdict("identity", stopped, looked, also) == (
        Incomplete("one lot: too large; most: too large"),
        "",
    )
    broken = outcome(FEW, check("identity"), violations={0: trace(7)})
    assert verdict("identity", stopped, broken) == (Violated("a part", trace(7)), "few fills")
    elsewhere = outcome(ONE_LOT, check("confluence"), reason="one lot: too large")
    assert verdict("identity", looked, elsewhere) == (Holds(("few fills",)), "")


def test_what_no_scenario_looked_at_is_unreached() -> None:
    found, where = verdict("identity", outcome(FEW, check("confluence")))
    assert isinstance(found, Unreached)
    assert where == ""
    assert isinstance(verdict("identity")[0], Unreached)


def test_a_report_counts_what_its_scenarios_found() -> None:
    outcomes = [outcome(FEW), outcome(ONE_LOT), outcome(MOST, reason="most: too large")]
    found = report("reference", outcomes, PROPERTY_NAMES, seconds=1.5, all_reached=False)
    assert (found.states, found.transitions, found.depth, found.seconds) == (18, 40, 3, 1.5)
    assert list(found.properties) == list(PROPERTY_NAMES)
    nothing = report("reference", [], PROPERTY_NAMES, seconds=0.0, all_reached=False)
    assert (nothing.states, nothing.transitions, nothing.depth) == (0, 0, 0)


# What never happened


def unreached(*outcomes: Outcome, all_reached: bool = False) -> list[str]:
    found = report("reference", outcomes, ["identity"], seconds=1.0, all_reached=all_reached)
    return list(found.unreached)


def test_an_action_that_never_happened_is_named() -> None:
    rebase = Scenario("rebase", MemoryBounds(rebase=True), FILLS)
    never = "never happened: the book takes over the position read"
    assert unreached(outcome(FEW)) == []
    assert unreached(outcome(rebase, missing=("rebase",))) == [never]
    assert unreached(outcome(rebase, missing=("rebase",)), outcome(rebase)) == []
    assert unreached(outcome(rebase, missing=("rebase",)), outcome(FEW)) == [never]
    assert unreached(outcome(rebase, missing=("rebase",), reason="too large")) == []


def test_an_optional_action_need_not_happen() -> None:
    optional = tuple(action.name for action in ONE_LOT.build(REFERENCE).actions if action.optional)
    assert optional
    assert unreached(outcome(ONE_LOT, missing=optional)) == []


def moves_of(scenario: Scenario, events: Collection[Event]) -> frozenset[Move]:
    """Return moves by the actions of a scenario that take every row of some events."""
    actions = scenario.build(REFERENCE).actions
    return frozenset(
        next(
            (action.name, leg, int(before), int(after))
            for action in actions
            for leg in (0, 1)
            if checking._event(action, leg) == event
        )
        for event, before, after in lifecycle.steps()
        if event in events
    )


def every_move() -> frozenset[Move]:
    """Return moves by the actions of MOST that take every row but that of what is triggered."""
    return moves_of(MOST, set(Event) - {Event.TRIGGERED})


def triggered() -> Outcome:
    """Return the outcome of a world in which an order is triggered."""
    return outcome(WAITS, moves=moves_of(WAITS, [Event.TRIGGERED]))


def row_of(move: Move) -> tuple[Event | None, int, int]:
    name, leg, before, after = move
    (action,) = (action for action in MOST.build(REFERENCE).actions if action.name == name)
    return checking._event(action, leg), before, after


def test_every_row_taken_is_every_state_reached() -> None:
    every = outcome(MOST, moves=every_move())
    assert unreached(every, triggered(), all_reached=True) == []
    assert unreached(outcome(MOST), all_reached=False) == []


def test_a_row_never_taken_is_named() -> None:
    row = (Event.LISTED, OrderState.CANCEL_PENDING, OrderState.RESTING)
    some = frozenset(move for move in every_move() if row_of(move) != row)
    without = outcome(MOST, moves=some)
    never = "row never taken: cancel pending, listed -> resting"
    assert unreached(without, triggered(), all_reached=True) == [never]
    the_row = outcome(MOST, moves=every_move() - some)
    assert unreached(without, triggered(), the_row, all_reached=True) == []
    stopped = attrs.evolve(the_row, found=None, reason="too large")
    assert unreached(without, triggered(), stopped, all_reached=True) == [never]


def test_a_state_never_reached_is_named_with_its_rows() -> None:
    dead = int(OrderState.DEAD)
    moves = frozenset(move for move in every_move() if dead not in move[2:])
    lines = unreached(outcome(MOST, moves=moves), triggered(), all_reached=True)
    assert lines[0] == "no order was ever dead"
    assert len(lines) == 1 + sum(OrderState.DEAD in step[1:] for step in lifecycle.steps())
    assert all(line.startswith("row never taken: ") for line in lines[1:])


def test_nothing_found_is_nothing_reached() -> None:
    lines = unreached(all_reached=True)
    assert [line for line in lines if "no order was ever" in line] == [
        f"no order was ever {state.name.lower().replace('_', ' ')}" for state in OrderState
    ]
    assert len(lines) == len(OrderState) + len(lifecycle.steps())


def test_what_an_action_is_to_a_leg() -> None:
    def action(name: str, event: Event | None, leg: int | None) -> Action:
        return Action(name, (lambda world: True,), "words", event=event, leg=leg)

    assert checking._event(action("tick", Event.AGED, None), 0) is Event.AGED
    assert checking._event(action("tick", Event.AGED, None), 1) is Event.AGED
    assert checking._event(action("fill", Event.FILLED, 1), 1) is Event.FILLED
    assert checking._event(action("fill", Event.FILLED, 1), 0) is Event.REPLACED
    assert checking._event(action("1.reconnect", Event.FILLED, None), 0) is None


# What ships


@pytest.mark.parametrize(
    "scenarios",
    [
        *(default_scenarios(design) for design in DESIGNS),
        tuple(pair_scenarios()),
        deep_scenarios(),
        RULE_SCENARIOS,
    ],
    ids=[*(design.name for design in DESIGNS), "pairs", "deep", "rules"],
)
def test_scenarios_have_names_of_their_own(scenarios: Sequence[Scenario]) -> None:
    names = [scenario.name for scenario in scenarios]
    assert len(names) == len(set(names))
    for scenario in scenarios:
        assert checks_for(Task("reference", scenario), scenario.build(REFERENCE))


def test_foreign_orders_have_no_row_in_the_lifecycle() -> None:
    foreign = Scenario("foreign", with_faults("refuse", "lose"), FOREIGN)
    found = run(Task("reference", foreign)).found
    assert found is not None
    assert found.moves == frozenset()
