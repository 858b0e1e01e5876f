"""The market maker's simulated venue: false words, orders that only reduce, the owner's hand."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from truebook.impl import ListedOrder

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
ONE = Decimal(1)


@pytest.fixture(autouse=True)
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))


def many(rates: Any, seeds: int = 8) -> Any:
    from market_maker import run
    from truth import Found

    total = Found()
    for seed in range(seeds):
        total = total.add(run(seed, rates, 40, False))
    return total


def test_the_book_ends_right_where_every_kind_of_word_is_often_false() -> None:
    import false_words
    from rates import Rates

    found = many(Rates(faults=0.15, lies=0.15))
    assert not found.problems
    assert found.right == found.runs
    kinds = ("CANCELLED", "UNKNOWN", "NOT_OPEN", "UNLISTED", "LISTED")
    assert found.lies.keys() == {getattr(false_words, kind) for kind in kinds}


def test_the_book_ends_right_where_orders_shrink_and_the_owner_trades_too() -> None:
    from rates import Rates

    found = many(Rates(faults=0.15, reduce_only=1, hand=0.02))
    assert not found.problems
    assert found.right == found.runs
    assert not found.lies
    assert found.happened.keys() == {
        "orders of ours cancelled by hand",
        "orders placed by hand",
        "reduce-only orders cancelled",
        "reduce-only orders shrunk",
    }
    assert many(Rates(hand_modifies=0.01), 2).happened["orders of ours modified by hand"] > 0


def test_a_book_that_is_never_led_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By orders that were doubted: while nothing is open, only an empty listing ends them."""
    from rates import Rates

    from truebook.impl.sync import SafetySync

    monkeypatch.setattr(SafetySync, "_take_empty", lambda *_: None)
    found = many(Rates(lies=0.1))
    assert found.problems["recovers"] > 0
    assert found.right < found.runs


def test_a_book_that_does_not_say_that_it_was_contradicted_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from rates import Rates

    from truebook.impl.journal import JournaledBook

    monkeypatch.setattr(JournaledBook, "drain_events", lambda book: ())
    found = many(Rates(lies=0.1))
    assert set(found.problems) == {"recovers"}
    assert found.right < found.runs


def test_who_was_told_a_false_word_is_misled_until_a_newer_listing_is_true() -> None:
    import random

    from false_words import NOT_OPEN, UNLISTED, FalseWords, Lie

    words, lag = FalseWords(0.0, random.Random(1)), 10
    words.hear([Lie(NOT_OPEN, "a"), Lie(NOT_OPEN, "b")], 100)
    words.set_right(110, [], lag, 115)
    assert words.misled.keys() == {"a", "b"}  # it is no newer than the word
    words.set_right(111, [Lie(UNLISTED, "b")], lag, 116)
    assert words.misled.keys() == {"b"}
    assert words.was_misled(116)
    words.set_right(112, [], lag, 120)
    assert not words.misled
    assert [words.was_misled(at) for at in (99, 100, 120, 121)] == [False, True, True, False]
    assert words.is_told_of("a")
    assert not words.is_told_of("c")


def test_a_listing_lacks_what_is_open_and_goes_on_showing_what_is_over() -> None:
    import random

    from false_words import LISTED, LONGEST, UNLISTED, FalseWords

    one, two = ListedOrder(1, "a"), ListedOrder(2, "b")
    words = FalseWords(1.0, random.Random(1))
    words.goes_on_showing(two, 0)
    shown, lies = words.listing((one,), {1}, 1)
    assert shown == (two,)
    assert [(lie.kind, lie.name) for lie in lies] == [(UNLISTED, "a"), (LISTED, "b")]
    assert words.listing((one,), set(), LONGEST) == ((one,), [])  # that one is over by now


@pytest.mark.parametrize("seed", [0, 1])
def test_an_order_that_only_reduces_is_cut_down_to_the_position(seed: int) -> None:
    from rates import Rates
    from simulated_venue import Venue

    venue = Venue(seed, Rates())
    venue.position = Decimal(4)
    venue.frozen = True
    order = venue.open("c", False, Decimal(venue.mid + 50), Decimal(10), reduce_only=True)
    assert order.left == 4
    (shown,) = venue.listing()
    assert shown.remaining == 4
    assert shown.size == (4 if seed % 2 else 10)
    other = venue.open("d", False, Decimal(venue.mid + 50), Decimal(3))
    venue._fill(other, ONE, crossed=False)
    assert order.left == venue.position == 3
    venue._fill(other, Decimal(2), crossed=False)
    assert order.left == venue.position == 1
    venue._fill(order, ONE, crossed=False)
    assert order.state == ("filled" if seed % 2 else "cancelled")
    assert order.filled == 1
    assert venue.position == 0


def test_the_owner_cancels_places_and_modifies() -> None:
    from owners_hand import act
    from rates import Rates
    from simulated_venue import Venue

    venue = Venue(1, Rates(hand=1))
    mine = venue.open("c", True, Decimal(venue.mid - 50), ONE)
    act(venue)
    assert mine.state == "cancelled"
    (his,) = (order for order in venue.orders.values() if order is not mine)
    assert (his.cloid, his.ours, his.name) == (None, False, his.oid)
    venue.rates = Rates(hand_modifies=1)
    mine = venue.open("d", True, Decimal(venue.mid - 50), ONE)
    act(venue)
    assert mine.state == "cancelled"
    newest = max(venue.orders)
    assert venue.orders[newest].cloid == "d"
    assert venue.orders[newest].state == "open"
    assert venue.false_words.misled == {"d": venue.now}
