"""Listings: each order once, with those that wait for it; a damaged one is none."""

from decimal import Decimal
from typing import Any

import pytest

import recorded
from said import order
from truebook.impl import ListingRequest
from truebook.impl.account import Account, AccountListing, Coverage, MarketKey
from truebook.impl.venues.hyperliquid import TO_INFO, Unreadable, write
from truebook.impl.venues.hyperliquid.facts import PositionTold, positions_of
from truebook.impl.venues.hyperliquid.listings import listed, listing_of

ALL = Coverage(market=None, dex="", sub_account="")


def read(*orders: dict[str, Any]) -> Any:
    return TO_INFO["frontendOpenOrders"].read(write(list(orders)))


def test_an_order_is_listed_with_what_it_is_and_what_is_left() -> None:
    ((key, one),) = listed(read(order(sz="4.0", cloid="0x1", side="A")))
    assert (key, one.oid, one.cloid, one.side) == (MarketKey("BTC"), 7, "0x1", "sell")
    assert one.remaining == 4
    assert one.size == 10
    assert one.price == 100
    assert one.trigger is None


def test_children_wait_and_are_listed_once() -> None:
    stop = order(oid=8, isTrigger=True)
    parent = order(isTrigger=False, children=[stop, order(oid=9, isTrigger=False), order(oid=None)])
    found = listed(read(parent, stop))
    assert [(one.oid, one.trigger) for _, one in found] == [(7, False), (8, True), (9, True)]


def test_one_that_closes_the_position_has_no_size() -> None:
    ((_, one),) = listed(read(order(sz="0.0", origSz="0.0", isTrigger=True, isPositionTpsl=True)))
    assert (one.size, one.remaining, one.trigger) == (None, None, True)


@pytest.mark.parametrize(
    "more", [{"sz": "11.0"}, {"limitPx": ""}, {"oid": None}, {"oid": 0}, {"coin": ""}]
)
def test_a_listing_with_an_order_that_cannot_be_is_none(more: dict[str, Any]) -> None:
    orders = read(order(oid=6), order(**more))
    found = listing_of(orders, of=ALL, request=ListingRequest(1), covers_triggers=True)
    assert isinstance(found, Unreadable)
    assert found.what == "a listing"


def test_what_could_not_be_read_stays_so() -> None:
    unread = TO_INFO["openOrders"].read("null")
    assert isinstance(unread, Unreadable)
    found = listing_of(unread, of=ALL, request=ListingRequest(1), covers_triggers=False)
    assert found is unread


def test_an_account_takes_a_listing_of_a_dex() -> None:
    account = Account()
    request = account.listing_requested(now=1)
    listing = listing_of(
        read(order(), order(oid=8, coin="ETH")), of=ALL, request=request, covers_triggers=True
    )
    assert isinstance(listing, AccountListing)
    found = account.reconcile(listing, now=2)
    assert {key.market: one.orphans for key, one in found.results.items() if one.orphans} == {  # type: ignore[union-attr]
        "BTC": (7,),
        "ETH": (8,),
    }


@recorded.needed
def test_recorded_listings() -> None:
    plain = listed(read(*recorded.answer("hl_sdk_get_open_orders.json")))
    assert len(plain) == 196
    front = listed(read(*recorded.answer("hl_sdk_get_frontend_open_orders.json")))
    assert [one.trigger for _, one in front] == [True, True, False]


@recorded.needed
def test_recorded_positions() -> None:
    state: Any = TO_INFO["clearinghouseState"].read(
        write(recorded.answer("hl_sdk_get_user_state.json"))
    )
    found = positions_of(state)
    first = found[0]
    assert isinstance(first, PositionTold)
    assert (first.key, first.position) == (MarketKey("BTC"), Decimal("-0.00785"))
    assert first.as_of is None  # it was not told in that year
    timed = {**recorded.answer("hl_sdk_get_user_state.json"), "time": 1700000000000}
    told: Any = TO_INFO["clearinghouseState"].read(write(timed))
    assert {one.as_of for one in positions_of(told) if isinstance(one, PositionTold)} == {
        1700000000001
    }
