"""`HyperliquidBook`: a ready order book on the venue, for any program that is not asynchronous."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import attrs

from truebook.impl.account import Account, MarketEvent, MarketKey
from truebook.impl.book import SECOND, BookConfig, Oid, Order, Strangers, UnifiedOrderBook
from truebook.impl.book import strangers as policy
from truebook.impl.sync import SyncReport
from truebook.impl.venues.hyperliquid.client import Transport
from truebook.impl.venues.hyperliquid.live.config import LiveConfig
from truebook.impl.venues.hyperliquid.live.live_account import Listener, LiveAccount
from truebook.impl.venues.hyperliquid.live.sending import Cancel, Modify, Place, Request
from truebook.impl.venues.hyperliquid.live.transport import HttpTransport
from truebook.impl.venues.hyperliquid.markets import key_of
from truebook.impl.venues.hyperliquid.requests import Stop
from truebook.impl.venues.hyperliquid.signing import Key, Wallet
from truebook.model.vocabulary import Side, TimeInForce

_Found = TypeVar("_Found")

_MILLISECOND: Final = 1_000_000
_LEAST_TTL: Final = 2 * SECOND
_LOOK: Final = 1.0
"""Seconds after which whoever waits looks whether the book is still kept."""


class BookStoppedError(RuntimeError):
    """The book is not kept: it was not opened, was closed, or failed, as its cause says."""


class HyperliquidBook:
    """The orders, fills and positions of an account in some markets, kept right, and what sends.

    Use it as `with HyperliquidBook(...) as book`. A thread of its own hears the stream, asks the
    venue, and tells the books; any thread may call a method. What is sent is registered first; a
    request that nobody answers stays counted until the venue tells what came of it.

    `url` is the venue's address, `wallet` the key that signs, which may be an agent's: then
    `account` is the address that it signs for. `vault` is the vault or sub-account that is traded
    for. `markets` are coins by the venue's names; nothing is heard of others. `strangers` says
    what becomes of open orders that are not ours, as in `BookConfig`: cancelling is automatic, so
    it is to be chosen. `journal` is a folder, in which each market's book outlives the process;
    None: it does not. Each network and address has its own in it; `mainnet` says which network it
    is where the `url` does not. `listener` is called in the book's own thread with a market and
    what its book says each time that it is told something new, as a `FillResult`; it must not call
    the book, nor take long. `transport` carries requests in the place of our own over HTTP, as
    `SdkTransport`.
    """

    def __init__(
        self,
        *,
        url: str,
        wallet: Key | Wallet | str | bytes,
        markets: Sequence[str],
        strangers: Strangers | str,
        journal: Path | str | None,
        mainnet: bool | None = None,
        account: str | None = None,
        vault: str | None = None,
        config: BookConfig | None = None,
        live: LiveConfig | None = None,
        listener: Listener | None = None,
        transport: Transport | None = None,
    ) -> None:
        if isinstance(markets, str) or not markets:
            raise ValueError("markets are the coins that are traded, one at least, in a list")
        key = Key.of(wallet)
        self._config = attrs.evolve(config or BookConfig(), strangers=policy(strangers))
        if self._config.expected_cloid_ttl < _LEAST_TTL:
            raise ValueError(
                f"expected_cloid_ttl ({self._config.expected_cloid_ttl}) must be two seconds at "
                "least: what is sent expires after half of it"
            )
        self._live = live or LiveConfig()
        self.user = (vault or account or key.address).lower()
        """The address whose orders these are."""
        # What is sent takes effect within half of E, so that clocks may differ by the other half.
        self._own = HttpTransport(
            url,
            key,
            mainnet=mainnet,
            vault=vault,
            expires_in=self._config.expected_cloid_ttl // 2 // _MILLISECOND,
            time_limit=self._live.time_limit,
        )
        self._account = LiveAccount(
            url,
            self.user,
            tuple(dict.fromkeys(markets)),
            self._own if transport is None else transport,
            self._config,
            self._live,
            journal=None if journal is None else self._folder(Path(journal)),
            listener=listener,
        )
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begun, self._closing, self._over = (threading.Event() for _ in range(3))
        self._stop: asyncio.Event | None = None

    # Sending

    def place(
        self,
        market: str,
        side: Side | str,
        price: Decimal | int,
        size: Decimal | int,
        *,
        time_in_force: TimeInForce | str = TimeInForce.GTC,
        reduce_only: bool = False,
        trigger: Decimal | int | None = None,
        stop: Stop | None = None,
        cloid: str | None = None,
    ) -> str:
        """Place an order, wait for the answer, and return its cloid, whatever came of it.

        `get_order` of it shows what: it rests, has filled, was refused for a `reason`, or is
        pending where nobody knows. ValueError for what could not be sent, of which nothing was.
        """
        (cloid,) = self.batch(
            [
                Place(
                    market=market,
                    side=side,
                    price=price,
                    size=size,
                    time_in_force=time_in_force,
                    reduce_only=reduce_only,
                    trigger=trigger,
                    stop=stop,
                    cloid=cloid,
                )
            ]
        )
        return cloid

    def cancel(self, id: Oid) -> Any:
        """Cancel an order by its oid or cloid; return what the book says of it then.

        `Refused` or `UnknownOrder` where it is not open, or a change of it is on its way: then
        nothing is sent.
        """
        (result,) = self.batch([Cancel(id)])
        return result

    def modify(
        self, id: Oid, price: Decimal | int, size: Decimal | int, *, stop: Stop | None = None
    ) -> Any:
        """Replace an order by one of the same cloid; return what the book says, as in `cancel`."""
        (result,) = self.batch([Modify(id, price=price, size=size, stop=stop)])
        return result

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        """Send requests (`Place`, `Cancel`, `Modify`) together; return a result for each.

        All orders of it are one action of the venue, and so are its modifies and its cancels.
        Results are as those of `place`, `cancel` and `modify`.
        """
        return self._do(lambda: self._account.send(requests))

    def cancel_all(self, market: str | None = None) -> list[Any]:
        """Cancel the open and pending orders of a market, or of all; return what `batch` does."""
        return self.batch([Cancel(order.cloid) for order in self.orders(market)])

    # What is known

    def get_order(self, id: Oid) -> Order | None:
        """Return the order of an oid or cloid as it is now; None where none is known."""
        found = self._see(lambda account: [book.get_order(id) for book in account.values()])
        return next((order for order in found if order is not None), None)

    def orders(self, market: str | None = None) -> list[Order]:
        """Return the orders that are open, pending or waiting, of a market or of all."""
        keys = None if market is None else self._key(market)
        return self._see(
            lambda account: [
                order
                for key, book in account.items()
                if keys in (None, key)
                for order in book.get_orders()
                if order.is_open or order.cloid in _unsettled(book)
            ]
        )

    def position(self, market: str) -> Decimal:
        """Return the position: bought less sold."""
        key = self._key(market)
        return self._see(lambda account: account[key].position)

    def exposure(self, side: Side | str, market: str) -> Decimal:
        """Return what can still trade on a side: see `UnifiedOrderBook.pending_exposure`."""
        key = self._key(market)
        return self._see(lambda account: account[key].pending_exposure(side))

    def worst_position(self, side: Side | str, market: str) -> Decimal:
        """Return what the position comes to if all of a side trades: hold a limit against it.

        It has what can still trade and what may have traded untold (`unsettled`), in one look: a
        fill is told on another stream than that its order is over, and may come seconds later.
        """
        key = self._key(market)

        def look(account: Account) -> Decimal:
            book = account[key]
            left = book.pending_exposure(side) + book.unsettled(side)
            return book.position + (left if Side(side) is Side.BUY else -left)

        return self._see(look)

    def drain_events(self) -> tuple[MarketEvent, ...]:
        """Return what demanded attention since the last call; log all of it."""
        return self._see(Account.drain_events)

    def snapshot(self) -> Account:
        """Return all that is known now, as an `Account` of its own in memory."""
        return self._see(Account.copy)

    def sync(self) -> dict[str, SyncReport]:
        """Hold the books against the venue now; return the report of each market.

        It is done every few seconds by itself, and after each reconnect.
        """
        return self._do(self._account.sync)

    @property
    def is_connected(self) -> bool:
        """Whether the stream is heard now; what is missed meanwhile is asked for."""
        return self._account.is_connected

    @property
    def reports(self) -> dict[str, SyncReport]:
        """The latest report of the safety sync, by market."""
        return dict(self._account.reports)

    # Its life

    def open(self) -> Self:
        """Begin: return once the stream is heard, and each book was held against the venue.

        A book that is new begins with the position and the orders of ours that the venue has. What
        is not answered is asked again within `start`. What else goes wrong is raised, and nothing
        goes on then.
        """
        if self._thread is not None:
            raise BookStoppedError("the book was opened before: make another")
        ready: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="truebook-hyperliquid", daemon=True
        )
        self._thread.start()
        try:
            ready.result()
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """End: requests on their way are waited for a little; orders stay as they are."""
        self._check_thread()
        self._closing.set()
        if self._loop is not None and self._stop is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Within

    def _folder(self, journal: Path) -> Path:
        """Return where the journals are, which nobody shares by using one folder twice."""
        return journal / ("mainnet" if self._own.mainnet else "testnet") / self.user

    def _key(self, market: str) -> MarketKey:
        if market not in self._account.coins:
            raise ValueError(f"{market!r:.80} is not among the markets of this book")
        return key_of(market)

    def _see(self, look: Callable[[Account], _Found]) -> _Found:
        async def seen() -> _Found:
            return look(self._account.account)

        return self._do(seen)

    def _do(self, work: Callable[[], Coroutine[Any, Any, _Found]]) -> _Found:
        """Do work in the book's thread, and wait for it."""
        loop = self._loop
        if loop is None or not self._is_open():
            raise self._why() from self._account.failure
        self._check_thread()
        begun = work()
        try:
            future = asyncio.run_coroutine_threadsafe(begun, loop)
        except RuntimeError:  # the loop has just ended
            begun.close()
            raise self._why() from self._account.failure
        while True:
            try:
                return future.result(timeout=_LOOK)
            except CancelledError:
                raise self._why() from self._account.failure
            except TimeoutError:
                if future.done():
                    return future.result()
                if self._over.is_set():
                    raise self._why() from self._account.failure

    def _check_thread(self) -> None:
        if threading.current_thread() is self._thread:
            raise RuntimeError("a listener must not call the book: let another thread do that")

    def _is_open(self) -> bool:
        if self._account.failure is not None or not self._begun.is_set():
            return False
        return not (self._closing.is_set() or self._over.is_set())

    def _why(self) -> BookStoppedError:
        failure = self._account.failure
        if failure is None:
            return BookStoppedError("the book is not open: use it within `with`")
        return BookStoppedError(f"the book has failed, and is kept no more: {failure!r}")

    def _run(self, ready: Future[None]) -> None:
        try:
            asyncio.run(self._main(ready))
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)
        finally:
            self._over.set()

    async def _main(self, ready: Future[None]) -> None:
        account = self._account
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        if self._closing.is_set():
            self._stop.set()
        ends = [asyncio.ensure_future(one.wait()) for one in (self._stop, account.failed)]
        async with self._own:
            begin = asyncio.ensure_future(account.begin())
            try:
                await asyncio.wait(
                    [begin, *ends],
                    timeout=self._live.start,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if account.failure is not None:
                    raise account.failure
                if not begin.done():
                    raise TimeoutError(
                        f"{self._own.url}: nothing was heard of the venue in {self._live.start} s"
                        if account.unanswered is None
                        else f"{self._own.url}: the book could not begin in {self._live.start} s"
                    ) from account.unanswered
                begin.result()
                self._begun.set()
                ready.set_result(None)
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (begin, *ends):
                    task.cancel()
                await asyncio.gather(begin, *ends, return_exceptions=True)
                await account.end()


def _unsettled(book: UnifiedOrderBook) -> frozenset[str]:
    return book.get_pending_cloids() | book.get_waiting_cloids()
