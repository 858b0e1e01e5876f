"""The venue as a server: HTTP and websocket on one port, of this machine alone."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Final

import attrs
from aiohttp import web

from truebook.venue.engine import Crowd, Exchange
from truebook.venue.server.desk import Desk, Reply
from truebook.venue.server.signers import Signers
from truebook.venue.server.sockets import LARGEST, Sockets
from truebook.venue.wire import frames, moved

BEAT: Final = 0.05
"""Every so many seconds the venue does what is due, and others trade."""


def now() -> int:
    """Return the time, in milliseconds."""
    return time.time_ns() // 1_000_000


@attrs.define
class Server:
    """The venue, its sockets, and the others that trade there."""

    desk: Desk
    sockets: Sockets
    crowd: Crowd | None = None

    @classmethod
    def of(cls, exchange: Exchange, *, crowd: Crowd | None = None) -> "Server":
        """Return a server of a venue; `crowd` are the others that trade there."""
        desk = Desk(exchange, Signers(), now)
        return cls(desk, Sockets(desk), crowd)

    def app(self) -> web.Application:
        """Return the server as an application of aiohttp."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/exchange", self._answering(self.desk.request))
        app.router.add_post("/info", self._answering(self.desk.question))
        app.router.add_get("/ws", self.sockets.serve)
        app.cleanup_ctx.append(self._beating)
        return app

    def tell(self) -> None:
        """Tell the streams what has happened."""
        news = self.desk.exchange.take_news()
        for stream, frame in frames(news):
            self.sockets.tell(stream, frame)
        for stream, frame in moved(self.desk.exchange, news, self.desk.clock()):
            self.sockets.tell(stream, frame)

    def _answering(
        self, answer: Callable[[bytes], Reply]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            reply = answer(await request.read())
            self.tell()
            return web.Response(
                status=reply.status, body=reply.body, content_type="application/json"
            )

        return handle

    async def _beating(self, app: web.Application) -> AsyncIterator[None]:
        beat = asyncio.create_task(self._beat())
        yield
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat
        await self.sockets.close_all()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            moment = self.desk.clock()
            self.desk.exchange.pass_time(moment)
            if self.crowd is not None:
                self.crowd.step(self.desk.exchange, moment)
            self.tell()
