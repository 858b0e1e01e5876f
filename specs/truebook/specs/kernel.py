"""Every reachable state of several orders together, breadth first, on tables of numbers.

The kernel knows no model: each order's own world was explored before and is given as a table.
A state is one int64 key, a move an addition to it. Two engines, in numpy and compiled by numba,
return equal products. No parents are stored: a path is found by going back through the levels
of states from a violation, and then forward by the least moves.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from truebook.specs.explore import TooLargeError
from truebook.specs.kernel_numpy import NumpyEngine
from truebook.specs.kernel_tables import (
    Composition,
    Keys,
    States,
    Table,
    compose,
    own_copy,
)
from truebook.specs.words import counted

__all__ = ["BITMAP_BYTES", "Broken", "Path", "Product", "Table", "explore_tables"]

BITMAP_BYTES = 1 << 29
"""How large a bitmap of visited states may be; beyond it, the states themselves are kept."""

WORTH_COMPILING = 1 << 24
"""How many states there could be before it pays to load numba, and perhaps to compile."""

PROGRESS_SECONDS = 0.3

MARKS = 64
"""How many checks one pass through the levels follows: the bits of a mark."""

Path: TypeAlias = tuple[tuple[int, States], ...]
"""Moves from the first state: (move number, the state numbers of all orders after it)."""

Progress: TypeAlias = Callable[[int, int, int], None]
"""Told, now and then, the states found, the depth, and the states of the frontier."""


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
    the one whose sequence of moves is lexicographically least.
    """

    states: int
    transitions: int
    depth: int
    fired: frozenset[int]
    violations: dict[int, Path]


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

    def mark(
        self, keys: Keys, ahead: Keys, marks: npt.NDArray[np.uint64]
    ) -> npt.NDArray[np.uint64]:
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
    bitmap_bytes: int = BITMAP_BYTES,
) -> Product:
    """Explore every reachable state of orders side by side.

    `moves[m]` has, for each order, the action that the move runs there, or -1 where it leaves
    the order alone; it is possible where all its actions are. `compiled` asks for numba, or
    forbids it; None takes it where it is installed and the composition is large enough to pay
    for loading it. Raises TooLargeError beyond `limit` states, ValueError where moves or checks do
    not fit the tables or there could be more than 2**62 states, ImportError without numba.
    """
    composition = compose(tables, moves)
    for number, check in enumerate(broken):
        _fits(number, check, tables)
    engine = _engine(composition, compiled, bitmap_bytes)
    return _Search(composition, engine, _Watch(composition, broken), limit, progress).run()


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
        from truebook.specs.kernel_numba import NumbaEngine
    except ImportError as error:
        if compiled:
            raise ImportError("compiled=True needs numba: install truebook[fast]") from error
        return NumpyEngine(composition, bitmap_bytes)
    return NumbaEngine(composition, bitmap_bytes)


@attrs.frozen(eq=False)
class _Found:
    """Where a check is first broken: the states of a level that are, or whose next step is."""

    depth: int
    rows: npt.NDArray[np.intp]


class _Watch:
    """The checks not yet found broken, and where the others first were.

    A state is looked at closely only if the number of one of its orders is a suspect: one that
    a check still watched might be broken in. Where no check is broken in a table, there is none.
    """

    def __init__(self, composition: Composition, broken: Sequence[Broken]) -> None:
        self.found: dict[int, _Found] = {}
        self._composition = composition
        self._broken = broken
        self._suspects = {number: self._suspect(check) for number, check in enumerate(broken)}
        self._rows: dict[int, list[npt.NDArray[np.intp]]] = {}
        self._by_order: dict[int, npt.NDArray[np.bool_]] = {}
        self._forget()

    @property
    def open(self) -> bool:
        """Whether a check is left that could yet be broken."""
        return bool(self._suspects)

    def look(self, keys: Keys, offset: int) -> None:
        """Look at a block of a level, whose first state is row `offset` of the level."""
        if not self.open:
            return
        digits = self._composition.digits(keys)
        for order, suspect in self._by_order.items():
            rows = np.flatnonzero(suspect[digits[order]])
            if not len(rows):
                continue
            near = [digit[rows] for digit in digits]
            for number in self._suspects:
                if self._broken[number].order == order:
                    here = rows[self._is_broken(self._broken[number], near)]
                    if len(here):
                        self._rows.setdefault(number, []).append(here + offset)

    def close(self, depth: int) -> None:
        """Take what was found as the first violations: a level is over."""
        for number, rows in self._rows.items():
            self.found[number] = _Found(depth, np.concatenate(rows))
        self._rows.clear()
        self._forget()

    def last_move(self, number: int, states: States) -> tuple[int, States]:
        """Return the least move that breaks a check of steps in a state where one does."""
        check = self._broken[number]
        for move, after in self._composition.successors(states):
            action = self._composition.moves[move][check.order]
            if action >= 0 and check.where[action, states[check.order]]:
                return move, after
        raise AssertionError(f"no step from {states} breaks check {number}")

    def of_step(self, number: int) -> bool:
        """Whether a check is one of steps."""
        return self._broken[number].of_step

    def _suspect(self, check: Broken) -> npt.NDArray[np.bool_]:
        if not check.of_step:
            return check.where
        run = {move[check.order] for move in self._composition.moves} - {-1}
        rows = np.array(sorted(run), np.intp)
        possible = self._composition.tables[check.order].successor[rows] >= 0
        suspect: npt.NDArray[np.bool_] = np.any(check.where[rows] & possible, axis=0)
        return suspect

    def _forget(self) -> None:
        self._suspects = {
            number: suspect
            for number, suspect in self._suspects.items()
            if number not in self.found and suspect.any()
        }
        self._by_order = {}
        for number, suspect in self._suspects.items():
            order = self._broken[number].order
            self._by_order[order] = self._by_order.get(order, np.bool_(False)) | suspect

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


@attrs.frozen(eq=False)
class _Marked:
    """The states of a level from which violations are reached in time, sorted by key.

    `marks` has a bit for each check of a pass.
    """

    keys: Keys
    marks: npt.NDArray[np.uint64]

    def has(self, key: int, bit: int) -> bool:
        """Whether a state leads to a violation of the check of that bit."""
        place = int(np.searchsorted(self.keys, key))
        if place == len(self.keys) or self.keys[place] != key:
            return False
        return bool(int(self.marks[place]) >> bit & 1)


class _Search:
    """One exploration: the levels of states, and the paths to what is broken in them."""

    def __init__(
        self,
        composition: Composition,
        engine: Engine,
        watch: _Watch,
        limit: int | None,
        progress: Progress | None,
    ) -> None:
        self.composition = composition
        self.engine = engine
        self.watch = watch
        self.limit = limit
        self.progress = progress
        self.levels: list[Keys] = []  # kept while there is something to look out for
        self.states = 0
        self.depth = 0
        self.told = time.monotonic()

    def run(self) -> Product:
        """Find every state, level by level, then the paths to the violations."""
        level = self.engine.begin(self.composition.key(self.composition.first))
        self._count(level)
        while True:
            if self.watch.open:
                self.levels.append(level)
            after = self._next(level)
            self.watch.close(self.depth)
            if not len(after):
                break
            level = after
            self.depth += 1
            self._tell(level)
        return Product(
            states=self.states,
            transitions=self.engine.transitions,
            depth=self.depth,
            fired=self.engine.fired,
            violations=self._violations(),
        )

    def _next(self, level: Keys) -> Keys:
        found = []
        for start in range(0, len(level), self.engine.block):
            block = level[start : start + self.engine.block]
            self.watch.look(block, start)
            found.append(self.engine.expand(block))
            self._count(found[-1])
            if time.monotonic() - self.told > PROGRESS_SECONDS:
                self._tell(level)
        return np.sort(np.concatenate(found))  # neighbours share what they read

    def _count(self, fresh: Keys) -> None:
        self.states += len(fresh)
        if self.limit is not None and self.states > self.limit:
            raise TooLargeError(f"more than {counted(self.limit, 'state')}")

    def _tell(self, level: Keys) -> None:
        self.told = time.monotonic()
        if self.progress is not None:
            self.progress(self.states, self.depth, len(level))

    def _violations(self) -> dict[int, Path]:
        numbers = sorted(self.watch.found)
        paths = {}
        for start in range(0, len(numbers), MARKS):
            group = numbers[start : start + MARKS]
            marked = self._backward(group)
            for bit, number in enumerate(group):
                paths[number] = self._forward(number, bit, marked)
        return paths

    def _backward(self, group: Sequence[int]) -> list[_Marked]:
        """Return, by depth, the states from which each check's first violations are reached."""
        marked: list[_Marked] = []
        for depth in reversed(range(1 + max(self.watch.found[number].depth for number in group))):
            level = self.levels[depth]
            marks = self._marks(level, marked[-1]) if marked else np.zeros(len(level), np.uint64)
            for bit, number in enumerate(group):
                if self.watch.found[number].depth == depth:
                    marks[self.watch.found[number].rows] |= np.uint64(1 << bit)
            rows = np.flatnonzero(marks)  # sorted by key, as the level is
            marked.append(_Marked(level[rows], marks[rows]))
        return marked[::-1]

    def _marks(self, level: Keys, ahead: _Marked) -> npt.NDArray[np.uint64]:
        return np.concatenate(
            [
                self.engine.mark(level[start : start + self.engine.block], ahead.keys, ahead.marks)
                for start in range(0, len(level), self.engine.block)
            ]
        )

    def _forward(self, number: int, bit: int, marked: Sequence[_Marked]) -> Path:
        """Return the path to a check's first violation whose moves are the least."""
        states = self.composition.first
        path: list[tuple[int, States]] = []
        for ahead in marked[1 : self.watch.found[number].depth + 1]:
            move, states = next(
                (move, after)
                for move, after in self.composition.successors(states)
                if ahead.has(self.composition.key(after), bit)
            )
            path.append((move, states))
        if self.watch.of_step(number):
            path.append(self.watch.last_move(number, states))
        return tuple(path)
