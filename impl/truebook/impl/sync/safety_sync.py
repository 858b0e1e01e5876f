"""`SafetySync`: pass by pass, the book is held against the venue, and what it lacks is told it.

A pass lists the open orders, reconciles, cancels the orphans that have aged, asks for the status of
what is unknown, tells the fills that are missing and compares the position. Whatever fails is left
for the next pass: nothing is concluded from an error, and every telling is whole, so that a pass
may be cancelled anywhere.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import zip_longest
from typing import Any, TypeVar

import attrs

from truebook.impl.book import (
    BookConfig,
    Listing,
    ListingRequest,
    Oid,
    PositionMismatch,
    ReconcileResult,
    Strangers,
    UnifiedOrderBook,
    fields,
    strangers,
)
from truebook.impl.sync.client import (
    OVER,
    CancelAnswer,
    VenueClient,
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)
from truebook.impl.sync.config import SyncConfig
from truebook.impl.sync.report import SyncReport, hush, telling, text

_Answer = TypeVar("_Answer")

_ASKED = ("open_orders", "position", "fills_since", "order_status", "cancel")
_TOLD = ("reconcile", "order_status", "process_fill", "position_reported", "get_order")


@attrs.define(eq=False)
class SafetySync:
    """Holds a book against a venue; `clock` tells the book's time, `since` is the oldest fill's.

    The book may be told anything else between the questions of a pass. `told` is called with the
    name and the result of all that a pass tells the book but what became of orphans (as
    `Metrics.told`), `report` with the report of each pass that `run` makes. `sleep` waits, in
    seconds. `strangers` says what becomes of listed orders that are not ours: cancelling is
    automatic here, so it is to be chosen, as in the book's configuration; ValueError where the two
    differ.
    """

    book: UnifiedOrderBook = attrs.field(validator=fields.methods(UnifiedOrderBook, *_TOLD))
    client: VenueClient = attrs.field(validator=fields.methods(VenueClient, *_ASKED))
    clock: Callable[[], int] = attrs.field(validator=fields.function())
    since: int = attrs.field(default=0, validator=fields.whole(0))
    config: SyncConfig = attrs.field(factory=SyncConfig, validator=fields.instance(SyncConfig))
    told: Callable[[str, object], object] | None = attrs.field(
        default=None, validator=fields.function(or_none=True)
    )
    report: Callable[[SyncReport], object] | None = attrs.field(
        default=None, validator=fields.function(or_none=True)
    )
    sleep: Callable[[float], Awaitable[Any]] = attrs.field(
        default=asyncio.sleep, validator=fields.function()
    )
    strangers: Strangers = attrs.field(kw_only=True, converter=strangers)
    _seen: int = attrs.field(init=False)
    _turn: int = attrs.field(default=0, init=False)
    _busy: bool = attrs.field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with the oldest fill."""
        config = getattr(self.book, "config", None)
        if isinstance(config, BookConfig) and config.strangers is not self.strangers:
            raise ValueError(
                f"strangers is {self.strangers.value!r} here and {config.strangers.value!r} in the "
                "book's BookConfig: say the same in both, since what is left is not counted as ours"
            )
        self._seen = self.since

    async def run(self) -> None:
        """Make passes for ever; cancel it to stop."""
        wait = self.config.interval
        while True:
            report = await self.run_once()
            if self.report is not None:
                with suppress(Exception):
                    self.report(report)
            longest = max(self.config.interval, self.config.longest_interval)
            wait = min(2 * wait, longest) if report.failed else self.config.interval
            await self.sleep(wait)

    async def run_once(self) -> SyncReport:
        """Make one pass, unless one is under way: then nothing is done, and that is reported.

        It raises nothing: what fails, of the venue, the book or its journal, is in the report.
        """
        report = SyncReport()
        if self._busy:
            report.failed.append("another pass is under way")
            return report
        self._busy = True
        try:
            await self._pass(report)
        except Exception as error:
            report.failed.append(f"the rest of the pass: {text(error)}")
        finally:
            self._busy = False
        return report

    # Within

    async def _pass(self, report: SyncReport) -> None:
        listing, request = await self._reconcile(report)
        if report.reconciled is not None and self.strangers is Strangers.CANCEL:
            await self._cancel_orphans(report, report.reconciled)
        nothing_listed = listing is not None and not listing.orders
        over = {
            id
            for id in self._to_ask(report, listing)
            if await self._is_over(report, id, nothing_listed)
        }
        if listing is not None and nothing_listed:
            self._take_empty(report, listing, request, over)
        await self._position(report)

    async def _reconcile(self, report: SyncReport) -> tuple[VenueListing | None, ListingRequest]:
        """Take a listing that came, is whole and not empty; else nothing is concluded from it.

        Return it where it was taken, or is empty.
        """
        request = ListingRequest(0)

        async def ask() -> VenueListing:
            nonlocal request
            request = self.book.listing_requested(now=self._now())
            return await self.client.open_orders()

        listing = await self._ask(report, "open orders", ask, VenueListing)
        if listing is None:
            with telling(report, "that the listing failed"):
                self._note("listing_failed", self.book.listing_failed(now=self._now()))
            return None, request
        report.listed = len(listing.orders)
        if not listing.complete:
            report.failed.append("open orders: not all of them came")
            return None, request
        if listing.orders:
            self._take(report, listing, request)
            listing = None if report.reconciled is None else listing
        return listing, request

    def _take(self, report: SyncReport, listing: VenueListing, request: ListingRequest) -> None:
        covers = listing.covers_triggers
        orders = Listing(tuple(listing.orders), request, listing.scope, covers_triggers=covers)
        with telling(report, "open orders"):
            result = self._note("reconcile", self.book.reconcile(orders, now=self._now()))
            if isinstance(result, ReconcileResult):
                report.reconciled = result
            else:
                report.failed.append(f"open orders: {result.reason}")

    def _take_empty(
        self, report: SyncReport, listing: VenueListing, request: ListingRequest, over: set[Oid]
    ) -> None:
        """Take an empty listing where an order stays open though each is told to be over.

        Words about it have contradicted each other: then no status ends it, only a listing does.
        """
        active: frozenset[Oid] = self.book.get_active_oids()
        if listing.covers_triggers:
            active |= self.book.get_waiting_cloids()
        orphans = {orphan.oid for orphan in self.book.get_orphans() if not orphan.over}
        if active and active | orphans | self.book.get_pending_cloids() <= over:
            self._take(report, listing, request)

    async def _cancel_orphans(self, report: SyncReport, result: ReconcileResult) -> None:
        waiting = list(zip_longest(result.orphans_to_cancel, result.cancel_requests))
        try:
            while waiting:
                oid, request = waiting.pop(0)  # from here on its cancel may have been sent
                if self.book.get_order(oid) is None:  # it has not turned out to be ours
                    await self._cancel(report, oid, request)
        finally:
            for oid, request in waiting:  # those that were never sent may be asked for again
                with telling(report, f"that the cancel of {oid} was not sent"):
                    self._refused(oid, "not sent", request)

    async def _cancel(self, report: SyncReport, oid: Oid, request: int | None) -> None:
        """Send a cancel, once; where it was not answered, the book waits until it is settled."""
        try:
            answer = CancelAnswer(await self._once(lambda: self.client.cancel(oid)))
        except Exception as error:
            report.failed.append(f"cancel of {oid}: {text(error)}")
            return
        with telling(report, f"cancel of {oid}"):
            if answer is CancelAnswer.REJECTED:
                report.failed.append(f"cancel of {oid}: rejected")
                self._refused(oid, "rejected", request)
                return
            report.orphans_cancelled.append(oid)
            if answer is CancelAnswer.CONFIRMED:
                self.book.cancel_confirmed(oid, request=request, now=self._now())
            else:
                self.book.cancel_not_open(oid, request=request, now=self._now())

    def _refused(self, oid: Oid, reason: str, request: int | None) -> None:
        if self.book.get_order(oid) is None:  # of one of ours another cancel may be on its way
            self.book.cancel_rejected(oid, reason, request=request, now=self._now())

    def _to_ask(self, report: SyncReport, listing: VenueListing | None) -> list[Oid]:
        """Return whose status is to be asked for: what is unknown, and what nothing listed shows.

        An empty listing may be of another market, so that each order is asked for by itself.
        """
        ids: dict[Oid, None] = {}
        if report.reconciled is not None:
            ids.update(dict.fromkeys(report.reconciled.statuses_to_ask))
        ids.update(dict.fromkeys(sorted(self.book.get_pending_cloids())))
        ids.update((order.oid, None) for order in self.book.stuck_cancels() if order.oid)
        if listing is not None and not (listing.orders and listing.covers_triggers):
            ids.update(dict.fromkeys(sorted(self.book.get_waiting_cloids())))
        if listing is not None and not listing.orders:
            ids.update(dict.fromkeys(sorted(self.book.get_active_oids(), key=str)))
            ids.update((orphan.oid, None) for orphan in self.book.get_orphans() if not orphan.over)
        first, most = self._turn % max(1, len(ids)), self.config.max_statuses
        self._turn = first + most if len(ids) > most else 0
        return [*ids, *ids][first : first + min(most, len(ids))]

    async def _is_over(self, report: SyncReport, id: Oid, nothing_listed: bool) -> bool:
        """Ask for a status and tell it; return whether the venue says that nothing is open.

        What is triggered may trade under another oid, which its cloid leads to.
        """
        word, order = await self._status(report, id, nothing_listed), self.book.get_order(id)
        if word == "triggered" and order is not None and id != order.cloid:
            return await self._status(report, order.cloid, nothing_listed) in OVER
        return word == _UNKNOWN or word in OVER

    async def _status(self, report: SyncReport, id: Oid, nothing_listed: bool) -> str:
        """Ask for a status and tell it; return its word, and none where nobody answered."""
        word = ""
        with telling(report, f"status of {id}"):
            request = self.book.listing_requested(now=self._now())
            failed = len(report.failed)
            told = await self._ask(
                report,
                f"status of {id}",
                lambda: self.client.order_status(id),
                (VenueStatus, type(None)),
            )
            if len(report.failed) == failed:
                self._tell_status(id, told, request, nothing_listed)
                report.statuses_told.append(id)
                word = _UNKNOWN if told is None else str(told.status).lower()
        return word

    def _tell_status(
        self, id: Oid, told: VenueStatus | None, request: ListingRequest, nothing_listed: bool
    ) -> None:
        """Tell a status for what it says of the oid that it names, and of nothing else.

        Asked by its cloid, the venue may answer for any order that had it: that says nothing of the
        request that is pending, unless it listed nothing either; and nothing at all of one that may
        wait where no listing shows it.
        """
        order = self.book.get_order(id)
        by_cloid = order is not None and id == order.cloid
        if told is not None:
            said = told.cloid if by_cloid else told.oid
            if said is not None and str(said) != str(id):  # a number may be told as text
                raise ValueError(f"the venue answered that of {told.oid} ({told.cloid})")
        if order is not None and told is None:
            self._unknown(id, request)
        elif order is not None and told is not None:
            result = self.book.order_status(
                told.oid or (None if by_cloid else id),
                told.status,
                cloid=told.cloid or order.cloid,
                filled=told.filled,
                reason=told.reason,
                now=self._now(),
            )
            self._note("order_status", result)
            may_wait = order.trigger is not None or order.parent is not None
            if nothing_listed and by_cloid and told.is_over and not may_wait:
                self._unknown(id, request)
        elif any(orphan.oid == id for orphan in self.book.get_orphans()):
            word = "unknown to the venue" if told is None else str(told.status)
            if told is None or told.is_over:
                self.book.cancel_not_open(id, word, now=self._now())

    def _unknown(self, id: Oid, request: ListingRequest) -> None:
        unknown = self.book.status_unknown(id, request=request, now=self._now())
        self._note("status_unknown", unknown)

    async def _position(self, report: SyncReport) -> None:
        """Compare the position, after the fills that are in it were told."""
        position = await self._ask(report, "position", self.client.position, VenuePosition)
        answer = await self._ask(
            report, "fills", lambda: self.client.fills_since(self._seen), VenueFills
        )
        if answer is not None:
            self._repair(report, answer)
        if position is None or answer is None or not answer.complete:
            return
        with telling(report, "position"):
            compared = self.book.position_reported(
                position.position, as_of=position.as_of, now=self._now()
            )
            report.position = self._note("position_reported", compared)
        if isinstance(report.position, PositionMismatch):
            self._seen = self.since  # a fill is missing that is older: ask for all of them

    def _repair(self, report: SyncReport, answer: VenueFills) -> None:
        """Tell the fills; ask for them again where one was refused, or may be missing."""
        failed = len(report.failed)
        for fill in answer.fills:
            with telling(report, f"fill {fill.tid} of {fill.oid}"):
                report.fills_repaired += self._fill(fill)
        if not answer.complete:
            report.failed.append("fills: not all of them came")
        if answer.fills and len(report.failed) == failed:
            newest = max(fill.time for fill in answer.fills)
            self._seen = max(self._seen, newest - self.config.fills_overlap)

    def _fill(self, fill: VenueFill) -> bool:
        result = self.book.process_fill(
            fill.oid,
            fill.tid,
            fill.size,
            fill.price,
            fill.is_buy,
            cloid=fill.cloid,
            time=fill.time,
            crossed=fill.crossed,
            fee_in_base=fill.fee_in_base,
            now=self._now(),
        )
        return self._note("process_fill", result) is not None

    async def _ask(
        self,
        report: SyncReport,
        what: str,
        ask: Callable[[], Awaitable[_Answer]],
        kind: type | tuple[type, ...],
    ) -> _Answer | None:
        """Ask until it is answered, within the limits; None and a line in the report otherwise."""
        error = ""
        for attempt in range(self.config.attempts):
            if attempt:
                await self.sleep(self.config.back_off * 2 ** (attempt - 1))
            try:
                answer = await self._once(ask)
            except Exception as raised:
                error = text(raised)
                continue
            if isinstance(answer, kind):
                return answer
            error = f"the client answered {answer!r:.80}"
        report.failed.append(f"{what}: {error}")
        return None

    async def _once(self, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Ask, and wait no longer than the limit, even if the client does not let itself be cut."""
        asked = asyncio.ensure_future(ask())
        asked.add_done_callback(hush)
        try:
            await asyncio.wait((asked,), timeout=self.config.time_limit)
        finally:
            late = asked.cancel()
        if late:
            raise TimeoutError
        if asked.cancelled():
            raise ConnectionError("the client gave the question up")
        return asked.result()

    def _now(self) -> int:
        """Return the book's time, which others may have told it later than the clock has it."""
        return max(self.clock(), self.book.now)

    def _note(self, method: str, result: _Answer) -> _Answer:
        if self.told is not None:
            with suppress(Exception):
                self.told(method, result)
        return result


_UNKNOWN = "unknown"
