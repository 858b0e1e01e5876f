"""Streams that tell how something is: at once, when it has changed, and again and again."""

import asyncio
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from truebook.venue.server import app
from truebook.venue.wire import STATES
from venue_margin import eth
from venue_server import Served, served

USER = "0x" + "0a" * 20


async def told(socket: Any, channel: str) -> Any:
    """Return the next frame of a channel."""
    while True:
        frame = await socket.receive_json(timeout=5)
        if frame["channel"] == channel:
            return frame["data"]


async def heard(venue: Served, kind: str, again: Any) -> list[Any]:
    """Return what a stream tells at once, and then, once something was done."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{venue.url}/ws") as socket:
        asked = {"type": kind, "user": USER, "coin": "ETH"}
        await socket.send_json({"method": "subscribe", "subscription": asked})
        first = await told(socket, kind)
        again()
        return [first, await told(socket, kind)]


@pytest.mark.parametrize("kind", STATES)
def test_it_is_told_again_though_nothing_happens(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "STATE_BEATS", 2)
    with served() as venue:
        one, two = asyncio.run(heard(venue, kind, lambda: None))
        for each in (one, two):
            each.pop("serverTime", None)
            each.get("clearinghouseState", {}).pop("time", None)
        assert one == two


@pytest.mark.parametrize("kind", ["clearinghouseState", "openOrders"])
def test_it_is_told_when_it_changes(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "STATE_BEATS", 10**9)
    with served() as venue:
        exchange = venue.server.desk.exchange

        def trade() -> None:
            def place() -> None:
                exchange.place("0xother", eth(is_buy=False, size="0.5"), 1)
                exchange.place(USER, eth(is_buy=True, size="0.7"), 1)

            venue.within(place)

        one, two = asyncio.run(heard(venue, kind, trade))
        if kind == "openOrders":
            assert not one["orders"]
            assert [order["sz"] for order in two["orders"]] == ["0.2"]
        else:
            (held,) = two["clearinghouseState"]["assetPositions"]
            assert not one["clearinghouseState"]["assetPositions"]
            assert Decimal(held["position"]["szi"]) == Decimal("0.5")
