"""Questions to the info endpoint, and what the venue's truth answers."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from truebook.impl.venues.hyperliquid import given, meta, numbers, orders, questions, state
from truebook.venue.engine import Account, Exchange, Half, Market, Place
from truebook.venue.wire import shown

PAGE: Final = 2_000
_BALANCE: Final = Decimal(1_000_000)
"""What an account has to begin with, in dollars."""


def answer(exchange: Exchange, question: questions.Question, now: int) -> Any:
    """Return what answers a question: a message, or a list of them."""
    match question:
        case questions.Meta() | questions.MetaAndAssetCtxs() | questions.AllMids() if _of_others(
            question
        ):
            return _NOTHING[type(question)]
        case questions.Meta():
            return perps(exchange)
        case questions.MetaAndAssetCtxs():
            return perps(exchange), [_context(market) for market in exchange.markets.values()]
        case questions.AllPerpMetas():
            return [perps(exchange)]
        case questions.PerpDexs():
            return [None]
        case questions.SpotMeta():
            return SPOT
        case questions.SpotMetaAndAssetCtxs():
            return SPOT, [SPOT_CONTEXT]
        case questions.AllMids():
            return mids(exchange)
        case questions.L2Book():
            return book(exchange.markets[question.coin], now)
        case questions.CandleSnapshot():
            return []
    return _of_account(exchange.account(question.user.lower()), question, now)


def _of_account(account: Account, question: Any, now: int) -> Any:
    match question:
        case questions.OpenOrders() | questions.FrontendOpenOrders():
            front = isinstance(question, questions.FrontendOpenOrders)
            return [] if _of_others(question) else listed(account, front=front)
        case questions.OrderStatus():
            order = account.order_of(_name(question.oid))
            return orders.UnknownOid() if order is None else orders.KnownOrder(shown.known(order))
        case questions.HistoricalOrders():
            return [shown.known(one) for _, one in zip(range(PAGE), account.orders(), strict=False)]
        case questions.UserFills():
            return [shown.fill(one) for one in list(account.fills)[: -PAGE - 1 : -1]]
        case questions.UserFillsByTime():
            end = given(question.end_time, None)
            some = (
                shown.fill(one)
                for one in account.fills
                if one.time >= question.start_time and (end is None or one.time <= end)
            )
            return [one for _, one in zip(range(PAGE), some, strict=False)]
        case questions.ClearinghouseState():
            return clearinghouse(account, now)
        case questions.SpotClearinghouseState():
            return state.SpotClearinghouseState([_USDC])
    return []


def listed(account: Account, *, front: bool) -> list[orders.Order]:
    """Return an account's orders as openOrders tells them, or frontendOpenOrders.

    Those that wait for another order to fill are its children, and not listed by themselves.
    """
    told = shown.front if front else shown.basic
    return [told(one) for one in account.standing.values() if one.where is not Place.PARENT]


def listed_at(account: Account, time: int, *, front: bool) -> list[orders.Order]:
    """Return an account's orders as they were listed at a time; what is forgotten is not there."""
    told = shown.front if front else shown.basic
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
    return bool(given(question.dex, None))


def perps(exchange: Exchange) -> meta.Meta:
    """Return the markets, in the order of their numbers."""
    universe = [
        meta.Perp(
            name=market.coin,
            sz_decimals=market.listed.size_decimals,
            max_leverage=market.most_leverage,
            margin_table_id=market.most_leverage,
        )
        for market in exchange.markets.values()
    ]
    most = {market.most_leverage for market in exchange.markets.values()}
    tables = [
        (
            one,
            {"description": "", "marginTiers": [{"lowerBound": "0.0", "maxLeverage": one}]},
        )
        for one in sorted(most)
    ]
    return meta.Meta(universe=universe, margin_tables=tables, collateral_token=0)


def mids(exchange: Exchange) -> dict[str, str]:
    """Return the middle price of each market."""
    return {coin: numbers.shown(market.mid) for coin, market in exchange.markets.items()}


def _context(market: Market) -> meta.PerpContext:
    mark, mid = numbers.shown(market.mark), numbers.shown(market.mid)
    return meta.PerpContext(
        funding="0.0",
        open_interest="0.0",
        prev_day_px=mark,
        day_ntl_vlm="0.0",
        premium="0.0",
        oracle_px=mark,
        mark_px=mark,
        mid_px=mid,
        impact_pxs=[mid, mid],
        day_base_vlm="0.0",
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


def clearinghouse(account: Account, now: int) -> state.ClearinghouseState:
    """Return the positions of an account; nothing is lent, and nothing is paid for time."""
    value = numbers.shown(_BALANCE + account.earned)
    summary = state.MarginSummary(
        account_value=value, total_margin_used="0.0", total_ntl_pos="0.0", total_raw_usd=value
    )
    held = ((coin, one) for coin, one in account.positions.items() if one.size)
    positions = [
        state.AssetPosition(
            state.Position(
                coin=coin,
                szi=numbers.shown(one.size),
                entry_px=numbers.shown(_five(one.cost / one.size)),
                leverage=state.Leverage("cross", 20),
                liquidation_px=None,
                margin_used="0.0",
                max_leverage=50,
                position_value=numbers.shown(abs(one.cost)),
                return_on_equity="0.0",
                unrealized_pnl="0.0",
                cum_funding=state.CumulativeFunding("0.0", "0.0", "0.0"),
            ),
            "oneWay",
        )
        for coin, one in held
    ]
    return state.ClearinghouseState(
        asset_positions=positions,
        margin_summary=summary,
        cross_margin_summary=summary,
        cross_maintenance_margin_used="0.0",
        withdrawable=value,
        time=now,
    )


def _five(price: Decimal) -> Decimal:
    return price.quantize(Decimal(1).scaleb(price.adjusted() - 5)) if price else price


SPOT: Final = meta.SpotMeta(
    universe=[meta.SpotPair(name="PURR/USDC", tokens=(1, 0), index=0, is_canonical=True)],
    tokens=[
        meta.Token(
            name=name,
            sz_decimals=decimals,
            wei_decimals=wei,
            index=index,
            token_id=f"0x{index:032x}",
            is_canonical=True,
            evm_contract=None,
            full_name=None,
            deployer_trading_fee_share="0.0",
        )
        for index, (name, decimals, wei) in enumerate((("USDC", 8, 8), ("PURR", 0, 5)))
    ],
)
"""Spot markets that clients look for at their start; nothing trades there."""
SPOT_CONTEXT: Final = meta.SpotContext(
    coin="PURR/USDC",
    prev_day_px="0.1",
    day_ntl_vlm="0.0",
    mark_px="0.1",
    mid_px="0.1",
    circulating_supply="1.0",
    total_supply="1.0",
    day_base_vlm="0.0",
)
_USDC: Final = state.Balance(coin="USDC", token=0, total="0.0", hold="0.0", entry_ntl="0.0")
_NOTHING: Final[dict[Any, Any]] = {
    questions.Meta: meta.Meta(universe=[]),
    questions.MetaAndAssetCtxs: (meta.Meta(universe=[]), []),
    questions.AllMids: {},
}
