"""What frames say of orders and fills, told to the books of an account."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

import recorded
from said import facts, fill, fills, update, updates
from truebook.impl import OrderState
from truebook.impl.account import Account, MarketKey
from truebook.impl.venues.hyperliquid import Unreadable, fills_of, streams
from truebook.impl.venues.hyperliquid.facts import FillTold, StatusTold, facts_of, tell
from truebook.impl.venues.hyperliquid.markets import Market, Markets
from wired import messages

BTC = MarketKey("BTC")
CLOID = "0x" + "0" * 31 + "1"


def told(account: Account, frame: dict[str, Any]) -> list[Any]:
    return [answer for _, answer in tell(account, facts(frame), now=account.now + 1)]


def placed(**more: Any) -> Account:
    """Return an account with an order to buy 10 at 100, accepted as 7."""
    account = Account()
    account.at(BTC).register_pending("buy", 100, 10, cloid=CLOID, now=1, **more)
    account.at(BTC).finalize_order(CLOID, 7, 10, "buy", 100)
    return account


# Fills


def test_a_fill_is_told_once_by_both_streams_and_the_replay() -> None:
    account = placed()
    for frame in (
        fills(fill(cloid=CLOID)),
        {"channel": "user", "data": {"fills": [fill(cloid=CLOID)]}},
        fills(fill(cloid=CLOID), snapshot=True),
    ):
        told(account, frame)
    order = account[BTC].get_order(7)
    assert order is not None
    assert account.position("BTC") == order.filled == 1


def test_a_fill_of_a_snapshot_is_announced_as_such() -> None:
    (live,) = facts(fills(fill()))
    (again,) = facts(fills(fill(), snapshot=True))
    assert isinstance(live, FillTold)
    assert isinstance(again, FillTold)
    assert (live.snapshot, again.snapshot) == (False, True)


def test_both_legs_of_a_trade_with_oneself_count_though_the_tid_is_one() -> None:
    account = Account()
    told(account, fills(fill(), fill(oid=8, side="A"), fill(oid=9, tid=10)))
    assert account.position("BTC") == 1
    assert len(account.drain_events()) == 3  # nobody knows their orders, and that is all


def test_fills_without_a_tid_are_told_apart_by_what_else_they_have() -> None:
    account = Account()
    first, second = fill(tid=0), fill(tid=0, startPosition="1.0")
    third = {name: value for name, value in fill(px="99.0").items() if name != "tid"}
    told(account, fills(first, second, third))
    told(account, fills(third, second, first))
    assert account.position("BTC") == 3


def test_a_slice_of_a_twap_and_a_liquidation_say_what_they_are() -> None:
    frame = {
        "channel": "userTwapSliceFills",
        "data": {"user": "0x1", "twapSliceFills": [{"fill": fill(), "twapId": 5}]},
    }
    (slice_,) = facts(frame)
    assert isinstance(slice_, FillTold)
    assert slice_.twap == 5
    liquidation = {"liquidatedUser": "0x2", "markPx": "1.0", "method": "market"}
    (of_one,) = facts(fills(fill(liquidation=liquidation)))
    assert isinstance(of_one, FillTold)
    assert of_one.liquidation


@pytest.mark.parametrize(
    ("more", "fee"),
    [
        ({"coin": "@7", "feeToken": "HYPE"}, "0.1"),
        ({"coin": "@7", "feeToken": "USDC", "side": "A"}, None),
        ({"coin": "@8", "feeToken": "USOL"}, "0.1"),
        ({"coin": "@8", "feeToken": "USDC"}, None),
        ({"coin": "@8", "feeToken": "USDT0", "side": "A"}, None),
        ({"coin": "PURR/USDC", "feeToken": "PURR"}, "0.1"),
        ({"coin": "PURR/USDC", "feeToken": "USDC", "side": "A"}, None),
        ({"coin": "@8", "feeToken": "USOL", "fee": "0.0"}, None),
        ({"coin": "xyz:GOLD", "feeToken": "USDE"}, None),
        ({"coin": "BTC", "feeToken": "USDC", "fee": "-0.1"}, None),
    ],
)
def test_a_fee_is_of_the_asset_where_a_spot_buy_pays_it(
    more: dict[str, Any], fee: str | None
) -> None:
    markets = Markets([Market("@7", 10_007, 2, "HYPE")])
    (found,) = facts(fills(fill(**more)), markets)
    assert isinstance(found, FillTold)
    assert found.fee_in_base == (None if fee is None else Decimal(fee))
    account = Account()
    list(tell(account, [found], now=1))
    moved = (Decimal(1) if found.is_buy else Decimal(-1)) - Decimal(fee or 0)
    assert account[found.key].position == moved


# Statuses


def test_an_order_is_cancelled_with_what_is_left_of_it() -> None:
    account = placed()
    told(account, updates(update("canceled", sz="4.0", cloid=CLOID)))
    order = account[BTC].get_order(7)
    assert order is not None
    assert order.filled == 6
    assert order.exposure == 0
    assert order.reason == "canceled"
    assert account[BTC].unsettled("buy") == 6


def test_what_a_reduce_only_order_has_lost_has_not_filled() -> None:
    for more in ({}, {"reduceOnly": True}):
        account = placed(reduce_only=True)
        told(account, updates(update("reduceOnlyCanceled", sz="4.0", **more)))
        order = account[BTC].get_order(7)
        assert order is not None
        assert order.filled == order.exposure == 0


def test_open_and_filled_in_one_message() -> None:
    account = placed()
    told(account, updates(update(), update("filled", sz="0.0")))
    order = account[BTC].get_order(7)
    assert order is not None
    assert order.state is OrderState.FILLED


def test_a_refusal_under_an_oid_of_its_own_clears_the_request() -> None:
    account = Account()
    account.at(BTC).register_pending("buy", 100, 10, cloid=CLOID, now=1)
    told(account, updates(update("badAloPxRejected", oid=99, cloid=CLOID)))
    assert account.pending_exposure("buy", "BTC") == 0


def test_an_order_that_waits_is_shown_open_and_may_have_no_oid() -> None:
    account = Account()
    account.at(BTC).register_pending("buy", 100, 10, cloid=CLOID, trigger=99, now=1)
    told(account, updates(update("waitingForTrigger", oid=None, cloid=CLOID)))
    assert account[BTC].get_waiting_cloids() == {CLOID}
    (shown,) = facts(updates(update("open", isTrigger=True, cloid=CLOID)))
    assert isinstance(shown, StatusTold)
    assert shown.word == "waiting"
    told(account, updates(update("triggered", cloid=CLOID)))
    assert not account[BTC].get_waiting_cloids()


def test_a_cancel_that_nobody_asked_for() -> None:
    account = placed()
    told(account, {"channel": "user", "data": {"nonUserCancel": [{"coin": "BTC", "oid": 7}]}})
    assert account.pending_exposure("buy", "BTC") == 0


def test_a_coin_of_a_builder_is_of_its_dex_and_a_null_cloid_is_none() -> None:
    (found,) = facts(updates(update(coin="xyz:GOLD", cloid=None)))
    assert isinstance(found, StatusTold)
    assert (found.key, found.cloid) == (MarketKey("GOLD", dex="xyz"), None)
    of_two = list(facts_of(streams.OrderUpdates([found.said]), sub_account="two"))  # type: ignore[list-item]
    assert isinstance(of_two[0], StatusTold)
    assert of_two[0].key.sub_account == "two"


# What cannot be


@pytest.mark.parametrize(
    "frame",
    [
        updates(update("tomorrow")),
        updates(update(sz="1e5")),
        updates(update(limitPx="1", origSz="-1.0")),
        updates(update(coin="")),
        fills(fill(px="NaN")),
        fills(fill(sz="0.0")),
        fills(fill(sz="-1.0")),
        fills(fill(startPosition="")),
        fills(fill(fee="1_0")),
        fills(fill(time=-1)),
        fills(fill(sz="9" * 200)),
        fills(fill(coin="xyz:")),
        {"channel": "user", "data": {"nonUserCancel": [{"coin": "", "oid": 1}]}},
    ],
)
def test_what_cannot_be_a_fact_is_reported_with_its_text(frame: dict[str, Any]) -> None:
    account = Account()
    (found,) = [fact for fact, _ in tell(account, facts(frame), now=1)]
    assert isinstance(found, Unreadable)
    assert json.loads(found.raw)
    assert found.why
    assert len(account) == 0


def test_what_a_book_refuses_is_reported() -> None:
    account = Account()
    ((refused, _),) = tell(account, facts(updates(update("canceled", oid=0))), now=1)
    assert isinstance(refused, Unreadable)
    assert "oid" in refused.why


@settings(deadline=None, max_examples=300)
@given(messages(streams.Frame))
def test_no_frame_raises(frame: Any) -> None:
    for _ in tell(Account(), facts_of(frame), now=1):
        pass


# Recordings


@recorded.needed
def test_recorded_fills_count_once_each_and_nothing_contradicts_them() -> None:
    told: list[dict[str, Any]] = recorded.answer("hl_sdk_get_user_fills.json")
    account = Account()
    for part in (told, recorded.answer("hl_sdk_get_user_fills_by_time.json"), told[::-1]):
        read = fills_of(json.dumps(part))
        assert not read.damaged
        list(tell(account, facts_of(list(read.fills)), now=account.now + 1))
    kinds = {type(one.event).__name__ for one in account.drain_events()}
    assert kinds == {"Unattributed"}
    for key, book in account.items():
        moves = [
            Decimal(one["sz"]) * (1 if one["side"] == "B" else -1)
            for one in told
            if one["coin"] == key.market
        ]
        assert book.position == sum(moves)


@recorded.needed
def test_recorded_dust_is_taken_off_and_a_spot_fee_is_of_the_asset() -> None:
    account = Account()
    read = fills_of(json.dumps(recorded.answer("nautilus_http_user_fills_dust_conversion.json")))
    list(tell(account, facts_of(list(read.fills)), now=1))
    assert account.position("@142") == Decimal("-0.0000086141")
    assert account.position("@156") == Decimal("1.267") - Decimal("0.00088689")


@recorded.needed
def test_every_recorded_frame_is_facts_or_says_nothing() -> None:
    account = Account()
    found = [
        fact
        for frame in recorded.lines("observed_frames.jsonl")
        for fact, _ in tell(account, facts(frame), now=1)
    ]
    assert [type(one).__name__ for one in found].count("StatusTold") == 6
    assert not any(isinstance(one, Unreadable) for one in found)
