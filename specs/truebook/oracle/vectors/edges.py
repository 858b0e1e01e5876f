"""Every edge of the bounded model, and every two in a row, as runs that a book can be told.

Two edges that differ only in what a book can neither know nor hear are one. Each run is one that
the model's world can really take; together they cover every edge, or every two in a row.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence

import attrs

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.model.memory import MemoryBounds
from truebook.model.request_world import RequestBounds
from truebook.model.vocabulary import Picture
from truebook.oracle.cases import Case
from truebook.oracle.vectors.actions import config_of, teller_of
from truebook.oracle.vectors.build import rule_of
from truebook.oracle.vectors.telling import Moment, step_of, steps_of
from truebook.oracle.vectors.truths import truth_teller
from truebook.oracle.vectors.without import without
from truebook.specs.explore import Runner
from truebook.specs.properties import State
from truebook.specs.refine import is_heard, view_of
from truebook.specs.scenarios import FILLS, FOREIGN, Scenario, with_faults

Run = tuple[tuple[int, State], ...]
"""The numbers of the actions of a run, each with the state before it."""


def scenarios_for(features: Sequence[str]) -> Iterator[Scenario]:
    """Yield the bounded models for what a book can do: small ones, whose every edge is taken."""
    snapshots = 1 if "listing" in features else 0
    faults = ["refuse", "lose", "late", *(["cancel"] if "cancel" in features else [])]
    one, two = Bounds(size=1, snapshots=snapshots), Bounds(size=2, snapshots=snapshots)
    yield Scenario("one lot", with_faults(*faults, bounds=one))
    again = ["duplicates", "unasked", *(["cancel"] if "cancel" in features else [])]
    yield Scenario("two lots", with_faults(*again, bounds=two))
    if "modify" in features:
        yield Scenario("modify", with_faults("modify", "lose", bounds=one))
    if {"listing", "orphans"} <= set(features):
        yield Scenario("foreign", with_faults("refuse", "lose"), FOREIGN)
    if "fill-times" in features:
        yield Scenario("fills", MemoryBounds(fills=3, capacity=1), FILLS)


@attrs.define
class Graph:
    """The reachable states of a scenario, breadth first, and how each was first come to.

    `cannot` are the types of events that are not told in it.
    """

    scenario: Scenario
    cannot: Collection[str] = ()
    runner: Runner = attrs.field(init=False)
    states: list[State] = attrs.field(init=False)
    out: dict[State, list[tuple[int, State]]] = attrs.field(factory=dict)
    came: dict[State, tuple[State, int]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Explore it."""
        self.runner = Runner(without(self.scenario.build(REFERENCE), self.cannot))
        self.states = [self.runner.first]
        seen = set(self.states)
        for state in self.states:
            self.out[state] = self.runner.successors(state)
            for number, after in self.out[state]:
                if after not in seen:
                    seen.add(after)
                    self.states.append(after)
                    self.came[after] = (state, number)

    def edges(self) -> Iterator[tuple[State, int, State]]:
        """Yield every edge: the state before, the number of the action, the state after."""
        for state in self.states:
            for number, after in self.out[state]:
                yield state, number, after

    def way_to(self, state: State) -> list[tuple[int, State]]:
        """Return a shortest run to a state."""
        way: list[tuple[int, State]] = []
        while state in self.came:
            before, number = self.came[state]
            way.append((number, before))
            state = before
        return way[::-1]


def edge_runs(graph: Graph) -> list[Run]:
    """Return, for every edge that a book can tell apart, a shortest run that ends with it.

    A run that is the beginning of another is left out.
    """
    seen = _seen_as(graph)
    taken: set[Key] = set()
    runs: list[Run] = []
    for before, number, after in graph.edges():
        key = seen(before, number, after)
        if key is not None and key not in taken:
            taken.add(key)
            runs.append((*graph.way_to(before), (number, before)))
    return _longest(runs)


def pair_runs(graph: Graph) -> list[Run]:
    """Return the same for every two edges in a row, with at most one unseen action between."""
    seen = _seen_as(graph)
    taken: set[Key] = set()
    runs: list[Run] = []
    for before, number, after in graph.edges():
        first = seen(before, number, after)
        if first is None:
            continue
        for between, last, end in _next(graph, seen, after):
            key = (first, seen(last[1], last[0], end))
            if key not in taken:
                taken.add(key)
                runs.append((*graph.way_to(before), (number, before), *between, last))
    return _longest(runs)


def _next(
    graph: Graph, seen: "Seen", state: State
) -> Iterator[tuple[Run, tuple[int, State], State]]:
    """Yield the seen edges from a state, each with what comes unseen before it."""
    for number, after in graph.out[state]:
        if seen(state, number, after) is not None:
            yield (), (number, state), after
            continue
        for again, end in graph.out[after]:
            if seen(after, again, end) is not None:
                yield ((number, state),), (again, after), end


def _longest(runs: Sequence[Run]) -> list[Run]:
    """Return the runs that are not the beginning of another, shortest first."""
    begun = {run[:length] for run in runs for length in range(1, len(run))}
    return sorted((run for run in runs if run not in begun), key=len)


Key = Hashable
Seen = Callable[[State, int, State], Key]


def _seen_as(graph: Graph) -> Seen:
    """Return what makes of an edge what a book sees of it: None where it sees nothing."""
    system = graph.runner.system
    view = view_of(graph.scenario, system)
    places = {field.path: f for f, field in enumerate(system.fields)}
    kept = [places[path] for path in view.kept if path in places]
    phases = [f for f in kept if system.fields[f].path.endswith(".phase")]
    rest = [f for f in kept if f not in phases]
    said = [[places[p] for p in view.told(a.name) if p in places] for a in system.actions]
    heard = [is_heard(action.name) for action in system.actions]
    known: dict[State, Key] = {}

    def of(state: State) -> Key:
        if state not in known:
            asked = [int(state[f] >= Picture.REQUESTED) for f in phases]
            known[state] = (*(state[f] for f in rest), *asked)
        return known[state]

    def seen(before: State, number: int, after: State) -> Key:
        if not heard[number]:
            return None
        return (of(before), number, tuple(before[f] for f in said[number]), of(after))

    return seen


def case_of(graph: Graph, run: Run, slug: str) -> Case | None:
    """Return a run as a case; None where the reference refuses what is asked in it."""
    system, bounds = graph.runner.system, graph.scenario.bounds
    assert not isinstance(bounds, RequestBounds)
    fields = [field.path for field in system.fields]
    states = [state for _, state in run]
    end = dict(graph.out[states[-1]])[run[-1][0]]
    values = [dict(zip(fields, state, strict=True)) for state in (*states, end)]
    path = [
        Moment(system.actions[number].name, before, after)
        for (number, _), before, after in zip(run, values[:-1], values[1:], strict=True)
    ]
    config, world = config_of(bounds), graph.scenario.worlds[0]
    steps = steps_of(teller_of(world, bounds), truth_teller(world, bounds), path, config)
    if steps is None:
        return None
    return Case(
        slug=slug,
        title=f"A run of the model '{graph.scenario.name}'",
        source=f"explored: scenario '{graph.scenario.name}'",
        requires=("core",),
        rule=rule_of(steps[-1]["event"]["type"]),
        property="confluence",
        severity="critical",
        config=config,
        steps=tuple(map(step_of, steps)),
    )
