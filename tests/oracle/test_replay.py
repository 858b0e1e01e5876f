"""The command that a finding is replayed by does it again, pasted into a shell as it is."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from truebook.cli import run
from truebook.oracle.vectors.shipped import all_vectors, as_json

# A mutant of the reference, by name.
ADAPTER = """
import sys
from truebook.oracle.mutants import MUTANTS, session_of
from truebook.oracle.serve import serve
made = session_of(next(m for m in MUTANTS if m.name == sys.argv[1]))
serve(made.factory, name="lossy", features=made.features)
"""
PLACE = 'it\'s a place with $HOME and "quotes"'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (folder := tmp_path / PLACE).mkdir()
    (folder / "an adapter.py").write_text(ADAPTER)
    return folder


def pasted(command: str, place: Path) -> CompletedProcess[str]:
    """Run a command in a shell, as somebody would who pastes it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-c", command],
        cwd=place,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def replays(printed: str) -> list[str]:
    return re.findall(r"^  replay: (.*)$", printed, re.MULTILINE)


def worst(printed: str) -> list[str]:
    """Return what is said of the worst finding but in how many runs: its run, and its name."""
    lines = printed.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("critical: "))
    told = [n for n, line in enumerate(lines) if n > start and re.match(r"    +1\. at ", line)]
    end = next(n for n, line in enumerate(lines) if n > start and line.startswith("  name: "))
    return [lines[start].partition(", after ")[0], *lines[told[0] : end + 1]]


@pytest.mark.parametrize(
    "options",
    [
        "--only duplicate-tid --only without-state-is-derived-* --jobs 2 --timeout 7.5 "
        "--setup 'echo \"made it\"'",
        "--stage random --examples 20 --save 'found here'",
    ],
)
def test_a_finding_is_replayed_by_the_command_that_it_shows(place: Path, options: str) -> None:
    command = f"truebook conform {options} -- python 'an adapter.py' fill-lost-in-cancel"
    first = pasted(command, place)
    assert first.returncode == 1, first.stderr
    replay, *_ = replays(first.stdout)
    again = pasted(replay, place)
    assert again.returncode == 1, again.stderr
    assert replay in replays(again.stdout)
    found = [worst(ran.stdout) for ran in (first, again)]
    assert found[0] == found[1]
    for option, setup in (("--timeout 7.5", ""), ("--setup", "made it")):
        assert (option in replay) == (option in options)
        assert setup in again.stderr or option not in options


def test_vectors_of_one_name_from_two_files_are_both_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = as_json(next(case for case in all_vectors() if case.slug == "duplicate-tid"))
    right, wrong = (tmp_path / name / "duplicate-tid.json" for name in ("right", "wrong"))
    for path in (right, wrong):
        path.parent.mkdir()
    right.write_text(json.dumps(data))
    data["steps"][-1]["truth"] = {"position": "-1000"}
    data["steps"][-1]["expect"] = {"position": "1000"}
    wrong.write_text(json.dumps(data))
    results = tmp_path / "results.json"
    files = ("--replay", str(right), "--replay", str(wrong), "--only", "restart")
    reference = ("--", sys.executable, "-m", "truebook.oracle.reference")
    assert run(("conform", *files, "--json", str(results), *reference)) == 1
    (replay,) = replays(capsys.readouterr().out)
    assert f"--replay {wrong} --" in replay
    outcomes = [r["outcome"] for r in json.loads(results.read_text())["results"]]
    assert outcomes == ["pass", "pass", "fail", "pass"]
