"""The named assumptions under which the reference holds, and a scenario one tick beyond each."""

from collections.abc import Callable

import attrs

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.memory import MemoryBounds
from truebook.specs.scenarios import FILLS, Scenario, with_faults


@attrs.frozen
class Assumption:
    """An inequality between what the venue does and what the book is configured with.

    `holds` looks at the bounds of one order (or of named fills; it is then about the other kind).
    `beyond` is a scenario in which it fails by one, and the reference with it.
    """

    name: str
    inequality: str
    sentence: str
    holds: Callable[[Bounds | MemoryBounds], bool] = attrs.field(repr=False)
    beyond: Scenario = attrs.field(repr=False)


def _of_orders(
    holds: Callable[[Timers, Delays], bool],
) -> Callable[[Bounds | MemoryBounds], bool]:
    return lambda b: not isinstance(b, Bounds) or holds(b.timers, b.delays)


def _of_fills(holds: Callable[[MemoryBounds], bool]) -> Callable[[Bounds | MemoryBounds], bool]:
    return lambda b: not isinstance(b, MemoryBounds) or holds(b)


def _less(delay: int | None, limit: int) -> bool:
    return delay is not None and delay < limit


ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption(
        "expiry",
        "the venue's E <= the book's E",
        "No request takes effect later than E after it was sent (the venue's expiresAfter).",
        _of_orders(lambda timers, delays: delays.expiry <= timers.expiry),
        Scenario(
            "expiry + 1", attrs.evolve(with_faults("cancel", "lose"), delays=Delays(expiry=2))
        ),
    ),
    Assumption(
        "lag",
        "the venue's L <= the book's L",
        "A snapshot shows the venue as it was at most L before it was asked for.",
        _of_orders(lambda timers, delays: delays.lag <= timers.lag),
        Scenario("lag + 1", attrs.evolve(with_faults("cancel"), delays=Delays(lag=1))),
    ),
    Assumption(
        "fill-window",
        "delay of a fill < fill window",
        "A fill message arrives within the fill window of the end of its order. Needed only to "
        "attribute late fills and for the worst-case bound.",
        _of_orders(lambda timers, delays: _less(delays.fill, timers.fill_window)),
        Scenario("fill delay = fill window", Bounds(delays=Delays(fill=2))),
    ),
    Assumption(
        "answer-delay",
        "delay of an answer < fill window + tombstone",
        "The venue's answer arrives while the book still knows the order. Needed so that a late "
        "answer does not bring back an order that is forgotten.",
        _of_orders(
            lambda timers, delays: _less(delays.answer, timers.fill_window + timers.tombstone)
        ),
        Scenario("answer delay = fill window + tombstone", Bounds(delays=Delays(answer=3))),
    ),
    Assumption(
        "listing-timeout",
        "listing timeout + L < fill window + tombstone",
        "A snapshot older than this is refused, so none shows an order that is forgotten.",
        _of_orders(
            lambda timers, _: timers.listing + timers.lag < timers.fill_window + timers.tombstone
        ),
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
        _of_fills(lambda b: b.overtaken is not None and b.overtaken <= b.capacity),
        Scenario("overtaken + 1", MemoryBounds(fills=3, capacity=1, overtaken=2), FILLS),
    ),
    Assumption(
        "comparable-times",
        "a position read as of t holds the fills before t, and no other",
        "Venue times of fills are comparable, also with the time of a position. Needed only to "
        "rebase.",
        _of_fills(lambda b: not b.rebase or not b.loose_picture),
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
