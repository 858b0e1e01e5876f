"""What the venue says of an account: positions, balances, limits."""

from typing import Any

from msgspec import UNSET

from truebook.impl.venues.hyperliquid import meta as markets
from truebook.impl.venues.hyperliquid.orders import Order
from truebook.impl.venues.hyperliquid.wire import Maybe, Wire


class Leverage(Wire, frozen=True):
    """The leverage of a position: cross, or isolated with what was put in."""

    type: str
    value: int
    raw_usd: str | Maybe = UNSET


class CumulativeFunding(Wire, frozen=True):
    """The funding that a position has paid."""

    all_time: str
    since_open: str
    since_change: str


class Position(Wire, frozen=True, kw_only=True):
    """A position in one market; `szi` is bought less sold."""

    coin: str
    szi: str
    entry_px: str | Maybe | None = UNSET
    leverage: Leverage | Maybe = UNSET
    liquidation_px: str | Maybe | None = UNSET
    margin_used: str | Maybe = UNSET
    max_trade_szs: list[str] | Maybe = UNSET
    max_leverage: int | Maybe = UNSET
    position_value: str | Maybe = UNSET
    return_on_equity: str | Maybe = UNSET
    unrealized_pnl: str | Maybe = UNSET
    cum_funding: CumulativeFunding | Maybe = UNSET


class AssetPosition(Wire, frozen=True):
    """A position; its type is oneWay: the venue nets."""

    position: Position
    type: str


class MarginSummary(Wire, frozen=True):
    """What the margin of an account comes to."""

    account_value: str
    total_margin_used: str
    total_ntl_pos: str
    total_raw_usd: str


class ClearinghouseState(Wire, frozen=True, kw_only=True):
    """The positions of an account on one dex, as of `time`."""

    asset_positions: list[AssetPosition]
    margin_summary: MarginSummary
    cross_margin_summary: MarginSummary
    cross_maintenance_margin_used: str | Maybe = UNSET
    withdrawable: str
    time: int | Maybe = UNSET


class Balance(Wire, frozen=True, kw_only=True):
    """What an account has of a token."""

    coin: str
    token: int | Maybe = UNSET
    total: str
    hold: str
    entry_ntl: str | Maybe = UNSET


class SpotClearinghouseState(Wire, frozen=True):
    """What an account has of each token."""

    balances: list[Balance]


class UserRateLimit(Wire, frozen=True, kw_only=True):
    """How many requests an account has made, and may make."""

    cum_vlm: str
    n_requests_used: int
    n_requests_cap: int
    n_requests_surplus: int | Maybe = UNSET


class L2Level(Wire, frozen=True):
    """A price level of the venue's book: price, size, number of orders."""

    px: str
    sz: str
    n: int


class Candle(Wire, frozen=True, kw_only=True, rename={"closes": "T", "volume": "v"}):
    """What was traded in a market in some time.

    `t` and `closes` are its first and last millisecond, `s` the coin, `i` the interval; `o`, `c`,
    `h` and `l` are prices, open, close, high and low; `volume` is in the coin, of `n` trades.
    """

    t: int
    closes: int
    s: str
    i: str
    o: str
    c: str
    h: str
    l: str  # noqa: E741  # the venue's name
    volume: str
    n: int


class L2Snapshot(Wire, frozen=True, kw_only=True):
    """The venue's book of one market: bids, then asks, best first."""

    coin: str
    time: int
    levels: list[list[L2Level]]
    spread: str | Maybe = UNSET


class Trade(Wire, frozen=True, kw_only=True):
    """A trade of anybody; `users` are its buyer and its seller."""

    coin: str
    side: str
    px: str
    sz: str
    hash: str
    time: int
    tid: int | Maybe = UNSET
    users: list[str] | Maybe = UNSET


class ActiveAsset(Wire, frozen=True, kw_only=True):
    """How much an account may buy and sell in a market: in its coin, and in dollars of margin."""

    user: str
    coin: str
    leverage: Leverage
    max_trade_szs: tuple[str, str]
    available_to_trade: tuple[str, str]
    mark_px: str | Maybe = UNSET


class FrontendData(Wire, frozen=True, kw_only=True):
    """What the venue's own page shows of an account; much of it is there only where it is so."""

    user: str
    server_time: int | Maybe = UNSET
    clearinghouse_state: ClearinghouseState | Maybe = UNSET
    open_orders: list[Order] | Maybe = UNSET
    meta: markets.Meta | Maybe = UNSET
    asset_ctxs: list[markets.PerpContext] | Maybe = UNSET
    spot_state: SpotClearinghouseState | Maybe | None = UNSET
    spot_asset_ctxs: list[markets.SpotContext] | Maybe = UNSET
    perps_at_open_interest_cap: list[str] | Maybe | None = UNSET
    leading_vaults: list[Any] | Maybe = UNSET
    total_vault_equity: str | Maybe = UNSET
    twap_states: list[Any] | Maybe = UNSET
    agent_address: str | Maybe | None = UNSET
    agent_valid_until: int | Maybe | None = UNSET
    cum_ledger: str | Maybe = UNSET
    is_vault: bool | Maybe = UNSET
    opt_out_of_spot_dusting: bool | Maybe = UNSET
