"""`truebook audit`: what it prints and writes, what it refuses, and its exit codes."""

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree

import pytest

from fills_told import Step, frame, told
from lives_told import lines_of, ordinary
from truebook.audit.auditor import Auditor
from truebook.audit.reading import read
from truebook.audit.report import json_of, summary_of

Command = Callable[..., CompletedProcess[str]]
FILLS = told([Step(3, 1, False), Step(-1, 1, False), Step(2, 1, False)])


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "whole.jsonl"
    path.write_bytes(b"".join(frame([fill]) for fill in FILLS))
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.jsonl"
    path.write_bytes(frame([FILLS[0]]) + b"nonsense\n" + frame([FILLS[2]]))
    return path


def test_a_whole_recording_breaks_nothing(truebook: Command, whole: Path) -> None:
    ran = truebook("audit", str(whole))
    assert ran.returncode == 0
    assert ran.stdout.startswith("1 file: 3 fills, 0 orders, 0 requests; nothing broken")
    assert "fills-missing             held" in ran.stdout
    assert "nothing-sent-twice        inconclusive: no requests were recorded" in ran.stdout
    assert "BTC     3      0           +4   0 → 4" in ran.stdout


def test_what_is_missing_is_said_with_its_lines(truebook: Command, broken: Path) -> None:
    ran = truebook("audit", str(broken))
    assert ran.returncode == 1
    told = " ".join(ran.stdout.split())
    assert f"{broken}:1 to 3 BTC: the position went from 3 to 2 (-1) by no fill here" in told
    assert f"{broken}:2 a line cannot be read: no JSON in it" in told


def test_files_that_are_named_twice_or_overlap_count_once(truebook: Command, whole: Path) -> None:
    again = whole.with_name("again.jsonl")
    again.write_bytes(frame(FILLS[:2], snapshot=True))
    ran = truebook("audit", str(whole), str(whole), str(again))
    assert "2 files: 3 fills" in ran.stdout
    assert "BTC     3      2" in ran.stdout


def test_it_is_written_for_machines(truebook: Command, broken: Path, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("junit", "sarif", "markdown")}
    options = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    ran = truebook("audit", "--json", str(broken), *options)
    assert ran.returncode == 1
    said = json.loads(ran.stdout)
    assert [one["kind"] for one in said["findings"]] == ["fills-missing", "unreadable"]
    assert said["findings"][0]["until"] == {"file": str(broken), "line": 3}
    (suite,) = ElementTree.fromstring(files["junit"].read_text())
    assert suite.get("failures") == "1"
    results = json.loads(files["sarif"].read_text())["runs"][0]["results"]
    places = [one["locations"][0]["physicalLocation"] for one in results]
    assert [place["region"]["startLine"] for place in places] == [1, 2]
    assert [one["level"] for one in results] == ["error", "note"]
    assert "| fills-missing | broken |" in files["markdown"].read_text()


@pytest.mark.parametrize("times", [1, 2])
def test_it_says_what_books_say_that_are_told_everything(
    truebook: Command, tmp_path: Path, times: int
) -> None:
    path = tmp_path / "stream.jsonl"
    path.write_bytes(lines_of(ordinary(200)) * times)  # told twice only books can tell what it is
    auditor = Auditor()
    for seen in read(path):
        auditor.take(seen)
    auditor.finish()
    ran = truebook("audit", "--json", str(path))
    assert json.loads(ran.stdout) == json_of(summary_of(auditor, [str(path)]))


def test_it_says_the_same_each_time(truebook: Command, broken: Path, whole: Path) -> None:
    first, second = (truebook("audit", str(broken), str(whole)).stdout for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "Missing argument 'FILES...'"),
        ("nowhere.jsonl", "nowhere.jsonl"),
        ("--dates ymd x", "'ymd' is not one of"),
        ("--limit 0 x", "it must be a size above 0, not 0"),
        ("--measure 0", "from 1 to 10,000, not 0"),
        ("--measure 1 --bot nobody-has-this", "cannot start nobody-has-this"),
        ("--engine ray pyproject.toml", "say among how many, as by --jobs 2"),
        ("--jobs 0 x", "it must be a whole number from 1 to 1,000, not 0"),
        ("--jobs 2 --follow pyproject.toml", "--jobs shares out files that are there"),
    ],
)
def test_what_cannot_be_is_refused_in_words(truebook: Command, options: str, said: str) -> None:
    ran = truebook("audit", *shlex.split(options))
    assert ran.returncode == 2
    assert said in ran.stderr


@pytest.mark.parametrize(
    "content", [b"", b"nonsense\n", b"{", b"\0" * 20, b"1,2\n3,4\n", b"[]", b'{"a": 1}']
)
def test_files_that_say_nothing_are_refused(
    truebook: Command, tmp_path: Path, content: bytes
) -> None:
    empty = tmp_path / "empty"
    empty.write_bytes(content)
    ran = truebook("audit", str(empty))
    assert ran.returncode == 2
    said = f"nothing of an account can be read in {empty}: docs/audit.md has the forms of what can"
    assert ran.stderr == f"truebook: {said}\n"


def test_an_account_in_which_nothing_was_traded_is_one(truebook: Command, tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.jsonl"
    quiet.write_bytes(frame([], snapshot=True))
    ran = truebook("audit", str(quiet))
    assert ran.returncode == 0
    assert "fills-missing             inconclusive: no fills were recorded" in ran.stdout


def test_a_bot_is_recorded_and_its_audit_measured(truebook: Command, tmp_path: Path) -> None:
    bot = f"{sys.executable} {Path(__file__).parent / 'support' / 'odd_bot.py'} loop"
    ran = truebook("audit", "--measure", "1", "--bot", bot, "--json", "--keep", str(tmp_path))
    said = json.loads(ran.stdout)
    assert said["recordings"] == 1
    assert said["requests"] == 7
    assert (said["missed"], said["false_alarms"], ran.returncode) == ([], [], 0)
    assert [one.name for one in tmp_path.iterdir()] == ["bot-1-plan-1.jsonl"]


def test_files_are_not_measured(truebook: Command, whole: Path) -> None:
    ran = truebook("audit", "--measure", "1", str(whole))
    assert ran.returncode == 2
    assert "--measure records bots, and takes no FILES" in ran.stderr


@pytest.mark.parametrize("jobs", ["2", "3"])
def test_several_processes_say_what_one_says(
    truebook: Command, tmp_path: Path, jobs: str, broken: Path
) -> None:
    path = tmp_path / "many.jsonl"
    coins = ("BTC", "ETH", "xyz:GOLD")
    some = [told([Step(1, 1, False)] * 9, coin=coin) for coin in coins]
    del some[1][4]
    path.write_bytes(b"".join(frame([fill]) for coin in some for fill in coin))
    files = (str(path), str(broken))
    one = truebook("audit", "--json", *files)
    several = truebook("audit", "--json", "--jobs", jobs, *files)
    assert (several.returncode, several.stdout) == (one.returncode, one.stdout)
    assert one.returncode == 1


def test_what_only_books_can_tell_is_said_with_several_jobs_too(
    truebook: Command, tmp_path: Path
) -> None:
    path = tmp_path / "stream.jsonl"
    coined = lines_of(ordinary(20)).replace(b"BTC", b"ETH")
    path.write_bytes((lines_of(ordinary(20)) + coined) * 2)
    assert truebook("audit", "--jobs", "2", str(path)).stdout == truebook("audit", str(path)).stdout
