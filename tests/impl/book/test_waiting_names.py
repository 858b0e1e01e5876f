"""An order that waited under one oid and traded under another: which a late word is of."""

import pytest

from truebook.impl import (
    SECOND,
    Conflict,
    ListedOrder,
    Listing,
    OrderState,
    Overfill,
    UnifiedOrderBook,
)
from truebook.impl.book.results import ReconcileResult

S = SECOND


def stop(size: int = 5) -> UnifiedOrderBook:
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, size, cloid="c", trigger=95, now=0)
    return book


def listing(book: UnifiedOrderBook, at: int, *oids: int, trigger: bool | None) -> ReconcileResult:
    request = book.listing_requested(now=at * S)
    orders = [ListedOrder(oid, "c", "sell", remaining=5, size=5, trigger=trigger) for oid in oids]
    result = book.reconcile(Listing(orders, request))
    assert isinstance(result, ReconcileResult)
    return result


@pytest.mark.parametrize("trigger", [None, True])
def test_a_listing_from_before_its_trigger_opens_nothing(trigger: bool | None) -> None:
    book = stop()
    book.process_fill(2, 1, 5, 94, False, cloid="c", time=1, now=S)
    listing(book, 2, 1, trigger=trigger)
    assert book.get_active_oids() == frozenset()
    assert book.pending_exposure("sell") == 0
    assert book.drain_events() == ()
    order = book.get_order(1)
    assert order is not None
    assert set(order.oids) == {1, 2}


@pytest.mark.parametrize(("at", "trigger"), [(13, None), (2, False)])
def test_another_that_is_listed_as_trading_is_open(at: int, trigger: bool | None) -> None:
    book = stop()
    book.process_fill(2, 1, 5, 94, False, cloid="c", time=1, now=S)
    listing(book, at, 1, trigger=trigger)
    assert book.get_active_oids() == {1}
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)


def test_a_fill_told_again_is_not_of_a_modify_that_was_lost() -> None:
    book = stop()
    listing(book, 1, 1, trigger=None)
    book.request_modify("c", 100, 9, now=2 * S)
    book.process_fill(2, 1, 5, 94, False, cloid="c", time=1, now=40 * S)  # of either
    assert book.pending_exposure("sell") + book.unsettled("sell") >= 9
    listing(book, 60, trigger=None)
    for later in (61, 125):
        book.process_fill(2, 1, 5, 94, False, cloid="c", time=1, now=later * S)
        assert book.get_active_oids() == frozenset()
    order = book.get_order(2)
    assert order is not None
    assert order.state is OrderState.FILLED
    assert order.size == 5
    assert book.position == -5


def test_an_order_that_is_over_outlives_a_modify_of_it_that_never_was() -> None:
    book = stop()
    listing(book, 1, 1, trigger=None)
    book.request_modify("c", 100, 9, now=2 * S)
    listing(book, 50, 1, trigger=None)
    book.request_modify("c", 100, 8, now=160 * S)
    book.modify_confirmed("c", 3, now=165 * S)
    book.tick(171 * S)  # the first modify is forgotten
    assert [leg.oid for leg in book.legs("c")] == [1, 3]
    book.tick(226 * S)
    assert book.unsettled("sell") == 0


@pytest.mark.parametrize("shows", ["answer", "listing"])
@pytest.mark.parametrize("traded", [0, 1])
def test_a_listing_that_lags_has_the_oid_by_which_it_waited_and_not_its_modify(
    traded: int, shows: str
) -> None:
    book = stop()
    book.order_status(2, "open", cloid="c", now=S)
    if traded:
        book.process_fill(2, 1, traded, 94, False, cloid="c", time=1)
    asked = book.request_modify("c", 100, 9, now=2 * S)
    listing(book, 3, 1, trigger=None)  # as it was before it was triggered
    assert [leg.oid for leg in book.legs("c")] == [2, None]
    assert book.pending_exposure("sell") + book.unsettled("sell") >= 9
    if shows == "answer":
        book.modify_confirmed("c", 3, request=asked.request)  # type: ignore[union-attr]
        assert book.get_active_oids() == {3}
    request = book.listing_requested(now=60 * S)
    shown = ListedOrder(3, "c", "sell", price=100, remaining=9, size=9)
    assert book.reconcile(Listing([shown], request)).orphans_to_cancel == ()  # type: ignore[union-attr]
    assert book.get_active_oids() == {3}
    assert book.pending_exposure("sell") == 9


@pytest.mark.parametrize("numbered", [False, True])
@pytest.mark.parametrize("traded", [0, 1, 4])
@pytest.mark.parametrize("first", [False, True])
def test_that_the_oid_by_which_it_waited_is_not_open_ends_nothing_that_trades(
    traded: int, first: bool, numbered: bool
) -> None:
    book = stop()
    book.order_waits("c", oid=1)
    asked = book.request_cancel("c", now=S)
    number = asked.request if numbered else None  # type: ignore[union-attr]
    book.order_status(2, "open", cloid="c")
    if traded and first:
        book.process_fill(2, 1, traded, 94, False, cloid="c", time=1)
    book.cancel_not_open(1, request=number)
    if traded and not first:
        book.process_fill(2, 1, traded, 94, False, cloid="c", time=1)
    assert book.get_active_oids() == {2}
    assert book.pending_exposure("sell") == 5 - traded
    listing(book, 20, trigger=None)  # it is not there
    assert book.get_active_oids() == frozenset()


def test_told_refused_and_then_waiting_it_is_open_under_the_oid_of_that_refusal() -> None:
    book = stop()
    book.order_status(2, "rejected", cloid="c", now=S)
    assert not book.pending_exposure("sell")
    book.order_waits("c", request=1, now=20 * S)
    assert [type(event) for event in book.drain_events()] == [Conflict]
    book.order_status(2, "open", cloid="c", now=20 * S)
    assert book.get_active_oids() == {2}
    assert book.pending_exposure("sell") == 5  # until a listing tells, or it is told over again
    book.order_status(2, "rejected", cloid="c", now=21 * S)
    assert not book.get_active_oids()


def test_what_a_modify_that_was_taken_came_to_is_not_of_what_waited_before() -> None:
    book = stop(1)
    book.order_status(1, "open", cloid="c", now=S)
    listing(book, 2, 1, trigger=None)
    book.request_modify("c", 100, 6, now=3 * S)
    book.modify_confirmed("c", request=2, now=4 * S)
    book.order_status(1, "cancelled", cloid="c", now=4 * S)
    book.process_fill(2, 1, 6, 100, False, cloid="c", time=1, now=5 * S)
    for at in (60, 120):
        listing(book, at, trigger=None)
    book.process_fill(2, 1, 6, 100, False, cloid="c", time=1, now=121 * S)
    known = book.get_order(2)
    assert known is not None
    assert known.size == known.filled == 6
    assert not [one for one in book.drain_events() if isinstance(one, (Conflict, Overfill))]


@pytest.mark.parametrize("cloid", ["c", None])
def test_one_that_was_listed_with_its_cloid_is_none_listed_without(cloid: str | None) -> None:
    book = stop()
    ours = ListedOrder(1, cloid, "sell", price=100, remaining=5, size=5)
    theirs = ListedOrder(8, None, "sell", price=100, remaining=5, size=5)
    book.order_status(1, "open", cloid="c", now=S)
    book.reconcile(Listing([theirs, ours], book.listing_requested(now=2 * S)))
    book = UnifiedOrderBook.from_json(book.to_json())
    result = book.reconcile(Listing([theirs], book.listing_requested(now=20 * S)))
    assert isinstance(result, ReconcileResult)
    if cloid is None:  # it may be what trades of it
        assert result.statuses_to_ask == ("c",)
        assert book.get_active_oids() == {1}
    else:
        assert result.removed == (1,)
        assert book.get_active_oids() == frozenset()
