"""What files say: each thing with its line, whatever form the file is of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import attrs
from msgspec import Struct

from truebook.impl.venues.hyperliquid import actions, answers, facts, meta, orders

Order: TypeAlias = orders.Order
_NUMBERS = ("px", "sz", "start_position", "fee")


@attrs.frozen(order=True)
class Place:
    """A line of a file, from 1 on; `item` is the place in a list that the line is, from 1 on."""

    file: str
    line: int
    item: int = 0

    def __str__(self) -> str:
        """Return it as compilers write places; an item behind a hash sign."""
        return f"{self.file}:{self.line}" + (f"#{self.item}" if self.item else "")


class FillLine(Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """Of a fill, what an audit needs: the rest of it is passed over."""

    coin: str
    px: Decimal
    sz: Decimal
    side: str
    time: int
    start_position: Decimal
    oid: int
    hash: str = ""
    tid: int | None = None
    cloid: str | None = None
    crossed: bool = False
    fee: Decimal = Decimal(0)


class FillText(Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """A fill as it is written, its numbers as texts: most need not be made.

    What it has is of the types of a `FillLine`, so that what is read as one is also the other,
    once its texts are found to be numbers.
    """

    coin: str
    px: str
    sz: str
    side: str
    time: int
    start_position: str
    oid: int
    hash: str = ""
    tid: int | None = None
    cloid: str | None = None
    crossed: bool = False
    fee: str = "0"

    def has_numbers(self) -> bool:
        """Return whether its texts are numbers, and the position behind it is one."""
        try:
            start, size = Decimal(self.start_position), Decimal(self.sz)
            both = start + size, start - size, float(self.px) + float(self.fee) + float(self.sz)
        except (ValueError, ArithmeticError):
            return False
        return both == both

    def as_line(self) -> FillLine:
        """Return it with its numbers; ArithmeticError where one is none."""
        told = {name: getattr(self, name) for name in self.__struct_fields__}
        return FillLine(**told | {name: Decimal(told[name]) for name in _NUMBERS})


@attrs.frozen(kw_only=True)
class FillLines:
    """Lines that are a fill each, from a place on; `again` reads one of them, by its index.

    `lines` are their numbers, which go up.
    """

    place: Place
    lines: Sequence[int]
    fills: Sequence[FillText]
    again: Callable[[int], "Iterator[Seen]"]


class _Data(Struct, kw_only=True, rename="camel", gc=False, forbid_unknown_fields=True):
    user: str = ""
    is_snapshot: bool = False
    fills: list[FillText]


class _Frame(Struct, kw_only=True, tag_field="channel", gc=False, forbid_unknown_fields=True):
    """A frame of what comes most, with nothing else in it."""


class FillsFrame(_Frame, tag="userFills"):
    """Fills of a user."""

    data: _Data


class EventsFrame(_Frame, tag="user"):
    """Fills among what happens to a user."""

    data: _Data


class UpdatesFrame(_Frame, tag="orderUpdates"):
    """What became of orders."""

    data: list[orders.OrderUpdate]


@attrs.frozen(kw_only=True)
class Frames:
    """Lines that are a frame each, from a place on; `again` reads one of them, by its index.

    `lines` are their numbers, which go up. `learn` is told of which account a frame is, and
    returns of which the next is that names none.
    """

    place: Place
    lines: Sequence[int]
    frames: "Sequence[FillsFrame | EventsFrame | UpdatesFrame]"
    again: Callable[[int], "Iterator[Seen]"]
    learn: Callable[[str], str]


@attrs.frozen(kw_only=True)
class Fills:
    """Fills, in the order of their list.

    `at` is when they were received, in ms; None where that is not known. `streamed`: orders are
    told beside them, as on the venue's streams.
    """

    place: Place
    fills: Sequence[FillLine]
    user: str = ""
    at: int | None = None
    streamed: bool = False


@attrs.frozen(kw_only=True)
class Statuses:
    """What became of orders."""

    place: Place
    told: Sequence[facts.StatusTold]
    user: str = ""
    at: int | None = None


@attrs.frozen(kw_only=True)
class OpenOrders:
    """A listing of open orders; `asked` is when it was asked for, None where nobody knows."""

    place: Place
    orders: Sequence[Order]
    user: str = ""
    dex: str | None = None
    at: int | None = None
    asked: int | None = None
    covers_triggers: bool = False


@attrs.frozen(kw_only=True)
class Unknown:
    """An order of an oid or a cloid is unknown to the venue; `asked` as of `OpenOrders`."""

    place: Place
    name: int | str
    user: str = ""
    at: int | None = None
    asked: int | None = None


@attrs.frozen(kw_only=True)
class Positions:
    """The venue's positions of a dex as of a time; a market that is not named has none."""

    place: Place
    told: Sequence[facts.PositionTold]
    user: str = ""
    dex: str = ""
    as_of: int | None = None
    at: int | None = None


@attrs.frozen(kw_only=True)
class Sent:
    """An action that the bot sent; `number` is what its answer has, too."""

    place: Place
    action: actions.Action
    number: object
    user: str = ""
    at: int | None = None


@attrs.frozen(kw_only=True)
class Answered:
    """What came of an action; `answer` is None where none came."""

    place: Place
    number: object
    answer: answers.Answer | None
    at: int | None = None


@attrs.frozen(kw_only=True)
class Trade:
    """A row of the venue's own table of trades: it has a direction and no number of any kind.

    `time` is in ms where it can be known, `when` is the text of the row.
    """

    place: Place
    coin: str
    direction: str
    size: Decimal
    price: Decimal
    when: str
    time: int | None = None
    row: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class OrderRow:
    """A row of the venue's own table of orders; `status` is its word."""

    place: Place
    coin: str
    is_buy: bool
    oid: int
    status: str
    size: Decimal | None
    filled: Decimal | None
    when: str
    time: int | None = None


@attrs.frozen(kw_only=True)
class BotEvent:
    """An event of a bot's own log, as the oracle has them; None where it begins anew.

    `at` is its time in the unit of the log, `config` the timers with which it begins.
    """

    place: Place
    event: Mapping[str, Any] | None
    at: int = 0
    config: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class BotShown:
    """A position that a bot showed in its own log."""

    place: Place
    position: Decimal


@attrs.frozen(kw_only=True)
class MarketsTold:
    """Which numbers requests name markets by: those of the venue's own dex, of all, or spot."""

    place: Place
    perps: Sequence[meta.Meta] = ()
    spot: meta.SpotMeta | None = None


@attrs.frozen(kw_only=True)
class Truth:
    """What was true of an account, as a venue that records itself writes it."""

    place: Place
    user: str
    positions: dict[str, Decimal]
    open: frozenset[int]
    at: int | None = None


@attrs.frozen(kw_only=True)
class Damaged:
    """What could not be read, and why."""

    place: Place
    what: str
    why: str


@attrs.frozen(kw_only=True)
class PassedOver:
    """A line that says nothing of orders, fills or positions; `what` is its kind."""

    place: Place
    what: str
    at: int | None = None


@attrs.frozen(kw_only=True)
class Remark:
    """What is to be known of a file as a whole."""

    place: Place
    words: str


Seen: TypeAlias = (
    FillLines
    | Frames
    | Fills
    | Statuses
    | OpenOrders
    | Unknown
    | Positions
    | Sent
    | Answered
    | Trade
    | OrderRow
    | BotEvent
    | BotShown
    | MarketsTold
    | Truth
    | Damaged
    | PassedOver
    | Remark
)
"""What a file says, one thing after another."""
