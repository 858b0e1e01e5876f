"""Requests and answers pass as they are, and are recorded as they were."""

import asyncio
import gzip
import json
import tempfile
import zlib
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from passed import Handler, passing, raw_venue, venue

WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
KINDS = st.sampled_from(("application/json", "text/html; charset=latin-1", "x/y", None))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.text(), x),
)
BODIES = st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value, indent=1).encode())
UNCHANGED = ("Content-Type", "Content-Length", "Content-Encoding", "X-Words", "Location", "Server")


async def asked(url: str, method: str, body: bytes, headers: dict[str, str]) -> Any:
    """Return all that a bot is answered."""
    async with (
        aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Content-Type"]) as bot,
        bot.request(
            method, f"{url}/info?a=%2F&b=", data=body, headers=headers, allow_redirects=False
        ) as reply,
    ):
        told = {name: reply.headers.getall(name, []) for name in UNCHANGED}
        return reply.status, reply.reason, told, await reply.read()


@settings(max_examples=60)
@given(
    method=st.sampled_from(("POST", "GET", "PUT", "HEAD", "DELETE")),
    body=BODIES,
    answer=BODIES,
    status=st.sampled_from((200, 204, 302, 304, 400, 422, 429, 500, 502, 599)),
    kind=KINDS,
    words=WORDS,
    chunked=st.booleans(),
)
def test_what_passes_is_equal(
    method: str,
    body: bytes,
    answer: bytes,
    status: int,
    kind: str | None,
    words: str,
    chunked: bool,
) -> None:
    heard: list[Any] = []
    is_bare = method == "HEAD" or status in (204, 304)

    async def handler(request: web.Request) -> web.StreamResponse:
        kept = {name: request.headers.get(name) for name in ("Content-Type", "X-Words", "Accept")}
        heard.append((request.method, request.raw_path, kept, await request.read()))
        headers = {"X-Words": words, "Location": "/elsewhere"}
        if kind is not None:
            headers["Content-Type"] = kind
        if not chunked or is_bare:  # it has no body
            return web.Response(status=status, body=answer, headers=headers)
        reply = web.StreamResponse(status=status, headers=headers)
        await reply.prepare(request)
        for start in range(0, len(answer), 100):
            await reply.write(answer[start : start + 100])
        return reply

    async def talk(folder: Path) -> list[Any]:
        headers = {"X-Words": words, "Content-Type": kind or "a/b"}
        async with venue(handler) as url, passing(url, folder) as passed:
            straight = await asked(url, method, body, headers)
            assert await asked(passed.url, method, body, headers) == straight
            return passed.lines()

    with tempfile.TemporaryDirectory() as folder:
        lines = asyncio.run(talk(Path(folder)))
    assert heard[0] == heard[1]
    shown = b"" if is_bare else answer
    assert [line["way"] for line in lines] == ["in", "out"]
    assert all(line["path"] == "/info" and line["id"] == 1 for line in lines)
    assert [line["body"] for line in lines] == [recorded(body), recorded(shown)]
    assert lines[1]["status"] == status


def recorded(raw: bytes) -> Any:
    """Return a body as a recording has it."""
    try:
        return json.loads(raw.decode())
    except ValueError:
        return raw.decode("utf-8", "backslashreplace")


def talk(handler: Handler, folder: Path, *bodies: Any, **headers: str) -> tuple[list[Any], Any]:
    """Return what a bot is answered to some requests, and what is recorded."""

    async def run() -> tuple[list[Any], Any]:
        async with venue(handler) as url, passing(url, folder) as passed:
            told = [await asked(passed.url, "POST", body, headers) for body in bodies]
            return told, passed.lines()

    return asyncio.run(run())


def test_bodies_that_are_packed_pass_packed_and_are_recorded_as_they_were(tmp_path: Path) -> None:
    told = {"a": [1.50, "x"]}
    whole = json.dumps(told).encode()
    ways = {"gzip": gzip.compress(whole), "deflate": zlib.compress(whole), "br": b"\x8b..."}

    async def handler(request: web.Request) -> web.Response:
        encoding = request.headers["Content-Encoding"]
        assert await request.read() == ways[encoding]
        assert request.headers["Accept-Encoding"] == "gzip;q=1, identity"
        return web.Response(body=ways[encoding], headers={"Content-Encoding": encoding})

    for encoding, packed in ways.items():
        headers = {"Content-Encoding": encoding, "Accept-Encoding": "br, gzip;q=1, zstd, identity"}
        (answer,), lines = talk(handler, tmp_path, packed, **headers)
        assert answer[2]["Content-Encoding"] == [encoding]
        assert answer[3] == packed
        unread = packed.decode("utf-8", "backslashreplace")
        assert [line["body"] for line in lines] == [told if encoding != "br" else unread] * 2


def test_what_is_of_one_hop_does_not_pass(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        assert not {"X-Hop", "Te", "Keep-Alive"} & set(request.headers)
        assert request.headers["Authorization"] == "Bearer of bad news"
        return web.Response(headers={"Keep-Alive": "timeout=9", "Set-Cookie": "a=b"})

    headers = {"Connection": "X-Hop", "X-Hop": "1", "Te": "trailers", "Keep-Alive": "3"}
    (answer, again), lines = talk(
        handler, tmp_path, b"1", b"2", Authorization="Bearer of bad news", **headers
    )
    assert answer[0] == again[0] == 200
    assert [line["id"] for line in lines] == [1, 1, 2, 2]
    assert "Bearer" not in json.dumps(lines)  # what a header says is nobody else's


def test_numbers_and_spaces_are_recorded_as_they_were(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=b'{"a": 1.50,\r\n "a": 1e2, "b": 12345678901234567890123}')

    talk(handler, tmp_path, b"NaN")
    recorded = (tmp_path / "recording.jsonl").read_bytes()
    assert b'"body": {"a": 1.50,   "a": 1e2, "b": 12345678901234567890123}}\n' in recorded
    assert b'"body": "NaN"}\n' in recorded  # it is no JSON, and no reader would take it


def test_a_large_answer_passes_and_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("truebook.venue.passing.app.LARGEST", 1 << 16)

    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * (1 << 20))

    (answer,), lines = talk(handler, tmp_path, b"")
    assert answer[3] == b"x" * (1 << 20)
    assert lines[1]["body"] == f"{1 << 20} bytes: not recorded"


def test_many_requests_at_a_time_keep_their_numbers(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        raw = await request.read()
        await asyncio.sleep(int(raw) % 7 / 100)
        return web.Response(body=raw)

    async def run() -> list[dict[str, Any]]:
        async with venue(handler) as url, passing(url, tmp_path) as passed:
            bodies = [b"%d" % n for n in range(50)]
            told = await asyncio.gather(*(asked(passed.url, "POST", one, {}) for one in bodies))
            assert [one[3] for one in told] == bodies
            return passed.lines()

    lines = asyncio.run(run())
    asked_for = {line["id"]: line["body"] for line in lines if line["way"] == "in"}
    assert sorted(asked_for) == list(range(1, 51))
    assert {line["id"]: line["body"] for line in lines if line["way"] == "out"} == asked_for


def test_a_bot_that_gives_up_was_told_nothing(tmp_path: Path) -> None:
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b"1"  # until the pass-through has given up, too
        gone.set()

    async def run() -> list[dict[str, Any]]:
        async with raw_venue(silent) as url, passing(url, tmp_path) as passed:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asked(passed.url, "POST", b"1", {}), 0.3)
            await asyncio.wait_for(gone.wait(), 5)
            return passed.lines()

    assert [line["way"] for line in asyncio.run(run())] == ["in", "lost"]
