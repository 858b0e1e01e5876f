"""What an address may have and do over websockets, and in which words it is refused."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from truebook.venue.server import WireLimits
from truebook.venue.server.visitors import MINUTE, Visitor
from venue_server import Served, served

Connect = Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]]


def talk(do: Callable[[Served, Connect], Awaitable[None]], **limits: int) -> None:
    async def run(venue: Served) -> None:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession())

            async def connect() -> aiohttp.ClientWebSocketResponse:
                return await stack.enter_async_context(session.ws_connect(f"{venue.url}/ws"))

            await do(venue, connect)

    with served(limits=WireLimits(**limits)) as venue:
        asyncio.run(run(venue))


def of(user: int, kind: str = "orderUpdates") -> dict[str, str]:
    return {"type": kind, "user": f"0x{user:040x}"}


async def say(socket: Any, method: str, subscription: dict[str, str]) -> Any:
    await socket.send_json({"method": method, "subscription": subscription})
    told = await socket.receive_json(timeout=5)
    return told["data"] if told["channel"] == "error" else told["channel"]


def test_the_numbers_are_the_venues() -> None:
    assert WireLimits() == WireLimits(
        connections=10, subscriptions=1_000, users=15, messages=2_000, posts=100
    )


def test_the_eleventh_connection_is_refused_until_one_ends() -> None:
    async def do(venue: Served, connect: Connect) -> None:
        some = [await connect() for _ in range(10)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await connect()
        assert refused.value.status == 429
        await some[0].close()
        for _ in range(100):
            if len(venue.server.sockets.connections) < 10:
                break
            await asyncio.sleep(0.02)
        await connect()

    talk(do)


def test_subscriptions_are_counted_over_all_connections() -> None:
    async def do(venue: Served, connect: Connect) -> None:
        one, two = [await connect() for _ in range(2)]
        taken = "subscriptionResponse"
        assert await say(one, "subscribe", of(1)) == taken
        assert await say(two, "subscribe", of(1)) == taken
        assert await say(two, "subscribe", of(2)) == "Cannot subscribe to more than 2 channels."
        assert await say(one, "unsubscribe", of(1)) == taken
        assert await say(two, "subscribe", of(2)) == taken

    talk(do, subscriptions=2)


def test_accounts_are_counted_once_each() -> None:
    async def do(venue: Served, connect: Connect) -> None:
        socket = await connect()
        taken = "subscriptionResponse"
        assert await say(socket, "subscribe", of(1)) == taken
        assert await say(socket, "subscribe", of(1, "userEvents")) == taken
        assert await say(socket, "subscribe", of(2)) == "Cannot track more than 1 total users."
        for kind in ("orderUpdates", "userEvents"):
            assert await say(socket, "unsubscribe", of(1, kind)) == taken
        assert await say(socket, "subscribe", of(2)) == taken

    talk(do, users=1)


def test_messages_are_counted_by_the_minute() -> None:
    visitor = Visitor(WireLimits(messages=2))
    assert [visitor.why_not_send(at) for at in (0, 1)] == ["", ""]
    assert visitor.why_not_send(MINUTE - 1) == "Cannot send more than 2 messages per minute."
    assert visitor.why_not_send(MINUTE) == ""
    assert visitor.why_not_send(MINUTE) != ""

    async def do(venue: Served, connect: Connect) -> None:
        socket = await connect()
        for wanted in ("pong", "pong", "error"):
            await socket.send_str('{"method":"ping"}')
            assert (await socket.receive_json(timeout=5))["channel"] == wanted

    talk(do, messages=2)


def test_posts_that_wait_are_counted() -> None:
    async def do(venue: Served, connect: Connect) -> None:
        socket = await connect()
        request = {"type": "info", "payload": {"type": "allMids"}}
        await socket.send_json({"method": "post", "id": 5, "request": request})
        told = await socket.receive_json(timeout=5)
        assert told == {"channel": "error", "data": "too many pending post requests id=5"}

    talk(do, posts=0)


@pytest.mark.parametrize(
    "subscription",
    [
        {"type": "weather"},
        {"type": "l2Book", "coin": "NONE"},
        {"type": "candle", "coin": "ETH", "interval": "7m"},
        {"type": "userFills"},
        {"type": "clearinghouseState", "user": "0x" + "01" * 20, "dex": "xyz"},
    ],
)
def test_what_is_no_stream_is_refused(subscription: dict[str, str]) -> None:
    async def do(venue: Served, connect: Connect) -> None:
        socket = await connect()
        assert (await say(socket, "subscribe", subscription)).startswith("Invalid subscription {")
        assert (await say(socket, "unsubscribe", subscription)).startswith("Already unsubscribed")
        assert venue.server.sockets.heard == ()

    talk(do)
