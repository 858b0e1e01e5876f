"""A websocket connection: what it subscribes to, and what waits to be sent on it."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final

import attrs
from aiohttp import WSCloseCode, WSMsgType, web

from truebook.impl.venues.hyperliquid import CALLS, Unreadable, streams, write
from truebook.venue.server.desk import OK, Desk
from truebook.venue.wire import Stream, first, stream_of

MOST_WAITING: Final = 10_000
"""Whoever lets so many frames wait is cut off: the venue's memory is not his buffer."""
IDLE: Final = 60.0
"""A connection on which the venue has sent nothing for so many seconds is closed."""
MOST_SUBSCRIPTIONS: Final = 1_000
LARGEST: Final = 1 << 20
"""A frame of a client has so many bytes at most."""


@attrs.define(eq=False)
class Connection:
    """One websocket; frames are put, and sent in their order by a task of its own."""

    socket: web.WebSocketResponse
    request: web.Request
    streams: dict[Stream, None] = attrs.field(factory=dict)
    waiting: asyncio.Queue[bytes] = attrs.field(factory=lambda: asyncio.Queue(MOST_WAITING))
    cut: bool = False

    def put(self, frame: bytes) -> None:
        """Let a frame wait to be sent; who does not read is cut off."""
        if self.cut:
            return
        try:
            self.waiting.put_nowait(frame)
        except asyncio.QueueFull:
            self.cut = True

    async def send(self) -> None:
        """Send what waits, until the connection ends; one that stays silent is closed."""
        try:
            while not self.socket.closed and not self.cut:
                frame = await asyncio.wait_for(self.waiting.get(), IDLE)
                await self.socket.send_str(frame.decode())
        except (TimeoutError, ConnectionError, RuntimeError):
            pass
        await self.socket.close(code=WSCloseCode.GOING_AWAY)


@attrs.define
class Sockets:
    """The connections, and who of them hears what."""

    desk: Desk
    connections: dict[Connection, None] = attrs.field(factory=dict)
    _heard_by: dict[Stream, dict[Connection, None]] = attrs.field(factory=dict)

    def tell(self, stream: Stream, frame: streams.Frame) -> None:
        """Send a frame to all that have subscribed to its stream."""
        heard_by = self._heard_by.get(stream)
        if heard_by:
            written = write(frame)
            for connection in heard_by:
                connection.put(written)

    def hears(self, kind: str) -> Iterator[str]:
        """Yield of whom, or what, a kind of stream is subscribed to."""
        for name, of in list(self._heard_by):
            if name == kind:
                yield of

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection, until it ends."""
        socket = web.WebSocketResponse(max_msg_size=LARGEST)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections[connection] = None
        sending = asyncio.create_task(connection.send())
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    self._hear(connection, message.data)
        finally:
            self._forget(connection)
            sending.cancel()
        return socket

    async def close_all(self, *, cleanly: bool = True) -> None:
        """End every connection; not cleanly: as a wire that is cut."""
        for connection in list(self.connections):
            if cleanly:
                await connection.socket.close(code=WSCloseCode.GOING_AWAY)
            elif connection.request.transport is not None:
                connection.request.transport.abort()

    def _forget(self, connection: Connection) -> None:
        self.connections.pop(connection, None)
        for stream in list(connection.streams):
            self._unsubscribe(connection, stream)

    def _hear(self, connection: Connection, raw: bytes | str) -> None:
        call = CALLS.read(raw)
        match call:
            case streams.Ping():
                connection.put(write(streams.Pong()))
            case streams.Subscribe():
                self._subscribe(connection, call.subscription)
            case streams.Unsubscribe():
                self._unsubscribe(connection, stream_of(call.subscription))
                self._confirm(connection, "unsubscribe", call.subscription)
            case streams.Post(request=streams.ActionRequest() as request):
                answer = self.desk.act(request.payload)
                self._answer(connection, call.id, streams.PostedAction(answer))
            case _:
                self._other(connection, raw, call)

    def _subscribe(self, connection: Connection, asked: streams.Subscription) -> None:
        stream = stream_of(asked)
        if stream in connection.streams:
            connection.put(write(streams.Error(f"Already subscribed: {_text(asked)}")))
            return
        if len(connection.streams) >= MOST_SUBSCRIPTIONS:
            connection.put(write(streams.Error("Too many subscriptions")))
            return
        if asked.user:
            self.desk.signers.learn(asked.user)
        connection.streams[stream] = None
        self._heard_by.setdefault(stream, {})[connection] = None
        self._confirm(connection, "subscribe", asked)
        for frame in first(self.desk.exchange, stream, self.desk.clock()):
            connection.put(write(frame))

    def _unsubscribe(self, connection: Connection, stream: Stream) -> None:
        connection.streams.pop(stream, None)
        heard_by = self._heard_by.get(stream, {})
        heard_by.pop(connection, None)
        if not heard_by:
            self._heard_by.pop(stream, None)

    def _confirm(self, connection: Connection, method: Any, asked: streams.Subscription) -> None:
        response = streams.SubscriptionResponse(streams.Subscribed(method, asked))
        connection.put(write(response))

    def _answer(self, connection: Connection, number: int, response: Any) -> None:
        connection.put(write(streams.PostAnswer(streams.Posted(number, response))))

    def _other(self, connection: Connection, raw: bytes | str, call: Any) -> None:
        """Answer a question that is posted, or say that a frame could not be read."""
        number, payload = _question_in(raw)
        if number is None:
            shown = call.raw if isinstance(call, Unreadable) else _text(call)
            words = f"Error parsing JSON into valid websocket request: {shown:.500}"
            connection.put(write(streams.Error(words)))
            return
        reply = self.desk.question(json.dumps(payload))
        if reply.status != OK:
            self._answer(connection, number, streams.PostedError(reply.body.decode()))
            return
        told = streams.InfoPayload(str(payload["type"]), json.loads(reply.body))
        self._answer(connection, number, streams.PostedInfo(told))


def _question_in(raw: bytes | str) -> tuple[int | None, Any]:
    """Return the number and the question of a post; no number: it is none."""
    try:
        said = json.loads(raw)
        request = said["request"]
        if said["method"] == "post" and request["type"] == "info":
            return int(said["id"]), request["payload"]
    except (ValueError, RecursionError, KeyError, TypeError):
        pass
    return None, None


def _text(message: Any) -> str:
    return write(message).decode()
