"""What a bot is seen to do: its requests, as they come."""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

import attrs

from truebook.impl.venues.hyperliquid import actions, given
from truebook.venue.engine import Account, Exchange, Place
from truebook.venue.server import Request
from truebook.venue.verdict.breach import Breach, Promise

LOOP: Final = 5
"""Who asks so often to cancel one order that is over does so in a loop."""


@attrs.define
class Watch:
    """Watches an account: what it asks for, and what that comes to at the venue.

    `limit` is how much it may come to hold in a market, in its own coin; None: nobody said.
    `shown` tells a time in words.
    """

    user: str
    exchange: Exchange
    shown: Callable[[int], str] = str
    limit: Decimal | None = None
    last_heard: int = 0
    requests: int = 0
    _too_late: Counter[int | str] = attrs.field(factory=Counter)
    _found: dict[Promise, Breach] = attrs.field(factory=dict)

    @property
    def account(self) -> Account:
        """The account."""
        return self.exchange.account(self.user)

    def before(self, request: Request, now: int, *, taken: bool) -> None:
        """Note a request before it is done; one that will not be `taken` asks for nothing."""
        if request.user != self.user:
            return
        self.last_heard = now
        self.requests += 1
        if not taken:
            return
        match request.signed.action:
            case actions.PlaceOrders() as placed:
                for one in placed.orders:
                    self._placed(one, now)
            case actions.CancelOrders() as cancelled:
                for oid in (one.o for one in cancelled.cancels):
                    self._cancelled(oid, now)
            case actions.CancelByCloid() as named:
                for cloid in (one.cloid.lower() for one in named.cancels):
                    self._cancelled(cloid, now)

    def after(self, now: int) -> None:
        """Note what things have come to."""
        if self.limit is None:
            return
        for coin in self.exchange.markets:
            for worst in _worst(self.account, coin):
                if abs(worst) > self.limit:
                    words = (
                        f"{self.shown(now)} it could come to hold {worst} {coin}, and its limit is "
                        f"{self.limit}"
                    )
                    self._note(Breach(Promise.LIMIT, words, "exposure-bounds"))

    def found(self) -> Iterator[Breach]:
        """Yield what was wrong so far, each promise once."""
        yield from self._found.values()

    def _placed(self, one: actions.NewOrder, now: int) -> None:
        cloid = given(one.c, None)
        before = None if not cloid else self.account.order_of(str(cloid).lower())
        if before is not None and before.where is not Place.OVER:
            words = (
                f"{self.shown(now)} it sent {cloid} again while order {before.oid} of that cloid "
                "was live"
            )
            self._note(Breach(Promise.AGAIN, words, "unknown-stays"))

    def _cancelled(self, name: int | str, now: int) -> None:
        """Count that it asks to cancel what is over, or an oid that never was."""
        order = self.account.order_of(name)
        if order is not None and order.where is not Place.OVER:
            return
        if order is None and isinstance(name, str):
            return  # its request may have been lost on the way, and it cannot know
        oid = name if order is None else order.oid
        self._too_late[oid] += 1
        if self._too_late[oid] == LOOP:
            status = "never was" if order is None else f"was {order.status}"
            words = f"{self.shown(now)} it asked {LOOP} times to cancel {name}, which {status}"
            self._note(Breach(Promise.LOOP, words, "cancel-resolves"))

    def _note(self, breach: Breach) -> None:
        self._found.setdefault(breach.promise, breach)


def _worst(account: Account, coin: str) -> tuple[Decimal, Decimal]:
    """Return what an account comes to hold if all its buys trade, and if all its sells do."""
    standing = [one for one in account.standing.values() if one.asked.coin == coin]
    rests = [one for one in standing if not one.asked.reduce_only]  # also what waits for a price
    position = account.position(coin)
    buys = sum((one.left for one in rests if one.asked.is_buy), Decimal(0))
    sells = sum((one.left for one in rests if not one.asked.is_buy), Decimal(0))
    return position + buys, position - sells
