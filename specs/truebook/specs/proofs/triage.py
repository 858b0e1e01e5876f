"""What a counterexample to induction means: the state is reached, or something excludes it.

Such a state shows that the lemmas do not suffice, and nothing more. It is looked up among the
states that the explorer reaches within the same sizes, timers and delays.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import attrs
import numpy as np

from truebook.model.config import Bounds
from truebook.model.designs import Design
from truebook.model.system import Field, System
from truebook.specs.explore import Reached, Runner, TooLargeError, TooWideError, reached
from truebook.specs.proofs.induction import Counterexample
from truebook.specs.proofs.search import concrete, with_values
from truebook.specs.proofs.worlds import OpenWorld
from truebook.specs.properties import Kind, State, checks_of
from truebook.specs.scenarios import AnyBounds

LIMIT = 400_000
"""States explored to look a counterexample up, at most."""
TOGETHER = 3
"""Of at most so many fields together a missing fact is sought."""


@attrs.frozen
class Reachable:
    """The state is reached: the counterexample is real, after so many steps."""

    steps: int


@attrs.frozen
class Unreachable:
    """The state is not reached within these bounds: what never holds together, or nothing."""

    never: tuple[str, ...]


@attrs.frozen
class NotLookedUp:
    """The states within these bounds are too many, or the state does not fit them."""

    reason: str


Triage = Reachable | Unreachable | NotLookedUp


def look_up(world: OpenWorld, design: Design, base: AnyBounds, found: Counterexample) -> Triage:
    """Return whether the explorer reaches the state of a counterexample.

    `base` are the bounds that the world was opened from; what of them is unknown is the state's.
    """
    system, state = _concrete(world, design, base, found)
    for field, value in zip(system.fields, state, strict=True):
        if not 0 <= value < field.size:
            return Unreachable((f"{field.label} {field.show(value)}",))
    try:
        states = reached(system, limit=LIMIT)
    except (TooLargeError, TooWideError) as error:
        return NotLookedUp(str(error))
    depth = states.depth(state)
    if depth is not None:
        return Reachable(depth)
    return Unreachable(_never_together(system, states, state))


def leads_to(
    world: OpenWorld,
    design: Design,
    base: AnyBounds,
    found: Counterexample,
    properties: Sequence[str],
) -> bool:
    """Return whether quiet rounds lead from a state, which is reached, to what is to hold then."""
    system, state = _concrete(world, design, base, found)
    runner = Runner(system)
    checks = [c for c in checks_of(system) if c.property in properties and c.kind is Kind.SETTLED]
    return not any(runner.breaks(check, state) for check in checks)


def _concrete(
    world: OpenWorld, design: Design, base: AnyBounds, found: Counterexample
) -> tuple[System, State]:
    """Return the explorer's system within the bounds of a counterexample, and its state in that."""
    constants = {
        path.removeprefix("bounds."): value
        for path, value in found.before.items()
        if path in world.constants
    }
    bounds = with_values(_smallest(base, found.before), constants)
    system = concrete(world, design, bounds)
    return system, tuple(found.before[field.path] for field in system.fields)


def _smallest(base: AnyBounds, state: dict[str, int]) -> AnyBounds:
    """Return the bounds without what the state does not speak of."""
    if not isinstance(base, Bounds):
        return base
    snapshots = 2 if state.get("second.phase") else min(1, base.snapshots)
    return attrs.evolve(base, modify=bool(state.get("b.status")), snapshots=snapshots)


def _never_together(system: System, states: Reached, state: Sequence[int]) -> tuple[str, ...]:
    """Return the fewest fields whose values in this state no reachable state has together."""
    columns = states.columns()
    same = {f: columns[f] == value for f, value in enumerate(state) if system.fields[f].size > 1}
    for count in range(1, TOGETHER + 1):
        for fields in _by_interest(system.fields, same, count):
            if not np.logical_and.reduce([same[f] for f in fields]).any():
                return tuple(
                    f"{system.fields[f].label} {system.fields[f].show(state[f])}" for f in fields
                )
    return ()


def _by_interest(
    fields: Sequence[Field], of: dict[int, object], count: int
) -> Iterator[tuple[int, ...]]:
    """Yield combinations of fields, those that readers of a trace are shown first."""
    return combinations(sorted(of, key=lambda f: fields[f].detail), count)
