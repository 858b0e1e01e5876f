"""What the fills of one market come to: each once, in a chain, and what was told again."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from math import isfinite
from typing import Final

import attrs

from truebook.audit.ledger.chain import Chain
from truebook.audit.ledger.identities import Identities
from truebook.audit.ledger.paths import Leg
from truebook.audit.seen import FillLine, FillText, Place

ZERO: Final = Decimal(0)
EXACT: Final = 15
"""A text of so many characters, between these bounds, is the same number as a float."""
LEAST, MOST = 1e-12, 1e15
LONG: Final = 4_096
"""Links of a tail, after which those that need not be kept are let go."""
_BITS: Final = 0x7FFF_FFFF_FFFF_FFFF


@lru_cache(4_096)
def size_of(text: str) -> tuple[Decimal, float]:
    """Return a size, and as a float; they are the same again and again."""
    return Decimal(text), float(text)


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

    def run(
        self, fills: Sequence[FillText], lines: Sequence[int], at: int, file: str, item: int = 0
    ) -> int:
        """Take fills of this market from one on, as long as each is new and goes on from the last.

        Return the place of the first that does not, or is in any way odd: it is to be read and
        taken by itself. `lines` has the line of each.
        """
        chain, seen = self.chain, self._seen
        if not chain.goes_on() or chain.tail[-1][0] < self.last_time:
            return at
        link, recent, packed = chain.tail.append, seen.recent, seen.newest
        last, end, newest, *_ = chain.tail[-1]
        bought_last = newest.moved > 0 if isinstance(newest, Leg) else newest.side == "B"
        bought, sold, before = self.bought, self.sold, at
        stop = at + seen.room()
        try:
            for fill, line in zip(fills[at:stop], lines[at:stop], strict=False):
                px, sz, time, tid, buys = fill.px, fill.sz, fill.time, fill.tid, fill.side == "B"
                start, (size, short) = Decimal(fill.start_position), size_of(sz)
                said = (short, price := float(px), fill.oid)
                float(fill.fee)
                if (
                    start != end
                    or time < last
                    or time <= packed
                    or (time == last and buys is not bought_last)
                    or not tid
                    or not LEAST < short < MOST
                    or not LEAST < price < MOST
                    or len(sz) > EXACT
                    or len(px) > EXACT
                    or (key := (tid << 1 | buys) & _BITS) in recent
                ):
                    break
                recent[key] = hash(said)
                if buys:
                    bought += size
                    end = start + size
                else:
                    sold += size
                    end = start - size
                link((time, end, fill, file, line, item))
                last, bought_last = time, buys
                at += 1
        except (ValueError, ArithmeticError):
            pass  # it is no number
        self.count += at - before
        self.bought, self.sold, self.last_time = bought, sold, last
        seen.went_on(last)
        if len(chain.tail) > LONG:
            chain.shorten()
        return at


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
        return (fill.tid << 1 | (fill.side == "B")) & _BITS
    told = (fill.hash, fill.oid, fill.px, fill.sz, fill.time, fill.start_position, fill.side)
    digest = blake2b(repr(told).encode(), digest_size=8).digest()
    return -1 - (int.from_bytes(digest, "big") >> 1)
