"""Making the vectors that are not written by hand: from the explorer's traces, and the reference.

What is told is a shortest run that the explorer found into what a design without a rule breaks; of
rows of the lifecycle see `rows`. What is expected is what the reference shows, step by step.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, Design, design_named, without
from truebook.model.memory import MemoryBounds
from truebook.model.request_world import RequestBounds
from truebook.oracle.vectors.actions import config_of, teller_of
from truebook.oracle.vectors.telling import Moment, requires, steps_of
from truebook.oracle.vectors.truths import truth_teller
from truebook.specs.explore import Runner, columns
from truebook.specs.properties import PROPERTIES, Check, Kind, State, checks_of
from truebook.specs.scenarios import (
    REQUESTS,
    RULE_SCENARIOS,
    WAITING,
    Scenario,
    default_scenarios,
)

Vector = dict[str, Any]
"""A vector as JSON."""

CRITICAL = (
    "tracked-or-in-grace",
    "position-is-unique-fills",
    "no-fill-twice",
    "no-false-orphan",
    "no-live-order-dropped",
    "exposure-bounds-truth",
)
"""The properties whose breach loses money or overruns limits."""
MEDIUM = ("nothing-leaks", "exposure-is-tight")

_RULE_OF_EVENT = {
    "register": "unknown-stays",
    "answer": "early-fills-kept",
    "reject": "reject-clears",
    "unknown": "unknown-stays",
    "fill": "fill-binds",
    "status": "state-is-derived",
    "cancel": "state-is-derived",
    "cancel_answer": "cancel-resolves",
    "modify": "modify-binds",
    "modify_answer": "modify-binds",
    "rebase": "position-by-fills",
    "tick": "ages-out",
}


def rule_of(event: str) -> str:
    """Return the rule that a wrong answer to an event most likely breaks."""
    return _RULE_OF_EVENT.get(event, "absence-needs-age")


SENTENCES = {known.name: known.sentence for known in PROPERTIES}


@attrs.frozen
class Found:
    """A shortest run that breaks a check of a design, by the names of its actions."""

    design: Design
    scenario: Scenario
    check: Check
    actions: tuple[str, ...]

    @property
    def cost(self) -> tuple[bool, int]:
        """What it takes: a book that leaves strangers alone, as few do, and so many actions."""
        bounds = self.scenario.bounds
        return isinstance(bounds, Bounds) and bounds.leave, len(self.actions)


OF_LIES = ("contradiction-reopens", "own-stays-own")
"""The rules that only a false word of the venue needs."""


def violations(
    design: Design, scenarios: Sequence[Scenario], *, lies: bool = False
) -> Iterator[Found]:
    """Yield a shortest run into each property that a design breaks, by property.

    With `lies`, of the scenarios in which a word of the venue may be false; else of the others, and
    not of the property that is about such words.
    """
    best: dict[str, Found] = {}
    for scenario in scenarios:
        if scenario.lies != lies or scenario.worlds == REQUESTS:
            continue  # of requests the cases tell, which give them names
        system = scenario.build(design)
        checks = checks_of(system)
        named = isinstance(scenario.bounds, MemoryBounds)
        for number, trace in columns.explore(system, checks).violations.items():
            check, actions = checks[number], tuple(step.action for step in trace.steps)
            if check.property == "recovers" and not lies:
                continue
            if named and check.property == "filled-is-its-fills":
                continue  # no event tells a book what it begins with
            found = Found(design, scenario, check, actions)
            known = best.setdefault(check.property, found)
            if found.cost < known.cost:
                best[check.property] = found
    yield from (best[p.name] for p in PROPERTIES if p.name in best)


def of_rule(rule: str) -> Iterator[Vector]:
    """Yield the vectors of the reference without a rule."""
    lies = rule in OF_LIES
    # Where every word is true a book needs no rule about false ones; with them, what it lacks
    # would show later.
    design = without(rule) if lies else without(rule, *OF_LIES)
    for found in violations(design, RULE_SCENARIOS, lies=lies):
        title = f"Without {rule}: {_lower(SENTENCES[found.check.property])}"
        yield from vectors_of(f"without-{rule}-{found.check.property}", title, rule, found)


def of_design(name: str) -> Iterator[Vector]:
    """Yield the vectors of a design that is known to break: `plan` or `legacy`."""
    design = design_named(name)
    alone = [s for s in default_scenarios(design) if len(s.worlds) == 1 and s.worlds != WAITING]
    for found in violations(design, alone):
        title = f"As the {name} breaks it: {_lower(SENTENCES[found.check.property])}"
        rule = UPHELD_BY[found.check.property]
        yield from vectors_of(f"{name}-{found.check.property}", title, rule, found)


UPHELD_BY = {
    "tracked-or-in-grace": "unknown-stays",
    "position-is-unique-fills": "fills-move-position",
    "no-fill-twice": "fills-move-position",
    "filled-is-its-fills": "early-fills-kept",
    "state-agrees-with-fills": "state-is-derived",
    "transitions-in-table": "tombstones",
    "no-false-orphan": "listing-binds",
    "no-live-order-dropped": "early-fills-kept",
    "identity": "fill-binds",
    "exposure-bounds-truth": "exposure-bounds",
    "orphan-cancelled-once": "orphan-cancel-marked",
    "replay-harmless": "eviction-floor",
    "confluence": "state-is-derived",
    "exposure-is-tight": "reject-clears",
    "nothing-leaks": "ages-out",
    "convergence": "cancel-resolves",
    "recovers": "contradiction-reopens",
    "strangers-left-alone": "strangers-apart",
}
"""For each property the rule that a vector of a broken design is of."""


def vectors_of(slug: str, title: str, rule: str, found: Found) -> Iterator[Vector]:
    """Yield what a run comes to: one vector, or one for each order of two messages."""
    runs = list(_runs(found))
    for number, (path, runner) in enumerate(runs, 1):
        name = slug if len(runs) == 1 else f"{slug}-{number}"
        vector = _vector(name, title, rule, found, path, runner)
        if vector is not None:
            yield vector


@attrs.frozen
class Stride:
    """One action of a run, with the states before and after it.

    `later`: what the run is about has been before it. `quiet`: after it nothing more comes.
    """

    action: str
    before: State
    after: State
    later: bool = False
    quiet: bool = False


Path = list[Stride]


def _runs(found: Found) -> Iterator[tuple[Path, Runner]]:
    runner = Runner(found.scenario.build(found.design))
    path = _path(runner, runner.first, found.actions)
    assert path is not None
    state = path[-1].after if path else runner.first
    if found.check.kind is Kind.COMMUTE:
        for order in (found.check.actions, found.check.actions[::-1]):
            longer = _path(runner, state, order)
            if longer is not None:
                yield [*path, *longer, *_later(_quiet(found, [*found.actions, *order]))], runner
    elif found.check.kind is Kind.REPEAT:
        (action,) = found.check.actions
        once = _path(runner, state, (action,))
        assert once is not None
        yield [*path, *once, *once, *_later(_quiet(found, [*found.actions, action]))], runner
    elif found.check.kind is Kind.SETTLED:
        yield [*path, *(_quiet(found, found.actions) or settled(runner, state))], runner
    else:
        yield [*path, *_later(_quiet(found, found.actions))], runner


def _path(runner: Runner, state: State, names: Sequence[str]) -> Path | None:
    """Return the path of actions from a state, or None where one of them is not possible."""
    actions = {action.name: action for action in runner.system.actions}
    path = []
    for name in names:
        after = runner.run(state, actions[name])
        if after is None:
            return None
        path.append(Stride(name, state, after))
        state = after
    return path


def _quiet(found: Found, names: Sequence[str]) -> Path:
    """Return the quiet rounds that follow a run, until nothing changes any more.

    What the client does in them the reference asks for; they are none where it could not have taken
    the run, since a book that broke a promise there has done what the reference would not.
    """
    runner = Runner(found.scenario.build(REFERENCE))
    run = _path(runner, runner.first, names)
    if run is None:
        return []
    path = settled(runner, run[-1].after if run else runner.first)
    return [*path[:-1], *(attrs.evolve(stride, quiet=True) for stride in path[-1:])]


def _later(path: Path) -> Path:
    """Return a path as one that comes behind what its run is about."""
    return [attrs.evolve(stride, later=True) for stride in path]


def settled(runner: Runner, state: State) -> Path:
    """Return quiet rounds from a state until nothing changes any more, or what was comes again."""
    actions = {action.name: action for action in runner.system.actions}
    passed: set[State] = set()
    path: Path = []
    while state not in passed:
        passed.add(state)
        for name in runner.system.settle:
            after = runner.run(state, actions[name]) if name in actions else None
            if after is not None:
                path.append(Stride(name, state, after))
                state = after
    return path


def _vector(
    slug: str, title: str, rule: str, found: Found, path: Path, runner: Runner
) -> Vector | None:
    """Return the vector of a path, or None where the reference does not let it happen."""
    bounds = found.scenario.bounds
    assert not isinstance(bounds, RequestBounds)
    world = found.scenario.worlds[0]
    positions = rule == "position-by-fills" or found.design.name in ("plan", "legacy")
    make = teller_of(world, bounds, positions=positions and world == "order")
    fields = [field.path for field in runner.system.fields]
    moments = moments_of(fields, path)
    strict = rule == "ages-out" or found.check.property == "nothing-leaks"
    tells = truth_teller(world, bounds)
    steps = steps_of(make, tells, moments, config_of(bounds), strict=strict)
    if steps is None or not any(step["expect"] for step in steps):
        return None
    needed = requires(steps, world, left="leave_strangers" in config_of(bounds))
    steps = [_less(step, needed) for step in steps]
    name = found.check.property
    severity = "critical" if name in CRITICAL else "medium" if name in MEDIUM else "high"
    return {
        "format": "1",
        "slug": slug,
        "title": title,
        "source": f"explored: scenario '{found.scenario.name}'",
        "requires": needed,
        "rule": rule,
        "property": name,
        "severity": severity,
        "config": {key: str(value) for key, value in config_of(bounds).items()},
        "steps": steps,
    }


def _less(step: Vector, features: Sequence[str]) -> Vector:
    """Return a step that does not say to need one of some features."""
    return {name: told for name, told in step.items() if name != "needs" or told not in features}


def moments_of(fields: Sequence[str], path: Sequence[Stride]) -> list[Moment]:
    """Return a path with the values of its states by the paths of the fields."""
    return [
        Moment(
            stride.action,
            dict(zip(fields, stride.before, strict=True)),
            dict(zip(fields, stride.after, strict=True)),
            later=stride.later,
            quiet=stride.quiet,
        )
        for stride in path
    ]


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
