"""One false word of the venue about a foreign order: actions upon its world, one in a run."""

from truebook.model import foreign
from truebook.model.foreign import ForeignWorld
from truebook.model.vocabulary import Cancel, Picture, Venue
from truebook.model.world import older


def cancelled(w: ForeignWorld) -> bool:
    """The cancel is answered 'not open', though the order is open and stays so."""
    if w.lied or w.cancel != Cancel.SENT or w.status != Venue.OPEN:
        return False
    w.sent_age = 0
    _lie(w, refused=False)
    return True


def not_cancelled(w: ForeignWorld) -> bool:
    """The cancel is answered 'not done', though the order is not open any more."""
    if w.lied or w.cancel not in (Cancel.DONE, Cancel.NOT_OPEN):
        return False
    _lie(w, refused=True)
    return True


def absent(w: ForeignWorld, n: int) -> bool:
    """A listing comes without the order, which was open."""
    s = w.snapshots[n]
    if w.lied or s.phase != Picture.TAKEN or not s.listed:
        return False
    w.lied = 1
    s.false = 1
    s.listed = 0
    return True


def listed(w: ForeignWorld, n: int) -> bool:
    """A listing comes with the order, which is over."""
    s = w.snapshots[n]
    if w.lied or s.phase != Picture.TAKEN or s.listed or w.status != Venue.CANCELLED:
        return False
    w.lied = 1
    s.false = 1
    s.listed = 1
    return True


def age(w: ForeignWorld) -> bool:
    """Age the false word that the book was told."""
    timers = w.bounds.timers
    if w.misled != 0:
        w.misled = older(w.misled, timers.lag + timers.listing + 2)
    return True


def _lie(w: ForeignWorld, refused: bool) -> None:
    w.lied = 1
    w.misled = 1
    w.cancel = Cancel.NONE
    foreign.on_cancel_answer(w, refused)
