"""The pytest plugin and `assert_conforms`: a book held to the vectors within a test run."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from truebook.oracle import assert_conforms
from truebook.oracle.cases.case import FEATURES
from truebook.oracle.reference.subject import ReferenceBook

SLUG = "plan-no-fill-twice"
SUBJECT = f"{sys.executable} -m truebook.oracle.reference"


def run_pytest(place: Path, *arguments: str) -> CompletedProcess[str]:
    """Run pytest with the plugin in a folder."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "truebook.oracle.plugin"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", *arguments],
        cwd=place,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_vector_is_an_item_that_can_be_chosen(tmp_path: Path) -> None:
    done = run_pytest(
        tmp_path, f"--truebook-subject={SUBJECT}", "-k", "modify", "--junit-xml=j.xml"
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d+ passed, \d+ deselected", done.stdout, re.MULTILINE)
    assert 'name="modify-new-oid"' in (tmp_path / "j.xml").read_text()


def test_vectors_are_spread_over_the_workers_of_xdist(tmp_path: Path) -> None:
    subject = f"--truebook-subject={SUBJECT}"
    some = ("-p", "xdist", "-n", "2", "-vv", "-k", "modify")
    done = run_pytest(tmp_path, subject, *some, "--junit-xml=j.xml")
    assert done.returncode == 0, done.stdout
    assert {"gw0", "gw1"} <= set(re.findall(r"\[(gw\d)\].* PASSED", done.stdout))
    assert (tmp_path / "j.xml").read_text().count("<testcase") > 5


def test_a_wrong_timeout_is_a_usage_error(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, "--truebook-timeout=-1")
    assert done.returncode == 4
    assert "--truebook-timeout: it must be a number above 0 to 86,400" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_subject_nothing_is_added(tmp_path: Path) -> None:
    assert run_pytest(tmp_path).returncode == 5


def test_an_adapter_that_is_wrong_fails(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(
        "from truebook.oracle.serve import serve\n"
        "class Book:\n"
        "    def __init__(self, config): pass\n"
        "    def step(self, event, at): pass\n"
        "    def state(self): return {'position': 0}\n"
        "serve(Book, name='wrong', features=['core'], shows=['position'])\n"
    )
    subject = f"--truebook-subject={sys.executable} wrong.py"
    done = run_pytest(tmp_path, subject, "-k", f"{SLUG} or modify-failed or oid-zero")
    assert done.returncode == 1
    assert "1 failed, 1 passed, 1 skipped" in done.stdout
    said = "critical: position-is-unique-fills: a fill is missing in the position, after fill"
    assert f"\n{said}\n" in done.stdout
    assert f"\n  {SLUG}: As the plan breaks it: " in done.stdout
    assert f"FAILED truebook::{SLUG} - {said[:20]}" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_book_in_python_is_held_by_a_fixture(tmp_path: Path) -> None:
    (tmp_path / "test_book.py").write_text(
        "import pytest\n"
        "from truebook.oracle.reference import reference\n"
        "@pytest.fixture\n"
        "def truebook_subject(): return reference()\n"
        "def test_it_conforms(truebook_vector): pass\n"
    )
    done = run_pytest(tmp_path, "-k", "orphan")
    assert done.returncode == 0, done.stdout
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) > 10


def test_importing_the_plugin_imports_nothing_else() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import truebook.oracle.plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    new = [name for name in done.stdout.split() if name != "typing"]
    assert new == ["truebook", "truebook.oracle", "truebook.oracle.plugin"]


class Deaf(ReferenceBook):
    def step(self, event: Mapping[str, Any], at: int) -> Mapping[str, list[str]]:
        told = {"type": "tick"} if event["type"] == "fill" else event
        return super().step(told, at)  # type: ignore[return-value]


def test_a_book_that_conforms_passes_in_one_call() -> None:
    assert_conforms(ReferenceBook, features=FEATURES)
    assert_conforms(ReferenceBook, shows=("position",))


def test_a_book_that_does_not_conform_fails_in_one_call() -> None:
    with pytest.raises(
        AssertionError, match="critical: position-is-unique-fills: a fill is missing"
    ):
        assert_conforms(Deaf)
    with pytest.raises(AssertionError, match="protocol error: smoke"):
        assert_conforms(ReferenceBook, features=("everything",))


def test_what_shows_nothing_does_not_conform() -> None:
    with pytest.raises(AssertionError, match="unsupported"):
        assert_conforms(ReferenceBook, shows=())


def test_the_package_has_what_it_names() -> None:
    import truebook.oracle as package

    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = package.nothing
