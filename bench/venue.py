"""Measure how much the venue on the wire takes, as a ratio to a bare server that echoes.

Run `python bench/venue.py`. Both serve from a process of their own, asked by the same client, in
one run: orders over HTTP, each with its signature checked; updates of orders, forty a frame, to one
subscriber and to fifty (the echo sends frames as large).
Last, whether an order costs the same when a million have gone by.
"""

import asyncio
import multiprocessing
import time
from decimal import Decimal
from typing import Any

import aiohttp
from aiohttp import WSMsgType, web
from echoing import echo_app, serve

from truebook.impl.venues.hyperliquid import actions, markets, signing, write
from truebook.venue.engine import Asked, Exchange, Limits, Market, Order
from truebook.venue.server import Server, WireLimits

KEY = signing.Key.of("11" * 32)
ORDERS, FRAMES, CLIENTS = 2_000, 400, 16
BATCH = 40
"""So many orders are in a request, where frames are counted: each has an update in the frame."""
MILLION = 1_000_000


def exchange() -> Exchange:
    """Return a venue of one market."""
    market = Market(markets.Market("ETH", 0, 4), Decimal(3000))
    limits, traded = Limits(open_orders=1_000_000), Decimal(10**9)  # which also allows requests
    return Exchange({"ETH": market}, volume=traded, limits=limits)


def served(port: Any, which: str) -> None:
    """Serve the venue, or the echo, until the process ends; put its port where it is waited for."""

    async def run() -> None:
        if which == "venue":
            server = Server.of(exchange(), limits=WireLimits(connections=1_000))
            server.desk.signers.learn(KEY.address)
            app = server.app()
        else:
            app = echo_app(echo_frames)
        await serve(web.AppRunner(app, access_log=None), port)

    asyncio.run(run())


async def echo_frames(request: web.Request) -> web.WebSocketResponse:
    """Send each frame that comes to everybody, as often as it says."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    everybody.append(socket)
    async for message in socket:
        if message.type is WSMsgType.TEXT and message.data.startswith("{"):
            for one in everybody:
                await one.send_str(message.data)
    everybody.remove(socket)
    return socket


everybody: list[web.WebSocketResponse] = []


def orders(count: int, batch: int = 1) -> list[bytes]:
    """Return so many signed requests, each with a nonce of its own."""
    first = time.time_ns() // 1_000_000
    made = []
    for n in range(count):
        kind = actions.Kind(actions.Limit("Gtc"))
        one = actions.NewOrder(0, True, str(2000 + n % 900), "0.1", False, kind)
        action = actions.PlaceOrders([one] * batch, "na")
        made.append(write(signing.sign(action, KEY, nonce=first + n, mainnet=False)))
    return made


async def a_second(port: int, bodies: list[bytes]) -> float:
    """Return how many of them a server answers a second, asked by several clients at a time."""
    waiting = list(reversed(bodies))

    async def client(session: aiohttp.ClientSession) -> None:
        while waiting:
            async with session.post(
                f"http://127.0.0.1:{port}/exchange", data=waiting.pop()
            ) as reply:
                assert reply.status == 200
                await reply.read()

    started = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(client(session) for _ in range(CLIENTS)))
    return len(bodies) / (time.perf_counter() - started)


async def frames_a_second(port: int, which: str, hearers: int) -> float:
    """Return how many updates a server sends a second, to so many subscribers in all."""
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        sockets = [await session.ws_connect(f"{url}/ws") for _ in range(hearers)]
        if which == "venue":
            asked = {"type": "orderUpdates", "user": KEY.address}
            for socket in sockets:
                await socket.send_json({"method": "subscribe", "subscription": asked})
                await socket.receive()
        rounds = max(10, FRAMES // hearers)
        bodies = orders(rounds, BATCH)
        frame = "{" + "x" * 200 * BATCH

        async def hear(socket: aiohttp.ClientWebSocketResponse) -> None:
            for _ in range(rounds):
                await socket.receive()

        async def say() -> None:
            for body in bodies:
                if which == "venue":
                    async with session.post(f"{url}/exchange", data=body) as reply:
                        await reply.read()
                else:
                    await sockets[0].send_str(frame)

        started = time.perf_counter()
        await asyncio.gather(say(), *map(hear, sockets))
        took = time.perf_counter() - started
        await asyncio.gather(*(socket.close() for socket in sockets))
        await asyncio.sleep(0.2)
    return rounds * hearers * BATCH / took


def flat() -> None:
    """Print what an order costs at first, and when a million have gone by."""
    venue, asked = exchange(), Asked(coin="ETH", is_buy=True, price=Decimal(2900), size=Decimal(1))
    costs = []
    for _tenth in range(10):
        started = time.process_time()
        for n in range(MILLION // 10):
            order = venue.place(KEY.address, asked, n)
            assert isinstance(order, Order)
            venue.cancel(KEY.address, "ETH", order.oid, n)
            venue.take_news()
        costs.append(1e6 * (time.process_time() - started) / (MILLION // 10))
    print(
        f"an order placed and cancelled: {costs[0]:.0f} µs at first, {costs[-1]:.0f} at a million"
    )


def main() -> None:
    """Print rates, and their ratios to those of the echo."""
    found: dict[tuple[str, str], float] = {}
    for which in ("echo", "venue"):
        ports: Any = multiprocessing.get_context("spawn").Queue()
        process = multiprocessing.get_context("spawn").Process(target=served, args=(ports, which))
        process.start()
        try:
            port = ports.get(timeout=60)
            asyncio.run(a_second(port, orders(200)))
            time.sleep(0.3)  # nonces are times
            found["orders over HTTP", which] = asyncio.run(a_second(port, orders(ORDERS)))
            for hearers in (1, 50):
                time.sleep(2.5)
                rate = asyncio.run(frames_a_second(port, which, hearers))
                found[f"updates, {hearers} hearing", which] = rate
        finally:
            process.terminate()
            process.join()
    for what in dict.fromkeys(what for what, _ in found):
        ours, bare = found[what, "venue"], found[what, "echo"]
        print(f"{what:<20} {ours:>7,.0f} a second; {ours / bare:.2f} of an echo's {bare:,.0f}")
    flat()


if __name__ == "__main__":
    main()
