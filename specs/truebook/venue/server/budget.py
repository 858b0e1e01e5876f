"""How many requests an account may make: so many, and one more for each dollar it has traded."""

from collections import Counter
from typing import Final

import attrs

from truebook.venue.engine import Account
from truebook.venue.server.signers import NotTakenError

FREE: Final = 10_000
"""So many requests an account has to begin with."""
EVERY: Final = 10_000
"""Once they are used up, one gets through in so many milliseconds; refusals cost nothing."""


@attrs.define
class Budget:
    """Counts the requests of accounts: an order or a cancel of a batch each counts as one."""

    free: int = FREE
    used: Counter[str] = attrs.field(factory=Counter)
    _last: dict[str, int] = attrs.field(factory=dict)

    def allowed(self, account: Account) -> int:
        """Return how many requests an account may have made by now."""
        return self.free + int(account.traded)

    def spend(self, account: Account, weight: int, now: int) -> None:
        """Count a request of so many; NotTakenError where there is nothing left for it."""
        user, most = account.user, self.allowed(account)
        if self.used[user] + weight > most:
            if now - self._last.get(user, now - EVERY) < EVERY:
                sent = self.used[user] + weight
                raise NotTakenError(
                    f"Too many cumulative requests sent ({sent} > {most}) for cumulative volume "
                    f"traded ${account.traded:.2f}. Place taker orders to free up 1 request per "
                    "USDC traded."
                )
            self._last[user] = now
        self.used[user] += weight
