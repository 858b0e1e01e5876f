"""A venue that serves in a thread, for clients that block."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import attrs
from aiohttp import web

from chaos_market import exchange_of
from truebook.venue.engine import Crowd
from truebook.venue.faults import Fault, Mischief, Plan
from truebook.venue.server import Server, WireLimits

Found = TypeVar("Found")


@attrs.frozen
class Served:
    """A venue that is served: its address, and its loop, in which alone it may be touched."""

    server: Server
    loop: asyncio.AbstractEventLoop
    url: str

    def within(self, do: Callable[[], Found]) -> Found:
        """Do something in the venue's own thread; return what comes of it, once it is told."""

        async def done() -> Found:
            found = do()
            self.server.tell()
            return found

        return self.wait(done())

    def wait(self, one: Coroutine[Any, Any, Found]) -> Found:
        return asyncio.run_coroutine_threadsafe(one, self.loop).result(10)


@contextmanager
def served(
    *faults: Fault, crowd: Crowd | None = None, limits: WireLimits | None = None
) -> Iterator[Served]:
    loop = asyncio.new_event_loop()
    mischief = Mischief(Plan(faults))
    server = Server.of(exchange_of(), crowd=crowd, mischief=mischief, limits=limits)
    runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=1)

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return int(runner.addresses[0][1])

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    port = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield Served(server, loop, f"http://127.0.0.1:{port}")
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
