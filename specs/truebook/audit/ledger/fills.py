"""What the fills of one market come to: each once, in a chain, and what was told again."""

from decimal import Decimal
from hashlib import blake2b
from typing import Final

import attrs

from truebook.audit.ledger.chain import Chain
from truebook.audit.ledger.identities import Identities
from truebook.audit.ledger.paths import Leg
from truebook.audit.seen import FillLine, Place

ZERO: Final = Decimal(0)


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
    first_time: int = 1 << 63
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
        new = self._seen.add(_key(fill, buys), fill.time, hash((size, price, fill.oid)))
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
        if time < self.first_time:
            self.first_time = time
        moved = size if buys else -size
        self.chain.add(Leg(time, fill.start_position, moved, fill.hash, price, place))
        return True


def _key(fill: FillLine, buys: bool) -> int:
    """Return what tells a fill from all others of its market, in 63 bits and a sign.

    Its tid, and its side, as both legs of a trade with oneself have the same tid. Without a tid, or
    with 0 as a dust conversion has, all that it says.
    """
    if fill.tid:
        return (fill.tid << 1 | buys) & 0x7FFF_FFFF_FFFF_FFFF
    told = (fill.hash, fill.oid, fill.px, fill.sz, fill.time, fill.start_position, fill.side)
    digest = blake2b(repr(told).encode(), digest_size=8).digest()
    return -1 - (int.from_bytes(digest, "big") >> 1)
