"""Questions to the info endpoint, and what the venue's truth answers."""

from decimal import Decimal
from itertools import islice
from typing import Any, Final

from truebook.impl.venues.hyperliquid import given, meta, orders, questions, state
from truebook.venue.engine import Account, Exchange, Place
from truebook.venue.wire import catalogue, holdings, prices, shown

PAGE: Final = 2_000
PAGE_OF_CANDLES: Final = 5_000


def answer(exchange: Exchange, question: questions.Question, now: int) -> Any:
    """Return what answers a question: a message, or a list of them."""
    if _of_others(question):
        return _of_another_dex(question, now)
    markets = exchange.markets
    match question:
        case questions.Meta():
            return catalogue.perps(exchange)
        case questions.MetaAndAssetCtxs():
            contexts = [prices.context(market, now) for market in markets.values()]
            return catalogue.perps(exchange), contexts
        case questions.AllPerpMetas():
            return [catalogue.perps(exchange)]
        case questions.PerpDexs():
            return [None]
        case questions.SpotMeta():
            return catalogue.SPOT
        case questions.SpotMetaAndAssetCtxs():
            return catalogue.SPOT, [catalogue.SPOT_CONTEXT]
        case questions.AllMids():
            return prices.mids(exchange)
        case questions.L2Book():
            return prices.book(markets[question.coin], now)
        case questions.CandleSnapshot():
            return _candles(exchange, question.req)
        case questions.RecentTrades():
            return [prices.trade(one) for one in reversed(markets[question.coin].tape.trades)]
    account = exchange.found(question.user.lower())
    match question:
        case questions.ClearinghouseState():
            return holdings.clearinghouse(exchange, account, now)
        case questions.ActiveAssetData():
            return holdings.active(exchange, account, question.coin)
        case questions.WebData2():
            return holdings.frontend(exchange, account, now)
    return _of_account(account, question)


def _of_account(account: Account, question: Any) -> Any:
    match question:
        case questions.OpenOrders() | questions.FrontendOpenOrders():
            front = isinstance(question, questions.FrontendOpenOrders)
            return shown.listed(account, front=front)
        case questions.OrderStatus():
            order = account.order_of(_name(question.oid))
            return orders.UnknownOid() if order is None else orders.KnownOrder(shown.known(order))
        case questions.HistoricalOrders():
            return [shown.known(one) for one in islice(account.orders(), PAGE)]
        case questions.UserFills():
            return [shown.fill(one) for one in islice(reversed(account.fills), PAGE)]
        case questions.UserFillsByTime():
            since, end = question.start_time, given(question.end_time, None)
            some = (one for one in account.fills if _within(one.time, since, end))
            return [shown.fill(one) for one in islice(some, PAGE)]
        case questions.SpotClearinghouseState():
            return state.SpotClearinghouseState([holdings.USDC])
    return []


def _candles(exchange: Exchange, span: questions.CandleSpan) -> list[state.Candle]:
    end = given(span.end_time, None)
    found = [
        one
        for one in prices.candles(exchange.markets[span.coin], span.interval)
        if one.closes >= span.start_time and (end is None or one.t <= end)
    ]
    return found[:PAGE_OF_CANDLES][::-1]


def _within(time: int, since: int, end: int | None) -> bool:
    return time >= since and (end is None or time <= end)


def listed_at(account: Account, time: int, *, front: bool) -> list[orders.Order]:
    """Return an account's orders as they were listed at a time; what is forgotten is not there."""
    told = shown.in_front if front else shown.basic
    since: dict[int, Decimal] = {}
    for one in reversed(account.fills):
        if one.time <= time:
            break
        since[one.order.oid] = since.get(one.order.oid, Decimal(0)) + one.size
    found = [
        told(one, one.left + since.get(one.oid, Decimal(0)))
        for one in account.orders()
        if one.placed <= time
        and one.where is not Place.PARENT
        and (one.where is not Place.OVER or one.changed > time)
    ]
    return found[::-1]


def _name(oid: int | str) -> int | str:
    return oid.lower() if isinstance(oid, str) else oid


def _of_others(question: Any) -> bool:
    """Return whether a question is about a dex that a builder deployed: there is none here."""
    return bool(given(getattr(question, "dex", None), None))


def _of_another_dex(question: Any, now: int) -> Any:
    """Return an answer in which there is nothing."""
    match question:
        case questions.Meta():
            return meta.Meta(universe=[])
        case questions.MetaAndAssetCtxs():
            return meta.Meta(universe=[]), []
        case questions.AllMids():
            return {}
        case questions.ClearinghouseState():
            return holdings.clearinghouse(Exchange({}), Account(question.user.lower()), now)
    return []
