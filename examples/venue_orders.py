"""Orders as the simulated venue has them, and the cancels of orphans that it was sent."""

from decimal import Decimal

import attrs
from false_words import Name


@attrs.define(eq=False)
class VenueOrder:
    """An order as the venue has it; `state` is open, filled or cancelled.

    `gone`: what the venue took away of it, where its size stays as it was.
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

    @property
    def left(self) -> Decimal:
        """What can still trade."""
        return self.size - self.filled - self.gone if self.state == "open" else Decimal(0)

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
