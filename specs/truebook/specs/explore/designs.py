"""Checking a design: explore its scenarios, and gather one verdict a property."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from truebook.model import lifecycle
from truebook.model.designs import design_named
from truebook.model.system import Action, System
from truebook.model.vocabulary import Event, OrderState
from truebook.specs.explore import columns, plain, tables
from truebook.specs.explore.engine import Engine, Exploration, TooLargeError, Wanted
from truebook.specs.processes import side_by_side
from truebook.specs.properties import (
    PROPERTY_NAMES,
    Check,
    Holds,
    Incomplete,
    Trace,
    Unreached,
    Verdict,
    Violated,
    checks_of,
)
from truebook.specs.scenarios import Scenario

Progress = Callable[["Task", int, int, int], None]
"""Told, now and then, the states found in a task so far, the depth, the states of the frontier."""


@attrs.frozen
class Aim:
    """How far a scenario is explored: until each property that is asked of it is settled.

    A property is settled once its states have been looked at as deep as its shortest violation is
    long: the one found here, or the one that is `known` (property, length) from another scenario.
    With a `budget` the exploration also ends at the first level beyond so many states.
    """

    known: tuple[tuple[str, int], ...] = ()
    budget: int | None = None

    def wanted(self, checks: Sequence[Check]) -> Wanted:
        """Return which of some checks are still to be looked at, as an engine asks it."""

        def still(depth: int, states: int, lengths: Mapping[int, int]) -> set[int]:
            if self.budget is not None and states > self.budget:
                return set()
            shortest = dict(self.known)
            for n, length in lengths.items():
                name = checks[n].property
                shortest[name] = min(length, shortest.get(name, length))
            settled = {name for name, length in shortest.items() if length <= depth}
            return {n for n, check in enumerate(checks) if check.property not in settled}

        return still


@attrs.frozen
class Task:
    """One scenario to explore under one design, with the rules that are switched off in it.

    Without an `aim` every state is explored, whatever has been found broken by then.
    """

    design: str
    scenario: Scenario
    switched_off: tuple[str, ...] = ()
    properties: tuple[str, ...] | None = None
    limit: int | None = None
    engine: str = "fast"
    aim: Aim | None = None

    @property
    def title(self) -> str:
        """The design's name for readers."""
        return design_named(self.design, *self.switched_off).name


@attrs.frozen
class Outcome:
    """What came of a task: what was found, and why it is not all (`reason`), if it is not."""

    task: Task
    found: Exploration | None
    checks: tuple[Check, ...]
    reason: str = ""

    def broken(self) -> dict[str, Trace]:
        """Return a shortest trace to a violation of each property that was found broken."""
        found: dict[str, Trace] = {}
        for number, trace in self.found.violations.items() if self.found else ():
            name = self.checks[number].property
            if name not in found or len(trace) < len(found[name]):
                found[name] = trace
        return found

    def settles(self, shortest: Mapping[str, int]) -> bool:
        """Return whether nothing that is asked of the scenario is left open.

        `shortest` are the lengths of the shortest violations known, of all scenarios.
        """
        if self.found is None or self.found.complete:
            return self.found is not None
        deep = {name for name, length in shortest.items() if length <= self.found.depth}
        return all(check.property in deep for check in self.checks)

    @property
    def stopped(self) -> bool:
        """Whether the exploration ended before every state was found."""
        return self.found is not None and not self.found.complete


@attrs.frozen
class Report:
    """The verdicts of one design, by property, with the scenario that gave each.

    `unreached` are the actions, states and table rows that never came up though they should.
    """

    design: str
    properties: dict[str, Verdict]
    scenario: dict[str, str]
    outcomes: tuple[Outcome, ...]
    unreached: tuple[str, ...]
    seconds: float

    @property
    def states(self) -> int:
        """Distinct states, over all scenarios."""
        return sum(o.found.states for o in self.outcomes if o.found)

    @property
    def transitions(self) -> int:
        """Transitions, over all scenarios."""
        return sum(o.found.transitions for o in self.outcomes if o.found)

    @property
    def depth(self) -> int:
        """The depth of the deepest scenario."""
        return max((o.found.depth for o in self.outcomes if o.found), default=0)

    @property
    def complete(self) -> bool:
        """Whether every scenario was explored to the end; else counts are the least there is."""
        return all(o.found is not None and o.found.complete for o in self.outcomes)


def checks_for(task: Task, system: System) -> tuple[Check, ...]:
    """Return the checks of a system that a task asks for."""
    return tuple(
        check
        for check in checks_of(system)
        if (task.properties is None or check.property in task.properties)
        and (task.scenario.properties is None or check.property in task.scenario.properties)
    )


def is_asked(task: Task) -> bool:
    """Return whether a task's scenario has anything that the properties asked for speak of."""
    system = task.scenario.build(design_named(task.design, *task.switched_off))
    return bool(checks_for(task, system))


def run(task: Task, progress: Callable[[int, int, int], None] | None = None) -> Outcome:
    """Explore one scenario with the engine that the task asks for."""
    system = task.scenario.build(design_named(task.design, *task.switched_off))
    checks = checks_for(task, system)
    fast = tables.explore if system.orders else columns.explore
    explore: Engine = {"fast": fast, "plain": plain.explore}[task.engine]
    described = tuple(check.described() for check in checks)
    wanted = task.aim.wanted(described) if task.aim else None
    try:
        found = explore(system, checks, limit=task.limit, progress=progress, wanted=wanted)
    except TooLargeError as error:
        return Outcome(task, None, described, f"{task.scenario.name}: {error}")
    return Outcome(task, found, described)


def run_all(
    tasks: Sequence[Task], *, jobs: int | None = None, progress: Progress | None = None
) -> Iterator[Outcome]:
    """Explore scenarios in processes side by side, and yield each outcome as it comes."""
    return side_by_side(run, tasks, jobs=jobs, progress=progress)


def report(
    design: str,
    outcomes: Sequence[Outcome],
    properties: Sequence[str],
    *,
    seconds: float,
    all_reached: bool,
) -> Report:
    """Gather the outcomes of one design, in the order of its scenarios, into verdicts.

    `all_reached` asks that every state and row of the lifecycle came up, not the actions alone;
    where a scenario was not explored to the end nothing is said of what never came up in it.
    """
    verdicts, scenario = {}, {}
    for name in PROPERTY_NAMES:
        if name in properties:
            verdicts[name], scenario[name] = _verdict(name, outcomes)
    all_reached = all_reached and not any(outcome.stopped for outcome in outcomes)
    unreached = (*_never_fired(outcomes), *(_never_reached(outcomes) if all_reached else ()))
    return Report(design, verdicts, scenario, tuple(outcomes), tuple(unreached), seconds)


def _verdict(name: str, outcomes: Sequence[Outcome]) -> tuple[Verdict, str]:
    best: tuple[Trace, str, str] | None = None
    looked = []
    reasons = []
    for outcome in outcomes:
        numbers = [n for n, check in enumerate(outcome.checks) if check.property == name]
        if not numbers:
            continue
        if outcome.found is None:
            reasons.append(outcome.reason)
            continue
        scenario = outcome.task.scenario.name
        if outcome.stopped:
            stop = f"{scenario}: not explored beyond depth {outcome.found.depth}"
            reasons.append(outcome.reason or stop)
        looked.append(scenario)
        for n in numbers:
            trace = outcome.found.violations.get(n)
            if trace is not None and (best is None or len(trace) < len(best[0])):
                best = trace, outcome.checks[n].part, outcome.task.scenario.name
    if best is not None:
        return Violated(best[1], best[0]), best[2]
    if reasons:
        return Incomplete("; ".join(reasons)), ""
    if not looked:
        return Unreached("no world explored here has anything that this speaks of"), ""
    return Holds(tuple(looked)), ""


def _never_fired(outcomes: Sequence[Outcome]) -> Iterator[str]:
    fired: set[str] = set()
    wanted: dict[str, str] = {}
    for outcome in outcomes:
        if outcome.found is None:
            continue
        actions = _system(outcome).actions
        # What did not happen yet may happen where the exploration did not come to.
        fired |= {a.name for a in actions} if outcome.stopped else outcome.found.fired
        for action in actions:
            if not action.optional:
                wanted.setdefault(action.name, action.words)
    yield from (f"never happened: {words}" for name, words in wanted.items() if name not in fired)


def _never_reached(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the states and rows of the lifecycle that no scenario of one order came to."""
    taken: set[tuple[Event, OrderState, OrderState]] = set()
    for outcome in outcomes:
        if outcome.found is None:
            continue
        actions = {action.name: action for action in _system(outcome).actions}
        for name, leg, before, after in outcome.found.moves:
            event = _event(actions[name], leg)
            if event is not None:
                taken.add((event, OrderState(before), OrderState(after)))
    states = {state for _, before, after in taken for state in (before, after)}
    yield from (f"no order was ever {_words(s)}" for s in OrderState if s not in states)
    for event, before, after in sorted(lifecycle.steps() - taken):
        yield f"row never taken: {_words(before)}, {_words(event)} -> {_words(after)}"


def _event(action: Action, leg: int) -> Event | None:
    """Return what an action is to the record of a leg; a replay is several events at once."""
    if action.name.endswith("reconnect"):
        return None
    if action.event is not None and action.leg in (None, leg):
        return action.event
    return Event.REPLACED


def _words(value: Event | OrderState) -> str:
    return value.name.lower().replace("_", " ")


def _system(outcome: Outcome) -> System:
    task = outcome.task
    return task.scenario.build(design_named(task.design, *task.switched_off))
