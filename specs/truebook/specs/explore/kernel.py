"""Every reachable state of several orders together, breadth first, on tables of numbers.

The kernel knows no model: each order's own world was explored before and is given as a table.
A state is one int64 key, a move an addition to it. Two engines, in numpy and compiled by numba,
return equal products.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from truebook.specs.explore.engine import Path, Progress, Wanted
from truebook.specs.explore.kernel_numpy import NumpyEngine
from truebook.specs.explore.kernel_tables import Composition, Keys, States, Table, compose, own_copy
from truebook.specs.explore.levels import Breaks, KeyMarks, Marks, Search

__all__ = ["BITMAP_BYTES", "Broken", "Path", "Product", "Table", "explore_tables"]

BITMAP_BYTES = 1 << 29
"""How large a bitmap of visited states may be; beyond it, the states themselves are kept."""

WORTH_COMPILING = 1 << 24
"""How many states there could be before it pays to load numba, and perhaps to compile."""


@attrs.frozen(eq=False)
class Broken:
    """Where a check is broken in one order's table, bool.

    Shape (states,) of a state; shape (actions, states) of a step, by the state before it.
    """

    order: int
    where: npt.NDArray[np.bool_] = attrs.field(converter=own_copy)

    @where.validator
    def _check(self, _: object, where: npt.NDArray[Any]) -> None:
        if where.ndim not in (1, 2) or where.dtype != np.bool_:
            raise ValueError(
                "where must be bool of shape (states,) or (actions, states), "
                f"not {where.dtype} of shape {where.shape}"
            )

    @property
    def of_step(self) -> bool:
        """Whether the check is one of steps."""
        return self.where.ndim == 2


@attrs.frozen
class Product:
    """What an exploration found.

    `transitions` counts the (state, move) possible in reachable states, self loops included;
    `depth` is the length of the longest shortest path; `fired` holds the moves ever possible.
    `violations` maps the number of a check to a shortest path that breaks it: of all of them,
    the one whose sequence of moves is lexicographically least. Moves are numbers, and a state is
    the numbers of all orders' states. `complete` says whether every state was found.
    """

    states: int
    transitions: int
    depth: int
    fired: frozenset[int]
    violations: dict[int, Path]
    complete: bool = True


class Engine(Protocol):
    """What the search asks of an engine; see NumpyEngine."""

    block: int
    transitions: int

    @property
    def fired(self) -> frozenset[int]:
        """The moves that were possible in a state expanded so far."""
        ...

    def begin(self, key: int) -> Keys:
        """Return the first level."""
        ...

    def expand(self, keys: Keys) -> Keys:
        """Return the successors of a block of states that were never seen before, each once."""
        ...

    def mark(self, keys: Keys, ahead: Keys, marks: Marks) -> Marks:
        """Return for each state of a block the union of the marks of its successors."""
        ...


def explore_tables(
    tables: Sequence[Table],
    moves: Sequence[tuple[int, ...]],
    broken: Sequence[Broken],
    *,
    compiled: bool | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
    wanted: Wanted | None = None,
    bitmap_bytes: int = BITMAP_BYTES,
) -> Product:
    """Explore every reachable state of orders side by side.

    `moves[m]` has, for each order, the action that the move runs there, or -1 where it leaves
    the order alone; it is possible where all its actions are. `compiled` asks for numba, or
    forbids it; None takes it where it is installed and the composition is large enough to pay
    for loading it. With `wanted`, no further than that says. Raises TooLargeError beyond `limit`
    states, ValueError where moves or checks do not fit the tables or there could be more than
    2**62 states, ImportError without numba.
    """
    composition = compose(tables, moves)
    for number, check in enumerate(broken):
        _fits(number, check, tables)
    engine = _engine(composition, compiled, bitmap_bytes)
    states = _States(composition, engine, broken)
    steps = [number for number, check in enumerate(broken) if check.of_step]
    search = Search(states, states.possible, steps, limit=limit, progress=progress, wanted=wanted)
    search.run()
    return Product(
        states=search.states,
        transitions=engine.transitions,
        depth=search.depth,
        fired=engine.fired,
        violations=search.paths(),
        complete=search.complete,
    )


def _fits(number: int, check: Broken, tables: Sequence[Table]) -> None:
    if not 0 <= check.order < len(tables):
        raise ValueError(f"check {number} is of order {check.order}, of {len(tables)}")
    shape = tables[check.order].successor.shape
    if check.where.shape != (shape if check.of_step else shape[1:]):
        raise ValueError(
            f"check {number} has shape {check.where.shape}, but its order has {shape[0]} actions "
            f"and {shape[1]} states"
        )


def _engine(composition: Composition, compiled: bool | None, bitmap_bytes: int) -> Engine:
    if compiled is False or (compiled is None and composition.size < WORTH_COMPILING):
        return NumpyEngine(composition, bitmap_bytes)
    try:
        from truebook.specs.explore.kernel_numba import NumbaEngine
    except ImportError as error:
        if compiled:
            raise ImportError("compiled=True needs numba: install truebook[fast]") from error
        return NumpyEngine(composition, bitmap_bytes)
    return NumbaEngine(composition, bitmap_bytes)


class _Walk:
    """One state of a composition after another; see levels.Walk."""

    def __init__(self, composition: Composition, broken: Sequence[Broken]) -> None:
        self.first = composition.first
        self._composition = composition
        self._broken = broken

    def successors(self, state: States) -> Iterator[tuple[int, States]]:
        """Yield (move, state after it) for each move possible in a state, the least first."""
        return self._composition.successors(state)

    def last_step(self, number: int, state: States) -> tuple[int, States]:
        """Return the least move that breaks a check of steps in a state where one does."""
        check = self._broken[number]
        for move, after in self._composition.successors(state):
            action = self._composition.moves[move][check.order]
            if action >= 0 and check.where[action, state[check.order]]:
                return move, after
        raise AssertionError(f"no step from {state} breaks check {number}")


class _States:
    """States as keys; see levels.StateSpace.

    A state is looked at closely only if the number of one of its orders is a suspect: one that
    a check still watched might be broken in. `possible` are the checks that have one.
    """

    late: frozenset[int] = frozenset()

    def __init__(self, composition: Composition, engine: Engine, broken: Sequence[Broken]) -> None:
        self.walk = _Walk(composition, broken)
        self._composition = composition
        self._engine = engine
        self._broken = broken
        self._suspects = [self._suspect(check) for check in broken]
        self.possible = frozenset(n for n, suspect in enumerate(self._suspects) if suspect.any())
        self._watched: list[int] = []
        self._by_order: dict[int, npt.NDArray[np.bool_]] = {}

    def begin(self) -> Keys:
        return self._engine.begin(self._composition.key(self._composition.first))

    def blocks(self, level: Keys) -> Iterator[Keys]:
        for start in range(0, len(level), self._engine.block):
            yield level[start : start + self._engine.block]

    def join(self, parts: Sequence[Keys]) -> Keys:
        return np.sort(np.concatenate(parts))  # neighbours share what they read

    def watch(self, checks: frozenset[int]) -> None:
        self._watched = sorted(checks)
        self._by_order = {}
        for number in self._watched:
            order = self._broken[number].order
            known = self._by_order.get(order, np.bool_(False))
            self._by_order[order] = known | self._suspects[number]

    def look(self, block: Keys) -> Breaks:
        digits = self._composition.digits(block)
        for order, suspect in self._by_order.items():
            rows = np.flatnonzero(suspect[digits[order]])
            if not len(rows):
                continue
            near = [digit[rows] for digit in digits]
            for number in self._watched:
                if self._broken[number].order == order:
                    yield number, rows[self._is_broken(self._broken[number], near)]

    def expand(self, block: Keys) -> tuple[Keys, Breaks]:
        return self._engine.expand(block), ()

    def mark(self, block: Keys, ahead: KeyMarks) -> Marks:
        return self._engine.mark(block, ahead.keys, ahead.of)

    def marked(self, level: Keys, marks: Marks) -> KeyMarks:
        rows = np.flatnonzero(marks)
        return KeyMarks(level[rows], marks[rows], self._composition.key)

    def _suspect(self, check: Broken) -> npt.NDArray[np.bool_]:
        if not check.of_step:
            return check.where
        run = {move[check.order] for move in self._composition.moves} - {-1}
        rows = np.array(sorted(run), np.intp)
        possible = self._composition.tables[check.order].successor[rows] >= 0
        suspect: npt.NDArray[np.bool_] = np.any(check.where[rows] & possible, axis=0)
        return suspect

    def _is_broken(self, check: Broken, digits: Sequence[Keys]) -> npt.NDArray[np.bool_]:
        broken: npt.NDArray[np.bool_] = np.zeros(len(digits[0]), np.bool_)
        if not check.of_step:
            return broken | check.where[digits[check.order]]
        for number, move in enumerate(self._composition.moves):
            action = move[check.order]
            if action >= 0 and check.where[action].any():
                rows, _ = self._composition.step(number, digits)
                broken[rows] |= check.where[action, digits[check.order][rows]]
        return broken
