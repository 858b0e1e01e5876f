"""A venue behind TLS, as the real one is."""

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path

import aiohttp
import pytest
from aiohttp import WSMsgType, web

from passed import passing, venue

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the key")


@pytest.fixture
def contexts(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return how a venue proves who it is, and how that is believed."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 2 -subj /CN=venue"
    more = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *words.split(), *more], check=True, capture_output=True)
    proves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    proves.load_cert_chain(certificate, key)
    return proves, ssl.create_default_context(cafile=str(certificate))


async def handler(request: web.Request) -> web.StreamResponse:
    if request.method == "POST":
        return web.Response(body=await request.read())
    socket = web.WebSocketResponse(max_msg_size=0)
    await socket.prepare(request)
    await socket.send_str("Websocket connection established.")
    async for one in socket:
        if one.data == "leave":
            await socket.close(code=4000, message=b"bye")
        elif one.data == "cut":
            assert request.transport is not None
            request.transport.abort()
        else:
            await socket.send_str(one.data)
    return socket


def test_all_passes_as_without_it(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], tmp_path: Path
) -> None:
    proves, trusted = contexts
    big = "x" * (8 << 20)

    async def talk() -> None:
        async with (
            venue(handler, secured=proves) as url,
            passing(url, tmp_path, trusted=trusted) as passed,
            aiohttp.ClientSession() as session,
        ):
            async with session.post(f"{passed.url}/info", data=b"[1]") as reply:
                assert await reply.read() == b"[1]"
            for word, code in (("leave", 4000), ("cut", 1006)):
                socket = await session.ws_connect(f"{passed.url}/ws", max_msg_size=0)
                assert await socket.receive_str() == "Websocket connection established."
                await socket.send_str(big)
                assert await socket.receive_str() == big
                await socket.send_str(word)
                assert (await socket.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)
                assert socket.close_code in (code, 1000 if word == "cut" else code)
            await passed.noted("the venue closed a websocket with code 4000 bye")
            async with session.ws_connect(f"{passed.url}/ws") as socket:
                await socket.receive_str()
                await socket.close(code=3999)
            await passed.noted("the bot closed a websocket with code 3999")

    asyncio.run(talk())


def test_a_certificate_that_nobody_believes_is_told(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], tmp_path: Path
) -> None:
    async def talk() -> None:
        async with (
            venue(handler, secured=contexts[0]) as url,
            passing(url, tmp_path) as passed,
            aiohttp.ClientSession() as session,
            session.post(f"{passed.url}/info", data=b"[1]") as reply,
        ):
            assert reply.status == 502
            assert "certificate" in await reply.text()

    asyncio.run(talk())
