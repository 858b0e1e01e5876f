"""A position as of a time in another unit than the fills' is refused, where that can be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    Conflict,
    PositionMatches,
    PositionMismatch,
    Rebased,
    RebaseRefused,
    UnifiedOrderBook,
)

DAY = 1_780_000_000  # in seconds: in 2026
UNITS = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}
YEAR = 365 * 24 * 3600


def traded(*times: int) -> UnifiedOrderBook:
    book = UnifiedOrderBook()
    for tid, time in enumerate(times):
        book.process_fill(1, tid, 1, 100, True, time=time, now=1)
    return book


@pytest.mark.parametrize("of_fills", UNITS)
@pytest.mark.parametrize("of_position", UNITS)
def test_a_rebase_in_another_unit_is_refused(of_fills: str, of_position: str) -> None:
    known, as_of = DAY * UNITS[of_fills], (DAY + 60) * UNITS[of_position]
    book = traded(known)
    before = book.to_json()
    if of_fills == of_position:
        assert isinstance(book.rebase(5, as_of), Rebased)
        assert book.process_fill(1, 99, 1, 100, True, time=as_of)
        assert book.position == 6
        return
    result = book.rebase(5, as_of)
    assert isinstance(result, RebaseRefused)
    assert f"days in {of_position} since 1970" in result.reason
    assert f"newest venue time known, {known}, is one in {of_fills}" in result.reason
    with pytest.raises(ValueError, match=f"as_of {as_of} is a time of our days in {of_position}"):
        book.position_reported(5, as_of=as_of)
    assert book.to_json() == before
    assert book.process_fill(1, 99, 1, 100, True, time=known + 1)


@given(
    st.sampled_from(list(UNITS.values())),
    st.integers(1_010_000_000, 3_990_000_000),
    st.integers(0, 70 * YEAR),
    st.booleans(),
)
def test_times_of_our_days_in_one_unit_are_never_refused(
    unit: int, first: int, apart: int, earlier: bool
) -> None:
    known = first * unit
    as_of = (
        max(10**9, first - apart) * unit if earlier else min(first + apart, 4 * 10**9 - 1) * unit
    )
    book = traded(known)
    assert isinstance(book.position_reported(1, as_of=as_of), PositionMatches | PositionMismatch)
    assert isinstance(book.rebase(1, as_of), Rebased)


@given(st.integers(1, 10**9 - 1), st.integers(0, 10**5 - 1))
def test_a_clock_that_began_lately_is_not_taken_for_another_unit(known: int, times: int) -> None:
    """Milliseconds or nanoseconds since the start of a process, or numbers of a simulation."""
    book = traded(known)
    assert isinstance(book.rebase(1, known * times), Rebased)


@pytest.mark.parametrize(
    ("known", "as_of", "refused"),
    [
        (5_000, DAY * 10**9, True),  # since the start in ms, as of 1970 in ns
        (0, 99_999_999, False),
        (0, 100_000_000, True),
        (2_000, 199_999_999, False),
        (2_000, 200_000_000, True),
        (DAY * 1000, 0, False),  # before everything
        (DAY * 1000, 5, False),
    ],
)
def test_what_is_absurdly_far_ahead_is_refused(known: int, as_of: int, refused: bool) -> None:
    book = traded(known)
    assert isinstance(book.rebase(5, as_of), RebaseRefused) is refused


def test_it_is_the_newest_time_that_counts_and_that_of_a_rebase_where_no_fill_is_known() -> None:
    assert isinstance(traded(3, DAY * 1000).rebase(5, DAY * 1000 + 9), Rebased)
    book = UnifiedOrderBook()
    assert isinstance(book.rebase(5, DAY * 1000), Rebased)
    assert isinstance(book.rebase(6, DAY * 10**9), RebaseRefused)
    assert isinstance(book.rebase(6, DAY * 1000 + 9), Rebased)


def test_nothing_can_be_told_of_a_book_that_knows_no_time() -> None:
    book = UnifiedOrderBook()
    assert isinstance(book.position_reported(0, as_of=DAY * 10**9), PositionMatches)
    assert isinstance(book.rebase(5, DAY * 10**9), Rebased)
    untimed = UnifiedOrderBook()
    untimed.process_fill(1, 1, 1, 100, True)
    assert isinstance(untimed.position_reported(1, as_of=DAY), PositionMatches)


def test_a_fill_that_a_rebase_in_another_unit_makes_nothing_is_reported() -> None:
    """A new book has nothing to hold the rebase against, but its first fills show it."""
    book = UnifiedOrderBook()
    book.rebase(5, DAY * 10**9)
    book.drain_events()
    assert book.process_fill(7, 1, 1, 100, True, time=DAY * 1000) is None
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)
    assert event.oid == 7
    assert "a fill of it at 1780000000000 (milliseconds) is not counted" in event.reason
    assert "rebased as of 1780000000000000000 (nanoseconds)" in event.reason


def test_a_fill_from_before_a_rebase_is_a_replay_without_a_word() -> None:
    book = traded(DAY * 1000)
    book.rebase(5, DAY * 1000 + 10)
    book.drain_events()
    for tid, time in ((0, DAY * 1000), (9, DAY * 1000 + 5), (8, 4)):
        assert book.process_fill(1, tid, 1, 100, True, time=time) is None
    assert book.drain_events() == ()
