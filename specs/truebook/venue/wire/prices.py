"""Prices as the messages tell them: mids, books, trades, candles, and what trades in a day."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from truebook.impl.venues.hyperliquid import meta, numbers, state
from truebook.venue.engine import INTERVALS, Bar, Exchange, Half, Market, Traded

_IMPACT: Final = Decimal(6_000)
"""Impact prices are those of so many dollars, taken at once."""


def mids(exchange: Exchange) -> dict[str, str]:
    """Return the middle price of each market."""
    return {coin: numbers.shown(market.mid) for coin, market in exchange.markets.items()}


def context(market: Market, now: int) -> meta.PerpContext:
    """Return what trades in a market: the oracle is its mark price, and funding is nothing."""
    day, mark = market.day(now), numbers.shown(market.mark)
    sides = (market.levels.bids, market.levels.asks)
    impact = [average for average in (half.average(_IMPACT) for half in sides) if average]
    return meta.PerpContext(
        funding="0.0",
        open_interest=numbers.shown(market.open_interest),
        prev_day_px=numbers.shown(day.price),
        day_ntl_vlm=numbers.shown(day.value),
        premium="0.0",
        oracle_px=mark,
        mark_px=mark,
        mid_px=None if market.levels.mid is None else numbers.shown(market.levels.mid),
        impact_pxs=[numbers.shown(six(one)) for one in impact] if len(impact) == 2 else None,
        day_base_vlm=numbers.shown(day.volume),
    )


def book(market: Market, now: int, most: int = 20) -> state.L2Snapshot:
    """Return the best levels of a market's book."""
    sides = (market.levels.bids, market.levels.asks)
    return state.L2Snapshot(
        coin=market.coin, time=now, levels=[list(_levels(half, most)) for half in sides]
    )


def _levels(half: Half, most: int) -> Iterable[state.L2Level]:
    for price, size, count in half.levels(most):
        yield state.L2Level(numbers.shown(price), numbers.shown(size), count)


def best(market: Market) -> tuple[state.L2Level | None, state.L2Level | None]:
    """Return the best bid and the best ask."""
    bid, ask = (
        next(iter(_levels(half, 1)), None) for half in (market.levels.bids, market.levels.asks)
    )
    return bid, ask


def trade(one: Traded) -> state.Trade:
    """Return a trade, as everybody sees it."""
    return state.Trade(
        coin=one.coin,
        side="B" if one.buyer_took else "A",
        px=numbers.shown(one.price),
        sz=numbers.shown(one.size),
        hash=one.hash,
        time=one.time,
        tid=one.tid,
        users=list(one.users),
    )


def candles(market: Market, interval: str) -> Iterator[state.Candle]:
    """Yield the candles of an interval in which anything was traded, the latest first.

    KeyError for an interval that the venue has not.
    """
    if interval not in INTERVALS:
        raise KeyError(interval)
    return (_candle(market.coin, interval, bar) for bar in reversed(market.tape.bars(interval)))


def _candle(coin: str, interval: str, bar: Bar) -> state.Candle:
    return state.Candle(
        t=bar.start,
        closes=bar.end - 1,
        s=coin,
        i=interval,
        o=numbers.shown(bar.open),
        c=numbers.shown(bar.close),
        h=numbers.shown(bar.high),
        l=numbers.shown(bar.low),
        volume=numbers.shown(bar.volume),
        n=bar.count,
    )


def six(price: Decimal) -> Decimal:
    """Return a price to six significant figures."""
    return price.quantize(Decimal(1).scaleb(price.adjusted() - 5)) if price else price
