"""What a listing of the venue's open orders is, as a value."""

from collections.abc import Iterable
from decimal import Decimal

import attrs

from truebook.impl.book import checks, forms
from truebook.impl.book.checks import Oid
from truebook.model.vocabulary import Side


def _time(value: int) -> int:
    return checks.time(value, "the time at which a listing was asked for")


@attrs.frozen
class ListingRequest:
    """That a listing was asked for, and when; hand it back with the listing."""

    at: int = attrs.field(converter=_time)


def _oid(value: Oid) -> Oid:
    return checks.oid(checks.identity(value, "oid"))


def _cloid(value: str | None) -> str | None:
    return forms.cloid(value)


def _side(value: Side | str | None) -> Side | None:
    return None if value is None else Side.BUY if checks.is_buy(value) else Side.SELL


def _amount(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else checks.amount(value, "a size of a listed order")


def _price(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else checks.number(value, "the price of a listed order")


def _flag(value: bool | None) -> bool | None:
    return None if value is None else checks.flag(value, "trigger")


def _covers(value: bool) -> bool:
    return checks.flag(value, "covers_triggers")


@attrs.frozen
class ListedOrder:
    """One order of a listing; the venue may leave out everything but the oid.

    `remaining` is what is left of `size`, the original size; ValueError where it is more.
    `trigger`: it waits to be triggered, or for its parent (False: it does not; None: not told).
    """

    oid: Oid = attrs.field(converter=_oid)
    cloid: str | None = attrs.field(default=None, converter=_cloid)
    side: Side | None = attrs.field(default=None, converter=_side)
    price: Decimal | None = attrs.field(default=None, converter=_price, kw_only=True)
    remaining: Decimal | None = attrs.field(default=None, converter=_amount, kw_only=True)
    size: Decimal | None = attrs.field(default=None, converter=_amount, kw_only=True)
    trigger: bool | None = attrs.field(default=None, converter=_flag, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse more left than there was."""
        if self.size is not None and self.remaining is not None and self.size < self.remaining:
            raise ValueError(
                f"remaining {self.remaining} of the listed order {self.oid!r} is above its size "
                f"{self.size}: size is the original size, remaining what is left of it"
            )

    @property
    def buy(self) -> bool | None:
        """Whether it is to buy, if that is told."""
        return None if self.side is None else self.side is Side.BUY


def orders_of(orders: Iterable[ListedOrder]) -> tuple[ListedOrder, ...]:
    """Return the orders of a listing, gone through once; TypeError for anything else."""
    return checks.many_of(orders, ListedOrder, "a listing is its orders")


def scope(value: str | None) -> str | None:
    """Return the market that a listing is of."""
    return None if value is None else checks.name(value, "scope")


def _request(value: ListingRequest | None) -> ListingRequest | None:
    if value is None:
        return None
    return checks.instance(value, ListingRequest, "request")


@attrs.frozen
class Listing:
    """The venue's open orders, all of them, of one scope (None: the book's own).

    They may come as anything that yields them; it is gone through once, here. TypeError for what
    is not a listing, as the text of an error. `covers_triggers`: the orders that wait for a trigger
    or a parent are among them too; where that is not so, absence proves nothing of such an order.
    """

    orders: tuple[ListedOrder, ...] = attrs.field(converter=orders_of)
    request: ListingRequest | None = attrs.field(default=None, converter=_request)
    scope: str | None = attrs.field(default=None, converter=scope)
    covers_triggers: bool = attrs.field(default=False, converter=_covers, kw_only=True)


def listed(snapshot: Iterable[Oid | ListedOrder]) -> tuple[ListedOrder, ...]:
    """Return the orders of a listing that may have bare oids; it is gone through once."""
    found = checks.many(snapshot, "a listing is its orders, or their oids", "ListedOrders or oids")
    return tuple(one if isinstance(one, ListedOrder) else ListedOrder(one) for one in found)
