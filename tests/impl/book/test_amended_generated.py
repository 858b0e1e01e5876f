"""An order that is amended in place while fills are on their way, at either kind of venue."""

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sized import fill, listed, modify, new, sums
from truebook.impl import AlreadyTracked, UnifiedOrderBook

STEPS = st.one_of(
    st.tuples(st.just("trade"), st.integers(1, 4)),
    st.tuples(st.just("tell"), st.just(0)),
    st.tuples(st.just("amend"), st.integers(1, 15)),
    st.tuples(st.just("listing"), st.just(0)),
)


@attrs.define
class AmendingVenue:
    """An order of 10, its trades, and the book; `counts`: what has filled counts in a new size.

    `before` is what had filled before amends and does not count in the size since.
    """

    counts: bool
    book: UnifiedOrderBook = attrs.field(factory=new)
    size: int = 10
    filled: int = 0
    left: int = 10
    untold: list[int] = attrs.field(factory=list)
    told: int = 0
    before: int = 0
    now: int = 2

    def trade(self, lots: int) -> None:
        """Let a part of it trade, and not all: one that is over is not amended."""
        if lots < self.left:
            self.left -= lots
            self.filled += lots
            self.untold.append(lots)

    def tell(self, _: int = 0) -> None:
        if self.untold:
            self.told += 1
            fill(self.book, self.told, self.untold.pop(0), self.now)

    def amend(self, size: int) -> None:
        left = size - self.filled if self.counts else size
        shown = self.book.get_order("c")
        assert shown is not None
        if left <= 0 or size <= shown.filled:
            return
        if not shown.is_open:
            return
        number = modify(self.book, 1, 100 + self.now, size, now=self.now)
        self.size, self.left = size, left
        if not self.counts:
            self.before, self.filled = self.before + self.filled, 0
        self.book.modify_confirmed("c", 1, request=number, now=self.now)

    def listing(self, _: int = 0) -> None:
        order = self.book.get_order("c")
        assert order is not None
        listed(self.book, self.now, self.left, self.size, price=int(order.price))

    def short(self) -> int:
        """Return how much less the sums are than what can trade, or has untold."""
        return self.left + sum(self.untold) - sum(sums(self.book))


def run(venue: AmendingVenue, steps: list[tuple[str, int]]) -> None:
    for name, lots in steps:
        venue.now += 1
        getattr(venue, name)(lots)
        assert venue.short() <= venue.before, name
    while venue.untold:
        venue.tell()
    for _ in range(2):
        venue.now += 20
        venue.listing()
    exposure, unsettled = sums(venue.book)
    assert exposure == venue.left
    assert unsettled <= venue.before


@settings(max_examples=300)
@given(st.lists(STEPS, max_size=10))
def test_where_what_has_filled_counts_in_the_new_size_the_sums_bound(
    steps: list[tuple[str, int]],
) -> None:
    run(AmendingVenue(counts=True), steps)


@settings(max_examples=300)
@given(st.lists(STEPS, max_size=10))
def test_where_it_does_not_they_are_short_of_no_more_than_had_filled_until_a_listing(
    steps: list[tuple[str, int]],
) -> None:
    run(AmendingVenue(counts=False), steps)


def test_what_was_untold_at_an_amend_is_missing_until_a_listing_is_newer_than_it() -> None:
    venue = AmendingVenue(counts=False)
    venue.trade(4)
    venue.amend(15)
    for _ in range(2):
        assert venue.short() == 4
        venue.tell()
    venue.now += 20
    venue.listing()
    assert sums(venue.book) == (15, 0)


def told_late(book: UnifiedOrderBook, number: int) -> None:
    """Tell the answer to an amend that was taken for dead."""
    book.status_unknown("c", request=book.listing_requested(now=60), now=61)
    assert book.pending_count == 0
    assert isinstance(book.modify_confirmed("c", 1, request=number, now=62), AlreadyTracked)
    assert book.drain_events() == ()


@pytest.mark.parametrize("over", [False, True])
def test_an_answer_in_place_may_come_once_its_modify_was_taken_for_dead(over: bool) -> None:
    book = new()
    number = modify(book, 1, 101, 15, now=2)
    if over:
        book.order_status(1, "cancelled", filled=0, now=59)
    told_late(book, number)
    assert sums(book) == ((0, 0) if over else (15, 0))
    book.tick(500)
    order = book.get_order("c")
    assert (order is None) is over


@pytest.mark.parametrize("told_filled", [False, True])
@pytest.mark.parametrize("size", [12, 15])
def test_fills_beyond_the_size_are_of_the_amend_on_its_way(size: int, told_filled: bool) -> None:
    book = new()
    modify(book, 1, 101, size, now=2)
    if told_filled:
        book.order_status(1, "filled", now=3)
    fill(book, 1, 12, 3)
    assert book.drain_events() == ()
    assert book.pending_count == 0
    assert sums(book)[0] == (0 if told_filled else size - 12)


def test_a_status_of_the_amend_before_is_not_of_the_one_on_its_way() -> None:
    book = new(4)
    fill(book, 1, 2, 2)
    book.modify_confirmed("c", 1, request=modify(book, 1, 101, 8, now=3), now=4)
    modify(book, 1, 101, 5, now=5)
    fill(book, 2, 6, 6)
    book.order_status(1, "filled", filled=8, now=7)
    assert book.get_pending_cloids() == {"c"}
    book.modify_failed("c", "filled", now=8)
    assert sums(book) == (0, 0)
    assert book.drain_events() == ()
