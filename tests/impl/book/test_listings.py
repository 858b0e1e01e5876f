"""Listings, beyond the cases and the model: their age, what they may show, orphans."""

from decimal import Decimal

import pytest

from order_books import CONFIG, reconcile, state
from truebook.impl import (
    Conflict,
    ListedOrder,
    Listing,
    ListingRefused,
    OrderState,
    Side,
    UnifiedOrderBook,
)


def test_a_listing_without_a_request_is_as_old_as_may_be(book: UnifiedOrderBook) -> None:
    assert reconcile(book, "X", now=40).removed == ()
    assert reconcile(book, "X", now=41).removed == ("A",)


def test_a_bare_listing_holds_what_may_be_pending() -> None:
    book = UnifiedOrderBook(CONFIG)
    reconcile(book, "old", now=0)
    book.register_pending("buy", 100, 10, cloid="c1", now=1)
    result = reconcile(book, "old", "new", now=20)
    assert result.orphans_to_cancel == ("old",)
    assert (result.statuses_to_ask, result.new_orphans) == (("c1",), 0)
    result = reconcile(book, "new", now=90)
    assert (result.orphans_to_cancel, result.dead) == ((), ())
    book.order_rejected("c1")
    assert reconcile(book, "new", now=91).orphans_to_cancel == ("new",)


@pytest.mark.parametrize(
    ("listed", "asks"),
    [
        (
            ListedOrder(
                "X", None, Side.BUY, price=Decimal(100), remaining=Decimal(4), size=Decimal(10)
            ),
            True,
        ),
        (ListedOrder("X", None, Side.BUY, price=Decimal(100), remaining=Decimal(10)), True),
        (ListedOrder("X", None, Side.BUY, price=Decimal(100), remaining=Decimal(11)), False),
        (ListedOrder("X", None, Side.SELL, price=Decimal(100), remaining=Decimal(10)), False),
        (ListedOrder("X", None, Side.BUY, price=Decimal(101), remaining=Decimal(10)), False),
        (
            ListedOrder(
                "X", None, Side.BUY, price=Decimal(100), remaining=Decimal(4), size=Decimal(9)
            ),
            False,
        ),
        (ListedOrder("X", "other", Side.BUY, price=Decimal(100), remaining=Decimal(10)), False),
    ],
)
def test_what_may_be_a_pending_order(listed: ListedOrder, asks: bool) -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    result = reconcile(book, listed, request=book.listing_requested(50))
    assert result.statuses_to_ask == (("c1",) if asks else ())
    assert result.dead == (() if asks else ("c1",))
    assert result.new_orphans == (0 if asks else 1)


def test_a_listed_order_of_ours_that_its_cloid_cannot_explain_is_tracked(
    book: UnifiedOrderBook,
) -> None:
    twice = (
        ListedOrder("A", "c1"),
        ListedOrder("B", "c1", Side.BUY, price=Decimal(99), remaining=Decimal(7)),
    )
    result = reconcile(book, *twice, now=1)
    assert (result.recovered, result.new_orphans) == (("B",), 0)
    assert book.get_active_oids() == {"A", "B"}
    assert book.pending_exposure("buy") == 17
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)
    assert reconcile(book, *twice, now=30).orphans_to_cancel == ()


def test_what_a_listing_shows_filled_is_known(book: UnifiedOrderBook) -> None:
    reconcile(book, ListedOrder("A", remaining=Decimal(7)), now=1)
    order = book.get_order("A")
    assert order is not None
    assert order.filled == 3
    assert order.stated == 3
    assert order.unsettled == 3


def test_a_late_or_failed_listing_is_refused(book: UnifiedOrderBook) -> None:
    request = book.listing_requested(50)
    result = book.reconcile(Listing((), request), now=81)
    assert result == ListingRefused("the listing was asked for 31 ns ago")
    assert book.reconcile(None) == ListingRefused("the listing failed")
    assert book.listing_failed(request) == ListingRefused("the listing failed")
    assert isinstance(book.reconcile(Listing((), request, scope="x")), ListingRefused)
    assert isinstance(book.reconcile([]), ListingRefused)
    assert state(book) is OrderState.RESTING
    assert len(book.drain_events()) == 5


def test_an_orphan_that_turns_out_to_be_ours_is_one_no_longer() -> None:
    book = UnifiedOrderBook(CONFIG)
    reconcile(book, ListedOrder("A", "c1", Side.BUY, price=Decimal(1), remaining=Decimal(2)), now=1)
    assert book.pending_exposure("buy") == 2
    assert len(book.get_orphans()) == 1
    book.finalize_order("c1", "A", 2, "buy", 1)
    assert book.pending_exposure("buy") == 2
    assert book.get_orphans() == ()


def test_the_cancel_of_an_orphan_that_was_lost_is_settled_by_a_listing() -> None:
    book = UnifiedOrderBook(CONFIG)
    asked = {}
    for now in (0, 5, 45, 46, 56, 57):
        request = book.listing_requested(now)
        asked[now] = reconcile(book, ListedOrder("X"), request=request).orphans_to_cancel
    assert asked == {0: (), 5: ("X",), 45: (), 46: (), 56: (), 57: ("X",)}


def test_what_an_answer_said_of_an_orphan_ages_out() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.cancel_confirmed("X", now=0)
    request = book.listing_requested(10)
    assert reconcile(book, ListedOrder("X"), request=request, now=40).new_orphans == 0
    (orphan,) = book.get_orphans()
    assert (orphan.over, orphan.answered_at, orphan.side) == (True, 0, None)
    book.tick(41)
    assert book.get_orphans() == ()
    assert reconcile(book, ListedOrder("X"), now=41).new_orphans == 1
