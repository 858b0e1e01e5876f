"""From the book's requests to actions: what was registered is what is sent."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal, TypeAlias

import attrs
from msgspec import UNSET

from truebook.impl.book import CancelRequested, ModifyRequested, Order
from truebook.impl.venues.hyperliquid.actions import (
    Cancel,
    CancelByCloid,
    CancelOrders,
    Kind,
    Limit,
    Modify,
    ModifyOrders,
    NamedCancel,
    NewOrder,
    PlaceOrders,
    Trigger,
)
from truebook.impl.venues.hyperliquid.cloids import cloid
from truebook.impl.venues.hyperliquid.markets import Market
from truebook.impl.venues.hyperliquid.numbers import asked
from truebook.model.vocabulary import Side, TimeInForce

Grouping: TypeAlias = Literal["na", "normalTpsl", "positionTpsl"]
"""How the orders of a batch belong together: not; the first has the others as children; they are
of the position."""

TIFS: Final = {TimeInForce.GTC: "Gtc", TimeInForce.IOC: "Ioc", TimeInForce.ALO: "Alo"}
"""The venue's words for how long an order may rest."""


@attrs.frozen
class Stop:
    """What the book does not know of an order that waits for a price.

    `tpsl`: "tp", it takes a profit; "sl", it stops a loss. `is_market`: it trades at any price.
    """

    tpsl: Literal["tp", "sl"]
    is_market: bool = True


def new_order(market: Market, order: Order, *, stop: Stop | None = None) -> NewOrder:
    """Return an order as the venue is asked for it, from what the book shows of it once registered.

    `stop` is needed for one with a trigger: ValueError without, and for a cloid of another form
    than the venue's.
    """
    return _new(market, order, order.price, order.size, stop)


def place(orders: Sequence[NewOrder], *, grouping: Grouping = "na") -> PlaceOrders:
    """Return the action that places orders, of any markets; its answer has an item for each."""
    return PlaceOrders(list(orders), grouping)


def cancel(asked: Sequence[tuple[Market, CancelRequested]]) -> CancelOrders | CancelByCloid:
    """Return the action that cancels orders: by their oids, or by cloid where one has none yet."""
    numbered = [(market.asset, one.oid) for market, one in asked if isinstance(one.oid, int)]
    if len(numbered) == len(asked):
        return CancelOrders([Cancel(asset, oid) for asset, oid in numbered])
    return CancelByCloid([NamedCancel(market.asset, cloid(one.cloid)) for market, one in asked])


def modify(
    market: Market, requested: ModifyRequested, order: Order, *, stop: Stop | None = None
) -> Modify:
    """Return one replacement, with the new price and size that the book was asked for.

    `order` is what the book shows of the order, before or after `request_modify`; `stop` as in
    `new_order`.
    """
    of = requested.oid if isinstance(requested.oid, int) else cloid(requested.cloid)
    return Modify(of, _new(market, order, requested.price, requested.size, stop))


def modify_orders(modifies: Sequence[Modify], *, always: bool = False) -> ModifyOrders:
    """Return the action that replaces orders; `always`: also where the old one is over."""
    return ModifyOrders(list(modifies), always or UNSET)


def _new(
    market: Market, order: Order, price: Decimal, size: Decimal, stop: Stop | None
) -> NewOrder:
    if order.trigger is None:
        kind = Kind(limit=Limit(TIFS[order.time_in_force]))
    elif stop is None:
        raise ValueError(
            f"the order {order.cloid!r} has a trigger: pass stop=Stop('tp') or Stop('sl'), which "
            "the book does not know"
        )
    else:
        kind = Kind(trigger=Trigger(stop.is_market, asked(order.trigger), stop.tpsl))
    return NewOrder(
        market.asset,
        order.side is Side.BUY,
        asked(price),
        asked(size),
        order.reduce_only,
        kind,
        cloid(order.cloid),
    )
