"""`truebook audit --follow`: what it says while files grow, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from fills_told import Step, frame, told

Command = Callable[..., CompletedProcess[str]]
FILLS = told([Step(1, 1, False)] * 5)


@contextmanager
def following(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Lend a process of the command that has read what is there."""
    command = [str(Path(sys.executable).with_name("truebook")), "audit", "--follow", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as running:
        assert running.stderr is not None
        assert "what comes is read as it comes" in running.stderr.readline()
        try:
            yield running
        finally:
            running.kill()


def first_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline()


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    path.write_bytes(frame(FILLS[:1]))
    return path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_found_is_said_at_once_and_the_report_at_the_end(path: Path, number: int) -> None:
    with following(str(path)) as running:
        append(path, frame(FILLS[2:3]))
        said = f"{path}:1 to 2  fills-missing: BTC: the position went from 1 to 2 (+1)"
        assert first_line(running).startswith(said)
        running.send_signal(number)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (1, "")
    assert out.startswith("\n1 file: 2 fills, 0 orders, 0 requests; 1 finding\n")


def test_nothing_broken_ends_with_nothing_said(path: Path) -> None:
    with following(str(path)) as running:
        append(path, frame(FILLS[1:2])[:-9])  # its rest never comes, and it is read as it is
        time.sleep(0.6)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=30)
    assert running.returncode == 0
    assert f"{path}:2  a line cannot be read" in out


def test_for_machines_each_is_an_object_in_a_line(path: Path) -> None:
    with following("--json", str(path)) as running:
        append(path, frame(FILLS[2:3]))
        found = json.loads(first_line(running))["found"]
        append(path, frame(FILLS[1:2]))
        gone = json.loads(first_line(running))["gone"]
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=30)
    assert found == gone
    assert (found["kind"], found["until"]["line"]) == ("fills-missing", 2)
    report = json.loads(out)
    assert (running.returncode, report["findings"]) == (0, [])


def test_what_does_not_grow_is_refused_in_words(truebook: Command, tmp_path: Path) -> None:
    table = tmp_path / "trades.csv"
    table.write_bytes(b"time,coin,dir,px,sz\n13/12/2025 - 10:00:00,ETH,Buy,1,2\n")
    ran = truebook("audit", "--follow", str(table))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        "truebook: --follow needs a file of plain lines of JSON, to which lines come: "
        f"{table} is a table of trades\n"
    )
