"""A trace: the steps from the first state to a violation, and what each changed."""

from collections.abc import Sequence

import attrs

from truebook.model.system import System

State = tuple[int, ...]


@attrs.frozen
class Change:
    """What a step changed: the field's label for readers, and its values before and after.

    `detail` marks what a reader can do without.
    """

    label: str
    before: str
    after: str
    detail: bool = False


@attrs.frozen
class Step:
    """One step: the action's name, its words for readers, and what it changed."""

    action: str
    words: str
    changes: tuple[Change, ...]


@attrs.frozen
class Trace:
    """The steps to a violation, in order; for a settled check, `after` is what it comes to."""

    steps: tuple[Step, ...]
    after: tuple[Change, ...] = ()

    def __len__(self) -> int:
        """Return how many steps there are."""
        return len(self.steps)


def changes(system: System, before: State, after: State) -> tuple[Change, ...]:
    """Return what differs between two states of a system."""
    return tuple(
        Change(field.label, field.show(a), field.show(b), field.detail)
        for field, a, b in zip(system.fields, before, after, strict=True)
        if a != b
    )


def trace_of(
    system: System,
    path: Sequence[tuple[int, State]],
    first: State,
    *,
    settled: State | None = None,
) -> Trace:
    """Build the trace of a path of (action number, state reached) from the first state."""
    steps = []
    state = first
    for number, reached in path:
        action = system.actions[number]
        steps.append(Step(action.name, action.words, changes(system, state, reached)))
        state = reached
    after = changes(system, state, settled) if settled is not None else ()
    return Trace(tuple(steps), after)
