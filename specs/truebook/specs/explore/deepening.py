"""Exploring scenarios no further than it takes to settle the properties that are asked of them.

A violated property is settled once every scenario that it is asked of has been looked at as deep as
its shortest violation in any of them. What holds is settled by exploring them all to the end.
"""

from collections.abc import Iterator, Sequence

import attrs

from truebook.specs.explore.designs import Aim, Outcome, Progress, Task, run_all

SHALLOW = 10_000
"""How many states of a scenario are explored at first where violations are expected."""

FURTHER = 10
"""How many times as many are explored where that left something open, and so on."""


def settle(
    tasks: Sequence[Task], *, jobs: int | None = None, progress: Progress | None = None
) -> Iterator[Outcome]:
    """Explore scenarios side by side, and yield the outcome of each that settles its properties.

    Tasks without an aim are explored to the end. What the budget of an aim leaves open is explored
    again with a larger one, but no deeper than what was found in other scenarios of the same design
    makes necessary. So what is explored does not depend on what ends first.
    """
    asked = {task: task for task in tasks}
    kept: dict[Task, Outcome] = {}
    shortest: dict[tuple[str, tuple[str, ...]], dict[str, int]] = {}
    while asked:
        stopped = []
        for outcome in run_all(tuple(asked), jobs=jobs, progress=progress):
            task = asked[outcome.task]
            known = shortest.setdefault(_design(task), {})
            for name, trace in outcome.broken().items():
                known[name] = min(len(trace), known.get(name, len(trace)))
            if outcome.stopped:
                stopped.append(outcome)
                kept[task] = attrs.evolve(outcome, task=task)
            elif outcome.found is None and task in kept:  # what was found before is still true
                yield attrs.evolve(kept[task], reason=outcome.reason)
            else:
                yield attrs.evolve(outcome, task=task)
        left = {}
        for outcome in stopped:
            known = shortest[_design(outcome.task)]
            if outcome.settles(known):
                yield kept[asked[outcome.task]]
            else:
                left[_further(outcome.task, known)] = asked[outcome.task]
        asked = left


def _design(task: Task) -> tuple[str, tuple[str, ...]]:
    return task.design, task.switched_off


def _further(task: Task, known: dict[str, int]) -> Task:
    """Return a task with a larger budget, and with the lengths of the violations known so far."""
    if task.aim is None or task.aim.budget is None:
        raise AssertionError(f"{task.title}, {task.scenario.name}: stopped with nothing to stop it")
    return attrs.evolve(task, aim=Aim(tuple(sorted(known.items())), task.aim.budget * FURTHER))
