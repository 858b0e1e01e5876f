"""The named assumptions under which the reference holds, and a scenario one tick beyond each."""

from collections.abc import Callable
from typing import Any

import attrs

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.memory import MemoryBounds
from truebook.specs.scenarios import FILLS, AnyBounds, Scenario, with_faults


@attrs.frozen
class Assumption:
    """An inequality between what the venue does and what the book is configured with.

    `about` is the kind of bounds that it is about, of orders or of named fills, and `holds` looks
    at bounds of that kind. `beyond` is a scenario in which it fails by one, and the reference with
    it.
    """

    name: str
    inequality: str
    sentence: str
    about: type[Bounds | MemoryBounds] = attrs.field(repr=False)
    holds: Callable[[Any], bool] = attrs.field(repr=False)
    beyond: Scenario = attrs.field(repr=False)

    def holds_in(self, world: Any) -> bool:
        """Return whether it holds within the bounds of a world."""
        return bool(self.holds(world.bounds))

    def held_by(self, bounds: AnyBounds) -> bool:
        """Return whether it holds within bounds; it does where they are of the other kind."""
        return not isinstance(bounds, self.about) or self.holds(bounds)


def _less(delay: int | None, limit: int) -> bool:
    return delay is not None and delay < limit


ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption(
        "expiry",
        "the venue's E <= the book's E",
        "No request takes effect later than E after it was sent (the venue's expiresAfter).",
        Bounds,
        lambda b: b.delays.expiry <= b.timers.expiry,
        Scenario(
            "expiry + 1", attrs.evolve(with_faults("cancel", "lose"), delays=Delays(expiry=2))
        ),
    ),
    Assumption(
        "lag",
        "the venue's L <= the book's L",
        "A listing shows the venue as it was at most L before it was asked for.",
        Bounds,
        lambda b: b.delays.lag <= b.timers.lag,
        Scenario("lag + 1", attrs.evolve(with_faults("cancel"), delays=Delays(lag=1))),
    ),
    Assumption(
        "fill-window",
        "delay of a fill < fill window",
        "A fill message arrives within the fill window of the end of its order. Needed only to "
        "attribute late fills and for the worst-case bound.",
        Bounds,
        lambda b: _less(b.delays.fill, b.timers.fill_window),
        Scenario("fill delay = fill window", Bounds(delays=Delays(fill=2))),
    ),
    Assumption(
        "answer-delay",
        "delay of an answer < fill window + tombstone",
        "The venue's answer arrives while the book still knows the order. Needed so that a late "
        "answer does not bring back an order that is forgotten.",
        Bounds,
        lambda b: _less(b.delays.answer, b.timers.fill_window + b.timers.tombstone),
        Scenario("answer delay = fill window + tombstone", Bounds(delays=Delays(answer=3))),
    ),
    Assumption(
        "listing-timeout",
        "listing timeout + L < fill window + tombstone",
        "A listing older than this is refused, so none shows an order that is forgotten.",
        Bounds,
        lambda b: b.timers.listing + b.timers.lag < b.timers.fill_window + b.timers.tombstone,
        Scenario(
            "listing timeout = fill window + tombstone",
            attrs.evolve(with_faults("lose", "unasked"), timers=Timers(listing=3)),
        ),
    ),
    Assumption(
        "overtaken",
        "fills that overtake a fill <= ids remembered",
        "A fill is overtaken by at most max_tracked_tids fills that are not older. Replays may "
        "be of any depth.",
        MemoryBounds,
        lambda b: b.overtaken is not None and b.overtaken <= b.capacity,
        Scenario("overtaken + 1", MemoryBounds(fills=3, capacity=1, overtaken=2), FILLS),
    ),
    Assumption(
        "comparable-times",
        "a position read as of t holds the fills before t, and no other",
        "Venue times of fills are comparable, also with the time of a position. Needed only to "
        "rebase.",
        MemoryBounds,
        lambda b: not b.rebase or not b.loose_picture,
        Scenario("loose picture", MemoryBounds(rebase=True, loose_picture=True), FILLS),
    ),
)


def assumption(name: str) -> Assumption:
    """Return the assumption of that name; raise ValueError where there is none."""
    for known in ASSUMPTIONS:
        if known.name == name:
            return known
    names = ", ".join(a.name for a in ASSUMPTIONS)
    raise ValueError(f"no assumption is named {name!r}; the assumptions are: {names}")
