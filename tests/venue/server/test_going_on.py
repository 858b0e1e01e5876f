"""A fault of the venue's own is said, and ends nothing: what is due is done, all else is told."""

import asyncio
import logging
from collections.abc import Iterator
from random import Random

import aiohttp
import pytest

from truebook.impl.venues.hyperliquid import actions, plain_of, signing, streams, write
from truebook.venue.engine import Crowd, Exchange
from truebook.venue.server import app, now
from truebook.venue.wire import Stream, now_of
from venue_server import Served, served

KEY = signing.Key.of("11" * 32)


def broken(exchange: Exchange, stream: Stream, now: int) -> Iterator[streams.Frame]:
    if stream[0] == "activeAssetCtx":
        raise ArithmeticError("it cannot be said")
    yield from now_of(exchange, stream, now)


def test_what_cannot_be_told_stops_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app, "now_of", broken)
    monkeypatch.setattr(app, "STATE_BEATS", 2)

    async def do(venue: Served) -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{venue.url}/ws") as socket,
        ):
            for asked in ({"type": "activeAssetCtx", "coin": "ETH"}, {"type": "allMids"}):
                await socket.send_json({"method": "subscribe", "subscription": asked})
            mids = set[str]()
            while len(mids) < 3:
                told = await socket.receive_json(timeout=10)
                if told["channel"] == "allMids":
                    mids.add(told["data"]["mids"]["ETH"])

    with caplog.at_level(logging.ERROR), served(crowd=Crowd(Random(1), walks=1.0)) as venue:
        asyncio.run(do(venue))
    (said,) = {one.message for one in caplog.records}
    assert said == "the venue goes on, but failed at telling activeAssetCtx ETH"


def test_what_fails_is_answered_on_both_ways(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ArithmeticError("it cannot be done")

    signed = [
        write(signing.sign(actions.Noop(), KEY, nonce=now() + n, mainnet=False)) for n in range(2)
    ]

    async def do(venue: Served) -> None:
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{venue.url}/exchange", data=signed[0]) as reply:
                assert reply.status == 500
            async with session.ws_connect(f"{venue.url}/ws") as socket:
                payload = {"type": "action", "payload": plain_of(signed[1])}
                await socket.send_json({"method": "post", "id": 1, "request": payload})
                told = await socket.receive_json(timeout=5)
                assert told["data"]["response"]["type"] == "error"

    with served() as venue:
        venue.within(lambda: venue.server.desk.signers.learn(KEY.address))
        venue.server.after = fails
        asyncio.run(do(venue))
    assert "the venue failed at a request to /exchange" in caplog.text
