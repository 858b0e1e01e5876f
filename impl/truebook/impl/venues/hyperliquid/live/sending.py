"""What is sent: registered with the book first, then signed and posted, then told what came of it.

Each path ends in an answer, or in the word that nobody knows. Then the nonce is used up, so that
the venue says whether the request can still land. Nothing stays registered that was not sent.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

import attrs

from truebook.impl.account import Account, MarketKey
from truebook.impl.book import (
    CancelRequested,
    ModifyRequested,
    Oid,
    OldOrder,
    Order,
    StillPending,
    UnknownOrder,
)
from truebook.impl.venues.hyperliquid import answered, requests
from truebook.impl.venues.hyperliquid.actions import Action
from truebook.impl.venues.hyperliquid.answers import Answer, Failed
from truebook.impl.venues.hyperliquid.client import Transport
from truebook.impl.venues.hyperliquid.cloids import cloid as sendable
from truebook.impl.venues.hyperliquid.live.transport import (
    HttpTransport,
    NotSentError,
    UnansweredError,
)
from truebook.impl.venues.hyperliquid.markets import Market, key_of
from truebook.impl.venues.hyperliquid.readers import ANSWERS
from truebook.impl.venues.hyperliquid.reading import Unreadable
from truebook.impl.venues.hyperliquid.requests import Stop
from truebook.model.vocabulary import Side, TimeInForce

log: Final = logging.getLogger(__name__)

MOST: Final = 200
"""How much one action may have in it: the venue refuses one with more."""
VOIDS: Final = (0.0, 1.0, 4.0)
"""Seconds before each time that a nonce without an answer is used up, until that is answered."""


@attrs.frozen(kw_only=True)
class Place:
    """An order to be placed; see `UnifiedOrderBook.register_pending`.

    `stop` is needed beside `trigger`. Without `cloid` the book makes one.
    """

    market: str
    side: Side | str
    price: Decimal | int
    size: Decimal | int
    time_in_force: TimeInForce | str = TimeInForce.GTC
    reduce_only: bool = False
    trigger: Decimal | int | None = None
    stop: Stop | None = None
    cloid: str | None = attrs.field(default=None, converter=attrs.converters.optional(sendable))

    def __attrs_post_init__(self) -> None:
        """Refuse what could not be written."""
        if (self.trigger is None) != (self.stop is None):
            raise ValueError("trigger and stop belong together: pass both, as stop=Stop('sl')")


@attrs.frozen
class Cancel:
    """An order to be cancelled, by its oid or cloid."""

    id: Oid


@attrs.frozen(kw_only=True)
class Modify:
    """An order, by its oid or cloid, to get another price and size. `stop` as in `Place`."""

    id: Oid = attrs.field(kw_only=False)
    price: Decimal | int
    size: Decimal | int
    stop: Stop | None = None


Request: TypeAlias = Place | Cancel | Modify

_Tell: TypeAlias = Callable[..., answered.Told]


@attrs.define
class _Row:
    """A request that is registered: its place in the batch, its market, what is written of it."""

    place: int
    key: MarketKey
    asked: Any
    written: Any = None


@attrs.define(eq=False)
class _Sheet:
    """Requests of one kind, registered and to be sent together.

    `forget` takes back what a book registered of one that is not sent.
    """

    write: Callable[[list[Any]], Action]
    tell: _Tell
    forget: Callable[[MarketKey, Any], object]
    rows: list[_Row] = attrs.field(factory=list)

    def add(self, *row: Any) -> _Row:
        """Note a request once it is registered, so that it is not forgotten."""
        self.rows.append(_Row(*row))
        return self.rows[-1]

    def parts(self) -> Iterable["_Sheet"]:
        """Yield it in parts that an action may have in it."""
        for first in range(0, len(self.rows), MOST):
            yield attrs.evolve(self, rows=self.rows[first : first + MOST])


@attrs.define(eq=False)
class Sender:
    """Sends requests of the books of an account; `now` is the books' clock.

    `told` is called with what a book answers to each answer, `unknown` with each market in which
    nobody knows what came of a request, `later` with work that is to be done meanwhile. `ask` asks
    what became of some orders, where their requests have landed.
    """

    account: Account
    markets: Mapping[str, Market]
    transport: Transport
    now: Callable[[], int]
    told: Callable[[MarketKey, Any], object] = attrs.field(kw_only=True)
    unknown: Callable[[MarketKey], object] = attrs.field(kw_only=True)
    later: Callable[[Coroutine[Any, Any, None]], object] = attrs.field(kw_only=True)
    ask: Callable[[MarketKey, Iterable[Oid]], Awaitable[None]] = attrs.field(kw_only=True)

    async def send(self, batch: Sequence[Request]) -> list[Any]:
        """Register requests, send them, and tell what came of them; return a result for each.

        That is the cloid of an order, and what the book says of a cancel or a modify: also where it
        refuses it, and nothing is sent. Orders, modifies and cancels are an action each, sent at
        the same time. ValueError or TypeError for what cannot be sent: then nothing of it is.
        """
        results: list[Any] = [None] * len(batch)
        placed, by_oid, by_cloid, modified = self._sheets()
        sheets = (by_oid, by_cloid, modified, placed)
        try:
            for place, one in enumerate(batch):
                match one:
                    case Place():
                        market, key, asked = self._place(one)
                        row = placed.add(place, key, asked)
                        row.written = requests.new_order(market, asked, stop=one.stop)
                        results[place] = asked.cloid
                    case Cancel():
                        key, asked = self._cancel(one)
                        if isinstance(asked, CancelRequested):
                            sheet = by_oid if isinstance(asked.oid, int) else by_cloid
                            sheet.add(place, key, asked, (self._of(key), asked))
                        results[place] = asked
                    case Modify():
                        key, asked = self._modify(one)
                        if isinstance(asked, ModifyRequested):
                            row = modified.add(place, key, asked)
                            row.written = self._written(key, asked, one)
                        results[place] = asked
                    case _:
                        raise TypeError(f"a request is a Place, Cancel or Modify, not {one!r:.80}")
            sending = [
                (part, part.write([row.written for row in part.rows]))
                for sheet in sheets
                for part in sheet.parts()
            ]
        except (TypeError, ValueError):
            for sheet in sheets:
                for row in sheet.rows:
                    self._forget(sheet, row)
            raise
        answers = await asyncio.gather(*(self._sent(part, action) for part, action in sending))
        for (part, _), told in zip(sending, answers, strict=True):
            if part.tell is not answered.tell_placed:
                for row, (_, result) in zip(part.rows, told, strict=True):
                    results[row.place] = result
        return results

    # Registering

    def _place(self, one: Place) -> tuple[Market, MarketKey, Order]:
        market = self.market(one.market)
        key = key_of(market.coin)
        self._fits(market, one.price, one.size)
        book = self.account.at(key)
        cloid = book.register_pending(
            one.side,
            one.price,
            one.size,
            cloid=one.cloid,
            reduce_only=one.reduce_only,
            time_in_force=one.time_in_force,
            trigger=one.trigger,
            now=self.now(),
        )
        order = book.get_order(cloid)
        assert order is not None
        return market, key, order

    def _cancel(self, one: Cancel) -> tuple[MarketKey, Any]:
        key = self._key_of(one.id)
        if key is None:
            return MarketKey("?"), UnknownOrder(one.id)
        return key, self.account.at(key).request_cancel(one.id, now=self.now())

    def _modify(self, one: Modify) -> tuple[MarketKey, Any]:
        key = self._key_of(one.id)
        if key is None:
            return MarketKey("?"), UnknownOrder(one.id)
        self._fits(self._of(key), one.price, one.size)
        asked = self.account.at(key).request_modify(one.id, one.price, one.size, now=self.now())
        return key, asked

    def _written(self, key: MarketKey, asked: ModifyRequested, one: Modify) -> Any:
        order = self.account.at(key).get_order(asked.cloid)
        assert order is not None
        return requests.modify(self._of(key), asked, order, stop=one.stop)

    def market(self, coin: str) -> Market:
        """Return a market; ValueError for one that is not traded here."""
        market = self.markets.get(coin)
        if market is None:
            raise ValueError(f"{coin!r:.80} is not among the markets {', '.join(self.markets)}")
        return market

    def _fits(self, market: Market, price: Decimal | int, size: Decimal | int) -> None:
        if isinstance(price, Decimal | int) and isinstance(size, Decimal | int):
            why = market.why_not(Decimal(price), Decimal(size))
            if why:
                raise ValueError(
                    f"{market.coin}: the venue would refuse {size} at {price}: {why} Sizes have at "
                    f"most {market.size_decimals} decimals, prices five significant figures"
                )

    def _key_of(self, id: Oid) -> MarketKey | None:
        return next(iter(self.account.find(id)), None)

    def _of(self, key: MarketKey) -> Market:
        return next(market for market in self.markets.values() if key_of(market.coin) == key)

    # Sending

    async def _sent(self, part: _Sheet, action: Action) -> answered.Told:
        asked = [(row.key, row.asked) for row in part.rows]
        answer: Answer | Unreadable | None = None
        try:
            answer = ANSWERS.read(await self.transport.act(action))
        except NotSentError as error:
            log.warning("not sent: %s", error)
            answer = Failed("it was not sent: nobody answers at the venue's address")
        except Exception as error:  # of any kind: it proves nothing
            log.warning("nobody knows what came of %s: %r", type(action).__name__, error)
            if isinstance(error, UnansweredError) and isinstance(self.transport, HttpTransport):
                self.later(self._void(self.transport, part, error.nonce))
        finally:  # also where it is given up, at the end
            told = part.tell(self.account, asked, answer, now=self.now())
        nobody_knows = answer is None or isinstance(answer, Unreadable)
        for key, result in told:
            self.told(key, result)
            if nobody_knows or isinstance(result, StillPending):
                self.unknown(key)
        return told

    async def _void(self, transport: HttpTransport, part: _Sheet, nonce: int) -> None:
        """Make sure of requests that nobody answered: where they cannot land, they are over.

        Where they have landed, ask what became of their orders: a listing may fail, or be old.
        """
        for wait in VOIDS:
            await asyncio.sleep(wait)
            try:
                cannot_land = await transport.void(nonce)
            except Exception as error:  # of any kind: it proves nothing
                log.warning("whether a request can still land is not known: %r", error)
                continue
            for row in part.rows:
                if cannot_land:
                    self._forget(part, row)
                else:
                    await self.ask(row.key, (_id_of(row.asked),))
            return

    def _forget(self, part: _Sheet, row: _Row) -> None:
        result = part.forget(row.key, row.asked)
        self.told(row.key, result)

    def _sheets(self) -> tuple[_Sheet, _Sheet, _Sheet, _Sheet]:
        cancel = (requests.cancel, answered.tell_cancelled, self._forget_cancel)
        return (
            _Sheet(requests.place, answered.tell_placed, self._forget_order),
            _Sheet(*cancel),
            _Sheet(*cancel),
            _Sheet(requests.modify_orders, answered.tell_modified, self._forget_modify),
        )

    def _forget_order(self, key: MarketKey, order: Order) -> Any:
        book = self.account.at(key)
        return book.order_cannot_land(order.cloid, _NOT_SENT, request=order.request, now=self.now())

    def _forget_cancel(self, key: MarketKey, one: CancelRequested) -> Any:
        book = self.account.at(key)
        return book.cancel_rejected(one.id, _NOT_SENT, request=one.request, now=self.now())

    def _forget_modify(self, key: MarketKey, one: ModifyRequested) -> Any:
        return self.account.at(key).modify_failed(
            one.cloid, _NOT_SENT, old=OldOrder.OPEN, request=one.request, now=self.now()
        )


def _id_of(asked: Order | CancelRequested | ModifyRequested) -> Oid:
    """Return what to ask for: a new order may have no oid yet, and a modify gives another."""
    return asked.id if isinstance(asked, CancelRequested) else asked.cloid


_NOT_SENT: Final = "it was not sent, or cannot land any more"
