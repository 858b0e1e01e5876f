"""The venue as a server: HTTP and websocket on one port."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any, Final

import attrs
from aiohttp import web

from truebook.impl.venues.hyperliquid import streams, write
from truebook.venue.engine import Crowd, Exchange, Liquidated, Traded
from truebook.venue.faults import Do, Fault, Mischief
from truebook.venue.recording import now
from truebook.venue.server.desk import BUSY, OK, Desk, Reply, Request
from truebook.venue.server.listening import Listener
from truebook.venue.server.mishaps import FAILED, Mishaps
from truebook.venue.server.signers import Signers
from truebook.venue.server.sockets import LARGEST, Sockets
from truebook.venue.server.visitors import Visitors, WireLimits
from truebook.venue.wire import STATES, Stream, frames, moved, now_of

_LOG: Final = logging.getLogger(__name__)
MOST_FAILED: Final = 100
"""So many different faults of ours are logged."""
BEAT: Final = 0.05
"""Every so many seconds the venue does what is due, and others trade."""
STATE_BEATS: Final = 20
"""Each so many of them it tells how everything is to those who hear of that again and again."""


@attrs.define
class Server:
    """The venue, its sockets, what goes wrong there, and the others that trade there.

    `before` hears of each request before it is done, `after` that it has been, or that time passed.
    """

    desk: Desk
    mishaps: Mishaps
    sockets: Sockets
    crowd: Crowd | None = None
    listeners: Sequence[Listener] = ()
    before: Callable[[Request], None] | None = None
    after: Callable[[], None] | None = None
    _requests: int = 0
    _failed: set[str] = attrs.field(factory=set)

    @classmethod
    def of(
        cls,
        exchange: Exchange,
        *,
        crowd: Crowd | None = None,
        mischief: Mischief | None = None,
        listeners: Sequence[Listener] = (),
        limits: WireLimits | None = None,
    ) -> "Server":
        """Return a server of a venue; `crowd` are the others, `mischief` what goes wrong.

        `limits`: other ones than the venue's own.
        """
        visitors = Visitors(limits or WireLimits())
        desk, mishaps = Desk(exchange, Signers(), now), Mishaps(mischief or Mischief(), exchange)
        sockets = Sockets(desk, listeners=listeners, visitors=visitors)
        server = cls(desk, mishaps, sockets, crowd, listeners)
        server.sockets.ask = server.ask
        return server

    def app(self) -> web.Application:
        """Return the server as an application of aiohttp."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/exchange", self._http)
        app.router.add_post("/info", self._http)
        app.router.add_get("/ws", self.sockets.serve)
        app.cleanup_ctx.append(self._beating)
        return app

    async def ask(self, path: str, raw: bytes | str) -> Reply | None:
        """Return the answer to a request or a question; None where there is to be none.

        Whatever comes is answered: a fault of ours by HTTP 500, and it is logged.
        """
        try:
            return await self._ask(path, raw)
        except Exception:
            _LOG.exception("the venue failed at a request to %s", path)
            return FAILED

    async def _ask(self, path: str, raw: bytes | str) -> Reply | None:
        if path == "/exchange":
            request = self.desk.request(raw)
            if isinstance(request, Reply):
                return request

            def act() -> Reply:
                if self.before is not None:
                    self.before(request)
                try:
                    return Reply(OK, write(self.desk.act(request)))
                finally:  # what was done of it is told, whatever became of the rest
                    if self.after is not None:
                        self.after()
                    self.tell()

            return await self.mishaps.request(request, act)
        asked = self.desk.question(raw)
        if isinstance(asked, Reply):
            return asked
        return await self.mishaps.question(
            asked, self.desk.clock(), lambda: self.desk.answer(asked)
        )

    def tell(self) -> None:
        """Tell the streams what has happened."""
        news = self.desk.exchange.take_news()
        if not news:
            return
        exchange, is_heard = self.desk.exchange, self.sockets.is_heard
        if self.listeners:
            users = {one.order.user for one in news if not isinstance(one, Traded | Liquidated)}
            for user in sorted(users & self.desk.signers.known):
                for listener in self.listeners:
                    listener.true(exchange.found(user))
        for stream, frame in frames(news):
            if is_heard(stream):
                self.mishaps.frame(stream, frame, self._send, self._cut)
        for stream in moved(news):
            if is_heard(stream):
                self._tell_now(stream)

    def tell_states(self) -> None:
        """Tell how everything is to those who hear of that again and again."""
        for stream in self.sockets.heard:
            if stream[0] in STATES:
                self._tell_now(stream)

    def _tell_now(self, stream: Stream) -> None:
        """Tell how something is; where that cannot be said, the other streams go on."""
        with self._going_on(f"telling {' '.join(stream)}"):
            for frame in now_of(self.desk.exchange, stream, self.desk.clock()):
                self._send(stream, frame)

    @contextmanager
    def _going_on(self, what: str) -> Iterator[None]:
        """Log a fault of ours, the first time it comes, and go on."""
        try:
            yield
        except Exception as error:
            words = f"{what}: {error!r}"
            if words not in self._failed and len(self._failed) < MOST_FAILED:
                self._failed.add(words)
                _LOG.exception("the venue goes on, but failed at %s", what)

    def _send(self, stream: Stream, frame: streams.Frame) -> None:
        self.sockets.tell(stream, frame)

    def _cut(self, fault: Fault) -> None:
        self.sockets.cut(cleanly=fault.do is Do.CUT_CLEANLY, seconds=fault.seconds)

    async def _http(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self._requests += 1
        number = self._requests
        self._said("in", raw, path=request.path, id=number)
        reply = BUSY if self.sockets.is_shut else await self.ask(request.path, raw)
        if reply is None:
            self._said("lost", b"null", path=request.path, id=number)
            if request.transport is not None:
                request.transport.abort()
            raise asyncio.CancelledError
        self._said("out", reply.body, path=request.path, id=number, status=reply.status)
        kind = "application/json" if reply.status != BUSY.status else "text/html"
        return web.Response(status=reply.status, body=reply.body, content_type=kind)

    def _said(self, way: str, raw: bytes, **more: Any) -> None:
        for listener in self.listeners:
            listener.said(way, "http", raw, **more)

    async def _beating(self, app: web.Application) -> AsyncIterator[None]:
        beat = asyncio.create_task(self._beat())
        yield
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat
        await self.sockets.close_all()

    async def _beat(self) -> None:
        for beat in count(1):
            await asyncio.sleep(BEAT)
            moment = self.desk.clock()
            with self._going_on("what is due"):
                self.desk.exchange.pass_time(moment)
            if self.crowd is not None:
                with self._going_on("what others do"):
                    self.crowd.step(self.desk.exchange, moment)
            with self._going_on("telling what has happened"):
                if self.after is not None:
                    self.after()
                self.tell()
            if not beat % STATE_BEATS:
                self.tell_states()
