"""The plain engine: runs the model's own Python on one state after another.

It is the one to read, and the one that the fast engine is held to.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import attrs
import numpy as np

from truebook.model.system import System
from truebook.specs.explore.engine import (
    WATCHED,
    Exploration,
    ModelWalk,
    Move,
    Progress,
    Runner,
    Steps,
    Wanted,
)
from truebook.specs.explore.levels import Breaks, Marks, Search
from truebook.specs.explore.traced import traced
from truebook.specs.properties import Check, Kind, State


def explore(
    system: System,
    checks: Sequence[Check],
    *,
    limit: int | None = None,
    progress: Progress | None = None,
    wanted: Wanted | None = None,
) -> Exploration:
    """Explore a system breadth first; see `Engine`."""
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
        fired=frozenset(states.fired),
        moves=frozenset(states.moves),
        violations={n: traced(system, checks[n], path) for n, path in search.paths().items()},
        seconds=time.perf_counter() - started,
        complete=search.complete,
    )


@attrs.frozen
class _Marked:
    """The states of a level that have marks."""

    of: Mapping[State, int]

    def marks(self, state: State) -> int:
        return self.of.get(state, 0)


class _States:
    """States as tuples, in lists and a set; see levels.StateSpace."""

    late: frozenset[int] = frozenset()

    def __init__(self, system: System, checks: Sequence[Check]) -> None:
        self.walk = ModelWalk(system, checks)
        self.transitions = 0
        self.fired: set[str] = set()
        self.moves: set[Move] = set()
        self._system = system
        self._checks = checks
        self._runner = Runner(system)
        self._steps = Steps(system)
        self._seen: set[State] = set()
        self._watched: list[tuple[int, Check]] = []
        paths = [field.path for field in system.fields]
        self._moving = [
            (leg, paths.index(path)) for leg, path in enumerate(WATCHED) if path in paths
        ]

    def begin(self) -> list[State]:
        self._runner.check_range(self._runner.first, "the first state")
        self._seen.add(self._runner.first)
        return [self._runner.first]

    def blocks(self, level: list[State]) -> Iterator[list[State]]:
        yield level

    def join(self, parts: Sequence[list[State]]) -> list[State]:
        return list(chain.from_iterable(parts))

    def watch(self, checks: frozenset[int]) -> None:
        self._watched = [(n, self._checks[n]) for n in sorted(checks)]

    def look(self, block: list[State]) -> Breaks:
        wanted = [(n, check) for n, check in self._watched if check.kind is not Kind.STEP]
        for row, state in enumerate(block):
            for n, check in wanted:
                if self._runner.breaks(check, state):
                    yield n, np.array([row])

    def expand(self, block: list[State]) -> tuple[list[State], Breaks]:
        found = []
        breaks = []
        steps = [(n, check) for n, check in self._watched if check.kind is Kind.STEP]
        for row, state in enumerate(block):
            for number, after in self._runner.successors(state):
                action = self._system.actions[number]
                self.transitions += 1
                self.fired.add(action.name)
                for leg, i in self._moving:
                    if state[i] != after[i]:
                        self.moves.add((action.name, leg, int(state[i]), int(after[i])))
                for n, check in steps:
                    if self._steps.breaks(check, state, action, after):
                        breaks.append((n, np.array([row])))
                if after not in self._seen:
                    self._runner.check_range(after, action.name)
                    self._seen.add(after)
                    found.append(after)
        return found, breaks

    def mark(self, block: list[State], ahead: _Marked) -> Marks:
        marks = np.zeros(len(block), np.uint64)
        for row, state in enumerate(block):
            for _, after in self._runner.successors(state):
                marks[row] |= np.uint64(ahead.marks(after))
        return marks

    def marked(self, level: list[State], marks: Marks) -> _Marked:
        return _Marked({s: mark for s, mark in zip(level, marks.tolist(), strict=True) if mark})
