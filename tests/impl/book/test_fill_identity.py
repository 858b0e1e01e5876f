"""A fill told again otherwise, or in other pieces, is reported, and stays as it was counted."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    BookConfig,
    Conflict,
    FillIdentity,
    FillResult,
    Overfill,
    UnifiedOrderBook,
)

SIZE, OID, TID = 10, 1, 7
FIRST: dict[str, Any] = {"size": Decimal(4), "price": Decimal(100), "is_buy": True}
FIRST |= {"crossed": False, "cloid": "c", "time": 2, "start_position": 0}
OTHERWISE: dict[str, dict[str, Any]] = {
    "size": {"size": Decimal(5)},
    "price": {"price": Decimal(101)},
    "side": {"is_buy": False},
    "taker": {"crossed": True},
    "cloid": {"cloid": "another"},
    "start": {"start_position": 1},
}
kinds = st.lists(st.sampled_from(sorted(OTHERWISE)), max_size=8)
identities = st.sampled_from(FillIdentity)


def a_book(**options: Any) -> UnifiedOrderBook:
    book = UnifiedOrderBook(BookConfig(**options))
    book.register_pending("buy", 100, SIZE, cloid="c", now=0)
    book.finalize_order("c", OID, SIZE, "buy", 100, now=1)
    return book


def tell(book: UnifiedOrderBook, tid: int = TID, oid: int = OID, **otherwise: Any) -> Any:
    return book.process_fill(oid, tid, **{**FIRST, **otherwise})


def conflicts(book: UnifiedOrderBook) -> list[Conflict]:
    return [event for event in book.drain_events() if isinstance(event, Conflict)]


def through_text(book: UnifiedOrderBook) -> UnifiedOrderBook:
    return UnifiedOrderBook.from_json(book.to_json())


AGAIN: list[Callable[[UnifiedOrderBook], UnifiedOrderBook]] = [
    lambda book: book,
    UnifiedOrderBook.copy,
    through_text,
]


@given(kinds, identities, st.sampled_from(AGAIN), st.booleans())
def test_each_kind_of_difference_is_reported_once_and_the_first_stands(
    told: list[str],
    identity: FillIdentity,
    again: Callable[[UnifiedOrderBook], UnifiedOrderBook],
    at_once: bool,
) -> None:
    book = a_book(fill_identity=identity)
    assert isinstance(tell(book), FillResult)
    if at_once and told:
        changes = {name: value for kind in told for name, value in OTHERWISE[kind].items()}
        assert tell(book, **changes) is None
    for kind in told:
        assert tell(book) is None
        assert tell(book, **OTHERWISE[kind]) is None
        book = again(book)
    found = conflicts(book)
    assert len(found) == len(set(told))
    assert {(event.cloid, event.oid) for event in found} <= {("c", OID)}
    assert book.position == 4
    order = book.get_order("c")
    assert order is not None
    assert order.maker == 4
    assert order.taker == 0


@given(kinds)
def test_of_a_fill_that_no_order_is_known_of_too(told: list[str]) -> None:
    book = UnifiedOrderBook()
    tell(book, oid=5)
    for kind in told:
        assert tell(book, oid=5, **OTHERWISE[kind]) is None
    assert len(conflicts(book)) == len(set(told))
    assert book.position == 4


def test_what_is_not_told_the_second_time_is_no_difference() -> None:
    book = a_book()
    tell(book)
    assert book.process_fill(OID, TID, 4, 100, True, time=2) is None
    assert conflicts(book) == []
    other = a_book()
    other.process_fill(OID, TID, 4, 100, True, time=2)
    tell(other)
    assert conflicts(other) == []


def test_a_cloid_is_held_against_that_of_an_order_that_is_forgotten() -> None:
    book = a_book()
    tell(book, size=Decimal(SIZE))
    book.tick(130 * SECOND)
    assert book.get_order("c") is None
    tell(book, size=Decimal(SIZE), cloid="c")
    assert conflicts(book) == []
    tell(book, size=Decimal(SIZE), cloid="another")
    (found,) = conflicts(book)
    assert "'c'" in found.reason
    assert "'another'" in found.reason


@given(st.integers(0, 9), identities)
def test_what_identifies_a_fill_is_configured(time: int, identity: FillIdentity) -> None:
    book = a_book(fill_identity=identity)
    tell(book)
    same = time == 2 or identity is FillIdentity.TID_OID
    assert book.knows_fill(OID, TID, time) is same
    assert (tell(book, time=time) is None) is same
    assert book.position == (4 if same else 8)
    assert book.knows_fill(OID, TID, time)


def test_at_another_time_only_the_amounts_are_held_against_each_other() -> None:
    book = a_book(fill_identity="tid+oid")
    tell(book)
    tell(book, time=9)
    assert conflicts(book) == []
    tell(book, time=9, size=Decimal(5))
    (found,) = conflicts(book)
    assert "counted with the size 4, and told again with 5" in found.reason


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20), st.integers(1, 5))
def test_by_tid_and_oid_the_oldest_goes_and_raises_the_floor(times: list[int], most: int) -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=most, fill_identity="tid+oid"))
    counted: dict[int, int] = {}
    floor = None
    for tid, time in enumerate(times):
        new = book.process_fill(OID, tid, 1, 100, True, time=time) is not None
        assert new is (floor is None or time > floor)
        if new:
            counted[tid] = time
            if len(counted) > most:
                oldest = min(counted, key=lambda tid: (counted[tid], tid))
                floor = counted.pop(oldest)
        assert book.fill_floor == floor
        assert all(book.knows_fill(OID, tid, 99) for tid in counted)
        assert through_text(book) == book
    book.position_reported(book.position, as_of=31)


PIECES = st.lists(st.integers(1, 5), min_size=2, max_size=5)


@given(PIECES, st.booleans(), st.booleans(), st.randoms(use_true_random=False))
def test_a_sum_beside_its_parts_is_reported_where_positions_are_told(
    parts: list[int], buy: bool, last: bool, random: Any
) -> None:
    """In any order of arrival: the parts by themselves do not overlap, and the sum does."""
    book = UnifiedOrderBook()
    told = []
    position = 3
    for tid, part in enumerate(parts):
        told.append((tid, part, position))
        position += part if buy else -part
    random.shuffle(told)
    for tid, part, start in told:
        book.process_fill(OID, tid, part, 100, buy, time=2, start_position=start)
    assert conflicts(book) == []
    book = through_text(book) if last else book
    book.process_fill(OID, 99, sum(parts), 100, buy, time=2, start_position=3)
    (found,) = conflicts(book)
    assert found.oid == OID
    for _ in range(2):
        book.process_fill(OID, 99, sum(parts), 100, buy, time=2, start_position=3)
    assert conflicts(book) == []


def test_parts_of_another_order_or_another_time_are_no_contradiction() -> None:
    book = UnifiedOrderBook()
    for oid, time in ((1, 2), (2, 2), (1, 3)):
        book.process_fill(oid, 7, 4, 100, True, time=time, start_position=0)
    assert conflicts(book) == []
    book.process_fill(1, 8, 1, 100, True, time=3, start_position=3)
    assert len(conflicts(book)) == 1


def test_a_sum_beside_its_parts_is_reported_beyond_the_size_of_the_order() -> None:
    book = a_book()
    for tid, size in ((1, 4), (2, 6)):
        book.process_fill(OID, tid, size, 100, True, time=2)
    assert isinstance(book.process_fill(OID, 3, 10, 100, True, time=2), Overfill)
    assert any(isinstance(event, Overfill) for event in book.drain_events())


@pytest.mark.parametrize("wrong", [0.5, "1", True, float("nan")])
def test_a_start_that_is_no_number_is_refused(wrong: Any) -> None:
    book = a_book()
    before = book.to_json()
    with pytest.raises(TypeError, match="start_position"):
        tell(book, start_position=wrong)
    assert book.to_json() == before


def test_what_is_reported_of_forgotten_fills_is_forgotten_with_them() -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=1))
    for tid in range(1, 9):
        book.process_fill(OID, tid, 1, 100, True, time=tid, start_position=tid)
        book.process_fill(OID, tid, 2, 100, True, time=tid, start_position=tid)
    assert book.to_json()["as_told"] == [["100", None, None, "8", ["size"]]]
    assert len(conflicts(book)) == 8
