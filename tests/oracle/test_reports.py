"""What a run is written as: every outcome in every form, and nothing of the subject's obeyed."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from truebook.oracle.compare import Difference
from truebook.oracle.machine import badge_of, json_of, junit_of, markdown_of, sarif_of
from truebook.oracle.protocol import About
from truebook.oracle.report import Run, lines_of
from truebook.oracle.results import Kind, Result, Told
from truebook.oracle.vectors import all_vectors

CASES = all_vectors()
EVIL = "a\x1b[31m\x00|\n\ud800b"


def result(kind: Kind, number: int = 0, **more: Any) -> Result:
    case = CASES[number]
    told = tuple(Told(step.at, tuple(step.events())) for step in case.steps[:2])
    options: dict[str, Any] = {
        "stage": "vectors",
        "told": told,
        "replay": ("--only", case.slug),
        "seconds": 0.25,
    }
    return Result(case=case, kind=kind, **(options | more))


def run_of(*results: Result, name: str = "mine", **more: Any) -> Run:
    about = About(protocol="1", name=name, version="2", features=("core", "cancel", "batch"))
    return Run(about, ("python", "adapter.py"), results, **more)


EVERY = tuple(result(kind, number, what=f"why {kind}") for number, kind in enumerate(Kind))


def test_json_has_every_outcome() -> None:
    data = json_of(run_of(*EVERY))
    assert [r["outcome"] for r in data["results"]] == [str(kind) for kind in Kind]
    assert data["subject"]["name"] == "mine"
    (failed,) = (r for r in data["results"] if r["outcome"] == "fail")
    assert failed["steps"][0]["events"][0]["type"] == "register"
    assert failed["replay"] == f"truebook conform --only {CASES[1].slug} -- python adapter.py"
    assert {"rule", "property", "severity", "seconds", "what"} <= failed.keys()


def test_junit_has_every_outcome_and_counts_them() -> None:
    suites = ElementTree.fromstring(junit_of(run_of(*EVERY)))
    assert suites.tag == "testsuites"
    (suite,) = suites
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped", "time")}
    expected = {"tests": "9", "failures": "2", "errors": "4", "skipped": "2", "time": "2.2500"}
    assert counts == expected
    tags = {
        Kind.UNSUPPORTED: "skipped",
        Kind.EXPECTED: "skipped",
        Kind.FAIL: "failure",
        Kind.UNEXPECTED: "failure",
    }
    for kind, item in zip(Kind, suite, strict=True):
        assert item.get("classname") == "truebook.vectors"
        assert item.get("name") == CASES[list(Kind).index(kind)].slug
        below = [child.tag for child in item]
        assert below == ([] if kind is Kind.PASS else [tags.get(kind, "error")])
        assert all(f"why {kind}" in child.get("message", "") for child in item)


def test_what_runs_under_one_name_is_told_once_with_all_its_time() -> None:
    passed = [result(Kind.PASS, stage="edges") for _ in range(3)]
    run = run_of(*passed, result(Kind.FAIL, stage="edges"))
    assert [r["outcome"] for r in json_of(run)["results"]] == ["pass", "fail"]
    (suite,) = ElementTree.fromstring(junit_of(run))
    assert [item.get("time") for item in suite] == ["0.7500", "0.2500"]
    assert "edges    3 pass, 1 fail" in "\n".join(line for _, line in lines_of(run))


def test_sarif_has_what_its_readers_ask_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "adapter.py").touch()
    monkeypatch.chdir(tmp_path)
    data = sarif_of(run_of(*EVERY))
    assert (data["version"], len(data["runs"])) == ("2.1.0", 1)
    (run,) = data["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert run["tool"]["driver"]["name"] == "truebook"
    assert len(run["results"]) == 6
    for found in run["results"]:
        assert found["ruleId"] in rules
        assert found["level"] in ("none", "note", "warning", "error")
        assert found["message"]["text"]
        (place,) = found["locations"]
        assert place["physicalLocation"]["artifactLocation"] == {"uri": "adapter.py"}
    monkeypatch.chdir(tmp_path.parent)  # the command names no file that is here
    (found, *_) = sarif_of(run_of(*EVERY))["runs"][0]["results"]
    assert "physicalLocation" not in found["locations"][0]


def test_markdown_has_a_row_for_each_finding() -> None:
    text = markdown_of(run_of(*EVERY))
    assert text.startswith("## mine 2: not passed\n")
    rows = [line for line in text.splitlines() if " | why " in line]
    assert len(rows) == 6
    assert "\n    truebook conform --only " in text
    assert markdown_of(run_of(result(Kind.PASS))).startswith("## mine 2: passed\n")


@pytest.mark.parametrize(
    ("results", "more", "message", "color"),
    [
        ([Kind.PASS, Kind.UNSUPPORTED], {}, "core + cancel, ", "brightgreen"),
        ([Kind.PASS, Kind.EXPECTED], {}, "1 of 2 (core + cancel, ", "yellow"),
        ([Kind.PASS], {"whole": False}, "1 of 1 (core + cancel, ", "yellow"),
        ([Kind.PASS], {"interrupted": 130}, "1 of 1 (core + cancel, ", "red"),
        ([Kind.PASS, Kind.FAIL], {}, "1 of 2 (core + cancel, ", "red"),
        ([Kind.UNSUPPORTED], {}, "0 of 0 (core + cancel, ", "red"),
    ],
)
def test_a_badge_is_green_only_where_all_that_is_claimed_passes(
    results: list[Kind], more: Mapping[str, Any], message: str, color: str
) -> None:
    badge = badge_of(run_of(*(result(kind) for kind in results), **more))
    assert badge.keys() == {"schemaVersion", "label", "message", "color"}
    assert (badge["schemaVersion"], badge["label"]) == (1, "truebook")
    assert badge["message"].startswith(message)
    assert badge["color"] == color


def test_a_run_that_was_interrupted_has_not_passed_in_any_form() -> None:
    run = run_of(result(Kind.PASS), interrupted=130)
    assert json_of(run)["exit_code"] == 130
    assert markdown_of(run).startswith("## mine 2: interrupted\n")
    assert ElementTree.fromstring(junit_of(run))[0].get("errors") == "1"
    assert "interrupted: the rest was not tried" in [line for _, line in lines_of(run)]


FORMS: dict[str, Callable[[Run], str]] = {
    "terminal": lambda run: "\n".join(line for _, line in lines_of(run)),
    "json": lambda run: json.dumps(json_of(run)),
    "junit": junit_of,
    "sarif": lambda run: json.dumps(sarif_of(run)),
    "markdown": markdown_of,
    "badge": lambda run: json.dumps(badge_of(run)),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_a_subject_says_is_shown_and_not_obeyed(form: str) -> None:
    difference = (Difference("orders.c1.reason", EVIL, EVIL),)
    run = run_of(
        result(Kind.CRASH, 0, what=EVIL, hint=EVIL),
        result(Kind.UNSUPPORTED, 1, what=EVIL),
        result(Kind.FAIL, 2, differences=difference),
        name=EVIL,
    )
    text = FORMS[form](run)
    text.encode()
    assert not [c for c in text if not c.isprintable() and c != "\n"]
    if form == "junit":
        ElementTree.fromstring(text)
    if form == "markdown":
        rows = [line for line in text.splitlines() if line.startswith("| ")]
        assert {line.replace("\\|", "").count("|") for line in rows} == {3, 6}


CONFORM = "from truebook.cli import main; main()"


def shown_on(stdout: int) -> bytes:
    """Run a conform whose stdout is a file; return what it wrote to stderr."""
    command = [sys.executable, "-c", CONFORM, "conform", "--only", "duplicate-tid", "--"]
    command += [sys.executable, "-m", "truebook.oracle.reference"]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=True).stderr


def test_there_is_colour_on_a_terminal_alone(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+b") as file:
        assert b"\x1b" not in shown_on(file.fileno())
        file.seek(0)
        plainly = file.read()
    assert b"vectors  1 pass" in plainly
    assert b"\x1b" not in plainly
    ours, terminal = pty.openpty()
    shown_on(terminal)
    assert b"\x1b[32m  vectors  1 pass" in os.read(ours, 10_000)
    os.close(ours)
    os.close(terminal)
