"""Fills made of what orders have filled in all."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import CumulativeFill, CumulativeFills, UnifiedOrderBook

SIZE = 20
reports = st.lists(st.tuples(st.sampled_from([1, 2]), st.integers(0, SIZE)), max_size=12)


def books(sides: tuple[str, str] = ("buy", "sell")) -> UnifiedOrderBook:
    book = UnifiedOrderBook()
    for oid, side in enumerate(sides, 1):
        book.register_pending(side, 100, SIZE, cloid=f"c{oid}", now=0)
        book.finalize_order(f"c{oid}", oid, SIZE, side, 100)
    return book


def tell(book: UnifiedOrderBook, fill: CumulativeFill | None) -> None:
    if fill is not None:
        assert book.process_fill(**fill.arguments()) is not None
        assert book.process_fill(**fill.arguments()) is None


@given(reports, st.sets(st.integers(0, 12)))
def test_what_is_told_in_all_counts_once_in_any_order_and_over_restarts(
    told: list[tuple[int, int]], restarts: set[int]
) -> None:
    book, fills = books(), CumulativeFills()
    for n, (oid, filled) in enumerate(told):
        if n in restarts:
            book = UnifiedOrderBook.from_json(json.loads(json.dumps(book.to_json())))
            fills = CumulativeFills.from_json(json.loads(json.dumps(fills.to_json())))
        tell(book, fills.report(oid, filled, 100, oid == 1, time=n))
    most = [max((f for o, f in told if o == oid), default=0) for oid in (1, 2)]
    assert book.position == most[0] - most[1]
    assert [fills.filled(oid) for oid in (1, 2)] == most
    assert [book.pending_exposure(side) for side in ("buy", "sell")] == [
        SIZE - filled for filled in most
    ]
    assert not book.drain_events()


def test_an_older_save_makes_the_same_fill_again_which_the_book_knows() -> None:
    book, fills = books(), CumulativeFills()
    saved = fills.to_json()
    tell(book, fills.report(1, Decimal("2.50"), 100, True, time=3))
    again = CumulativeFills.from_json(saved).report(1, Decimal("2.5"), 100, True, time=3)
    assert again is not None
    assert book.process_fill(**again.arguments()) is None


def test_what_is_in_a_position_taken_over_is_no_fill() -> None:
    fills = CumulativeFills()
    fills.begin(1, 4)
    fills.begin(1, 3)
    assert fills.report(1, 4, 100, True) is None
    made = fills.report(1, 6, 100, True, cloid="c")
    assert made is not None
    assert made.size == 2
    assert (made.tid, made.cloid) == ("filled 6", "c")
    fills.forget(1)
    assert len(fills) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"filled": [[1, "2"]], "more": 1},
        {"filled": [[1, "-2"]]},
        {"filled": [[1, 2]]},
        {"filled": [[1, "2"], [1, "3"]]},
        {"filled": [[None, "2"]]},
        {"filled": 5},
    ],
)
def test_what_is_not_saved_by_it_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not saved cumulative fills"):
        CumulativeFills.from_json(wrong)


@pytest.mark.parametrize("wrong", [{"filled": -1}, {"price": -1}, {"filled": 0.5}, {"oid": None}])
def test_a_report_that_cannot_be_is_refused_and_makes_nothing(wrong: dict[str, Any]) -> None:
    fills = CumulativeFills()
    right: dict[str, Any] = {"oid": 1, "filled": 2, "price": 100, "is_buy": True}
    with pytest.raises((TypeError, ValueError)):
        fills.report(**right | wrong)
    assert fills == CumulativeFills()
