"""Work side by side: no worker outlives the process that wants its results."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

LONG = """
import os, time
from truebook.specs.processes import side_by_side

def work(task, tell):
    os.write(1, b"x")
    time.sleep(100)

if __name__ == "__main__":
    list(side_by_side(work, [1, 2], jobs=2))
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
