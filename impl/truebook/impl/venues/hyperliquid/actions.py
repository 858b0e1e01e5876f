"""Actions: what a client asks the venue to do, signed.

The fields are in the venue's own order, in which they are hashed to be signed (`wire.packed`).
"""

from typing import TypeAlias

from msgspec import UNSET

from truebook.impl.venues.hyperliquid.wire import Maybe, Wire


class Limit(Wire, frozen=True):
    """Of a limit order: Gtc, Ioc or Alo (and FrontendMarket)."""

    tif: str


class Trigger(Wire, frozen=True):
    """Of an order that waits for a price: take profit (`tp`) or stop loss (`sl`)."""

    is_market: bool
    trigger_px: str
    tpsl: str


class Kind(Wire, frozen=True):
    """Which kind an order is: one of both is there."""

    limit: Limit | Maybe = UNSET
    trigger: Trigger | Maybe = UNSET


class NewOrder(Wire, frozen=True):
    """An order to be placed: asset, whether it buys, price, size, reduce-only, kind, cloid."""

    a: int
    b: bool
    p: str
    s: str
    r: bool
    t: Kind
    c: str | Maybe | None = UNSET


class Builder(Wire, frozen=True):
    """Who built the client, and what he takes, in tenths of a basis point."""

    b: str
    f: int


class Priority(Wire, frozen=True):
    """A grouping that pays for priority: `p` of 10^8."""

    p: int


class PlaceOrders(Wire, frozen=True, tag_field="type", tag="order"):
    """Place orders; `grouping` is na, normalTpsl, positionTpsl, or a priority."""

    orders: list[NewOrder]
    grouping: str | Priority
    builder: Builder | Maybe | None = UNSET


class Cancel(Wire, frozen=True):
    """An order to cancel: asset, oid."""

    a: int
    o: int


class CancelOrders(Wire, frozen=True, tag_field="type", tag="cancel"):
    """Cancel orders by their oids: 200 at most."""

    cancels: list[Cancel]


class NamedCancel(Wire, frozen=True):
    """An order to cancel by its cloid."""

    asset: int
    cloid: str


class CancelByCloid(Wire, frozen=True, tag_field="type", tag="cancelByCloid"):
    """Cancel orders by their cloids."""

    cancels: list[NamedCancel]


class ModifyOrder(Wire, frozen=True, tag_field="type", tag="modify"):
    """Replace an order, of an oid or a cloid.

    `a`: place the new one even where the old one could not be cancelled.
    """

    oid: int | str
    order: NewOrder
    a: bool | Maybe = UNSET


class Modify(Wire, frozen=True):
    """One replacement of a batch."""

    oid: int | str
    order: NewOrder


class ModifyOrders(Wire, frozen=True, tag_field="type", tag="batchModify"):
    """Replace orders; `a` as of `ModifyOrder`."""

    modifies: list[Modify]
    a: bool | Maybe = UNSET


class ScheduleCancel(Wire, frozen=True, tag_field="type", tag="scheduleCancel"):
    """Cancel everything at a time, or take that back where there is no time."""

    time: int | Maybe | None = UNSET


class UpdateLeverage(Wire, frozen=True, tag_field="type", tag="updateLeverage"):
    """Set the leverage of a market."""

    asset: int
    is_cross: bool
    leverage: int


class UpdateIsolatedMargin(Wire, frozen=True, tag_field="type", tag="updateIsolatedMargin"):
    """Add margin to an isolated position, in millionths of a dollar."""

    asset: int
    is_buy: bool
    ntli: int


class Noop(Wire, frozen=True, tag_field="type", tag="noop"):
    """Do nothing, and use up a nonce: then no other request with it can land."""


class Twap(Wire, frozen=True):
    """A TWAP: asset, whether it buys, size, reduce-only, minutes, whether it is at random."""

    a: int
    b: bool
    s: str
    r: bool
    m: int
    t: bool


class TwapOrder(Wire, frozen=True, tag_field="type", tag="twapOrder"):
    """Begin a TWAP."""

    twap: Twap


class TwapCancel(Wire, frozen=True, tag_field="type", tag="twapCancel"):
    """End a TWAP: asset, id."""

    a: int
    t: int


class SetReferrer(Wire, frozen=True, tag_field="type", tag="setReferrer"):
    """Name a referrer, as some clients do at their first order."""

    code: str


class ApproveBuilderFee(Wire, frozen=True, tag_field="type", tag="approveBuilderFee"):
    """Let a builder take a fee, as some clients do at their first order; signed by the owner."""

    hyperliquid_chain: str
    signature_chain_id: str
    max_fee_rate: str
    builder: str
    nonce: int


class ApproveAgent(Wire, frozen=True, tag_field="type", tag="approveAgent"):
    """Let an agent's key sign for the owner, who signs this; one without a name is replaced."""

    hyperliquid_chain: str
    signature_chain_id: str
    agent_address: str
    nonce: int
    agent_name: str | Maybe | None = UNSET


Action: TypeAlias = (
    PlaceOrders
    | CancelOrders
    | CancelByCloid
    | ModifyOrder
    | ModifyOrders
    | ScheduleCancel
    | UpdateLeverage
    | UpdateIsolatedMargin
    | Noop
    | TwapOrder
    | TwapCancel
    | SetReferrer
    | ApproveAgent
    | ApproveBuilderFee
)


class Signature(Wire, frozen=True):
    """A signature of an action."""

    r: str
    s: str
    v: int


class Signed(Wire, frozen=True):
    """A signed action, as it is posted. `expires_after`: it takes effect no later than that."""

    action: Action
    nonce: int
    signature: Signature
    vault_address: str | Maybe | None = UNSET
    expires_after: int | Maybe | None = UNSET
