"""Which markets the venue has: which number names each, how exact its prices and sizes are."""

from typing import Any, TypeAlias

from msgspec import UNSET

from truebook.impl.venues.hyperliquid.wire import Maybe, Wire


class Perp(Wire, frozen=True, kw_only=True):
    """A perpetual future; that of a builder's dex has the dex in its name, as `xyz:GOLD`."""

    name: str
    sz_decimals: int
    max_leverage: int | Maybe = UNSET
    margin_table_id: int | Maybe = UNSET
    only_isolated: bool | Maybe | None = UNSET
    is_delisted: bool | Maybe | None = UNSET
    margin_mode: str | Maybe | None = UNSET


class Meta(Wire, frozen=True, kw_only=True):
    """The perpetual futures of one dex; an order names one by its place in `universe`."""

    universe: list[Perp]
    margin_tables: list[tuple[int, Any]] | Maybe = UNSET
    collateral_token: int | Maybe = UNSET


class Token(Wire, frozen=True, kw_only=True):
    """A token of the spot markets."""

    name: str
    sz_decimals: int
    wei_decimals: int
    index: int
    token_id: str | Maybe = UNSET
    is_canonical: bool | Maybe = UNSET
    evm_contract: Any = UNSET
    full_name: str | Maybe | None = UNSET
    deployer_trading_fee_share: str | Maybe = UNSET


class SpotPair(Wire, frozen=True, kw_only=True):
    """A spot market: its base and its quote token."""

    name: str
    tokens: tuple[int, int]
    index: int
    is_canonical: bool | Maybe = UNSET


class SpotMeta(Wire, frozen=True):
    """The spot markets, and their tokens."""

    universe: list[SpotPair]
    tokens: list[Token]


class PerpContext(Wire, frozen=True, kw_only=True):
    """What trades in a perpetual future."""

    funding: str
    open_interest: str
    prev_day_px: str
    day_ntl_vlm: str
    premium: str | Maybe | None = UNSET
    oracle_px: str | Maybe = UNSET
    mark_px: str | Maybe | None = UNSET
    mid_px: str | Maybe | None = UNSET
    impact_pxs: list[str] | Maybe | None = UNSET
    day_base_vlm: str | Maybe = UNSET


class SpotContext(Wire, frozen=True, kw_only=True):
    """What trades in a spot market."""

    coin: str
    prev_day_px: str
    day_ntl_vlm: str
    mark_px: str | Maybe | None = UNSET
    mid_px: str | Maybe | None = UNSET
    circulating_supply: str | Maybe = UNSET
    total_supply: str | Maybe = UNSET
    day_base_vlm: str | Maybe = UNSET


class PerpDex(Wire, frozen=True, kw_only=True):
    """A builder's dex."""

    name: str
    full_name: str | Maybe = UNSET
    deployer: str | Maybe | None = UNSET
    oracle_updater: str | Maybe | None = UNSET


MetaAndContexts: TypeAlias = tuple[Meta, list[PerpContext]]
SpotMetaAndContexts: TypeAlias = tuple[SpotMeta, list[SpotContext]]
PerpDexs: TypeAlias = list[PerpDex | None]
"""The dexes in their order; the first, null, is the venue's own."""
