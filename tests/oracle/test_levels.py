"""The levels of `truebook conform`, and what is expected by name, as the command takes them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from truebook.cli import run
from truebook.oracle.vectors import shipped

# A book that counts more than can trade while it waits for anything.
CAREFUL = """
from decimal import Decimal
from truebook.oracle.reference import ReferenceBook
from truebook.oracle.serve import serve

class Careful(ReferenceBook):
    def state(self):
        right = super().state()
        more = 7 if right["pending"] else 0
        exposure = {side: str(Decimal(size) + more) for side, size in right["exposure"].items()}
        return {**right, "exposure": exposure}

serve(Careful, name="careful", features=("core",), shows=("position", "exposure", "pending"))
"""
REFERENCE = ("--", sys.executable, "-m", "truebook.oracle.reference")
LEGACY = Path(__file__).resolve().parents[2] / "examples" / "adapters" / "legacy.py"
SOME = ("--only", "plan-*", "--only", "duplicate-tid")
NAME = "difference/exposure/too-much/register"
GONE = "identity/open/missing/fill"

Conform = Callable[..., CompletedProcess[str]]


@pytest.fixture
def conform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Conform:
    """Return a function that holds the careful book, or another command, to vectors."""
    path = tmp_path / "careful.py"
    path.write_text(CAREFUL)
    careful = ("--", sys.executable, str(path))

    def command(*options: str) -> CompletedProcess[str]:
        capsys.readouterr()
        code = run(("conform", *options, *(() if "--" in options else careful)))
        printed = capsys.readouterr()
        return CompletedProcess(options, code, printed.out, printed.err)

    return command


def test_what_differs_fails_at_the_stricter_level_alone(conform: Conform) -> None:
    held = conform(*SOME)
    assert held.returncode == 0
    assert "level promises" in held.stdout
    assert "\nno promise broken\n" in held.stdout
    assert conform("--level", "promises", *SOME).stdout == held.stdout
    strict = conform("--level", "reference", *SOME)
    assert strict.returncode == 1
    assert "level reference" in strict.stdout
    assert "\nno promise broken\n" in strict.stdout
    assert conform("--level", "reference", *SOME, *REFERENCE).returncode == 0


def test_a_level_that_is_none_is_refused(conform: Conform) -> None:
    ran = conform("--level", "strict", *SOME)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "'promises'" in ran.stderr


def test_what_is_written_as_expected_is_then_expected(conform: Conform, tmp_path: Path) -> None:
    file = str(tmp_path / "known.json")
    strict = ("--level", "reference", *SOME)
    assert conform("--write-expected", file, *strict).returncode == 1
    written = json.loads(Path(file).read_text())
    assert NAME in written
    assert all(name.startswith("difference/exposure/too-much/") for name in written)
    assert set(written.values()) == {"to be explained"}
    again = conform("--expected", file, "--write-expected", file, *strict)
    assert again.returncode == 0
    assert "expected failure" in again.stdout
    assert "known: to be explained" in again.stdout
    assert json.loads(Path(file).read_text()) == written
    less = {name: why for name, why in written.items() if name != NAME}
    Path(file).write_text(json.dumps(less))
    assert conform("--expected", file, *strict).returncode == 1


def test_what_is_expected_and_gone_is_said_where_all_was_tried(
    conform: Conform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_tenth = shipped.all_vectors()[::10]
    monkeypatch.setattr(shipped, "all_vectors", lambda: every_tenth)
    known = tmp_path / "known.json"
    known.write_text(json.dumps({GONE: "it was so"}))
    every = conform("--stage", "vectors", "--expected", str(known), *REFERENCE)
    assert every.returncode == 1
    assert f"expected and not found: {GONE}: take it off the list" in every.stdout
    some = conform("--expected", str(known), "--only", every_tenth[1].slug, *REFERENCE)
    assert some.returncode == 0
    assert "not found" not in some.stdout


def test_all_shows_each_finding_in_full(conform: Conform, tmp_path: Path) -> None:
    legacy = ("--", sys.executable, str(LEGACY))
    file = tmp_path / "r.json"
    short = conform(*SOME, "--json", str(file), *legacy)
    whole = conform(*SOME, "--all", *legacy)
    count = len(json.loads(file.read_text())["findings"])
    assert count > 3
    assert short.stdout.count("\n  name: ") == 3
    assert f"--all shows the other {count - 3} in full, too" in short.stdout
    assert whole.stdout.count("\n  name: ") == count
    assert short.returncode == whole.returncode == 1
