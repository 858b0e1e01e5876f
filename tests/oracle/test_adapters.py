"""The adapters of examples/adapters, where there is what runs them."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from truebook.cli import run
from truebook.oracle.vectors.shipped import all_vectors

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
    assert len(findings) <= 40  # and 228 vectors that fail or differ
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


@pytest.mark.parametrize("level", ["promises", "reference"])
@pytest.mark.parametrize(
    ("package", "adapter", "known"),
    [
        ("nautilus_trader", "nautilus.py", "nautilus-expected.json"),
        ("hummingbot", "hummingbot_tracker.py", "hummingbot-expected.json"),
    ],
)
def test_a_tracker_of_others_fails_what_is_known_and_no_more(
    package: str, adapter: str, known: str, level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not has(package):
        pytest.skip(f"{package} is not installed: make trackers")
    command = (str(TRACKERS / "bin" / "python"), str(ADAPTERS / adapter))
    expected = ("--expected", str(ADAPTERS / known))
    options = ("--stage", "vectors", "--timeout", "60", "--level", level)
    assert run(("conform", *options, *expected, "--", *command)) == 0
    passed, failed = (
        int(n) for n in re.findall(r"(\d+) (?:pass|expected)", capsys.readouterr().out)[-2:]
    )
    assert f"passes {passed} vectors and fails {failed}" in (DOCS / "oracle.md").read_text()


@pytest.mark.parametrize("known", sorted(ADAPTERS.glob("*-expected.json")), ids=lambda p: p.stem)
def test_what_is_known_is_of_vectors_that_are_there_and_is_told(known: Path) -> None:
    reasons = json.loads(known.read_text())
    assert reasons.keys() <= {case.slug for case in all_vectors()}
    assert all(reason.startswith(("design: ", "mapping: ")) for reason in reasons.values())
    page = (DOCS / "oracle.md").read_text()
    kinds = Counter(reason.partition(":")[0] for reason in reasons.values())
    assert (
        f"{kinds['design']} of them its design, {kinds['mapping']} what the adapter loses" in page
    )
    (table,) = re.findall(rf"`{known.name}`.*?\n\n(\|.*?)\n\n", page, re.DOTALL)
    counts = [int(n) for n in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]
    assert counts == sorted(Counter(reasons.values()).values(), reverse=True)


@pytest.mark.parametrize(
    ("name", "most"),
    [("reference.py", 60), ("legacy.py", 60), ("position.js", 120), ("position.c", 120)],
)
def test_an_adapter_is_small(name: str, most: int) -> None:
    assert len((ADAPTERS / name).read_text().splitlines()) < most
