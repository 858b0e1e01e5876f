"""The properties of the model, held against what really happened at the simulated venue.

What the model does not hold a book to while it is misled, it is not held to of the orders that a
false word was about, until it has taken a listing that is true of them and newer than that word.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import triggers
from false_words import LISTED
from quoting import CONFIG
from simulated_venue import EXPIRES, Venue
from venue_orders import TRIGGERED, WAITING, OrphanCancel, VenueOrder

from truebook.impl import BookConfig, OrderState, Side, Strangers, UnifiedOrderBook
from truebook.impl.book import Order
from truebook.impl.journal import Call, calls_of, retell
from truebook.impl.sync import VenueFill
from truebook.model.vocabulary import CLOSED, LIVE

ZERO = Decimal(0)
MESSAGES = (
    "process_fill",
    "order_status",
    "finalize_order",
    "handle_immediate_fill",
    "order_rejected",
    "order_unknown",
    "order_waits",
    "cancel_confirmed",
    "cancel_not_open",
    "modify_confirmed",
    "modify_failed",
    "modify_unknown",
)
"""What the venue tells, that may come in any order and any number of times."""


def delta(fill: VenueFill) -> Decimal:
    """Return by how much a fill moves the position."""
    return fill.size if fill.is_buy else -fill.size


def known_fills(venue: Venue, book: UnifiedOrderBook) -> list[VenueFill]:
    """Return the fills of the venue that the book was told."""
    return [fill for fill in venue.fills if book.knows_fill(fill.oid, fill.tid, fill.time)]


def at_any_time(venue: Venue, book: UnifiedOrderBook) -> Iterator[str]:
    """Yield the name of each property that does not hold of what the book shows now."""
    known = known_fills(venue, book)
    if book.position != sum(map(delta, known), ZERO):
        yield "position-is-unique-fills"
    of_oid: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for fill in known:
        of_oid[fill.oid] += fill.size
    for head in book.get_orders():
        for leg in book.legs(head.cloid):
            if leg.oid is not None:
                assert isinstance(leg.oid, int)
                real = venue.orders.get(leg.oid)
                yield from _of_state(leg)
                if leg.cloid not in venue.false_words.misled:
                    yield from _of_leg(leg, real, of_oid[leg.oid])
    known_ids = book.get_active_oids() | book.get_pending_cloids() | book.get_waiting_cloids()
    for order in _not_misled(venue):
        if order.ours and order.is_alive and not order.ids & known_ids:
            yield "tracked-or-in-grace"
    yield from _bounds(venue, book, known)
    yield from _of_strangers(venue, book)


def _not_misled(venue: Venue) -> list[VenueOrder]:
    misled = venue.false_words.misled
    return [order for order in venue.orders.values() if order.name not in misled]


def left_alone(venue: Venue, book: UnifiedOrderBook) -> set[int]:
    """Return the open orders that are not ours, where such orders are left."""
    if book.config.strangers is Strangers.CANCEL:
        return set()
    return {oid for oid in venue.open_oids() if not venue.orders[oid].ours}


def _of_strangers(venue: Venue, book: UnifiedOrderBook) -> Iterator[str]:
    """Hold the book to it that it neither cancels nor counts as its own what is left alone."""
    if book.config.strangers is Strangers.CANCEL:
        return
    foreign = {order.oid for order in venue.orders.values() if not order.ours}
    asked = {cancel.oid for cancel in venue.orphan_cancels}
    if foreign & (asked | book.get_active_oids()) or any(map(book.get_order, foreign)):
        yield "strangers-left-alone"


def _of_leg(leg: Order, real: VenueOrder | None, told: Decimal) -> Iterator[str]:
    if real is None or real.cloid != leg.cloid:
        yield "identity"
        return
    if leg.state in CLOSED and real.is_alive:
        yield "no-live-order-dropped"
    most = real.filled + real.gone  # what is gone may be fills on their way, to the book
    if leg.filled > most or (leg.state in LIVE and leg.filled < told):
        yield "filled-is-its-fills"


def _of_state(leg: Order) -> Iterator[str]:
    if leg.follows_position and not leg.size:
        return  # it closes the position, and has no size before it trades
    whole = leg.filled >= leg.size
    if (
        (leg.state in LIVE and whole)
        or (leg.state in (OrderState.FILLED, OrderState.FILLED_DURING_CANCEL) and not whole)
        or (leg.state is OrderState.RESTING and leg.filled)
        or (leg.state is OrderState.PARTIALLY_FILLED and not leg.filled)
    ):
        yield "state-agrees-with-fills"


def _bounds(venue: Venue, book: UnifiedOrderBook, known: list[VenueFill]) -> Iterator[str]:
    """Hold what has traded unseen, and what still can, against the bounds that the book gives.

    While a fill is overdue, which has been on its way for longer than the fill window, none hold.
    Of an order that ended while the book was misled about it, what traded is bounded once told.
    What closes the position is bounded by what that is, as it is known.
    """
    seen = {(fill.time, fill.tid) for fill in known}
    unseen = [fill for fill in venue.fills if (fill.time, fill.tid) not in seen]
    held = {order.oid: order for order in _not_misled(venue) if order.ours}
    bounded = held.keys() - venue.ended_misled
    ours = [fill for fill in unseen if fill.oid in bounded]
    if any(venue.now - fill.time > CONFIG.fill_window_duration for fill in ours):
        return
    for side in Side:
        buy = side is Side.BUY
        more = {False: ZERO, True: ZERO}  # by whether it closes the position
        for fill in ours:
            assert isinstance(fill.oid, int)
            more[held[fill.oid].closes] += fill.size if fill.is_buy is buy else ZERO
        for order in held.values():
            left = order.left
            if order.closes and order.state == WAITING:
                left = venue.closable(buy)
            more[order.closes] += left if order.is_buy is buy else ZERO
        closing = min(more[True], max(ZERO, -book.position if buy else book.position))
        if book.unsettled(side) + book.pending_exposure(side) < more[False] + closing:
            yield "exposure-bounds-truth"


def once_quiet(venue: Venue, book: UnifiedOrderBook, journal: Path) -> Iterator[str]:
    """Yield the name of each property that does not hold, now that all is quiet."""
    strangers = left_alone(venue, book)
    open_oids = venue.open_oids() - strangers
    left, gone = dict.fromkeys(Side, ZERO), dict.fromkeys(Side, ZERO)
    waiting = venue.waiting_oids()
    waits = _waits(venue)
    for oid in open_oids | waiting:
        order = venue.orders[oid]
        side = Side.BUY if order.is_buy else Side.SELL
        left[side] += order.left if order.state == "open" else ZERO
        gone[side] += order.gone
        shown = book.get_order(oid)
        if shown is None or shown.oid != oid or shown.cloid != order.cloid:
            yield "identity"
        elif not order.filled <= shown.filled <= order.filled + order.gone:
            yield "filled-is-its-fills"
    if book.position != venue.position or not _expected(venue, book, gone):
        yield "position-is-unique-fills"
    for side in Side:
        most = left[side] + waits[side]
        if book.pending_exposure(side) < most or book.waiting_exposure(side) < waits[side]:
            yield "exposure-bounds-truth"
        if (
            book.pending_exposure(side) > most
            or book.waiting_exposure(side) > waits[side]
            or book.unsettled(side) > gone[side]
        ):
            yield "exposure-is-tight"
    if book.get_active_oids() != open_oids or book.pending_count or book.stuck_cancels():
        yield "convergence"
    if book.get_waiting_cloids() != {
        order.cloid for order in venue.orders.values() if order.state == WAITING
    }:
        yield "convergence"
    yield from _apart(venue, book, strangers)
    held = {order.oid for order in book.get_orders()}
    foreign = {orphan.oid for orphan in book.get_orphans()}
    if foreign != strangers or book.get_early_fills() or held != open_oids | waiting:
        yield "nothing-leaks"
    again = book.copy()
    for fill in venue.fills:
        retell(again, _fill(fill))
    if again != book:
        yield "replay-harmless"
    calls = [call for _, call in calls_of(journal)]
    straight, crosswise = (
        told(calls, book.config, partial(_commutes, venue), crosswise=way) for way in (False, True)
    )
    if straight != crosswise:
        yield "confluence"


def _waits(venue: Venue) -> dict[Side, Decimal]:
    """Return what can trade by side of what waits: the position once, however many close it."""
    waits, closing = dict.fromkeys(Side, ZERO), dict.fromkeys(Side, ZERO)
    for oid in venue.waiting_oids():
        order = venue.orders[oid]
        side = Side.BUY if order.is_buy else Side.SELL
        waits[side] += order.left
        if order.closes:
            closing[side] = venue.closable(order.is_buy)
    return {side: waits[side] + closing[side] for side in Side}


def _expected(venue: Venue, book: UnifiedOrderBook, gone: dict[Side, Decimal]) -> bool:
    """Whether nothing is expected but, it may be, what is gone of orders that shrank."""
    more = book.expected_position - venue.position
    return -gone[Side.SELL] <= more <= gone[Side.BUY]


def _apart(venue: Venue, book: UnifiedOrderBook, strangers: set[int]) -> Iterator[str]:
    """Hold what strangers can trade, as it is shown apart, against what they can."""
    for side in Side:
        buy = side is Side.BUY
        orders = (venue.orders[oid] for oid in strangers)
        left = sum((order.left for order in orders if order.is_buy is buy), ZERO)
        if book.foreign_exposure(side) != left:
            yield "convergence"


def told(
    calls: list[Call], config: BookConfig, commute: Callable[[Call], bool], *, crosswise: bool
) -> UnifiedOrderBook:
    """Return the book of some calls, in which two messages in a row come at one time.

    `crosswise`: the other way round, and each of them twice, where they do `commute`.
    """

    def commutes(call: Call) -> bool:
        return call.method in MESSAGES and commute(call)

    calls = list(calls)
    for at in range(1, len(calls), 2):
        one, two = calls[at - 1 : at + 1]
        if commutes(one) and commutes(two):
            one = Call(one.method, {**one.arguments, "now": two.arguments["now"]})
            calls[at - 1 : at + 1] = [two, one] if crosswise else [one, two]
    book = UnifiedOrderBook(config)
    for call in calls:
        for _ in range(1 + (crosswise and commutes(call))):
            retell(book, call)
    return book


def _commutes(venue: Venue, call: Call) -> bool:
    """Return whether a message commutes: not while the book is misled.

    Nor the word that an order is triggered, which then trades under another oid (docs/book.md).
    """
    renamed = call.arguments.get("status") == TRIGGERED and triggers.renames(venue)
    return not renamed and not venue.false_words.was_misled(call.arguments["now"])


def _fill(fill: VenueFill) -> Call:
    names = ("oid", "tid", "size", "price", "is_buy", "cloid", "time", "crossed")
    return Call("process_fill", {name: getattr(fill, name) for name in names})


def of_orphans(venue: Venue) -> Iterator[str]:
    """Yield the name of each property that an orphan's cancel has broken."""
    by_oid: defaultdict[int, list[OrphanCancel]] = defaultdict(list)
    for cancel in venue.orphan_cancels:
        order = venue.orders[cancel.oid]
        if (order.ours and cancel.was_open) or cancel.at - order.since < CONFIG.orphan_grace_period:
            yield "no-false-orphan"
        by_oid[cancel.oid].append(cancel)
    for oid, cancels in by_oid.items():
        if (LISTED, venue.orders[oid].name) in venue.false_words.told:
            continue  # by the venue's own word the cancel has failed
        for first, second in pairwise(cancels):
            unsettled = not first.answered and second.at - first.at <= EXPIRES
            if not first.refused or unsettled:
                yield "orphan-cancelled-once"
