"""A run that is ended from outside keeps what it has, and leaves no subject behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

if not Path("/proc").is_dir():
    pytest.skip("only /proc shows who is left", allow_module_level=True)

SLOW = """
import os, sys, time
from truebook.oracle.reference import ReferenceBook
from truebook.oracle.serve import serve

class Slow(ReferenceBook):
    def step(self, event, at):
        time.sleep({seconds} if event["type"] == "fill" else 0)
        return super().step(event, at)

serve(Slow, name="slow")
os.write(2, b"its input has ended")
time.sleep(100)
"""
CODE = "import sys; from truebook.cli import main; sys.argv[0] = 'truebook'; main()"


def begun(place: Path, *options: str, seconds: float) -> "subprocess.Popen[str]":
    """Begin a run of a subject that takes some seconds for a fill, and does not end by itself."""
    (place / "slow.py").write_text(SLOW.format(seconds=seconds))
    reports = ("--json", "results.json", "--junit", "junit.xml", "--badge", "badge.json")
    command = [sys.executable, "-c", CODE, "conform", *reports, *options]
    return subprocess.Popen(
        [*command, "--stage", "vectors", "--", sys.executable, "slow.py"],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]", number: signal.Signals) -> str:
    """End a run by a signal; return what it printed, once all that has its stdout is gone."""
    process.send_signal(number)
    try:
        return process.communicate(timeout=60)[0]
    finally:
        process.kill()


def working_in(place: Path) -> list[int]:
    """List the processes whose working directory is a place."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if Path(os.readlink(entry / "cwd")) == place.resolve():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    until = time.monotonic() + 5  # what was killed may be seen for a moment more; a leak stays
    while (left := working_in(tmp_path)) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_ended_keeps_what_it_has(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    process = begun(tmp_path, seconds=0.02)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("vectors: ")
    out = ended(process, number)
    assert process.returncode == code
    assert "interrupted: the rest was not tried" in out
    data = json.loads((tmp_path / "results.json").read_text())
    assert (data["interrupted"], data["exit_code"]) == (True, code)
    assert 1 < len(data["results"]) < 200
    errors = ElementTree.parse(tmp_path / "junit.xml").findall("testsuite/testcase/error")
    assert "interrupted" in errors[0].get("message", "")
    assert json.loads((tmp_path / "badge.json").read_text())["color"] == "red"


def test_a_run_whose_output_nobody_reads_writes_its_reports(tmp_path: Path) -> None:
    process = begun(tmp_path, "--only", "restart", seconds=0)
    assert process.stdout is not None
    process.stdout.close()
    with process:
        assert process.wait(timeout=60) != 0
    assert json.loads((tmp_path / "results.json").read_text())["results"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_subjects_that_are_waited_for_are_not_waited_for_any_more(
    tmp_path: Path, number: signal.Signals
) -> None:
    process = begun(tmp_path, "--jobs", "2", "--timeout", "600", seconds=600)
    while len(working_in(tmp_path)) < 3:  # the run itself, and two subjects
        assert process.poll() is None
        time.sleep(0.02)
    ended(process, number)
