"""One false word of the venue about an order: actions upon the world; in a run one happens.

A word is false where the order was not so when it was said; one that is late is told in wire.py.
What is repeated here of the wire is what the message is, told with another content.
"""

from truebook.model.clock import untold
from truebook.model.vocabulary import Answer, Cancel, Picture, Venue
from truebook.model.world import World, older

OVER = (Venue.FILLED, Venue.CANCELLED)


def end(w: World, i: int, whole: bool) -> bool:
    """A status says that the open order is over: cancelled as it is, or filled whole."""
    leg = w.legs[i]
    if w.lied or leg.status != Venue.OPEN:
        return False
    _lie(w)
    leg.named = 1
    w.tracker.on_end(w, i, False, w.size(i) if whole else leg.executed)
    return True


def refused(w: World, i: int) -> bool:
    """The answer to a request says that it was refused, though it was accepted."""
    leg = w.legs[i]
    if w.lied or leg.answer != Answer.COMING or leg.status == Venue.REFUSED:
        return False
    _lie(w)
    _answered(w, i)
    w.tracker.on_answer(w, i, True, 0)
    return True


def accepted(w: World, i: int) -> bool:
    """The answer to a request says that it was accepted, though it was refused."""
    leg = w.legs[i]
    if w.lied or leg.answer != Answer.COMING or leg.status != Venue.REFUSED:
        return False
    _lie(w)
    _answered(w, i)
    w.tracker.on_answer(w, i, False, 0)
    return True


def taken(w: World, i: int) -> bool:
    """The answer to a request says that it filled whole on arrival, though it is open."""
    leg = w.legs[i]
    if w.lied or leg.answer != Answer.COMING or leg.status != Venue.OPEN:
        return False
    _lie(w)
    _answered(w, i)
    leg.named = 1
    w.tracker.on_answer(w, i, False, w.size(i))
    return True


def cancelled(w: World, i: int) -> bool:
    """A cancel is answered 'not open', though the order is open and stays so."""
    leg = w.legs[i]
    if w.lied or leg.cancel != Cancel.SENT or leg.status != Venue.OPEN:
        return False
    _lie(w)
    leg.cancel = Cancel.NONE
    leg.cancel_age = 0
    w.tracker.on_cancel_answer(w, i, False)
    return True


def not_cancelled(w: World, i: int) -> bool:
    """A cancel is answered 'not done', though the order is not open any more."""
    leg = w.legs[i]
    if w.lied or leg.cancel not in (Cancel.DONE, Cancel.NOT_OPEN):
        return False
    _lie(w)
    leg.cancel = Cancel.NONE
    w.tracker.on_cancel_answer(w, i, True)
    return True


def absent(w: World, n: int, i: int) -> bool:
    """A listing comes without an order that was open."""
    s = w.snapshots[n]
    view = s.views[i]
    if w.lied or s.phase != Picture.TAKEN or not view.listed:
        return False
    w.lied = 1
    s.false = 1
    view.listed = 0
    return True


def listed(w: World, n: int, i: int) -> bool:
    """A listing comes with an order that is over, or never was: as it was before its last lot."""
    s = w.snapshots[n]
    view, leg = s.views[i], w.legs[i]
    if w.lied or s.phase != Picture.TAKEN or view.listed:
        return False
    if leg.status not in (*OVER, Venue.REFUSED, Venue.LOST):
        return False
    w.lied = 1
    s.false = 1
    view.listed = 1
    view.filled = min(view.filled, w.size(i) - 1)
    return True


def heard(w: World, n: int) -> bool:
    """Note whether a listing handed over misleads the book, or sets right what did.

    It does where it is true, still, was asked for more than the lag after the false word, and no
    other is on its way; but of an order that ended meanwhile it says no more than that: what
    filled is told by the fills.
    """
    s = w.snapshots[n]
    if s.false:
        w.misled = 1
    elif w.misled != 0 and w.bounds.timers.lag + s.age + 1 < w.misled and not _more_comes(w, n):
        w.misled = 0
    return True


def _more_comes(w: World, n: int) -> bool:
    for i in range(len(w.legs)):
        if w.snapshots[n].views[i].listed and w.legs[i].status != Venue.OPEN:
            return True
    for m in range(len(w.snapshots)):
        if m != n and w.snapshots[m].phase != Picture.IDLE:
            return True
    return any(untold(leg) for leg in w.legs)


def age(w: World) -> bool:
    """Age the false word that the book was told."""
    timers = w.bounds.timers
    if w.misled != 0:
        w.misled = older(w.misled, timers.lag + timers.listing + 2)
    return True


def _lie(w: World) -> None:
    w.lied = 1
    w.misled = 1


def _answered(w: World, i: int) -> None:
    w.legs[i].answer = Answer.OVER
    w.legs[i].answer_age = 0
