"""A venue that answers what a test wants, and a safety sync that asks it."""

import asyncio
from collections.abc import Coroutine
from decimal import Decimal
from typing import Any

import attrs

from truebook.impl import SECOND, Side, Strangers, UnifiedOrderBook
from truebook.impl.sync.client import (
    CancelAnswer,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)
from truebook.impl.sync.config import SyncConfig
from truebook.impl.sync.safety_sync import SafetySync

ONE = Decimal(1)
QUICK = SyncConfig(time_limit=0.02, attempts=2, back_off=0, fills_overlap=5)


@attrs.define
class Venue:
    """A venue that answers what it is given; an error is raised, a function is called."""

    listing: Any = attrs.field(factory=lambda: VenueListing(()))
    holds: Any = attrs.field(factory=lambda: VenuePosition(Decimal(0), 1))
    fills: Any = attrs.field(factory=lambda: VenueFills(()))
    statuses: dict[Any, Any] = attrs.field(factory=dict)
    cancels: dict[Any, Any] = attrs.field(factory=dict)
    asked: list[tuple[Any, ...]] = attrs.field(factory=list)
    slow: bool = False

    async def _answer(self, answer: Any, *asked: Any) -> Any:
        self.asked.append(asked)
        if self.slow:
            await asyncio.sleep(0)
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer()
        if asyncio.iscoroutine(answer):
            answer = await answer
        return answer

    async def open_orders(self) -> VenueListing:
        return await self._answer(self.listing, "listing")  # type: ignore[no-any-return]

    async def position(self) -> VenuePosition:
        return await self._answer(self.holds, "position")  # type: ignore[no-any-return]

    async def fills_since(self, time: int) -> VenueFills:
        return await self._answer(self.fills, "fills", time)  # type: ignore[no-any-return]

    async def order_status(self, id: Any) -> VenueStatus | None:
        return await self._answer(self.statuses.get(id), "status", id)  # type: ignore[no-any-return]

    async def cancel(self, oid: Any) -> CancelAnswer:
        return await self._answer(self.cancels[oid], "cancel", oid)  # type: ignore[no-any-return]


@attrs.define
class Setting:
    book: UnifiedOrderBook
    venue: Venue
    sync: SafetySync
    seconds: list[float]
    slept: list[float]

    def at(self, seconds: float) -> Any:
        self.seconds[0] = seconds
        return asyncio.run(self.sync.run_once())


def a_setting() -> Setting:
    book, venue, seconds, slept = UnifiedOrderBook(), Venue(), [0.0], list[float]()

    async def sleep(wait: float) -> None:
        slept.append(wait)
        await asyncio.sleep(0)

    sync = SafetySync(
        book,
        venue,
        lambda: int(seconds[0] * SECOND),
        config=QUICK,
        sleep=sleep,
        strangers=Strangers.CANCEL,
    )
    return Setting(book, venue, sync, seconds, slept)


def resting(setting: Setting, oid: int, at: float = 0) -> str:
    now = int(at * SECOND)
    cloid = setting.book.register_pending(Side.BUY, 100, 10, now=now)
    setting.book.finalize_order(cloid, oid, 10, Side.BUY, 100, now=now)
    return cloid


def hang() -> Coroutine[Any, Any, Any]:
    return asyncio.Event().wait()
