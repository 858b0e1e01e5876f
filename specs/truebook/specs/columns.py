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
from truebook.specs.blocks import Columns, Compiled, Rows
from truebook.specs.explore import (
    WATCHED,
    Exploration,
    Move,
    Progress,
    Runner,
    TooLargeError,
    walk,
)
from truebook.specs.packing import Packing
from truebook.specs.properties import Check, Kind
from truebook.specs.trace import State, Trace
from truebook.specs.words import counted

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
) -> Exploration:
    """Explore a system breadth first on arrays; see `Engine`."""
    started = time.perf_counter()
    search = _Search(system, checks)
    search.run(limit, progress)
    search.check_levels()
    return Exploration(
        states=len(search.seen),
        transitions=search.transitions,
        depth=len(search.levels) - 1,
        fired=frozenset(system.actions[n].name for n in search.fired),
        moves=frozenset(search.moves),
        violations={n: search.trace(n) for n in sorted(search.broken)},
        seconds=time.perf_counter() - started,
    )


class _Search:
    """The levels of keys found, sorted, and where each broken check is broken first."""

    def __init__(self, system: System, checks: Sequence[Check]) -> None:
        self.system = system
        self.checks = checks
        self.compiled = Compiled(system, checks)
        self.packing = self.compiled.packing
        self.runner = Runner(system)
        self.runner.check_range(self.runner.first, "the first state")
        self.levels: list[Keys] = []
        self.seen: Keys = np.zeros(0, np.int64)
        self.transitions = 0
        self.fired: set[int] = set()
        self.moves: set[Move] = set()
        self.broken: dict[int, tuple[int, Keys]] = {}
        paths = [field.path for field in system.fields]
        self._watched = [
            (leg, paths.index(path)) for leg, path in enumerate(WATCHED) if path in paths
        ]

    def take_checks(self, checks: Sequence[Check]) -> None:
        """Ask for other checks from here on."""
        self.checks = checks
        self.compiled.take_checks(checks)

    def run(self, limit: int | None, progress: Progress | None) -> None:
        """Find every state, level by level."""
        steps = [n for n, check in enumerate(self.checks) if check.kind is Kind.STEP]
        level = self.packing.pack_states([self.runner.first])
        while len(level):
            self.levels.append(level)
            self.seen = np.sort(np.concatenate([self.seen, level]), kind="stable")
            found = []
            for block, keys in self._blocks(level):
                if progress is not None:
                    progress(len(self.seen), len(self.levels) - 1, len(level))
                found.append(self._expand(block, keys, steps))
            level = _unique(found)
            level = level[~_member(self.seen, level)]
            if limit is not None and len(self.seen) + len(level) > limit:
                raise TooLargeError(f"more than {counted(limit, 'state')}")

    def _blocks(self, level: Keys) -> Iterator[tuple[Columns, Keys]]:
        return _blocks(self.packing, level)

    def _expand(self, block: Columns, keys: Keys, steps: Sequence[int]) -> Keys:
        found = []
        for number, action in enumerate(self.system.actions):
            rows, after = self.compiled.run(number, block)
            if not len(rows):
                continue
            self.transitions += len(rows)
            self.fired.add(number)
            found.append(self.packing.pack(after.arrays))
            self._watch(action, block, rows, after)
            if steps:
                before = block.take(rows)
                for n in steps:
                    failing = self.compiled.failing(self.compiled.step(n, number), before, after)
                    self._breaks(n, len(self.levels) - 1, keys[rows[failing]])
        return _unique(found)

    def _watch(self, action: Action, block: Columns, rows: Rows, after: Columns) -> None:
        for leg, f in self._watched:
            size = self.system.fields[f].size
            old, new = block.arrays[f][rows], after.arrays[f]
            changed = old != new
            if changed.any():
                pairs = np.unique(old[changed].astype(np.int64) * size + new[changed])
                self.moves |= {(action.name, leg, int(p) // size, int(p) % size) for p in pairs}

    def _breaks(self, check: int, depth: int, keys: Keys) -> None:
        if len(keys):
            first, known = self.broken.setdefault(check, (depth, keys[:0]))
            if first == depth:
                self.broken[check] = (depth, np.union1d(known, keys))

    def check_levels(self) -> None:
        """Look for the first states that break each check that is not of a step."""
        for n, bad in self._badly_settled().items():
            broken = self.seen[bad]
            for depth, level in enumerate(self.levels if len(broken) else ()):
                self._breaks(n, depth, level[_member(broken, level)])
                if n in self.broken:
                    break
        for depth, level in enumerate(self.levels):
            wanted = [n for n in self._of_states() if n not in self.broken]
            for block, keys in self._blocks(level if wanted else level[:0]):
                for n, failing in self._failing(wanted, block):
                    self._breaks(n, depth, keys[failing])

    def tabulate(self) -> "Tabulated":
        """Return the successors of every state found, and where each check is broken."""
        successors = np.full((len(self.system.actions), len(self.seen)), -1, np.int32)
        steps = [n for n, check in enumerate(self.checks) if check.kind is Kind.STEP]
        states = self._badly_settled() | {
            n: np.zeros(len(self.seen), np.bool_) for n in self._of_states()
        }
        edges = {n: np.zeros(successors.shape, np.bool_) for n in steps}
        start = 0
        for block, keys in self._blocks(self.seen):
            for number in range(len(self.system.actions)):
                rows, after = self.compiled.run(number, block)
                at = start + rows
                successors[number, at] = _index(self.seen, self.packing.pack(after.arrays))
                for n in steps:
                    tree = self.compiled.step(n, number)
                    failing = self.compiled.failing(tree, block.take(rows), after)
                    edges[n][number, at[failing]] = True
            for n, failing in self._failing(self._of_states(), block):
                states[n][start + failing] = True
            start += len(keys)
        first = int(_index(self.seen, self.packing.pack_states([self.runner.first]))[0])
        broken = {n: where for n, where in (states | edges).items() if where.any()}
        return Tabulated(first, successors, broken, self.packing, self.seen)

    def _of_states(self) -> list[int]:
        kinds = (Kind.STATE, Kind.COMMUTE, Kind.REPEAT)
        return [n for n, check in enumerate(self.checks) if check.kind in kinds]

    def _failing(self, wanted: Sequence[int], block: Columns) -> Iterator[tuple[int, Rows]]:
        reached: dict[int, tuple[Rows, Columns]] = {}
        for n in wanted:
            check = self.checks[n]
            if check.kind is Kind.STATE:
                yield n, self.compiled.failing(self.compiled.states[n], block)
            elif check.kind is Kind.COMMUTE:
                yield n, self._not_commuting(check, block, reached)
            else:
                yield n, self._not_repeating(check, block, reached)

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

    def _badly_settled(self) -> dict[int, npt.NDArray[np.bool_]]:
        """Return, for each check of the settled state, which states come to break it."""
        wanted = [n for n, check in enumerate(self.checks) if check.kind is Kind.SETTLED]
        if not wanted:
            return {}
        after = np.zeros(len(self.seen), np.int64)
        start = 0
        for block, keys in self._blocks(self.seen):
            settled = self.compiled.settle(block)
            end = start + len(keys)
            after[start:end] = _index(self.seen, self.packing.pack(settled.arrays))
            start = end
        ends = after
        for _ in range(len(self.seen).bit_length()):
            further = ends[ends]
            if np.array_equal(further, ends):
                break
            ends = further
        last = np.unique(ends)
        block = Columns(self.packing.unpack(self.seen[last]))
        found = {}
        for n in wanted:
            bad = np.zeros(len(self.seen), np.bool_)
            bad[last[self.compiled.failing(self.compiled.states[n], block)]] = True
            bad[last[after[last] != last]] = True
            found[n] = bad[ends]
        return found

    def trace(self, check: int) -> Trace:
        """Return the trace to a check's first violation."""
        depth, targets = self.broken[check]
        ahead = [targets]
        for level in reversed(self.levels[1:depth]):
            leading = []
            for block, keys in self._blocks(level):
                leads = np.zeros(len(keys), np.bool_)
                for number in range(len(self.system.actions)):
                    rows, after = self.compiled.run(number, block)
                    leads[rows[_member(ahead[-1], self.packing.pack(after.arrays))]] = True
                leading.append(keys[leads])
            ahead.append(np.concatenate(leading))
        sets = [_States(self.packing, keys) for keys in ahead[::-1]] if depth else []
        return walk(self.system, sets, self.checks[check])


@attrs.frozen(eq=False)
class Reached:
    """Every reachable state of a system, level by level, as packed keys."""

    packing: Packing
    levels: tuple[Keys, ...]

    def depth(self, state: State) -> int | None:
        """Return the fewest steps in which a state is reached, or None where it is not."""
        key = self.packing.pack_states([state])
        for depth, level in enumerate(self.levels):
            if _member(level, key)[0]:
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
        for block, _ in _blocks(states.packing, level):
            yield block


def _blocks(packing: Packing, level: Keys) -> Iterator[tuple[Columns, Keys]]:
    """Yield the states of some keys, a block at a time, with the keys of the block."""
    for start in range(0, len(level), BLOCK):
        keys = level[start : start + BLOCK]
        yield Columns(packing.unpack(keys)), keys


def reached(system: System, *, limit: int | None = None) -> Reached:
    """Return the reachable states of a system; raise TooLargeError beyond `limit`."""
    search = _Search(system, ())
    search.run(limit, None)
    return Reached(search.packing, tuple(search.levels))


def tabulate(system: System, checks: Sequence[Check]) -> Tabulated:
    """Return one order's reachable world as a table, for the kernel that composes orders."""
    search = _Search(system, ())
    search.run(None, None)
    search.take_checks(checks)
    return search.tabulate()


class _States:
    """The states of some keys, to ask whether one is among them."""

    def __init__(self, packing: Packing, keys: Keys) -> None:
        self._packing = packing
        self._keys = keys

    def __contains__(self, state: object) -> bool:
        assert isinstance(state, tuple)
        return bool(_member(self._keys, self._packing.pack_states([state]))[0])


def _unique(found: list[Keys]) -> Keys:
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _member(known: Keys, keys: Keys) -> npt.NDArray[np.bool_]:
    """Return which keys are among some known, sorted ones."""
    if not len(known):
        return np.zeros(len(keys), np.bool_)
    at = np.searchsorted(known, keys)
    at[at == len(known)] = 0
    among: npt.NDArray[np.bool_] = known[at] == keys
    return among


def _index(known: Keys, keys: Keys) -> npt.NDArray[np.int64]:
    """Return where each key is among known, sorted ones."""
    at = np.searchsorted(known, keys)
    if (at == len(known)).any() or (known[at] != keys).any():
        raise AssertionError("a quiet round leads out of the reachable states")
    return at.astype(np.int64)
