"""A trace: the steps from the first state to a violation, and what each changed."""

from collections.abc import Sequence

import attrs

from truebook.model.system import System
from truebook.specs.properties.lanes import Lane, lane_of_action, lane_of_field

State = tuple[int, ...]


@attrs.frozen
class Change:
    """What a step changed: the field's label for readers, and its values before and after.

    `detail` marks what a reader can do without, `lane` says where it is.
    """

    label: str
    before: str
    after: str
    detail: bool = False
    lane: Lane = attrs.field(default=Lane.VENUE, kw_only=True, eq=False)


@attrs.frozen
class Step:
    """One step: the action's name, its words for readers, what it changed, and who did it."""

    action: str
    words: str
    changes: tuple[Change, ...]
    lane: Lane = attrs.field(default=Lane.VENUE, kw_only=True, eq=False)


@attrs.frozen
class Difference:
    """What is not the same at the ends of two ways: the field's label, and its value at each."""

    label: str
    one: str
    other: str


@attrs.frozen
class Fork:
    """Two ways on from the end of a trace that should come to the same, and what differs there.

    They are two messages in either order, or (`repeated`) a message told once and told twice.
    `differs` is empty where the message cannot be told again, which `other` then ends before.
    """

    one: tuple[Step, ...]
    other: tuple[Step, ...]
    differs: tuple[Difference, ...]
    repeated: bool = False


@attrs.frozen
class Trace:
    """The steps to a violation, in order.

    For a check of the settled state, `after` is what it comes to; for one of messages in any order
    or told again, `fork` has both ways.
    """

    steps: tuple[Step, ...]
    after: tuple[Change, ...] = ()
    fork: Fork | None = None

    def __len__(self) -> int:
        """Return how many steps there are."""
        return len(self.steps)


def changes(system: System, before: State, after: State) -> tuple[Change, ...]:
    """Return what differs between two states of a system."""
    return tuple(
        Change(field.label, field.show(a), field.show(b), field.detail, lane=lane_of_field(field))
        for field, a, b in zip(system.fields, before, after, strict=True)
        if a != b
    )


def trace_of(
    system: System,
    path: Sequence[tuple[int, State]],
    first: State,
    *,
    settled: State | None = None,
    fork: Fork | None = None,
) -> Trace:
    """Build the trace of a path of (action number, state reached) from the first state."""
    end = path[-1][1] if path else first
    after = changes(system, end, settled) if settled is not None else ()
    return Trace(steps_of(system, path, first), after, fork)


def steps_of(system: System, path: Sequence[tuple[int, State]], start: State) -> tuple[Step, ...]:
    """Return the steps of a path of (action number, state reached) from some state."""
    steps = []
    state = start
    for number, reached in path:
        action = system.actions[number]
        changed = changes(system, state, reached)
        steps.append(Step(action.name, action.words, changed, lane=lane_of_action(action)))
        state = reached
    return tuple(steps)
