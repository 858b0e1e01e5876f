"""The explorer and the solver see the same steps: every edge, and no other, in every state.

The explorer's edges are what the model's own Python does in each state that it reaches. The
solver's are the formulas of the same actions, with the unknowns set to the bounds of the scenario,
looked at in all of these states at once (`Formulas`, which is held to the solver itself).
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pytest
import z3

from in_states import Column, Formulas
from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import REFERENCE
from truebook.model.memory import MemoryBounds
from truebook.model.request_world import RequestBounds
from truebook.model.system import System
from truebook.specs.explore.columns import reached
from truebook.specs.explore.engine import Runner
from truebook.specs.proofs.induction import Prover
from truebook.specs.proofs.lemmas.worlds import lemmas_of
from truebook.specs.proofs.search import concrete
from truebook.specs.proofs.steps import Step
from truebook.specs.proofs.worlds import (
    CHOICE,
    OpenWorld,
    open_fills,
    open_foreign,
    open_order,
    open_requests,
)
from truebook.specs.scenarios import AnyBounds, with_faults

Edges = dict[str, tuple[npt.NDArray[np.bool_], Column]]

ONE_LOT = Bounds(size=1)
LAGGING = Bounds(
    cancel=True, lose=True, bare=True, timers=Timers(lag=1, tombstone=2), delays=Delays(lag=1)
)
SAMPLE = 3
"""States in which the solver's own evaluation is compared, an action."""


@attrs.frozen
class Case:
    """A scenario, and how its world is opened; `lemmas` says whether steps lean on them."""

    name: str
    bounds: AnyBounds
    open: Callable[[], OpenWorld]
    lemmas: bool = False


def of_order(name: str, *, lemmas: bool, bounds: Bounds) -> Case:
    return Case(name, bounds, partial(open_order, REFERENCE, bounds), lemmas)


HARSH = with_faults("cancel", "refuse", "lose", "unasked", "duplicates", "late", bounds=ONE_LOT)
MODIFIED = with_faults("modify", "lose", bounds=ONE_LOT)
FOREIGN = with_faults("refuse", "lose", "timers")
FILLS = MemoryBounds(fills=3, capacity=1, rebase=True)
CASES = (
    of_order("several faults", lemmas=False, bounds=HARSH),
    of_order("several faults, with lemmas", lemmas=True, bounds=HARSH),
    of_order("lagging snapshots of two lots", lemmas=False, bounds=LAGGING),
    of_order("modify, with lemmas", lemmas=True, bounds=MODIFIED),
    Case("foreign", FOREIGN, partial(open_foreign, REFERENCE, FOREIGN)),
    Case("foreign, with lemmas", FOREIGN, partial(open_foreign, REFERENCE, FOREIGN), True),
    Case("fills", FILLS, partial(open_fills, REFERENCE, fills=3)),
    Case("requests", RequestBounds(), partial(open_requests, REFERENCE)),
    Case("requests, with lemmas", RequestBounds(), partial(open_requests, REFERENCE), True),
    Case("fills, with lemmas", FILLS, partial(open_fills, REFERENCE, fills=3), True),
)


def edges_of(system: System, states: Sequence[tuple[int, ...]]) -> Edges:
    """Return, by action, in which states it happens and what they come to."""
    runner = Runner(system)
    happens = np.zeros((len(system.actions), len(states)), np.bool_)
    after = np.zeros((len(system.actions), len(states), len(system.fields)), np.int64)
    for row, state in enumerate(states):
        for number, reached_state in runner.successors(state):
            happens[number, row] = True
            after[number, row] = reached_state
    return {a.name: (happens[n], after[n].T) for n, a in enumerate(system.actions)}


def chosen(step: Step, bounds: AnyBounds) -> Iterator[tuple[str | None, int]]:
    """Yield the explorer's names of a step, with what is taken; None: it must not be possible."""
    name, _, leg = step.action.name.partition(":")
    if name != "arrive":
        yield step.action.name, 0
        return
    assert isinstance(bounds, Bounds)
    size = bounds.size if leg == "a" else bounds.new_size
    yield from ((f"arrive-{taken}:{leg}", taken) for taken in range(size + 1))
    yield from ((None, taken) for taken in (-1, size + 1))


def value_in(bounds: AnyBounds, path: str) -> int:
    value: Any = bounds
    for name in path.removeprefix("bounds.").split("."):
        value = getattr(value, name)
    return int(value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_explorer_and_the_solver_take_the_same_steps(case: Case) -> None:
    world = case.open()
    system = concrete(world, REFERENCE, case.bounds)
    found = reached(system).columns()
    states = list(zip(*(column.tolist() for column in found), strict=True))
    edges = edges_of(system, states)
    before = {
        f.path: column.astype(np.int64) for f, column in zip(system.fields, found, strict=True)
    }
    unknown = {p: np.full(len(states), value_in(case.bounds, p)) for p in world.constants}
    place = {field.path: f for f, field in enumerate(world.fields)}

    taken: set[str] = set()
    for step in Prover(world, lemmas_of(world) if case.lemmas else ()).steps:
        for name, choice in chosen(step, case.bounds):
            values = {**before, **unknown, CHOICE: np.full(len(states), choice)}
            formulas = Formulas(len(states), values)
            possible = formulas.value(step.guard)
            compare_with_the_solver(step.guard, possible, values)
            if name is None or name not in edges:
                assert not possible.any(), f"{step.action.name} is never possible so"
                continue
            taken.add(name)
            happens, after = edges[name]
            assert np.array_equal(possible, happens), f"when {name} is possible"
            for field, successor in zip(system.fields, after, strict=True):
                written = step.after.get(place[field.path])
                solved = before[field.path] if written is None else formulas.value(written)
                assert np.array_equal(solved[happens], successor[happens]), f"{name}: {field.path}"
                if written is not None:
                    compare_with_the_solver(written, solved, values)
    assert taken == set(edges), "every action of the explorer is one of the solver's"
    assert sum(happens.any() for happens, _ in edges.values()) > len(edges) // 2


def compare_with_the_solver(of: z3.ExprRef, found: Any, values: dict[str, Column]) -> None:
    """Hold the evaluation to z3's own, in a few states."""
    for row in np.linspace(0, len(found) - 1, SAMPLE).astype(int):
        pairs = [(z3.Int(name), z3.IntVal(int(column[row]))) for name, column in values.items()]
        simple = z3.simplify(z3.substitute(of, *pairs))
        expected = simple.as_long() if isinstance(simple, z3.IntNumRef) else z3.is_true(simple)
        assert found[row] == expected
