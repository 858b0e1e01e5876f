"""What the market maker places beside its quotes: orders that wait until they are triggered.

Stops and take profits of a size of their own, pairs of both that close the position, and pairs that
are children of a quote. Of a pair the one that is triggered cancels the other.
"""

import random
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from quoting import WithBook, WithLegacy
from venue_orders import Terms

if TYPE_CHECKING:
    from simulated_venue import Venue

MOST = 4
"""So many wait at once, at most."""


class Sends(Protocol):
    """Who sends what is asked for here."""

    venue: "Venue"
    keeper: WithBook | WithLegacy

    def place(
        self, is_buy: bool, price: Decimal, size: Decimal, *, reduce_only: bool, terms: Terms
    ) -> None:
        """Place an order that waits."""
        ...

    def cancel(self, id: Any, request: int) -> None:
        """Cancel an order."""
        ...


def protect(maker: Sends, dice: random.Random) -> None:
    """Cancel orders that wait, and place more, as the dice say, at the venue's rate."""
    keeper, rate = maker.keeper, maker.venue.rates.triggers
    for order in keeper.waiting():
        if dice.random() < rate and (asked := keeper.may_cancel(order.cloid)) is not None:
            maker.cancel(*asked)
    if not dice.random() < rate or keeper.waiting_count() > MOST - 2:
        return
    kind = dice.choice(("alone", "children"))
    position, size = keeper.book.position, Decimal(dice.randint(1, 50)) / 10
    if dice.random() < maker.venue.rates.closing:
        kind = "position"
    group = f"{maker.venue.now}"
    if kind == "alone":
        is_buy = dice.random() < 0.5
        closes = position < 0 if is_buy else position > 0
        _place(maker, dice, is_buy, size, dice.random() < 0.5, reduce_only=closes)
    elif kind == "position" and position:
        for stop in (True, False):
            _place(maker, dice, position < 0, Decimal(0), stop, reduce_only=True, group=group)
    elif kind == "children" and (quotes := [quote for quote in keeper.quotes() if quote.cloid]):
        parent = dice.choice(quotes)
        for stop in (True, False):
            more = {"parent": parent.cloid, "group": group}
            _place(maker, dice, not parent.is_buy, size, stop, reduce_only=False, **more)


def _place(
    maker: Sends,
    dice: random.Random,
    is_buy: bool,
    size: Decimal,
    stop: bool,
    *,
    reduce_only: bool,
    **more: str | None,
) -> None:
    """Place a stop, which is triggered as the market moves against us, or a take profit."""
    mid, above = maker.venue.mid, stop is is_buy
    away = dice.randint(1, 6)
    trigger = Decimal(mid + away if above else mid - away)
    price = trigger + (2 if is_buy else -2) * dice.choice((1, 1, -1))
    terms = Terms(trigger, above, **more)
    maker.place(is_buy, price, size, reduce_only=reduce_only, terms=terms)
