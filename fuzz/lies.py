"""False words: what a venue says of an order that is not so, once."""

from decimal import Decimal

import attrs

from fuzz.hearing import Hearing
from fuzz.venue import LAG, Leg
from fuzz.words import NANOS, Answer, Fill, Lie, Picture, Said
from fuzz.world import BrokenError, World
from truebook.impl import Conflict

KINDS = (
    "cancelled",
    "filled",
    "rejected",
    "unknown",
    "not open",
    "done",
    "unlisted",
    "listed",
    "refused",
    "taken",
    "other size",
    "other price",
    "other side",
)
"""The kinds of false words, by what they say."""


def tell(world: Hearing, kind: str, label: str) -> None:
    """Tell a false word of an order."""
    if kind.startswith("other"):
        _altered(world, kind, label)
        return
    leg = world.leg(label)
    if kind == "listed":
        gone = [one for one in world.venue.legs.values() if one.label == label]
        leg = gone[-1] if gone and gone[-1].status in ("cancelled", "filled") else None
    if leg is None or leg.status == "waiting" or leg.owner != "ours":
        return
    if kind in ("refused", "taken") and f"answer {leg.tag}" not in world.flying:
        return
    if kind == "taken" and world.setup.in_place and label in world.modified:
        return  # an order that is open again, by its amend: no later word takes back what filled
    lie = Lie(kind, leg.oid)
    world.lies.append(lie)
    world.misled_until = world.now + LAG
    before = _holds(world, leg)
    lie.believed = kind == "listed" and _over_for_long(world, leg)
    _say(world, kind, leg)
    world.cancel_orphans()
    if kind != "listed" and (kind != "refused" or leg.tag == leg.label):
        lie.believed = before and not _holds(world, leg)


def _holds(world: Hearing, leg: Leg) -> bool:
    """Return whether the book takes the order for open, or for one that may be."""
    if any(one.oid == leg.oid for one in world.book.legs(leg.cloid or "-")):
        return leg.oid in world.book.get_active_oids()
    return leg.cloid in world.book.get_pending_cloids()


def _over_for_long(world: Hearing, leg: Leg) -> bool:
    """Return whether the book has known the order to be over for longer than a listing lags."""
    since = [one.closed_at for one in world.book.legs(leg.cloid or "-") if one.oid == leg.oid]
    return any(at is not None and at < (world.now - LAG) * NANOS for at in since)


def _say(world: Hearing, kind: str, leg: Leg) -> None:
    bot, shown = world.bot, world.venue.picture(world.now)
    match kind:
        case "cancelled" | "filled" | "rejected":
            filled = leg.size if kind == "filled" else None
            bot.status(attrs.evolve(leg.said(kind), filled=filled))
        case "unknown":
            bot.said(Said(id=leg.oid, status=None, asked=world.now))
        case "not open" | "done":
            tag = f"lie {len(world.lies)}"
            world.do(["cancel", tag, leg.label])
            if request := world.venue.flying.pop(tag, None):  # lost, and answered all the same
                world.lies[-1].cloid = request.cloid if request.oid is None else None
                bot.answer(Answer(tag=tag, kind=kind))
        case "unlisted":
            orders = tuple(one for one in shown if one.oid != leg.oid)
            bot.listing(Picture(tag="", orders=orders, asked=world.now))
        case "listed":
            size = leg.shown().size or leg.size  # another would be that of an amend
            orders = (*shown, attrs.evolve(leg.shown(), size=size, left=size))
            bot.listing(Picture(tag="", orders=orders, asked=world.now))
        case "refused" | "taken":
            del world.flying[f"answer {leg.tag}"]
            said = Answer(tag=leg.tag, kind="refused", reason="tick size")
            if kind == "taken":
                sent = bot.requests.get(leg.tag, leg)  # it may have been amended in place since
                said = Answer(tag=leg.tag, kind="filled", oid=leg.oid, filled=sent.size)
            bot.answer(said)


def _altered(world: Hearing, kind: str, label: str) -> None:
    """Tell a fill that is known, with something else in it.

    Of those in a position that was taken over the book knows no more than that they are.
    """
    told = (one for one in world.told_fills.values() if one.time >= world.venue.begun_at)
    fills = [one for one in told if world.venue.legs[one.oid].label == label]
    if not fills:
        return
    fill = fills[-1]
    other: Fill = {
        "other size": lambda: attrs.evolve(fill, size=fill.size + Decimal(1)),
        "other price": lambda: attrs.evolve(fill, price=fill.price + 1),
        "other side": lambda: attrs.evolve(fill, buy=not fill.buy),
    }[kind]()
    world.lies.append(Lie(kind, fill.oid, of_fill=True, believed=True))
    world.bot.fill(other)


class Reported:
    """A false word that the book believed is reported, once true words contradict it."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self, world: World) -> None:
        """Look for what the book has said of each false word."""
        for lie in world.lies[self.done :]:
            if not lie.of_fill and world.misled_until is not None:
                return
            leg = world.venue.legs[lie.oid]
            contradicted = lie.of_fill or lie.kind == "listed" or leg.live
            said = any(
                isinstance(event, Conflict) and (event.oid == lie.oid or event.cloid == leg.cloid)
                for event in world.events
            )
            if lie.believed and contradicted and not said:
                raise BrokenError(
                    "lies-are-reported", f"of oid {lie.oid} was falsely told: {lie.kind}"
                )
            self.done += 1
