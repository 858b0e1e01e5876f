"""The journey of a tracker: after each repair it is found of it what docs/oracle.md says."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import attrs
import pytest

from truebook.cli import run

ROOT = Path(__file__).resolve().parents[2]
JOURNEY = ROOT / "examples" / "journey"
REPAIRS = sorted((JOURNEY / "repairs").glob("*.diff"))
IDS = ["as-first-written", *(repair.stem for repair in REPAIRS)]
PAGE = (ROOT / "docs" / "oracle.md").read_text("utf-8")
FINDINGS = (ROOT / "docs" / "findings" / "naive.md").read_text("utf-8")

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or shutil.which("git") is None,
    reason="there is no node, or no git to apply the repairs with",
)


@attrs.frozen
class Row:
    """What is found of the tracker after a number of repairs, and which finding is the first."""

    repaired: str
    promises: int
    findings: int
    differences: int
    first: str


def rows() -> list[Row]:
    """Return what the page says, of the tracker as first written and after each repair."""
    pattern = r"^\| (\d+) \| (.+) \| (\d+) \| (\d+) \| (\d+) \| (?:`(.+)`)? *\|$"
    found = re.findall(pattern, PAGE, re.MULTILINE)
    assert [int(number) for number, *_ in found] == list(range(len(found)))
    return [Row(what, int(p), int(f), int(d), first) for _, what, p, f, d, first in found]


def repaired(times: int, folder: Path) -> Path:
    """Return the adapter of the tracker, repaired so many times, in a folder."""
    for name in ("adapter.js", "tracker.js"):
        shutil.copy(JOURNEY / name, folder)
    for repair in REPAIRS[:times]:
        subprocess.run(["git", "apply", str(repair)], cwd=folder, check=True, capture_output=True)
    return folder / "adapter.js"


def number(pattern: str, printed: str) -> int:
    found = re.search(pattern, printed, re.MULTILINE)
    return int(found[1]) if found else 0


def listed(heading: str) -> list[tuple[str, str]]:
    """Return the findings of a table of the page of findings, each with its rule."""
    (table,) = re.findall(
        rf"^\| finding \| rule \| {heading} \|\n(.*?)\n(?!\|)", FINDINGS, re.S | re.M
    )
    return re.findall(r"^\| `([^`]+)` \| `?([\w-]+)`? \| \S.* \|$", table, re.MULTILINE)


@needs_node
@pytest.mark.parametrize("times", range(len(IDS)), ids=IDS)
def test_what_is_found_is_what_the_page_says(
    times: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter, results = repaired(times, tmp_path), tmp_path / "results.json"
    options = ("--stage", "vectors", "--json", str(results))
    code = run(("conform", *options, "--", "node", str(adapter)))
    printed = capsys.readouterr().out
    found = json.loads(results.read_text())["findings"]
    broken = [one for one in found if one["promise"]]
    shown = Row(
        rows()[times].repaired,
        number(r"^(\d+) promises? broken", printed),
        len(broken),
        len(found) - len(broken),
        broken[0]["name"] if broken else "",
    )
    assert shown == rows()[times]
    assert code == (1 if broken else 0)
    assert bool(broken) == (times < len(REPAIRS))
    by_rule = [(one["name"], ", ".join(one["rules"]) or "none") for one in found]
    if times == 0:
        assert by_rule == listed("true, since")
        assert len(by_rule) <= 25
    if times == len(REPAIRS):
        assert by_rule == listed("breaks no promise, since")


@needs_node
def test_the_last_breaks_no_promise_in_any_stage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter = repaired(len(REPAIRS), tmp_path)
    saved = ("--findings", str(tmp_path / "found"), "--cache", str(tmp_path / "cache"))
    assert run(("conform", *saved, "--", "node", str(adapter))) == 0
    printed = capsys.readouterr().out
    assert "no promise broken" in printed
    for stage in ("vectors", "edges", "random"):
        assert re.search(rf"^  {stage} +[\d,]+ pass", printed, re.MULTILINE)


def test_the_page_has_every_repair_in_its_own_words() -> None:
    said = [repair.read_text("utf-8").split("\n\n", 1)[0] for repair in REPAIRS]
    assert [row.repaired for row in rows()] == ["as first written", *said]
    assert f"and {len(REPAIRS)}\nrepairs" in PAGE


def test_the_repairs_are_of_the_tracker_alone() -> None:
    for repair in REPAIRS:
        files = re.findall(r"^(?:---|\+\+\+) (.*)$", repair.read_text("utf-8"), re.MULTILINE)
        assert files == ["a/tracker.js", "b/tracker.js"], repair.name
