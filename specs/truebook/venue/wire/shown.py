"""Orders and fills of the venue, as its messages tell them."""

from decimal import Decimal
from typing import TypeVar

from msgspec import UNSET

from truebook.impl.venues.hyperliquid import Maybe, fills, numbers, orders
from truebook.venue.engine import Account, Changed, Filled, Order, Place

Given = TypeVar("Given")


def basic(order: Order, left: Decimal | None = None) -> orders.Order:
    """Return an order as the stream and openOrders tell it; `left` could still trade then."""
    asked = order.asked
    return orders.Order(
        coin=asked.coin,
        side="B" if asked.is_buy else "A",
        limit_px=numbers.shown(asked.price),
        sz=numbers.shown(order.left if left is None else left),
        oid=order.oid,
        timestamp=order.placed,
        orig_sz=numbers.shown(asked.size),
        cloid=or_missing(asked.cloid),
        reduce_only=or_missing(asked.reduce_only or None),
    )


def in_front(order: Order, left: Decimal | None = None) -> orders.Order:
    """Return an order with what frontendOpenOrders and orderStatus tell besides."""
    asked, waits = order.asked, order.where in (Place.TRIGGER, Place.PARENT)
    one = basic(order, left)
    return orders.Order(
        coin=one.coin,
        side=one.side,
        limit_px=one.limit_px,
        sz=one.sz,
        oid=one.oid,
        timestamp=one.timestamp,
        trigger_condition=_condition(order),
        is_trigger=asked.condition is not None and waits,
        trigger_px=numbers.shown(asked.condition.price if asked.condition else 0),
        children=[in_front(child) for child in order.waiting],
        is_position_tpsl=order.follows,
        reduce_only=asked.reduce_only,
        order_type=_type(order),
        orig_sz=one.orig_sz,
        tif=None if asked.condition is not None else str(asked.tif),
        cloid=asked.cloid,
    )


def _condition(order: Order) -> str:
    condition = order.asked.condition
    if condition is None:
        return "N/A"
    word = "below" if order.asked.is_buy == condition.takes_profit else "above"
    return f"Price {word} {format(condition.price.normalize(), 'f')}"


def _type(order: Order) -> str:
    condition = order.asked.condition
    if condition is None:
        return "Limit"
    kind = "Take Profit" if condition.takes_profit else "Stop"
    return f"{kind} {'Market' if condition.is_market else 'Limit'}"


def listed(account: Account, *, front: bool) -> list[orders.Order]:
    """Return an account's orders as openOrders tells them, or frontendOpenOrders.

    Those that wait for another order to fill are its children, and not listed by themselves.
    """
    told = in_front if front else basic
    return [told(one) for one in account.standing.values() if one.where is not Place.PARENT]


def update(one: Changed) -> orders.OrderUpdate:
    """Return what has become of an order, as the stream tells it."""
    return orders.OrderUpdate(basic(one.order, one.left), one.status, one.time)


def known(order: Order) -> orders.OrderUpdate:
    """Return what the venue knows of an order, as it is asked for."""
    return orders.OrderUpdate(in_front(order), order.status, order.changed)


def fill(one: Filled) -> fills.Fill:
    """Return a fill."""
    asked = one.order.asked
    return fills.Fill(
        coin=asked.coin,
        px=numbers.shown(one.price),
        sz=numbers.shown(one.size),
        side="B" if asked.is_buy else "A",
        time=one.time,
        start_position=numbers.shown(one.start),
        dir=_direction(one),
        closed_pnl=numbers.shown(one.closed),
        hash=one.hash,
        oid=one.order.oid,
        crossed=one.crossed,
        fee=numbers.shown(one.fee),
        tid=one.tid,
        fee_token="USDC",
        twap_id=None,
        cloid=or_missing(asked.cloid),
        liquidation=or_missing(_liquidation(one)),
    )


def _liquidation(one: Filled) -> fills.FillLiquidation | None:
    how = one.liquidation
    if how is None:
        return None
    return fills.FillLiquidation(
        liquidated_user=how.user, mark_px=numbers.shown(how.mark), method=how.method
    )


def _direction(one: Filled) -> str:
    how = one.liquidation
    if how is not None and how.method == "backstop" and how.user == one.order.user:
        return f"Liquidated Cross {'Long' if one.start > 0 else 'Short'}"
    change = one.size if one.order.asked.is_buy else -one.size
    after = one.start + change
    if one.start * after < 0:
        return "Long > Short" if one.start > 0 else "Short > Long"
    opens = one.start * change >= 0
    held = after if opens else one.start
    return f"{'Open' if opens else 'Close'} {'Long' if held > 0 else 'Short'}"


def or_missing(value: Given | None) -> Given | Maybe:
    """Return a value, or that the field is missing where there is none."""
    return UNSET if value is None else value


def number(value: Decimal) -> str:
    """Return a number as the venue tells one."""
    return numbers.shown(value)
