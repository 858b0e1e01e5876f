"""What no client should send: it is refused in words, and the venue's truth is unharmed."""

import asyncio
import io
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from truebook.impl.venues.hyperliquid import actions, signing, write
from truebook.venue.server import WireLimits, sockets
from venue_server import Served, served

KEY = signing.Key.of("11" * 32)
GARBAGE = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"{}",
    b"\xff\xfe",
    b'{"type":1}',
    b'{"type":"' + b"x" * 5_000 + b'"}',
    b"[" * 20_000,
    b'{"action":{"type":"order"},"nonce":1}',
    b'{"type":"orderStatus","user":3}',
    b'{"type":"openOrders","user":"0x1"}',
    b'{"type":"openOrders","user":"somebody"}',
    b'{"type":"userFees","user":"0x1"}',
    b'{"method":"subscribe","subscription":{"type":"userFills","user":"0x1"}}',
    b'{"method":"subscribe"}',
    b'{"method":"post","id":"x","request":{}}',
    b'{"method":7}',
]


def talk(do: Callable[[Served, aiohttp.ClientSession], Awaitable[None]]) -> Served:
    async def run(venue: Served) -> None:
        async with aiohttp.ClientSession() as session:
            await do(venue, session)

    with served() as venue:
        asyncio.run(run(venue))
        return venue


@pytest.mark.parametrize("raw", GARBAGE)
def test_garbage_is_refused_over_http(raw: bytes) -> None:
    async def do(venue: Served, session: aiohttp.ClientSession) -> None:
        for place in ("/exchange", "/info"):
            async with session.post(venue.url + place, data=raw) as reply:
                assert reply.status == 422
                assert "deserialize" in await reply.text()

    talk(do)


def test_garbage_is_refused_over_a_websocket_which_goes_on() -> None:
    async def do(venue: Served, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(f"{venue.url}/ws") as socket:
            for raw in GARBAGE:
                await socket.send_bytes(raw)
                told = await socket.receive_json(timeout=5)
                assert told["channel"] == "error"
            await socket.send_str('{"method":"ping"}')
            assert await socket.receive_json(timeout=5) == {"channel": "pong"}

    talk(do)


def test_what_is_too_large_is_refused() -> None:
    async def do(venue: Served, session: aiohttp.ClientSession) -> None:
        large = b" " * (sockets.LARGEST + 1)
        async with session.post(f"{venue.url}/info", data=io.BytesIO(large)) as reply:
            assert reply.status == 413
        async with session.ws_connect(f"{venue.url}/ws") as socket:
            await socket.send_bytes(large)
            assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE
        async with session.post(f"{venue.url}/info", data=b'{"type":"meta"}') as reply:
            assert reply.status == 200

    talk(do)


def test_a_nonce_that_is_replayed_places_nothing() -> None:
    async def do(venue: Served, session: aiohttp.ClientSession) -> None:
        venue.within(lambda: venue.server.desk.signers.learn(KEY.address))
        order = actions.NewOrder(
            0, True, "59000", "0.01", False, actions.Kind(actions.Limit("Gtc"))
        )
        nonce = venue.server.desk.clock()
        signed = signing.sign(actions.PlaceOrders([order], "na"), KEY, nonce=nonce, mainnet=False)
        answers = []
        for _ in range(2):
            async with session.post(f"{venue.url}/exchange", data=write(signed)) as reply:
                answers.append((await reply.json())["status"])
        assert answers == ["ok", "err"]
        account = venue.server.desk.exchange.account(KEY.address)
        assert len(account.standing) == 1

    talk(do)


def test_who_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MOST_WAITING", 50)

    async def do(venue: Served, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(f"{venue.url}/ws") as socket:
            await socket.send_json({"method": "subscribe", "subscription": {"type": "allMids"}})
            await socket.receive(timeout=5)
            (connection,) = venue.server.sockets.connections
            for _ in range(100):
                venue.loop.call_soon_threadsafe(connection.put, b"{}")
            venue.within(lambda: None)
            assert isinstance(connection, sockets.Socket)
            assert connection.cut
            while (await socket.receive(timeout=5)).type is not WSMsgType.CLOSE:
                pass

    talk(do)


def test_who_does_not_read_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "CLOSING", 0.1)

    async def run(venue: Served) -> None:
        host, port = venue.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=4_096)
        key = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        key += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        writer.write(f"GET /ws HTTP/1.1\r\nHost: {host}\r\n{key}".encode())
        await reader.readuntil(b"\r\n\r\n")
        while not venue.server.sockets.connections:
            await asyncio.sleep(0.01)
        (connection,) = venue.server.sockets.connections
        for _ in range(200):
            venue.loop.call_soon_threadsafe(connection.put, b'"' + b"x" * 100_000 + b'"')
        await asyncio.sleep(0.2)
        start = time.monotonic()
        await asyncio.to_thread(venue.wait, venue.server.sockets.close_all())
        assert time.monotonic() - start < 5
        writer.close()

    with served() as venue:
        asyncio.run(run(venue))


def test_a_thousand_connections_hear_the_same() -> None:
    async def do(venue: Served, session: aiohttp.ClientSession) -> None:
        asked = {
            "method": "subscribe",
            "subscription": {"type": "userFills", "user": "0x" + "0A" * 20},
        }
        some = [await session.ws_connect(f"{venue.url}/ws") for _ in range(1_000)]
        for socket in some:
            await socket.send_json(asked)
        for socket in some:
            told = [await socket.receive_json(timeout=20) for _ in range(2)]
            assert [one["channel"] for one in told] == ["subscriptionResponse", "userFills"]
        assert len(venue.server.sockets.connections) == 1_000
        await asyncio.gather(*(socket.close() for socket in some))
        for _ in range(100):
            if not venue.server.sockets.connections:
                break
            await asyncio.sleep(0.05)
        assert not venue.server.sockets.connections
        assert not venue.server.sockets.is_heard(("userFills", "0x" + "0a" * 20))

    async def run(venue: Served) -> None:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            await do(venue, session)

    with served(limits=WireLimits(connections=1_000)) as venue:
        asyncio.run(run(venue))


def test_a_question_may_be_posted_over_a_websocket() -> None:
    async def do(venue: Served, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(f"{venue.url}/ws") as socket:
            for kind, wanted in (("allMids", "info"), ("noSuchThing", "error")):
                payload: Any = {"type": "info", "payload": {"type": kind}}
                await socket.send_json({"method": "post", "id": 5, "request": payload})
                told = json.loads((await socket.receive(timeout=5)).data)
                assert (told["data"]["id"], told["data"]["response"]["type"]) == (5, wanted)

    talk(do)


def test_a_connection_on_which_nothing_is_sent_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "IDLE", 0.1)

    async def do(venue: Served, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(f"{venue.url}/ws") as socket:
            assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE

    talk(do)
