"""From messages to facts: what each says of an order or a position, in the book's words.

A fact has its market; `tell` tells it to the book of that market. What cannot be a fact, as a price
that is no number, stays `Unreadable`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar, cast

import attrs

from truebook.impl.account import Account, MarketKey
from truebook.impl.book import (
    Ambiguous,
    Conflict,
    FillResult,
    OrderStatus,
    OrderUpdate,
    Rejected,
    UnknownOrder,
    Waits,
    checks,
    subtract,
)
from truebook.impl.venues.hyperliquid import numbers, orders, statuses, streams
from truebook.impl.venues.hyperliquid.fills import Fill, TwapSliceFill, tid_of
from truebook.impl.venues.hyperliquid.markets import Markets, key_of
from truebook.impl.venues.hyperliquid.reading import Unreadable, text_of
from truebook.impl.venues.hyperliquid.state import ClearinghouseState, SpotClearinghouseState
from truebook.impl.venues.hyperliquid.wire import Wire, given

_Fact = TypeVar("_Fact")

NOWHERE: Final = Markets()
"""No market is known: then a coin is what its name says."""


@attrs.frozen(kw_only=True)
class FillTold:
    """A fill. `snapshot`: told again, perhaps; `twap` is the TWAP that it is a slice of.

    `liquidation`: of one. `fee_in_base` is what was taken of the asset itself. `start_position` is
    the position before it; None beside a trade with oneself, whose two legs share it, so that what
    an order trades then comes back to where it was.
    """

    key: MarketKey
    oid: int
    tid: int
    size: Decimal
    price: Decimal
    is_buy: bool
    time: int
    cloid: str | None = None
    crossed: bool
    start_position: Decimal | None = None
    fee_in_base: Decimal | None = None
    snapshot: bool = False
    liquidation: bool = False
    twap: int | None = None
    said: Wire = attrs.field(repr=False, eq=False)

    def tell(self, account: Account, *, now: int) -> FillResult | None:
        """Tell it to the book of its market; None where it was counted before."""
        return account.at(self.key).process_fill(
            self.oid,
            self.tid,
            self.size,
            self.price,
            self.is_buy,
            cloid=self.cloid,
            time=self.time,
            crossed=self.crossed,
            start_position=self.start_position,
            fee_in_base=self.fee_in_base,
            now=now,
        )


@attrs.frozen(kw_only=True)
class StatusTold:
    """What an order is since a time: the venue's status, and the book's word for it.

    `original` and `remaining` are its size and what can still trade; `reduce_only` is None where
    that is not told.
    """

    key: MarketKey
    oid: int | None
    word: OrderStatus
    status: str
    time: int | None = None
    cloid: str | None = None
    original: Decimal | None = None
    remaining: Decimal | None = None
    reduce_only: bool | None = None
    said: Wire = attrs.field(repr=False, eq=False)

    def filled(self, *, reduces: bool) -> Decimal | None:
        """Return what has filled, as far as the message says; None where it does not.

        What of a reduce-only order is gone need not have filled: it shrinks with the position.
        """
        if reduces or self.original is None or self.remaining is None:
            return None
        if self.word in (OrderStatus.WAITING, OrderStatus.TRIGGERED):
            return None
        return subtract(self.original, self.remaining)

    def tell(
        self, account: Account, *, now: int
    ) -> OrderUpdate | Rejected | Waits | Conflict | Ambiguous | UnknownOrder:
        """Tell it to the book of its market, with what has filled where that is certain.

        Whether the order reduces is known from the message, or from the book that registered it.
        """
        book = account.at(self.key)
        names = (name for name in (self.oid, self.cloid) if name is not None)
        order = next((one for one in map(book.get_order, names) if one is not None), None)
        reduces = self.reduce_only is True or order is None or order.reduce_only
        filled = self.filled(reduces=reduces)
        return book.order_status(
            self.oid, self.word, cloid=self.cloid, filled=filled, reason=self.status, now=now
        )


@attrs.frozen(kw_only=True)
class PositionTold:
    """The venue's position in a market, which has the fills before `as_of`, and no other."""

    key: MarketKey
    position: Decimal
    as_of: int | None


Fact: TypeAlias = FillTold | StatusTold | Unreadable
"""What a message of a stream says."""


def facts_of(
    message: object, *, markets: Markets = NOWHERE, sub_account: str = ""
) -> Iterator[Fact]:
    """Yield what a frame says of orders and fills; nothing, of most other frames.

    Also of what is asked for: a list of fills or of orders' statuses, or one of them.
    """
    where = _Where(markets, sub_account)
    match message:
        case Unreadable():
            yield message
        case streams.OrderUpdates(data=updates):
            yield from map(where.status, updates)
        case streams.UserFills(data=told):
            yield from where.fills(told.fills, snapshot=told.is_snapshot is True)
        case streams.UserTwapSliceFills(data=slices):
            yield from where.slices(slices.twap_slice_fills, snapshot=slices.is_snapshot is True)
        case streams.UserEvents(data=event):
            yield from where.fills(given(event.fills, ()), snapshot=False)
            yield from where.slices(given(event.twap_slice_fills, ()), snapshot=False)
            yield from map(where.cancelled, given(event.non_user_cancel, ()))
        case [Fill(), *_]:
            yield from where.fills(cast("list[Fill]", message), snapshot=True)
        case list() | tuple():
            for one in message:
                yield from facts_of(one, markets=markets, sub_account=sub_account)
        case Fill():
            yield where.fill(message, snapshot=True)
        case TwapSliceFill():
            yield from where.slices((message,), snapshot=True)
        case orders.OrderUpdate():
            yield where.status(message)
        case orders.KnownOrder(order=update):
            yield where.status(update)


def as_of_state(state: ClearinghouseState) -> int | None:
    """Return before when the fills are that positions have; None where that is not told.

    `time` is that of the latest block in them, so fills of that millisecond are.
    """
    return state.time + 1 if isinstance(state.time, int) else None


def positions_of(
    state: ClearinghouseState, *, sub_account: str = ""
) -> tuple[PositionTold | Unreadable, ...]:
    """Return the positions of a dex; a market that is not among them has none."""
    as_of = as_of_state(state)

    def told(one: Any) -> PositionTold:
        position = one.position
        key = key_of(position.coin, sub_account=sub_account)
        return PositionTold(key=key, position=numbers.decimal(position.szi), as_of=as_of)

    return tuple(_made(told, one, "a position") for one in state.asset_positions)


def balances_of(
    state: SpotClearinghouseState, markets: Markets, *, sub_account: str = ""
) -> tuple[PositionTold | Unreadable, ...]:
    """Return the positions of spot markets: what there is of the token that each trades.

    The venue tells no time of them. A token that is not among the balances is not there.
    """
    bases: dict[str, list[str]] = {}
    for market in markets.values():
        if market.base:
            bases.setdefault(market.base, []).append(market.coin)

    def told(one: tuple[str, Any]) -> PositionTold:
        coin, balance = one
        key = key_of(coin, sub_account=sub_account)
        return PositionTold(key=key, position=numbers.decimal(balance.total), as_of=None)

    return tuple(
        _made(told, (coin, balance), "a balance")
        for balance in state.balances
        for coin in bases.get(balance.coin, ())
    )


def tell(account: Account, told: Iterable[Fact], *, now: int) -> Iterator[tuple[Fact, Any]]:
    """Tell an account facts; yield each with what its book answers, None where it has no answer.

    What a book refuses, since it cannot be, becomes `Unreadable`: nothing is raised for what a
    venue says.
    """
    for fact in told:
        if isinstance(fact, Unreadable):
            yield fact, None
            continue
        try:
            yield fact, fact.tell(account, now=now)
        except (TypeError, ValueError) as error:
            yield Unreadable.of(f"a fact of {fact.key}", text_of(fact.said), error), None


# Within


@attrs.frozen
class _Where:
    """Of which markets and which sub-account messages are."""

    markets: Markets
    sub_account: str

    def fills(self, told: Iterable[Fill], *, snapshot: bool) -> Iterator[Fact]:
        found = tuple(told)
        mixed = _with_oneself(found)
        for fill in found:
            fact = self.fill(fill, snapshot=snapshot)
            if isinstance(fact, FillTold) and (fill.coin, fill.time) in mixed:
                fact = attrs.evolve(fact, start_position=None)
            yield fact

    def slices(self, told: Iterable[TwapSliceFill], *, snapshot: bool) -> Iterator[Fact]:
        for one in told:
            fact = self.fill(one.fill, snapshot=snapshot)
            yield attrs.evolve(fact, twap=one.twap_id) if isinstance(fact, FillTold) else fact

    def fill(self, fill: Fill, *, snapshot: bool) -> Fact:
        return _made(lambda one: self._fill(one, snapshot), fill, "a fill")

    def status(self, update: orders.OrderUpdate) -> Fact:
        return _made(self._status, update, "what became of an order")

    def cancelled(self, order: streams.CancelledOrder) -> Fact:
        return _made(self._cancelled, order, "a cancelled order")

    def _fill(self, fill: Fill, snapshot: bool) -> FillTold:
        is_buy = fill.side == "B"
        token = given(fill.fee_token, "")
        taken = bool(token) and self.markets.takes_of_asset(fill.coin, token, is_buy=is_buy)
        fee = numbers.decimal(fill.fee)
        return FillTold(
            key=key_of(fill.coin, sub_account=self.sub_account),
            oid=fill.oid,
            tid=tid_of(fill),
            size=checks.size(numbers.decimal(fill.sz)),
            price=checks.number(numbers.decimal(fill.px), "px"),
            is_buy=is_buy,
            time=checks.time(fill.time, "time"),
            cloid=given(fill.cloid, None) or None,
            crossed=fill.crossed,
            start_position=checks.number(numbers.decimal(fill.start_position), "startPosition"),
            fee_in_base=fee if taken and fee else None,
            snapshot=snapshot,
            liquidation=bool(given(fill.liquidation, None)),
            twap=given(fill.twap_id, None),
            said=fill,
        )

    def _status(self, update: orders.OrderUpdate) -> StatusTold:
        order = update.order
        word = statuses.word_of(update.status)
        if word is None:
            raise ValueError(f"nobody knows the status {update.status!r}")
        if word is OrderStatus.OPEN and order.is_trigger is True:
            word = OrderStatus.WAITING  # it is shown as if it were in the venue's book
        original = given(order.orig_sz, None)
        return StatusTold(
            key=key_of(order.coin, sub_account=self.sub_account),
            oid=given(order.oid, None) or None,
            word=word,
            status=update.status,
            time=update.status_timestamp,
            cloid=given(order.cloid, None) or None,
            original=None if original is None else numbers.size(original),
            remaining=numbers.size(order.sz),
            reduce_only=given(order.reduce_only, None),
            said=update,
        )

    def _cancelled(self, order: streams.CancelledOrder) -> StatusTold:
        return StatusTold(
            key=key_of(order.coin, sub_account=self.sub_account),
            oid=order.oid or None,
            word=OrderStatus.CANCELLED,
            status="nonUserCancel",
            said=order,
        )


def _with_oneself(told: Sequence[Fill]) -> set[tuple[str, int]]:
    """Return the coin and time of trades whose both legs are among these fills."""
    sides: dict[tuple[object, ...], str] = {}
    found = set()
    for fill in told if len(told) > 1 else ():
        leg = (fill.coin, fill.time, fill.hash, fill.px, fill.sz, fill.start_position)
        if sides.setdefault(leg, fill.side) != fill.side:
            found.add((fill.coin, fill.time))
    return found


def _made(make: Callable[[Any], _Fact], said: Any, what: str) -> _Fact | Unreadable:
    try:
        return make(said)
    except (TypeError, ValueError, ArithmeticError) as error:
        return Unreadable.of(what, text_of(said), error)
