"""Measure what the pass-through adds to a request, and to a message of a websocket.

Run `python bench/record.py`. A server that echoes and the pass-through have a process each; one
client asks both in turns, one request at a time, so that a slow moment of the machine is in both.
On a machine that has other things to do, the fastest tenth is what it would be on a quiet one.
"""

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp import web
from echoing import echo_app, serve

from truebook.venue.passing import SERVING, Passing
from truebook.venue.recording import Lines, Recording

ROUNDS, LINES = 3_000, 100_000
ORDER = (
    b'{"action":{"type":"order","orders":[{"a":1,"b":true,"p":"3000.4","s":"0.1","r":false,'
    b'"t":{"limit":{"tif":"Gtc"}},"c":"0x%b"}],"grouping":"na"},"nonce":1764000000000,'
    b'"signature":{"r":"0x%b","s":"0x%b","v":27},"vaultAddress":null,"expiresAfter":null}'
    % (b"cd" * 16, b"ab" * 32, b"ef" * 32)
)


def served(port: Any, to: str, file: Path) -> None:
    """Serve the echo, or the pass-through to one, until the process ends; put the port."""

    async def run() -> None:
        if to:
            app = Passing(to, Recording.to(Lines.onto(file))).app()
            await serve(web.AppRunner(app, **SERVING), port)
        else:
            await serve(web.AppRunner(echo_app(echo_frames), access_log=None), port)

    asyncio.run(run())


async def echo_frames(request: web.Request) -> web.WebSocketResponse:
    """Send each frame back."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data)
    return socket


async def measured(straight: str, through: str) -> None:
    """Print how long both ways take."""
    async with aiohttp.ClientSession() as session:

        async def ask(url: str) -> None:
            async with session.post(f"{url}/exchange", data=ORDER) as reply:
                assert await reply.read() == ORDER

        await compared("a request", lambda: ask(straight), lambda: ask(through))
        async with (
            session.ws_connect(f"{straight}/ws") as bare,
            session.ws_connect(f"{through}/ws") as passed,
        ):
            text = ORDER.decode()

            async def say(socket: aiohttp.ClientWebSocketResponse) -> None:
                await socket.send_str(text)
                await socket.receive_str()

            await compared("a message and its echo", lambda: say(bare), lambda: say(passed))


async def compared(
    what: str, straight: Callable[[], Awaitable[None]], through: Callable[[], Awaitable[None]]
) -> None:
    """Do both by turns; print what they take, and the ratio."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS):
        for do, found in zip((straight, through), took, strict=True):
            started = time.perf_counter()
            await do()
            if number > ROUNDS // 10:
                found.append(time.perf_counter() - started)
    tenths = [[1e3 * one for one in statistics.quantiles(each, n=10)] for each in took]
    for name, place in (("fastest tenth", 0), ("median", 4)):
        bare, passed = (each[place] for each in tenths)
        print(
            f"{what:<22} {name:<14} {bare:.2f} ms straight, {passed:.2f} ms through: "
            f"{passed / bare:.1f} times"
        )


def written(folder: Path) -> None:
    """Print what it takes to write a line."""
    for name in ("plain.jsonl", "packed.jsonl.gz", "packed.jsonl.zst"):
        asyncio.run(_written(folder / name))


async def _written(file: Path) -> None:
    recording = Recording.to(Lines.anew(file))
    started = time.perf_counter()
    for number in range(LINES):
        recording.said("in", "http", ORDER, path="/exchange", id=number)
    recording.close()
    took = time.perf_counter() - started
    print(f"a line of {file.name:<17} {1e6 * took / LINES:.0f} µs")


def main() -> None:
    """Print how the ways compare, and what writing takes."""
    context = multiprocessing.get_context("spawn")
    ports: Any = context.Queue()
    running = []
    with TemporaryDirectory() as folder:
        try:
            urls = [""]
            for _ in range(2):
                arguments = (ports, urls[-1], Path(folder) / "recording.jsonl")
                running.append(context.Process(target=served, args=arguments))
                running[-1].start()
                urls.append(f"http://127.0.0.1:{ports.get(timeout=60)}")
            asyncio.run(measured(urls[1], urls[2]))
        finally:
            for process in running:
                process.terminate()
                process.join()
        written(Path(folder))


if __name__ == "__main__":
    main()
