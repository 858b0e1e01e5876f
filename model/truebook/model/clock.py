"""Snapshots and the clock: actions that happen to every order at once."""

from truebook.model import snapshots
from truebook.model.vocabulary import Answer, Cancel, Picture, Venue
from truebook.model.world import Leg, Snapshot, World


def read_early(w: World, n: int) -> bool:
    """The venue's lagging reader takes the picture of a snapshot that is yet to be asked for."""
    s = w.snapshots[n]
    if not snapshots.can_read_early(s, w.bounds):
        return False
    _take(w, s)
    s.phase = Picture.EARLY
    s.age = 0
    return True


def ask_snapshot(w: World, n: int) -> bool:
    """Ask for the open orders."""
    s = w.snapshots[n]
    if not snapshots.ask(s):
        return False
    w.tracker.on_snapshot_asked(w, s)
    return True


def take_snapshot(w: World, n: int) -> bool:
    """Take the picture that was asked for."""
    s = w.snapshots[n]
    if s.phase != Picture.REQUESTED:
        return False
    _take(w, s)
    s.phase = Picture.TAKEN
    return True


def process_snapshot(w: World, n: int) -> bool:
    """Hand the picture over to the book: leg by leg, then the position, then it is done."""
    return w.snapshots[n].phase == Picture.TAKEN


def process_leg(w: World, n: int, i: int) -> bool:
    """Let the book see one leg in the picture; it may ask to cancel an orphan."""
    asked = w.records[i].orphan_asked
    w.tracker.on_listing(w, w.snapshots[n], i)
    if w.records[i].orphan_asked and not asked and w.legs[i].cancel == Cancel.NONE:
        w.legs[i].cancel = Cancel.SENT
    return True


def process_position(w: World, n: int) -> bool:
    """Let the book see the venue's position as of the picture."""
    s = w.snapshots[n]
    position = 0
    for i in range(len(w.legs)):
        position = position + s.views[i].filled
    w.tracker.on_position(w, position)
    _clear(s)
    return True


def fail_snapshot(w: World, n: int) -> bool:
    """Fail a snapshot: the call errs, or the listing is not one of ours."""
    s = w.snapshots[n]
    if not snapshots.is_coming(s):
        return False
    _clear(s)
    return True


def _take(w: World, s: Snapshot) -> None:
    for i in range(len(w.legs)):
        view = s.views[i]
        view.listed = 1 if w.legs[i].status == Venue.OPEN else 0
        view.filled = w.legs[i].executed


def _clear(s: Snapshot) -> None:
    s.phase = Picture.IDLE
    s.age = 0
    s.false = 0
    for view in s.views:
        view.listed = 0
        view.filled = 0
        view.old_open = 0
        view.old_request = 0
        view.old_cancel = 0


def tick(w: World) -> bool:
    """Let one tick pass, unless something is due first; what ages has a part of its own."""
    delays = w.bounds.delays
    for leg in w.legs:
        if leg.status == Venue.SENT and not leg.request_age < delays.expiry:
            return False
        if leg.cancel == Cancel.SENT and not leg.cancel_age < delays.expiry:
            return False
        if leg.answer == Answer.COMING and _due(leg.answer_age, delays.answer):
            return False
        if untold(leg) and _due(leg.end_age, delays.fill):
            return False
    return True


def _due(age: int, delay: int | None) -> bool:
    return delay is not None and not age < delay


def age_request(w: World, i: int) -> bool:
    """Age a request on its way, or its answer."""
    leg = w.legs[i]
    if leg.status == Venue.SENT:
        leg.request_age = leg.request_age + 1
    elif w.bounds.delays.answer is not None and leg.answer == Answer.COMING:
        leg.answer_age = leg.answer_age + 1
    return True


def age_cancel(w: World, i: int) -> bool:
    """Age a cancel on its way."""
    leg = w.legs[i]
    if leg.cancel == Cancel.SENT:
        leg.cancel_age = leg.cancel_age + 1
    return True


def age_fills(w: World, i: int) -> bool:
    """Age the fills on their way of an order that is over."""
    leg = w.legs[i]
    if w.bounds.delays.fill is not None and untold(leg):
        leg.end_age = leg.end_age + 1
    return True


def age_snapshot(w: World, n: int) -> bool:
    """Age a snapshot on its way; one that is too old has failed."""
    s = w.snapshots[n]
    if not snapshots.grow_older(s, w.bounds):
        _clear(s)
    return True


def age_book(w: World, i: int) -> bool:
    """Let the book know that a tick has passed."""
    w.tracker.on_tick(w, i)
    return True


def untold(leg: Leg) -> bool:
    """Return whether fills of an order that is over are still on their way."""
    return (
        leg.status in (Venue.FILLED, Venue.CANCELLED)
        and leg.taker_told + leg.maker_told != leg.executed
    )
