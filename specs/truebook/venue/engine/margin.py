"""What an account's margin comes to: at the mark prices, all of it across its positions.

The rules are those that the venue documents: a position needs its value by its leverage to be
opened, and half of its value by the market's greatest leverage to be kept; what can be withdrawn
leaves a tenth of all positions.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import attrs

from truebook.venue.engine.account import Account
from truebook.venue.engine.market import Market

_ZERO: Final = Decimal(0)
_TENTH: Final = Decimal("0.1")


@attrs.frozen
class Margin:
    """An account's value, the value of its positions, and what they need to be opened and kept."""

    value: Decimal
    notional: Decimal
    used: Decimal
    maintenance: Decimal

    @property
    def withdrawable(self) -> Decimal:
        """What nothing needs."""
        return max(_ZERO, self.value - max(self.used, _TENTH * self.notional))

    @property
    def is_short(self) -> bool:
        """Whether it is too little to keep the positions."""
        return self.value < self.maintenance


def margin_of(account: Account, markets: Mapping[str, Market]) -> Margin:
    """Return what an account's margin comes to."""
    value, notional, used, maintenance = account.cash, _ZERO, _ZERO, _ZERO
    for coin, one in account.positions.items():
        if one.size:
            market = markets[coin]
            worth = one.size * market.mark
            value += worth - one.cost
            notional += abs(worth)
            used += abs(worth) / account.leverage_in(market)
            maintenance += abs(worth) / (2 * market.most_leverage)
    return Margin(value, notional, used, maintenance)


def most_change(
    account: Account, market: Market, markets: Mapping[str, Market]
) -> tuple[Decimal, Decimal]:
    """Return how much an account has the margin to buy and to sell in a market."""
    margin, position = margin_of(account, markets), account.position(market.coin)
    leverage = account.leverage_in(market)
    free = margin.value - margin.used + abs(position) * market.mark / leverage
    most = max(_ZERO, free * leverage / market.mark)
    return max(_ZERO, most - position, -position), max(_ZERO, most + position, position)


def covers(account: Account, market: Market, markets: Mapping[str, Market], size: Decimal) -> bool:
    """Return whether an account may buy so much, below zero: sell.

    It may do what makes a position no larger, whatever its margin.
    """
    before = account.position(market.coin)
    more = abs(before + size) - abs(before)
    if more <= 0:
        return True
    needed = more * market.mark / account.leverage_in(market)
    if not account.positions:
        return needed <= account.cash
    margin = margin_of(account, markets)
    return margin.used + needed <= margin.value
