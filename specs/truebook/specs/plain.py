"""The plain engine: runs the model's own Python on one state after another.

It is the one to read, and the one that the fast engine is held to.
"""

import time
from collections.abc import Sequence

from truebook.model.system import System
from truebook.specs.explore import (
    WATCHED,
    Exploration,
    Move,
    Progress,
    Runner,
    Steps,
    TooLargeError,
    walk,
)
from truebook.specs.properties import Check, Kind
from truebook.specs.trace import State, Trace
from truebook.specs.words import counted


def explore(
    system: System,
    checks: Sequence[Check],
    *,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Exploration:
    """Explore a system breadth first; see `Engine`."""
    started = time.perf_counter()
    search = _Search(system, checks)
    search.run(limit, progress)
    search.check_states()
    return Exploration(
        states=len(search.seen),
        transitions=search.transitions,
        depth=len(search.levels) - 1,
        fired=frozenset(search.fired),
        moves=frozenset(search.moves),
        violations={n: search.trace(n) for n in sorted(search.broken)},
        seconds=time.perf_counter() - started,
    )


class _Search:
    """The levels of states found, and where each broken check is broken first."""

    def __init__(self, system: System, checks: Sequence[Check]) -> None:
        self.system = system
        self.checks = checks
        self.runner = Runner(system)
        self.steps = Steps(system)
        self.seen: set[State] = set()
        self.levels: list[list[State]] = []
        self.transitions = 0
        self.fired: set[str] = set()
        self.moves: set[Move] = set()
        # Of each broken check, the depth of its first violation and the states that break it
        # there; for a check of a step, the states before it.
        self.broken: dict[int, tuple[int, set[State]]] = {}
        paths = [field.path for field in system.fields]
        self._watched = [
            (leg, paths.index(path)) for leg, path in enumerate(WATCHED) if path in paths
        ]

    def run(self, limit: int | None, progress: Progress | None) -> None:
        """Find every state, level by level."""
        self.runner.check_range(self.runner.first, "the first state")
        self.seen.add(self.runner.first)
        level = [self.runner.first]
        while level:
            self.levels.append(level)
            if progress is not None:
                progress(len(self.seen), len(self.levels) - 1, len(level))
            level = self._next(level)
            if limit is not None and len(self.seen) > limit:
                raise TooLargeError(f"more than {counted(limit, 'state')}")

    def _next(self, level: list[State]) -> list[State]:
        found = []
        steps = [(n, check) for n, check in enumerate(self.checks) if check.kind is Kind.STEP]
        for state in level:
            for number, after in self.runner.successors(state):
                action = self.system.actions[number]
                self.transitions += 1
                self.fired.add(action.name)
                for leg, i in self._watched:
                    if state[i] != after[i]:
                        self.moves.add((action.name, leg, int(state[i]), int(after[i])))
                for n, check in steps:
                    if self.steps.breaks(check, state, action, after):
                        self._breaks(n, len(self.levels) - 1, state)
                if after not in self.seen:
                    self.runner.check_range(after, action.name)
                    self.seen.add(after)
                    found.append(after)
        return found

    def check_states(self) -> None:
        """Look for the first states that break each check that is not of a step."""
        for depth, level in enumerate(self.levels):
            wanted = [
                (n, check)
                for n, check in enumerate(self.checks)
                if check.kind is not Kind.STEP and n not in self.broken
            ]
            for state in level if wanted else ():
                for n, check in wanted:
                    if self.runner.breaks(check, state):
                        self._breaks(n, depth, state)

    def _breaks(self, check: int, depth: int, state: State) -> None:
        first, states = self.broken.setdefault(check, (depth, set()))
        if first == depth:
            states.add(state)

    def trace(self, check: int) -> Trace:
        """Return the trace to a check's first violation."""
        depth, targets = self.broken[check]
        ahead = [targets]
        for level in reversed(self.levels[1:depth]):
            ahead.append(
                {
                    state
                    for state in level
                    if any(after in ahead[-1] for _, after in self.runner.successors(state))
                }
            )
        return walk(self.system, ahead[::-1] if depth else [], self.checks[check])
