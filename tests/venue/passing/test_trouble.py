"""What goes wrong on the way to the venue is told to the bot as it is, and noted."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from passed import NOWHERE, UPGRADED, Passed, passing, raw_venue, upgraded, venue

MANY = 64 << 20
HELD = 24 << 20
"""What two systems' sockets and this process may hold of it, at most."""


async def post(url: str) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/exchange", data=b"{}") as reply,
    ):
        return reply.status, await reply.text()


def test_a_venue_that_is_not_there(tmp_path: Path) -> None:
    async def talk() -> None:
        async with passing(NOWHERE, tmp_path) as passed, aiohttp.ClientSession() as session:
            status, words = await post(passed.url)
            assert status == 502
            assert words.startswith(
                "the venue cannot be reached: Cannot connect to host 127.0.0.1:9"
            )
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(f"{passed.url}/ws")
            assert refused.value.status == 502
            asked, answered, note = passed.lines()
            assert (asked["way"], answered["way"]) == ("in", "out")
            assert (answered["id"], answered["status"], answered["body"]) == (1, 502, words)
            assert note["note"] == "a websocket was asked for, and the answer was 502"

    asyncio.run(talk())


def test_a_venue_that_nobody_answers_for(tmp_path: Path) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(full.getsockname())

        async def talk() -> None:
            url = f"http://127.0.0.1:{full.getsockname()[1]}"
            async with passing(url, tmp_path, patience=0.3) as passed:
                status, words = await post(passed.url)
                assert status == 504
                assert words.startswith("the venue cannot be reached: Connection timeout")
                assert [line.get("status") for line in passed.lines()] == [None, 504]

        asyncio.run(talk())


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nTransfer-",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    ],
)
def test_a_venue_that_cuts_an_answer_off(told: bytes, tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(told)

    async def talk() -> None:
        async with raw_venue(answer) as url, passing(url, tmp_path) as passed:
            with pytest.raises(aiohttp.ClientError):
                await post(passed.url)
            assert [line.get("way", "note") for line in passed.lines()] == ["in", "note", "lost"]
            assert "the connection to the venue was cut off" in passed.notes()[0]
            assert passed.lines()[-1]["id"] == 1

    asyncio.run(talk())


def test_a_venue_that_speaks_no_http(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 smtp.example ESMTP\r\n")

    async def talk() -> None:
        async with raw_venue(answer) as url, passing(url, tmp_path) as passed:
            status, words = await post(passed.url)
            assert status == 502
            assert words.startswith("the venue's answer is no HTTP")

    asyncio.run(talk())


def test_an_answer_without_a_type_gets_none(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nX-A: 1\r\nX-A: 2\r\n\r\n{}")
        await writer.drain()

    async def talk() -> None:
        async with raw_venue(answer) as url, passing(url, tmp_path) as passed:
            reader, writer = await asyncio.open_connection("127.0.0.1", passed.port)
            writer.write(b"GET /info HTTP/1.1\r\nHost: x\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head == b"HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nX-A: 1\r\nX-A: 2\r\n\r\n"
            writer.close()

    asyncio.run(talk())


@pytest.mark.parametrize("asked", [b"GET http://other.example/info", b"OPTIONS *"])
def test_who_takes_it_for_a_proxy_is_told(asked: bytes, tmp_path: Path) -> None:
    async def talk() -> None:
        async with passing(NOWHERE, tmp_path) as passed:
            reader, writer = await asyncio.open_connection("127.0.0.1", passed.port)
            writer.write(asked + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert (await reader.read()).split()[1] in (b"400", b"404")
            assert passed.lines() == []
            writer.close()

    asyncio.run(talk())


def test_a_websocket_that_is_refused(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=403, text="not you")

    async def talk() -> None:
        async with venue(handler) as url, passing(url, tmp_path) as passed:
            async with aiohttp.ClientSession() as session:
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await session.ws_connect(f"{passed.url}/ws")
                assert refused.value.status == 403
                async with session.get(
                    f"{passed.url}/ws", headers={"Upgrade": "websocket"}
                ) as told:
                    assert await told.text() == "not you"
            assert passed.notes() == ["a websocket was asked for, and the answer was 403"] * 2

    asyncio.run(talk())


async def flood(write: Callable[[bytes], Any], drain: Callable[[], Awaitable[Any]]) -> int:
    """Say very much, until nobody takes it any more; return how much was taken."""
    taken, piece = 0, b"\x82\x7e\xff\xff" + bytes(0xFFFF)
    while taken < MANY:
        write(piece)
        try:
            await asyncio.wait_for(drain(), 0.5)
        except TimeoutError:
            break
        taken += len(piece)
    return taken


@pytest.mark.parametrize("over", ["ws", "http"])
def test_who_reads_slowly_is_waited_for(over: str, tmp_path: Path) -> None:
    taken: list[int] = []
    head = UPGRADED if over == "ws" else b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        taken.append(await flood(writer.write, writer.drain))

    async def talk() -> None:
        async with raw_venue(answer) as url, passing(url, tmp_path) as passed:
            reader, writer = await begun(passed)
            async with asyncio.timeout(60):
                while not taken:
                    await asyncio.sleep(0.05)
                assert taken[0] < HELD
                assert len(await reader.read(-1)) >= taken[0]  # and nothing of it is lost
            writer.close()

    async def begun(passed: Passed) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if over == "ws":
            return await upgraded(passed)
        reader, writer = await asyncio.open_connection("127.0.0.1", passed.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return reader, writer

    asyncio.run(talk())


def test_a_venue_that_reads_slowly_is_waited_for(tmp_path: Path) -> None:
    heard: list[int] = []
    go_on = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(UPGRADED)
        await go_on.wait()
        heard.append(len(await reader.read(-1)))

    async def talk() -> None:
        async with raw_venue(answer) as url, passing(url, tmp_path) as passed:
            _, writer = await upgraded(passed)
            taken = await flood(writer.write, writer.drain)
            assert taken < HELD
            go_on.set()
            writer.write_eof()
            async with asyncio.timeout(60):
                while not heard:
                    await asyncio.sleep(0.05)
            assert heard[0] >= taken
            writer.close()

    asyncio.run(talk())
