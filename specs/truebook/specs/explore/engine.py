"""Exploring every reachable state of a system: what an engine is asked, and what it answers.

Engines give the same answer. The plain one (plain.py) runs the model's Python on one state after
another; the fast one (columns.py) runs the paths of the same Python on whole arrays of states;
several orders together are composed of the tables of each (tables.py). The search itself is the
same for all (levels.py).

The first violation of each check comes with a shortest trace, always the same one: of all
shortest traces to a violation of that check, the one whose actions come first in the system's
order.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any, Protocol, TypeAlias

import attrs

from truebook.model.system import Action, System, place_of
from truebook.specs.properties import Check, Kind, State, Trace

Progress = Callable[[int, int, int], None]
"""Told, now and then, the states found, the depth, and the states of the frontier."""

Wanted = Callable[[int, int, Mapping[int, int]], Collection[int]]
"""Asked once a level has been looked at: which checks are still to be looked at; none is enough.

It is told the level's depth, the states found, and the length of a shortest path to a violation of
each check that was found broken, by number.
"""

Path: TypeAlias = tuple[tuple[int, State], ...]
"""Moves from the first state: (action number, the state after it)."""

Move = tuple[str, int, int, int]
"""A change of a record's state that happened: action, leg, state before, state after."""

WATCHED = ("book_a.state", "book_b.state")
"""The fields whose changes are reported as moves, by leg."""


class TooLargeError(Exception):
    """The exploration reached its limit of states."""


@attrs.frozen
class Exploration:
    """What an engine found: counts, what happened, and violations.

    `depth` is the length of the longest shortest path from the first state. `fired` are the
    actions that were possible anywhere. `violations` maps the number of a check to a shortest
    trace that breaks it. Where the exploration ended before every state was found (not
    `complete`), `states` is at least one level more than `transitions` and `fired` are of.
    """

    states: int
    transitions: int
    depth: int
    fired: frozenset[str]
    moves: frozenset[Move]
    violations: dict[int, Trace]
    seconds: float = attrs.field(eq=False)
    complete: bool = True


class Engine(Protocol):
    """A way to explore a system."""

    def __call__(
        self,
        system: System,
        checks: Sequence[Check],
        *,
        limit: int | None = None,
        progress: Progress | None = None,
        wanted: Wanted | None = None,
    ) -> Exploration:
        """Explore every reachable state, or as far as is wanted, and return what was found.

        Raises TooLargeError beyond `limit` states, and ValueError where an action writes a value
        outside its field.
        """
        ...


class Runner:
    """Loads states into one world object and runs the model's own functions on it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.world = system.create()
        self._read = _reader([field.path for field in system.fields])
        self._places = [place_of(self.world, field.path) for field in system.fields]
        self._by_name = {action.name: action for action in system.actions}
        self._quiet = [self._by_name[name] for name in system.settle if name in self._by_name]
        self.first: State = self.read()
        self._ends: dict[State, State] = {}
        self._after_round: dict[State, State] = {}
        self._reached: tuple[State, dict[str, State | None]] = (self.first, {})

    def load(self, state: State) -> Any:
        """Put the world into a state and return it; it is the same object every time."""
        for (owner, name), value in zip(self._places, state, strict=True):
            setattr(owner, name, value)
        return self.world

    def read(self) -> State:
        """Return the state that the world is in."""
        state: State = self._read(self.world)
        return state

    def run(self, state: State, action: Action) -> State | None:
        """Return the state after an action, or None where it is not possible."""
        return self.read() if action.run(self.load(state)) else None

    def successors(self, state: State) -> list[tuple[int, State]]:
        """Return (action number, state) for every action possible in a state."""
        found = []
        self.load(state)
        for number, action in enumerate(self.system.actions):
            if action.run(self.world):
                found.append((number, self.read()))
                self.load(state)
        return found

    def settle(self, state: State) -> State:
        """Return the state after one quiet round."""
        self.load(state)
        for action in self._quiet:
            action.run(self.world)
        return self.read()

    def settled(self, state: State) -> State:
        """Return what a state comes to after quiet rounds, however many that takes."""
        passed: dict[State, None] = {}
        while state not in passed and state not in self._ends:
            passed[state] = None
            state = self.settle(state)
        end = self._ends.get(state, state)
        self._ends.update(dict.fromkeys(passed, end))
        return end

    def quiet(self, check: Check, state: State) -> State:
        """Return what a check of the settled state looks at."""
        if check.rounds is None:
            return self.settled(state)
        for _ in range(check.rounds):
            if state not in self._after_round:
                self._after_round[state] = self.settle(state)
            state = self._after_round[state]
        return state

    def breaks(self, check: Check, state: State) -> bool:
        """Return whether a check that is not of a step is broken in a state."""
        if check.kind is Kind.STATE:
            return not check.holds(self.load(state))
        if check.kind is Kind.SETTLED:
            end = self.quiet(check, state)
            restless = check.rounds is None and self.settle(end) != end
            return restless or not check.holds(self.load(end))
        if not check.when(self.load(state)):
            return False
        actions = [self._by_name[name] for name in check.actions]
        if check.kind is Kind.COMMUTE:
            return not self._commute(state, actions[0], actions[1], check)
        return not self._repeats(state, actions[0], check)

    def _reach(self, state: State, action: Action) -> State | None:
        """Return what `run` does, kept while it is asked of the same state."""
        if self._reached[0] != state:
            self._reached = (state, {})
        reached = self._reached[1]
        if action.name not in reached:
            reached[action.name] = self.run(state, action)
        return reached[action.name]

    def again(self, state: State, once: State, message: Action) -> State:
        """Return the state after a message, told in `state`, with it back on the wire."""
        return tuple(
            before if field.path in message.wire else after
            for field, before, after in zip(self.system.fields, state, once, strict=True)
        )

    def differing(self, check: Check, a: State, b: State) -> list[int]:
        """Return the fields of the order that a check is of in which two states differ.

        Of a message told again, these are what the book knows.
        """
        return [
            f
            for f, (x, y, field) in enumerate(zip(a, b, self.system.fields, strict=True))
            if x != y
            and (field.book or check.kind is not Kind.REPEAT)
            and check.of_field(field.path)
        ]

    def _commute(self, state: State, one: Action, other: Action, check: Check) -> bool:
        first, second = self._reach(state, one), self._reach(state, other)
        if first is None or second is None:
            return True
        both, reverse = self.run(first, other), self.run(second, one)
        return both is None or reverse is None or not self.differing(check, both, reverse)

    def _repeats(self, state: State, message: Action, check: Check) -> bool:
        once = self._reach(state, message)
        if once is None:
            return True
        twice = self.run(self.again(state, once, message), message)
        return twice is not None and not self.differing(check, once, twice)

    def check_range(self, state: State, action: str) -> None:
        """Raise ValueError if a value lies outside its field's domain."""
        for field, value in zip(self.system.fields, state, strict=True):
            if not 0 <= value < field.size:
                raise ValueError(
                    f"{action!r} wrote {int(value)} to {field.path}, whose values are "
                    f"0 to {field.size - 1}: widen the domain, or mend the action"
                )


def _reader(paths: Sequence[str]) -> Callable[[Any], State]:
    read: Callable[[Any], Any] = attrgetter(*paths)
    if len(paths) > 1:
        return read
    # Of one path, attrgetter returns the value and not a tuple.
    return lambda world: (read(world),)


class Steps:
    """Says whether a check of a step is broken by an action between two states."""

    def __init__(self, system: System) -> None:
        self._before = Runner(system)
        self._after = Runner(system)

    def breaks(self, check: Check, before: State, action: Action, after: State) -> bool:
        """Return whether the step breaks the check."""
        return not check.holds(self._before.load(before), self._after.load(after), action)


class ModelWalk:
    """One state of a system after another, by the model's own functions; see levels.Walk."""

    def __init__(self, system: System, checks: Sequence[Check]) -> None:
        self._checks = checks
        self._runner = Runner(system)
        self._steps = Steps(system)
        self.first = self._runner.first

    def successors(self, state: State) -> list[tuple[int, State]]:
        """Return (action number, state after it) for each action possible in a state."""
        return self._runner.successors(state)

    def last_step(self, check: int, state: State) -> tuple[int, State]:
        """Return the first step that breaks a check of a step in a state where one does."""
        return next(
            (n, after)
            for n, after in self._runner.successors(state)
            if self._steps.breaks(self._checks[check], state, self._runner.system.actions[n], after)
        )
