"""Orders as the books of an account have them: what a recording says, told to the reference.

An order is registered when its request is seen, or at the first word of it where no requests were
recorded. What the book finds contradictory is kept with the line that told it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

import attrs

from truebook.audit.ledger.exposure import Exposure
from truebook.audit.ledger.fills import key_of
from truebook.audit.ledger.lacking import Lacked, Lacking
from truebook.audit.ledger.promised import ZERO, Named, Promised, Short
from truebook.audit.seen import Answered, FillLine, OpenOrders, Place, Sent, Unknown
from truebook.impl.account import Account, AccountListing, Coverage, MarketKey
from truebook.impl.book import (
    Attention,
    BookConfig,
    CancelRequested,
    ListedOrder,
    ListingRequest,
    ModifyRequested,
    Oid,
    OldOrder,
    Order,
    OrderStatus,
    Refused,
    Strangers,
    UnifiedOrderBook,
    ending,
    ledger_of,
    orders,
)
from truebook.impl.venues.hyperliquid import (
    Unreadable,
    actions,
    answered,
    answers,
    facts,
    given,
    listings,
    markets,
    numbers,
)
from truebook.model.vocabulary import CLOSED, OrderState, Side, TimeInForce

Markets: TypeAlias = markets.Markets

MS: Final = 1_000_000
"""Nanoseconds in a millisecond."""
CONFIG: Final = BookConfig(strangers=Strangers.LEAVE, max_events=1_000, cloid_seed=0)
FORCES: Final = {"Gtc": TimeInForce.GTC, "Ioc": TimeInForce.IOC, "Alo": TimeInForce.ALO}
OVER: Final = frozenset((*CLOSED, OrderState.DEAD))
UNENDED: Final = frozenset((OrderStatus.WAITING, OrderStatus.TRIGGERED))
OVER_FOR_MODIFY: Final = "Cannot modify canceled or filled order"
NO_MATCH: Final = "Order could not immediately match"
LOOP: Final = 5
"""A cancel of what is over, sent so often, is a loop."""

LAG: Final = CONFIG.finalized_protection // MS
"""A listing may be so many milliseconds older than its question."""

Asked = tuple[MarketKey, Any]


@attrs.frozen
class Noted:
    """What a book found worth attention, and the line at which it did."""

    key: MarketKey
    event: Attention
    place: Place


@attrs.frozen
class Again:
    """A request that should not have been sent again: an order's, or a cancel of what is over."""

    key: MarketKey
    what: str
    place: Place
    is_cancel: bool


@attrs.define
class _Batch:
    """What was asked in an action, by what its answer is told with."""

    tell: Callable[..., Any] | None
    asked: list[Asked]
    cancels: list[tuple[MarketKey, Oid | None]] = attrs.field(factory=list)
    at: int = 0


@attrs.frozen
class _Known:
    """An order of which the venue tells, and what it tells."""

    oid: Oid
    cloid: str | None
    side: Side
    price: Decimal
    size: Decimal
    waits: bool = attrs.field(kw_only=True)
    reduce_only: bool = attrs.field(default=False, kw_only=True)


@attrs.define
class Orders:
    """The orders of one account: its books, what they noted, and requests that have no answer.

    `walked` counts how often an order went from one state to another.
    """

    account: Account = attrs.field(factory=lambda: Account(CONFIG))
    markets: Markets = attrs.field(factory=Markets)
    noted: list[Noted] = attrs.field(factory=list)
    again: list[Again] = attrs.field(factory=list)
    walked: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    seen: int = 0
    requests: int = 0
    unnamed: int = 0
    ended_twice: dict[Named, tuple[Place, Place]] = attrs.field(factory=dict)
    _ends: dict[Named, tuple[int, Place]] = attrs.field(factory=dict)
    exposure: Exposure | None = None
    strangers: list[tuple[MarketKey, str, Place]] = attrs.field(factory=list)
    _told_over: set[tuple[MarketKey, Oid]] = attrs.field(factory=set)
    _listed_alone: dict[tuple[MarketKey, Oid], str] = attrs.field(factory=dict)
    _last_listed: frozenset[tuple[MarketKey, Oid]] = frozenset()
    _promised: Promised = attrs.field(factory=Promised)
    _lacking: Lacking = attrs.field(factory=Lacking)
    _apart: dict[Named, Decimal] = attrs.field(factory=dict)
    _waiting: dict[object, _Batch] = attrs.field(factory=dict)
    _states: dict[tuple[MarketKey, str], str] = attrs.field(factory=dict)
    _nameless: set[tuple[MarketKey, str]] = attrs.field(factory=set)
    _over: Counter[tuple[MarketKey, str]] = attrs.field(factory=Counter)
    _cancels: list[tuple[MarketKey, Oid | None]] = attrs.field(factory=list)
    _cancelled: set[tuple[MarketKey, Oid | None]] = attrs.field(factory=set)
    _asked: dict[tuple[MarketKey, str], Place] = attrs.field(factory=dict)

    # What the venue says

    def status(self, fact: facts.StatusTold, place: Place, now: int) -> None:
        """Take what became of an order; ValueError for what cannot be."""
        name = self._adopt(self.account.at(fact.key), fact, now)
        if name is not None:
            fact = attrs.evolve(fact, cloid=name)
        fact.tell(self.account, now=now)
        if fact.oid is not None:
            self._listed_alone.pop((fact.key, fact.oid), None)
            self._expose(fact, fact.oid, place)
            self._promise(fact, fact.oid, place)
        if fact.time is not None:
            self._ends_once(fact, fact.time, place)
            self._lacking.was_open(fact.key, fact.oid, fact.time, place)
        self._walk(fact.key, fact.oid or fact.cloid)
        self._drain(fact.key, place)

    def fill(self, fill: FillLine, place: Place, now: int) -> None:
        """Take a fill that is new; ValueError for one that cannot be."""
        key = markets.key_of(fill.coin)
        self.account.at(key).process_fill(
            fill.oid,
            fill.tid or key_of(fill),
            fill.sz,
            fill.px,
            fill.side == "B",
            cloid=fill.cloid or None,
            time=fill.time,
            crossed=fill.crossed,
            now=now,
        )
        self._promised.fill((key, fill.oid), fill.sz)
        self._listed_alone.pop((key, fill.oid), None)
        self._lacking.was_open(key, fill.oid, fill.time, place)
        self._walk(key, fill.oid)
        self._drain(key, place)

    def _expose(self, fact: facts.StatusTold, oid: int, place: Place) -> None:
        """Note for how long an order was open, where that is to be held to a limit."""
        order = getattr(fact.said, "order", None)
        if self.exposure is None or fact.time is None or order is None or fact.reduce_only is True:
            return
        if fact.word is OrderStatus.OPEN and fact.original:
            buys = order.side == "B"
            self.exposure.opened(fact.key, oid, buys, fact.original, fact.time, place)
        if fact.word not in UNENDED:
            ends = fact.word is not OrderStatus.OPEN
            filled = fact.filled(reduces=False)
            self.exposure.was_open(fact.key, oid, fact.time, ends=ends, filled=filled)

    def has_sent(self, fill: FillLine) -> bool:
        """Return whether a fill is of an order that the bot is known to have sent."""
        if not self.requests:
            return False
        key = markets.key_of(fill.coin)
        order = self.account.at(key).get_order(fill.oid)
        return order is not None and (key, order.cloid) in self._asked

    def heard(self, fill: FillLine) -> None:
        """Take a fill that was told without words of its order beside it."""
        name = markets.key_of(fill.coin), fill.oid
        self._apart[name] = self._apart.get(name, ZERO) + fill.sz

    def unknown_told(self, told: Unknown, now: int) -> None:
        """Take that an order is unknown to the venue."""
        asked = told.asked if told.asked is not None else now // MS
        for key, book in self.account.items():
            order = book.get_order(told.name)
            if order is not None and _is_long_open(order, asked):
                self._lacking.lack(key, order.oid or 0, asked, told.place)

    def listed(self, told: OpenOrders, now: int) -> None:
        """Take a listing of open orders; those that nobody told of are taken up."""
        request = ListingRequest(now if told.asked is None else told.asked * MS)
        of = Coverage(market=None, dex=told.dex or "", sub_account="")
        listing = listings.listing_of(
            told.orders, of=of, request=request, covers_triggers=told.covers_triggers
        )
        if isinstance(listing, Unreadable):
            return
        assert isinstance(listing, AccountListing)
        for key, order in listing.orders:
            found = self.account.at(key).get_order(order.cloid) if order.cloid else None
            if found is not None and found.oid is None:
                self._listed_alone[key, order.oid] = found.cloid
            self._take_up(key, order, now)
        self._last_listed = frozenset((key, order.oid) for key, order in listing.orders)
        if told.asked is not None and told.dex is not None:
            self._lacks(listing, told, told.asked)
        if told.asked is not None and told.dex is not None:
            self.account.reconcile(listing, now=now)
        for key in self.account:
            self._drain(key, told.place)

    # What the bot asks for

    def sent(self, told: Sent, now: int) -> None:
        """Register what an action asks for."""
        self.requests += 1
        self._last_listed = frozenset()
        place = told.place
        asked: list[Asked | None]
        tell: Callable[..., Any]
        match told.action:
            case actions.PlaceOrders(orders=placed):
                tell, asked = answered.tell_placed, [self._place(o, place, now) for o in placed]
            case actions.CancelOrders(cancels=cancels):
                tell = answered.tell_cancelled
                asked = [self._cancel(one.a, one.o, place, now) for one in cancels]
            case actions.CancelByCloid(cancels=named):
                tell = answered.tell_cancelled
                asked = [self._cancel(one.asset, one.cloid, place, now) for one in named]
            case actions.ModifyOrder(oid=oid, order=order):
                tell, asked = answered.tell_modified, [self._modify(oid, order, place, now)]
            case actions.ModifyOrders(modifies=modifies):
                tell = answered.tell_modified
                asked = [self._modify(one.oid, one.order, place, now) for one in modifies]
            case _:
                return
        known = [one for one in asked if one is not None]
        whole = len(known) == len(asked)  # else nobody knows which item is of which request
        self._waiting[told.number] = _Batch(
            tell if whole else None, known, self._cancels, now // MS
        )
        self._cancels = []
        for key in self.account:
            self._drain(key, place)

    def answered(self, told: Answered, now: int) -> None:
        """Tell what came of an action."""
        batch = self._waiting.pop(told.number, None)
        if batch is None:
            return
        if batch.tell is not None and batch.asked and not self._met_itself(batch, told.answer):
            batch.tell(self.account, batch.asked, told.answer, now=now)
        if told.answer is not None:
            self._cancelled.update(batch.cancels)
            self._of_changes(batch, told, now)
            self._promises(batch, told)
        for key, one in batch.asked:
            self._walk(key, one.oid if one.oid is not None else one.cloid)
            self._drain(key, told.place)

    def _of_changes(self, batch: _Batch, told: Answered, now: int) -> None:
        """Note of what was cancelled that it was open until then, and of the rest that it is over.

        A cancel that a book did not take, as another was on its way, is told to it here.
        """
        if isinstance(told.answer, answers.Failed):
            if told.answer.response.startswith(OVER_FOR_MODIFY):
                self._told_over.update((key, one.oid) for key, one in batch.asked)
            return
        if not isinstance(told.answer, answers.Done):
            return
        if isinstance(told.answer.response, answers.DefaultResponse):  # a modify is done
            self._told_over.update((key, one.oid) for key, one in batch.asked)
            return
        data = getattr(told.answer.response, "data", None)
        items = data.statuses if isinstance(data, answers.Statuses) else ()
        for (key, oid), item in zip(batch.cancels, items, strict=False):
            if oid is None:
                continue
            self._told_over.add((key, oid))
            if item == "success":
                self._lacking.was_open(key, oid, batch.at, told.place)
                if batch.tell is None:
                    self.account.at(key).cancel_confirmed(oid, now=now)
        for (key, one), item in zip(batch.asked, items, strict=False):
            if not isinstance(one, ModifyRequested) or not isinstance(item, answers.Outcome):
                continue
            error = item.error
            if not isinstance(error, str) or error.startswith(OVER_FOR_MODIFY):
                self._told_over.add((key, one.oid))

    def _promises(self, batch: _Batch, told: Answered) -> None:
        """Note what answers say has filled of orders."""
        match told.answer:
            case answers.Done(response=answers.OrderResponse(data=data)) if batch.tell is not None:
                for (key, _), item in zip(batch.asked, data.statuses, strict=False):
                    if not isinstance(item, answers.Outcome):
                        continue
                    if isinstance(item.resting, answers.Resting):
                        self._promised.begins((key, item.resting.oid), told.place)
                    elif isinstance(item.filled, answers.Filled):
                        name = key, item.filled.oid
                        self._promised.begins(name, told.place)
                        filled = numbers.size(item.filled.total_sz)
                        self._promised.says(name, filled, told.place, is_over=False)

    def _promise(self, fact: facts.StatusTold, oid: int, place: Place) -> None:
        """Note what a word says has filled of an order."""
        filled = fact.filled(reduces=fact.reduce_only is True)
        if filled is not None:
            name, is_open = (fact.key, oid), fact.word is OrderStatus.OPEN
            if is_open and not filled:
                self._promised.begins(name, place)
            self._promised.says(name, filled, place, is_over=not is_open)

    def _lacks(self, listing: AccountListing, told: OpenOrders, asked: int) -> None:
        """Note which orders a listing lacks that were open for longer than it may be old."""
        listed = {(key, order.oid) for key, order in listing.orders}
        for key, oid in listed:
            self._lacking.was_open(key, oid, asked - LAG, told.place)
        for key, book in self.account.items():
            for oid in sorted(book.get_active_oids(), key=str):
                order = book.get_order(oid)
                if key.dex != told.dex or order is None or (key, oid) in listed:
                    continue
                if _is_long_open(order, asked) and order.trigger is None:
                    self._lacking.lack(key, oid, asked, told.place)

    def _met_itself(self, batch: _Batch, answer: answers.Answer | None) -> bool:
        """Return whether an order is told as refused that was there, and over, and met nobody.

        What it would have met was its account's own, so that it was cancelled: both are true.
        """
        match answer:
            case answers.Done(
                response=answers.OrderResponse(
                    data=answers.Statuses(statuses=[answers.Outcome(error=str(error))])
                )
            ) if error.startswith(NO_MATCH) and len(batch.asked) == 1:
                ((key, one),) = batch.asked
                order = self.account.at(key).get_order(one.cloid)
                return order is not None and order.state in OVER and not order.filled
        return False

    # What is left

    def _ends_once(self, fact: facts.StatusTold, time: int, place: Place) -> None:
        """Note when an order was over; that it was so at two times cannot be.

        One that was refused never was an order, and has no end.
        """
        never = fact.word in UNENDED or fact.word in (OrderStatus.OPEN, OrderStatus.REJECTED)
        if never or fact.oid is None:
            return
        before = self._ends.setdefault((fact.key, fact.oid), (time, place))
        if before[0] != time and (fact.key, fact.oid) not in self.ended_twice:
            self.ended_twice[fact.key, fact.oid] = before[1], place
        if len(self._ends) > CONFIG.max_tracked_tids:
            del self._ends[next(iter(self._ends))]

    def lacked(self) -> Iterator[Lacked]:
        """Yield what answers lacked though it was there."""
        yield from self._lacking.found

    def short(self) -> Iterator[Short]:
        """Yield the orders that have filled more than was told as fills."""
        yield from self.short_but_for(self._apart)

    def short_but_for(self, apart: Mapping[Named, Decimal]) -> Iterator[Short]:
        """Yield the same, where so much was told again, or by itself."""
        yield from self._promised.short(apart)

    def unknown(self) -> Iterator[tuple[MarketKey, Order, bool, Place]]:
        """Yield the orders that were sent, or modified, and of which nothing tells what came of it.

        With each whether it has a name that the bot gave it, and the line of its request.
        """
        for key, book in self.account.items():
            for name in sorted(book.get_pending_cloids()):
                place, order = self._asked.get((key, name)), book.get_order(name)
                if any(self._is_over(key, one) for one in book.legs(name)[-2:-1]):
                    continue  # a modify of what was over by then has placed nothing
                if place is not None and order is not None:
                    yield key, order, (key, name) not in self._nameless, place

    def _is_over(self, key: MarketKey, leg: Order) -> bool:
        """Return whether an order was over by itself: filled, or by a cancel of it."""
        return leg.state in OVER and (leg.filled >= leg.size or (key, leg.oid) in self._cancelled)

    def is_told_over(self, key: MarketKey, order: Order) -> bool:
        """Return whether a word or an answer tells that an order is over, whatever it is now."""
        name = (key, order.oid)
        return name in self._ends or name in self._told_over

    def is_last_listed(self, key: MarketKey, order: Order) -> bool:
        """Return whether a listing shows an order, and nothing was asked for since."""
        return (key, order.oid) in self._last_listed

    def left(self) -> Iterator[tuple[MarketKey, Order]]:
        """Yield the orders that are open, or of which nobody knows, at the end."""
        for key, book in self.account.items():
            ids = sorted(book.get_active_oids(), key=str), sorted(book.get_pending_cloids())
            found = map(book.get_order, (*ids[0], *ids[1]))
            once = {order.cloid: order for order in found if order is not None}
            yield from ((key, order) for order in once.values())

    # Within

    def _place(self, order: actions.NewOrder, place: Place, now: int) -> Asked | None:
        found = self._known(order.a)
        if found is None:
            return None
        key, book = found
        cloid = given(order.c, None) or None
        limit, trigger = given(order.t.limit, None), given(order.t.trigger, None)
        if cloid is not None and book.get_order(cloid) is not None:
            self.again.append(Again(key, f"the order {cloid}", place, is_cancel=False))
            return None
        force = FORCES.get(limit.tif, TimeInForce.GTC) if limit is not None else TimeInForce.GTC
        name = book.register_pending(
            Side.BUY if order.b else Side.SELL,
            numbers.decimal(order.p),
            numbers.size(order.s),
            cloid=cloid,
            reduce_only=order.r,
            time_in_force=force,
            trigger=None if trigger is None else numbers.decimal(trigger.trigger_px),
            now=now,
        )
        self.seen += 1
        registered = book.get_order(name)
        assert registered is not None
        if cloid is None:
            self._nameless.add((key, name))
        self._asked[key, name] = place
        return key, registered

    def _cancel(self, asset: int, id: int | str, place: Place, now: int) -> Asked | None:
        found = self._known(asset)
        if found is None:
            return None
        key, book = found
        order = book.get_order(id)
        if order is not None and order.state in OVER:
            self._over[key, order.cloid] += 1
            if self._over[key, order.cloid] == LOOP:
                what = f"the cancel of {id}, which is over,"
                self.again.append(Again(key, what, place, is_cancel=True))
        name = self._listed_alone.pop((key, id), None)
        if name is not None and name in self._flying():
            self.strangers.append((key, f"order {id} ({name})", place))
        self._cancels.append((key, id if order is None else order.oid))
        result = book.request_cancel(id, now=now)
        return (key, result) if isinstance(result, CancelRequested) else None

    def _modify(
        self, id: int | str, order: actions.NewOrder, place: Place, now: int
    ) -> Asked | None:
        found = self._known(order.a)
        if found is None:
            return None
        key, book = found
        price, size = numbers.decimal(order.p), numbers.size(order.s)
        result = book.request_modify(id, price, size, now=now)
        known = book.get_order(id)
        if isinstance(result, Refused) and known and known.state is OrderState.CANCEL_PENDING:
            book.cancel_rejected(id, now=now)  # nobody answered it, and the bot goes on without
            result = book.request_modify(id, price, size, now=now)
        if isinstance(result, Refused) and known and _is_modified(book, known.cloid):
            book.modify_failed(known.cloid, "no answer", old=OldOrder.OPEN, now=now)
            result = book.request_modify(id, price, size, now=now)
        if not isinstance(result, ModifyRequested):
            return None
        self._asked[key, result.cloid] = place
        return key, result

    def _known(self, asset: int) -> tuple[MarketKey, UnifiedOrderBook] | None:
        market = self.markets.of_asset(asset)
        if market is None:
            self.unnamed += 1
            return None
        key = markets.key_of(market.coin)
        return key, self.account.at(key)

    def _adopt(self, book: UnifiedOrderBook, fact: facts.StatusTold, now: int) -> str | None:
        """Register an order at the first word of it, where no request was seen.

        Return the name of the request that it is of, where that has no cloid and awaits its answer.
        """
        oid, cloid = fact.oid, fact.cloid
        if oid is None or _knows(book, oid, cloid):
            return None
        order = getattr(fact.said, "order", None)
        if fact.original is None or order is None or not fact.original:
            return None
        if fact.word is OrderStatus.REJECTED:
            return None
        side = Side.BUY if order.side == "B" else Side.SELL
        price = numbers.decimal(order.limit_px)
        if cloid is None:
            like = self._awaited(fact.key, book, side, price, fact.original)
            if like:  # of several it is that whose answer is on its way, or nobody knows
                flying = [one for one in like if one in self._flying()]
                (*_, name), several = flying or like, len(flying or like) > 1
                return None if several else name
        one = _Known(
            oid,
            cloid,
            side,
            price,
            fact.original,
            waits=fact.word in (OrderStatus.WAITING, OrderStatus.TRIGGERED),
            reduce_only=bool(fact.reduce_only),
        )
        self._register(fact.key, one, now)
        return None

    def _awaited(
        self,
        key: MarketKey,
        book: UnifiedOrderBook,
        side: Side,
        price: Decimal,
        size: Decimal | None,
    ) -> list[str]:
        """Return the requests without a cloid that such an order may be of, by their names."""
        found = []
        for name in sorted(book.get_pending_cloids()):
            if (key, name) in self._nameless:
                leg = book.legs(name)[-1]
                if (leg.side, leg.price, size or leg.size) == (side, price, leg.size):
                    found.append(name)
        return found

    def _flying(self) -> set[str]:
        """Return the names of what was asked for, and is neither answered nor lost."""
        return {one.cloid for batch in self._waiting.values() for _, one in batch.asked}

    def _take_up(self, key: MarketKey, order: ListedOrder, now: int) -> None:
        book = self.account.at(key)
        if _knows(book, order.oid, order.cloid) or not order.size:
            return
        if order.side is None or order.price is None:
            return
        if order.cloid is None:
            like = self._awaited(key, book, order.side, order.price, None)
            if len(like) == 1:
                book.order_status(order.oid, OrderStatus.OPEN, cloid=like[0], now=now)
            if like:
                return
        waits = bool(order.trigger)
        one = _Known(order.oid, order.cloid, order.side, order.price, order.size, waits=waits)
        self._register(key, one, now)

    def _register(self, key: MarketKey, one: "_Known", now: int) -> None:
        """Register an order that is there, whose request was not seen."""
        book = self.account.at(key)
        name = book.register_pending(
            one.side,
            one.price,
            one.size,
            cloid=one.cloid,
            reduce_only=one.reduce_only,
            trigger=one.price if one.waits else None,
            now=now,
        )
        self.seen += 1
        if one.cloid is None:
            self._nameless.add((key, name))
        if one.waits:
            book.order_waits(name, oid=one.oid, now=now)
        else:
            book.finalize_order(name, one.oid, one.size, one.side, one.price, now=now)

    def _walk(self, key: MarketKey, id: int | str | None) -> None:
        """Count that an order has gone from one state to another."""
        found = None if id is None else _found(self.account.at(key), id)
        if found is None:
            return
        cloid, state = found
        name = (key, cloid)
        before = self._states.get(name, "")
        if state.name != before:
            self.walked[before, state.name] += 1
            if state in OVER:
                self._states.pop(name, None)
            else:
                self._states[name] = state.name

    def _drain(self, key: MarketKey, place: Place) -> None:
        for event in self.account.at(key).drain_events():
            self.noted.append(Noted(key, event, place))


def _knows(book: UnifiedOrderBook, oid: Oid, cloid: str | None) -> bool:
    """Return whether a book has an order of an oid, or of a cloid."""
    return any(id is not None and _found(book, id) is not None for id in (oid, cloid))


def _found(book: UnifiedOrderBook, id: Oid) -> tuple[str, OrderState] | None:
    """Return the cloid and the state of an order: all that `get_order` shows is not made."""
    ledger = ledger_of(book)
    leg = ending.ledger_leg(ledger, id)
    return None if leg is None else (leg.cloid, orders.current(ledger.by_cloid[leg.cloid]).state)


def _is_modified(book: UnifiedOrderBook, name: str) -> bool:
    """Return whether a modify of an order was sent of which nobody knows what came."""
    return name in book.get_pending_cloids() and len(book.legs(name)) > 1


def _is_long_open(order: Order, asked: int) -> bool:
    """Return whether an order was open for longer than an answer may be old."""
    return order.is_open and order.open_since is not None and order.open_since // MS < asked - LAG
