"""Each fault does to a message what it says, and nothing to the others."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from truebook.impl.venues.hyperliquid import actions, signing, write
from truebook.venue.faults import LASTS, Do, Fault
from venue_server import Served, served

KEY = signing.Key.of("11" * 32)


class Client:
    def __init__(self, venue: Served, session: aiohttp.ClientSession) -> None:
        self.venue, self.session, self.nonce = venue, session, venue.server.desk.clock()

    def signed(self) -> actions.Signed:
        self.nonce += 1
        order = actions.NewOrder(1, True, "2990", "0.1", False, actions.Kind(actions.Limit("Gtc")))
        action = actions.PlaceOrders([order], "na")
        return signing.sign(action, KEY, nonce=self.nonce, mainnet=False)

    async def place(self) -> Any:
        url = f"{self.venue.url}/exchange"
        async with self.session.post(url, data=write(self.signed())) as reply:
            return reply.status, await reply.text()

    async def clear(self) -> None:
        """Let the venue cancel what is open."""
        exchange, now = self.venue.server.desk.exchange, self.venue.server.desk.clock()
        self.venue.within(lambda: exchange.cancel_all(KEY.address, "canceled", now))

    async def ask(self, **question: Any) -> Any:
        asked = {"user": KEY.address, **question}
        async with self.session.post(f"{self.venue.url}/info", json=asked) as reply:
            return await reply.json()

    async def listed(self) -> int:
        return len(await self.ask(type="openOrders"))

    async def hear(self) -> aiohttp.ClientWebSocketResponse:
        socket = await self.session.ws_connect(f"{self.venue.url}/ws")
        asked = {"type": "orderUpdates", "user": KEY.address}
        await socket.send_json({"method": "subscribe", "subscription": asked})
        await socket.receive_json(timeout=5)
        return socket


def run(*faults: Fault, do: Callable[[Client], Awaitable[None]]) -> Sequence[Fault]:
    async def within(venue: Served) -> None:
        async with aiohttp.ClientSession() as session:
            await do(Client(venue, session))

    with served(*faults) as venue:
        venue.within(lambda: venue.server.desk.signers.learn(KEY.address))
        asyncio.run(within(venue))
        return venue.server.mishaps.mischief.done


async def words(socket: aiohttp.ClientWebSocketResponse, count: int) -> list[tuple[int, str]]:
    told = [await socket.receive_json(timeout=5) for _ in range(count)]
    return [
        (one["order"]["oid"] - 1_000_000, one["status"]) for frame in told for one in frame["data"]
    ]


STREAMED = {
    Do.LOST: [(1, "open"), (3, "open")],
    Do.TWICE: [(1, "open"), (2, "open"), (2, "open"), (3, "open")],
    Do.AFTER_NEXT: [(1, "open"), (3, "open"), (2, "open")],
    Do.LATE: [(1, "open"), (3, "open"), (2, "open")],
    Do.LIED: [(1, "open"), (2, "canceled"), (3, "open")],
}


@pytest.mark.parametrize("what", STREAMED)
def test_a_frame(what: Do) -> None:
    async def do(client: Client) -> None:
        socket = await client.hear()
        for _ in range(3):
            await client.place()
        assert await words(socket, len(STREAMED[what])) == STREAMED[what]
        assert await client.listed() == 3, "the truth is unharmed"

    fault = Fault(message="orderUpdates", nth=2, do=what, seconds=0.3 if what in LASTS else 0)
    assert list(run(fault, do=do)) == [fault]


@pytest.mark.parametrize(
    ("what", "types"),
    [(Do.CUT_CLEANLY, {WSMsgType.CLOSE}), (Do.CUT, {WSMsgType.CLOSED, WSMsgType.ERROR})],
)
def test_a_cut(what: Do, types: set[WSMsgType]) -> None:
    async def do(client: Client) -> None:
        socket = await client.hear()
        await client.place()
        assert (await socket.receive(timeout=5)).type in types
        with pytest.raises(aiohttp.ClientError):
            await client.hear()
        await asyncio.sleep(0.4)
        await client.hear()
        assert await client.listed() == 1

    run(Fault(message="orderUpdates", nth=1, do=what, seconds=0.3), do=do)


@pytest.mark.parametrize(
    ("what", "answer", "lives"),
    [
        (Do.TOO_MANY, (429, "null"), False),
        (Do.FAILED, (500, "null"), True),
        (Do.BAD_GATEWAY, (502, "<html>"), True),
        (Do.UNSENT, None, False),
        (Do.UNANSWERED, None, True),
        (Do.LATE, (200, '{"status":"ok"'), True),
        (Do.HELD, (200, '{"status":"ok"'), True),
    ],
)
def test_a_request(what: Do, answer: tuple[int, str] | None, lives: bool) -> None:
    async def do(client: Client) -> None:
        started = time.monotonic()
        if answer is None:
            with pytest.raises(aiohttp.ClientError):
                await client.place()
        else:
            status, text = await client.place()
            assert (status, text[: len(answer[1])]) == answer
        if what in LASTS:
            assert time.monotonic() - started >= 0.2
        assert await client.listed() == lives
        assert (await client.place())[0] == 200

    run(Fault(message="order", nth=1, do=what, seconds=0.2 if what in LASTS else 0), do=do)


@pytest.mark.parametrize(
    ("what", "count"), [(Do.OLDER, 1), (Do.INCOMPLETE, 1), (Do.EMPTY, 0), (Do.LATE, 2)]
)
def test_a_listing(what: Do, count: int) -> None:
    async def do(client: Client) -> None:
        await client.place()
        await asyncio.sleep(0.5)
        await client.place()
        assert await client.listed() == count
        assert await client.listed() == 2

    seconds = 0.25 if what in LASTS else 0
    run(Fault(message="openOrders", nth=1, do=what, seconds=seconds), do=do)


def test_a_status_of_what_is_live_may_be_unknown() -> None:
    async def do(client: Client) -> None:
        await client.place()
        words = [(await client.ask(type="orderStatus", oid=1_000_001))["status"] for _ in range(2)]
        assert words == ["unknownOid", "order"]

    run(Fault(message="orderStatus", nth=1, do=Do.UNKNOWN), do=do)


def test_a_request_that_is_held_takes_effect_later_and_one_that_is_late_at_once() -> None:
    async def do(client: Client) -> None:
        for lives in (0, 1):
            asked = asyncio.create_task(client.place())
            await asyncio.sleep(0.1)
            assert await client.listed() == lives
            assert (await asked)[0] == 200
            assert await client.listed() == 1
            await client.clear()

    held = Fault(message="order", nth=1, do=Do.HELD, seconds=0.3)
    run(held, Fault(message="order", nth=2, do=Do.LATE, seconds=0.3), do=do)


def test_what_was_posted_is_done_though_the_connection_is_closed_at_once() -> None:
    async def do(client: Client) -> None:
        for number in range(1, 6):
            socket = await client.session.ws_connect(f"{client.venue.url}/ws")
            payload = {"type": "action", "payload": json.loads(write(client.signed()))}
            await socket.send_json({"method": "post", "id": number, "request": payload})
            await socket.close()
        await asyncio.sleep(0.1)
        assert await client.listed() == 5

    run(do=do)
