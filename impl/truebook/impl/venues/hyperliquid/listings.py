"""From openOrders and frontendOpenOrders to listings, which say something by what they lack."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from truebook.impl.account import AccountListing, Coverage, MarketKey
from truebook.impl.book import ListedOrder, ListingRequest
from truebook.impl.venues.hyperliquid import numbers
from truebook.impl.venues.hyperliquid.markets import key_of
from truebook.impl.venues.hyperliquid.orders import Order
from truebook.impl.venues.hyperliquid.reading import Unreadable, text_of
from truebook.impl.venues.hyperliquid.wire import given
from truebook.model.vocabulary import Side


def listed(
    orders: Iterable[Order], *, sub_account: str = ""
) -> tuple[tuple[MarketKey, ListedOrder], ...]:
    """Return the orders of an answer, each once, with those that wait for it (its children).

    ValueError where one of them cannot be: then the answer is no listing.
    """
    found: dict[int, tuple[MarketKey, ListedOrder]] = {}
    for order, is_child in with_children(orders):
        if not isinstance(order.oid, int) or not order.oid:
            if is_child:  # it waits for its parent, and has no name yet
                continue
            raise ValueError(f"a listed order has no oid: {text_of(order):.120}")
        if order.oid not in found:
            key = key_of(order.coin, sub_account=sub_account)
            found[order.oid] = (key, _listed(order, order.oid, is_child))
    return tuple(found.values())


def listing_of(
    orders: Sequence[Order] | Unreadable,
    *,
    of: Coverage,
    request: ListingRequest,
    covers_triggers: bool,
) -> AccountListing | Unreadable:
    """Return an answer as a listing of what it was asked of; Unreadable where it is none.

    `covers_triggers` of frontendOpenOrders: those that wait are in it. openOrders does not tell
    them from others, so it proves nothing of them.
    """
    if isinstance(orders, Unreadable):
        return orders
    sub_account = of.sub_account or ""
    try:
        rows = listed(orders, sub_account=sub_account)
        return AccountListing(rows, of=of, request=request, covers_triggers=covers_triggers)
    except (TypeError, ValueError) as error:
        return Unreadable.of("a listing", text_of(list(orders)), error)


def with_children(orders: Iterable[Order]) -> Iterator[tuple[Order, bool]]:
    """Yield orders, then the children of all: one that is listed by itself is told as that."""
    children: list[Order] = []
    for order in orders:
        yield order, False
        children += given(order.children, ())
    for child in children:
        yield child, True


def _listed(order: Order, oid: int, is_child: bool) -> ListedOrder:
    left = numbers.size(order.sz)
    original = given(order.orig_sz, None)
    size = None if original is None else numbers.size(original)
    waits = is_child or given(order.is_trigger, None)
    follows = waits is True and not left  # it has the size of the position
    return ListedOrder(
        oid,
        given(order.cloid, None),
        Side.BUY if order.side == "B" else Side.SELL,
        price=numbers.decimal(order.limit_px),
        remaining=None if follows else left,
        size=None if follows else _whole(size, left),
        trigger=waits,
    )


def _whole(size: Decimal | None, left: Decimal) -> Decimal | None:
    """Return the original size; nothing where it is told as zero, of an order that has more."""
    return None if size is not None and not size and left else size
