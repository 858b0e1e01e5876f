"""What happens at the venue, in its order: what is told to the accounts, or to everybody."""

from decimal import Decimal
from typing import TypeAlias

import attrs

from truebook.venue.engine.order import Liquidation, Order


@attrs.frozen
class Changed:
    """An order has a new status; `left` could still trade then. The order goes on changing."""

    order: Order
    status: str
    left: Decimal
    time: int


@attrs.frozen(kw_only=True)
class Filled:
    """A fill of an order; `start` is the position before it, `closed` what it has earned.

    `liquidation` is there where an account was liquidated by it, on either side.
    """

    order: Order
    price: Decimal
    size: Decimal
    time: int
    start: Decimal
    crossed: bool
    fee: Decimal
    closed: Decimal
    tid: int
    hash: str
    liquidation: Liquidation | None = None


@attrs.frozen(kw_only=True)
class Traded:
    """A trade, as everybody sees it."""

    coin: str
    price: Decimal
    size: Decimal
    time: int
    buyer_took: bool
    tid: int
    hash: str
    users: tuple[str, str]


@attrs.frozen
class Unasked:
    """The venue has cancelled an order by itself."""

    order: Order


@attrs.frozen(kw_only=True)
class Liquidated:
    """An account has too little margin, and its positions are closed; each time has a number."""

    user: str
    number: int
    notional: Decimal
    value: Decimal


News: TypeAlias = Changed | Filled | Traded | Unasked | Liquidated
