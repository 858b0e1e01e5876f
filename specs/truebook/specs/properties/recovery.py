"""What false words come to: what holds while the book is misled, and that it recovers."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from truebook.model.config import Timers
from truebook.model.system import Action, System
from truebook.model.vocabulary import CLOSED, LIVE, Event, OrderState, Venue
from truebook.model.world import World
from truebook.specs.properties.sentences import Check, Kind


def rounds_to_recover(timers: Timers) -> int:
    """Return within how many quiet rounds the book of one order comes to the truth.

    In the first, what is on its way arrives, a false listing too. What is then false is so of a
    request, which is settled when it can no longer take effect and the listing is newer than that
    by the lag; or of an order, for which the lag alone is enough: but one that a lagging reader had
    listed in the first round is known open from then on only.
    """
    return max(timers.expiry, min(timers.lag, 1)) + timers.lag + 1


def true_so_far(w: Any) -> bool:
    """Return whether no false word stands: the book was told none, and none is on its way to it."""
    if w.misled != 0:
        return False
    return not any(s.false for s in w.snapshots)


def recovery_checks(system: System) -> Iterator[Check]:
    """Yield the checks of one order of ours that it recovers."""
    world = system.create()
    rounds = rounds_to_recover(world.bounds.timers)
    for i in range(len(world.legs)):
        order = ("the order", "the new order")[i]
        for part, holds in (
            ("{} is open at the venue and not shown so", shown_open),
            ("{} is shown open or pending and is not open", shown_gone),
        ):
            words = f"{part.format(order)}, {rounds} quiet rounds after"
            yield Check("recovers", words, Kind.SETTLED, partial(holds, i=i), rounds=rounds)
        yield Check(
            "recovers",
            f"{order} is live again, and that its end was a false word is not said",
            Kind.STEP,
            partial(_said, i=i),
        )


def shown_open(w: World, i: int) -> bool:
    """Return whether an order open at the venue is shown so, with what of it has filled."""
    if w.legs[i].status != Venue.OPEN:
        return True
    if w.records[i].state not in (OrderState.RESTING, OrderState.PARTIALLY_FILLED):
        return False
    return w.tracker.filled(w, i) == w.legs[i].executed


def shown_gone(w: World, i: int) -> bool:
    """Return whether an order that is not open at the venue is shown neither open nor pending."""
    if w.legs[i].status == Venue.OPEN:
        return True
    return w.records[i].state not in LIVE and w.records[i].state != OrderState.PENDING


def _said(before: World, after: World, action: Action, i: int) -> bool:
    if action.event != Event.LISTED:
        return True
    was, now = before.records[i], after.records[i]
    if now.state not in LIVE or after.legs[i].status != Venue.OPEN or now.disputed:
        return True
    return was.state not in (*CLOSED, OrderState.ABSENT)
