"""Judging what a bot believes, as of the moment in which it does, and what it leaves behind.

What it has said stands until it says something else. What happens at the venue is known to it only
later, and each message in its own time. So a position is right if it is what was held some while
ago, and any of the fills since; an order may be open for the bot that was so within that while.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

import attrs

from truebook.venue.engine import Account, Order, Place
from truebook.venue.verdict.belief import Belief
from truebook.venue.verdict.breach import Breach, Promise
from truebook.venue.verdict.sums import is_sum_of_some

_ZERO = Decimal(0)
_EXACT = Decimal(10) ** 15
"""A size beyond this is held against the truth as it was said."""


@attrs.define
class Judge:
    """Holds what a bot says against the truth of its account; `found` is each promise broken once.

    Times are in milliseconds: within `lag` the bot is to know what is so. `shown` tells a time in
    words; `steps` are the least sizes of the markets, by coin.
    """

    account: Account
    lag: int
    shown: Callable[[int], str]
    steps: Mapping[str, Decimal] = attrs.field(factory=dict)
    found: dict[Promise, Breach] = attrs.field(factory=dict)
    heard: int = 0
    _position: Mapping[str, Decimal] | None = None
    _open: frozenset[str] | None = None
    _since: dict[str, int] = attrs.field(factory=dict)
    _named: dict[int, int] = attrs.field(factory=dict)

    def hear(self, belief: Belief) -> None:
        """Judge what stood until now, and what the bot believes from now on."""
        self.heard += 1
        self.judge(belief.time, self.lag)
        if belief.position is not None:
            self._position = belief.position
        if belief.open is not None:
            self._open = belief.open
            self._since = {name: self._since.get(name, belief.time) for name in belief.open}
        self.judge(belief.time, self.lag)

    def judge(self, now: int, lag: int) -> None:
        """Judge what stands, with so much time to have heard of what was true."""
        if self._position is not None:
            for breach in self._positions(self._position, now, lag):
                self.found.setdefault(breach.promise, breach)
        if self._open is not None:
            for breach in (*self._dropped(self._open, now, lag), *self._over(self._open, now, lag)):
                self.found.setdefault(breach.promise, breach)

    def _positions(self, believed: Mapping[str, Decimal], now: int, lag: int) -> Iterator[Breach]:
        for coin in sorted({*believed, *self.account.positions}):
            said = _to_step(believed.get(coin, _ZERO), self.steps.get(coin))
            true = self.account.position(coin)
            if said == true:
                continue
            moves = self._moves(coin)
            late = [size for time, size in moves if time >= now - lag]
            if is_sum_of_some(said - true + sum(late, _ZERO), late):
                continue
            most = sum((size for _, size in moves if size > 0), _ZERO)
            least = sum((size for _, size in moves if size < 0), _ZERO)
            twice = not least <= said <= most
            yield Breach(
                Promise.TWICE if twice else Promise.POSITION,
                f"{self.shown(now)} it believed its position in {coin} to be {said}, and it was "
                f"{true}: fills of the last {_seconds(lag)} do not explain that",
                "fills-move-position" if twice else "early-fills-kept",
            )

    def _moves(self, coin: str) -> list[tuple[int, Decimal]]:
        """Return the fills of a market: when each was, and by how much the position moved."""
        fills = [one for one in self.account.fills if one.order.asked.coin == coin]
        return [(one.time, one.size if one.order.asked.is_buy else -one.size) for one in fills]

    def _dropped(self, believed: frozenset[str], now: int, lag: int) -> Iterator[Breach]:
        live = [one for one in self.account.standing.values() if _is_live(one)]
        self._named = {
            one.oid: now if believed & _names(one) else self._named.get(one.oid, one.changed)
            for one in live
        }
        for one in live:
            since = max(self._named[one.oid], one.changed)
            if now - since > lag:
                words = f"{self.shown(now)} it did not know of order {one.oid}, which was live"
                yield Breach(Promise.DROPPED, words, "unknown-stays")

    def _over(self, believed: frozenset[str], now: int, lag: int) -> Iterator[Breach]:
        for name in sorted(believed):
            order = self.account.order_of(int(name) if name.isdecimal() else name.lower())
            if order is not None and order.where is not Place.OVER:
                continue  # also one that waits for its parent, which not every client counts
            since = max(self._since[name], 0 if order is None else order.changed)
            if now - since > lag:
                status = "never was" if order is None else f"was {order.status}"
                words = f"{self.shown(now)} it believed order {name} to be open, which {status}"
                yield Breach(Promise.OPEN, words, "absence-needs-age")


def left_behind(account: Account) -> Iterator[Breach]:
    """Yield that orders are open once a bot has ended."""
    live = [one.oid for one in account.standing.values()]
    if live:
        words = (
            f"it ended, and left {len(live)} of its orders open: {', '.join(map(str, live[:5]))}"
        )
        yield Breach(Promise.LEFT, words, "unknown-stays")


def _is_live(order: Order) -> bool:
    return order.where in (Place.BOOK, Place.TRIGGER)


def _to_step(said: Decimal, step: Decimal | None) -> Decimal:
    """Return a size to the market's step: who sums up in floats is off by less than that."""
    if step is None or abs(said) > _EXACT:
        return said
    return said.quantize(step)


def _names(order: Order) -> frozenset[str]:
    cloid = order.asked.cloid
    return frozenset({str(order.oid), *(() if cloid is None else (cloid,))})


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:g} s"
