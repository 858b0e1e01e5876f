"""The simulated venue as SafetySync asks it; while an answer is awaited, all else goes on."""

import attrs
from false_words import CANCELLED, UNKNOWN, UNSAID, Lie
from simulated_venue import Venue
from venue_orders import OrphanCancel

from truebook.impl.book import Oid
from truebook.impl.sync import (
    CancelAnswer,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)


@attrs.define(eq=False)
class Client:
    """Asks the venue. `listing`: when the last listing was asked for, and what it is not true of.

    It may be without the orders that wait, and says whether it is.
    """

    venue: Venue
    listing: tuple[int, list[Lie]] = (0, [])

    async def open_orders(self) -> VenueListing:
        """Return the open orders, or some of them, or none."""
        venue = self.venue
        asked = venue.now
        alive = venue.open_oids() | venue.waiting_oids()
        covers = not (venue.rates.triggers and venue.goes_wrong())
        picture = [order for order in venue.picture() if covers or not order.trigger]
        orders, lies = venue.false_words.listing(picture, alive, asked, covers=covers)
        if not covers:
            orders = tuple(attrs.evolve(order, trigger=None) for order in orders)
        self._wait()
        if venue.goes_wrong(0.5):
            return VenueListing(orders[::2], complete=False)
        if venue.goes_wrong(0.5):
            return VenueListing(())
        if orders:  # else nothing is concluded from it
            venue.hear(*lies)
        unsaid = [] if covers else [order.name for order in venue.orders.values() if order.terms]
        self.listing = (asked, [*lies, *(Lie(UNSAID, name) for name in unsaid)])
        return VenueListing(orders, covers_triggers=covers)

    async def position(self) -> VenuePosition:
        """Return the position, and the venue time that it holds before."""
        fills = self.venue.fills
        position = VenuePosition(self.venue.position, fills[-1].time + 1 if fills else 1)
        self._wait()
        return position

    async def fills_since(self, time: int) -> VenueFills:
        """Return the fills since a time, or the oldest of them."""
        self._wait()
        fills = [fill for fill in self.venue.fills if fill.time >= time]
        if self.venue.goes_wrong(0.5):
            return VenueFills(fills[: len(fills) // 2], complete=False)
        return VenueFills(fills)

    async def order_status(self, id: Oid) -> VenueStatus | None:
        """Return what the venue has of an oid, or the newest order of a cloid."""
        found = None
        for order in self.venue.orders.values():
            if id in (order.oid, order.cloid):
                found = order
        lie = None
        if found is not None and found.is_alive:
            lie = self.venue.false_words.of((CANCELLED, UNKNOWN), found.name)
        told = None
        if found is not None and (lie is None or lie.kind != UNKNOWN):
            word = found.state if lie is None else "cancelled"
            told = VenueStatus(found.oid, word, found.cloid, found.filled, word)
        self._wait()
        self.venue.hear(lie)
        return told

    async def cancel(self, oid: Oid) -> CancelAnswer:
        """Cancel what is taken for an orphan."""
        venue = self.venue
        assert isinstance(oid, int)
        was_open = venue.orders[oid].is_alive
        word, lie = venue.cancelled(oid)
        cancel = OrphanCancel(oid, venue.now, was_open, word == "rejected" or lie is not None)
        venue.orphan_cancels.append(cancel)
        self._wait()
        venue.hear(lie)
        cancel.answered = True
        return {
            "confirmed": CancelAnswer.CONFIRMED,
            "not_open": CancelAnswer.NOT_OPEN,
            "rejected": CancelAnswer.REJECTED,
        }[word]

    def _wait(self) -> None:
        self.venue.run_until(self.venue.now + self.venue.delay() // 4)
        if self.venue.goes_wrong():
            raise TimeoutError("no answer")
