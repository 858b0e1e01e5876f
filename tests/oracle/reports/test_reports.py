"""What a run is written as: every outcome in every form, and nothing of the subject's obeyed."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import attrs
import pytest

from truebook.oracle.findings import Finding, Tally, gathered
from truebook.oracle.judge import BAD, Deviation, Kind, Onset, Result, Told
from truebook.oracle.protocol.messages import About
from truebook.oracle.reports.formats import (
    badge_of,
    json_of,
    junit_of,
    markdown_of,
    message_of,
    sarif_of,
)
from truebook.oracle.reports.run import Run
from truebook.oracle.reports.text import lines_of
from truebook.oracle.vectors.shipped import all_vectors

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
    return Run(about, ("python", "adapter.py"), results, **{"findings": found(*results), **more})


def found(*results: Result) -> tuple[Finding, ...]:
    return tuple(gathered(results))


def wrong(part: str, promise: str = "", **more: Any) -> tuple[Onset, ...]:
    """Return that something is wrong from the second step on."""
    one = Deviation(
        part, "too much", "", more.pop("expected", "4"), more.pop("shown", "8"), promise
    )
    return (Onset(2, (one,), lasts=True, follows=False),)


BROKEN = wrong("position", "no-fill-twice")
DIFFERS = wrong("exposure")


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
    expected = {"tests": "10", "failures": "2", "errors": "4", "skipped": "2", "time": "2.5000"}
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
        right = kind in (Kind.PASS, Kind.DIFFERS)
        assert below == ([] if right else [tags.get(kind, "error")])
        assert all(f"why {kind}" in child.get("message", "") for child in item)


def test_what_comes_to_the_same_is_told_once_with_all_its_time() -> None:
    tally = Tally()
    for kind in (Kind.PASS, Kind.PASS, Kind.FAIL, Kind.PASS):
        tally.add(result(kind, stage="edges"))
    run = run_of(*tally.results())
    assert [r["outcome"] for r in json_of(run)["results"]] == ["pass", "fail"]
    (suite,) = ElementTree.fromstring(junit_of(run))
    assert [item.get("time") for item in suite] == ["0.7500", "0.2500"]
    assert "edges    3 pass, 1 fail" in "\n".join(line for _, line in lines_of(run))


LEVELS = ("none", "note", "warning", "error")


def check_sarif(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Check what SARIF 2.1.0 requires of the parts that are used; return the results."""
    assert data["version"] == "2.1.0"
    (run,) = data["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "truebook"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:
        assert all(rule[name]["text"] for name in ("shortDescription", "fullDescription"))
    for found in run["results"]:
        assert ids[found["ruleIndex"]] == found["ruleId"]
        assert found["level"] in LEVELS
        assert found["message"]["text"]
        assert all(isinstance(v, str) for v in found["partialFingerprints"].values())
        for place in found["locations"]:
            assert place.get("message", {"text": "x"})["text"]
            assert all(
                one["name"] and one["fullyQualifiedName"] for one in place["logicalLocations"]
            )
            physical = place.get("physicalLocation")
            if physical is not None:
                uri = physical["artifactLocation"]["uri"]
                assert urlsplit(uri)[:2] == ("", "")
                assert not uri.startswith("/")
                assert ".." not in uri.split("/")
                assert physical["region"]["startLine"] >= 1
    results: list[dict[str, Any]] = run["results"]
    return results


def test_sarif_points_at_the_adapter_and_the_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "adapter.py").touch()
    monkeypatch.chdir(tmp_path)
    results = check_sarif(sarif_of(run_of(*EVERY)))
    assert len(results) == len(BAD) == 6
    for found in results:
        (place,) = found["locations"]
        assert place["physicalLocation"]["artifactLocation"] == {"uri": "adapter.py"}
        vector, step = place["logicalLocations"]
        assert step["fullyQualifiedName"] == f"{vector['fullyQualifiedName']}/2"
        assert place["message"]["text"].startswith("step 2, at ")
        assert place["message"]["text"] in found["message"]["text"]
    (never_asked,) = check_sarif(sarif_of(run_of(result(Kind.CRASH, told=()))))
    assert len(never_asked["locations"][0]["logicalLocations"]) == 1


@pytest.mark.parametrize(
    ("command", "uri"),
    [
        (("python", "adapter.py"), "adapter.py"),
        (("bin/python", "-u", "my adapters/a%b.py", "adapter.py"), "my%20adapters/a%25b.py"),
        (("bin/python",), "bin/python"),
        (("./bin/../adapter.py",), "adapter.py"),
        (("python", "-m", "adapter"), None),
        (("python", "../outside.py"), None),
        (("python", "x" * 5_000), None),
        (("python", "bin"), None),
    ],
)
def test_the_file_of_an_adapter_is_found(
    command: tuple[str, ...], uri: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    for name in ("adapter.py", "my adapters/a%b.py", "bin/python", "../outside.py"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).touch()
    monkeypatch.chdir(here)
    run = attrs.evolve(run_of(result(Kind.FAIL)), command=command)
    (found,) = check_sarif(sarif_of(run))
    place = found["locations"][0].get("physicalLocation")
    assert (place and place["artifactLocation"]["uri"]) == uri


def test_every_form_says_the_same_of_a_fault() -> None:
    run = run_of(result(Kind.FAIL, 0, what="it is wrong"))
    step = "step 2, at 1: a fill of 101 (cloid c1) comes, tid t1: buy 4 at 100"
    assert f"{CASES[0].title}: {step}" in message_of(run.results[0])
    assert message_of(run.results[0]).endswith(": it is wrong")
    (failure,) = ElementTree.fromstring(junit_of(run)).iter("failure")
    assert failure.get("message") == message_of(run.results[0])
    first, second = (failure.text or "").splitlines()
    assert first == "1. at 0: we send the order c1: buy 10 at 100"
    assert second == f"2. {message_of(run.results[0])[len(CASES[0].title) + 10 : -13]}"
    (told,) = check_sarif(sarif_of(run))
    assert told["message"]["text"] == message_of(run.results[0])
    assert (told["ruleId"], told["level"]) == ("fault", "error")
    (row,) = (line for line in markdown_of(run).splitlines() if step in line)
    assert row.endswith(" | it is wrong |")


def test_markdown_has_a_row_for_each_fault() -> None:
    text = markdown_of(run_of(*EVERY))
    assert text.startswith("## mine 2: not passed\n")
    rows = [line for line in text.splitlines() if " | why " in line]
    assert len(rows) == 6
    assert "\n    truebook conform --only " in text
    assert markdown_of(run_of(result(Kind.PASS))).startswith("## mine 2: passed\n")


@pytest.mark.parametrize(
    ("results", "more", "message", "color"),
    [
        ([Kind.PASS, Kind.UNSUPPORTED], {}, "conforms (core + cancel, ", "brightgreen"),
        ([Kind.PASS], {"whole": False}, "no promise broken (core + cancel, ", "yellow"),
        ([Kind.PASS], {"interrupted": 130}, "not shown (core + cancel, ", "red"),
        ([Kind.PASS, Kind.CRASH], {}, "not shown (core + cancel, ", "red"),
        ([Kind.PASS], {"stale": ("x/y",)}, "not shown (core + cancel, ", "red"),
        ([Kind.UNSUPPORTED], {}, "nothing tested (core + cancel, ", "red"),
        ([Kind.PASS, Kind.EXPECTED], {}, "no promise broken but those that are known (", "yellow"),
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
    onsets = wrong("orders.reason", expected=EVIL, shown=EVIL)
    run = run_of(
        result(Kind.CRASH, 0, what=EVIL, hint=EVIL),
        result(Kind.UNSUPPORTED, 1, what=EVIL),
        result(Kind.FAIL, 2, onsets=onsets),
        name=EVIL,
    )
    text = FORMS[form](run)
    text.encode()
    assert not [c for c in text if not c.isprintable() and c != "\n"]
    if form == "junit":
        ElementTree.fromstring(text)
    if form == "markdown":
        rows = [line for line in text.splitlines() if line.startswith("| ")]
        assert {line.replace("\\|", "").count("|") for line in rows} == {3, 5, 6}


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
