"""The market maker on its simulated venue: the book ends right, the legacy tracker does not."""

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest

from truebook.impl import ListedOrder, OrderState, Strangers, UnifiedOrderBook
from truebook.impl.book.reader import BookReader
from truebook.impl.book.shown import Order
from truebook.impl.journal.journaled_book import JournaledBook
from truebook.specs.properties.sentences import PROPERTY_NAMES

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture(autouse=True)
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))


@pytest.mark.parametrize("seed", range(12))
def test_the_book_ends_with_the_venue_s_orders_and_position(seed: int) -> None:
    from market_maker import run
    from rates import USUAL

    found = run(seed, attrs.evolve(USUAL, faults=0.3 * (seed % 4) / 3), 40, False)
    assert not found.problems
    assert (found.right, found.false_cancels, found.missing, found.ghosts) == (1, 0, 0, 0)
    assert found.position_error == found.worst_position == 0
    assert found.orders > 5
    assert found.fills > 2


def test_a_run_comes_out_the_same_again() -> None:
    from market_maker import run
    from rates import USUAL

    assert run(7, USUAL, 20, False) == run(7, USUAL, 20, False)
    assert run(7, USUAL, 20, False) != run(9, USUAL, 20, False)


def test_the_legacy_tracker_goes_wrong() -> None:
    from market_maker import run
    from rates import Rates
    from truth import Found

    total = Found()
    for seed in range(8):
        total = total.add(run(seed, Rates(faults=0.3), 40, True))
    assert total.right < 3
    assert total.false_cancels > 8
    assert total.untracked > 40
    assert total.worst_position > 20
    assert total.problems["tracked-or-in-grace"] == total.untracked


def test_a_fill_counted_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import quoting
    from market_maker import run
    from rates import Rates

    told = quoting.WithBook.tell

    def twice(self: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if method == "process_fill":
            told(self, method, args[0], -args[1], *args[2:], **kwargs)
        return told(self, method, *args, **kwargs)

    monkeypatch.setattr(quoting.WithBook, "tell", twice)
    found = run(0, Rates(), 20, False)
    assert found.right == 0
    assert found.position_error > 0
    assert found.problems["position-is-unique-fills"] > 0


def test_an_order_that_is_dropped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By listings that have a stranger's order alone, and say that they are whole."""
    from market_maker import run
    from rates import Rates
    from simulated_venue import Venue
    from truth import Found

    stranger = (ListedOrder(10**6, "foreign"),)
    monkeypatch.setattr(Venue, "picture", lambda venue: stranger)
    total = Found()
    for seed in range(6):
        total = total.add(run(seed, Rates(), 60, False))
    assert total.right == 0
    assert total.problems["tracked-or-in-grace"] == total.untracked > 0
    assert total.problems["no-live-order-dropped"] > 0


Lie = Callable[[Callable[..., Any]], Callable[..., Any]]


def each_fill_is_new(real: Callable[..., Any]) -> Callable[..., Any]:
    numbers = count(1)
    return lambda book, **told: real(book, **{**told, "tid": told["tid"] + 10**9 * next(numbers)})


# Each lets the book show, or know, what breaks a property; it must come out.
LIES: dict[str, tuple[type, str, Lie]] = {
    "tracked-or-in-grace": (
        BookReader,
        "get_active_oids",
        lambda real: lambda book: frozenset(sorted(real(book))[1:]),
    ),
    "position-is-unique-fills": (
        JournaledBook,
        "process_fill",
        lambda real: lambda book, oid, tid, size, *a, **k: real(book, oid, tid, 2 * size, *a, **k),
    ),
    "no-fill-twice": (UnifiedOrderBook, "process_fill", each_fill_is_new),
    "filled-is-its-fills": (
        JournaledBook,
        "order_status",
        lambda real: (
            lambda book, oid, status, *, filled, **told: real(
                book, oid, status, filled=filled + 1, **told
            )
        ),
    ),
    "state-agrees-with-fills": (
        BookReader,
        "legs",
        lambda real: (
            lambda book, id: tuple(
                attrs.evolve(leg, state=OrderState.FILLED) for leg in real(book, id)
            )
        ),
    ),
    "transitions-in-table": (
        BookReader,
        "get_orders",
        lambda real: (
            lambda book: tuple(
                attrs.evolve(order, state=OrderState.CANCELLED if book.now % 3 else order.state)
                for order in real(book)
            )
        ),
    ),
    "no-live-order-dropped": (
        BookReader,
        "legs",
        lambda real: (
            lambda book, id: tuple(
                attrs.evolve(leg, state=OrderState.CANCEL_CONFIRMED) for leg in real(book, id)
            )
        ),
    ),
    "identity": (
        BookReader,
        "legs",
        lambda real: (
            lambda book, id: tuple(attrs.evolve(leg, cloid="another") for leg in real(book, id))
        ),
    ),
    "exposure-bounds-truth": (
        BookReader,
        "pending_exposure",
        lambda real: lambda book, side: real(book, side) / 2,
    ),
    "exposure-is-tight": (
        BookReader,
        "pending_exposure",
        lambda real: lambda book, side: real(book, side) + 1,
    ),
    "replay-harmless": (UnifiedOrderBook, "process_fill", each_fill_is_new),
    "confluence": (UnifiedOrderBook, "process_fill", each_fill_is_new),
    "nothing-leaks": (BookReader, "get_early_fills", lambda real: lambda book: (1,)),
    "strangers-left-alone": (
        BookReader,
        "get_active_oids",
        lambda real: (
            lambda book: real(book) | frozenset(orphan.oid for orphan in book.get_orphans())
        ),
    ),
    "convergence": (
        UnifiedOrderBook,
        "stuck_cancels",
        lambda real: lambda book, now=None: real(book, now) or (Order,),
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_property_that_does_not_hold_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from market_maker import run
    from rates import Rates

    where, method, lie = LIES[name]
    monkeypatch.setattr(where, method, lie(getattr(where, method)))
    if method == "stuck_cancels":
        monkeypatch.setattr(JournaledBook, method, lie(getattr(JournaledBook, method)))
        monkeypatch.setattr("truebook.impl.sync.safety_sync.SafetySync._to_ask", lambda *_: [])
    found = run(5, Rates(faults=0.3), 30, False, leave=name == "strangers-left-alone")
    assert found.problems[name] > 0
    assert found.right == 0


def test_where_strangers_are_left_it_ends_right_beside_them() -> None:
    from market_maker import run
    from rates import USUAL
    from truth import Found

    total = Found()
    for seed in range(6):
        total = total.add(run(seed, USUAL, 40, False, leave=True))
    assert total.right == total.runs
    assert not total.problems


def test_a_stranger_that_is_asked_to_be_cancelled_though_all_are_left_is_found(
    tmp_path: Path,
) -> None:
    import asyncio

    from properties import at_any_time, once_quiet
    from quoting import WithBook
    from rates import Rates
    from simulated_venue import Venue
    from venue_orders import OrphanCancel, VenueOrder

    one, venue = Decimal(1), Venue(1, Rates())
    loop = asyncio.new_event_loop()
    keeper = WithBook(venue, tmp_path / "book.journal", loop, Strangers.LEAVE)
    venue.orders = {1: VenueOrder(1, "foreign-1", True, one, one, False, 0)}
    assert list(once_quiet(venue, keeper.book, keeper.path)) == ["convergence", "nothing-leaks"]
    keeper.sync()
    assert list(at_any_time(venue, keeper.book)) == []
    assert list(once_quiet(venue, keeper.book, keeper.path)) == []
    venue.orphan_cancels = [OrphanCancel(1, venue.now, True, False)]
    assert list(at_any_time(venue, keeper.book)) == ["strangers-left-alone"]
    keeper.book.close()
    loop.close()


def test_what_becomes_of_orphans_is_held_against_the_properties() -> None:
    from false_words import LISTED, Lie
    from properties import of_orphans
    from quoting import CONFIG
    from rates import Rates
    from simulated_venue import EXPIRES, Venue
    from venue_orders import OrphanCancel, VenueOrder

    grace, one = CONFIG.orphan_grace_period, Decimal(1)
    venue = Venue(1, Rates())
    venue.orders = {
        1: VenueOrder(1, "foreign-1", True, one, one, False, 0),
        2: VenueOrder(2, "ours", True, one, one, True, 0),
    }

    def broken(*cancels: OrphanCancel) -> list[str]:
        venue.orphan_cancels = list(cancels)
        return list(of_orphans(venue))

    def cancel(oid: int, at: int, **more: bool) -> OrphanCancel:
        told = {"was_open": True, "refused": False, "answered": True} | more
        return OrphanCancel(oid, at, **told)

    assert broken(cancel(1, grace)) == []
    assert broken(cancel(1, grace - 1)) == ["no-false-orphan"]
    assert broken(cancel(2, grace)) == ["no-false-orphan"]
    assert broken(cancel(2, grace, was_open=False)) == []
    assert broken(cancel(1, grace, refused=True), cancel(1, grace + 1)) == []
    assert broken(cancel(1, grace), cancel(1, 9 * grace)) == ["orphan-cancelled-once"]
    lost = cancel(1, grace, refused=True, answered=False)
    assert broken(lost, cancel(1, grace + EXPIRES)) == ["orphan-cancelled-once"]
    assert broken(lost, cancel(1, grace + EXPIRES + 1)) == []
    venue.false_words.hear([Lie(LISTED, "foreign-1")], grace)
    assert broken(cancel(1, grace), cancel(1, 9 * grace)) == []


def test_every_property_of_the_model_is_checked() -> None:
    by_itself = {"no-false-orphan", "orphan-cancelled-once", "recovers"}
    assert LIES.keys() | by_itself == set(PROPERTY_NAMES)


def test_it_dies_in_the_middle_of_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    import quoting
    from market_maker import run
    from rates import Rates

    died: list[bool] = []
    die = quoting.WithBook.die_in_a_pass

    def dies(keeper: Any, steps: int) -> None:
        before = keeper.report
        die(keeper, steps)
        died.append(keeper.report is before)
        assert not keeper.syncer._busy

    monkeypatch.setattr(quoting.WithBook, "die_in_a_pass", dies)
    for seed in range(3):
        assert run(seed, Rates(faults=0.5), 60, False).right
    assert len(died) > 3
    assert all(died)


def test_the_commands_say_what_came_of_it() -> None:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, str(EXAMPLES / "market_maker.py"), "--seconds", "10", *arguments]
        return subprocess.run(line, capture_output=True, text=True)

    done = command("--seeds", "3")
    assert done.returncode == 0, done.stderr
    assert "3 of 3 runs end with all properties true" in done.stdout
    done = command("--seeds", "3", "--legacy")
    assert done.returncode == 1, done.stderr
    for wrong in ("--seeds=0", "--faults=2", "--faults=nan", "--lies=-1", "--jobs=none"):
        done = command(wrong)
        assert done.returncode == 2
        assert "is no number from" in done.stderr
    done = command("--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "1 of 1 runs end with all properties true" in done.stdout


def test_without_rich_a_line_says_what_to_do() -> None:
    program = (
        "import runpy, sys; sys.modules['rich'] = sys.modules['rich.console'] = None; "
        f"sys.argv = ['market_maker.py']; sys.path.insert(0, {str(EXAMPLES)!r}); "
        f"runpy.run_path({str(EXAMPLES / 'market_maker.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert "which is not installed: `pip install rich`" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_table_shows_what_is_known_beside_what_is(tmp_path: Path) -> None:
    from market_maker import simulate
    from rates import USUAL
    from rich.console import Console
    from table import table

    console = Console(record=True, width=120, file=(tmp_path / "out").open("w"))
    for number, (maker, _) in enumerate(simulate(1, USUAL, 10, False, tmp_path)):
        if number % 8 == 0:
            console.print(table(maker.venue, maker.keeper))
    shown = console.export_text()
    console.file.close()
    assert "left at the venue" in shown
    assert "open," in shown
    assert "calls in its journal" in shown
    assert "last pass: clean" in shown
    assert Decimal(0) <= maker.watch.worst_position
