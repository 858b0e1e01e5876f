"""Fills as the venue tells them, and what identifies one."""

from hashlib import blake2b

from msgspec import UNSET

from truebook.impl.venues.hyperliquid.orders import Side
from truebook.impl.venues.hyperliquid.wire import Maybe, Wire


class FillLiquidation(Wire, frozen=True, kw_only=True):
    """That a fill was of a liquidation, and of whose."""

    liquidated_user: str | Maybe = UNSET
    mark_px: str
    method: str


class Fill(Wire, frozen=True, kw_only=True):
    """A fill of one order. `crossed`: it took; `builder_fee` is a part of `fee`."""

    coin: str
    px: str
    sz: str
    side: Side
    time: int
    start_position: str
    dir: str
    closed_pnl: str
    hash: str
    oid: int
    crossed: bool
    fee: str
    tid: int | Maybe | None = UNSET
    cloid: str | Maybe | None = UNSET
    liquidation: FillLiquidation | Maybe | None = UNSET
    builder_fee: str | Maybe | None = UNSET
    builder: str | Maybe | None = UNSET
    fee_token: str | Maybe = UNSET
    fee_trial_escrow: str | Maybe | None = UNSET
    twap_id: int | Maybe | None = UNSET


class TwapSliceFill(Wire, frozen=True):
    """A fill of a slice of a TWAP, which is named beside it."""

    fill: Fill
    twap_id: int


def tid_of(fill: Fill) -> int:
    """Return what tells a fill from others of its order and time.

    That is its tid; where it has none, or 0 as a dust conversion has, a number below zero, which no
    tid is, made of its hash, oid, px, sz, time and startPosition. It takes the oid beside it: both
    legs of a trade with oneself have the same tid.
    """
    if fill.tid:
        return fill.tid
    told = (fill.hash, fill.oid, fill.px, fill.sz, fill.time, fill.start_position)
    digest = blake2b(repr(told).encode(), digest_size=8).digest()
    return -1 - int.from_bytes(digest, "big")
