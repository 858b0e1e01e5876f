"""The fast engine: runs the paths of the model's Python on whole arrays of states.

Each part of an action is a decision tree (paths.py). A block of states is one array a field; at a
fork the rows part, at a leaf the writes are added to the packed keys of the rows that came there.
States are exact integers, never hashes, and every write is checked against its field's domain.
"""

import time
from collections.abc import Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from truebook.model.system import Action, System
from truebook.specs.explore.blocks import Columns, Compiled, Rows
from truebook.specs.explore.engine import (
    WATCHED,
    Exploration,
    ModelWalk,
    Move,
    Progress,
    Runner,
    Wanted,
)
from truebook.specs.explore.kernel_numpy import Runs, found
from truebook.specs.explore.levels import Breaks, KeyMarks, Marks, Search
from truebook.specs.explore.packing import Packing, index, member
from truebook.specs.explore.quiet import Settling
from truebook.specs.explore.traced import traced
from truebook.specs.properties import Check, Kind, State

Keys = npt.NDArray[np.int64]

BLOCK = 1 << 16
"""How many states are worked on at a time: few enough to stay in the processor's cache."""


@attrs.frozen(eq=False)
class Tabulated:
    """One order's world as numbers: its states are 0 … n - 1, in the order of `keys`.

    `successors` has shape (actions, n), -1 where not possible. `broken` has, for each check that
    is broken anywhere, where: shape (n,), or (actions, n) for a check of a step.
    """

    first: int
    successors: npt.NDArray[np.int32]
    broken: dict[int, npt.NDArray[np.bool_]]
    packing: Packing
    keys: Keys

    def states(self, numbers: Sequence[int]) -> list[State]:
        """Return some states as tuples."""
        arrays = self.packing.unpack(self.keys[np.array(numbers, np.int64)])
        return [tuple(row) for row in np.stack(arrays, axis=1).tolist()]


def explore(
    system: System,
    checks: Sequence[Check],
    *,
    limit: int | None = None,
    progress: Progress | None = None,
    wanted: Wanted | None = None,
) -> Exploration:
    """Explore a system breadth first on arrays; see `Engine`."""
    started = time.perf_counter()
    states = _States(system, checks)
    steps = [n for n, check in enumerate(checks) if check.kind is Kind.STEP]
    search = Search(
        states, range(len(checks)), steps, limit=limit, progress=progress, wanted=wanted
    )
    search.run()
    return Exploration(
        states=search.states,
        transitions=states.transitions,
        depth=search.depth,
        fired=frozenset(system.actions[n].name for n in states.fired),
        moves=frozenset(states.moves),
        violations={n: traced(system, checks[n], path) for n, path in search.paths().items()},
        seconds=time.perf_counter() - started,
        complete=search.complete,
    )


class _States:
    """States as packed keys, sorted; see levels.StateSpace."""

    def __init__(self, system: System, checks: Sequence[Check]) -> None:
        self.walk = ModelWalk(system, checks)
        self.late = frozenset(n for n, check in enumerate(checks) if check.kind is Kind.SETTLED)
        self.compiled = Compiled(system, checks)
        self.packing = self.compiled.packing
        self.visited = Runs()
        self.transitions = 0
        self.fired: set[int] = set()
        self.moves: set[Move] = set()
        self.system = system
        self.checks = checks
        self._settling = Settling(self.compiled, _blocks)
        self._unsettled: list[Keys] = []  # found since somebody asked what they come to
        paths = [field.path for field in system.fields]
        self._moving = [
            (leg, paths.index(path)) for leg, path in enumerate(WATCHED) if path in paths
        ]

    def begin(self) -> Keys:
        """Return the first state."""
        runner = Runner(self.system)
        runner.check_range(runner.first, "the first state")
        return self._visit(self.packing.pack_states([runner.first]))

    def blocks(self, level: Keys) -> Iterator[Keys]:
        """Yield some states a block at a time."""
        return _blocks(level)

    def join(self, parts: Sequence[Keys]) -> Keys:
        """Return the states of all parts, sorted."""
        return np.sort(np.concatenate(parts))

    def watch(self, checks: frozenset[int]) -> None:
        """Look out for these checks from here on."""
        of = {kind: sorted(n for n in checks if self.checks[n].kind is kind) for kind in Kind}
        self._steps = of[Kind.STEP]
        self._settled = of[Kind.SETTLED]
        self._of_states = sorted(checks.difference(self._steps, self._settled))

    def look(self, block: Keys) -> Breaks:
        """Yield which states of a block break what is watched, but for steps."""
        if self._settled:
            yield from self._badly_settled(block)
        if self._of_states:
            yield from self._failing(self._columns(block))

    def expand(self, block: Keys) -> tuple[Keys, Breaks]:
        """Return the successors of a block never seen before, and where steps break a check."""
        states = self._columns(block)
        reached = []
        breaks = []
        for number, action in enumerate(self.system.actions):
            rows, after = self.compiled.run(number, states)
            if not len(rows):
                continue
            self.transitions += len(rows)
            self.fired.add(number)
            reached.append(self.packing.pack(after.arrays))
            self._watch(action, states, rows, after)
            if self._steps:
                before = states.take(rows)
                for n in self._steps:
                    failing = self.compiled.failing(self.compiled.step(n, number), before, after)
                    breaks.append((n, rows[failing]))
        return self._visit(np.concatenate(reached)) if reached else block[:0], breaks

    def mark(self, block: Keys, ahead: KeyMarks) -> Marks:
        """Return for each state of a block the union of the marks of its successors."""
        states = self._columns(block)
        marks = np.zeros(len(block), np.uint64)
        for number in range(len(self.system.actions)):
            rows, after = self.compiled.run(number, states)
            is_marked, place = found(ahead.keys, self.packing.pack(after.arrays))
            marks[rows[is_marked]] |= ahead.of[place[is_marked]]
        return marks

    def marked(self, level: Keys, marks: Marks) -> KeyMarks:
        """Return the states of a level that have marks."""
        rows = np.flatnonzero(marks)
        return KeyMarks(level[rows], marks[rows], self._key)

    def tabulate(self) -> Tabulated:
        """Return the successors of every state found, and where each watched check is broken."""
        seen = self.visited.all()
        successors = np.full((len(self.system.actions), len(seen)), -1, np.int32)
        broken = {n: np.zeros(len(seen), np.bool_) for n in (*self._of_states, *self._settled)}
        broken |= {n: np.zeros(successors.shape, np.bool_) for n in self._steps}
        start = 0
        for keys in _blocks(seen):
            block = self._columns(keys)
            for number in range(len(self.system.actions)):
                rows, after = self.compiled.run(number, block)
                at = start + rows
                successors[number, at] = index(seen, self.packing.pack(after.arrays))
                for n in self._steps:
                    tree = self.compiled.step(n, number)
                    failing = self.compiled.failing(tree, block.take(rows), after)
                    broken[n][number, at[failing]] = True
            for n, rows in self.look(keys):
                broken[n][start + rows] = True
            start += len(keys)
        first = int(index(seen, self.packing.pack_states([self.walk.first]))[0])
        somewhere = {n: where for n, where in broken.items() if where.any()}
        return Tabulated(first, successors, somewhere, self.packing, seen)

    def _visit(self, keys: Keys) -> Keys:
        fresh = self.visited.add(keys)
        if self.late:
            self._unsettled.append(fresh)
        return fresh

    def _key(self, state: State) -> int:
        return int(self.packing.pack_states([state])[0])

    def _columns(self, keys: Keys) -> Columns:
        return Columns(self.packing.unpack(keys))

    def _watch(self, action: Action, block: Columns, rows: Rows, after: Columns) -> None:
        for leg, f in self._moving:
            size = self.system.fields[f].size
            old, new = block.arrays[f][rows], after.arrays[f]
            changed = old != new
            if changed.any():
                pairs = np.unique(old[changed].astype(np.int64) * size + new[changed])
                self.moves |= {(action.name, leg, int(p) // size, int(p) % size) for p in pairs}

    def _badly_settled(self, block: Keys) -> Breaks:
        if self._unsettled:
            self._settling.learn(np.concatenate(self._unsettled))
            self._unsettled.clear()
        for rounds, checks in self._by_rounds().items():
            come_to = self._settling.after(block, rounds)
            ends, of = np.unique(come_to, return_inverse=True)
            bad_ends = np.zeros(len(ends), np.bool_)
            if rounds is None:
                bad_ends = self._settling.restless(ends)
            columns = self._columns(ends)
            for n in checks:
                bad = bad_ends.copy()
                bad[self.compiled.failing(self.compiled.states[n], columns)] = True
                yield n, np.flatnonzero(bad[of])

    def _by_rounds(self) -> dict[int | None, list[int]]:
        found: dict[int | None, list[int]] = {}
        for n in self._settled:
            found.setdefault(self.checks[n].rounds, []).append(n)
        return found

    def _failing(self, block: Columns) -> Iterator[tuple[int, Rows]]:
        reached: dict[int, tuple[Rows, Columns]] = {}
        for n in self._of_states:
            check = self.checks[n]
            if check.kind is Kind.STATE:
                yield n, self.compiled.failing(self.compiled.states[n], block)
            elif check.kind is Kind.COMMUTE:
                yield n, self._where_asked(n, block, self._not_commuting(check, block, reached))
            else:
                yield n, self._where_asked(n, block, self._not_repeating(check, block, reached))

    def _where_asked(self, check: int, block: Columns, rows: Rows) -> Rows:
        tree = self.compiled.asked.get(check)
        if tree is None:
            return rows
        return np.setdiff1d(rows, self.compiled.failing(tree, block))

    def _reach(
        self, name: str, block: Columns, reached: dict[int, tuple[Rows, Columns]]
    ) -> tuple[int, Rows, Columns]:
        number = self.compiled.numbers[name]
        if number not in reached:
            reached[number] = self.compiled.run(number, block)
        return number, *reached[number]

    def _not_commuting(
        self, check: Check, block: Columns, reached: dict[int, tuple[Rows, Columns]]
    ) -> Rows:
        one, one_rows, after_one = self._reach(check.actions[0], block, reached)
        other, other_rows, after_other = self._reach(check.actions[1], block, reached)
        rows, at_one, at_other = np.intersect1d(
            one_rows, other_rows, assume_unique=True, return_indices=True
        )
        if not len(rows):
            return rows
        first_rows, first = self.compiled.run(other, after_one.take(at_one))
        second_rows, second = self.compiled.run(one, after_other.take(at_other))
        both, at_first, at_second = np.intersect1d(
            first_rows, second_rows, assume_unique=True, return_indices=True
        )
        differ = np.zeros(len(both), np.bool_)
        for field, a, b in zip(self.system.fields, first.arrays, second.arrays, strict=True):
            if check.of_field(field.path):
                differ |= a[at_first] != b[at_second]
        return rows[both[differ]]

    def _not_repeating(
        self, check: Check, block: Columns, reached: dict[int, tuple[Rows, Columns]]
    ) -> Rows:
        number, rows, once = self._reach(check.actions[0], block, reached)
        if not len(rows):
            return rows
        again = once.copy()
        for f, field in enumerate(self.system.fields):
            if field.path in self.system.actions[number].wire:
                again.arrays[f][:] = block.arrays[f][rows]
        possible_rows, twice = self.compiled.run(number, again)
        differ = np.ones(len(rows), np.bool_)
        differ[possible_rows] = False
        for f, field in enumerate(self.system.fields):
            if field.book and check.of_field(field.path):
                differ[possible_rows] |= once.arrays[f][possible_rows] != twice.arrays[f]
        return rows[differ]


@attrs.frozen(eq=False)
class Reached:
    """Every reachable state of a system, level by level, as packed keys."""

    packing: Packing
    levels: tuple[Keys, ...]

    def depth(self, state: State) -> int | None:
        """Return the fewest steps in which a state is reached, or None where it is not."""
        key = self.packing.pack_states([state])
        for depth, level in enumerate(self.levels):
            if member(level, key)[0]:
                return depth
        return None

    def columns(self) -> Sequence[npt.NDArray[np.int16]]:
        """Return every state, one array a field."""
        return self.packing.unpack(np.concatenate(self.levels))

    def first(self) -> Columns:
        """Return the first state as a block."""
        return Columns(self.packing.unpack(self.levels[0]))


def blocks_of(states: Reached) -> Iterator[Columns]:
    """Yield every state, a block at a time."""
    for level in states.levels:
        for keys in _blocks(level):
            yield Columns(states.packing.unpack(keys))


def _blocks(keys: Keys) -> Iterator[Keys]:
    for start in range(0, len(keys), BLOCK):
        yield keys[start : start + BLOCK]


def reached(system: System, *, limit: int | None = None) -> Reached:
    """Return the reachable states of a system; raise TooLargeError beyond `limit`."""
    states = _States(system, ())
    search = Search(states, (), (), limit=limit, keep=True)
    search.run()
    return Reached(states.packing, tuple(search.levels))


def tabulate(system: System, checks: Sequence[Check]) -> Tabulated:
    """Return one order's reachable world as a table, for the kernel that composes orders."""
    states = _States(system, checks)
    Search(states, (), ()).run()
    states.watch(frozenset(range(len(checks))))
    return states.tabulate()
