"""The trace of a path into a violation, with what comes after it where the check is about that."""

import attrs

from truebook.model.system import System
from truebook.specs.explore.engine import Path, Runner
from truebook.specs.properties import (
    Check,
    Difference,
    Fork,
    Kind,
    State,
    Trace,
    steps_of,
    trace_of,
)


def traced(system: System, check: Check, path: Path) -> Trace:
    """Return the trace of a path that breaks a check."""
    runner = Runner(system)
    end = path[-1][1] if path else runner.first
    settled = runner.quiet(check, end) if check.kind is Kind.SETTLED else None
    fork = None
    if check.kind is Kind.COMMUTE:
        fork = _either_order(runner, check, end)
    elif check.kind is Kind.REPEAT:
        fork = _told_again(runner, check, end)
    return trace_of(system, path, runner.first, settled=settled, fork=fork)


def _either_order(runner: Runner, check: Check, state: State) -> Fork:
    first, second = _numbers(runner.system, check)
    one = _way(runner, state, (first, second))
    other = _way(runner, state, (second, first))
    return Fork(
        steps_of(runner.system, one, state),
        steps_of(runner.system, other, state),
        _differences(runner, check, one[-1][1], other[-1][1]),
    )


def _told_again(runner: Runner, check: Check, state: State) -> Fork:
    (number,) = _numbers(runner.system, check)
    message = runner.system.actions[number]
    ((_, once),) = way = _way(runner, state, (number,))
    told = steps_of(runner.system, way, state)
    on_the_wire = runner.again(state, once, message)
    twice = runner.run(on_the_wire, message)
    if twice is None:
        return Fork(told, told, (), repeated=True)
    (step,) = steps_of(runner.system, ((number, twice),), on_the_wire)
    again = attrs.evolve(step, words=f"{step.words}, again")
    return Fork(told, (*told, again), _differences(runner, check, once, twice), repeated=True)


def _numbers(system: System, check: Check) -> tuple[int, ...]:
    numbers = {action.name: number for number, action in enumerate(system.actions)}
    return tuple(numbers[name] for name in check.actions)


def _way(runner: Runner, state: State, numbers: tuple[int, ...]) -> Path:
    path = []
    for number in numbers:
        after = runner.run(state, runner.system.actions[number])
        if after is None:
            raise AssertionError(f"{runner.system.actions[number].name!r} is not possible here")
        path.append((number, after))
        state = after
    return tuple(path)


def _differences(runner: Runner, check: Check, a: State, b: State) -> tuple[Difference, ...]:
    fields = runner.system.fields
    return tuple(
        Difference(fields[f].label, fields[f].show(a[f]), fields[f].show(b[f]))
        for f in runner.differing(check, a, b)
    )
