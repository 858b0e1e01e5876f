"""What an account's orders looked like a while ago: what a venue's node that lags would list."""

from collections import deque
from collections.abc import Sequence
from typing import Final

import attrs

from truebook.impl.venues.hyperliquid import orders
from truebook.venue.engine import Account
from truebook.venue.wire import listed

KEPT: Final = 5_000


@attrs.define
class Pictures:
    """The listings of accounts as they were after each change."""

    _of: dict[str, deque[tuple[int, Sequence[orders.Order], Sequence[orders.Order]]]] = attrs.field(
        factory=dict
    )

    def take(self, account: Account, now: int) -> None:
        """Keep what an account's orders look like from now on."""
        taken = (now, listed(account, front=False), listed(account, front=True))
        self._of.setdefault(account.user, deque(maxlen=KEPT)).append(taken)

    def at(self, user: str, time: int, *, front: bool) -> Sequence[orders.Order]:
        """Return how an account's orders were listed at a time: none before the first of them."""
        for taken, basic, fronted in reversed(self._of.get(user, ())):
            if taken <= time:
                return fronted if front else basic
        return ()
