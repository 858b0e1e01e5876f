"""Running: many seeds on several workers, until time is up; what was found is shrunk and told."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count, islice

import attrs

from fuzz import story
from fuzz.drawing import TROUBLES
from fuzz.shrinking import shrink
from fuzz.story import Found, Make
from truebook.impl import UnifiedOrderBook

PROFILES = {
    "truthful": (0.0,),
    "lying": (0.02, 0.08),
    "everything": (0.0, 0.0, 0.02, 0.08),
}
"""The share of steps that are false words; each seed takes the next one."""
CHUNK = 4
"""How many seeds a worker is given at once."""


@attrs.frozen(kw_only=True)
class Plan:
    """What is drawn: the profile, the troubles that may come, and how often shrinking tries.

    `make` makes the book that the stories are told to.
    """

    profile: str = "everything"
    troubles: tuple[str, ...] = tuple(TROUBLES)
    tries: int = 1_500
    make: Make = UnifiedOrderBook

    def draw(self, seed: int) -> tuple[Found | None, int]:
        """Draw the story of a seed and tell it."""
        shares = PROFILES[self.profile]
        lying = shares[seed % len(shares)]
        return story.draw(seed, lying=lying, troubles=self.troubles, make=self.make)


@attrs.frozen
class Finding:
    """A broken promise: the seed, the shortest story found, and how it went."""

    seed: int
    promise: str
    steps: int
    timeline: str
    text: str


@attrs.define
class Tally:
    """How far it has come: seeds, steps, and how many seeds broke each promise."""

    seeds: int = 0
    steps: int = 0
    broken: dict[str, int] = attrs.field(factory=dict)
    first: dict[str, int] = attrs.field(factory=dict)

    def add(self, seed: int, promise: str | None, steps: int) -> None:
        """Count a seed."""
        self.seeds += 1
        self.steps += steps
        if promise is not None:
            self.broken[promise] = self.broken.get(promise, 0) + 1
            self.first[promise] = min(seed, self.first.get(promise, seed))


def look(plan: Plan, seeds: list[int]) -> list[tuple[int, str | None, int]]:
    """Tell the stories of some seeds: of each the promise broken, if any, and its steps."""
    results = []
    for seed in seeds:
        found, steps = plan.draw(seed)
        results.append((seed, None if found is None else found.promise, steps))
    return results


def examine(plan: Plan, seed: int) -> Finding | None:
    """Tell the story of a seed, and shrink it if it breaks something."""
    found, _ = plan.draw(seed)
    if found is None:
        return None
    shortest = shrink(found, tries=plan.tries, make=plan.make)
    return Finding(
        seed,
        shortest.promise,
        len(shortest.story.steps),
        shortest.timeline,
        shortest.story.to_json(),
    )


def run(
    plan: Plan,
    seeds: range | None,
    *,
    minutes: float,
    workers: int,
    progress: Callable[[Tally], object],
) -> Tally:
    """Tell stories until the seeds, or the minutes, are over; Ctrl-C ends it early, cleanly."""
    tally = Tally()
    until = time.monotonic() + minutes * 60
    chunks = _chunks(count() if seeds is None else iter(seeds))
    pool = ProcessPoolExecutor(workers, initializer=_deaf)
    waiting: set[Future[list[tuple[int, str | None, int]]]] = set()
    try:
        while True:
            while len(waiting) < 2 * workers and time.monotonic() < until:
                chunk = next(chunks, None)
                if chunk is None:
                    break
                waiting.add(pool.submit(look, plan, chunk))
            if not waiting:
                return tally
            done, waiting = wait(waiting, timeout=1, return_when=FIRST_COMPLETED)
            for future in done:
                for seed, promise, steps in future.result():
                    tally.add(seed, promise, steps)
            progress(tally)
    finally:
        for future in waiting:
            future.cancel()
        pool.shutdown(cancel_futures=True)


def _chunks(seeds: Iterator[int]) -> Iterator[list[int]]:
    while chunk := list(islice(seeds, CHUNK)):
        yield chunk


def _deaf() -> None:
    """Leave an interrupt to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
