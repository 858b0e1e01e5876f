"""`truebook conform`: what it says, how it ends, and what it writes."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree

import pytest

from truebook.cli import run

REFERENCE = ("--", sys.executable, "-m", "truebook.oracle.reference")
# A book that counts what an answer says has filled, and, once told so, dies.
WRONG = """
import os, sys
from decimal import Decimal
from truebook.oracle.reference import ReferenceBook
from truebook.oracle.serve import serve

class Wrong(ReferenceBook):
    more = 0
    def step(self, event, at):
        if event["type"] == "rebase":
            os._exit(9)
        self.more += int(event.get("filled", "0")) if event["type"] == "answer" else 0
        return super().step(event, at)
    def state(self):
        shown = super().state()
        return {**shown, "position": str(Decimal(shown["position"]) + self.more)}

serve(Wrong, name="wrong", version="1", features=("core", "fill-times", "position"))
"""

Conform = Callable[..., CompletedProcess[str]]


@pytest.fixture
def conform(capsys: pytest.CaptureFixture[str]) -> Conform:
    def command(*arguments: str) -> CompletedProcess[str]:
        capsys.readouterr()
        code = run(("conform", *arguments))
        printed = capsys.readouterr()
        return CompletedProcess(arguments, code, printed.out, printed.err)

    return command


@pytest.fixture
def wrong(tmp_path: Path) -> tuple[str, ...]:
    path = tmp_path / "wrong.py"
    path.write_text(WRONG)
    return ("--", sys.executable, str(path))


def test_the_reference_passes_every_vector(conform: Conform) -> None:
    done = conform("--stage", "vectors", "--jobs", "2", *REFERENCE)
    assert done.returncode == 0, done.stdout
    assert re.search(r"vectors  \d{3,} pass$", done.stdout, re.MULTILINE)


def test_a_wrong_book_is_shown_its_fault(conform: Conform, wrong: tuple[str, ...]) -> None:
    done = conform("--only", "ack-filled-then-fill", "--only", "duplicate-tid", *wrong)
    assert done.returncode == 1
    shown = [line.strip() for line in done.stdout.splitlines()]
    assert "vectors  1 pass, 1 fail" in shown
    assert "fail: ack-filled-then-fill" in shown
    assert "2. at 1: answer cloid c1 oid 101 side buy price 100 filled 10" in shown
    assert ["position", "0", "10"] in [line.split() for line in shown]
    assert any(line.startswith("it seems to break fills-move-position.") for line in shown)
    (replay,) = (line for line in shown if line.startswith("replay: truebook conform"))
    assert "--only ack-filled-then-fill -- " in replay


def test_what_breaks_is_not_called_wrong(conform: Conform, wrong: tuple[str, ...]) -> None:
    done = conform("--only", "without-position-by-fills-no-fill-twice", *wrong)
    assert done.returncode == 3
    assert "crash: without-position-by-fills-no-fill-twice" in done.stdout
    assert "it died, with exit code 9" in done.stdout


def test_what_is_not_claimed_is_not_tested(conform: Conform, wrong: tuple[str, ...]) -> None:
    done = conform("--only", "modify-*", *wrong)
    assert done.returncode == 2
    assert re.search(r"vectors  \d+ unsupported$", done.stdout, re.MULTILINE)


def test_known_failures_are_kept_in_a_file(
    conform: Conform, wrong: tuple[str, ...], tmp_path: Path
) -> None:
    known = tmp_path / "known.json"
    some = ("--only", "ack-filled-then-fill", "--only", "duplicate-tid")
    assert conform("--write-expected", str(known), *some, *wrong).returncode == 1
    assert json.loads(known.read_text()) == {"ack-filled-then-fill": "to be explained"}
    done = conform("--expected", str(known), *some, *wrong)
    assert done.returncode == 0
    assert "1 pass, 1 expected failure" in done.stdout
    known.write_text('{"duplicate-tid": "it is so"}')
    done = conform("--expected", str(known), "--only", "duplicate-tid", *wrong)
    assert done.returncode == 1
    assert "unexpected pass: duplicate-tid" in done.stdout
    assert "take it off the list" in done.stdout
    for text, words in (("[]", "slug to reason"), ("{", "cannot read"), ('{"x": "y"}', "'x'")):
        known.write_text(text)
        done = conform("--expected", str(known), *some, *wrong)
        assert (done.returncode, words in done.stderr) == (2, True)


def test_reports_say_the_same_in_every_form(
    conform: Conform, wrong: tuple[str, ...], tmp_path: Path
) -> None:
    forms = ("json", "junit", "sarif", "markdown", "badge")
    paths = {form: tmp_path / form for form in forms}
    asked = [word for form in forms for word in (f"--{form}", str(paths[form]))]
    some = ("ack-filled-then-fill", "duplicate-tid", "modify-failed", "without-position-by-*twice")
    only = [word for slug in some for word in ("--only", slug)]
    assert conform(*asked, *only, *wrong).returncode == 1
    data = json.loads(paths["json"].read_text())
    outcomes = {result["slug"]: result["outcome"] for result in data["results"]}
    crashed = "without-position-by-fills-no-fill-twice"
    assert outcomes == {
        "smoke": "pass",
        "ack-filled-then-fill": "fail",
        "duplicate-tid": "pass",
        "modify-failed": "unsupported",
        crashed: "crash",
    }
    assert data["exit_code"] == 1
    suite = ElementTree.parse(paths["junit"]).getroot()
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "errors": "1", "skipped": "1"}
    sarif = json.loads(paths["sarif"].read_text())["runs"][0]
    assert [r["ruleId"] for r in sarif["results"]] == ["position-by-fills", "fills-move-position"]
    assert {r["ruleId"] for r in sarif["results"]} <= {
        rule["id"] for rule in sarif["tool"]["driver"]["rules"]
    }
    text = paths["markdown"].read_text()
    assert "## wrong 1: not passed" in text
    assert "| ack-filled-then-fill | fail | 2 | fills-move-position |" in text
    badge = json.loads(paths["badge"].read_text())
    assert badge["message"].startswith("1 of 3 (core + fill-times + position, ")
    assert badge["color"] == "red"


def test_a_run_that_is_interrupted_keeps_what_it_has(tmp_path: Path) -> None:
    path, results = tmp_path / "slow.py", tmp_path / "results.json"
    path.write_text(WRONG.replace("super().step(event, at)", "(__import__('time').sleep(0.05))"))
    code = "import sys; from truebook.cli import main; sys.argv[0] = 'truebook'; main()"
    command = [sys.executable, "-c", code, "conform", "--json", str(results), "--"]
    process = subprocess.Popen(
        [*command, sys.executable, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("vectors: ")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted: the rest was not tried" in out
    data = json.loads(results.read_text())
    assert data["interrupted"] is True
    assert 1 < len(data["results"]) < 200


def test_a_subject_that_hangs_every_time_is_given_up(conform: Conform, tmp_path: Path) -> None:
    path = tmp_path / "hangs.py"
    hang = 'if event["type"] == "fill":\n            __import__("time").sleep(1000)'
    right = WRONG.replace("self.more +=", "self.none =")
    path.write_text(right.replace('if event["type"] == "rebase":\n            os._exit(9)', hang))
    command = ("--", sys.executable, str(path))
    done = conform("--only", "*fill*", "--timeout", "0.5", *command)
    assert done.returncode == 3
    assert re.search(r"3 hang, \d+ inconclusive$", done.stdout, re.MULTILINE)
    assert "not tried: the subject hung 3 times before" in done.stdout


def test_setup_comes_first(conform: Conform, tmp_path: Path) -> None:
    made = tmp_path / "made"
    one = ("--only", "duplicate-tid")
    assert conform("--setup", f"touch {made}", *one, *REFERENCE).returncode == 0
    assert made.exists()
    done = conform("--setup", "exit 5", *one, *REFERENCE)
    assert done.returncode == 3
    assert "--setup ended with exit code 5" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "no-such-vector", *REFERENCE), "no vector is called no-such-vector"),
        (("--replay", "no-such-file.json", *REFERENCE), "cannot replay"),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_done_is_said(
    conform: Conform, arguments: tuple[str, ...], words: str
) -> None:
    done = conform(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
