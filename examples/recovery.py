"""The property `recovers`: true words lead the book back, and it says where it was contradicted."""

from collections.abc import Iterator
from typing import Any

import attrs
from quoting import CONFIG, WithBook
from simulated_venue import EXPIRES, LATE, Venue

from truebook.impl import SECOND, Strangers

INTERVAL = 2 * SECOND
"""From one pass of SafetySync to the next."""
ARRIVES = EXPIRES + LATE
"""So long after the venue went quiet all has taken effect, and the last word has come."""
OURS = ARRIVES + EXPIRES + CONFIG.finalized_protection + INTERVAL
"""So long after it went quiet the book has our orders: E, L and a pass after the last word."""
FOREIGN = OURS + CONFIG.finalized_protection + CONFIG.orphan_grace_period + INTERVAL
"""So long after it went quiet it has those of others, or they are cancelled: one more L, their
grace and a pass after ours."""


def not_back(venue: Venue, keeper: WithBook, quiet_since: int) -> Iterator[str]:
    """Yield the name of the property where the book is not back at the truth though it is time."""
    book, ago = keeper.book, venue.now - quiet_since
    real = venue.open_oids()
    ours = {oid for oid in real if venue.orders[oid].ours}
    waiting = {venue.orders[oid].cloid for oid in venue.waiting_oids()}
    right = book.get_active_oids() == ours and book.get_waiting_cloids() == waiting
    right = right and not book.pending_count
    if ago >= OURS and not (right and book.position == venue.position):
        yield "recovers"
    shown = {orphan.oid for orphan in book.get_orphans() if not orphan.over}
    left = real - ours
    if ago >= FOREIGN and (left != shown or (left and keeper.strangers is Strangers.CANCEL)):
        yield "recovers"


@attrs.define(eq=False)
class Returned:
    """Orders of ours that the book lost while they were open, and those that it has again."""

    lost: set[int] = attrs.field(factory=set)
    again: set[int] = attrs.field(factory=set)

    def look(self, venue: Venue, book: Any) -> None:
        """Note what the book lacks now, and what it has again."""
        tracked = book.get_active_oids() | book.get_waiting_cloids()
        known = tracked | book.get_pending_cloids()
        for oid in venue.open_oids() | venue.waiting_oids():
            order = venue.orders[oid]
            if order.ids & tracked:
                self.again |= self.lost & {oid}
            elif order.ours and not order.ids & known and oid not in venue.by_hand:
                self.lost.add(oid)

    def without_a_word(self, venue: Venue, keeper: WithBook) -> Iterator[str]:
        """Yield the name of the property for each that it has again, and has not said so."""
        for oid in self.again:
            if not {oid, venue.orders[oid].cloid} & keeper.contradicted:
                yield "recovers"
