"""Orders as the simulated venue has them, and the cancels of orphans that it was sent."""

from decimal import Decimal

import attrs
from false_words import Name

WAITING = "waiting"
TRIGGERED = "triggered"


@attrs.frozen
class Terms:
    """What an order waits for: that the market is at `trigger`, or past it on one side.

    `parent`: the cloid of the order that it is a child of; `group`: what its siblings have too.
    """

    trigger: Decimal
    above: bool
    parent: str | None = None
    group: str | None = None


@attrs.define(eq=False)
class VenueOrder:
    """An order as the venue has it.

    `state` is open, filled or cancelled; waiting; or triggered, where another oid trades since.
    `gone`: what the venue took away of it, where its size stays as it was. `closes`: it closes the
    position, and has no size while it waits. `waited`: the oid by which it did, if that is another.
    """

    oid: int
    cloid: str | None
    is_buy: bool
    price: Decimal
    size: Decimal
    ours: bool
    since: int
    filled: Decimal = Decimal(0)
    state: str = "open"
    reduce_only: bool = False
    gone: Decimal = Decimal(0)
    terms: Terms | None = None
    closes: bool = False
    waited: int | None = None

    @property
    def ids(self) -> set[Name | None]:
        """What the order may be known by."""
        return {self.oid, self.cloid, self.waited} - {None}

    @property
    def is_alive(self) -> bool:
        """Whether it may yet trade."""
        return self.state in ("open", WAITING)

    @property
    def left(self) -> Decimal:
        """What can still trade; nothing of what has no size yet."""
        return self.size - self.filled - self.gone if self.is_alive else Decimal(0)

    @property
    def name(self) -> Name:
        """Its cloid; its oid where it has none."""
        return self.cloid or self.oid


@attrs.define
class OrphanCancel:
    """A cancel of what was taken for an orphan: whether it was open, and what came of it."""

    oid: int
    at: int
    was_open: bool
    refused: bool
    answered: bool = False
