"""Where a run writes what it finds and keeps, and what it says of it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import attrs
import pytest

from truebook.cli import run
from truebook.oracle import commands
from truebook.oracle.conform import Gathering
from truebook.oracle.judge.results import Kind, Result, Told
from truebook.oracle.vectors.shipped import all_vectors
from truebook.screen.folders import seen_by_git

REFERENCE = ("--", sys.executable, "-m", "truebook.oracle.reference")
Conform = Callable[..., CompletedProcess[str]]


@pytest.fixture
def conform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Conform:
    """Return a function that does a run in a checkout; its random runs have a finding."""
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "--quiet"], check=True)

    def found(gathering: Gathering, *_: object, **__: object) -> None:
        case = attrs.evolve(all_vectors()[0], slug="random")
        told = tuple(Told(step.at, tuple(step.events())) for step in case.steps)
        result = Result(stage="random", case=case, kind=Kind.FAIL, told=told, what="it is wrong")
        gathering.results.append(result)

    monkeypatch.setattr(commands, "run_plans", found)

    def command(*options: str) -> CompletedProcess[str]:
        capsys.readouterr()
        code = run(("conform", "--stage", "random", *options, *REFERENCE))
        printed = capsys.readouterr()
        return CompletedProcess(options, code, printed.out, printed.err)

    return command


def suggestions(ran: CompletedProcess[str]) -> list[str]:
    return [line for line in ran.stderr.splitlines() if ".gitignore" in line]


def test_findings_go_where_they_are_told(conform: Conform) -> None:
    ran = conform("--findings", "a/found here")
    assert ran.returncode == 1
    assert sorted(os.listdir()) == [".git", "a"]
    assert os.listdir("a/found here") == ["random.json"]
    (line,) = suggestions(ran)
    assert line.endswith(": echo 'found here/' >> a/.gitignore")
    subprocess.run(["sh", "-c", line.rpartition(": ")[2]], check=True)
    assert not seen_by_git(Path("a/found here"))


def test_caches_go_where_they_are_told(tmp_path: Path) -> None:
    program = (sys.executable, "-c", "from truebook.cli import main; main()", "conform")
    options = ("--stage", "random", "--examples", "2", "--cache", "b/kept")
    subprocess.run([*program, *options, *REFERENCE], cwd=tmp_path, capture_output=True, check=True)
    assert os.listdir(tmp_path) == ["b"]
    assert os.listdir(tmp_path / "b" / "kept")


def test_what_to_ignore_is_said_once_and_where_it_matters(conform: Conform, tmp_path: Path) -> None:
    first, again = (conform("--save", "found") for _ in range(2))
    assert suggestions(first) == [
        "truebook: findings are saved in found, which git does not ignore: "
        "echo found/ >> .gitignore"
    ]
    assert suggestions(again) == []
    (tmp_path / ".gitignore").write_text("other/\n")
    assert suggestions(conform("--findings", "other")) == []


def test_without_git_nothing_is_suggested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not seen_by_git(tmp_path / "found")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    assert seen_by_git(tmp_path / "found")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not seen_by_git(tmp_path / "found")


def test_a_finding_that_cannot_be_saved_is_said_and_shown(
    conform: Conform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / "random.json").symlink_to("/dev/full")
    ran = conform("--findings", "found", "--json", "results.json")
    assert ran.returncode == 2
    assert "fail: random" in ran.stdout
    assert "it is wrong" in ran.stdout
    (line,) = (line for line in ran.stderr.splitlines() if line.startswith("truebook: "))
    assert line == "truebook: cannot save the run random in found: No space left on device"
    results = json.loads((tmp_path / "results.json").read_text())["results"]
    assert results[-1]["outcome"] == "fail"


def test_a_report_that_cannot_be_written_does_not_lose_the_others(
    conform: Conform, tmp_path: Path
) -> None:
    full = ("--junit", "/dev/full", "--sarif", "/dev/full", "--json", "results.json")
    ran = conform("--findings", "found", *full)
    assert ran.returncode == 2
    assert "fail: random" in ran.stdout
    assert ran.stderr.count("cannot write /dev/full: No space left on device") == 2
    assert json.loads((tmp_path / "results.json").read_text())["exit_code"] == 1


@pytest.mark.parametrize("name", ["badge.svg", "badge.SVG", "badge.png"])
def test_a_badge_is_no_picture(conform: Conform, name: str) -> None:
    ran = conform("--badge", name)
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert "'--badge'" in line
    assert "call it badge.json" in line
    assert "shields.io/endpoint" in line
    assert not Path(name).exists()
