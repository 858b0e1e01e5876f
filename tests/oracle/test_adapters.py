"""The adapters of examples/adapters, where there is what runs them."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from truebook.cli import run

HOUSE = Path(__file__).resolve().parents[2]
ADAPTERS = HOUSE / "examples" / "adapters"
DOCS = HOUSE / "docs"
TRACKERS = HOUSE / ".venv-trackers"
"""Made by `make trackers`."""
PYTHON = (sys.executable,)


def conform(tmp_path: Path, *command: str) -> dict[str, dict[str, object]]:
    """Hold a command to the vectors; return the results by slug."""
    results = tmp_path / "results.json"
    run(("conform", "--stage", "vectors", "--json", str(results), "--", *command))
    data = json.loads(results.read_text())
    return {result["slug"]: result for result in data["results"]}


def outcomes(results: dict[str, dict[str, object]]) -> set[object]:
    return {result["outcome"] for result in results.values()}


def test_the_reference_passes_all(tmp_path: Path) -> None:
    results = conform(tmp_path, *PYTHON, str(ADAPTERS / "reference.py"))
    assert outcomes(results) == {"pass"}


def test_the_legacy_tracker_fails_by_the_race_of_the_plan(tmp_path: Path) -> None:
    results = conform(tmp_path, *PYTHON, str(ADAPTERS / "legacy.py"))
    for slug in ("fill-before-ack", "ack-filled-then-fill", "orphan-cancel-once"):
        assert results[slug]["outcome"] in ("fail", "differs"), slug
    findings = json.loads((tmp_path / "results.json").read_text())["findings"]
    by_name = {one["name"]: one for one in findings}
    race = by_name["no-live-order-dropped/open/missing/fill"]  # the fill names it
    assert race["severity"] == "critical"
    told = [event["type"] for step in race["shortest"]["steps"] for event in step["events"]]
    assert told == ["register", "fill"]
    assert len(findings) <= 25  # of more than two hundred vectors that fail or differ
    page = (DOCS / "findings" / "legacy.md").read_text()
    rows = re.findall(r"^\| `([^`]+)` \| `?([\w-]+)`? \| \S.* \|$", page, re.MULTILINE)
    assert rows == [(one["name"], ", ".join(one["rules"]) or "none") for one in findings]
    legacy = {s: r["outcome"] for s, r in results.items() if s.startswith("legacy-")}
    # It shows no exposure, and claims neither venue times of fills nor to leave strangers alone.
    unseen = {
        "legacy-exposure-bounds-truth",
        "legacy-replay-harmless",
        "legacy-strangers-left-alone",
    }
    assert {s for s, outcome in legacy.items() if outcome not in ("fail", "differs")} <= unseen
    of_its_own = [outcome for outcome in legacy.values() if outcome == "fail"]
    assert len(of_its_own) >= len(legacy) / 2


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
def test_the_book_in_javascript_passes_what_it_claims(tmp_path: Path) -> None:
    results = conform(tmp_path, "node", str(ADAPTERS / "position.js"))
    assert outcomes(results) == {"pass", "unsupported"}
    assert results["fill-before-ack"]["outcome"] == "pass"


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_the_book_in_c_passes_what_it_claims(tmp_path: Path) -> None:
    program = tmp_path / "position"
    source = str(ADAPTERS / "position.c")
    subprocess.run(["cc", "-O2", "-o", str(program), source], check=True, capture_output=True)
    results = conform(tmp_path, str(program))
    assert outcomes(results) == {"pass", "unsupported"}
    assert results["sum-of-many-fills-exact"]["outcome"] == "pass"


def has(package: str) -> bool:
    """Tell whether the trackers' environment has a package."""
    return any(TRACKERS.glob(f"lib/python*/site-packages/{package}/__init__.py"))


HELD = {
    "nautilus_trader": ("nautilus.py", "nautilus-expected.json"),
    "hummingbot": ("hummingbot_tracker.py", "hummingbot-expected.json"),
}
"""Trackers of others: the adapter of each, and what is known to be found."""


def on_the_page(package: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """Return what docs/trackers.md says of a tracker: of each of its findings the rule, and why."""
    page = (DOCS / "trackers.md").read_text("utf-8")
    (section,) = re.findall(rf"^## {package} .*?(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    rows = re.findall(r"^\| `(.*?)` \| `?([\w-]+)`? \| (.*) \|$", section, re.MULTILINE)
    return section, {name: (rule, why) for name, rule, why in rows}


@pytest.mark.parametrize("package", HELD)
def test_of_a_tracker_of_others_is_found_what_the_page_says_and_no_more(
    package: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not has(package):
        pytest.skip(f"{package} is not installed: make trackers")
    adapter, known = HELD[package]
    results = tmp_path / "results.json"
    options = ("--stage", "vectors", "--timeout", "60", "--level", "reference")
    expected = ("--expected", str(ADAPTERS / known), "--json", str(results))
    command = (str(TRACKERS / "bin" / "python"), str(ADAPTERS / adapter))
    assert run(("conform", *options, *expected, "--", *command)) == 0
    section, told = on_the_page(package)
    findings = json.loads(results.read_text())["findings"]
    assert [(name, rule) for name, (rule, _) in told.items()] == [
        (one["name"], ", ".join(one["rules"]) or "none") for one in findings
    ]
    assert f"{len(findings)} findings" in section
    assert len(findings) <= 25
    assert re.search(r"\d+ expected", capsys.readouterr().out)


@pytest.mark.parametrize("package", HELD)
def test_what_is_known_of_a_tracker_is_told_with_its_reason(package: str) -> None:
    reasons = json.loads((ADAPTERS / HELD[package][1]).read_text())
    assert all(reason.startswith(("design: ", "mapping: ")) for reason in reasons.values())
    _, told = on_the_page(package)
    assert {name: why for name, (_, why) in told.items()}.items() <= reasons.items()


@pytest.mark.parametrize(
    ("name", "most"),
    [("reference.py", 60), ("legacy.py", 60), ("position.js", 120), ("position.c", 120)],
)
def test_an_adapter_is_small(name: str, most: int) -> None:
    assert len((ADAPTERS / name).read_text().splitlines()) <= most
