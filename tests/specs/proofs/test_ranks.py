"""The ranks of proofs held against the explorer: they fall there, and bound the rounds it needs."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import numpy as np
import pytest

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import REFERENCE, Design, without
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.request_world import RequestBounds
from truebook.model.sizes import SizeBounds
from truebook.model.system import System
from truebook.specs.explore.columns import reached
from truebook.specs.explore.engine import Runner
from truebook.specs.proofs.ranks import Limit, Quiet
from truebook.specs.proofs.ranks.foreign import foreign_quiet
from truebook.specs.proofs.ranks.order import order_quiet
from truebook.specs.proofs.ranks.small import at_once, size_quiet
from truebook.specs.proofs.ranks.waiting import waiting_quiet
from truebook.specs.properties import Check, Kind, State, checks_of
from truebook.specs.scenarios import (
    FILLS,
    FOREIGN,
    NAMES,
    REQUESTS,
    SIZES,
    WAITING,
    AnyBounds,
    Scenario,
    with_faults,
)

MAKERS: dict[str, Callable[[Any], Quiet]] = {
    "order": order_quiet,
    "foreign": foreign_quiet,
    "waiting": waiting_quiet,
    "sizes": size_quiet,
}


def timed(expiry: int, lag: int, *faults: str, **more: Any) -> Bounds:
    """Return bounds of one lot with some faults, as slow as the assumptions allow."""
    timers = Timers(expiry=expiry, lag=lag, tombstone=1 + lag)
    bounds = with_faults(*faults, bounds=Bounds(size=1))
    delays = Delays(expiry=expiry, lag=lag)
    return attrs.evolve(bounds, timers=timers, delays=delays, **more)


CASES: dict[str, tuple[AnyBounds, tuple[str, ...]]] = {
    "order": (timed(0, 0, "cancel", "lose", "refuse"), ("order",)),
    "order, E": (timed(1, 0, "cancel", "lose"), ("order",)),
    "order, L": (timed(0, 1, "lose", "unasked", "bare"), ("order",)),
    "order, E and L": (timed(1, 1, "lose", "bare"), ("order",)),
    "modify": (timed(0, 0, "modify"), ("order",)),
    "lie": (timed(0, 0, "lie", "cancel"), ("order",)),
    "lie, L": (timed(0, 1, "lie"), ("order",)),
    "foreign": (timed(1, 0, "lose", "refuse"), FOREIGN),
    "foreign, L": (timed(0, 1, "lose"), FOREIGN),
    "foreign lie": (timed(1, 1, "lie", "lose"), FOREIGN),
    "stranger left": (timed(0, 1, "lose", leave=True), FOREIGN),
    "waiting": (timed(1, 0, "lose", "cancel"), WAITING),
    "sizes": (SizeBounds(size=1, most=1), SIZES),
    "names": (NameBounds(orders=2, repeats=0), NAMES),
    "requests": (RequestBounds(), REQUESTS),
    "fills": (MemoryBounds(fills=3, capacity=1), FILLS),
}
EXACT = ("order", "order, E", "order, L", "foreign", "foreign, L", "stranger left")
"""In these the most rounds that `recovers` is proved to take are the fewest that are enough."""


def quiet_of(system: System) -> Quiet:
    maker = MAKERS.get(system.name)
    return maker(system.create()) if maker else at_once(checks_of(system))


def states_of(system: System) -> list[State]:
    return [tuple(row) for row in np.stack(reached(system).columns(), axis=1).tolist()]


@attrs.frozen
class Walked:
    """The states of a scenario, and where a quiet round takes each, round by round."""

    system: System
    runner: Runner
    quiet: Quiet
    states: list[State]
    after: dict[State, State]


def walked(name: str, design: Design = REFERENCE) -> Walked:
    bounds, worlds = CASES[name]
    system = Scenario(name, bounds, worlds).build(design)
    runner = Runner(system)
    states = states_of(system)
    after: dict[State, State] = {}
    todo = list(states)
    while todo:
        state = todo.pop()
        if state not in after:
            after[state] = runner.settle(state)
            todo.append(after[state])
    return Walked(system, runner, quiet_of(system), states, after)


def wrong(of: Walked) -> Iterator[str]:
    """Yield what is not so of the facts and ranks in some state after a quiet round."""
    quiet = [*of.quiet.delivered, *of.quiet.facts]
    settled = [check for check in checks_of(of.system) if check.kind is Kind.SETTLED]
    for state in set(of.after.values()):
        world = of.runner.load(state)
        yield from (fact.name for fact in quiet if not fact.holds(world))
        now = [rank.of(world) for rank in of.quiet.ranks]
        for rank, number in zip(of.quiet.ranks, now, strict=True):
            yield from (limit.words for limit in rank.limits if not number < limit.most(world))
        for rank, number in zip(of.quiet.ranks, now, strict=True):
            held = all(c.holds(world) for c in settled if c.property in rank.properties)
            if number == 0 and not held:
                yield "a rank is 0 and it does not hold"
        world = of.runner.load(of.after[state])
        then = [rank.of(world) for rank in of.quiet.ranks]
        if any(number > max(0, before - 1) for number, before in zip(then, now, strict=True)):
            yield "a rank does not fall"


def rounds_needed(of: Walked, checks: list[Check]) -> int:
    """Return after how many rounds all checks hold for good, from whatever state."""
    most = 0
    for state in of.states:
        passed, at = 0, state
        seen: set[State] = set()
        while at not in seen:
            seen.add(at)
            if not all(check.holds(of.runner.load(at)) for check in checks):
                most = max(most, passed + 1)
            at, passed = of.after[at], passed + 1
    return most


def limits(of: Walked, name: str) -> list[Limit]:
    return [m for rank in of.quiet.ranks for m in rank.limits if name in m.properties]


@pytest.mark.parametrize("name", CASES)
def test_ranks_fall_and_bound_the_rounds_that_are_needed(name: str) -> None:
    of = walked(name)
    assert set(wrong(of)) == set()
    settled = [check for check in checks_of(of.system) if check.kind is Kind.SETTLED]
    world = of.runner.load(of.states[0])
    for known in {check.property for check in settled}:
        proved = [limit.most(world) for limit in limits(of, known)]
        needed = rounds_needed(of, [check for check in settled if check.property == known])
        assert proved
        assert needed <= min(proved)
        if known == "recovers":
            assert proved == [check.rounds for check in settled if check.rounds][:1]
            assert name not in EXACT or needed == min(proved)


@pytest.mark.parametrize(
    ("name", "rule", "what"),
    [
        ("order, E", "cancel-resolves", "a rank does not fall"),
        ("order", "ages-out", "a rank is 0 and it does not hold"),
        ("lie, L", "contradiction-reopens", "a rank does not fall"),
    ],
)
def test_without_a_rule_a_rank_is_none(name: str, rule: str, what: str) -> None:
    assert what in set(wrong(walked(name, without(rule))))
