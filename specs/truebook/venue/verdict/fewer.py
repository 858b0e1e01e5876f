"""Fewer faults that still fail: a bot on a wall clock fails k of n times, and that is said."""

from collections.abc import Awaitable, Callable, Sequence

import attrs

from truebook.venue.faults import Fault, Plan
from truebook.venue.verdict.breach import Promise
from truebook.venue.verdict.trial import Trial

Try = Callable[[Plan], Awaitable[Trial]]
"""Runs a bot under a plan."""


@attrs.frozen
class Shortest:
    """The fewest faults that were found to break a promise, and how often they do: k of n.

    Of no runs: nothing was left out, and they are those of the run in which it broke.
    """

    promise: Promise
    faults: tuple[Fault, ...]
    trial: Trial
    failed: int
    runs: int
    tried: int

    @classmethod
    def of(cls, promise: Promise, trial: Trial) -> "Shortest":
        """Return a run as it was, with all of its faults."""
        return cls(promise, trial.done, trial, failed=0, runs=0, tried=0)


async def fewer(trial: Trial, promise: Promise, run: Try, *, most: int, times: int) -> Shortest:
    """Leave faults of a run out, half of them first and then fewer, while a promise breaks.

    At most so many runs are spent on that; then the result is run so many `times` more.
    """
    kept, best, spent = list(trial.done), trial, 0
    size = len(kept)
    while size and spent < most:
        for start in range(0, len(kept), size):
            if spent >= most:
                break
            rest = [*kept[:start], *kept[start + size :]]
            spent += 1
            found = await run(Plan(tuple(rest)))
            if promise in found.promises:
                kept, best = rest, found
                break
        else:
            size //= 2
            continue
        size = min(size, len(kept))
    failed = 0
    for _ in range(times):
        failed += promise in (await run(Plan(tuple(kept)))).promises
    return Shortest(promise, tuple(kept), best, failed, times, spent)


def first_of(trials: Sequence[Trial]) -> dict[Promise, Trial]:
    """Return for each promise that is broken the run of the fewest faults in which it is."""
    found: dict[Promise, Trial] = {}
    for one in sorted(trials, key=lambda trial: len(trial.done)):
        for promise in sorted(one.promises, key=list(Promise).index):
            found.setdefault(promise, one)
    return {promise: found[promise] for promise in Promise if promise in found}
