"""A modify of an order that waits, or did: which of both an oid is of, told or not."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modified_venue import ModifiedVenue
from truebook.impl import (
    SECOND,
    Ambiguous,
    ListedOrder,
    Listing,
    ModifyRequested,
    OrderState,
    OrderUpdate,
    ReconcileResult,
    UnifiedOrderBook,
    UnknownOrder,
    Waits,
)

S = SECOND
FLAG = st.booleans()
MOVES = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from((1, 12, 45, 70))),
    st.tuples(st.just("deliver"), st.integers(0, 9), FLAG),
    st.tuples(st.just("deliver"), st.integers(0, 9), FLAG),
    st.tuples(st.just("listing"), FLAG, FLAG),
    st.tuples(st.just("trigger"), FLAG),
    st.tuples(st.just("modify")),
    st.tuples(st.just("land")),
    st.tuples(st.just("fill"), st.integers(1, 6)),
    st.tuples(st.just("restart")),
)


@settings(max_examples=400)
@given(FLAG, FLAG, FLAG, st.lists(MOVES, max_size=16))
def test_it_is_bounded_and_bound_to_its_own(
    renames: bool, numbers: bool, fails: bool, moves: list[tuple[Any, ...]]
) -> None:
    venue = ModifiedVenue(renames, numbers, fails)
    for name, *told in moves:
        getattr(venue, name)(*told)
        assert venue.look() == []
    assert venue.settle() == []


def modified(of: str = "waiting") -> tuple[UnifiedOrderBook, ModifyRequested]:
    """Return a book with a modify to 6 of an order "c" of 5 that waits by the oid 2, or did."""
    book = UnifiedOrderBook()
    book.register_pending("sell", 90, 5, cloid="c", trigger=95, now=0)
    assert book.order_waits("c", oid=2, request=1) == Waits("c", 2)
    if of == "open":
        book.order_status(3, "open", cloid="c")
    asked = book.request_modify("c", 91, 6, now=2 * S)
    assert isinstance(asked, ModifyRequested)
    return book, asked


def row(oid: int, size: int, left: int | None = None) -> ListedOrder:
    return ListedOrder(oid, "c", "sell", remaining=size if left is None else left, size=size)


def listing(book: UnifiedOrderBook, at: int, *rows: ListedOrder) -> ReconcileResult:
    request = book.listing_requested(now=at * S)
    result = book.reconcile(Listing(rows, request))
    assert isinstance(result, ReconcileResult)
    return result


def sizes(book: UnifiedOrderBook) -> dict[Any, int]:
    return {leg.oid: int(leg.size) for leg in book.legs("c")}


@pytest.mark.parametrize("request_", [None, 1])
@pytest.mark.parametrize("oid", [None, 2])
def test_a_late_word_that_it_waits_is_of_the_order_that_was_triggered(
    oid: int | None, request_: int | None
) -> None:
    book, _ = modified("open")
    said = book.order_waits("c", oid=oid, request=request_)
    assert said == OrderUpdate("c", said.oid, said.state, said.filled)  # type: ignore[union-attr]
    assert book.get_active_oids() == {3}
    assert (book.waiting_count, book.pending_count) == (0, 1)
    assert book.pending_exposure("sell") == 6
    assert book.drain_events() == ()


def test_so_it_is_where_the_oid_by_which_it_waited_was_never_told() -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 90, 5, cloid="c", trigger=95, now=0)
    book.order_status(3, "open", cloid="c")
    book.order_status(3, "triggered")
    book.request_modify("c", 91, 6, now=2 * S)
    assert isinstance(book.order_waits("c"), OrderUpdate)
    assert isinstance(book.order_waits("c", oid=2), OrderUpdate)
    assert book.get_active_oids() == {3}
    assert (book.waiting_count, book.pending_count) == (0, 1)


def test_a_word_that_it_waits_which_may_be_of_either_tells_nothing() -> None:
    book, asked = modified()
    assert isinstance(book.order_waits("c"), Ambiguous)
    assert (book.waiting_count, book.pending_count) == (1, 1)
    assert isinstance(book.order_waits("c", request=1), Waits)  # again
    assert (book.waiting_count, book.pending_count) == (1, 1)
    assert book.order_waits("c", request=asked.request) == Waits("c", None)
    assert (book.waiting_count, book.pending_count) == (1, 0)
    assert [type(event) for event in book.drain_events()] == [Ambiguous]


@pytest.mark.parametrize("how", ["open", "fill", "cancelled", "rejected", "filled"])
def test_an_oid_that_may_be_of_either_is_bound_to_none(how: str) -> None:
    book, asked = modified()
    if how == "fill":
        book.process_fill(3, 1, 2, 95, False, cloid="c", time=1)
    else:
        said = book.order_status(3, how, cloid="c", filled=5 if how == "filled" else None)
        assert isinstance(said, (Ambiguous, UnknownOrder))
    assert sizes(book) == {2: 5, None: 6}
    assert book.pending_exposure("sell") == 6
    assert [type(event) for event in book.drain_events() if isinstance(event, Ambiguous)] == [
        Ambiguous
    ]
    book.modify_failed("c", "it is triggered", request=asked.request)
    book.order_status(3, "open", cloid="c")
    assert sizes(book) == {2: 5, 3: 5, None: 6}
    assert book.get_active_oids() == {3}
    assert book.pending_exposure("sell") == (3 if how == "fill" else 5)


def test_the_answer_to_the_modify_says_that_it_is_its() -> None:
    book, asked = modified()
    book.process_fill(3, 1, 2, 95, False, cloid="c", time=1)
    book.modify_confirmed("c", 3, request=asked.request)
    assert sizes(book) == {2: 5, 3: 6}
    assert book.pending_exposure("sell") == 4
    assert book.position == -2


def test_the_answer_to_the_order_says_that_it_is_of_that() -> None:
    book, asked = modified()
    book.process_fill(3, 1, 2, 95, False, cloid="c", time=1)
    book.finalize_order("c", 3, 3, "sell", 90, request=1)
    assert sizes(book) == {2: 5, 3: 5, None: 6}
    assert book.pending_count == 1
    book.modify_failed("c", request=asked.request)
    assert book.pending_exposure("sell") == 3


def test_that_the_oid_by_which_it_waited_is_triggered_says_that_it_trades() -> None:
    book, asked = modified()
    book.order_status(2, "triggered", cloid="c")
    book.order_status(3, "open", cloid="c")  # of a modify of it, or of it under another oid
    assert sizes(book) == {2: 5, None: 6}
    book.modify_failed("c", request=asked.request)
    book.order_status(3, "open", cloid="c")
    assert sizes(book) == {2: 5, 3: 5, None: 6}


@pytest.mark.parametrize(("size", "left"), [(5, 5), (6, 6), (5, 3)])
def test_a_listing_shows_which_it_is_once_the_modify_can_not_be_on_its_way(
    size: int, left: int
) -> None:
    book, _ = modified()
    result = listing(book, 30, row(3, size, left))
    assert (result.orphans, result.recovered, result.statuses_to_ask) == ((), (), (3, "c"))
    assert sizes(book) == {2: 5, None: 6}
    result = listing(book, 60, row(3, size, left))
    assert result.recovered == (3,)
    assert sizes(book) == ({2: 5, 3: 6} if size == 6 else {2: 5, 3: 5, None: 6})
    assert book.pending_exposure("sell") == left
    order = book.get_order("c")
    assert order is not None
    assert order.state is (OrderState.RESTING if size == left else OrderState.PARTIALLY_FILLED)


def test_where_a_listing_does_not_tell_the_size_both_stay_counted() -> None:
    book, _ = modified()
    for at in (60, 200, 400):
        assert listing(book, at, ListedOrder(3, "c", "sell")).orphans_to_cancel == ()
    assert sizes(book) == {2: 5, None: 6}
    assert book.pending_exposure("sell") >= 6


def test_a_modify_that_was_lost_is_over_where_its_order_is_listed() -> None:
    book, _ = modified("open")
    assert listing(book, 60, row(3, 5)).dead == ("c",)
    book.order_waits("c")  # late
    assert book.get_active_oids() == {3}
    assert book.pending_exposure("sell") == 5


def test_of_two_modifies_without_an_oid_a_new_one_is_that_of_the_later() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, 2, cloid="c", trigger=101)
    book.order_waits("c", oid=1)
    refused = book.request_modify(1, 100, 3)
    assert isinstance(refused, ModifyRequested)
    book.modify_failed("c", "no", request=refused.request)
    waited = book.request_modify(1, 100, 4)
    assert isinstance(waited, ModifyRequested)
    book.order_waits("c", request=waited.request)
    book.request_cancel("c")
    book.cancel_confirmed("c")
    book.order_status(7, "open", cloid="c")
    assert [leg.oid for leg in book.legs("c")] == [1, None, 7]


@pytest.mark.parametrize("traded", [1, 5])
@pytest.mark.parametrize("covers", [False, True])
def test_a_lost_modify_of_what_has_traded_waits_for_nothing(traded: int, covers: bool) -> None:
    book, _ = modified("open")
    book.process_fill(3, 1, traded, 95, False, time=1, now=45 * S)
    orders = [row(3, 5, 5 - traded)] if traded < 5 else []
    for at in (46, 58):
        request = book.listing_requested(now=at * S)
        book.reconcile(Listing(orders, request, covers_triggers=covers))
    assert book.pending_count == 0
    assert book.pending_exposure("sell") == 5 - traded
    assert book.drain_events() == ()


def test_a_modify_of_what_did_not_trade_may_wait_where_no_listing_shows_it() -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 90, 5, cloid="c", trigger=95, now=0)
    book.order_status(3, "open", cloid="c")  # as some venues say of an order that waits
    book.request_modify("c", 91, 6, now=2 * S)
    book.order_status(3, "cancelled", filled=0)
    for at in (46, 300):
        listing(book, at)
        assert book.pending_count == 1
        assert book.pending_exposure("sell") == 6


@given(st.integers(1, 9), st.integers(1, 9), FLAG)
def test_what_is_listed_as_neither_was_modified_by_hand_and_is_one_order(
    size: int, left: int, told: bool
) -> None:
    book, _ = modified()
    if told:
        book.order_status(2, "triggered", cloid="c")
    left = min(size, left)
    for at in (60, 72, 84):
        result = listing(book, at, row(3, size, left))
        assert result.orphans_to_cancel == ()
    assert book.get_active_oids() == {3}
    assert book.pending_exposure("sell") == left
    assert (book.waiting_count, book.pending_count) == (0, 0)
    assert result.statuses_to_ask == ()
