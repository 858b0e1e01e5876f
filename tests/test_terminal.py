"""The command line on a terminal: progress, colours, and an interrupt."""

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from command_line import PROGRAM, PROGRESS, SMALL, Command, environment, on_terminal, said
from truebook.review.progress import ProgressLine
from truebook.specs.explore.designs import Task
from truebook.specs.scenarios import RULE_SCENARIOS


def test_progress_goes_to_stderr_alone(truebook: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("check", "--design", "reference", *SMALL)
    quiet = truebook(*arguments)
    monkeypatch.setattr("truebook.screen.progress.LINE_EVERY", -1.0)
    loud = truebook(*arguments)
    assert loud.stdout == quiet.stdout
    lines = loud.stderr.splitlines()
    assert [line for line in lines if not PROGRESS.fullmatch(line)] == []
    assert lines[-1] == "[5/5] reference, fills: done"
    assert sum(": done" in line for line in lines) == 5
    assert len(lines) > 3


def test_progress_is_told_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    task = Task("reference", RULE_SCENARIOS[0])
    with ProgressLine(1) as progress:
        for states in range(100):
            progress.update(task, states, 1, 1)
    assert capsys.readouterr().err == ""


def test_colours_are_for_terminals_only() -> None:
    arguments = ("check", "--design", "plan", "--property", "identity", *SMALL)
    ran = on_terminal(*arguments, stderr=subprocess.DEVNULL)
    assert ran.returncode == 1
    shown = ran.stdout
    red = r"\x1b\[31m  violated    identity +in \d+ steps, scenario 'one order'\x1b\[0m"
    assert re.search(red, shown)
    assert "\x1b[1mplan\x1b[0m" in shown
    piped = subprocess.run([*PROGRAM, *arguments], env=environment(), capture_output=True)
    assert piped.returncode == 1
    assert b"\x1b" not in piped.stdout + piped.stderr
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown).replace("\r\n", "\n")
    assert plain == piped.stdout.decode()


def test_a_live_line_is_on_stderr_alone(tmp_path: Path) -> None:
    with (tmp_path / "stdout").open("w+b") as stdout:
        arguments = ("check", "--design", "plan", *SMALL, "--json")
        ran = on_terminal(*arguments, stdout=stdout.fileno())
        assert ran.returncode == 1
        shown = ran.stdout
        stdout.seek(0)
        assert list(json.load(stdout)) == ["designs", "assumptions", "stats"]
    assert "exploring" in shown or "states/s" in shown
    assert shown.rstrip().endswith(("\x1b[?25h", "\x1b[2K", "\x1b[1A")), "the cursor is back"


# An interrupt


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start the program in a process group of its own, and see that nothing is left of that."""
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    too_long = threading.Timer(30, os.killpg, (process.pid, signal.SIGKILL))
    too_long.start()
    with process:
        try:
            yield process
        finally:
            too_long.cancel()
            if process.poll() is None or group(process.pid):
                os.killpg(process.pid, signal.SIGKILL)


def group(number: int) -> list[int]:
    """Return the processes of a group that run; there are none to be seen without /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, _, rest = stat.read_text("utf-8", "replace").rpartition(")")
            state, _, of_group, *_ = rest.split()
            if int(of_group) == number and state not in "ZX":
                found.append(int(stat.parent.name))
    return found


@pytest.mark.parametrize("arguments", ["check --deep --jobs 1", "check --deep --jobs 2"])
def test_an_interrupt_ends_everything(arguments: str) -> None:
    with started(*arguments.split()) as process:
        assert process.stderr is not None
        first = process.stderr.readline()  # it comes when all processes are at work
        assert PROGRESS.fullmatch(first.strip())
        at = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - at < 5
        assert process.returncode == 130
        assert out == ""
        assert said(err) == ["truebook: interrupted; nothing was concluded"]
        while group(process.pid) and time.monotonic() - at < 10:
            time.sleep(0.05)  # what looks after the children's semaphores goes last
        assert group(process.pid) == []
