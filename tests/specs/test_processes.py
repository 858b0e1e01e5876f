"""Work side by side: an interrupt ends it at any time, and no worker outlives its parent."""

import multiprocessing
import os
import signal
import subprocess
import sys
from multiprocessing.context import SpawnProcess
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

import workers
from truebook.specs import processes

LONG = """
import os, time
from truebook.specs.processes import side_by_side

def work(task, tell):
    os.write(1, b"x")
    time.sleep(100)

if __name__ == "__main__":
    list(side_by_side(work, [1, 2], jobs=2))
"""

INTERRUPTED = """
import os, signal, time
from truebook.specs.processes import side_by_side

os.kill(os.getpid(), signal.SIGINT) if __name__ == "__mp_main__" else None  # as early as can be

def work(task, tell):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.1)
    return 10 * task

if __name__ == "__main__":
    print(sorted(side_by_side(work, [1, 2], jobs=2)))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_its_parent(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "long.py"
    path.write_text(LONG)
    process = subprocess.Popen(
        [sys.executable, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    assert process.stdout.read(2) == b"xx"
    process.send_signal(number)
    # Its workers have the same stdout, which ends with the last of them.
    process.communicate(timeout=30)
    assert process.returncode != 0


@pytest.mark.parametrize("at", range(3))
def test_an_interrupt_while_workers_begin_is_not_lost(
    at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[BaseProcess] = []
    start = SpawnProcess.start

    def interrupted(process: SpawnProcess) -> None:
        if len(begun) == at:
            os.kill(os.getpid(), signal.SIGINT)
        start(process)
        begun.append(process)

    monkeypatch.setattr(SpawnProcess, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        next(processes.side_by_side(workers.nothing, [1, 2, 3], jobs=3))
    assert len(begun) == 3, "a worker that is begun must be known, to be ended"
    assert [process.exitcode for process in begun] == [-signal.SIGKILL] * 3


def test_workers_ignore_interrupts(tmp_path: Path) -> None:
    path = tmp_path / "interrupted.py"
    path.write_text(INTERRUPTED)
    ran = subprocess.run([sys.executable, str(path)], capture_output=True, timeout=60)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"[10, 20]\n", b"")


# What goes wrong, or is large


def test_what_the_work_raises_is_raised_with_where_it_was() -> None:
    with pytest.raises(LookupError, match=r"no [12]") as raised:
        list(processes.side_by_side(workers.wrong, [1, 2], jobs=2))
    assert ["in wrong\n" in note for note in raised.value.__notes__] == [True]


def test_a_worker_that_is_killed_is_told() -> None:
    with pytest.raises(processes.LostWorkerError, match="was killed at its task"):
        list(processes.side_by_side(workers.lost, [1, 2], jobs=2))


@pytest.mark.parametrize("results", [1, 2])
def test_it_can_end_while_large_results_are_under_way(results: int) -> None:
    """Workers that write more than a pipe holds are ended in the middle of it."""
    found = processes.side_by_side(workers.large, range(4), jobs=2)
    for _ in range(results):
        assert len(next(found)) == workers.LARGE
    found.close()
    assert multiprocessing.active_children() == []


def test_every_task_is_done_once_and_told_of() -> None:
    told: list[tuple[int, int]] = []
    found = processes.side_by_side(
        workers.counted, range(5), jobs=2, progress=lambda task, n: told.append((task, n))
    )
    assert sorted(found) == [0, 10, 20, 30, 40]
    assert sorted(told) == [(task, task + 1) for task in range(5)]
