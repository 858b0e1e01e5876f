"""The books of an account, live: one event loop in which all is heard, sent and asked for."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import aiohttp
import attrs

from truebook.impl.account import Account, MarketKey
from truebook.impl.book import BookConfig, Oid, UnifiedOrderBook
from truebook.impl.sync import SafetySync, SyncReport
from truebook.impl.venues.hyperliquid import facts, questions
from truebook.impl.venues.hyperliquid.client import MarketClient, Transport
from truebook.impl.venues.hyperliquid.live import beginning
from truebook.impl.venues.hyperliquid.live.config import LiveConfig
from truebook.impl.venues.hyperliquid.live.sending import Request, Sender
from truebook.impl.venues.hyperliquid.live.stream import Stream
from truebook.impl.venues.hyperliquid.live.transport import NotSentError
from truebook.impl.venues.hyperliquid.markets import Markets, coin_of
from truebook.impl.venues.hyperliquid.reading import Unreadable
from truebook.impl.venues.hyperliquid.streams import Subscription

_Found = TypeVar("_Found")

log: Final = logging.getLogger(__name__)

Listener: TypeAlias = Callable[[str, Any], object]
"""Is called with a market and what its book says, each time that it is told something new."""

_STREAMS: Final = ("orderUpdates", "userFills", "userEvents")


@attrs.define(eq=False)
class LiveAccount:
    """What keeps the books of an account: use it in one event loop, `begin`, then `end`.

    `failure` is what nobody expected, as a journal that cannot be written: then it keeps nothing
    any more, and `failed` is set. `unanswered` is why the latest step of the beginning was to be
    done again.
    """

    url: str
    user: str
    coins: Sequence[str]
    transport: Transport
    config: BookConfig
    live: LiveConfig
    journal: Path | None = None
    listener: Listener | None = None
    account: Account = attrs.field(factory=Account, init=False)
    markets: Markets = attrs.field(factory=Markets, init=False)
    failure: BaseException | None = attrs.field(default=None, init=False)
    unanswered: Exception | None = attrs.field(default=None, init=False)
    failed: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)
    is_connected: bool = attrs.field(default=False, init=False)
    connections: int = attrs.field(default=0, init=False)
    reports: dict[str, SyncReport] = attrs.field(factory=dict, init=False)
    _sender: Sender = attrs.field(init=False)
    _syncs: dict[MarketKey, SafetySync] = attrs.field(factory=dict, init=False)
    _wake: dict[MarketKey, asyncio.Event] = attrs.field(factory=dict, init=False)
    _passes: dict[MarketKey, asyncio.Lock] = attrs.field(factory=dict, init=False)
    _first: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)
    _tasks: list[asyncio.Task[None]] = attrs.field(factory=list, init=False)
    _sending: set[asyncio.Task[Any]] = attrs.field(factory=set, init=False)

    def now(self) -> int:
        """Return the books' time, which never goes back."""
        return max(time.time_ns(), self.account.now)

    # Beginning and ending

    async def begin(self) -> None:
        """Find the markets, open the books, subscribe, take over what is there, and look once."""
        self.markets = await self._until_answered(
            lambda: beginning.markets_of(self.transport, self.coins)
        )
        self.account = beginning.opened(self.journal, self.markets.values(), self.config)
        self._sender = Sender(
            self.account,
            self.markets,
            self.transport,
            self.now,
            told=self._told,
            unknown=self._look,
            later=lambda work: self._later(self._guarded(work)),
            ask=self._ask,
        )
        stream = Stream(
            self.url.rstrip("/").replace("http", "ws", 1) + "/ws",
            [Subscription(type=one, user=self.user) for one in _STREAMS],
            self._heard,
            self._subscribed,
            self._lost,
            self.live,
        )
        self._keep(stream.run())
        await self._first.wait()
        for market in self.markets.values():
            client = MarketClient(transport=self.transport, user=self.user, market=market)
            book = self.account.at(client.key)
            if book.fill_floor is None:
                await self._until_answered(partial(self._take_over, book, client))
            self._syncs[client.key] = SafetySync(
                book,
                client,
                self.now,
                since=book.fill_floor or 0,
                config=self.live.sync_of(len(self.markets)),
                told=partial(self._told_by_sync, client.key),
                strangers=self.config.strangers,
            )
            self._wake[client.key] = asyncio.Event()
            self._passes[client.key] = asyncio.Lock()
        for key in self._syncs:
            await self._ask_again(key)
        await self.sync()
        for key in self._syncs:
            self._keep(self._hold(key))
        self._keep(self._tick())

    async def end(self) -> None:
        """Let requests on their way come to an end, stop, and close the journals."""
        self.is_connected = False
        if self._sending and self.failure is None:
            await asyncio.wait(self._sending, timeout=self.live.closing)
        tasks = [*self._sending, *self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        beginning.close(self.account)

    # What is done

    async def send(self, batch: Sequence[Request]) -> list[Any]:
        """Send requests; see `Sender.send`. It goes on where whoever asked waits no longer."""
        return await asyncio.shield(self._later(self._send(batch)))

    async def sync(self) -> dict[str, SyncReport]:
        """Hold every book against the venue now; return what came of it by market."""
        await asyncio.gather(*(self._pass(key) for key in self._syncs))
        return dict(self.reports)

    # Within

    async def _until_answered(self, step: Callable[[], Awaitable[_Found]]) -> _Found:
        """Do a step of the beginning again until it is answered: `start` bounds them all.

        But where nobody takes a connection, the address is wrong, or the venue is not there.
        """
        wait = self.live.first_wait
        while True:
            try:
                return await step()
            except NotSentError:
                raise
            except (OSError, aiohttp.ClientError) as error:
                self.unanswered = error
                log.warning("nothing begins yet: %r; again in %.2f s", error, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, self.live.longest_wait)

    async def _take_over(self, book: UnifiedOrderBook, client: MarketClient) -> None:
        await beginning.take_over(book, client, now=self.now())

    def _later(self, work: Coroutine[Any, Any, _Found]) -> asyncio.Task[_Found]:
        """Begin work that is waited for at the end."""
        task = asyncio.create_task(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return task

    def _keep(self, work: Awaitable[None]) -> None:
        self._tasks.append(asyncio.ensure_future(self._guarded(work)))

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Await work that ends with everything else, whatever it is that ends it."""
        try:
            await work
        except Exception as error:
            self._fail(error)

    async def _send(self, batch: Sequence[Request]) -> list[Any]:
        try:
            return await self._sender.send(batch)
        except (TypeError, ValueError):  # what was asked for cannot be sent
            raise
        except Exception as error:
            self._fail(error)
            raise

    def _fail(self, error: BaseException) -> None:
        if self.failure is None:
            log.error("the book stops: %r", error)
            self.failure = error
        self.failed.set()

    def _heard(self, message: object) -> None:
        """Tell what a message says of the markets that are traded here."""
        told = facts.facts_of(message, markets=self.markets)
        ours = (one for one in told if isinstance(one, Unreadable) or one.key in self.account)
        for fact, result in facts.tell(self.account, ours, now=self.now()):
            if isinstance(fact, Unreadable):
                log.warning("%s cannot be read: %s: %.200s", fact.what, fact.why, fact.raw)
            else:
                self._told(fact.key, result)

    def _told(self, key: MarketKey, result: Any) -> None:
        if self.listener is not None and result is not None:
            try:
                self.listener(coin_of(key), result)
            except Exception:
                log.exception("whoever listens raises")

    def _told_by_sync(self, key: MarketKey, method: str, result: Any) -> None:
        self._told(key, result)

    def _subscribed(self) -> None:
        self.is_connected = True
        self.connections += 1
        self._first.set()
        for key in self._wake:
            self._look(key)

    def _lost(self, why: str) -> None:
        self.is_connected = False

    def _look(self, key: MarketKey) -> None:
        """Let the next pass of a market be now: something was missed, or is not known."""
        self._wake[key].set()

    async def _hold(self, key: MarketKey) -> None:
        """Make passes of a market for ever, at once where there is something to look for."""
        config = self._syncs[key].config
        wait, seen = config.interval, self.connections
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._wake[key].wait()
            self._wake[key].clear()
            if self.connections != seen:
                seen = self.connections
                await self._ask_again(key)
            report = await self._pass(key)
            longest = max(config.interval, config.longest_interval)
            wait = min(2 * wait, longest) if report.failed else config.interval

    async def _pass(self, key: MarketKey) -> SyncReport:
        async with self._passes[key]:
            report = await self._syncs[key].run_once()
        for line in report.failed:
            log.warning("%s: %s", key, line)
        self.reports[coin_of(key)] = report
        return report

    async def _ask_again(self, key: MarketKey) -> None:
        """Ask what became of each open order: the stream does not repeat what it said meanwhile."""
        await self._ask(key, sorted(self.account.at(key).get_active_oids(), key=str))

    async def _ask(self, key: MarketKey, ids: Iterable[Oid]) -> None:
        for id in ids:
            try:
                question = questions.OrderStatus(self.user, id)
                answer = await beginning.asked(self.transport, question)
            except Exception as error:  # the pass that follows asks for what it needs
                log.warning("%s: status of %s: %r", key, id, error)
                return
            self._heard(answer)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.account.tick(self.now())
