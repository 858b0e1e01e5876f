"""The pass-through: what a bot asks goes to the venue as it is, and so does what comes back."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any, Final

import aiohttp
import attrs
from aiohttp import web
from yarl import URL

from truebook.venue.passing.frames import BINARY, CLOSE, TEXT, Frames, UnreadableError, closing
from truebook.venue.passing.headers import asked, decoded, passed
from truebook.venue.passing.splice import Hear, joined
from truebook.venue.recording import LARGEST, Recording

SERVING: Final[Mapping[str, Any]] = {
    "auto_decompress": False,  # a body passes as it came
    "handler_cancellation": True,  # a bot that has gone waits for nothing
    "shutdown_timeout": 1.0,
    "access_log": None,
}
"""How an application of it is served."""
_UNASKED: Final = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
"""Headers that aiohttp would add by itself to a request,"""
_UNSAID: Final = ("Content-Type", "Date", "Server")
"""and to an answer."""
BAD_REQUEST, BAD_GATEWAY, GATEWAY_TIMEOUT = 400, 502, 504


class _Answer(web.StreamResponse):
    """An answer with the headers that it came with."""

    def __init__(self, reply: aiohttp.ClientResponse) -> None:
        super().__init__(status=reply.status, reason=reply.reason, headers=passed(reply.headers))
        self.came_with = reply.headers


async def _as_it_came(request: web.Request, answer: web.StreamResponse) -> None:
    if isinstance(answer, _Answer):
        for name in _UNSAID:
            if name not in answer.came_with:
                answer.headers.popall(name, None)


@attrs.define
class Passing:
    """Passes requests and websockets on to a venue, and records what both say.

    `to` is the venue's address. Who cannot be reached within `patience` seconds is not there.
    `trusted` says whose certificates are believed; True: those that the system believes.
    """

    to: str
    recording: Recording
    first: int = 1
    patience: float = 30.0
    trusted: ssl.SSLContext | bool = True
    _numbers: Any = attrs.field(init=False)
    _session: aiohttp.ClientSession = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._numbers = count(self.first)

    def app(self) -> web.Application:
        """Return the pass-through as an application of aiohttp, to be served as `SERVING` says."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/{path:.*}", self._pass)
        app.on_response_prepare.append(_as_it_came)
        app.cleanup_ctx.append(self._asking)
        return app

    async def _asking(self, app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=self.trusted),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.patience),
            auto_decompress=False,
            skip_auto_headers=_UNASKED,
        ) as self._session:
            yield

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        if not request.raw_path.startswith("/"):  # a whole address: it is taken for a proxy
            return web.Response(status=BAD_REQUEST, text="name a path: all goes to one venue")
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._socket(request)
        raw = await request.read()
        said = _Exchange(self.recording, request.path, next(self._numbers))
        said.asked(decoded(raw, request.headers.get("Content-Encoding", "")))
        try:
            async with self._ask(request, raw) as reply:
                return await _answered(request, reply, said)
        except (aiohttp.ClientError, OSError) as error:
            return _failed(request, error, said)
        finally:
            said.over()

    def _ask(self, request: web.Request, raw: bytes, *, upgrade: bool = False) -> Any:
        return self._session.request(
            request.method,
            URL(self.to + request.raw_path, encoded=True),
            headers=asked(request.headers, upgrade=upgrade),
            data=raw or None,
            allow_redirects=False,
            read_until_eof=not upgrade,
        )

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """Pass on a websocket: once the venue has answered, its bytes."""
        said = _Exchange(self.recording, request.path, None)
        try:
            async with self._ask(request, b"", upgrade=True) as reply:
                if reply.status != 101:
                    return await _answered(request, reply, said)
                joined(
                    request.protocol,
                    reply.connection.protocol,
                    _head(reply),
                    heard=self._hearing("in", "the bot"),
                    told=self._hearing("out", "the venue"),
                )
                over: asyncio.Future[web.StreamResponse]
                over = asyncio.get_running_loop().create_future()
                try:
                    return await over  # it is cancelled when the bot's connection ends
                finally:
                    _cut(request)
        except (aiohttp.ClientError, OSError) as error:
            return _failed(request, error, said)

    def _hearing(self, way: str, who: str) -> Hear:
        """Return what hears one side of a websocket."""
        frames: Frames | None = Frames()

        def hear(data: bytes) -> None:
            nonlocal frames
            if frames is None:
                return
            try:
                for opcode, body in frames.feed(data):
                    if opcode in (TEXT, BINARY):
                        self.recording.said(way, "ws", body)
                    elif opcode == CLOSE:
                        self.recording.note(f"{who} closed a websocket {closing(body)}")
            except UnreadableError as error:
                frames = None
                words = f"no more of what {who} said on a websocket is recorded: {error}"
                self.recording.note(words)

        return hear


@attrs.define
class _Exchange:
    """A request and its answer in a recording; no number: a websocket that is asked for."""

    recording: Recording
    path: str
    number: int | None
    is_answered: bool = False

    def asked(self, raw: bytes) -> None:
        """Note the request."""
        self.recording.said("in", "http", raw, path=self.path, id=self.number)

    def answered(self, status: int, raw: bytes) -> None:
        """Note the answer, just before the last of it is told."""
        self.is_answered = True
        if self.number is None:
            self.recording.note(f"a websocket was asked for, and the answer was {status}")
        else:
            more = {"path": self.path, "id": self.number, "status": status}
            self.recording.said("out", "http", raw, **more)

    def over(self) -> None:
        """Note that nobody was told an answer, where that is so."""
        if not self.is_answered:
            self.recording.said("lost", "http", b"null", path=self.path, id=self.number)


async def _answered(
    request: web.Request, reply: aiohttp.ClientResponse, said: _Exchange
) -> web.StreamResponse:
    """Pass on an answer as it comes: no more of it is held than is to be recorded."""
    answer = _Answer(reply)
    await answer.prepare(request)
    parts, size = [], 0
    while True:
        some = await reply.content.readany()
        size += len(some)
        if size <= LARGEST:
            parts.append(some)
        if reply.content.at_eof():
            break
        await answer.write(some)
    if size <= LARGEST:
        whole = decoded(b"".join(parts), reply.headers.get("Content-Encoding", ""))
    else:
        whole = b"%d bytes: not recorded" % size
    said.answered(reply.status, whole)
    if some:
        await answer.write(some)
    await answer.write_eof()
    return answer


def _failed(request: web.Request, error: Exception, said: _Exchange) -> web.Response:
    """Return what a bot is told that went wrong on the way to the venue, or cut it off as well."""
    if request.transport is None or request.transport.is_closing():  # it is the bot that has gone
        raise asyncio.CancelledError
    words = f"the venue cannot be reached: {error or type(error).__name__}"
    if isinstance(error, TimeoutError):
        status = GATEWAY_TIMEOUT
    elif isinstance(error, aiohttp.ClientConnectorError):
        status = BAD_GATEWAY
    elif isinstance(error, aiohttp.ClientResponseError):
        status, words = BAD_GATEWAY, f"the venue's answer is no HTTP: {error.message}"
    else:
        said.recording.note(f"the connection to the venue was cut off: {error!r}")
        _cut(request)
        raise asyncio.CancelledError
    said.answered(status, words.encode())
    return web.Response(status=status, text=words)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _head(reply: aiohttp.ClientResponse) -> bytes:
    """Return the head of an answer as it came."""
    lines = [f"HTTP/1.1 {reply.status} {reply.reason}".encode()]
    lines += [name + b": " + value for name, value in reply.raw_headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"
