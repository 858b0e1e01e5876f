"""A whole run: smoke, vectors, edges, random runs; side by side where the subject lets it."""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.client import Client, Opener
from truebook.oracle.protocol import About
from truebook.oracle.results import BROKE, Kind, Result, with_expected
from truebook.oracle.running import run_case
from truebook.oracle.smoke import smoke

Told = Callable[[str], None]
"""Called with how far a run has come, in words."""

MOST_HANGS = 3
"""After so many hangs in a stage, the rest of it is not tried."""


@attrs.define
class Gathering:
    """The results of a run as they come; what is here when it is interrupted is kept."""

    results: list[Result] = attrs.field(factory=list)
    about: About | None = None


def check_smoke(gathering: Gathering, opener: Opener) -> bool:
    """Run the smoke test; return whether to go on."""
    with closing(Client(opener)) as client:
        result = smoke(client)
        gathering.results.append(result)
        if result.kind in BROKE:
            return False
        gathering.about = client.about
    return result.kind is Kind.PASS


def run_vectors(
    gathering: Gathering,
    opener: Opener,
    vectors: Sequence[Case],
    *,
    jobs: int = 1,
    expected: Mapping[str, str] | None = None,
    told: Told = lambda words: None,
) -> None:
    """Hold a subject to vectors, with so many of it side by side."""
    results = _side_by_side(opener, vectors, jobs)
    by_slug: dict[str, Result] = {}
    try:
        for result in results:
            by_slug[result.slug] = with_expected(result, expected or {})
            told(f"vectors: {len(by_slug)} of {len(vectors)}")
    finally:
        gathering.results += [by_slug[case.slug] for case in vectors if case.slug in by_slug]


def _side_by_side(opener: Opener, cases: Sequence[Case], jobs: int) -> Iterator[Result]:
    clients: queue.SimpleQueue[Client] = queue.SimpleQueue()
    every = [Client(opener) for _ in range(max(1, min(jobs, len(cases))))]
    for client in every:
        clients.put(client)
    hangs = _Hangs()

    def run(case: Case) -> Result:
        if hangs.too_many:
            what = f"not tried: the subject hung {MOST_HANGS} times before"
            return Result(stage="vectors", case=case, kind=Kind.INCONCLUSIVE, what=what)
        client = clients.get()
        try:
            result = run_case(client, case, replay=f"--only {case.slug}")
        finally:
            clients.put(client)
        hangs.note(result)
        return result

    try:
        if len(every) == 1:
            yield from map(run, cases)
            return
        with ThreadPoolExecutor(len(every)) as pool:
            futures = [pool.submit(run, case) for case in cases]
            try:
                for future in as_completed(futures):
                    yield future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    finally:
        for client in every:
            client.close()


class _Hangs:
    """Counts how often a subject has hung, so that a run of one that hangs ends in time."""

    def __init__(self) -> None:
        self._count, self._lock = 0, threading.Lock()

    def note(self, result: Result) -> None:
        with self._lock:
            self._count += result.kind is Kind.HANG

    @property
    def too_many(self) -> bool:
        return self._count >= MOST_HANGS
