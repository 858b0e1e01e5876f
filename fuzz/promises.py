"""What the book promises, held against the truth after every step."""

from decimal import Decimal

from fuzz import adapters
from fuzz.venue import ZERO, Leg, Request
from fuzz.world import BrokenError, World
from truebook.impl import Conflict, DirectCreation, Order, OrderState, Overfill

FALSE_ALARMS = (Conflict, DirectCreation, Overfill)
"""Events that say that something cannot be: not where every word is true."""


def position_is_fills(world: World) -> None:
    """The position is what was there, and each distinct fill that was told, once."""
    venue = world.venue
    told = (
        fill.received
        for fill in world.told_fills.values()
        if fill.tid not in venue.busted and fill.time >= venue.begun_at
    )
    expected = venue.begun + sum(told, ZERO)
    if world.book.position != expected:
        raise BrokenError(
            "position-is-unique-fills",
            f"the fills told come to {expected}, the position is {world.book.position}",
        )


def is_known(world: World, leg: Leg) -> bool:
    """Return whether the book holds an order that is open at the venue for open, or may."""
    book = world.book
    if not {leg.oid, leg.waited_as}.isdisjoint(book.get_active_oids()):
        return True
    if leg.cloid is None:
        return False
    known = [one for one in book.legs(leg.cloid) if one.oid == leg.oid]
    if any(one.state is not OrderState.WAITING for one in known) and not world.setup.in_place:
        return False  # taken for over, and what is pending has another oid
    return leg.cloid in book.get_pending_cloids() | adapters.waiting_cloids(book)


def tracked(world: World) -> None:
    """Every order of the bot that is open at the venue is open in the book, or pending."""
    for leg in world.venue.ours():
        if leg.owner == "ours" and not is_known(world, leg):
            shown = world.book.get_order(leg.oid)
            what = "in no map" if shown is None else f"taken for {shown.state.name} ({shown.oid})"
            raise BrokenError(
                "tracked-or-pending", f"the open order {leg.tag} (oid {leg.oid}) is {what}"
            )


def _may_trade(world: World, request: Request) -> bool:
    """Return whether a request on its way may yet open an order: a modify of one that can trade."""
    if request.kind == "modify":
        old = world.venue.legs.get(request.oid or 0)
        return old is not None and old.live
    return request.kind == "place"


def _never_heard_of(world: World, leg: Leg) -> bool:
    """Return whether the owner modified an order by hand before anything told its oid, or its size.

    The listing that shows what he made of it shows it as what was sent. Of one that was triggered
    the oid may be told, and be taken for the one by which it waited: a fill under another is taken
    to tell under which of both it trades, and what he made of it trades under a third.
    """
    legs = world.venue.legs.values()
    by_hand = any(one.owner == "hand" and one.label == leg.label for one in legs)
    if by_hand and leg.waited_as is not None:
        return True
    known = [one for one in world.book.legs(leg.cloid or "-") if one.oid == leg.oid]
    return by_hand and not any(leg.size <= one.size for one in known)


def _taken_for_filled(world: World, leg: Leg) -> Decimal:
    """Return what of an order the book may take for filled before it began, and can trade again.

    It was gone then, and has not filled: so an amend that counts what has filled gives it back, and
    a listing shows what has filled since as that.
    """
    return leg.gone if world.setup.in_place and leg.label in world.modified else ZERO


def can_trade(world: World, buy: bool) -> Decimal:
    """Return what can still trade on a side, and what has traded without having been told."""
    venue = world.venue
    ours = [leg for leg in venue.ours() if leg.buy is buy and leg.owner == "ours"]
    left = {leg.label: leg.left - _taken_for_filled(world, leg) for leg in ours}
    for request in venue.flying.values():
        if request.buy is buy and _may_trade(world, request):
            left[request.label] = max(left.get(request.label, ZERO), request.size)
    lied_about = {lie.oid for lie in world.lies}
    untold = (
        fill.size
        for fill in venue.fills
        if fill.buy is buy
        and fill.tid not in world.told_fills
        and fill.time >= venue.begun_at
        and venue.legs[fill.oid].owner == "ours"
        and fill.oid not in lied_about
        and not _never_heard_of(world, venue.legs[fill.oid])
    )
    return sum(left.values(), ZERO) + sum(untold, ZERO)


def exposure_bounds(world: World) -> None:
    """The exposure and what is unsettled bound what can still trade, on each side."""
    for buy, side in ((True, "buy"), (False, "sell")):
        truth = can_trade(world, buy)
        shown, unsettled = world.book.pending_exposure(side), world.book.unsettled(side)
        if shown + unsettled < truth:
            raise BrokenError(
                "exposure-bounds-truth",
                f"{truth} can trade or has traded untold to {side}, "
                f"the book has {shown} and {unsettled} unsettled",
            )


def no_false_alarm(world: World) -> None:
    """Where every word is true, the book finds no contradiction."""
    if world.alarms_expected or world.lies:
        return
    for event in world.events:
        if isinstance(event, FALSE_ALARMS):
            raise BrokenError("no-false-alarm", f"every word is true, and the book says {event!r}")


def _is_over(leg: Order) -> bool:
    return not leg.is_open and leg.state is not OrderState.WAITING


def _may_be_resized(world: World, leg: Leg, known: Order) -> bool:
    """Return whether a listing may tell another size of an order than the book has."""
    in_place = world.setup.in_place and leg.label in world.modified
    return leg.size != known.size or leg.owner == "hand" or in_place


class Terminal:
    """An order that is over stays over: it reopens no more often than it was lied about.

    One that was taken as filled by another size than the venue has it with may once more: it was
    modified, by hand or in place, and its fills came before the word of it. So may one that was
    made by hand, of which a listing alone tells that it is another; and one that was amended in
    place, as a listing that may show it as it was before has the larger size, which counts.
    """

    def __init__(self) -> None:
        self.legs: dict[object, Order] = {}
        self.reopened: dict[object, int] = {}

    def __call__(self, world: World) -> None:
        """Compare each order's state with the one before."""
        for order in world.book.get_orders():
            for leg in world.book.legs(order.cloid):
                if leg.oid is None:
                    continue
                key = (world.venue.begun_at, leg.oid)  # since the book began
                before = self.legs.get(key)
                self.legs[key] = leg
                if before is not None and _is_over(before) and leg.is_open:
                    self.reopened[leg.oid] = self.reopened.get(leg.oid, 0) + 1
                    names = (leg.oid, leg.cloid)
                    lies = sum(1 for lie in world.lies if lie.oid in names or lie.cloid in names)
                    resized = any(
                        one.oid == leg.oid and _may_be_resized(world, one, before)
                        for one in world.venue.legs.values()
                    )
                    if self.reopened[leg.oid] > lies + resized:
                        raise BrokenError(
                            "nothing-flaps",
                            f"oid {leg.oid} was {before.state.name}, and is live again",
                        )


def bounded_once_misled(world: World) -> None:
    """Hold what needs true words: not between a false word and the true listing after it."""
    if world.misled_until is None:
        tracked(world)
        exposure_bounds(world)
