"""An order as the venue has it, and what was asked for it."""

from decimal import Decimal
from enum import StrEnum

import attrs


class Tif(StrEnum):
    """How long an order may stand: until cancelled, not at all, only if it adds to the book."""

    GTC = "Gtc"
    IOC = "Ioc"
    ALO = "Alo"


@attrs.frozen
class Condition:
    """What a trigger order waits for: that the mark price comes to `price`.

    `takes_profit` tells take profit from stop loss. `is_market`: once triggered it takes whatever
    price there is, within the order's own as the worst.
    """

    price: Decimal
    takes_profit: bool
    is_market: bool

    def is_met(self, mark: Decimal, *, is_buy: bool) -> bool:
        """Return whether a mark price triggers it."""
        return mark <= self.price if is_buy == self.takes_profit else mark >= self.price


@attrs.frozen(kw_only=True)
class Asked:
    """What is asked of the venue: an order to be placed."""

    coin: str
    is_buy: bool
    price: Decimal
    size: Decimal
    tif: Tif = Tif.GTC
    reduce_only: bool = False
    condition: Condition | None = None
    cloid: str | None = None


@attrs.frozen
class Liquidation:
    """Whose position an order closes by force, and the mark price of then.

    `method` is "market", through the book, or "backstop", to the liquidator.
    """

    user: str
    mark: Decimal
    method: str


class Place(StrEnum):
    """Where an order is: in the book, waiting for a price or for its parent, or over."""

    BOOK = "book"
    TRIGGER = "trigger"
    PARENT = "parent"
    OVER = "over"


@attrs.define(eq=False)
class Order:
    """An order of an account. `left` can still trade, `filled` has, for `paid` in all.

    `status` is the venue's word for it, since `changed`. `children` wait for it to fill; what
    `follows` the position has its size. `siblings` are cancelled when it fills.
    """

    oid: int
    user: str
    asked: Asked
    placed: int
    left: Decimal
    status: str = "open"
    changed: int = 0
    where: Place = Place.OVER
    filled: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    children: "list[Order]" = attrs.field(factory=list, repr=False)
    siblings: "list[Order]" = attrs.field(factory=list, repr=False)
    follows: bool = False
    liquidation: Liquidation | None = None

    @property
    def waiting(self) -> "list[Order]":
        """The children that wait for it still: one that is over has nothing to wait for."""
        return [one for one in self.children if one.where is Place.PARENT]

    @property
    def average(self) -> Decimal:
        """The average price of what has filled, to the venue's eight figures."""
        price = self.paid / self.filled
        return price.quantize(Decimal(1).scaleb(price.adjusted() - 7)).normalize()
