"""The position in a spot market is a balance, which has no time: that is found around it."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from carried import STATE, Carrier
from said import fill
from truebook.impl.account import MarketKey
from truebook.impl.sync import VenuePosition
from truebook.impl.venues.hyperliquid import TO_INFO, Unreadable, write
from truebook.impl.venues.hyperliquid.client import (
    BALANCES,
    MarketClient,
    UnreadableAnswerError,
)
from truebook.impl.venues.hyperliquid.facts import balances_of
from truebook.impl.venues.hyperliquid.markets import Market, Markets

PURR = Market("PURR/USDC", 10_000, 0, "PURR")


def balances(**totals: str) -> dict[str, Any]:
    return {
        "balances": [
            {"coin": coin, "total": total, "hold": "1.0"} for coin, total in totals.items()
        ]
    }


def client(times: Iterator[int], fills: Any, held: Any) -> MarketClient:
    def state(question: Any) -> Any:
        return STATE | {"time": next(times)}

    carrier = Carrier(clearinghouseState=state, spotClearinghouseState=held, userFillsByTime=fills)
    return MarketClient(transport=carrier, user="0x1", market=PURR)


def since(*fills: dict[str, Any]) -> Any:
    return lambda question: [one for one in fills if one["time"] >= question["startTime"]]


def test_a_balance_is_as_of_a_time_at_which_nothing_traded() -> None:
    old, later = (fill(tid=tid, coin="PURR/USDC", time=time) for tid, time in ((1, 100), (2, 106)))
    one = client(iter((100, 105)), since(old, later), balances(USDC="9.0", PURR="7.0"))
    assert asyncio.run(one.position()) == VenuePosition(Decimal(7), as_of=106)


def test_one_that_trades_meanwhile_is_asked_for_again() -> None:
    between = fill(coin="PURR/USDC", time=103)
    held = iter((balances(PURR="7.0"), balances(PURR="8.0")))
    one = client(iter((100, 105, 110)), since(between), lambda question: next(held))
    assert asyncio.run(one.position()) == VenuePosition(Decimal(8), as_of=111)


def test_what_trades_in_other_markets_does_not_matter() -> None:
    one = client(iter((100, 105)), since(fill(coin="BTC", time=103)), balances(PURR="7.0"))
    assert asyncio.run(one.position()).position == 7


def test_one_that_trades_all_the_time_has_no_position() -> None:
    fills = [fill(tid=time, coin="PURR/USDC", time=time) for time in range(100, 200)]
    one = client(iter(range(100, 200, 5)), since(*fills), balances(PURR="7.0"))
    with pytest.raises(ValueError, match="trades all the time"):
        asyncio.run(one.position())
    assert isinstance(one.transport, Carrier)
    asked = [question["type"] for question in one.transport.asked]
    assert asked.count("spotClearinghouseState") == BALANCES


def test_a_token_that_is_not_there_is_none_and_one_that_cannot_be_read_is_no_answer() -> None:
    assert asyncio.run(client(iter((1, 2)), [], balances()).position()).position == 0
    with pytest.raises(UnreadableAnswerError):
        asyncio.run(client(iter((1, 2)), [], balances(PURR="many")).position())


def test_balances_are_positions_of_the_markets_that_trade_them() -> None:
    other = Market("@5", 10_005, 2, "PURR")
    state = TO_INFO["spotClearinghouseState"].read(write(balances(PURR="7.5", HYPE="1.0")))
    assert not isinstance(state, Unreadable)
    markets = Markets([PURR, other, Market("BTC", 0, 5)])
    found = balances_of(state, markets, sub_account="two")
    assert [
        (one.key, one.position, one.as_of) for one in found if not isinstance(one, Unreadable)
    ] == [
        (MarketKey("PURR/USDC", sub_account="two"), Decimal("7.5"), None),
        (MarketKey("@5", sub_account="two"), Decimal("7.5"), None),
    ]
