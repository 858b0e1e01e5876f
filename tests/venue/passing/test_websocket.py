"""Websockets pass byte for byte, and their messages are recorded."""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType, web
from hypothesis import given, settings
from hypothesis import strategies as st

from passed import UPGRADED, Passed, passing, raw_venue, upgraded, venue

MESSAGES = st.lists(
    st.text(max_size=50)
    | st.binary(max_size=50)
    | st.integers().map(lambda n: json.dumps({"n": n}))
    | st.sampled_from(("z" * 70_000, b"\0" * 70_000)),
    max_size=8,
)


async def send(socket: Any, message: str | bytes) -> None:
    await (socket.send_str if isinstance(message, str) else socket.send_bytes)(message)


def recorded(message: str | bytes) -> Any:
    """Return a message as a recording has it."""
    try:
        return json.loads(message)
    except ValueError:
        raw = message.encode() if isinstance(message, str) else message
        return raw.decode("utf-8", "backslashreplace")


def run(handler: Any, bot: Any, folder: Path) -> Passed:
    """Let a bot speak with a websocket of a venue; return the pass-through."""

    async def talk() -> Passed:
        async with venue(handler) as url, passing(url, folder) as passed:
            async with aiohttp.ClientSession() as session:
                await bot(session, f"{passed.url}/ws")
            await passed.noted("closed")
            return passed

    return asyncio.run(talk())


@settings(max_examples=40)
@given(said=MESSAGES, told=MESSAGES, compress=st.sampled_from((0, 9, 15)))
def test_messages_pass_in_their_order(
    said: list[str | bytes], told: list[str | bytes], compress: int
) -> None:
    heard: list[str | bytes] = []
    came: list[str | bytes] = []
    packed: list[bool] = []

    async def handler(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        packed.append(bool(socket.compress))
        for message in told:
            await send(socket, message)
        async for one in socket:
            heard.append(one.data)
            if len(heard) == len(said):
                await socket.close()
        return socket

    async def bot(session: aiohttp.ClientSession, url: str) -> None:
        async with session.ws_connect(url, compress=compress) as socket:
            packed.append(bool(socket.compress))
            for message in said:
                await send(socket, message)
            if not said:
                await socket.send_str("")
                said.append("")
            async for one in socket:
                came.append(one.data)

    with tempfile.TemporaryDirectory() as folder:
        passed = run(handler, bot, Path(folder))
        assert passed.said("in", "ws") == [recorded(one) for one in said]
        assert passed.said("out", "ws") == [recorded(one) for one in told]
    assert heard == said
    assert came == told
    assert packed == [bool(compress)] * 2  # as the bot has asked


@settings(max_examples=30)
@given(said=st.lists(st.binary(min_size=1)), told=st.lists(st.binary(min_size=1)))
def test_bytes_pass_whatever_they_are(said: list[bytes], told: list[bytes]) -> None:
    async def talk(folder: Path) -> None:
        heard = bytearray()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(UPGRADED + b"".join(told[:1]))  # it does not wait to be asked
            for one in told[1:]:
                await writer.drain()
                writer.write(one)
            writer.write_eof()
            heard.extend(await reader.read())

        async with raw_venue(answer) as url, passing(url, folder) as passed:
            reader, writer = await upgraded(passed)
            for one in said:
                writer.write(one)
                await writer.drain()
            assert await reader.read() == b"".join(told)
            writer.write(b"what is said after the venue's end")
            writer.write_eof()
            async with asyncio.timeout(5):
                while not heard.endswith(b"end"):
                    await asyncio.sleep(0.01)
            writer.close()
        assert bytes(heard) == b"".join(said) + b"what is said after the venue's end"

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(talk(Path(folder)))


def test_the_handshake_is_that_of_the_bot_and_the_venue(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.WebSocketResponse:
        assert request.headers["Origin"] == "https://app.example"
        assert request.headers["X-Key"] == "7"
        socket = web.WebSocketResponse(protocols=("v2",))
        socket.headers["X-Venue"] = "8"
        await socket.prepare(request)
        await socket.send_str("Websocket connection established.")
        await socket.close()
        return socket

    async def bot(session: aiohttp.ClientSession, url: str) -> None:
        more: Any = {"headers": {"X-Key": "7"}, "origin": "https://app.example"}
        async with session.ws_connect(url, protocols=("v1", "v2"), **more) as socket:
            assert socket.protocol == "v2"
            assert socket._response.headers["X-Venue"] == "8"
            assert await socket.receive_str() == "Websocket connection established."

    passed = run(handler, bot, tmp_path)
    assert passed.said("out", "ws") == ["Websocket connection established."]


def test_pings_pass_each_way(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        asked = await socket.receive()
        assert (asked.type, asked.data) == (WSMsgType.PING, b"bot")
        await socket.ping(b"venue")
        answered = await socket.receive()
        assert (answered.type, answered.data) == (WSMsgType.PONG, b"venue!")
        await socket.close()
        return socket

    async def bot(session: aiohttp.ClientSession, url: str) -> None:
        async with session.ws_connect(url, autoping=False) as socket:
            await socket.ping(b"bot")
            asked = await socket.receive()
            assert (asked.type, asked.data) == (WSMsgType.PING, b"venue")
            await socket.pong(b"venue!")
            assert (await socket.receive()).type is WSMsgType.CLOSE

    assert not [line for line in run(handler, bot, tmp_path).lines() if "way" in line]


@pytest.mark.parametrize(("code", "words"), [(1000, b""), (1008, b"slow"), (4123, b"\xc3\xa9")])
@pytest.mark.parametrize("by_venue", [True, False])
def test_who_closes_says_why(code: int, words: bytes, by_venue: bool, tmp_path: Path) -> None:
    codes: list[Any] = []

    async def end(socket: Any, first: bool) -> None:
        if first:
            await socket.close(code=code, message=words)
        else:
            told = await socket.receive()
            assert (told.type, told.data, told.extra) == (WSMsgType.CLOSE, code, words.decode())
        codes.append(socket.close_code)

    async def handler(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await end(socket, by_venue)
        return socket

    async def bot(session: aiohttp.ClientSession, url: str) -> None:
        async with session.ws_connect(url) as socket:
            await end(socket, not by_venue)

    passed = run(handler, bot, tmp_path)
    assert codes == [code, 1000]  # as aiohttp answers it on either end
    who = "the venue" if by_venue else "the bot"
    assert (
        passed.notes()[0] == f"{who} closed a websocket with code {code} {words.decode()}".rstrip()
    )


@pytest.mark.parametrize("by_venue", [True, False])
def test_who_is_cut_off_cuts_off_the_other(by_venue: bool, tmp_path: Path) -> None:
    ended: list[WSMsgType] = []

    async def handler(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert request.transport is not None
        if by_venue:
            request.transport.abort()
        ended.append((await socket.receive()).type)
        return socket

    async def talk() -> None:
        async with venue(handler) as url, passing(url, tmp_path) as passed:
            async with aiohttp.ClientSession() as session:
                socket = await session.ws_connect(f"{passed.url}/ws")
                if by_venue:
                    assert (await socket.receive()).type is WSMsgType.CLOSED
                    assert socket.close_code in (1000, 1006)
                else:
                    assert socket._conn is not None
                    assert socket._conn.transport is not None
                    socket._conn.transport.abort()
                async with asyncio.timeout(5):
                    while not ended:
                        await asyncio.sleep(0.01)
            assert passed.lines() == []

    asyncio.run(talk())
    assert ended[0] in (WSMsgType.CLOSED, WSMsgType.ERROR, WSMsgType.CLOSING)


def test_what_is_no_frame_passes_and_is_said_once(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(UPGRADED + b"\x81\x02{}" + b"\xff garbage ")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(b"\x81\x02{}")

    async def talk() -> Passed:
        async with raw_venue(answer) as url, passing(url, tmp_path) as passed:
            reader, writer = await upgraded(passed)
            assert await reader.read() == b"\x81\x02{}\xff garbage \x81\x02{}"
            writer.close()
            await passed.noted("no more")
            return passed

    passed = asyncio.run(talk())
    assert passed.said("out", "ws") == [{}]
    assert len(passed.notes()) == 1
    assert "no more of what the venue said on a websocket is recorded" in passed.notes()[0]


def test_a_connection_that_asked_before_may_become_a_websocket(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            return web.Response(body=b"[]")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for one in socket:
            await socket.send_str(one.data)
        return socket

    async def bot(session: aiohttp.ClientSession, url: str) -> None:
        async with session.post(url.replace("/ws", "/info"), data=b"{}") as reply:
            assert await reply.read() == b"[]"
        async with session.ws_connect(url) as socket:  # the session has that connection still
            await socket.send_str("[1]")
            assert await socket.receive_json() == [1]

    passed = run(handler, bot, tmp_path)
    assert [line["way"] for line in passed.lines() if "way" in line] == ["in", "out"] * 2
