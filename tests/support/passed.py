"""A pass-through to any venue, and venues of a few lines: all in one event loop."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
from aiohttp import web

from truebook.venue.passing import SERVING, Passing
from truebook.venue.recording import Lines, Recording

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
NOWHERE = "http://127.0.0.1:9"


@attrs.frozen
class Passed:
    """A pass-through that is served: where, and what it has recorded by now."""

    url: str
    path: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def lines(self) -> list[dict[str, Any]]:
        """Return what is recorded, without times, but for the first line."""
        found = [json.loads(line) for line in self.path.read_bytes().splitlines()]
        assert all(isinstance(line.pop("time"), int) for line in found)
        assert found.pop(0) == {"recording": 1}
        return found

    def said(self, way: str, over: str) -> list[Any]:
        """Return the bodies of what was said on a way."""
        return [
            line["body"]
            for line in self.lines()
            if (line.get("way"), line.get("over")) == (way, over)
        ]

    def notes(self) -> list[str]:
        return [line["note"] for line in self.lines() if "note" in line]

    async def noted(self, words: str) -> None:
        """Wait until something is noted."""
        async with asyncio.timeout(10):
            while not any(words in note for note in self.notes()):
                await asyncio.sleep(0.01)


@asynccontextmanager
async def passing(
    to: str, folder: Path, *, patience: float = 5.0, trusted: ssl.SSLContext | bool = True
) -> AsyncIterator[Passed]:
    """Serve a pass-through to a venue."""
    path = folder / "recording.jsonl"
    recording = Recording.to(Lines.anew(path))
    app = Passing(to, recording, patience=patience, trusted=trusted).app()
    try:
        async with serving(web.AppRunner(app, **SERVING)) as url:
            yield Passed(url, path)
    finally:
        recording.close()


@asynccontextmanager
async def serving(
    runner: web.AppRunner, *, secured: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """Serve what a runner runs; yield where."""
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secured).start()
        yield f"http{'s' if secured else ''}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def venue(handler: Handler, *, secured: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve a venue that answers every request by a function."""
    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, auto_decompress=False)
    async with serving(runner, secured=secured) as url:
        yield url


@asynccontextmanager
async def raw_venue(talk: Talk) -> AsyncIterator[str]:
    """Serve a venue that says bytes: once the head of a request has come, a function talks."""

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
ASKING = (
    b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


async def upgraded(passed: Passed) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask for a websocket, byte by byte; return its streams once it is there."""
    reader, writer = await asyncio.open_connection("127.0.0.1", passed.port)
    writer.write(ASKING)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
    return reader, writer
