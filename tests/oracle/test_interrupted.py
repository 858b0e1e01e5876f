"""An interrupt or a fault ends a run of vectors whenever it comes: nothing waits for ever."""

import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from truebook.oracle import conform
from truebook.oracle.cases import Case
from truebook.oracle.cases.case import all_cases
from truebook.oracle.conform import Gathering, run_vectors
from truebook.oracle.driver import Client
from truebook.oracle.judge import Kind, Result

VECTORS = [(case, ()) for case in all_cases()] * 20


def quick(client: Client, case: Case, **_: Any) -> Result:
    return Result(stage="vectors", case=case, kind=Kind.PASS)


def broken(client: Client, case: Case, **_: Any) -> Result:
    raise IndexError("a fault of our own")


def never() -> Any:
    raise AssertionError("no subject is begun here")


@pytest.fixture
def _interrupts() -> Iterator[None]:
    """Let the virtual timer interrupt: another one is the tests' own."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGVTALRM, interrupt)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


# What comes while a weak reference is called back, Python drops, and pytest tells.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("_interrupts")
def test_an_interrupt_at_any_moment_ends_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conform, "run_case", quick)
    threads, ended = threading.active_count(), 0
    for moment in range(1, 100):
        gathering = Gathering()
        signal.setitimer(signal.ITIMER_VIRTUAL, moment / 10_000)
        try:
            run_vectors(gathering, never, VECTORS, jobs=4)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)  # which may come until then
        except KeyboardInterrupt:
            ended += 1
        assert threading.active_count() == threads
    assert ended > 10


@pytest.mark.parametrize("jobs", [1, 4])
def test_a_fault_of_our_own_ends_a_run_and_is_not_hidden(
    jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conform, "run_case", broken)
    with pytest.raises(IndexError, match="a fault of our own"):
        run_vectors(Gathering(), never, VECTORS, jobs=jobs)
