"""A server that says what it was told, for what is measured beside it."""

import asyncio
from typing import Any

from aiohttp import web


async def echo(request: web.Request) -> web.Response:
    """Answer what came."""
    return web.Response(body=await request.read(), content_type="application/json")


def echo_app(frames: Any) -> web.Application:
    """Return a server that echoes requests, and has `frames` for its websocket."""
    app = web.Application()
    app.router.add_post("/exchange", echo)
    app.router.add_get("/ws", frames)
    return app


async def serve(runner: web.AppRunner, port: Any) -> None:
    """Serve until the process ends; put the port where it is waited for."""
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port.put(runner.addresses[0][1])
    await asyncio.Event().wait()
