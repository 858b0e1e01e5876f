"""The end of a story: it goes quiet, and the book must come to what the venue has."""

from decimal import Decimal

from fuzz import adapters
from fuzz.stage import Stage
from fuzz.venue import ZERO
from fuzz.words import SECOND, Fill
from fuzz.world import BrokenError, World
from truebook.impl import PositionMatches

ROUND = 11 * SECOND
"""From one pass to the next; longer than a listing lags."""
SOON = 5
"""E + L and a round: so many rounds after the last word, the orders of ours agree."""
LATER = 22
"""So many rounds, and what is over is forgotten, and nothing is asked any more."""


def settle(world: Stage) -> None:
    """Deliver what is on its way, make passes and listings, and hold the book to the venue."""
    world.note(world.line("all goes quiet"))
    deliver(world)
    world.do(["reconnect"])
    for number in range(LATER):
        world.do(["wait", ROUND])
        seen = len(world.events)
        world.do(["pass"])
        world.do(["list", f"quiet {number}"])
        world.do(["hear", f"list quiet {number}"])
        deliver(world)
        cancel_again(world)
        if number >= SOON:
            agrees(world)
        if number == LATER - 1:
            silent(world, world.events[seen:])


def deliver(world: Stage) -> None:
    """Let every request take effect, and everything that was said be heard."""
    for tag in list(world.venue.flying):
        world.do(["reach", tag])
    while world.flying:
        world.do(["hear", next(iter(world.flying))])


def cancel_again(world: Stage) -> None:
    """Send again the cancels that stay stuck of what waits, and that no listing shows.

    So the page of the book has it: no word tells that such a cancel was lost. Where the cloid had
    an order before, none but its answer tells that a request of one that may wait was lost, nor,
    where the oid of that one is not known, that it is over: it is cancelled.
    """
    there = {leg.cloid for leg in world.venue.open.values()}
    names = list(world.bot.cloids.values())
    nameless = world.book.get_pending_cloids() | {
        cloid for cloid in adapters.waiting_cloids(world.book) if names.count(cloid) > 1
    }
    labels = {cloid: label for label, cloid in world.bot.cloids.items()}
    for order in world.book.get_orders():
        if order.cloid in nameless - there and order.trigger is not None and order.cloid in labels:
            world.do(["cancel", f"lost {order.cloid}/{world.now}", labels[order.cloid]])
    for order in world.book.stuck_cancels():
        for leg in list(world.venue.ours()):
            if leg.cloid == order.cloid and leg.hidden:
                world.do(["cancel", f"again {leg.label}/{world.now}", leg.label])


def agrees(world: World) -> None:
    """Hold the book to the venue's open orders and its position."""
    book, venue = world.book, world.venue
    ours = {leg.oid for leg in venue.ours() if leg.status == "open" and leg.cloid}
    waiting = {leg.oid for leg in venue.ours() if leg.status == "waiting"}
    active = book.get_active_oids() - waiting
    if active != ours:
        raise BrokenError("convergence", f"open are {sorted(ours)}, the book has {sorted(active)}")
    pending = book.get_pending_cloids() - {venue.legs[oid].cloid for oid in waiting}
    if pending:
        raise BrokenError("convergence", f"nothing is on its way, and pending are {set(pending)}")
    if book.position != venue.position:
        raise BrokenError(
            "convergence", f"the position is {venue.position}, the book has {book.position}"
        )


def silent(world: Stage, events: list[object]) -> None:
    """Hold the book to silence, and to exposure that is tight."""
    book, venue = world.book, world.venue
    if events:
        raise BrokenError("nothing-is-said-for-ever", f"the last pass still says {events[0]!r}")
    if not isinstance(world.report.position, PositionMatches):
        raise BrokenError("convergence", f"the last pass: {world.report!r}")
    if book.stuck_cancels():
        raise BrokenError("nothing-leaks", f"stuck: {book.stuck_cancels()}")
    statuses = [one for one in world.questions if one.startswith("status")]
    waiting = any(leg.status == "waiting" for leg in venue.ours())
    empty = not any(not leg.hidden for leg in venue.open.values())
    if statuses and not waiting and not empty:
        raise BrokenError("nothing-is-asked-for-ever", f"the last pass still asks: {statuses}")
    for buy, side in ((True, "buy"), (False, "sell")):
        live = [leg for leg in venue.open.values() if leg.buy is buy]
        left = world.setup.strangers == "leave"  # and what no listing shows is nowhere told
        live = [leg for leg in live if leg.owner != "stranger" or not (left or leg.hidden)]
        truth: Decimal = sum((leg.left for leg in live), ZERO)
        shrunk: Decimal = sum((leg.size - leg.filled - leg.left for leg in live), ZERO)
        shown, unsettled = book.pending_exposure(side), book.unsettled(side)
        doubted = any(not lie.of_fill and venue.legs[lie.oid].live for lie in world.lies)
        for leg in live:  # as one made by hand, that was taken for whole, and forgotten
            shown_as = book.get_order(leg.oid) if leg.owner == "hand" else None
            doubted = doubted or (shown_as is not None and shown_as.doubted)
            # Nobody answered the modify of what waits, and no listing shows what became of it.
            unanswered = leg.label in world.modified and leg.cloid in book.get_pending_cloids()
            doubted = doubted or (leg.hidden and unanswered)
        tight = shown == truth and unsettled <= shrunk
        if shown + unsettled < truth or not (tight or doubted):
            raise BrokenError(
                "exposure-is-tight",
                f"{truth} can trade to {side}, the book has {shown} and {unsettled} unsettled",
            )
    for fill in world.told_fills.values():
        replayed(world, fill)


def replayed(world: World, fill: Fill) -> None:
    """Tell a fill again: that changes nothing."""
    before = world.book.copy()
    result = world.bot.fill(fill)
    if result is not None or world.book != before:
        raise BrokenError("replay-harmless", f"fill {fill.tag} is told again, and changes the book")
