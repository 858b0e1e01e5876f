"""Whose order is whose is chosen where cancelling is automatic."""

import asyncio
from typing import Any

import attrs
import pytest

from sync_venue import ONE, QUICK, Venue
from truebook.impl import SECOND, BookConfig, ListedOrder, Side, Strangers, UnifiedOrderBook
from truebook.impl.sync import CancelAnswer, SafetySync, VenueListing

STRANGER = ListedOrder(7, side=Side.BUY, remaining=ONE)


@attrs.define
class Clock:
    seconds: int = 0

    def __call__(self) -> int:
        self.seconds += 10
        return self.seconds * SECOND


def passes(policy: Any) -> tuple[UnifiedOrderBook, Venue]:
    """Make some passes over a market in which somebody else has an order."""
    book, venue = UnifiedOrderBook(BookConfig(strangers=policy)), Venue()
    venue.listing = VenueListing([STRANGER])
    venue.cancels = {7: CancelAnswer.CONFIRMED}
    sync = SafetySync(book, venue, Clock(), config=QUICK, strangers=policy)
    for _ in range(4):
        assert asyncio.run(sync.run_once()).clean
    return book, venue


def test_there_is_no_default() -> None:
    with pytest.raises(TypeError, match="strangers"):
        SafetySync(UnifiedOrderBook(), Venue(), lambda: 0)  # type: ignore[call-arg]


@pytest.mark.parametrize("strangers", [Strangers.CANCEL, "cancel"])
def test_strangers_are_cancelled_where_that_was_chosen(strangers: Any) -> None:
    _, venue = passes(strangers)
    assert ("cancel", 7) in venue.asked


@pytest.mark.parametrize("strangers", [Strangers.LEAVE, "leave"])
def test_strangers_are_left_where_that_was_chosen(strangers: Any) -> None:
    book, venue = passes(strangers)
    assert {asked[0] for asked in venue.asked} == {"listing", "position", "fills"}
    assert book.pending_exposure("buy") == 0
    assert book.foreign_exposure("buy") == 1


def test_what_is_gone_is_shown_no_longer_though_the_listing_is_empty() -> None:
    book, venue = passes("leave")
    venue.listing, venue.statuses = VenueListing([]), {7: None}
    clock = Clock(100)
    sync = SafetySync(book, venue, clock, config=QUICK, strangers="leave")
    assert asyncio.run(sync.run_once()).clean
    assert book.foreign_exposure("buy") == 0


@pytest.mark.parametrize(("here", "there"), [("leave", "cancel"), ("cancel", "leave")])
def test_it_is_said_the_same_in_book_and_sync(here: Any, there: Any) -> None:
    book = UnifiedOrderBook(BookConfig(strangers=there))
    with pytest.raises(ValueError, match=f"'{here}' here and '{there}' in the book's BookConfig"):
        SafetySync(book, Venue(), lambda: 0, strangers=here)
