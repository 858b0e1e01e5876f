"""What all tests share: Hypothesis draws the same examples everywhere, however slow the machine."""

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import settings

settings.register_profile("truebook", derandomize=True, deadline=None)
settings.load_profile("truebook")

# What was proved before is proved again: a test may change what proves.
os.environ["CI"] = "true"

# How wide lines are, and whether in colour, is for each test to say.
for name in ("COLUMNS", "NO_COLOR"):
    os.environ.pop(name, None)

# A shell starts what runs in the background deaf to interrupts, and so would be what tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


LONG = frozenset((Path(__file__).parent / "long.txt").read_text("utf-8").splitlines())
"""Tests of which `make test` has a shorter one of the kind, or a command that shows the same."""


COLLECTED = pytest.StashKey[frozenset[str]]()
"""The tests of a run before any is left out."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the long ones."""
    config.stash[COLLECTED] = frozenset(item.nodeid for item in items)
    for item in items:
        if item.nodeid in LONG:
            item.add_marker(pytest.mark.long)


def pytest_collection_finish() -> None:
    """Let garbage collection pass over the thousands of tests, which stay, and come seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture
def truebook(capsys: pytest.CaptureFixture[str]) -> Callable[..., CompletedProcess[str]]:
    """Return a function that runs the command line in this process, and says what came of it."""
    from truebook.cli import run

    def command(*arguments: str) -> CompletedProcess[str]:
        capsys.readouterr()
        code = run(arguments)
        printed = capsys.readouterr()
        return CompletedProcess(arguments, code, printed.out, printed.err)

    return command
