"""What the acceptance cases and the model leave open: corners, results, and what comes too late."""

from decimal import Decimal
from typing import Any

import pytest

from truebook.impl import (
    AlreadyTracked,
    BookConfig,
    CancelAsked,
    CancelRequested,
    Conflict,
    DirectCreation,
    FillResult,
    FromPending,
    ListedOrder,
    Listing,
    ListingRefused,
    NotAnOrder,
    OrderState,
    OrderUpdate,
    Overfill,
    PositionMatches,
    PositionMismatch,
    Rebased,
    RebaseRefused,
    ReconcileResult,
    Refused,
    Rejected,
    Side,
    StillPending,
    Unattributed,
    UnifiedOrderBook,
    UnknownOrder,
)

ONE = Decimal(1)
CONFIG = BookConfig(
    orphan_grace_period=5,
    expected_cloid_ttl=30,
    finalized_protection=10,
    fill_window_duration=60,
    tombstone_duration=60,
    cancel_timeout=5,
    listing_timeout=30,
    max_tracked_tids=4,
)


@pytest.fixture
def book() -> UnifiedOrderBook:
    """Return a book with one order of 10 resting since 0."""
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    book.finalize_order("c1", "A", 10, "buy", 100)
    return book


def state(book: UnifiedOrderBook, id: str = "c1") -> OrderState:
    order = book.get_order(id)
    return OrderState.ABSENT if order is None else order.state


def reconcile(book: UnifiedOrderBook, *orders: Any, **options: Any) -> ReconcileResult:
    result = book.reconcile(orders, **options)
    assert isinstance(result, ReconcileResult)
    return result


# Placing


def test_an_immediate_fill_is_an_expectation() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("sell", 100, 10, cloid="c1")
    assert book.handle_immediate_fill("c1", "A", 4, 99, False) == FromPending("c1", "A")
    assert book.position == 0
    assert book.expected_position == -4
    assert state(book) is OrderState.PARTIALLY_FILLED
    assert isinstance(book.handle_immediate_fill("cx", "B", 3, 99, True), DirectCreation)
    assert state(book, "B") is OrderState.FILLED
    assert isinstance(book.handle_immediate_fill("cx", None, 3, 99, True), NotAnOrder)


def test_an_answer_for_the_other_side_is_a_conflict(book: UnifiedOrderBook) -> None:
    book.register_pending("sell", 100, 10, cloid="c2")
    before = book.to_json()["orders"]
    assert isinstance(book.finalize_order("c2", "B", 10, "buy", 100), Conflict)
    assert isinstance(book.finalize_order("c1", "A", 10, "sell", 100), Conflict)
    assert book.to_json()["orders"] == before
    assert len(book.drain_events()) == 2


def test_a_second_oid_for_a_cloid_is_a_conflict(book: UnifiedOrderBook) -> None:
    result = book.finalize_order("c1", "B", 10, "buy", 100)
    assert result == Conflict("its cloid is known by another oid", "c1", "B")
    assert book.get_active_oids() == {"A"}
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)


def test_the_cloid_of_a_conflict_is_dead_until_it_is_seen(book: UnifiedOrderBook) -> None:
    book.register_pending("buy", 100, 3, cloid="c2")
    book.finalize_order("c2", "A", 3, "buy", 100)
    assert state(book, "c2") is OrderState.DEAD
    assert book.get_order("c2").reason == "answered with the oid of c1"  # type: ignore[union-attr]
    assert book.unsettled("buy") == 3
    assert reconcile(book, ListedOrder("B", "c2"), "A").recovered == ("B",)
    assert state(book, "c2") is OrderState.RESTING


def test_a_refusal_of_what_is_known_is_a_conflict(book: UnifiedOrderBook) -> None:
    assert isinstance(book.order_rejected("c1", "no"), Conflict)
    assert state(book) is OrderState.RESTING
    assert book.order_rejected("c9") == UnknownOrder("c9")
    assert book.order_unknown("c9") == UnknownOrder("c9")
    assert book.order_unknown("c1") == OrderUpdate("c1", "A", OrderState.RESTING, Decimal(0))


def test_unknown_after_a_refusal_is_still_a_refusal() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1")
    assert book.order_unknown("c1", "timeout") == StillPending("c1")
    assert book.order_rejected("c1", "no") == Rejected("c1", "no")
    assert book.order_unknown("c1", "timeout") == Rejected("c1", "no")
    assert book.status_unknown("c1") == OrderUpdate("c1", None, OrderState.DEAD, Decimal(0))


def test_a_refused_order_that_was_proved_absent_before_is_settled() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    request = book.listing_requested(41)
    book.reconcile(Listing((), request))
    assert state(book) == OrderState.DEAD
    assert book.unsettled("buy") == 10
    book.order_rejected("c1", "no")
    assert book.unsettled("buy") == 0


def test_dead_orders_are_revived_by_evidence() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    book.reconcile(Listing((), book.listing_requested(41)))
    assert state(book) is OrderState.DEAD
    book.process_fill("A", "t", 4, 100, True, cloid="c1", time=1)
    assert state(book) is OrderState.PARTIALLY_FILLED
    assert book.unsettled("buy") == 0


# Fills


def test_a_fill_of_unknown_kind_counts_against_the_answer() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1")
    book.finalize_order("c1", "A", 6, "buy", 100, filled_size=4)
    book.process_fill("A", "t1", 4, 100, True, time=1)
    assert book.get_order("A").filled == 4  # type: ignore[union-attr]
    book.process_fill("A", "t2", 6, 100, True, time=2)
    assert state(book) is OrderState.FILLED


def test_a_fill_of_the_other_side_is_counted_and_not_attributed(book: UnifiedOrderBook) -> None:
    result = book.process_fill("A", "t", 4, 100, False, time=1)
    assert isinstance(result, Unattributed)
    assert book.position == -4
    assert state(book) is OrderState.RESTING


def test_waiting_fills_of_the_other_side_are_left_out() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1")
    book.process_fill("A", "t1", 4, 100, False, time=1)
    book.process_fill("A", "t2", 3, 100, True, time=2)
    book.finalize_order("c1", "A", 10, "buy", 100)
    assert book.get_order("A").filled == 3  # type: ignore[union-attr]
    assert [type(event) for event in book.drain_events()] == [Unattributed, Unattributed, Conflict]


def test_a_fill_that_names_another_cloid_is_of_its_oid(book: UnifiedOrderBook) -> None:
    assert isinstance(book.process_fill("A", "t", 4, 100, True, cloid="cx", time=1), FillResult)
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)


def test_a_fill_says_when_its_order_is_complete(book: UnifiedOrderBook) -> None:
    first = book.process_fill("A", "t1", 4, 100, True, time=1, crossed=False)
    assert first == FillResult(
        "A",
        "t1",
        size=Decimal(4),
        price=Decimal(100),
        is_buy=True,
        position_delta=Decimal(4),
        new_position=Decimal(4),
        cloid="c1",
        order_complete=False,
    )
    book.order_status("A", "filled", filled=10)
    second = book.process_fill("A", "t2", 3, 100, True, time=2, crossed=False)
    third = book.process_fill("A", "t3", 3, 100, True, time=3, crossed=False)
    assert isinstance(second, FillResult)
    assert isinstance(third, FillResult)
    assert (second.order_complete, third.order_complete) == (False, True)


def test_an_overfill_by_fills_that_waited_is_reported() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 3, cloid="c1")
    book.process_fill("A", "t1", 5, 100, True, time=1)
    book.finalize_order("c1", "A", 3, "buy", 100)
    *_, event = book.drain_events()
    assert isinstance(event, Overfill)
    assert event.excess == 2
    assert event.position_delta == 0
    assert event.new_position == 5
    order = book.get_order("c1")
    assert order is not None
    assert order.overfill == 2
    assert order.remaining == 0
    assert not order.is_open


def test_a_replay_that_carries_the_cloid_binds() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 3, cloid="c1")
    book.process_fill("A", "t1", 2, 100, True, time=1)
    assert book.pending_count == 1
    assert book.process_fill("A", "t1", 2, 100, True, time=1, cloid="c1") is None
    assert (book.pending_count, state(book)) == (0, OrderState.PARTIALLY_FILLED)


def test_a_replay_of_what_is_known_is_no_event(book: UnifiedOrderBook) -> None:
    for _ in range(2):
        book.process_fill("A", "t", 4, 100, True, cloid="c1", time=1)
    assert book.drain_events() == ()


def test_fills_without_venue_times_are_forgotten_in_order_of_arrival() -> None:
    book = UnifiedOrderBook(CONFIG)
    for tid in range(5):
        book.process_fill("X", tid, 1, 100, True)
    assert [book.knows_fill("X", tid) for tid in range(5)] == [False, True, True, True, True]
    assert book.fill_floor is None
    again = UnifiedOrderBook.from_json(book.to_json())
    again.process_fill("X", 5, 1, 100, True)
    assert not again.knows_fill("X", 1)


def test_late_fills_are_forgotten_by_venue_time() -> None:
    book = UnifiedOrderBook(CONFIG)
    for time in (10, 20, 30, 40, 15):
        book.process_fill("X", time, 1, 100, True, time=time)
    assert book.fill_floor == 10
    book.process_fill("X", 50, 1, 100, True, time=50)
    assert book.fill_floor == 15
    assert book.process_fill("X", 12, 1, 100, True, time=12) is None
    assert book.process_fill("X", 16, 1, 100, True, time=16) is not None
    assert book.fill_floor == 16
    assert book.position == 7
    assert book.knows_fill("X", 20, 20)


def test_fills_stop_waiting_when_no_request_can_be_theirs() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    book.process_fill("A", "t1", 2, 100, True, time=1, now=10)
    book.register_pending("buy", 100, 10, cloid="c2", now=20)
    book.tick(1000)
    book.order_rejected("c2")
    assert book.finalize_order("c1", "A", 10, "buy", 100) == FromPending("c1", "A")
    assert book.get_order("A").filled == 2  # type: ignore[union-attr]
    book.process_fill("B", "t2", 2, 100, True, time=2)
    book.tick(1120)
    book.finalize_order("c3", "B", 10, "buy", 100)
    assert book.get_order("B").filled == 0  # type: ignore[union-attr]


def test_each_fill_waits_its_own_time() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.process_fill("A", "t1", 1, 100, True, time=1, now=0)
    book.process_fill("A", "t2", 1, 100, True, time=2, now=50)
    book.tick(119)
    assert [fill.tid for fill in book.get_early_fills()] == ["t1", "t2"]
    book.tick(120)
    assert [fill.tid for fill in book.get_early_fills()] == ["t2"]


@pytest.mark.parametrize(
    ("times", "kept"),
    [
        ((None, None, None, None, None, None), {7, 6, 5, 4}),
        ((10, 40, 30, 20, 50, 50), {8, 7, 5, 4}),
    ],
)
def test_fills_are_forgotten_in_the_same_order_after_a_restart(
    times: tuple[int | None, ...], kept: set[int]
) -> None:
    book = UnifiedOrderBook(CONFIG)
    for tid, time in zip((9, 8, 7, 6), times, strict=False):
        book.process_fill("X", tid, 1, 100, True, time=time)
    again = UnifiedOrderBook.from_json(book.to_json())
    for one in (book, again):
        one.process_fill("X", 5, 1, 100, True, time=times[4])
        one.process_fill("X", 4, 1, 100, True, time=times[5])
        assert {tid for _, tid, _, _ in one.to_json()["fills"]} == kept
    assert again == book


def test_only_so_many_fills_wait() -> None:
    book = UnifiedOrderBook(CONFIG)
    for tid in range(6):
        book.process_fill("A", tid, 1, 100, True, time=tid)
    assert [fill.tid for fill in book.get_early_fills()] == [2, 3, 4, 5]
    book.finalize_order("c1", "A", 10, "buy", 100)
    assert book.get_order("A").filled == 4  # type: ignore[union-attr]
    assert book.get_early_fills() == ()
    assert book.position == 6


# Statuses


def test_a_status_of_nobodys_order_changes_nothing(book: UnifiedOrderBook) -> None:
    before = book.to_json()
    assert book.order_status("Z", "cancelled", filled=3) == UnknownOrder("Z")
    assert book.order_status("Z", "open", cloid="cz") == UnknownOrder("Z")
    assert book.order_status(None, "rejected") == UnknownOrder("")
    assert book.status_unknown("Z") == UnknownOrder("Z")
    assert book.to_json() == before


def test_a_status_that_is_late_does_not_reopen(book: UnifiedOrderBook) -> None:
    book.order_status("A", "cancelled", filled=0, reason="marginCanceled")
    assert book.order_status("A", "open", filled=0) == OrderUpdate(
        "c1", "A", OrderState.CANCELLED, Decimal(0)
    )
    book.order_status("A", "filled", filled=10, now=60)
    assert state(book) is OrderState.CANCELLED
    assert book.get_order("A").reason == "marginCanceled"  # type: ignore[union-attr]


def test_a_cancelled_status_without_an_amount_waits_for_fills(book: UnifiedOrderBook) -> None:
    book.order_status("A", "cancelled")
    assert state(book) == OrderState.CANCEL_CONFIRMED
    assert book.unsettled("buy") == 10


def test_the_venue_not_knowing_an_order_is_absence(book: UnifiedOrderBook) -> None:
    request = book.listing_requested(10)
    book.status_unknown("A", request=request)
    assert state(book) is OrderState.RESTING
    request = book.listing_requested(11)
    assert book.status_unknown("A", request=request) == OrderUpdate(
        "c1", "A", OrderState.CANCEL_CONFIRMED, Decimal(0)
    )


def test_the_venue_not_knowing_a_cloid_settles_its_modify(book: UnifiedOrderBook) -> None:
    book.request_modify("A", 101, 5, now=1)
    book.status_unknown("A", request=book.listing_requested(60))
    assert book.pending_count == 1
    book.status_unknown("c1", request=book.listing_requested(61))
    assert book.pending_count == 0


# Cancelling and modifying


def test_why_an_order_cannot_be_changed(book: UnifiedOrderBook) -> None:
    book.register_pending("buy", 100, 10, cloid="c2")
    assert book.request_cancel("c2") == Refused("c2", "its oid is not known yet")
    assert book.request_modify("c2", 1, 1) == Refused("c2", "its oid is not known yet")
    assert book.request_modify("Z", 1, 1) == UnknownOrder("Z")
    assert book.request_cancel("c1") == CancelRequested("c1", "A")
    assert book.request_modify("A", 1, 1) == Refused("A", "a cancel of it is on its way")
    book.cancel_rejected("c1", "rate limit")
    book.request_modify("A", 1, 20)
    assert book.request_cancel("A") == Refused("A", "a modify of it is on its way")
    book.modify_failed("c1")
    book.cancel_confirmed("A")
    assert book.request_cancel("A") == Refused("A", "it is not open: cancel_confirmed")


def test_answers_to_cancels_of_what_has_no_oid_change_nothing() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1")
    assert book.cancel_confirmed("c1") == OrderUpdate("c1", None, OrderState.PENDING, Decimal(0))
    assert book.cancel_rejected("c1") == OrderUpdate("c1", None, OrderState.PENDING, Decimal(0))
    assert book.cancel_timed_out("Z") == UnknownOrder("Z")
    assert book.get_orphans() == ()


def test_that_a_cancel_was_asked_is_a_fact_for_ever(book: UnifiedOrderBook) -> None:
    book.request_cancel("A")
    book.cancel_rejected("A")
    order = book.get_order("A")
    assert order is not None
    assert (order.state, order.cancel) == (OrderState.RESTING, CancelAsked.OVER)
    book.process_fill("A", "t", 10, 100, True, time=1)
    assert state(book) is OrderState.FILLED_DURING_CANCEL


def test_a_modify_has_two_legs(book: UnifiedOrderBook) -> None:
    book.process_fill("A", "t1", 4, 100, True, time=1, crossed=False)
    book.request_modify("A", 101, 20)
    assert book.modify_confirmed("c1") == StillPending("c1")
    assert book.modify_confirmed("c9") == UnknownOrder("c9")
    assert book.modify_confirmed("c1", "B", filled_size=3) == FromPending("c1", "B")
    assert book.modify_confirmed("c1", "B") == AlreadyTracked("c1", "B")
    old, new = book.legs("c1")
    assert old.oid == "A"
    assert old.state == OrderState.CANCEL_CONFIRMED
    assert old.filled == 4
    assert new.oid == "B"
    assert new.state == OrderState.PARTIALLY_FILLED
    assert new.filled == 3
    assert book.get_order("A") == book.get_order("B") == new
    assert new.oids == ("A", "B")
    assert new.size == 20
    assert new.side == Side.BUY
    book.process_fill("A", "t2", 1, 100, True, time=2, crossed=False)
    assert [leg.filled for leg in book.legs("B")] == [5, 3]
    assert book.legs("Z") == ()


def test_the_stream_tells_the_refusal_of_an_earlier_modify_again(book: UnifiedOrderBook) -> None:
    book.request_modify("A", 101, 20)
    book.modify_failed("c1", "tick size")
    book.request_modify("A", 102, 20)
    book.order_status("R1", "rejected", cloid="c1", reason="tickRejected")
    book.order_status("R1", "rejected", cloid="c1", reason="tickRejected")
    assert book.pending_count == 1
    book.order_status("R2", "rejected", cloid="c1", reason="tickRejected")
    assert book.pending_count == 0
    assert state(book) is OrderState.RESTING


def test_old_oids_are_not_taken_for_new_ones() -> None:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", 100, 10, cloid="c1", now=0)
    book.finalize_order("c1", "A", 10, "buy", 100)
    book.request_modify("A", 101, 20)
    book.modify_confirmed("c1", "B")
    book.tick(200)
    assert book.get_order("A") is None
    book.request_modify("B", 102, 20)
    assert book.order_status("A", "cancelled", cloid="c1", filled=0) == UnknownOrder("A")
    assert book.finalize_order("c1", "A", 10, "buy", 100) == AlreadyTracked("c1", "A")
    assert isinstance(book.process_fill("A", "t", 1, 100, True, time=1, cloid="c1"), Unattributed)
    assert book.pending_count == 1
    again = UnifiedOrderBook.from_json(book.to_json())
    assert again.order_status("A", "open", cloid="c1") == UnknownOrder("A")


def test_an_order_says_what_became_of_it_last(book: UnifiedOrderBook) -> None:
    def reason() -> str:
        order = book.get_order("c1")
        return "" if order is None else order.reason

    assert reason() == ""
    book.request_cancel("A")
    book.cancel_rejected("A", "rate limit")
    assert reason() == "rate limit"
    book.request_modify("A", 101, 20, now=1)
    book.status_unknown("c1", request=book.listing_requested(50))
    assert [leg.reason for leg in book.legs("c1")] == [
        "not listed any more",
        "the venue does not have it",
    ]
    book.cancel_not_open("A", "already cancelled")
    assert reason() == "not listed any more"


# Listings


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


# Position


def test_a_position_is_compared_as_of_its_time(book: UnifiedOrderBook) -> None:
    book.process_fill("A", "t1", 4, 100, True, time=10)
    book.process_fill("A", "t2", 3, 100, True, time=20)
    assert book.position_reported(7) == PositionMatches(Decimal(7))
    assert book.position_reported(4, as_of=20) == PositionMatches(Decimal(4))
    result = book.position_reported(9, as_of=20)
    assert isinstance(result, PositionMismatch)
    assert result.ours == 4
    assert result.difference == 5
    assert result.expected == 7
    assert book.drain_events() == (result,)
    assert book.position == 7


def test_a_rebase_takes_over_what_was_missed(book: UnifiedOrderBook) -> None:
    book.process_fill("A", "t2", 3, 100, True, time=20)
    assert book.rebase(50, 20) == Rebased(position=Decimal(53), before=Decimal(3), as_of=20)
    assert book.process_fill("A", "t1", 4, 100, True, time=19) is None
    assert book.process_fill("A", "t3", 4, 100, True, time=20) is not None
    assert book.position == 57


def test_why_a_rebase_is_refused(book: UnifiedOrderBook) -> None:
    for time in (10, 20, 30, 40, 50):
        book.process_fill("X", time, 1, 100, True, time=time)
    assert book.fill_floor == 10
    assert isinstance(book.rebase(0, 10), RebaseRefused)
    assert isinstance(book.rebase(0, 11), Rebased)
    book.request_modify("A", 101, 20)
    assert isinstance(book.rebase(0, 60), RebaseRefused)
    untimed = UnifiedOrderBook(CONFIG)
    untimed.process_fill("X", 1, 1, 100, True)
    assert isinstance(untimed.rebase(0, 60), RebaseRefused)


# Memory


def test_memory_stays_bounded_over_many_orders() -> None:
    book = UnifiedOrderBook(CONFIG)
    most = 0
    for n in range(5_000):
        cloid = book.register_pending("buy", ONE, 1, now=n)
        book.finalize_order(cloid, f"o{n}", 1, "buy", ONE)
        book.process_fill(f"o{n}", n, 1, ONE, True, time=n)
        book.process_fill(f"x{n}", -n - 1, 1, ONE, False, time=n)
        most = max(most, len(book.get_orders()) if n % 500 == 0 else 0)
    ledger = book._ledger
    assert most <= CONFIG.remembered
    for held in (ledger.by_cloid, ledger.by_oid, ledger.closing, ledger.leaving):
        assert len(held) <= CONFIG.remembered
    assert len(ledger.early.queue) <= CONFIG.max_tracked_tids
    assert len(ledger.memory._in_order) + len(ledger.memory._late) == CONFIG.max_tracked_tids


def test_a_book_is_true_and_says_what_it_is(book: UnifiedOrderBook) -> None:
    assert UnifiedOrderBook()
    assert repr(book) == "<UnifiedOrderBook position=0 open=1 pending=0 now=0>"
