"""Checking a design: explore its scenarios, and gather one verdict a property."""

from collections.abc import Callable, Iterator, Sequence

import attrs

from truebook.model import lifecycle
from truebook.model.designs import design_named
from truebook.model.system import Action, System
from truebook.model.vocabulary import Event, OrderState
from truebook.specs import columns, plain, tables
from truebook.specs.checks import checks_of
from truebook.specs.explore import Engine, Exploration, TooLargeError
from truebook.specs.processes import side_by_side
from truebook.specs.properties import PROPERTY_NAMES, Check
from truebook.specs.scenarios import Scenario
from truebook.specs.trace import Trace
from truebook.specs.verdict import Holds, Incomplete, Unreached, Verdict, Violated

Progress = Callable[["Task", int, int, int], None]
"""Told, now and then, the states found in a task so far, the depth, the states of the frontier."""


@attrs.frozen
class Task:
    """One scenario to explore under one design, with the rules that are switched off in it."""

    design: str
    scenario: Scenario
    switched_off: tuple[str, ...] = ()
    properties: tuple[str, ...] | None = None
    limit: int | None = None
    engine: str = "fast"

    @property
    def title(self) -> str:
        """The design's name for readers."""
        return design_named(self.design, *self.switched_off).name


@attrs.frozen
class Outcome:
    """What came of a task: what was found, or why it is incomplete (`reason`)."""

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


def checks_for(task: Task, system: System) -> tuple[Check, ...]:
    """Return the checks of a system that a task asks for."""
    return tuple(
        check
        for check in checks_of(system)
        if (task.properties is None or check.property in task.properties)
        and (task.scenario.properties is None or check.property in task.scenario.properties)
    )


def run(task: Task, progress: Callable[[int, int, int], None] | None = None) -> Outcome:
    """Explore one scenario with the engine that the task asks for."""
    system = task.scenario.build(design_named(task.design, *task.switched_off))
    checks = checks_for(task, system)
    fast = tables.explore if system.orders else columns.explore
    explore: Engine = {"fast": fast, "plain": plain.explore}[task.engine]
    described = tuple(check.described() for check in checks)
    try:
        found = explore(system, checks, limit=task.limit, progress=progress)
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

    `all_reached` asks that every state and row of the lifecycle came up, not the actions alone.
    """
    verdicts, scenario = {}, {}
    for name in PROPERTY_NAMES:
        if name in properties:
            verdicts[name], scenario[name] = _verdict(name, outcomes)
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
        looked.append(outcome.task.scenario.name)
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
        fired |= outcome.found.fired
        for action in _system(outcome).actions:
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
