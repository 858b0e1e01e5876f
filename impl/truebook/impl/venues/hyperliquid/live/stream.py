"""The stream: a websocket that is opened again whenever it ends, or goes silent.

The venue replays recent fills on each subscription, and nothing else; so what listens is told when
all was subscribed (anew), to ask for what it may have missed.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
import attrs

from truebook.impl.venues.hyperliquid.live.config import LiveConfig
from truebook.impl.venues.hyperliquid.readers import Heard, hear
from truebook.impl.venues.hyperliquid.streams import (
    Error,
    Ping,
    Subscribe,
    Subscription,
    SubscriptionResponse,
)
from truebook.impl.venues.hyperliquid.wire import write

log: Final = logging.getLogger(__name__)

_ALIAS: Final = {"user": "userEvents"}
_MOST: Final = 64 << 20
"""Bytes of a frame: thousands of fills come in one."""


@attrs.define(eq=False)
class Stream:
    """Subscribes, hands on what is heard, and begins again for ever: `run`.

    `subscribed` is called each time that the venue has confirmed all subscriptions, `lost` each
    time that the connection is over, with the reason. What any of the three functions raises ends
    `run`.
    """

    url: str
    subscriptions: Sequence[Subscription]
    heard: Callable[[Heard], object]
    subscribed: Callable[[], object]
    lost: Callable[[str], object]
    config: LiveConfig = attrs.field(factory=LiveConfig)
    _wait: float = attrs.field(default=0.0, init=False)

    async def run(self) -> None:
        """Keep the stream, until it is cancelled."""
        clock = asyncio.get_running_loop().time
        async with aiohttp.ClientSession() as session:
            while True:
                begun = clock()
                why = await self._connection(session)
                if not self._wait or clock() - begun > self.config.longest_wait:
                    self._wait = self.config.first_wait
                log.warning("the stream is over: %s; again in %.2f s", why, self._wait)
                self.lost(why)
                await asyncio.sleep(self._wait * random.uniform(0.75, 1.0))
                self._wait = min(2 * self._wait, self.config.longest_wait)

    # Within

    async def _connection(self, session: aiohttp.ClientSession) -> str:
        """Listen to one connection until it is over; return why it is."""
        limit = aiohttp.ClientWSTimeout(ws_close=1.0)
        try:
            async with asyncio.timeout(self.config.silence):
                socket = await session.ws_connect(self.url, timeout=limit, max_msg_size=_MOST)
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is one
            return f"it could not be opened: {_text(error)}"
        pings = asyncio.create_task(self._ping(socket))
        try:
            for one in self.subscriptions:
                await socket.send_str(write(Subscribe(one)).decode())
            return await self._listen(socket)
        except (aiohttp.ClientError, OSError) as error:
            return f"it broke: {_text(error)}"
        finally:
            pings.cancel()
            await socket.close()

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> str:
        clock = asyncio.get_running_loop().time
        waiting = {one.type for one in self.subscriptions}
        latest = clock() + self.config.silence  # by then all is to be subscribed
        while True:
            left = latest - clock() if waiting else self.config.silence
            try:
                async with asyncio.timeout(left):
                    message = await socket.receive()
            except TimeoutError:
                what = f"{', '.join(sorted(waiting))} not confirmed" if waiting else "nothing came"
                return f"{what} for {self.config.silence} s"
            if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                return f"the venue closed it ({message.type.name}, {socket.close_code})"
            for frame in hear(message.data):
                self.heard(frame)
                if isinstance(frame, Error):
                    log.warning("the venue refuses a frame: %s", frame.data)
                if waiting and isinstance(frame, SubscriptionResponse):
                    kind = frame.data.subscription.type
                    waiting.discard(_ALIAS.get(kind, kind))
                    if not waiting:
                        self.subscribed()

    async def _ping(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while not socket.closed:
            await asyncio.sleep(self.config.ping)
            try:
                await socket.send_str(write(Ping()).decode())
            except (aiohttp.ClientError, OSError):
                return  # whoever listens hears of it


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
