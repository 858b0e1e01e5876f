"""What the fills of one market come to: each once, in a chain, and what was told again."""

from collections.abc import Container, Sequence
from decimal import Decimal
from hashlib import blake2b
from itertools import compress
from math import isfinite
from operator import not_
from typing import Final

import attrs

from truebook.audit.ledger.chain import Chain
from truebook.audit.ledger.columns import BITS, Columns
from truebook.audit.ledger.identities import Identities
from truebook.audit.ledger.paths import Leg
from truebook.audit.seen import FillLine, FillText, Place

ZERO: Final = Decimal(0)
LONG: Final = 64
"""Links of a tail, after which those that need not be kept are let go."""


@attrs.define
class FillLedger:
    """The fills of a market, each counted once.

    `bought` and `sold` are their sizes; `again` is how many were told again, `otherwise` those told
    again with another size, price or order: the first one counts.
    """

    chain: Chain = attrs.field(factory=Chain)
    count: int = 0
    again: int = 0
    bought: Decimal = ZERO
    sold: Decimal = ZERO
    last_time: int = -1
    late: int = 0
    otherwise: list[Place] = attrs.field(factory=list)
    _seen: Identities = attrs.field(factory=Identities)

    @property
    def net(self) -> Decimal:
        """What the fills come to, bought above zero."""
        return self.bought - self.sold

    def take(self, fill: FillLine, place: Place) -> bool:
        """Take a fill; return whether it is new. ValueError for one that cannot be."""
        size, price = fill.sz, fill.px
        if not (size > 0 and price.is_finite() and size.is_finite()):
            raise ValueError(f"a fill of {size} at {price}")
        if not fill.start_position.is_finite():
            raise ValueError(f"a fill at a position of {fill.start_position}")
        buys = fill.side == "B"
        new = self._seen.add(key_of(fill), fill.time, _said(size, price, fill.oid))
        if new is not True:
            self.again += 1
            if new is False:
                self.otherwise.append(place)
            return False
        self.count += 1
        if buys:
            self.bought += size
        else:
            self.sold += size
        time = fill.time
        if time < self.last_time:
            self.late += 1
        else:
            self.last_time = time
        moved = size if buys else -size
        self.chain.add(Leg(time, fill.start_position, moved, fill.hash, price, place))
        return True

    def run(self, told: Columns, at: int, file: str) -> int:
        """Take fills of this market from one on, as long as each is new and goes on from the last.

        Return the place of the first that does not, or is in any way odd: it is to be read and
        taken by itself.
        """
        chain, seen = self.chain, self._seen
        if at in told.odd or not chain.goes_on() or chain.tail[-1][0] < self.last_time:
            return at
        last, end, newest, *_ = chain.tail[-1]
        time = told.times[at]
        if told.starts[at] != end or time < last or time <= seen.newest:
            return at
        if time == last and told.buys[at] is not _buys(newest):
            return at
        stop = min(told.until(at), at + seen.room())
        keys = told.keys[at:stop]
        if not told.distinct or not seen.recent.keys().isdisjoint(keys):
            keys = _new(keys, seen.recent)
            stop = at + len(keys)
            if not keys:
                return at
        seen.recent.update(zip(keys, told.said[at:stop], strict=True))
        chain.tail += told.links(at, stop, file)
        sizes, buys = told.sizes[at:stop], told.buys[at:stop]
        self.bought = sum(compress(sizes, buys), self.bought)
        self.sold = sum(compress(sizes, map(not_, buys)), self.sold)
        self.count += stop - at
        self.last_time = told.times[stop - 1]
        seen.went_on(self.last_time)
        if len(chain.tail) > LONG:
            chain.shorten()
        return stop

    def is_again(self, told: Columns, at: int) -> bool:
        """Take a fill that is told again just as it was, if it is; return whether."""
        if at in told.odd or not told.starts[at].is_finite():
            return False
        if self._seen.recent.get(told.keys[at]) != told.said[at]:
            return False
        self.again += 1
        return True


def _buys(fill: FillText | Leg) -> bool:
    return fill.moved > 0 if isinstance(fill, Leg) else fill.side == "B"


def _new(keys: Sequence[int], known: Container[int]) -> list[int]:
    """Return numbers as long as each is new."""
    here: set[int] = set()
    for key in keys:
        if key in here or key in known:
            break
        here.add(key)
    return list(keys[: len(here)])


def _said(size: Decimal, price: Decimal, oid: int) -> int:
    """Return what stands for what a fill says, the same for the same numbers."""
    return hash((_short(size), _short(price), oid))


def _short(number: Decimal) -> Decimal | float:
    """Return a number as a float where that is the same number: it is hashed at once."""
    short = float(number)
    return short if isfinite(short) and Decimal(repr(short)) == number else number


def key_of(fill: FillLine) -> int:
    """Return what tells a fill from all others of its market, in 63 bits and a sign.

    Its tid, and its side, as both legs of a trade with oneself have the same tid. Without a tid, or
    with 0 as a dust conversion has, all that it says.
    """
    if fill.tid:
        return (fill.tid << 1 | (fill.side == "B")) & BITS
    told = (fill.hash, fill.oid, fill.px, fill.sz, fill.time, fill.start_position, fill.side)
    digest = blake2b(repr(told).encode(), digest_size=8).digest()
    return -1 - (int.from_bytes(digest, "big") >> 1)
