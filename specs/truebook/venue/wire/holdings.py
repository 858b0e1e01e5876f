"""What an account has, as the messages tell it: positions, margin, balances."""

from decimal import Decimal
from typing import Final

from truebook.impl.venues.hyperliquid import numbers, state
from truebook.venue.engine import Account, Exchange, Market, Position, margin_of, most_change
from truebook.venue.wire import catalogue, prices, shown

_DOLLARS: Final = Decimal("0.000001")


def clearinghouse(exchange: Exchange, account: Account, now: int) -> state.ClearinghouseState:
    """Return the positions of an account, and its margin at the mark prices."""
    margin = margin_of(account, exchange.markets)
    held = [(exchange.markets[coin], one) for coin, one in account.positions.items() if one.size]
    raw = margin.value - sum((one.size * market.mark for market, one in held), Decimal(0))
    summary = state.MarginSummary(
        account_value=dollars(margin.value),
        total_margin_used=dollars(margin.used),
        total_ntl_pos=dollars(margin.notional),
        total_raw_usd=dollars(raw),
    )
    spare = margin.value - margin.maintenance
    return state.ClearinghouseState(
        asset_positions=[
            state.AssetPosition(_position(account, market, one, spare), "oneWay")
            for market, one in held
        ],
        margin_summary=summary,
        cross_margin_summary=summary,
        cross_maintenance_margin_used=dollars(margin.maintenance),
        withdrawable=dollars(margin.withdrawable),
        time=now,
    )


def _position(account: Account, market: Market, one: Position, spare: Decimal) -> state.Position:
    worth = abs(one.size) * market.mark
    leverage = account.leverage_in(market)
    gain = one.size * market.mark - one.cost
    ends = _liquidation_price(market, one.size, spare)
    return state.Position(
        coin=market.coin,
        szi=numbers.shown(one.size),
        entry_px=numbers.shown(prices.six(one.cost / one.size)),
        leverage=state.Leverage("cross", leverage),
        liquidation_px=None if ends is None else numbers.shown(prices.six(ends)),
        margin_used=dollars(worth / leverage),
        max_leverage=market.most_leverage,
        position_value=dollars(worth),
        return_on_equity=numbers.shown((gain * leverage / worth).quantize(Decimal("0.00000001"))),
        unrealized_pnl=dollars(gain),
        cum_funding=state.CumulativeFunding("0.0", "0.0", "0.0"),
    )


def _liquidation_price(market: Market, size: Decimal, spare: Decimal) -> Decimal | None:
    """Return the mark price at which too little margin is left; None where there is none."""
    side = 1 if size > 0 else -1
    kept = Decimal(1) / (2 * market.most_leverage)
    price = market.mark - side * spare / abs(size) / (1 - kept * side)
    return price if price > 0 else None


def active(exchange: Exchange, account: Account, coin: str) -> state.ActiveAsset:
    """Return how much an account may buy and sell in a market; KeyError for no market."""
    market = exchange.markets[coin]
    leverage = account.leverage_in(market)
    step = Decimal(1).scaleb(-market.listed.size_decimals)
    buys, sells = most_change(account, market, exchange.markets)
    return state.ActiveAsset(
        user=account.user,
        coin=coin,
        leverage=state.Leverage("cross", leverage),
        max_trade_szs=(numbers.shown(buys // step * step), numbers.shown(sells // step * step)),
        available_to_trade=(
            dollars(buys * market.mark / leverage),
            dollars(sells * market.mark / leverage),
        ),
        mark_px=numbers.shown(market.mark),
    )


def frontend(exchange: Exchange, account: Account, now: int) -> state.FrontendData:
    """Return what the venue's own page shows of an account."""
    return state.FrontendData(
        user=account.user,
        server_time=now,
        clearinghouse_state=clearinghouse(exchange, account, now),
        open_orders=shown.listed(account, front=True),
        meta=catalogue.perps(exchange),
        asset_ctxs=[prices.context(market, now) for market in exchange.markets.values()],
        spot_state=state.SpotClearinghouseState([USDC]),
        spot_asset_ctxs=[catalogue.SPOT_CONTEXT],
        perps_at_open_interest_cap=[],
        leading_vaults=[],
        total_vault_equity="0.0",
        twap_states=[],
        agent_address=None,
        agent_valid_until=None,
        cum_ledger=dollars(account.balance),
        is_vault=False,
    )


def dollars(value: Decimal) -> str:
    """Return an amount of dollars, to the millionth."""
    return numbers.shown(value.quantize(_DOLLARS))


USDC: Final = state.Balance(coin="USDC", token=0, total="0.0", hold="0.0", entry_ntl="0.0")
