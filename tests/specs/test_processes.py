"""Work side by side: an interrupt ends it at any time, and no worker outlives its parent."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

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


def nothing(task: int, tell: processes.Tell) -> None:
    """Do nothing."""


@pytest.mark.parametrize("at", range(3))
def test_an_interrupt_while_workers_begin_is_not_lost(
    at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted: list[Any] = []

    class Interrupted(ProcessPoolExecutor):
        def submit(self, *arguments: Any, **options: Any) -> Any:
            if len(submitted) == at:
                os.kill(os.getpid(), signal.SIGINT)
            submitted.append(super().submit(*arguments, **options))
            return submitted[-1]

    monkeypatch.setattr(processes, "ProcessPoolExecutor", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        next(processes.side_by_side(nothing, [1, 2, 3], jobs=2))
    assert len(submitted) == 3, "a worker that is begun must be known, to be ended"


def test_workers_ignore_interrupts(tmp_path: Path) -> None:
    path = tmp_path / "interrupted.py"
    path.write_text(INTERRUPTED)
    ran = subprocess.run([sys.executable, str(path)], capture_output=True, timeout=60)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"[10, 20]\n", b"")
