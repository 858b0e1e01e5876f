"""What the market maker keeps its orders in: the book with its journal, or the legacy tracker.

Both answer the same few questions, so that the market maker is one and the same.
"""

import asyncio
from pathlib import Path
from typing import Any, Protocol

import attrs
from asking import Client
from false_words import Name
from legacy_tracker import OVER, LegacyTracker
from simulated_venue import EXPIRES, LAG, LATE, MS, Venue

from truebook.impl import (
    SECOND,
    BookConfig,
    CancelRequested,
    Conflict,
    ModifyRequested,
    OrderState,
    Side,
    Strangers,
)
from truebook.impl.book import Order
from truebook.impl.journal import JournaledBook
from truebook.impl.sync import SafetySync, SyncConfig, SyncReport, VenueFill, VenueStatus

CONFIG = BookConfig(
    cloid_seed=0,  # so that a run comes out the same again
    expected_cloid_ttl=EXPIRES,
    finalized_protection=LAG + 100 * MS,
    orphan_grace_period=SECOND // 2,
    cancel_timeout=SECOND // 2,
    listing_timeout=3 * SECOND,
    fill_window_duration=LATE + 2 * SECOND,
    tombstone_duration=LATE + 2 * SECOND,
)
SYNC = SyncConfig(attempts=2, back_off=0, max_statuses=50, fills_overlap=10 * SECOND)


@attrs.frozen
class Quote:
    """An order of ours that is open, or waits, as far as is known."""

    oid: Any
    is_buy: bool
    price: Any
    remaining: Any
    cloid: str
    waited: bool = False
    """Whether it was triggered."""


class Keeper(Protocol):
    """What keeps the orders of the market maker."""

    def quotes(self) -> list[Quote]:
        """Return the orders that are open, as far as is known."""
        ...

    def waits(self, is_buy: bool) -> bool:
        """Return whether the request of a quote of this side has no known outcome."""
        ...

    def waiting(self) -> list[Quote]:
        """Return the orders that wait, as far as is known."""
        ...

    def waiting_count(self) -> int:
        """Return how many orders wait, or are asked for and may."""
        ...

    def tell(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Tell it something, by the name that the book has for it."""
        ...

    def may_cancel(self, id: Any) -> tuple[Any, int] | None:
        """Note that an order is to be cancelled; return by what, and the number of the request."""
        ...

    def may_modify(self, oid: Any, price: Any, size: Any) -> int | None:
        """Note that an order is to be modified; return the number of the request, or None."""
        ...

    def request_of(self, cloid: Any) -> int | None:
        """Return the number of the request of an order that was placed now."""
        ...

    def sync(self) -> None:
        """Make a pass against the venue."""
        ...


@attrs.define(eq=False)
class WithBook:
    """The book, with its journal in a file and SafetySync; it can be restarted at any moment.

    `contradicted`: the cloids and oids of which it has said that words contradict each other.
    """

    venue: Venue
    path: Path
    loop: asyncio.AbstractEventLoop
    strangers: Strangers = Strangers.CANCEL
    book: JournaledBook = attrs.field(init=False)
    syncer: SafetySync = attrs.field(init=False)
    client: Client = attrs.field(init=False)
    report: SyncReport = attrs.field(factory=SyncReport, init=False)
    contradicted: set[Name | None] = attrs.field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        """Open the journal."""
        self._open()

    def restart(self) -> None:
        """Begin with nothing but the journal, as a new process does."""
        self.book.close()
        self._open()
        self._note_contradictions()

    def die_in_a_pass(self, steps: int) -> None:
        """Begin a pass, and be killed after some steps of it: from then on nothing is told."""
        self.loop.run_until_complete(self._die(steps))

    async def _die(self, steps: int) -> None:
        passing = asyncio.create_task(self.syncer.run_once())
        for _ in range(steps):
            await asyncio.sleep(0)
        self.book.close()
        passing.cancel()
        await asyncio.wait([passing])

    def _open(self) -> None:
        config = attrs.evolve(CONFIG, strangers=self.strangers)
        self.book = JournaledBook(self.path, config, snapshot_every=500)
        self.client = Client(self.venue)
        self.syncer = SafetySync(
            self.book, self.client, lambda: self.venue.now, config=SYNC, strangers=self.strangers
        )

    def quotes(self) -> list[Quote]:
        """Return the orders that are open."""
        return [
            Quote(o.oid, o.side is Side.BUY, o.price, o.remaining, o.cloid, o.trigger is not None)
            for o in self.book.get_orders()
            if o.is_open
        ]

    def waits(self, is_buy: bool) -> bool:
        """Return whether a request of this side is pending."""
        side = Side.BUY if is_buy else Side.SELL
        return any(leg.side is side and leg.trigger is None for leg in self._pending())

    def _pending(self) -> list[Order]:
        return [self.book.legs(cloid)[-1] for cloid in sorted(self.book.get_pending_cloids())]

    def waiting(self) -> list[Quote]:
        """Return the orders that wait."""
        return [
            Quote(o.oid, o.side is Side.BUY, o.price, o.remaining, o.cloid)
            for o in self.book.get_orders()
            if o.state is OrderState.WAITING
        ]

    def waiting_count(self) -> int:
        """Return how many orders wait, or are pending and may."""
        pending = sum(leg.trigger is not None for leg in self._pending())
        return len(self.book.get_waiting_cloids()) + pending

    def tell(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Tell the book."""
        return getattr(self.book, method)(*args, **kwargs, now=self.venue.now)

    def may_cancel(self, id: Any) -> tuple[Any, int] | None:
        """Ask the book."""
        asked = self.tell("request_cancel", id)
        return (asked.id, asked.request) if isinstance(asked, CancelRequested) else None

    def may_modify(self, oid: Any, price: Any, size: Any) -> int | None:
        """Ask the book."""
        asked = self.tell("request_modify", oid, price, size)
        return asked.request if isinstance(asked, ModifyRequested) else None

    def request_of(self, cloid: Any) -> int | None:
        """Ask the book."""
        order = self.book.get_order(cloid)
        return None if order is None else order.request

    def sync(self) -> None:
        """Make a pass of SafetySync."""
        self.report = self.loop.run_until_complete(self.syncer.run_once())
        if self.report.reconciled is not None:
            lag, now = CONFIG.finalized_protection, self.venue.now
            self.venue.false_words.set_right(*self.client.listing, lag, now)
        self._note_contradictions()

    def _note_contradictions(self) -> None:
        for event in self.book.drain_events():
            if isinstance(event, Conflict):
                self.contradicted |= {event.cloid, event.oid} - {None}


@attrs.define(eq=False)
class WithLegacy:
    """The legacy tracker, with the sync that the plan found beside it; it is never restarted."""

    venue: Venue
    loop: asyncio.AbstractEventLoop
    book: LegacyTracker = attrs.field(
        factory=lambda: LegacyTracker(grace=SECOND // 2, protection=SECOND)
    )
    asked_at: dict[bool, int] = attrs.field(factory=dict)

    def restart(self) -> None:
        """Do nothing: it has no journal to begin from."""

    def die_in_a_pass(self, steps: int) -> None:
        """Make the pass; what dies has nothing to begin from."""
        self.sync()

    def quotes(self) -> list[Quote]:
        """Return the orders that it takes for open; it does not keep their prices."""
        return [
            Quote(oid, order.is_buy, None, order.size - order.filled, order.cloid)
            for oid, order in self.book.orders.items()
            if order.state not in OVER
        ]

    def waits(self, is_buy: bool) -> bool:
        """Wait a second for an answer; requests that leaked would stop it for good."""
        return self.venue.now - self.asked_at.get(is_buy, -SECOND) < SECOND

    def waiting(self) -> list[Quote]:
        """Return none: it does not know of such orders."""
        return []

    def waiting_count(self) -> int:
        """Return 0: it does not know of such orders."""
        return 0

    def tell(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Tell it, if it has such a method."""
        if method == "register_pending":
            if "trigger" not in kwargs:
                self.asked_at[args[0] == "buy"] = self.venue.now
            kwargs = {}  # it knows of no terms
        told = getattr(self.book, method, None)
        kwargs.pop("request", None)
        return None if told is None else told(*args, **kwargs, now=self.venue.now)

    def may_cancel(self, id: Any) -> tuple[Any, int] | None:
        """Ask it; it has no numbers."""
        return (id, 0) if self.tell("request_cancel", id) else None

    def may_modify(self, oid: Any, price: Any, size: Any) -> int | None:
        """Refuse: it has no modify; its market maker cancels and places anew."""
        return None

    def request_of(self, cloid: Any) -> int | None:
        """Return None: it has no numbers."""
        return None

    def sync(self) -> None:
        """List, cancel what it takes for orphans, take over the position."""
        self.loop.run_until_complete(self._sync())

    async def _sync(self) -> None:
        client = Client(self.venue)
        try:
            listing = await client.open_orders()
            for oid in self.tell("reconcile", listing.orders):
                await client.cancel(oid)
            position = await client.position()
            self.tell("position_reported", position.position)
        except TimeoutError:
            return


def tell_fill(keeper: Keeper, fill: VenueFill) -> Any:
    """Tell a keeper a fill."""
    return keeper.tell(
        "process_fill",
        fill.oid,
        fill.tid,
        fill.size,
        fill.price,
        fill.is_buy,
        cloid=fill.cloid,
        time=fill.time,
        crossed=fill.crossed,
    )


def tell_status(keeper: Keeper, told: VenueStatus) -> Any:
    """Tell a keeper a status."""
    return keeper.tell("order_status", told.oid, told.status, cloid=told.cloid, filled=told.filled)
