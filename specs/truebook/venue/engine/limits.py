"""How much of anything an account may have or do: the venue's own numbers."""

from decimal import Decimal

import attrs


@attrs.frozen(kw_only=True)
class Limits:
    """Limits of an account.

    `open_orders` may stand at once, and one more for each `volume_of_order` dollars that were
    traded, `most_open_orders` at last; orders that reduce or wait for a price only among the
    first. All orders may be scheduled to be cancelled once `volume_to_schedule` was traded,
    `soonest` milliseconds ahead at least, and so cancelled `cancels_a_day` times.
    """

    open_orders: int = 1_000
    volume_of_order: Decimal = Decimal(5_000_000)
    most_open_orders: int = 5_000
    volume_to_schedule: Decimal = Decimal(1_000_000)
    soonest: int = 5_000
    cancels_a_day: int = 10

    def may_stand(self, traded: Decimal) -> int:
        """Return how many orders of an account may stand that has traded so much."""
        more = int(traded // self.volume_of_order)
        return min(self.open_orders + more, max(self.most_open_orders, self.open_orders))
