"""Every form of a report tells broken promises from differences, and what is known."""

import json
from typing import Any
from xml.etree import ElementTree

import attrs
import pytest

from truebook.oracle.findings import gathered
from truebook.oracle.judge import Deviation, Kind, Level, Onset, Result, Told
from truebook.oracle.protocol.messages import About
from truebook.oracle.reports.formats import badge_of, json_of, junit_of, markdown_of, sarif_of
from truebook.oracle.reports.run import Run
from truebook.oracle.reports.text import lines_of
from truebook.oracle.vectors.shipped import all_vectors

CASE = next(case for case in all_vectors() if case.slug == "duplicate-tid")
ABOUT = About(protocol="1", name="mine", version="2", features=("core",))
BROKEN = Deviation("position", "above what has executed", "", "4", "8", "no-fill-twice")
NAME = "no-fill-twice/position/above-what-has-executed/answer"
DIFFERS = Deviation("exposure", "too much", "buy", "6", "9")


def result(kind: Kind, *found: Deviation) -> Result:
    told = tuple(Told(step.at, tuple(step.events())) for step in CASE.steps)
    onsets = (Onset(2, found, lasts=True, follows=False),) if found else ()
    case = attrs.evolve(CASE, slug=f"{kind}-{len(found)}".replace(" ", "-"))
    return Result(stage="vectors", case=case, kind=kind, told=told, onsets=onsets)


PASS = result(Kind.PASS)
FAIL = result(Kind.FAIL, BROKEN)
DIFFER = result(Kind.DIFFERS, DIFFERS)
BOTH = Level.PROMISES, Level.REFERENCE


def run_of(*results: Result, level: Level = Level.PROMISES, known: str = "", **more: Any) -> Run:
    findings = tuple(attrs.evolve(one, known=known) for one in gathered(results))
    return Run(ABOUT, ("mine",), results, findings, level, **more)


def text_of(run: Run, *, whole: bool = False) -> str:
    return "\n".join(line for _, line in lines_of(run, whole=whole))


@pytest.mark.parametrize(
    ("results", "codes"),
    [
        ((PASS,), (0, 0)),
        ((PASS, DIFFER), (0, 1)),
        ((PASS, FAIL), (1, 1)),
        ((PASS, FAIL, DIFFER), (1, 1)),
        ((DIFFER, result(Kind.CRASH)), (3, 1)),
        ((DIFFER, result(Kind.INCONCLUSIVE)), (4, 1)),
        ((result(Kind.UNSUPPORTED),), (2, 2)),
        ((result(Kind.EXPECTED, BROKEN),), (0, 0)),
        ((result(Kind.UNEXPECTED),), (1, 1)),
    ],
)
def test_what_differs_ends_a_run_badly_at_the_stricter_level_alone(
    results: tuple[Result, ...], codes: tuple[int, int]
) -> None:
    assert tuple(run_of(*results, level=level).exit_code for level in BOTH) == codes


def test_what_is_expected_and_not_found_is_wrong_at_any_level() -> None:
    run = run_of(PASS, stale=(NAME,))
    assert run.exit_code == 1
    assert f"expected and not found: {NAME}: take it off the list" in text_of(run)
    assert json_of(run)["stale"] == [NAME]


@pytest.mark.parametrize(
    ("results", "verdict", "colors"),
    [
        ((PASS,), "conforms", ("brightgreen", "brightgreen")),
        ((PASS, DIFFER), "no promise broken, 1 difference", ("green", "red")),
        ((FAIL, DIFFER), "1 promise broken", ("red", "red")),
    ],
)
def test_a_badge_is_bright_only_where_nothing_differs(
    results: tuple[Result, ...], verdict: str, colors: tuple[str, str]
) -> None:
    for level, color in zip(BOTH, colors, strict=True):
        badge = badge_of(run_of(*results, level=level))
        assert badge["message"].partition(" (")[0] == verdict
        assert badge["color"] == color


@pytest.mark.parametrize(
    ("found", "said", "color"),
    [
        (BROKEN, "no promise broken but those that are known", "yellow"),
        (DIFFERS, "no promise broken, 1 difference", "green"),
    ],
)
def test_what_is_known_is_not_hidden_in_a_badge(found: Deviation, said: str, color: str) -> None:
    run = run_of(result(Kind.EXPECTED, found), PASS, known="as designed")
    badge = badge_of(run)
    assert (badge["message"].partition(" (")[0], badge["color"]) == (said, color)
    assert "1 finding known and explained" in text_of(run)
    assert json_of(run)["findings"][0]["known"] == "as designed"
    assert sarif_of(run)["runs"][0]["results"] == []
    (row,) = (line for line in markdown_of(run).splitlines() if line.endswith(" as designed |"))
    assert row.startswith("| difference " if found is DIFFERS else "| critical ")


def test_json_tells_them_apart() -> None:
    data = json_of(run_of(PASS, FAIL, DIFFER))
    assert (data["level"], data["exit_code"]) == ("promises", 1)
    assert [r["outcome"] for r in data["results"]] == ["pass", "fail", "differs"]
    broken, differs = data["findings"]
    assert (broken["name"], broken["promise"], broken["severity"]) == (
        NAME,
        "no-fill-twice",
        "critical",
    )
    assert (differs["promise"], differs["severity"]) == ("", "difference")
    assert (broken["runs"], broken["lasting"]) == ({"vectors": 1}, 1)
    assert data["results"][1]["findings"] == [NAME]
    (deviation,) = broken["shortest"]["deviations"]
    assert deviation["path"] == "position"
    assert NAME in json.dumps(data)


def test_junit_takes_a_difference_for_a_failure_at_the_stricter_level_alone() -> None:
    for level, failures in zip(BOTH, ("1", "2"), strict=True):
        (suite,) = ElementTree.fromstring(junit_of(run_of(PASS, FAIL, DIFFER, level=level)))
        assert (suite.get("tests"), suite.get("failures")) == ("3", failures)
        failure = suite[1][0]
        assert "from step 2 on: no-fill-twice: position: expected" in failure.get("message", "")


def test_sarif_takes_a_difference_for_a_note() -> None:
    found = sarif_of(run_of(FAIL, DIFFER))["runs"][0]["results"]
    assert [(one["ruleId"], one["level"]) for one in found] == [
        ("no-fill-twice", "error"),
        ("difference", "note"),
    ]
    assert found[0]["partialFingerprints"] == {"finding/v1": NAME}
    step = found[0]["locations"][0]["logicalLocations"][1]
    assert step["name"] == "step 2"


def test_markdown_tells_them_apart() -> None:
    text = markdown_of(run_of(PASS, FAIL, DIFFER))
    assert text.startswith("## mine 2: not passed\n")
    assert "level promises. 1 promise broken." in text
    assert markdown_of(run_of(PASS, DIFFER)).startswith("## mine 2: passed\n")
    strict = markdown_of(run_of(PASS, DIFFER, level=Level.REFERENCE))
    assert strict.startswith("## mine 2: not passed\n")
    assert "level reference. no promise broken, 1 difference." in strict
    rows = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| ")]
    assert rows[-2:] == ["| critical", "| difference"]


def test_people_are_told_first_what_is_broken() -> None:
    text = text_of(run_of(PASS, FAIL, DIFFER))
    assert "1 promise broken, in 1 finding: 1 critical" in text
    assert "1 difference from the reference, breaking none" in text
    assert text.index("first: no-fill-twice: ") < text.index("  1. critical ")
    assert text.index("  1. critical ") < text.index("  2. difference ")
    assert "no promise broken" not in text
    assert "no promise broken\n1 difference" in text_of(run_of(PASS, DIFFER))
    assert "no promise" not in text_of(run_of(result(Kind.UNSUPPORTED)))
    assert "nothing was tested" in text_of(run_of(result(Kind.UNSUPPORTED)))


MANY = [
    attrs.evolve(BROKEN, part=part, promise=promise)
    for part in ("position", "open", "pending")
    for promise in ("no-fill-twice", "convergence")
]


def test_only_the_worst_are_shown_in_full_unless_all_are_asked_for() -> None:
    run = run_of(*(result(Kind.FAIL, one) for one in MANY))
    short, whole = text_of(run), text_of(run, whole=True)
    assert (short.count("\n  name: "), whole.count("\n  name: ")) == (3, 6)
    assert "--all shows the other 3 in full, too" in short
    assert "--all" not in whole
    for number in range(1, 7):
        assert f"\n   {number}. " in short


def test_what_is_known_is_shown_in_full_where_all_is_asked_for() -> None:
    run = run_of(result(Kind.EXPECTED, BROKEN), known="as designed")
    assert "\n  name: " not in text_of(run)
    assert "\n  known: as designed" in text_of(run, whole=True)
