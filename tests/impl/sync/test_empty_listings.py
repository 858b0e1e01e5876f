"""An empty listing is taken where an order stays open, though each is told to be over by itself."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sync_venue import Setting, a_setting, resting
from truebook.impl import SECOND, ListedOrder
from truebook.impl.sync.client import VenueListing, VenueStatus

ENDS = some.sampled_from(("cancelled", "unknown", "not open"))


def doubted(words: list[str]) -> tuple[Setting, list[str]]:
    """Let orders be told over that are listed still, so that no status ends them any more."""
    setting = a_setting()
    cloids = [resting(setting, oid) for oid in range(1, len(words) + 1)]
    for oid, word in enumerate(words, 1):
        if word == "cancelled":
            setting.book.order_status(oid, "cancelled", now=30 * SECOND)
        elif word == "unknown":
            asked = setting.book.listing_requested(now=30 * SECOND)
            setting.book.status_unknown(oid, request=asked, now=30 * SECOND)
        else:
            setting.book.request_cancel(oid, now=30 * SECOND)
            setting.book.cancel_not_open(oid, now=30 * SECOND)
    assert not setting.book.get_active_oids()
    listed = [ListedOrder(oid, cloid, remaining=Decimal(10)) for oid, cloid in enumerate(cloids, 1)]
    setting.venue.listing = VenueListing(listed)
    setting.at(90)
    assert setting.book.get_active_oids() == set(range(1, len(words) + 1))
    setting.venue.listing = VenueListing(())
    return setting, cloids


@given(words=some.lists(ENDS, min_size=1, max_size=4), data=some.data())
def test_orders_that_were_doubted_are_over_once_the_venue_has_nothing(
    words: list[str], data: Any
) -> None:
    setting, cloids = doubted(words)
    for oid, cloid in enumerate(cloids, 1):
        cancelled = VenueStatus(oid, "cancelled", cloid)
        setting.venue.statuses[oid] = data.draw(some.sampled_from((cancelled, None)))
    report = setting.at(120)
    assert report.clean
    assert report.reconciled is not None
    assert not setting.book.get_active_oids()
    assert setting.book.pending_exposure("buy") == 0


@given(words=some.lists(ENDS, min_size=1, max_size=4), data=some.data())
def test_none_is_over_while_one_may_be_open(words: list[str], data: Any) -> None:
    setting, cloids = doubted(words)
    spared = data.draw(some.integers(1, len(words)))
    for oid, cloid in enumerate(cloids, 1):
        setting.venue.statuses[oid] = VenueStatus(oid, "cancelled", cloid)
    words_of_life = ("open", "waiting", "triggered")
    said = [VenueStatus(spared, word, cloids[spared - 1]) for word in words_of_life]
    setting.venue.statuses[spared] = data.draw(some.sampled_from((*said, OSError("down"))))
    report = setting.at(120)
    assert report.reconciled is None
    assert setting.book.get_active_oids() == set(range(1, len(words) + 1))


@pytest.mark.parametrize("word", ["cancelled", "unknown", "not open"])
def test_a_request_that_was_not_asked_for_is_no_reason(word: str) -> None:
    """Its status failed, so that an empty listing would say more than the venue did."""
    setting, cloids = doubted([word])
    waits = setting.book.register_pending("buy", 99, 1, now=91 * SECOND)
    setting.venue.statuses = {1: VenueStatus(1, "cancelled", cloids[0]), waits: OSError("down")}
    assert setting.at(300).reconciled is None
    assert setting.book.get_pending_cloids() == {waits}
    assert setting.book.get_active_oids() == {1}


def waiting() -> tuple[Setting, str]:
    """Return an order that waits by the oid 1, and was doubted."""
    setting = a_setting()
    book = setting.book
    cloid = book.register_pending("sell", 90, 5, trigger=95, now=0)
    book.order_waits(cloid, oid=1)
    book.order_status(1, "cancelled", now=30 * SECOND)
    listed = ListedOrder(1, cloid, "sell", remaining=5, size=5, trigger=True)
    setting.venue.listing = VenueListing([listed], covers_triggers=True)
    setting.at(90)
    assert book.get_waiting_cloids() == {cloid}
    return setting, cloid


@pytest.mark.parametrize("covers", [True, False])
def test_one_that_waits_is_over_once_a_listing_that_would_show_it_is_empty(covers: bool) -> None:
    setting, cloid = waiting()
    setting.venue.statuses[cloid] = VenueStatus(1, "cancelled", cloid)
    setting.venue.listing = VenueListing((), covers_triggers=covers)
    setting.at(120)
    assert setting.book.get_waiting_cloids() == (set() if covers else {cloid})


@pytest.mark.parametrize("word", ["cancelled", "open", "unknown"])
def test_what_was_triggered_is_over_once_what_trades_of_it_is(word: str) -> None:
    """It trades under an oid that nobody told: its cloid leads to that."""
    setting, cloid = waiting()
    setting.book.order_status(1, "triggered", cloid=cloid)
    setting.venue.statuses[1] = VenueStatus(1, "triggered", cloid)
    if word != "unknown":
        setting.venue.statuses[cloid] = VenueStatus(2, word, cloid, Decimal(0))
    setting.venue.listing = VenueListing((), covers_triggers=True)
    setting.at(150)
    assert bool(setting.book.get_active_oids()) is (word != "cancelled")


@pytest.mark.parametrize("of", ["trigger", "parent", "plain"])
def test_the_end_of_an_older_order_of_its_cloid_is_not_that_of_one_that_may_wait(of: str) -> None:
    setting = a_setting()
    known: dict[str, Any] = {"trigger": 95, "parent": "p"}
    facts = {of: known[of]} if of in known else {}
    book = setting.book
    cloid = book.register_pending("sell", 90, 5, cloid="c", now=0, **facts)
    setting.venue.statuses[cloid] = VenueStatus(1, "cancelled", cloid)
    book.order_cannot_land(cloid, now=0)
    book.order_status(1, "rejected", cloid=cloid)  # the oid that the venue answers of
    book.tick(200 * SECOND)
    book.register_pending("sell", 90, 5, cloid=cloid, **facts)
    setting.venue.listing = VenueListing(())
    for seconds in (250, 280):
        setting.at(seconds)
    assert book.pending_count == (0 if of == "plain" else 1)
