"""Help fits the screen, too: nothing of it is cut off."""

from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]

COMMANDS = ["", "check", "prove", "refine", "rules", "lifecycle"]
COMMANDS += ["export", "export promela", "export itf", "journal", "journal verify"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_broken_between_words(
    command: str, truebook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {}
    for columns in ("60", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        ran = truebook(*command.split(), "--help")
        assert (ran.returncode, ran.stderr) == (0, "")
        shown[columns] = ran.stdout
    assert shown["60"].split() == shown["200"].split()
    assert "..." not in shown["60"].replace("[ARGS]...", "")
    assert "\b" not in shown["60"]
    too_long = [line for line in shown["60"].splitlines() if len(line) > 60]
    # An option and its names are one thing: --fault [duplicates|cancel|…]
    assert [line for line in too_long if not line.startswith("  --")] == []


def test_an_example_and_what_it_does_stand_beside_or_below(
    truebook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    shown = truebook("export", "promela", "--help").stdout
    assert "\n  ./pan -m1000000\n      -m: how long a run may be\n" in shown
    monkeypatch.setenv("COLUMNS", "80")
    shown = truebook("export", "promela", "--help").stdout
    assert "\n  ./pan -m1000000                        -m: how long a run may be\n" in shown
