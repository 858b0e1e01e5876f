"""The oids of orders that are forgotten: no late word of one is of a later order."""

from enum import IntEnum

import attrs

from truebook.impl.book.checks import Oid


class Vague(IntEnum):
    """What of the forgotten orders of a cloid is not known, so that it may come as news."""

    NOTHING = 0
    """Every oid of theirs is remembered."""
    REFUSAL = 1
    """One was refused, and under which oid the venue shows that is not known."""
    BEGUN = 2
    """One may have been there before the book began, under an oid that is not known.

    What it filled is in the position taken over, so that no fill of it is news.
    """
    ORDER = 3
    """One may have come to exist under an oid that is not known, or not any more."""


@attrs.define
class PastOids:
    """At most `capacity` oids, each with the cloid of its order; the first forgotten goes first.

    `greatest` is the greatest oid ever told, where the venue numbers its orders upwards.
    """

    capacity: int
    by_oid: dict[Oid, str] = attrs.field(factory=dict, eq=False)
    greatest: Oid | None = attrs.field(default=None, eq=False)

    def add(self, oid: Oid, cloid: str) -> str | None:
        """Remember an oid as past; return the cloid of the one that is let go for it, if any."""
        self.by_oid.pop(oid, None)
        self.by_oid[oid] = cloid
        if len(self.by_oid) <= self.capacity:
            return None
        return self.by_oid.pop(next(iter(self.by_oid)))

    def is_of(self, oid: Oid, cloid: str) -> bool:
        """Return whether this was the oid of a forgotten order of a cloid."""
        return self.by_oid.get(oid) == cloid

    def told(self, oid: Oid) -> None:
        """Note that there is an order of this oid."""
        if isinstance(oid, int) and not (isinstance(self.greatest, int) and oid <= self.greatest):
            self.greatest = oid

    def copy(self) -> "PastOids":
        """Return the same, sharing nothing that changes."""
        return PastOids(self.capacity, self.by_oid.copy(), self.greatest)
