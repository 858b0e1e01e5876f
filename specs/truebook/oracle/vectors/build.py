"""Making the vectors that are not written by hand: from the explorer's traces, and the reference.

What is told is a shortest run that the explorer found: into what a design without a rule breaks,
and into each row of the lifecycle. What is expected is what the reference book shows, step by step.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs

from truebook.impl.journal import FEATURES
from truebook.model import lifecycle
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, Design, design_named, without
from truebook.model.requests import RequestBounds
from truebook.model.system import System
from truebook.model.vocabulary import Event, OrderState
from truebook.oracle.reference import Driver
from truebook.oracle.vectors.actions import CLOID, config_of, teller_of
from truebook.specs.explore import Runner, columns
from truebook.specs.properties import PROPERTIES, Check, Kind, State, checks_of
from truebook.specs.scenarios import (
    REQUESTS,
    RULE_SCENARIOS,
    WAITING,
    Scenario,
    default_scenarios,
    with_faults,
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

RULE_OF = {
    Event.REGISTERED: "unknown-stays",
    Event.ANSWERED: "early-fills-kept",
    Event.FILLED: "fill-binds",
    Event.ENDED: "state-is-derived",
    Event.CANCEL_ASKED: "state-is-derived",
    Event.CANCEL_ANSWERED: "cancel-resolves",
    Event.LISTED: "listing-binds",
    Event.REPLACED: "modify-binds",
    Event.AGED: "ages-out",
    Event.TRIGGERED: "waits-is-not-dead",
}
"""The rule that a row of the lifecycle is most about."""

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
        for number, trace in columns.explore(system, checks).violations.items():
            check, actions = checks[number], tuple(step.action for step in trace.steps)
            if check.property == "recovers" and not lies:
                continue
            known = best.get(check.property)
            if known is None or len(actions) < len(known.actions):
                best[check.property] = Found(design, scenario, check, actions)
    yield from (best[p.name] for p in PROPERTIES if p.name in best)


def of_rule(rule: str) -> Iterator[Vector]:
    """Yield the vectors of the reference without a rule."""
    lies = rule in OF_LIES
    # Where every word is true a book needs no rule about false ones; with them, what it lacks
    # would show later.
    design = without(rule) if lies else without(rule, *OF_LIES)
    for found in violations(design, RULE_SCENARIOS, lies=lies):
        title = f"Without {rule}: {_lower(SENTENCES[found.check.property])}"
        yield from _vectors(f"without-{rule}-{found.check.property}", title, rule, found)


def of_design(name: str) -> Iterator[Vector]:
    """Yield the vectors of a design that is known to break: `plan` or `legacy`."""
    design = design_named(name)
    alone = [s for s in default_scenarios(design) if len(s.worlds) == 1 and s.worlds != WAITING]
    for found in violations(design, alone):
        title = f"As the {name} breaks it: {_lower(SENTENCES[found.check.property])}"
        rule = _UPHELD_BY[found.check.property]
        yield from _vectors(f"{name}-{found.check.property}", title, rule, found)


_UPHELD_BY = {
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
}


def of_rows(*, lies: bool = False) -> Iterator[Vector]:
    """Yield a vector for each row of the lifecycle that some scenario comes to.

    With `lies`, for each that takes a false word.
    """
    best: dict[Row, Found] = {}
    larger = Scenario("larger modify", with_faults("modify", bounds=Bounds(new_size=2)))
    shipped = [s for s in default_scenarios(REFERENCE) if s.worlds == ("order",)]
    waiting = [s for s in default_scenarios(REFERENCE) if s.worlds == WAITING]
    honest = [s for s in (larger, *shipped, *waiting) if not s.lies]
    for scenario in (*honest, *(s for s in shipped if s.lies and lies)):
        if scenario.name == "any delay":
            continue  # beyond the assumptions, where the reference promises less
        system = scenario.build(REFERENCE)
        wanted = [row for row in sorted(lifecycle.steps()) if row not in best]
        checks = [_never(row, leg) for row in wanted for leg in _legs(system)]
        rows = [row for row in wanted for _ in _legs(system)]
        for number, trace in columns.explore(system, checks).violations.items():
            row, actions = rows[number], tuple(step.action for step in trace.steps)
            if row not in best or len(actions) < len(best[row].actions):
                best[row] = Found(REFERENCE, scenario, checks[number], actions)
    for (event, before, after), found in sorted(best.items()):
        if found.scenario.lies != lies:
            continue
        words = (_word(before), _word(event), _word(after))
        title = f"From {words[0]}, {words[1]}: {words[2]}"
        slug = "-".join(("row", *words)).replace(" ", "-")
        rule = "contradiction-reopens" if lies else RULE_OF[event]
        if found.scenario.worlds == WAITING:
            rule = "waits-is-not-dead"
        yield from _vectors(slug, title, rule, found)


Row = tuple[Event, OrderState, OrderState]


def _legs(system: System) -> range:
    return range(len(system.create().records))


def _never(row: Row, leg: int) -> Check:
    """Return the check that a row is never taken: a trace that breaks it takes the row."""
    event, before, after = row

    def holds(old: Any, new: Any, action: Any) -> bool:
        if action.name == "reconnect":
            return True
        of = action.event if action.leg in (None, leg) else Event.REPLACED
        if of != event:
            return True
        if old.records[leg].state != before:
            return True
        return bool(new.records[leg].state != after)

    return Check("transitions-in-table", "", Kind.STEP, holds)


def _vectors(slug: str, title: str, rule: str, found: Found) -> Iterator[Vector]:
    """Yield what a run comes to: one vector, or one for each order of two messages."""
    runs = list(_runs(found))
    for number, (path, runner) in enumerate(runs, 1):
        name = slug if len(runs) == 1 else f"{slug}-{number}"
        vector = _vector(name, title, rule, found, path, runner)
        if vector is not None:
            yield vector


Path = list[tuple[str, State]]
"""The actions of a run, each with the state before it."""


def _runs(found: Found) -> Iterator[tuple[Path, Runner]]:
    system = found.scenario.build(found.design)
    runner = Runner(system)
    path: Path = []
    state = _extend(runner, path, runner.first, found.actions)
    assert state is not None
    if found.check.kind is Kind.COMMUTE:
        for order in (found.check.actions, found.check.actions[::-1]):
            longer = list(path)
            if _extend(runner, longer, state, order) is not None:
                yield longer, runner
    elif found.check.kind is Kind.REPEAT:
        (action,) = found.check.actions
        yield [*path, (action, state), (action, state)], runner
    else:
        if found.check.kind is Kind.SETTLED:
            _settle(runner, path, state)
        yield path, runner


def _extend(runner: Runner, path: Path, state: State, names: Sequence[str]) -> State | None:
    """Add actions to a path; return the state after them, or None where one is not possible."""
    actions = {action.name: action for action in runner.system.actions}
    after: State | None = state
    for name in names:
        assert after is not None
        path.append((name, after))
        after = runner.run(after, actions[name])
        if after is None:
            return None
    return after


def _settle(runner: Runner, path: Path, state: State) -> None:
    """Add quiet rounds until nothing changes any more."""
    actions = {action.name: action for action in runner.system.actions}
    while runner.settle(state) != state:
        for name in runner.system.settle:
            after = runner.run(state, actions[name]) if name in actions else None
            if after is not None:
                path.append((name, state))
                state = after


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
    known = [(name, dict(zip(fields, state, strict=True))) for name, state in path]
    strict = rule == "ages-out" or found.check.property == "nothing-leaks"
    steps = steps_of(make, known, config_of(bounds), strict=strict)
    if steps is None or not any(step["expect"] for step in steps):
        return None
    name = found.check.property
    severity = "critical" if name in CRITICAL else "medium" if name in MEDIUM else "high"
    return {
        "format": "1",
        "slug": slug,
        "title": title,
        "source": f"explored: scenario '{found.scenario.name}'",
        "requires": requires(steps, world),
        "rule": rule,
        "property": name,
        "severity": severity,
        "config": {key: str(value) for key, value in config_of(bounds).items()},
        "steps": steps,
    }


TICKS = {"tick": 1, "forget": 4}
"""How much time an action takes; an order is forgotten after its fill window and tombstone."""


def steps_of(
    make: Callable[[], Any],
    path: Sequence[tuple[str, dict[str, int]]],
    config: dict[str, int],
    *,
    strict: bool = False,
    cloids: Sequence[str] = (CLOID,),
) -> list[dict[str, Any]] | None:
    """Return the steps of a run as a book is told them, with what the reference then shows.

    None where the reference refuses what was asked: then the rest cannot happen.
    """
    teller, driver = make(), Driver.under(config)
    steps = []
    now = 0
    for action, known in path:
        now += TICKS.get(action.partition(":")[0], 0)
        try:
            events = teller.tell(action, known)
        except KeyError:  # a listing told twice: only its first coming has a name
            return None
        for event in events:
            effects = driver.tell(event, now)
            if event["type"] == "modify" and "refused" in effects["reports"]:
                return None
            expect = expected(driver, effects, strict=strict, cloids=cloids)
            steps.append({"at": str(now), "event": event, "expect": expect})
    return steps


def expected(
    driver: Driver,
    effects: dict[str, Any],
    *,
    strict: bool = False,
    cloids: Sequence[str] = (CLOID,),
) -> dict[str, Any]:
    """Return what is expected of a state that the reference shows.

    What a book shows of an order without an oid, and for how long it remembers one that is over,
    is its own affair, unless `strict`.
    """
    shown = driver.show()
    orders: dict[str, Any] = {}
    for cloid in cloids:
        order = shown["orders"].get(cloid)
        if order is None and strict:
            orders[cloid] = None
        elif order is not None and order["state"] not in ("pending", "dead"):
            orders[cloid] = {name: order[name] for name in ("state", "filled")}
    listed = {name: sorted(shown[name]) for name in ("open", "pending", "orphans")}
    return {
        "position": shown["position"],
        "exposure": shown["exposure"],
        "unsettled": shown["unsettled"],
        **listed,
        **({"orders": orders} if orders else {}),
        "effects": {"cancels": sorted(effects["cancels"])},
    }


_NEEDED = {**FEATURES, "restart": "restart"}


def requires(steps: Sequence[dict[str, Any]], world: str = "order") -> list[str]:
    """Return the features that a book needs to be told some steps of a world."""
    needed = {"core"} | _WORLD_NEEDS.get(world, set())
    for step in steps:
        kind = step["event"]["type"]
        if not (world == "foreign" and kind == "cancel_answer"):
            needed |= {_NEEDED.get(kind, "core")}
    return sorted(needed)


_WORLD_NEEDS = {"foreign": {"orphans"}, "fills": {"fill-times"}, "waiting": {"waiting"}}


def _word(value: Event | OrderState) -> str:
    return value.name.lower().replace("_", " ")


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def group(name: str) -> list[Vector]:
    """Return the vectors of a group."""
    if name in ("rows", "rows-of-lies"):
        return list(of_rows(lies=name == "rows-of-lies"))
    if name in ("plan", "legacy"):
        return list(of_design(name))
    return list(of_rule(name.removeprefix("without-")))
