"""The market maker's simulated venue: orders that wait for a trigger, or for their parent."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from truebook.impl.book.reader import BookReader

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
ONE = Decimal(1)


@pytest.fixture(autouse=True)
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))


def quiet(seed: int) -> Any:
    """Return a venue in which nothing moves by itself, and the statuses that it streams."""
    from rates import Rates
    from simulated_venue import MS, Venue

    venue, said = Venue(seed, Rates()), []
    venue.frozen = True
    venue.listener = lambda message: said.append(message[1].get("status"))

    def words() -> list[tuple[Any, Any]]:
        venue.run_until(venue.now + 100 * MS)
        found = [(told.oid, told.status) for told in said if told is not None]
        said.clear()
        return sorted(found, key=str)

    return venue, words


def waits(venue: Any, trigger: int, size: Decimal = ONE, **more: Any) -> Any:
    """Let an order to sell wait until the market is at its trigger, or below."""
    from triggers import take
    from venue_orders import Terms

    order = venue.new(f"c{len(venue.orders)}", False, Decimal(trigger + 50), size)
    answer = take(venue, order, Terms(Decimal(trigger), False, **more))
    return order, answer


def reach(venue: Any, mid: int) -> None:
    from triggers import move

    venue.mid = mid
    move(venue)


@pytest.mark.parametrize("seed", range(0, 8, 2))
def test_what_is_triggered_trades_under_its_oid_or_a_new_one(seed: int) -> None:
    venue, words = quiet(seed)
    order, (kind, what, _) = waits(venue, 9_995)
    told = order.oid if seed // 2 % 2 == 0 else None
    assert (kind, what) == ("waits", {"oid": told})
    assert words() == [(told, "waiting")]
    (row,) = venue.listing()
    assert (row.oid, row.trigger) == (order.oid, True)
    reach(venue, 9_996)
    assert order.state == "waiting"
    reach(venue, 9_995)
    (row,) = venue.listing()
    assert row.trigger is False
    renamed = seed // 4 % 2 == 0
    assert (row.oid != order.oid) is renamed
    assert order.state == ("triggered" if renamed else "open")
    assert words() == sorted([(told, "triggered"), (row.oid, "open")], key=str)
    assert venue.orders[row.oid].waited == (order.oid if renamed else None)


def test_siblings_cancel_each_other() -> None:
    venue, _ = quiet(0)
    one, _ = waits(venue, 9_995, group="g")
    two, _ = waits(venue, 9_990, group="g")
    alone, _ = waits(venue, 9_990)
    reach(venue, 9_995)
    assert [order.state for order in (one, two, alone)] == ["triggered", "cancelled", "waiting"]


def test_a_child_waits_for_its_parent_and_goes_with_one_that_never_filled() -> None:
    venue, _ = quiet(4)
    parent = venue.open("p", True, Decimal(9_900), Decimal(3))
    child, _ = waits(venue, 9_995, parent="p")
    reach(venue, 9_990)
    assert child.state == "waiting"
    younger = venue.replace(parent, Decimal(9_901), Decimal(2))
    assert child.state == "waiting"  # its parent was modified
    venue._fill(younger, ONE, crossed=False)
    venue.end(younger, "cancelled")
    assert child.state == "waiting"
    reach(venue, 9_990)
    assert child.state == "open"

    parent = venue.open("q", True, Decimal(9_900), ONE)
    child, _ = waits(venue, 9_995, parent="q")
    venue.end(parent, "cancelled")
    assert child.state == "cancelled"
    assert waits(venue, 9_995, parent="q")[1][0] == "rejected"


def test_one_that_closes_the_position_has_its_size_once_it_is_triggered() -> None:
    venue, _ = quiet(4)
    venue.position = Decimal(4)
    order, _ = waits(venue, 9_995, Decimal(0))
    order.reduce_only = True
    assert (order.closes, order.left) == (True, 0)
    reach(venue, 9_995)
    assert (order.state, order.left) == ("open", 4)
    other, _ = waits(venue, 9_990, Decimal(0))
    venue._fill(venue.open("d", False, Decimal(venue.mid + 50), Decimal(4)), ONE * 4, crossed=False)
    assert [order.state, other.state] == ["cancelled", "cancelled"]


def test_who_is_misled_about_a_parent_is_so_about_its_children() -> None:
    venue, _ = quiet(4)
    venue.open("p", True, Decimal(9_900), Decimal(3))
    child, _ = waits(venue, 9_995, parent="p")
    venue.false_words.mislead("p", 7)
    assert venue.false_words.misled == {"p": 7, child.cloid: 7}
    later, _ = waits(venue, 9_995, parent="p")
    assert venue.false_words.misled[later.cloid] == 7
    venue.false_words.set_right(20, [], 5, 21)
    assert venue.false_words.misled == {child.cloid: 21, later.cloid: 21}
    venue.false_words.set_right(30, [], 5, 31)
    assert not venue.false_words.misled


def test_the_book_ends_right_with_many_orders_that_wait() -> None:
    from market_maker import run
    from rates import Rates
    from truth import Found

    found = Found()
    for seed in range(8):
        found = found.add(run(seed, Rates(faults=0.15, lies=0.03, triggers=0.2), 40, False))
    assert not found.problems
    assert found.right == found.runs
    happened = found.happened
    assert happened["orders triggered"] > 20
    assert happened["orders cancelled with a sibling"] > 0
    assert happened["children cancelled with their parent"] > 0


@pytest.mark.parametrize(
    ("method", "lie", "names"),
    [
        ("get_waiting_cloids", lambda book: frozenset(), {"tracked-or-in-grace"}),
        ("waiting_exposure", lambda book, side: ONE, {"exposure-is-tight"}),
    ],
)
def test_a_book_that_is_wrong_about_what_waits_is_found(
    method: str, lie: Callable[..., Any], names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from market_maker import run
    from rates import Rates

    monkeypatch.setattr(BookReader, method, lie)
    assert names <= set(run(3, Rates(triggers=0.2), 20, False).problems)
