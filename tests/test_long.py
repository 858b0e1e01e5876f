"""tests/long.txt names tests that are there, each once and in their order."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMED = (ROOT / "tests" / "long.txt").read_text("utf-8").splitlines()


def test_each_is_named_once_and_in_their_order() -> None:
    assert sorted(set(NAMED)) == NAMED


def test_each_is_there() -> None:
    files = sorted({name.partition("::")[0] for name in NAMED})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist", *files]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(NAMED) <= set(ran.stdout.splitlines())
