"""The checks of the requests of one cloid."""

from collections.abc import Iterator

from truebook.model.request_world import RequestWorld
from truebook.model.requests import exposure
from truebook.model.system import Action, System
from truebook.model.vocabulary import OrderState, Venue
from truebook.specs.properties.sentences import Check, Kind


def request_checks(system: System) -> Iterator[Check]:
    """Yield the checks of the requests of one cloid."""
    yield Check(
        "tracked-or-in-grace",
        "an order is open, and neither tracked nor pending",
        Kind.STATE,
        _is_tracked,
    )
    yield Check(
        "no-live-order-dropped",
        "an order that was known is closed while open",
        Kind.STEP,
        _keeps_live,
    )
    yield Check("identity", "two orders of one cloid are live", Kind.STATE, has_one_live)
    yield Check(
        "exposure-bounds-truth", "more can trade than the exposure says", Kind.STATE, _bounds_truth
    )
    yield Check("convergence", "the book does not show what is open", Kind.SETTLED, _is_settled)


def _is_tracked(w: RequestWorld) -> bool:
    known = (OrderState.PENDING, OrderState.RESTING)
    return all(r.status != Venue.OPEN or r.state in known for r in w.requests)


def _keeps_live(before: RequestWorld, after: RequestWorld, action: Action) -> bool:
    for was, now in zip(before.requests, after.requests, strict=True):
        closes = was.state == OrderState.RESTING and now.state != OrderState.RESTING
        if closes and now.status == Venue.OPEN:
            return False
    return True


def has_one_live(w: RequestWorld) -> bool:
    """Return whether at most one order is live in the book."""
    live = 0
    for request in w.requests:
        if request.state == OrderState.RESTING:
            live = live + 1
    return live < 2


def _bounds_truth(w: RequestWorld) -> bool:
    """Hold what the book counts against what is open, and what can yet come to be."""
    counted = exposure(w)
    is_open = False
    for request in w.requests:
        if request.status == Venue.OPEN:
            is_open = True
    for k in range(len(w.requests)):
        request = w.requests[k]
        on_its_way = request.status == Venue.SENT and (k == 0 or is_open)
        if (request.status == Venue.OPEN or on_its_way) and counted < w.size(k):
            return False
    return True


def _is_settled(w: RequestWorld) -> bool:
    for request in w.requests:
        if request.state == OrderState.PENDING:
            return False
        if (request.state == OrderState.RESTING) != (request.status == Venue.OPEN):
            return False
    return True
