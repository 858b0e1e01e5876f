"""A pass tells the book what the venue has, cancels orphans and repairs fills."""

from decimal import Decimal

from sync_venue import ONE, Setting, resting
from truebook.impl import SECOND, ListedOrder, OrderState, PositionMatches, PositionMismatch, Side
from truebook.impl.sync.client import (
    CancelAnswer,
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)


def test_it_adopts_closes_asks_and_repairs(setting: Setting) -> None:
    gone = resting(setting, 1)
    kept = resting(setting, 2)
    pending = setting.book.register_pending(Side.SELL, 101, 5, now=SECOND)
    lost = setting.book.register_pending(Side.SELL, 101, 5, now=SECOND)
    setting.venue.listing = VenueListing([ListedOrder(2, kept), ListedOrder(3, pending)])
    setting.venue.statuses = {1: VenueStatus(1, "filled", gone), lost: None}
    fill = VenueFill(
        1, 11, size=Decimal(10), price=Decimal(100), is_buy=True, time=50, cloid=gone, crossed=False
    )
    setting.venue.fills = VenueFills([fill])
    setting.venue.holds = VenuePosition(Decimal(10), 60)
    report = setting.at(20)
    assert report.reconciled.recovered == (3,)
    assert report.reconciled.removed == (1,)
    assert report.statuses_told == [1, lost]
    assert report.fills_repaired == 1
    assert report.position == PositionMatches(Decimal(10))
    assert report.clean
    assert setting.book.get_active_oids() == {2, 3}
    order = setting.book.get_order(gone)
    assert order is not None
    assert order.state is OrderState.FILLED
    assert setting.book.get_pending_cloids() == {lost}  # 20 s after 1 s is no proof yet
    setting.at(60)
    assert setting.book.get_pending_cloids() == frozenset()


def test_it_cancels_orphans_once_they_have_aged(setting: Setting) -> None:
    orphans = [ListedOrder(oid, side=Side.BUY, remaining=ONE) for oid in (7, 8, 9)]
    setting.venue.listing = VenueListing(orphans)
    setting.venue.cancels = {
        7: CancelAnswer.CONFIRMED,
        8: CancelAnswer.NOT_OPEN,
        9: CancelAnswer.REJECTED,
    }
    assert setting.at(1).orphans_cancelled == []
    report = setting.at(7)
    assert (report.orphans_cancelled, report.failed) == ([7, 8], ["cancel of 9: rejected"])
    assert setting.book.pending_exposure(Side.BUY) == 1
    setting.venue.listing = VenueListing([orphans[2]])
    assert setting.at(8).orphans_cancelled == []  # in no listing that is newer than its answer
    setting.venue.cancels[9] = CancelAnswer.CONFIRMED
    assert setting.at(18).orphans_cancelled == [9]


def test_an_orphan_that_turns_out_to_be_ours_is_not_cancelled(setting: Setting) -> None:
    setting.venue.listing = VenueListing([ListedOrder(7), ListedOrder(8)])
    setting.at(1)
    cloid = setting.book.register_pending(Side.BUY, 100, 1, cloid="late", now=2 * SECOND)

    def answer() -> CancelAnswer:
        setting.book.finalize_order(cloid, 8, 1, Side.BUY, 100)
        return CancelAnswer.CONFIRMED

    setting.venue.cancels = {7: answer}
    report = setting.at(12)
    assert (report.orphans_cancelled, report.failed) == ([7], [])
    assert ("cancel", 8) not in setting.venue.asked
    assert setting.book.get_active_oids() == {8}


def test_fills_are_asked_for_from_where_they_were_seen(setting: Setting) -> None:
    cloid = resting(setting, 1)
    setting.venue.listing = VenueListing([ListedOrder(1, cloid)])
    setting.venue.fills = VenueFills(
        [VenueFill(1, 1, size=ONE, price=ONE, is_buy=True, time=100, cloid=cloid)]
    )
    setting.venue.holds = VenuePosition(ONE, 101)
    for _ in range(2):
        assert setting.at(1).clean
    setting.venue.holds = VenuePosition(Decimal(3), 101)
    report = setting.at(2)
    assert isinstance(report.position, PositionMismatch)
    assert report.position.difference == 2
    setting.at(3)
    asked = [what[1] for what in setting.venue.asked if what[0] == "fills"]
    assert asked == [0, 95, 95, 0]  # after the mismatch from the beginning


def test_it_asks_for_orders_that_wait_where_no_listing_has_them(setting: Setting) -> None:
    stop = setting.book.register_pending(Side.SELL, 90, 5, trigger=95, now=0)
    setting.book.order_waits(stop)
    other = resting(setting, 2)
    plain = [ListedOrder(2, other)]
    setting.venue.listing = VenueListing(plain)
    setting.venue.statuses = {stop: VenueStatus(None, "waiting", stop)}
    assert setting.at(300).statuses_told == [stop]
    assert setting.book.get_waiting_cloids() == {stop}
    setting.venue.listing = VenueListing(
        [*plain, ListedOrder(3, stop, trigger=True)], covers_triggers=True
    )
    assert setting.at(310).statuses_told == []
    setting.venue.listing = VenueListing(plain, covers_triggers=True)
    setting.venue.statuses = {3: VenueStatus(3, "cancelled", stop, filled=Decimal(0))}
    report = setting.at(330)
    assert (report.reconciled.removed, report.statuses_told) == ((3,), [3])
    order = setting.book.get_order(stop)
    assert order is not None
    assert order.state is OrderState.CANCELLED
