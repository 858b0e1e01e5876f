"""tests/long.txt names tests that are there, each once and in their order."""

from pathlib import Path

import pytest

from tests.conftest import COLLECTED

NAMED = (Path(__file__).parent / "long.txt").read_text("utf-8").splitlines()


def test_each_is_named_once_and_in_their_order() -> None:
    assert sorted(set(NAMED)) == NAMED


def test_each_is_there(request: pytest.FixtureRequest) -> None:
    if any("::" in argument for argument in request.config.args):
        pytest.skip("only some tests of a file were asked for")
    collected = request.config.stash[COLLECTED]
    files = {name.partition("::")[0] for name in collected}
    named = {name for name in NAMED if name.partition("::")[0] in files}
    if not named:
        pytest.skip("no file with a long test is of this run")
    assert named <= collected
