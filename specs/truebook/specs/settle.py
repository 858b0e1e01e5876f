"""Exploring scenarios no further than it takes to settle the properties that are asked of them.

A violated property is settled once every scenario that it is asked of has been looked at as deep as
its shortest violation in any of them. What holds is settled by exploring them all to the end.
"""

from collections.abc import Iterator, Sequence

import attrs

from truebook.specs.check import Aim, Outcome, Progress, Task, run_all

SHALLOW = 10_000
"""How many states of a scenario are explored at first where violations are expected."""


def settle(
    tasks: Sequence[Task], *, jobs: int | None = None, progress: Progress | None = None
) -> Iterator[Outcome]:
    """Explore scenarios side by side, and yield the outcome of each that settles its properties.

    Tasks without an aim are explored to the end. What the others leave open, the budget of their
    aim being used up, is explored again: as deep as the violations that were found in other
    scenarios of the same design are long, and to the end where there are none.
    """
    stopped: dict[Task, Outcome] = {}
    shortest: dict[tuple[str, tuple[str, ...]], dict[str, int]] = {}
    for outcome in run_all(tasks, jobs=jobs, progress=progress):
        known = shortest.setdefault(_design(outcome.task), {})
        for name, trace in outcome.broken().items():
            known[name] = min(len(trace), known.get(name, len(trace)))
        if outcome.found is None or outcome.found.complete:
            yield outcome
        else:
            stopped[outcome.task] = outcome
    again: dict[Task, Outcome] = {}
    for task, outcome in stopped.items():
        known = shortest[_design(task)]
        if outcome.settles(known):
            yield outcome
        else:
            again[attrs.evolve(task, aim=Aim(tuple(sorted(known.items()))))] = outcome
    for outcome in run_all(tuple(again), jobs=jobs, progress=progress):
        first = again[outcome.task]
        if outcome.found is None:  # too large: what was found at first is still true
            yield attrs.evolve(first, reason=outcome.reason)
        else:
            yield attrs.evolve(outcome, task=first.task)


def _design(task: Task) -> tuple[str, tuple[str, ...]]:
    return task.design, task.switched_off
