"""`truebook conform`: what it says, how it ends, and what it writes."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

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
SLUG = "without-fills-move-position-position-is-unique-fills"
EARLY = "position-is-unique-fills/position/counted-early/answer-with-fills"
TWICE = "no-fill-twice/position/above-what-has-executed/fill"
SOME = ("--only", SLUG, "--only", "duplicate-tid")


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
    done = conform(*SOME, *wrong)
    assert done.returncode == 1
    shown = [line.strip() for line in done.stdout.splitlines()]
    assert "vectors  1 pass, 1 fail" in shown
    assert "2 promises broken, in 2 findings: 2 critical" in shown
    said = "position-is-unique-fills: the position has what no fill has told, "
    assert f"critical: {said}after answer with fills" in shown
    assert any(line.startswith(f"{SLUG}: Without fills-move-position: ") for line in shown)
    assert "2. at 0: the venue answers c1, oid 101: buy at 100, resting 1, filled 1 on arrival" in (
        shown
    )
    rows = [line.split() for line in shown]
    assert ["position", "0", "1"] in rows  # from its answer on
    assert ["position", "1", "2"] in rows  # and from the fill on
    assert [f"name: {name}" for name in (TWICE, EARLY)] == [
        line for line in shown if line.startswith("name: ")
    ]
    replays = {line for line in shown if line.startswith("replay: truebook conform")}
    (replay,) = replays
    assert f"--only {SLUG} -- " in replay


def test_what_breaks_is_not_called_wrong(conform: Conform, wrong: tuple[str, ...]) -> None:
    done = conform("--only", "without-position-by-fills-no-fill-twice", *wrong)
    assert done.returncode == 3
    assert "crash: without-position-by-fills-no-fill-twice" in done.stdout
    assert "it died before it answered step, with exit code 9" in done.stdout


def test_what_is_no_message_is_a_protocol_error(conform: Conform, tmp_path: Path) -> None:
    path = tmp_path / "chatty.py"
    path.write_text(WRONG.replace("os._exit(9)", "os.write(1, b'hello\\n')"))
    slug = "without-position-by-fills-no-fill-twice"
    done = conform("--only", slug, "--", sys.executable, str(path))
    assert done.returncode == 3
    assert f"protocol error: {slug}" in done.stdout
    assert "it answered step with a line that is not JSON: 'hello'" in done.stdout


def test_what_is_not_claimed_is_not_tested(conform: Conform, wrong: tuple[str, ...]) -> None:
    done = conform("--only", "modify-*", *wrong)
    assert done.returncode == 2
    assert re.search(r"vectors  \d+ unsupported$", done.stdout, re.MULTILINE)


def test_known_failures_are_kept_in_a_file(
    conform: Conform, wrong: tuple[str, ...], tmp_path: Path
) -> None:
    known = tmp_path / "known.json"
    assert conform("--write-expected", str(known), *SOME, *wrong).returncode == 1
    assert json.loads(known.read_text()) == dict.fromkeys((TWICE, EARLY), "to be explained")
    done = conform("--expected", str(known), *SOME, *wrong)
    assert done.returncode == 0
    assert "1 pass, 1 expected failure" in done.stdout
    assert "2 findings known and explained" in done.stdout
    known.write_text(json.dumps({EARLY: "as designed"}))
    done = conform("--expected", str(known), *SOME, *wrong)
    assert done.returncode == 1
    assert "1 promise broken, in 1 finding: 1 critical" in done.stdout
    assert "; known: as designed" in done.stdout


def test_known_failures_may_be_named_by_their_vectors(
    conform: Conform, wrong: tuple[str, ...], tmp_path: Path
) -> None:
    known = tmp_path / "known.json"
    known.write_text(json.dumps({SLUG: "as designed"}))
    done = conform("--expected", str(known), *SOME, *wrong)
    assert done.returncode == 0
    assert "1 pass, 1 expected failure" in done.stdout
    assert "no promise broken" in done.stdout
    two = {"duplicate-tid": "it is so", SLUG: "as designed", "restart": "later"}
    known.write_text(json.dumps(two))
    conform("--expected", str(known), "--write-expected", str(known), *SOME, *wrong)
    del two["duplicate-tid"]  # it passes; what was not run stays
    assert json.loads(known.read_text()) == two
    known.write_text('{"duplicate-tid": "it is so"}')
    done = conform("--expected", str(known), "--only", "duplicate-tid", *wrong)
    assert done.returncode == 1
    assert "unexpected pass: duplicate-tid" in done.stdout
    assert "take it off the list" in done.stdout
    for text, words in (("[]", "to the reason"), ("{", "cannot read"), ('{"x": "y"}', "'x'")):
        known.write_text(text)
        done = conform("--expected", str(known), *SOME, *wrong)
        assert (done.returncode, words in done.stderr) == (2, True)


def test_a_subject_that_hangs_every_time_is_given_up(conform: Conform, tmp_path: Path) -> None:
    path = tmp_path / "hangs.py"
    hang = 'if event["type"] == "fill":\n            __import__("time").sleep(1000)'
    right = WRONG.replace("self.more +=", "self.none =")
    path.write_text(right.replace('if event["type"] == "rebase":\n            os._exit(9)', hang))
    command = ("--", sys.executable, str(path))
    done = conform("--only", "*fill*", "--timeout", "2", *command)
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
        (("--only", "no-such-vector", *REFERENCE), "no vector is called 'no-such-vector'"),
        (("--only", "nope-*", *REFERENCE), "truebook vectors lists them"),
        (("--json", "no/such/folder.json", *REFERENCE), "there is no folder no/such"),
        (("--write-expected", "no/such/folder.json", *REFERENCE), "there is no folder no/such"),
        (("--timeout", "nan", *REFERENCE), "--timeout"),
        (
            ("--replay", "no-such-file.json", *REFERENCE),
            "cannot read no-such-file.json: there is no such file",
        ),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_done_is_said(
    conform: Conform, arguments: tuple[str, ...], words: str
) -> None:
    done = conform(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


SHOWS_NOTHING = """
from truebook.oracle.reference import ReferenceBook
from truebook.oracle.serve import serve

serve(ReferenceBook, name="silent", features=("core",), shows=())
"""


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--stage", "random", "--examples", "0"), "no run was asked for"),
        (("--stage", "vectors"), "it shows nothing of what is expected here"),
        (("--stage", "random", "--examples", "3"), "it shows nothing of what is expected here"),
    ],
)
def test_where_nothing_is_tested_a_line_says_why(
    conform: Conform, tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    silent = tmp_path / "silent.py"
    silent.write_text(SHOWS_NOTHING)
    done = conform(*arguments, "--", sys.executable, str(silent))
    said = [line for line in done.stderr.splitlines() if line.startswith("truebook: ")]
    assert done.returncode == 2
    (line,) = said
    assert line.startswith("truebook: nothing was tested: ")
    assert why in line or "does not claim" in line
