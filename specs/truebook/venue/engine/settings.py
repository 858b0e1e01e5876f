"""What an account sets: its leverage, and when all its orders are to be cancelled."""

from truebook.venue.engine.checks import Refusal
from truebook.venue.engine.exchange import Exchange
from truebook.venue.engine.margin import margin_of
from truebook.venue.engine.tape import DAY


def set_leverage(exchange: Exchange, user: str, coin: str, leverage: int) -> Refusal | None:
    """Set with how much leverage an account trades in a market from now on; None: it is set."""
    account, market = exchange.account(user), exchange.markets[coin]
    if not 1 <= leverage <= market.most_leverage:
        return Refusal("", "Invalid leverage value")
    before = account.leverage_in(market)
    account.leverage[coin] = leverage
    margin = margin_of(account, exchange.markets)
    if leverage < before and account.position(coin) and margin.used > margin.value:
        account.leverage[coin] = before
        return Refusal("", "Insufficient margin to decrease leverage.")
    return None


def schedule(exchange: Exchange, user: str, at: int | None, now: int) -> Refusal | None:
    """Have every order of an account cancelled at a time, or take that back; None: it is so."""
    account, limits = exchange.account(user), exchange.limits
    if account.traded < limits.volume_to_schedule:
        return Refusal(
            "",
            "Cannot set scheduled cancel time until enough volume traded. Required: "
            f"${limits.volume_to_schedule:.0f}. Traded: ${account.traded:.2f}.",
        )
    if at is not None and at < now + limits.soonest:
        return Refusal("", "Scheduled cancel time must be at least 5 seconds in the future.")
    day, times = account.cancels
    if at is not None and day == now // DAY and times >= limits.cancels_a_day:
        return Refusal("", f"Scheduled cancels were triggered {times} times today.")
    account.cancel_at = at
    return None
