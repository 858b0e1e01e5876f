"""A client of a venue in the same process: what is said is said as over HTTP and a websocket."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final

import attrs

from truebook.impl.venues.hyperliquid import actions, signing, write
from truebook.venue.server import Connection, Server, Visitor, WireLimits

PATIENCE: Final = 1.5
"""Who is not answered for so many seconds waits no longer."""
AGAIN: Final = 0.3
"""So many seconds after its connection has ended a bot connects anew."""


@attrs.define(eq=False, kw_only=True)
class Inside(Connection):
    """A connection to a venue in the same process; `say` is told each frame."""

    say: Callable[[Any], None]
    ended: asyncio.Event = attrs.field(factory=asyncio.Event)

    def put(self, frame: bytes) -> None:
        """Tell a frame, once what is done now is done."""
        if not self.ended.is_set():
            asyncio.get_running_loop().call_soon(self.say, json.loads(frame))

    async def close(self) -> None:
        """End it."""
        self.abort()

    def abort(self) -> None:
        """End it."""
        self.ended.set()


@attrs.define(eq=False)
class Client:
    """Posts signed actions and questions, and hears streams, over which it connects anew."""

    server: Server
    key: signing.Key
    clock: Callable[[], int]
    streams: tuple[str, ...]
    say: Callable[[Any], None]
    _nonce: int = 0
    _asking: set["asyncio.Task[Any]"] = attrs.field(factory=set)

    async def act(self, action: actions.Action) -> Any:
        """Return what an action is answered; None where no answer says what came of it."""
        self._nonce = max(self._nonce + 1, self.clock())
        signed = signing.sign(action, self.key, nonce=self._nonce, mainnet=False)
        return await self._post("/exchange", write(signed))

    async def ask(self, kind: str, **more: Any) -> Any:
        """Return what a question is answered; None where it is not."""
        asked = {"type": kind, "user": self.key.address, **more}
        return await self._post("/info", json.dumps(asked).encode())

    async def _post(self, path: str, raw: bytes) -> Any:
        task = asyncio.create_task(self.server.posted(path, raw))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        try:
            reply = await asyncio.wait_for(asyncio.shield(task), PATIENCE)
        except TimeoutError:
            return None
        return json.loads(reply.body) if reply is not None and reply.status == 200 else None

    async def listen(self) -> None:
        """Hear the streams, for ever."""
        while True:
            connection = await self._connect()
            await connection.ended.wait()
            self.server.sockets.forget(connection)
            await asyncio.sleep(AGAIN)

    async def _connect(self) -> Inside:
        sockets = self.server.sockets
        while sockets.is_shut:
            await asyncio.sleep(AGAIN)
        connection = Inside(visitor=Visitor(WireLimits()), say=self.say)
        sockets.connections[connection] = None
        for kind in self.streams:
            asked = {"type": kind, "user": self.key.address}
            raw = json.dumps({"method": "subscribe", "subscription": asked})
            sockets.hear(connection, raw)
        return connection
