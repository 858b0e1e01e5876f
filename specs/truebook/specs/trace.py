"""A trace: the steps from the first state to a violation, and what each changed."""

from collections.abc import Sequence

import attrs

from truebook.model.system import System

State = tuple[int, ...]


@attrs.frozen
class Step:
    """One step: the action's name, and its words for readers; which order, from 0; the changes.

    `changes` are (label, before, after), of that order alone.
    """

    action: str
    words: str
    order: int
    changes: tuple[tuple[str, str, str], ...]


@attrs.frozen
class Trace:
    """The steps to a violation, in order; for a settled check, `after` is what it comes to."""

    steps: tuple[Step, ...]
    after: tuple[tuple[str, str, str], ...] = ()

    def __len__(self) -> int:
        """Return how many steps there are."""
        return len(self.steps)


def changes(system: System, before: State, after: State) -> tuple[tuple[str, str, str], ...]:
    """Return what differs between two states of a system, as (label, before, after)."""
    return tuple(
        (field.label, field.show(a), field.show(b))
        for field, a, b in zip(system.fields, before, after, strict=True)
        if a != b
    )


def trace_of(
    system: System,
    path: Sequence[tuple[int, State]],
    first: State,
    *,
    settled: State | None = None,
    order: int = 0,
) -> Trace:
    """Build the trace of a path of (action number, state reached) from the first state."""
    steps = []
    state = first
    for number, reached in path:
        action = system.actions[number]
        steps.append(Step(action.name, action.words, order, changes(system, state, reached)))
        state = reached
    after = changes(system, state, settled) if settled is not None else ()
    return Trace(tuple(steps), after)
