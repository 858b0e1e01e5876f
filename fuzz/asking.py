"""The venue as the safety sync asks it, and a pass of it."""

import asyncio
from collections.abc import Callable
from typing import Any

import attrs

from fuzz import adapters
from fuzz.venue import Venue
from fuzz.words import Fill
from truebook.impl import OrderStatus, UnifiedOrderBook
from truebook.impl.sync import (
    CancelAnswer,
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)


@attrs.define(eq=False)
class Asked:
    """Answers the questions of a pass from the truth, at once.

    `stop`: the pass is cancelled at this question. `original`: a status by cloid is that of the
    oldest order of the cloid, as the venue has been seen to answer it. `tells_filled`: it
    says how much has filled.
    """

    venue: Venue
    told: Callable[[list[Fill]], None]
    asks_cancel: Callable[[int], None]
    original: bool = False
    tells_filled: bool = True
    stop: int | None = None
    task: Any = None
    questions: list[str] = attrs.field(factory=list)

    async def _asked(self, question: str) -> None:
        self.questions.append(question)
        if self.stop is not None and len(self.questions) > self.stop:
            self.task.cancel()
            await asyncio.sleep(0)
            raise ConnectionError("the bot is killed")

    async def open_orders(self) -> VenueListing:
        """Return the open orders."""
        await self._asked("open orders")
        return VenueListing(
            [adapters.listed_order(one) for one in self.venue.picture(self.venue.now)]
        )

    async def position(self) -> VenuePosition:
        """Return the position, which holds the fills before now."""
        await self._asked("position")
        return VenuePosition(self.venue.position_before_now(), as_of=self.venue.now)

    async def fills_since(self, time: int) -> VenueFills:
        """Return the fills from a time on."""
        await self._asked(f"fills since {time}")
        fills = [fill for fill in self.venue.fills if fill.time >= time]
        self.told(fills)
        return VenueFills(
            [
                VenueFill(
                    fill.oid,
                    fill.tid,
                    size=fill.size,
                    price=fill.price,
                    is_buy=fill.buy,
                    time=fill.time,
                    cloid=fill.cloid,
                    crossed=fill.crossed,
                    **adapters.venue_fill_options(fill),
                )
                for fill in fills
            ]
        )

    async def order_status(self, id: int | str) -> VenueStatus | None:
        """Return what is known of an oid, or of an order of a cloid."""
        await self._asked(f"status of {id}")
        if isinstance(id, str):
            leg = self.venue.newest(id, original=self.original)
        else:
            leg = self.venue.legs.get(id)
        if leg is None:
            return None
        if leg.status == "waiting":
            return adapters.waiting_status(leg.cloid)
        said = leg.said()
        return VenueStatus(
            said.oid,
            OrderStatus(adapters.word_of(said.word)),
            said.cloid,
            said.filled if self.tells_filled else None,
            said.reason,
        )

    async def cancel(self, oid: int | str) -> CancelAnswer:
        """Cancel an orphan."""
        await self._asked(f"cancel {oid}")
        assert isinstance(oid, int)
        self.asks_cancel(oid)
        leg = self.venue.legs.get(oid)
        if leg is None or not leg.live:
            return CancelAnswer.NOT_OPEN
        self.venue.end(leg, "user")
        return CancelAnswer.CONFIRMED


def run_pass(
    book: UnifiedOrderBook, sync: Any, asked: Asked, loop: asyncio.AbstractEventLoop
) -> Any:
    """Make a pass, and return its report; None where it was cancelled in the middle."""
    sync.book, sync.client = book, asked
    asked.task = loop.create_task(sync.run_once())
    try:
        return loop.run_until_complete(asked.task)
    except asyncio.CancelledError:
        return None
