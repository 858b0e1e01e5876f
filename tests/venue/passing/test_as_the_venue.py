"""What is recorded on the way is what the venue records, and an audit says the same of it."""

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import aiohttp
import attrs
from aiohttp import web

from chaos_market import exchange_of
from passed import passing, serving
from truebook.impl.venues.hyperliquid import actions, signing, write
from truebook.venue.engine import Asked, Exchange
from truebook.venue.faults import Do, Fault, Mischief, Plan
from truebook.venue.recording import now
from truebook.venue.server import Recorder, Server

Command = Callable[..., CompletedProcess[str]]
KEY = signing.Key.of("11" * 32)
GTC = actions.Kind(actions.Limit("Gtc"))
NONCES = count(now())
ETH = 1


def order(price: str, size: str, cloid: int, *, buys: bool = True) -> actions.NewOrder:
    return actions.NewOrder(ETH, buys, price, size, False, GTC, f"0x{cloid:032x}")


@attrs.frozen
class Bot:
    """A bot that waits for the stream's word after each request."""

    session: aiohttp.ClientSession
    socket: aiohttp.ClientWebSocketResponse
    url: str

    async def subscribe(self, *kinds: str) -> None:
        for kind in kinds:
            asked = {"type": kind, "user": KEY.address}
            await self.socket.send_json({"method": "subscribe", "subscription": asked})
            await self.until("subscriptionResponse")

    async def until(self, channel: str) -> Any:
        async with asyncio.timeout(5):
            while (told := await self.socket.receive_json())["channel"] != channel:
                pass
        return told

    async def ask(self, kind: str) -> Any:
        asked = {"type": kind, "user": KEY.address}
        async with self.session.post(f"{self.url}/info", json=asked) as reply:
            return await reply.json()

    async def act(self, action: Any, expected: str = "orderUpdates") -> None:
        signed = write(signing.sign(action, KEY, nonce=next(NONCES), mainnet=False))
        headers = {"Content-Type": "application/json"}
        url = f"{self.url}/exchange"
        async with self.session.post(url, data=signed, headers=headers) as reply:
            assert (await reply.json())["status"] == "ok"
        await self.until(expected)


def other_trades(exchange: Exchange, price: int, size: str, *, buys: bool) -> None:
    asked = Asked(coin="ETH", is_buy=buys, price=Decimal(price), size=Decimal(size))
    exchange.place("0xb", asked, now())


async def trade(bot: Bot, server: Server) -> None:
    """Place, fill in part, replace, fill, cancel, lose an answer, and ask what is left."""
    await bot.ask("meta")
    await bot.ask("clearinghouseState")
    await bot.subscribe("orderUpdates", "userFills")
    await bot.act(actions.PlaceOrders([order("2990", "2", 1)], "na"))
    other_trades(server.desk.exchange, 2990, "0.5", buys=False)
    server.tell()
    await bot.until("userFills")
    await bot.act(actions.PlaceOrders([order("3010", "1", 2, buys=False)], "na"))
    await bot.act(actions.CancelByCloid([actions.NamedCancel(ETH, f"0x{1:032x}")]))
    other_trades(server.desk.exchange, 3010, "0.75", buys=True)
    server.tell()
    await bot.until("userFills")
    await bot.socket.send_json({"method": "ping"})
    await bot.until("pong")
    for kind in ("openOrders", "userFills", "clearinghouseState"):
        await bot.ask(kind)


def recorded(path: Path) -> dict[tuple[str, str], list[Any]]:
    """Return what a recording says, each stream by itself, without times."""
    found: dict[tuple[str, str], list[Any]] = {}
    for line in map(json.loads, path.read_text().splitlines()):
        line.pop("time")
        if "way" in line:
            kind = "http" if line["over"] == "http" else line["way"]
            found.setdefault((line["over"], kind), []).append(line)
    return found


def run(folder: Path, *faults: Fault, do: Any = trade) -> tuple[Path, Path]:
    """Let a bot trade; return what the venue has recorded, and what was on the way."""
    own = folder / "venue.jsonl"

    async def talk() -> Path:
        recorder = Recorder.of(own)
        mischief = Mischief(Plan(faults))
        server = Server.of(exchange_of(), listeners=(recorder,), mischief=mischief)
        server.desk.signers.learn(KEY.address)
        runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=1)
        try:
            async with (
                serving(runner) as url,
                passing(url, folder) as passed,
                aiohttp.ClientSession() as session,
                session.ws_connect(f"{passed.url}/ws") as socket,
            ):
                await do(Bot(session, socket, passed.url), server)
                return passed.path
        finally:
            recorder.close()

    return own, asyncio.run(talk())


def test_it_is_what_the_venue_has_recorded(tmp_path: Path) -> None:
    own, on_the_way = map(recorded, run(tmp_path))
    assert set(own) == {("http", "http"), ("ws", "in"), ("ws", "out")}
    assert len(own["http", "http"]) == 2 * 8
    assert on_the_way == own


def test_an_answer_that_is_lost_is_lost_in_both(tmp_path: Path) -> None:
    lost = Fault(message="order", nth=1, do=Do.UNANSWERED)

    async def lose(bot: Bot, server: Server) -> None:
        await bot.subscribe("orderUpdates")
        try:
            await bot.act(actions.PlaceOrders([order("2990", "2", 1)], "na"))
        except aiohttp.ServerDisconnectedError:
            await bot.until("orderUpdates")
        else:
            raise AssertionError

    own, on_the_way = map(recorded, run(tmp_path, lost, do=lose))
    assert [line["way"] for line in own["http", "http"]] == ["in", "lost"]
    assert on_the_way == own


def test_an_audit_says_the_same_of_both(tmp_path: Path, truebook: Command) -> None:
    own, on_the_way = run(tmp_path)
    said = []
    for path in (own, on_the_way):
        lines = [line for line in path.read_text().splitlines() if '"truth": ' not in line]
        path.write_text("\n".join(lines) + "\n")  # the venue's truth is nobody else's
        ran = truebook("audit", "--json", str(path))
        assert ran.returncode == 0, ran.stdout
        told = json.loads(ran.stdout)
        said.append([told[name] for name in ("promises", "markets", "open", "requests", "orders")])
    assert said[0] == said[1]
    (market,) = said[0][1]
    assert (market["market"], market["fills"], market["net"]) == ("ETH", 2, "-0.25")
