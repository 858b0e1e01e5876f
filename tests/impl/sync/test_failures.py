"""A pass concludes nothing from what fails, and asks again."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from sync_venue import ONE, QUICK, Setting, hang, resting
from truebook.impl import SECOND, ListedOrder, Side
from truebook.impl.journal.journaled_book import JournaledBook
from truebook.impl.sync.client import (
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)


@pytest.mark.parametrize(
    ("listing", "said"),
    [
        (OSError("down"), "open orders: OSError: down"),
        (hang, "open orders: TimeoutError"),
        (VenueListing([ListedOrder(9)], complete=False), "open orders: not all of them came"),
        (VenueListing([ListedOrder(9)], scope="other"), "open orders: the listing is of 'other'"),
        (VenueListing([ListedOrder("x")]), "open orders: TypeError: oid 'x' is a text that is no"),
        (lambda: 1 / 0, "open orders: ZeroDivisionError"),
    ],
    ids=["failed", "hangs", "partial", "another market", "of another kind", "broken client"],
)
def test_a_listing_that_cannot_be_believed(setting: Setting, listing: Any, said: str) -> None:
    cloid = resting(setting, 1)
    setting.venue.listing = listing
    report = setting.at(100)
    assert report.failed[0].startswith(said)
    assert report.reconciled is None
    assert setting.book.get_active_oids() == {1}
    assert setting.book.get_orphans() == ()
    order = setting.book.get_order(cloid)
    assert order is not None
    assert order.exposure == 10


def test_an_empty_listing_closes_nothing_by_itself(setting: Setting) -> None:
    kept = resting(setting, 1)
    done = resting(setting, 2)
    setting.venue.statuses = {
        1: VenueStatus(1, "open", kept),
        2: VenueStatus(2, "cancelled", done, Decimal(0), "canceled"),
    }
    report = setting.at(100)
    assert report.statuses_told == [1, 2]
    assert setting.book.get_active_oids() == {1}


def test_a_modify_of_which_the_venue_has_only_the_old_order_has_not_come_to_be(
    setting: Setting,
) -> None:
    """With nothing listed no listing can tell; the status of the cloid does, once settled."""
    cloid = resting(setting, 1)
    setting.book.request_modify(1, 99, 10, now=SECOND)
    setting.venue.statuses = dict.fromkeys((1, cloid), VenueStatus(1, "cancelled", cloid))
    setting.at(2)
    assert setting.book.get_pending_cloids() == {cloid}
    setting.at(200)  # the old order is long forgotten
    assert setting.book.get_pending_cloids() == frozenset()
    assert setting.book.pending_exposure(Side.BUY) == 0


def test_orphans_go_when_the_venue_has_nothing_open(setting: Setting) -> None:
    setting.venue.listing = VenueListing([ListedOrder(7, side=Side.BUY, remaining=ONE)])
    setting.at(1)
    assert setting.book.pending_exposure(Side.BUY) == 1
    setting.venue.listing = VenueListing(())
    setting.at(2)
    assert setting.book.pending_exposure(Side.BUY) == 0
    setting.at(43)  # once no listing can be older than that, it is forgotten
    assert setting.book.get_orphans() == ()


def test_every_question_may_fail(setting: Setting) -> None:
    resting(setting, 1)
    pending = setting.book.register_pending(Side.BUY, 100, 1, now=0)
    error = OSError("no")
    setting.venue.listing = VenueListing([ListedOrder(1), ListedOrder(7, "theirs")])
    setting.venue.statuses = {pending: error}
    setting.venue.cancels = {7: error}
    setting.venue.holds = setting.venue.fills = error
    setting.at(1)
    report = setting.at(10)
    assert [line.split(":")[0] for line in report.failed] == [
        "cancel of 7",
        f"status of {pending}",
        "position",
        "fills",
    ]
    assert report.position is None
    assert setting.book.get_active_oids() == {1}
    assert setting.book.get_pending_cloids() == {pending}
    (orphan,) = setting.book.get_orphans()
    assert orphan.cancel_at == 10 * SECOND  # it may have been sent: not again before it is settled


def test_what_the_venue_says_may_be_nonsense(setting: Setting) -> None:
    cloid = resting(setting, 1)
    pending = setting.book.register_pending(Side.BUY, 100, 1, now=0)
    setting.venue.listing = VenueListing([ListedOrder(1, cloid)])
    setting.venue.statuses = {pending: VenueStatus(2, "broken", pending)}
    wrong = VenueFill(1, 1, size=Decimal("NaN"), price=ONE, is_buy=True, time=7)
    setting.venue.fills = VenueFills(
        [wrong, VenueFill(1, 2, size=ONE, price=ONE, is_buy=True, time=8, cloid=cloid)]
    )
    setting.venue.holds = VenuePosition(ONE, -1)
    report = setting.at(1)
    assert [line.split(":")[0] for line in report.failed] == [
        f"status of {pending}",
        "fill 1 of 1",
        "position",
    ]
    assert setting.book.position == 1


def test_fills_that_may_not_be_all_are_told_and_asked_for_again(setting: Setting) -> None:
    setting.venue.fills = VenueFills(
        [VenueFill(1, 1, size=ONE, price=ONE, is_buy=True, time=500)], complete=False
    )
    setting.venue.holds = VenuePosition(Decimal(5), 600)
    report = setting.at(1)
    assert (report.fills_repaired, report.position) == (1, None)
    setting.at(2)
    assert [what for what in setting.venue.asked if what[0] == "fills"] == [("fills", 0)] * 2


def test_a_question_is_asked_again_after_a_while(setting: Setting) -> None:
    cloid = resting(setting, 1)
    setting.venue.listing = [OSError("once"), VenueListing([ListedOrder(1, cloid)])]
    assert setting.at(1).clean
    setting.sync.config = attrs.evolve(QUICK, attempts=4, back_off=3)
    setting.slept.clear()
    setting.venue.listing = OSError("always")
    assert not setting.at(2).clean
    assert setting.slept == [3, 6, 12]


def test_every_order_gets_its_turn(setting: Setting) -> None:
    for n in range(5):
        setting.book.register_pending(Side.BUY, 100, 1, cloid=f"c{n}", now=0)
    setting.sync.config = attrs.evolve(QUICK, max_statuses=2)
    told = [id for second in (1, 2, 3) for id in setting.at(second).statuses_told]
    assert sorted(set(told)) == ["c0", "c1", "c2", "c3", "c4"]
    assert len(told) == 6


def test_a_journal_that_cannot_be_written_fails_the_pass_and_nothing_else(
    setting: Setting, tmp_path: Path
) -> None:
    with JournaledBook(tmp_path / "book.journal") as book:
        cloid = book.register_pending(Side.BUY, 100, 1, now=0)
        setting.sync.book = book
        setting.venue.listing = VenueListing([ListedOrder(1, cloid)])
        assert book._journal is not None
        book._journal.connection.execute("PRAGMA query_only = 1")
        report = setting.at(1)
        assert report.failed
        assert all("NotWrittenError" in line for line in report.failed)
        assert book.calls_written == 1
        book._journal.connection.execute("PRAGMA query_only = 0")
        assert setting.at(2).clean
        assert book.get_active_oids() == {1}


def test_a_clock_behind_the_book_s_time_stops_nothing(setting: Setting) -> None:
    setting.book.tick(5 * SECOND)
    assert setting.at(1).clean
    setting.sync.clock = lambda: 1 / 0  # type: ignore[assignment, return-value]
    assert all("ZeroDivisionError" in line for line in setting.at(1).failed)
