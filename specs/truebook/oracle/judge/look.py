"""One look at a subject: what it shows after a step, beside what is true there."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import attrs

from truebook.oracle.cases import Truth

Shown = Mapping[str, Any]


@attrs.frozen
class Look:
    """One look at a subject: what it shows, what it showed before, and what is true.

    `shows` are the parts of a state that it ever shows. `left`: the orders of others are left
    alone, and counted apart. `modified`: an order was asked to be modified before. `requires`: the
    features that the case requires of a book, and so what can have come to pass in it.
    `told_before` is the position that fills had told before, `way_before` how the position that was
    shown then was wrong; None and nothing where that is not known, or it was right.
    """

    shown: Shown
    before: Shown
    truth: Truth
    event: Mapping[str, Any]
    left: bool
    shows: Collection[str]
    modified: bool = False
    requires: Collection[str] = ()
    told_before: Decimal | None = None
    way_before: str = ""

    @property
    def excess(self) -> Decimal:
        """What is shown as position above the fills told; 0 where no position is shown."""
        if "position" not in self.shown or self.truth.position is None:
            return Decimal(0)
        return Decimal(self.shown["position"]) - self.truth.position

    @property
    def excess_before(self) -> Decimal:
        """What was shown as position above the fills told before; 0 where that is not known."""
        if self.told_before is None:
            return Decimal(0)
        return Decimal(self.before.get("position", "0")) - self.told_before

    def told(self, side: str) -> Decimal:
        """What of a side was told in fills."""
        if not self.truth.orders:
            position = self.truth.position or Decimal(0)
            return max(Decimal(0), position if side == "buy" else -position)
        fills = (
            one.executed if one.fills is None else one.fills
            for one in self.truth.orders.values()
            if one.ours and one.side == side
        )
        return sum(fills, Decimal(0))

    def untold(self, side: str) -> Decimal:
        """What of a side has executed and was not told."""
        traded = self.truth.traded.get(side, Decimal(0))
        if self.truth.orders:
            ours = (one for one in self.truth.orders.values() if one.ours and one.side == side)
            traded = sum((one.executed for one in ours), Decimal(0))
        return max(Decimal(0), traded - self.told(side))

    def early(self, side: str) -> Decimal:
        """What of a side is in the position though it was not told: at most what has executed."""
        excess = self.excess if side == "buy" else -self.excess
        return excess if 0 < excess <= self.untold(side) else Decimal(0)
