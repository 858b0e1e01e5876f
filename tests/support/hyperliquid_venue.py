"""A small venue that speaks Hyperliquid's wire on a port of this machine, with faults to order.

It runs in a thread of its own; tests call its methods from theirs.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from decimal import Decimal
from types import TracebackType
from typing import Any, Self, TypeVar

import attrs
from aiohttp import WSMsgType, web

from hyperliquid_matching import Matching, shown
from truebook.impl.sync import SyncConfig
from truebook.impl.venues.hyperliquid import REQUESTS, Unreadable
from truebook.impl.venues.hyperliquid.live import HyperliquidBook, LiveConfig
from truebook.impl.venues.hyperliquid.signing import Key, signer_of

_Found = TypeVar("_Found")

SECRET = "0x" + "11" * 32
OWNER = Key.of(SECRET).address
QUICK = LiveConfig(
    time_limit=0.5,
    ping=0.2,
    silence=1.0,
    first_wait=0.01,
    start=10.0,
    closing=0.2,
    sync=SyncConfig(time_limit=1.0, attempts=2, back_off=0.01, interval=0.3),
)
"""How a book waits that is to be done soon."""
SLOW = attrs.evolve(QUICK, sync=SyncConfig(interval=600.0))
"""The same with no pass but those that something asks for."""


def a_book(venue: "HyperliquidVenue", **more: Any) -> HyperliquidBook:
    """Return a book on the venue, not open yet."""
    given: dict[str, Any] = {
        "url": venue.url,
        "wallet": SECRET,
        "markets": ["BTC", "ETH"],
        "strangers": "cancel",
        "journal": None,
        "live": QUICK,
    }
    return HyperliquidBook(**(given | more))


class HyperliquidVenue:
    """The venue: `with HyperliquidVenue(address) as venue`; `url` is where it is.

    `posted` are the actions that were done, `asked` the types of the questions, `refused` how many
    actions came with a nonce that was used. Faults: `late` is how
    many seconds an answer takes to an action that is done at once; None: it never comes. `status`
    is that of HTTP. A `deaf` one hears nothing and sends nothing, with its sockets open. A
    `losing` one does nothing of what is asked for, and answers nothing: those requests are `lost`.
    One that is not `confirming` says of no subscription that it was taken.
    `jumbles` says after how many seconds each frame is sent, once or more often, or never.
    """

    def __init__(self, *owners: str) -> None:
        owners = owners or (OWNER,)
        self.owners = [owner.lower() for owner in owners]
        self.matching = Matching(self._tell)
        self.posted: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.late: float | None = 0.0
        self.status = 200
        self.deaf = False
        self.losing = False
        self.confirming = True
        self.jumbles: Callable[[], list[float]] | None = None
        self.refused = 0
        self.lost: list[bytes] = []
        self.connections = 0
        self.url = ""
        self._nonces: set[int] = set()
        self._closed_until = 0.0
        self._sending: set[asyncio.Task[None]] = set()
        self._streams: dict[web.WebSocketResponse, set[str]] = {}
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    # What a test does

    def trade(self, oid: int, size: str) -> None:
        """Let somebody trade against a resting order."""
        self.do(lambda: self.matching.fill(oid, Decimal(size), taker=False))

    def end(self, oid: int, status: str = "canceled") -> None:
        """End an order that nobody asked to end."""
        self.do(lambda: self.matching.end(oid, status))

    def offer(self, coin: str, size: str) -> None:
        """Let the next orders trade so much on arrival."""
        self.do(lambda: self.matching.offered.update({coin: Decimal(size)}))

    def drop(self, seconds: float = 0.0) -> None:
        """Close every websocket, and take no other for some seconds."""

        async def close() -> None:
            self._closed_until = time.monotonic() + seconds
            for stream in list(self._streams):
                self._streams.pop(stream, None)
                await stream.close(code=1001)

        self._run(close())

    def find(self) -> list[Any]:
        """Let the requests that were lost arrive after all; return what is answered."""

        def arrive(raw: bytes) -> Any:
            refused = self._refused(raw)
            return refused or self.matching.act(json.loads(raw)["action"])

        return self.do(lambda: [arrive(raw) for raw in self.lost])

    def open_orders(self) -> dict[int, str]:
        """Return what can still trade, by oid."""
        return self.do(
            lambda: {
                one["oid"]: shown(one["left"])
                for one in self.matching.orders.values()
                if one["status"] == "open"
            }
        )

    def do(self, what: Callable[[], _Found]) -> _Found:
        """Do something in the venue's thread."""

        async def done() -> _Found:
            return what()

        return self._run(done())

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    # Within

    def _run(self, work: Coroutine[Any, Any, _Found]) -> _Found:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.add_routes(
            [
                web.post("/info", self._info),
                web.post("/exchange", self._exchange),
                web.get("/ws", self._stream),
            ]
        )
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        (address,) = runner.addresses
        self.url = f"http://127.0.0.1:{address[1]}"
        self._ready.set()
        await self._over.wait()
        for task in self._sending:
            task.cancel()
        for stream in list(self._streams):
            await stream.close()
        await runner.cleanup()

    async def _info(self, request: web.Request) -> web.Response:
        question = await request.json()
        self.asked.append(question["type"])
        return self._answer(self.matching.answer(question))

    async def _exchange(self, request: web.Request) -> web.Response:
        raw = await request.read()
        if self.losing and json.loads(raw)["action"]["type"] != "noop":
            self.lost.append(raw)
            await self._over.wait()
        answer = self._refused(raw)
        if answer is None:
            action = json.loads(raw)["action"]
            self.posted.append(action)
            answer = self.matching.act(action)
        if self.late is None:
            await self._over.wait()
        elif self.late:
            await asyncio.sleep(self.late)
        return self._answer(answer)

    def _refused(self, raw: bytes) -> Any:
        """Return the answer to what nobody may send; None: it may be executed."""
        signed = REQUESTS.read(raw)
        assert not isinstance(signed, Unreadable), signed
        signer = signer_of(signed, mainnet=False)
        if signer not in self.owners:
            return {"status": "err", "response": f"User or API Wallet {signer} does not exist."}
        if signed.nonce in self._nonces:
            self.refused += 1
            return {"status": "err", "response": f"Invalid nonce: duplicate nonce {signed.nonce}"}
        self._nonces.add(signed.nonce)
        now = time.time_ns() // 1_000_000
        assert isinstance(signed.expires_after, int), "a request can land at any time"
        if signed.expires_after < now:
            return {"status": "err", "response": "Action already expired"}
        return None

    def _answer(self, answer: Any) -> web.Response:
        if self.status != 200:
            return web.Response(status=self.status, text="null", content_type="application/json")
        return web.json_response(answer)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if time.monotonic() < self._closed_until:
            return web.Response(status=502)
        stream = web.WebSocketResponse()
        await stream.prepare(request)
        self.connections += 1
        self._streams[stream] = set()
        try:
            async for message in stream:
                if message.type is WSMsgType.TEXT and not self.deaf:
                    await self._called(stream, json.loads(message.data))
        finally:
            self._streams.pop(stream, None)
        return stream

    async def _called(self, stream: web.WebSocketResponse, call: dict[str, Any]) -> None:
        if call["method"] == "ping":
            await stream.send_json({"channel": "pong"})
            return
        assert call["method"] == "subscribe"
        subscription = call["subscription"]
        self._streams.setdefault(stream, set()).add(subscription["type"])
        told = {"method": "subscribe", "subscription": subscription}
        if self.confirming:
            await stream.send_json({"channel": "subscriptionResponse", "data": told})
        if subscription["type"] == "userFills":
            fills = self.matching.fills[::-1]
            data = {"isSnapshot": True, "user": subscription["user"], "fills": fills}
            await stream.send_json({"channel": "userFills", "data": data})

    def _tell(self, kind: str, frame: dict[str, Any]) -> None:
        """Send a frame to whoever subscribed to its kind, at once and in order."""
        for stream, kinds in list(self._streams.items()):
            if kind in kinds and not self.deaf:
                for wait in (0.0,) if self.jumbles is None else self.jumbles():
                    self._sending.add(task := asyncio.ensure_future(_send(stream, frame, wait)))
                    task.add_done_callback(self._sending.discard)


async def _send(stream: web.WebSocketResponse, frame: dict[str, Any], wait: float) -> None:
    if wait:
        await asyncio.sleep(wait)
    with suppress(ConnectionError):
        await stream.send_json(frame)


def until(what: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something is so; AssertionError where it does not come about."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"it did not come about within {seconds} s"
        time.sleep(0.01)
