"""A websocket connection: what it subscribes to, and what waits to be sent on it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias

import attrs
from aiohttp import WSCloseCode, WSMsgType, web

from truebook.impl.venues.hyperliquid import (
    ANSWERS,
    CALLS,
    Unreadable,
    given,
    plain_of,
    streams,
    write,
)
from truebook.venue.server.desk import OK, Desk, Reply
from truebook.venue.server.listening import Listener
from truebook.venue.server.visitors import Visitor, Visitors
from truebook.venue.wire import Stream, first, stream_of

MOST_WAITING: Final = 10_000
MOST_BYTES: Final = 16 << 20
"""Who lets so many frames wait, or so much, is cut off: the venue's memory is not his buffer."""
CLOSING: Final = 1.0
"""Who does not read has so many seconds to learn that a connection is closed."""
IDLE: Final = 60.0
"""A connection on which the venue has sent nothing for so many seconds is closed."""
Ask: TypeAlias = Callable[[str, bytes | str], Awaitable[Reply | None]]
"""What answers a request or a question, by its path."""
LARGEST: Final = 1 << 20
"""A frame of a client has so many bytes at most."""


@attrs.define(eq=False)
class Connection:
    """One websocket; frames are put, and sent in their order by a task of its own.

    `streams` are those that it hears, each with the account that it is about, or none.
    """

    socket: web.WebSocketResponse
    request: web.Request
    visitor: Visitor
    streams: dict[Stream, str] = attrs.field(factory=dict)
    waiting: asyncio.Queue[bytes] = attrs.field(factory=lambda: asyncio.Queue(MOST_WAITING))
    size: int = 0
    cut: bool = False
    answering: set["asyncio.Task[None]"] = attrs.field(factory=set)

    def put(self, frame: bytes) -> None:
        """Let a frame wait to be sent; who does not read is cut off."""
        if self.cut:
            return
        if self.waiting.full() or self.size + len(frame) > MOST_BYTES:
            self.cut = True
            asyncio.get_running_loop().call_later(CLOSING, self.abort)
            return
        self.size += len(frame)
        self.waiting.put_nowait(frame)

    async def send(self) -> None:
        """Send what waits, until the connection ends; one that stays silent is closed."""
        try:
            while not self.socket.closed and not self.cut:
                frame = await asyncio.wait_for(self.waiting.get(), IDLE)
                self.size -= len(frame)
                await self.socket.send_str(frame.decode())
        except (TimeoutError, ConnectionError, RuntimeError):
            pass
        await self.close()

    async def close(self) -> None:
        """Close it in good order, or as a wire that is cut where the other end does not read."""
        try:
            await asyncio.wait_for(self.socket.close(code=WSCloseCode.GOING_AWAY), CLOSING)
        except TimeoutError:
            self.abort()

    def abort(self) -> None:
        """End it at once."""
        if self.request.transport is not None:
            self.request.transport.abort()


@attrs.define
class Sockets:
    """The connections, and who of them hears what."""

    desk: Desk
    ask: Ask = attrs.field(init=False)
    listeners: Sequence[Listener] = ()
    visitors: Visitors = attrs.field(factory=Visitors)
    connections: dict[Connection, None] = attrs.field(factory=dict)
    shut_until: float = 0.0
    _closing: set["asyncio.Task[None]"] = attrs.field(factory=set)
    _heard_by: dict[Stream, dict[Connection, None]] = attrs.field(factory=dict)

    def tell(self, stream: Stream, frame: streams.Frame) -> None:
        """Send a frame to all that have subscribed to its stream."""
        heard_by = self._heard_by.get(stream)
        if heard_by:
            written = write(frame)
            for connection in heard_by:
                self._put(connection, written)

    def is_heard(self, stream: Stream) -> bool:
        """Return whether anybody has subscribed to a stream."""
        return stream in self._heard_by

    @property
    def heard(self) -> Sequence[Stream]:
        """The streams that anybody has subscribed to."""
        return tuple(self._heard_by)

    @property
    def is_shut(self) -> bool:
        """Whether nothing can come or go: the wire is cut."""
        return time.monotonic() < self.shut_until

    def cut(self, *, cleanly: bool, seconds: float) -> None:
        """Cut the wire, cleanly or not; for a while nothing comes or goes."""
        self.shut_until = time.monotonic() + seconds
        task = asyncio.create_task(self.close_all(cleanly=cleanly))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection, until it ends."""
        if self.is_shut:
            raise web.HTTPBadGateway
        visitor = self.visitors.come(request.remote or "")
        if visitor is None:
            raise web.HTTPTooManyRequests(text="null")
        try:
            return await self._serve(request, visitor)
        finally:
            visitor.connections -= 1

    async def _serve(self, request: web.Request, visitor: Visitor) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=LARGEST)
        await socket.prepare(request)
        connection = Connection(socket, request, visitor)
        self.connections[connection] = None
        sending = asyncio.create_task(connection.send())
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    self._said("in", message.data)
                    self._hear(connection, message.data)
        finally:
            self._forget(connection)
            connection.cut = True  # what was posted is done; its answer has nowhere to go
            sending.cancel()
        return socket

    async def close_all(self, *, cleanly: bool = True) -> None:
        """End every connection; not cleanly: as a wire that is cut."""
        some = list(self.connections)
        if cleanly:
            await asyncio.gather(*(one.close() for one in some))
        else:
            for one in some:
                one.abort()

    def _put(self, connection: Connection, frame: bytes) -> None:
        self._said("out", frame)
        connection.put(frame)

    def _said(self, way: str, raw: bytes | str) -> None:
        for listener in self.listeners:
            listener.said(way, "ws", raw)

    def _forget(self, connection: Connection) -> None:
        self.connections.pop(connection, None)
        for stream in list(connection.streams):
            self._unsubscribe(connection, stream)

    def _hear(self, connection: Connection, raw: bytes | str) -> None:
        refused = connection.visitor.why_not_send(time.monotonic())
        if refused:
            self._put(connection, write(streams.Error(refused)))
            return
        call = CALLS.read(raw)
        match call:
            case streams.Ping():
                self._put(connection, write(streams.Pong()))
            case streams.Subscribe():
                self._subscribe(connection, call.subscription)
            case streams.Unsubscribe():
                stream = stream_of(self.desk.exchange, call.subscription)
                if stream not in connection.streams:
                    words = f"Already unsubscribed: {_text(call.subscription)}"
                    self._put(connection, write(streams.Error(words)))
                    return
                self._unsubscribe(connection, stream)
                self._confirm(connection, "unsubscribe", call.subscription)
            case _:
                self._post(connection, raw, call)

    def _subscribe(self, connection: Connection, asked: streams.Subscription) -> None:
        stream = stream_of(self.desk.exchange, asked)
        if stream is None:
            self._put(connection, write(streams.Error(f"Invalid subscription {_text(asked)}")))
            return
        if stream in connection.streams:
            self._put(connection, write(streams.Error(f"Already subscribed: {_text(asked)}")))
            return
        user = given(asked.user, "").lower()
        refused = connection.visitor.why_not_subscribe(user)
        if refused:
            self._put(connection, write(streams.Error(refused)))
            return
        if user:
            self.desk.signers.learn(user)
        connection.streams[stream] = user
        connection.visitor.subscribed(user)
        self._heard_by.setdefault(stream, {})[connection] = None
        self._confirm(connection, "subscribe", asked)
        for frame in first(self.desk.exchange, stream, self.desk.clock()):
            self._put(connection, write(frame))

    def _unsubscribe(self, connection: Connection, stream: Stream) -> None:
        connection.visitor.unsubscribed(connection.streams.pop(stream))
        heard_by = self._heard_by.get(stream, {})
        heard_by.pop(connection, None)
        if not heard_by:
            self._heard_by.pop(stream, None)

    def _confirm(self, connection: Connection, method: Any, asked: streams.Subscription) -> None:
        response = streams.SubscriptionResponse(streams.Subscribed(method, asked))
        self._put(connection, write(response))

    def _post(self, connection: Connection, raw: bytes | str, call: Any) -> None:
        """Answer what is posted, in its own time; or say that a frame could not be read."""
        number, kind, payload = _posted(raw)
        if number is None:
            shown = call.raw if isinstance(call, Unreadable) else _text(call)
            words = f"Error parsing JSON into valid websocket request: {shown:.500}"
            self._put(connection, write(streams.Error(words)))
            return
        if len(connection.answering) >= connection.visitor.limits.posts:
            words = f"too many pending post requests id={number}"
            self._put(connection, write(streams.Error(words)))
            return
        task = asyncio.create_task(self._answer(connection, number, kind, payload))
        connection.answering.add(task)
        task.add_done_callback(connection.answering.discard)

    async def _answer(self, connection: Connection, number: int, kind: str, payload: bytes) -> None:
        reply = await self.ask("/info" if kind == "info" else "/exchange", payload)
        if reply is None:
            return
        response: Any
        if reply.status != OK:
            response = streams.PostedError(reply.body.decode())
        elif kind == "info":
            asked = json.loads(payload)
            response = streams.PostedInfo(streams.InfoPayload(asked["type"], plain_of(reply.body)))
        else:
            answer = ANSWERS.read(reply.body)
            assert not isinstance(answer, Unreadable)
            response = streams.PostedAction(answer)
        self._put(connection, write(streams.PostAnswer(streams.Posted(number, response))))


def _posted(raw: bytes | str) -> tuple[int | None, str, bytes]:
    """Return the number, the kind and the payload of a post; no number: it is none."""
    try:
        said = plain_of(raw)
        request = said["request"]
        number, kind = said["id"], request["type"]
        if said["method"] == "post" and kind in ("info", "action") and isinstance(number, int):
            return number, kind, write(request["payload"])
    except (ValueError, RecursionError, KeyError, TypeError):
        pass
    return None, "", b""


def _text(message: Any) -> str:
    return write(message).decode()
