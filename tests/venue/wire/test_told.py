"""The numbers that the venue tells are those of its truth."""

from decimal import Decimal
from typing import Any, TypeVar

import pytest

from chaos_market import exchange_of
from truebook.impl.venues.hyperliquid import questions, streams
from truebook.venue.engine import Asked, Exchange, set_leverage
from truebook.venue.wire import STREAMS, answer, first, frames, moved, now_of, stream_of
from venue_margin import eth, long_of, rich

Told = TypeVar("Told")
DAY = 86_400_000


def the(kind: type[Told], told: Any) -> Told:
    (found,) = (one for one in told if isinstance(one, kind))
    return found


def traded() -> Exchange:
    """Return a venue at which 0xa has bought one, two days ago, and half of one now."""
    exchange = exchange_of()
    for now, price, size in ((0, 3000, "1"), (2 * DAY, 3010, "0.5")):
        exchange.place("0xb", eth(is_buy=False, size=size, price=price), now)
        exchange.place("0xa", eth(is_buy=True, size=size, price=price), now)
    for is_buy, price in ((True, 3000), (False, 3020)):
        exchange.place("0xb", eth(is_buy=is_buy, size="4", price=price), 2 * DAY)
    return exchange


def test_what_trades_in_a_day() -> None:
    (frame,) = now_of(traded(), ("activeAssetCtx", "ETH"), 2 * DAY)
    assert isinstance(frame, streams.ActiveAssetCtx)
    context = frame.data.ctx
    assert (context.open_interest, context.prev_day_px) == ("1.5", "3000.0")
    assert (context.day_ntl_vlm, context.day_base_vlm) == ("1505.0", "0.5")
    assert (context.mark_px, context.mid_px, context.oracle_px) == ("3010.0",) * 3
    assert context.impact_pxs == ["3000.0", "3020.0"]
    empty = answer(exchange_of(), questions.MetaAndAssetCtxs(), 0)[1][1]
    assert (empty.mid_px, empty.impact_pxs, empty.mark_px) == (None, None, "3000.0")
    assert (empty.open_interest, empty.day_ntl_vlm, empty.prev_day_px) == ("0.0", "0.0", "3000.0")


def test_candles() -> None:
    exchange = traded()
    span = questions.CandleSpan(coin="ETH", interval="1d", start_time=0)
    some = answer(exchange, questions.CandleSnapshot(span), 0)
    assert [(one.t, one.closes, one.o, one.volume, one.n) for one in some] == [
        (0, DAY - 1, "3000.0", "1.0", 1),
        (2 * DAY, 3 * DAY - 1, "3010.0", "0.5", 1),
    ]
    for start, end, found in ((DAY, 9 * DAY, 1), (0, DAY, 1), (DAY - 1, 2 * DAY, 2), (DAY, DAY, 0)):
        span = questions.CandleSpan(coin="ETH", interval="1d", start_time=start, end_time=end)
        assert len(answer(exchange, questions.CandleSnapshot(span), 0)) == found
    exchange.take_news()
    exchange.place("0xa", eth(is_buy=False, size="0.1", price=3000), 2 * DAY + 1)
    news = exchange.take_news()
    candles = [stream for stream in moved(news) if stream[0] == "candle"]
    heard = {stream: frame for stream in candles for frame in now_of(exchange, stream, 0)}
    candle = heard["candle", "ETH 1d"]
    assert isinstance(candle, streams.Candles)
    assert (candle.data.c, candle.data.volume, candle.data.n) == ("3000.0", "0.6", 2)
    none = questions.CandleSnapshot(questions.CandleSpan(coin="ETH", interval="7m", start_time=0))
    with pytest.raises(KeyError):
        answer(exchange, none, 0)


def test_recent_trades_are_the_newest_first() -> None:
    some = answer(traded(), questions.RecentTrades("ETH"), 0)
    assert [(one.px, one.sz, one.side) for one in some] == [
        ("3010.0", "0.5", "B"),
        ("3000.0", "1.0", "B"),
    ]


def test_positions_and_their_margin() -> None:
    exchange = long_of("1", balance=200)
    assert set_leverage(exchange, "0xa", "ETH", 50) is None
    for is_buy, price in ((True, 2930), (False, 2940)):
        exchange.place("0xrich", eth(is_buy=is_buy, size="1", price=price), 3)
    told = answer(exchange, questions.ClearinghouseState("0xA"), 7)
    summary = told.margin_summary
    assert (summary.account_value, summary.total_raw_usd) == ("133.65", "-2801.35")
    assert (summary.total_ntl_pos, summary.total_margin_used) == ("2935.0", "58.7")
    assert (told.cross_maintenance_margin_used, told.withdrawable, told.time) == ("29.35", "0.0", 7)
    (held,) = (one.position for one in told.asset_positions)
    assert (held.szi, held.entry_px, held.position_value) == ("1.0", "3000.0", "2935.0")
    assert (held.unrealized_pnl, held.return_on_equity) == ("-65.0", "-1.10732538")
    assert held.leverage.value == 50
    assert held.liquidation_px is not None
    at = Decimal(held.liquidation_px)
    assert abs(133.65 - (2935 - float(at)) - float(at) / 100) < 0.01, "there it has just enough"
    (frame,) = now_of(exchange, ("clearinghouseState", "0xa"), 7)
    assert isinstance(frame, streams.ClearinghouseStates)
    assert frame.data.clearinghouse_state == told


def test_another_dex_has_nothing() -> None:
    exchange = long_of("1", balance=200)
    told = answer(exchange, questions.ClearinghouseState("0xa", dex="xyz"), 7)
    assert (told.asset_positions, told.withdrawable) == ([], "0.0")
    assert answer(exchange, questions.AllMids(dex="xyz"), 7) == {}
    assert answer(exchange, questions.OpenOrders("0xrich", dex="xyz"), 7) == []


def test_what_may_be_traded() -> None:
    exchange = long_of("1", balance=1000)
    told = answer(exchange, questions.ActiveAssetData("0xa", "ETH"), 0)
    assert told.max_trade_szs == ("5.6576", "7.6576")
    assert told.available_to_trade == ("848.65", "1148.65"), "998.65 less or more its own 150"
    (frame,) = now_of(exchange, ("activeAssetData", "ETH 0xa"), 0)
    assert isinstance(frame, streams.ActiveAssetData)
    assert frame.data == told


def test_a_liquidation_is_told_in_its_own_words() -> None:
    exchange = long_of("1", balance=160)
    exchange.cancel_all("0xrich", "canceled", 3)
    for is_buy, price in ((True, 2850), (False, 2852)):
        exchange.place("0xrich", eth(is_buy=is_buy, size="0.25", price=price), 3)
    exchange.take_news()
    exchange.pass_time(4)
    told: list[Any] = list(frames(exchange.take_news()))
    events = [f.data for (kind, user), f in told if (kind, user) == ("userEvents", "0xa")]
    (liquidation,) = (one.liquidation for one in events if one.liquidation)
    assert liquidation.liquidated_user == "0xa"
    assert liquidation.liquidated_ntl_pos == "2851.0"
    assert liquidation.liquidated_account_value == "9.65"
    fills: list[Any] = the(streams.UserFills, (f for (_, u), f in told if u == "0xa")).data.fills
    assert [(one.dir, one.sz, one.start_position) for one in fills] == [
        ("Close Long", "0.25", "1.0"),
        ("Liquidated Cross Long", "0.75", "0.75"),
    ]
    assert [(one.liquidation.method, one.liquidation.mark_px) for one in fills] == [
        ("market", "2851.0"),
        ("backstop", "2851.0"),
    ]
    other: Any = the(streams.UserFills, (f for (_, u), f in told if u == "0xrich")).data.fills
    assert [one.liquidation.liquidated_user for one in other] == ["0xa"]


@pytest.mark.parametrize("kind", STREAMS)
def test_every_stream_is_found_by_its_subscription(kind: str) -> None:
    exchange = exchange_of()
    user = "0x" + "0a" * 20
    rich(exchange, user)
    exchange.place(user, Asked(coin="ETH", is_buy=True, price=Decimal(1), size=Decimal(20)), 1)
    asked = streams.Subscription(type=kind, user=user.replace("a", "A"), coin="ETH", interval="1m")
    stream = stream_of(exchange, asked)
    assert stream is not None
    told = list(first(exchange, stream, 1))
    silent = ("trades", "candle", "orderUpdates", "userEvents", "notification")
    assert len(told) == (0 if kind in silent else 1)
