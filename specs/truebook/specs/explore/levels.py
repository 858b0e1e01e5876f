"""The search that all engines share: breadth first, level by level, and the way to what is broken.

An engine holds states in a way of its own (`StateSpace`), and says of some of them what they lead
to and what they break. No parents are stored: levels are, and a path is found by going back
through them from the violations, marking what leads there, and then forward from the first state
by the first moves into what is marked.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Sized
from typing import Generic, Protocol, TypeAlias, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from truebook.specs.explore.engine import Path, Progress, TooLargeError, Wanted
from truebook.specs.properties import State
from truebook.specs.words import counted

Rows: TypeAlias = npt.NDArray[np.intp]
"""Which states of a block or a level, by their places in it (shape (n,))."""

Marks: TypeAlias = npt.NDArray[np.uint64]
"""For each state of a block or a level, a bit for each check that it leads to (shape (n,))."""

Breaks: TypeAlias = Iterable[tuple[int, Rows]]
"""Checks by number, and the states that break each; for a check of a step, those before it."""

PROGRESS_SECONDS = 0.3

MARKS = 64
"""How many checks one pass through the levels follows: the bits of a mark."""


class Marked(Protocol):
    """The states of a level that lead to violations in time."""

    def marks(self, state: State) -> int:
        """Return the bits of the checks that a state leads to; 0 for a state of no interest."""
        ...


@attrs.frozen(eq=False)
class KeyMarks:
    """The marked states of a level whose states are integers: sorted keys, and the marks of each.

    `key` returns the key of a state.
    """

    keys: npt.NDArray[np.int64]
    of: Marks
    key: Callable[[State], int]

    def marks(self, state: State) -> int:
        """Return the bits of the checks that a state leads to."""
        key = self.key(state)
        place = int(np.searchsorted(self.keys, key))
        if place == len(self.keys) or self.keys[place] != key:
            return 0
        return int(self.of[place])


class Walk(Protocol):
    """One state after another, from the first, as a path goes."""

    @property
    def first(self) -> State:
        """The first state."""
        ...

    def successors(self, state: State) -> Iterable[tuple[int, State]]:
        """Return (move, state after it) for each move possible in a state, the first first."""
        ...

    def last_step(self, check: int, state: State) -> tuple[int, State]:
        """Return the first move that breaks a check of a step in a state where one does."""
        ...


Level = TypeVar("Level", bound=Sized)
Ahead = TypeVar("Ahead", bound=Marked)


class StateSpace(Protocol[Level, Ahead]):
    """A system's states as an engine holds them: a Level is some of them, each once."""

    @property
    def walk(self) -> Walk:
        """How paths go."""
        ...

    @property
    def late(self) -> frozenset[int]:
        """The checks that cost less to look at once every state is known."""
        ...

    def begin(self) -> Level:
        """Return the first state."""
        ...

    def blocks(self, level: Level) -> Iterator[Level]:
        """Yield a level part by part, in its order."""
        ...

    def join(self, parts: Sequence[Level]) -> Level:
        """Return the level of some parts, which have no state in common."""
        ...

    def watch(self, checks: frozenset[int]) -> None:
        """Look out for these checks from here on, and for no others."""
        ...

    def look(self, block: Level) -> Breaks:
        """Yield what the states of a block break; checks of steps may be left to `expand`."""
        ...

    def expand(self, block: Level) -> tuple[Level, Breaks]:
        """Return the successors of a block never seen before, and what the steps to them break."""
        ...

    def mark(self, block: Level, ahead: Ahead) -> Marks:
        """Return for each state of a block the union of the marks of its successors."""
        ...

    def marked(self, level: Level, marks: Marks) -> Ahead:
        """Return the states of a level that have marks."""
        ...


@attrs.frozen(eq=False)
class Found:
    """Where a check is first broken: the depth and rows of the states that break it.

    `length` is how many steps lead to the violation: for a check of a step one more than `depth`.
    """

    depth: int
    length: int
    rows: Rows


class Search(Generic[Level, Ahead]):
    """One search through a state space; `broken` says where each check is first broken.

    `checks` are those that could be broken, and `steps` which of them are of steps. Without
    `wanted` every state is found; with it the search ends once nothing is wanted any more, and
    `complete` says whether every state was found all the same. `levels` are kept as long as a
    check might still be broken, or where `keep` says so.
    """

    def __init__(
        self,
        space: StateSpace[Level, Ahead],
        checks: Collection[int],
        steps: Collection[int],
        *,
        limit: int | None = None,
        progress: Progress | None = None,
        wanted: Wanted | None = None,
        keep: bool = False,
    ) -> None:
        self.levels: list[Level] = []
        self.states = 0
        self.depth = 0
        self.complete = False
        self.broken: dict[int, Found] = {}
        self._space = space
        self._open = frozenset(checks)
        self._steps = frozenset(steps)
        self._late = space.late if wanted is None else frozenset()
        self._limit = limit
        self._progress = progress
        self._wanted = wanted
        self._keep = keep
        self._rows: dict[int, list[Rows]] = {}
        self._told = time.monotonic()

    def run(self) -> None:
        """Find the states, level by level; raise TooLargeError beyond the limit."""
        level = self._space.begin()
        self._count(level)
        self._watch(self._open - self._late)
        while True:
            self._tell(level)
            if self._open or self._keep:
                self.levels.append(level)
            self._look(level, self.depth)
            if self._is_enough():
                return
            after = self._expand(level)
            if not len(after):
                break
            level = after
            self.depth += 1
        self.complete = True
        self._look_late()

    def paths(self) -> dict[int, Path]:
        """Return, for each check found broken, the shortest path to a violation that comes first.

        Of all shortest paths it is the one whose sequence of moves is lexicographically least.
        """
        numbers = sorted(self.broken)
        paths = {}
        for start in range(0, len(numbers), MARKS):
            group = numbers[start : start + MARKS]
            ahead = self._backward(group)
            for bit, number in enumerate(group):
                paths[number] = self._forward(number, bit, ahead)
        return paths

    def _watch(self, checks: frozenset[int]) -> None:
        self._watched = checks
        self._space.watch(checks)

    def _count(self, fresh: Level) -> None:
        self.states += len(fresh)
        if self._limit is not None and self.states > self._limit:
            raise TooLargeError(f"more than {counted(self._limit, 'state')}")

    def _tell(self, level: Level) -> None:
        self._told = time.monotonic()
        if self._progress is not None:
            self._progress(self.states, self.depth, len(level))

    def _look(self, level: Level, depth: int) -> None:
        start = 0
        for block in self._space.blocks(level) if self._watched else ():
            self._note(start, self._space.look(block))
            start += len(block)
            self._tell_again(level)
        self._close(depth)

    def _expand(self, level: Level) -> Level:
        start = 0
        found = []
        for block in self._space.blocks(level):
            fresh, breaks = self._space.expand(block)
            self._note(start, breaks)
            start += len(block)
            self._count(fresh)
            found.append(fresh)
            self._tell_again(level)
        self._close(self.depth)
        return self._space.join(found)

    def _tell_again(self, level: Level) -> None:
        if time.monotonic() - self._told > PROGRESS_SECONDS:
            self._tell(level)

    def _note(self, start: int, breaks: Breaks) -> None:
        for number, rows in breaks:
            if len(rows):
                self._rows.setdefault(number, []).append(rows + start)

    def _close(self, depth: int) -> None:
        """Take what was found in a level as the first violations."""
        if not self._rows:
            return
        for number, rows in self._rows.items():
            length = depth + (number in self._steps)
            self.broken[number] = Found(depth, length, np.concatenate(rows))
        self._rows.clear()
        self._open -= self.broken.keys()
        self._watch(self._watched & self._open)

    def _is_enough(self) -> bool:
        if self._wanted is None:
            return False
        lengths = {number: found.length for number, found in self.broken.items()}
        wanted = frozenset(self._wanted(self.depth, self.states, lengths))
        self._open &= wanted
        if not self._watched <= wanted:
            self._watch(self._watched & wanted)
        if wanted:
            return False
        # Some engines look at steps before they take them, and so one step further.
        self.broken = {n: found for n, found in self.broken.items() if found.length <= self.depth}
        return True

    def _look_late(self) -> None:
        self._watch(self._open & self._late)
        for depth, level in enumerate(self.levels if self._watched else ()):
            self._look(level, depth)

    def _backward(self, group: Sequence[int]) -> list[Ahead]:
        """Return, by depth, the states from which each check's first violations are reached."""
        found = [self.broken[number] for number in group]
        ahead: list[Ahead] = []
        for depth in reversed(range(1 + max(of.depth for of in found))):
            level = self.levels[depth]
            marks = self._marks(level, ahead[-1]) if ahead else np.zeros(len(level), np.uint64)
            for bit, of in enumerate(found):
                if of.depth == depth:
                    marks[of.rows] |= np.uint64(1 << bit)
            ahead.append(self._space.marked(level, marks))
        return ahead[::-1]

    def _marks(self, level: Level, ahead: Ahead) -> Marks:
        blocks = self._space.blocks(level)
        return np.concatenate([self._space.mark(block, ahead) for block in blocks])

    def _forward(self, number: int, bit: int, ahead: Sequence[Ahead]) -> Path:
        walk = self._space.walk
        state = walk.first
        path: list[tuple[int, State]] = []
        for marked in ahead[1 : self.broken[number].depth + 1]:
            move, state = next(
                (move, after)
                for move, after in walk.successors(state)
                if marked.marks(after) >> bit & 1
            )
            path.append((move, state))
        if number in self._steps:
            path.append(walk.last_step(number, state))
        return tuple(path)
