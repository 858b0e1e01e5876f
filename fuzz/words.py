"""What is said on the wire: the values that messages carry."""

from decimal import Decimal

import attrs

SECOND = 1_000
"""Milliseconds, the venue's unit of time, in a second."""
NANOS = 1_000_000
"""Nanoseconds, the book's unit of time, in a millisecond."""


@attrs.frozen(kw_only=True)
class Fill:
    """A trade of an order; `fee` is what of it was taken in the base asset."""

    tag: str
    tid: int
    oid: int
    size: Decimal
    price: Decimal
    buy: bool
    time: int
    cloid: str | None
    crossed: bool
    fee: Decimal = Decimal(0)

    @property
    def received(self) -> Decimal:
        """What it moves the position by."""
        return self.size - self.fee if self.buy else -self.size - self.fee


@attrs.frozen(kw_only=True)
class Status:
    """What the venue says of one order; `filled` is None where it does not tell."""

    oid: int
    word: str
    cloid: str | None
    filled: Decimal | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class Shown:
    """An order as a listing shows it: `left` is what can still trade of its `size`."""

    oid: int
    cloid: str | None
    buy: bool
    price: Decimal
    size: Decimal
    left: Decimal


@attrs.frozen(kw_only=True)
class Answer:
    """The answer to the request `tag`.

    `kind` is resting, filled, waiting, refused, done, not open, or gone: the modify was refused and
    the old order is cancelled.
    """

    tag: str
    kind: str
    oid: int | None = None
    filled: Decimal | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class Picture:
    """A listing, and when it was asked for."""

    tag: str
    orders: tuple[Shown, ...]
    asked: int


@attrs.frozen(kw_only=True)
class Said:
    """The answer to a question for the status of `id`; None: the venue knows no such order."""

    id: int | str
    status: Status | None
    asked: int


Word = Fill | Status | Answer | Picture | Said


@attrs.frozen
class Message:
    """A word on its way: by when it must be heard, and whether a broken stream loses it."""

    name: str
    word: Word
    due: int | None = None
    stream: bool = False


@attrs.define
class Lie:
    """A false word that was told of an order: of one of its fills, or of the order itself.

    `believed`: the book took it for true, and must say so once it is contradicted. `cloid`: the
    false answer to a cancel that named it is of whatever order has it, or comes to have it.
    """

    kind: str
    oid: int
    of_fill: bool = False
    believed: bool = False
    cloid: str | None = None
