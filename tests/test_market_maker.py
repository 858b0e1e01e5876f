"""The market maker on its simulated venue: the book ends right, the legacy tracker does not."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from truebook.impl import ListedOrder

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture(autouse=True)
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))


@pytest.mark.parametrize("seed", range(12))
def test_the_book_ends_with_the_venue_s_orders_and_position(seed: int) -> None:
    from market_maker import run

    found = run(seed, 0.3 * (seed % 4) / 3, 40, False)
    assert not found.problems
    assert (found.right, found.false_cancels, found.missing, found.ghosts) == (1, 0, 0, 0)
    assert found.position_error == found.worst_position == 0
    assert found.orders > 5
    assert found.fills > 2


def test_a_run_comes_out_the_same_again() -> None:
    from market_maker import run

    assert run(7, 0.3, 20, False) == run(7, 0.3, 20, False)
    assert run(7, 0.3, 20, False) != run(8, 0.3, 20, False)


def test_the_legacy_tracker_goes_wrong() -> None:
    from market_maker import run
    from truth import Found

    total = Found()
    for seed in range(8):
        total = total.add(run(seed, 0.3, 40, True))
    assert total.right < 3
    assert total.false_cancels > 8
    assert total.untracked > 40
    assert total.worst_position > 20
    assert total.problems["tracked-or-in-grace"] == total.untracked


def test_a_fill_counted_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import quoting
    from market_maker import run

    told = quoting.WithBook.tell

    def twice(self: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if method == "process_fill":
            told(self, method, args[0], -args[1], *args[2:], **kwargs)
        return told(self, method, *args, **kwargs)

    monkeypatch.setattr(quoting.WithBook, "tell", twice)
    found = run(0, 0.0, 20, False)
    assert found.right == 0
    assert found.position_error > 0
    assert found.problems["position-is-unique-fills"] > 0


def test_an_order_that_is_dropped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By listings that have a stranger's order alone, and say that they are whole."""
    from market_maker import run
    from simulated_venue import Venue

    stranger = (ListedOrder(10**6, "foreign"),)
    monkeypatch.setattr(Venue, "picture", lambda venue: stranger)
    found = run(0, 0.0, 60, False)
    assert found.right == 0
    assert found.problems["tracked-or-in-grace"] == found.untracked > 0


def test_the_commands_say_what_came_of_it() -> None:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, str(EXAMPLES / "market_maker.py"), "--seconds", "10", *arguments]
        return subprocess.run(line, capture_output=True, text=True)

    done = command("--seeds", "3")
    assert done.returncode == 0, done.stderr
    assert "3 of 3 runs end with all properties true" in done.stdout
    done = command("--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "1 of 1 runs end with all properties true" in done.stdout


def test_the_table_shows_what_is_known_beside_what_is(tmp_path: Path) -> None:
    from market_maker import simulate
    from rich.console import Console
    from table import table

    console = Console(record=True, width=120, file=(tmp_path / "out").open("w"))
    for number, (maker, _) in enumerate(simulate(1, 0.3, 10, False, tmp_path)):
        if number % 8 == 0:
            console.print(table(maker.venue, maker.keeper))
    shown = console.export_text()
    console.file.close()
    assert "left at the venue" in shown
    assert "open," in shown
    assert Decimal(0) <= maker.watch.worst_position
