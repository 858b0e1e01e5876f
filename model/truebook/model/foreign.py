"""A foreign order's world: an order of our account at the venue that no book of ours placed.

The book may only ask to cancel it as an orphan, once, and not before its grace is over.
"""

import attrs

from truebook.model import snapshots
from truebook.model.config import Bounds
from truebook.model.plan import CANDIDATE_GRACES
from truebook.model.rules import Rules
from truebook.model.vocabulary import Cancel, Picture, Venue
from truebook.model.world import older


@attrs.define
class ForeignView:
    """What one snapshot shows of the order; `fresh`: it is newer than the last answer to a cancel.

    `old_cancel`: asked when the cancel in flight could no longer take effect. `false`: what it
    shows was not so when it was taken.
    """

    phase: int = Picture.IDLE
    age: int = 0
    false: int = 0
    listed: int = 0
    fresh: int = 0
    old_cancel: int = 0


@attrs.define
class ForeignWorld:
    """The venue's side (`status`, `cancel`), then the book's (`candidate`, `asked`).

    `settling` counts down the ticks in which a snapshot can still be older than the last answer;
    `over` means that this answer said that the order is over, so a listing that has it is old.
    `seen`, `asked_again` and `ended_told` remember for the properties alone: 1 + the ticks since
    the order has been in every listing processed, that a cancel was asked while one was in flight
    or had succeeded, and that an answer said that the order is over. `lied` and `misled` are as in
    the world of an order of ours.
    """

    bounds: Bounds
    keeps: Rules
    status: int = Venue.UNSENT
    cancel: int = Cancel.NONE
    sent_age: int = 0
    seen: int = 0
    asked_early: int = 0
    asked_again: int = 0
    ended_told: int = 0
    candidate: int = 0
    asked: int = 0
    cancel_age: int = 0
    settling: int = 0
    over: int = 0
    lied: int = 0
    misled: int = 0
    first: ForeignView = attrs.field(factory=ForeignView)
    second: ForeignView = attrs.field(factory=ForeignView)
    snapshots: tuple[ForeignView, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Collect what the bounds let exist."""
        self.snapshots = (self.first, self.second)[: self.bounds.snapshots]


def appear(w: ForeignWorld) -> bool:
    """Let the order appear at the venue, or return to the listing."""
    if w.status != Venue.UNSENT:
        return False
    w.status = Venue.OPEN
    return True


def vanish(w: ForeignWorld) -> bool:
    """Let the order leave the listing; it may return."""
    if w.status != Venue.OPEN:
        return False
    w.status = Venue.UNSENT
    return True


def cancel(w: ForeignWorld) -> bool:
    """Let the cancel of the orphan take effect."""
    if w.cancel != Cancel.SENT:
        return False
    w.sent_age = 0
    w.cancel = Cancel.DONE if w.status == Venue.OPEN else Cancel.NOT_OPEN
    w.status = Venue.CANCELLED
    return True


def refuse_cancel(w: ForeignWorld) -> bool:
    """Refuse the cancel of the orphan."""
    if w.cancel != Cancel.SENT:
        return False
    w.cancel = Cancel.REFUSED
    w.sent_age = 0
    return True


def lose_cancel(w: ForeignWorld) -> bool:
    """Lose the cancel of the orphan, or the answer to it."""
    if w.cancel == Cancel.NONE:
        return False
    w.cancel = Cancel.NONE
    w.sent_age = 0
    return True


def answer_cancel(w: ForeignWorld) -> bool:
    """Deliver the answer to the orphan's cancel."""
    if w.cancel in (Cancel.NONE, Cancel.SENT):
        return False
    refused = w.cancel == Cancel.REFUSED
    w.cancel = Cancel.NONE
    if not refused:
        w.ended_told = 1
    on_cancel_answer(w, refused)
    return True


def on_cancel_answer(w: ForeignWorld, refused: bool) -> None:
    """The cancel was answered: not open any more, or refused."""
    if w.keeps.orphan_cancel_marked:
        _answered(w)
        if not refused:
            w.candidate = 0
            w.over = 1


def read_early(w: ForeignWorld, n: int) -> bool:
    """The venue's lagging reader takes the picture of a snapshot that is yet to be asked for."""
    s = w.snapshots[n]
    if not snapshots.can_read_early(s, w.bounds):
        return False
    s.listed = 1 if w.status == Venue.OPEN else 0
    s.phase = Picture.EARLY
    s.age = 0
    return True


def ask_snapshot(w: ForeignWorld, n: int) -> bool:
    """Ask for the open orders."""
    s = w.snapshots[n]
    if not snapshots.ask(s):
        return False
    timers = w.bounds.timers
    s.fresh = 1 if w.settling < timers.listing + 1 else 0
    s.old_cancel = 1 if w.asked and timers.expiry + timers.lag < w.cancel_age else 0
    return True


def take_snapshot(w: ForeignWorld, n: int) -> bool:
    """Take the picture that was asked for."""
    s = w.snapshots[n]
    if s.phase != Picture.REQUESTED:
        return False
    s.listed = 1 if w.status == Venue.OPEN else 0
    s.phase = Picture.TAKEN
    return True


def process_snapshot(w: ForeignWorld, n: int) -> bool:
    """Hand the picture over to the book."""
    s = w.snapshots[n]
    if s.phase != Picture.TAKEN:
        return False
    if not s.listed:
        w.seen = 0
    elif w.seen == 0:
        w.seen = 1
    if w.keeps.orphan_cancel_marked:
        _reconcile(w, s)
    elif s.listed:
        if w.candidate == 0:
            w.candidate = 1
        elif w.bounds.timers.grace < w.candidate:
            _ask(w, s)
    if w.bounds.lie:
        _heard(w, n)
    _clear(s)
    return True


def fail_snapshot(w: ForeignWorld, n: int) -> bool:
    """Fail a snapshot."""
    s = w.snapshots[n]
    if not snapshots.is_coming(s):
        return False
    _clear(s)
    return True


def tick(w: ForeignWorld) -> bool:
    """Let one tick pass, unless a cancel is due first; what ages has a part of its own."""
    return w.cancel != Cancel.SENT or w.sent_age < w.bounds.delays.expiry


def age_order(w: ForeignWorld) -> bool:
    """Age the order's cancel, and what the book holds of it."""
    timers = w.bounds.timers
    if w.settling != 0:
        w.settling = w.settling - 1
        if w.settling == 0:
            w.over = 0
    if w.cancel == Cancel.SENT:
        w.sent_age = w.sent_age + 1
    if w.asked:
        w.cancel_age = older(w.cancel_age, timers.expiry + timers.lag + 1)
    if w.seen != 0:
        w.seen = older(w.seen, timers.grace + 1)
    if w.candidate != 0:
        if w.keeps.orphan_cancel_marked:
            w.candidate = older(w.candidate, timers.grace + 1)
        else:
            w.candidate = w.candidate + 1
            if w.candidate == CANDIDATE_GRACES * timers.grace + 1 and w.keeps.ages_out:
                w.candidate = 0
            elif w.candidate == CANDIDATE_GRACES * timers.grace + 2:
                w.candidate = CANDIDATE_GRACES * timers.grace + 1
    return True


def age_snapshot(w: ForeignWorld, n: int) -> bool:
    """Age a snapshot on its way; one that is too old has failed."""
    s = w.snapshots[n]
    if not snapshots.grow_older(s, w.bounds):
        _clear(s)
    return True


def exposure(w: ForeignWorld) -> int:
    """Return the lots of the orphan that the book counts: all, while it may be there."""
    return 1 if (w.candidate != 0 or w.asked) and w.keeps.exposure_bounds else 0


def _heard(w: ForeignWorld, n: int) -> None:
    """Note whether a picture misleads the book, or sets right what did; see lies.py."""
    s = w.snapshots[n]
    if s.false:
        w.misled = 1
    elif w.misled != 0 and w.bounds.timers.lag + s.age + 1 < w.misled:
        for m in range(len(w.snapshots)):
            if m != n and w.snapshots[m].phase != Picture.IDLE:
                return
        w.misled = 0


def _reconcile(w: ForeignWorld, s: ForeignView) -> None:
    if s.old_cancel:
        # The request can no longer take effect: the order outlived it, or is gone by itself.
        _answered(w)
    if not s.listed:
        w.candidate = 0
    elif w.candidate == 0:
        if s.fresh and w.keeps.contradiction_reopens:
            w.over = 0
        w.candidate = 0 if w.over else 1
    elif s.fresh and w.bounds.timers.grace < w.candidate and not w.asked:
        _ask(w, s)


def _answered(w: ForeignWorld) -> None:
    """Take the cancel as settled; snapshots asked for before now are older than that."""
    w.asked = 0
    w.cancel_age = 0
    w.settling = w.bounds.timers.listing + w.bounds.timers.lag + 1
    for s in w.snapshots:
        s.fresh = 0
        s.old_cancel = 0


def _ask(w: ForeignWorld, s: ForeignView) -> None:
    """Ask to cancel the orphan that a snapshot shows; none in flight can settle this request."""
    again = 0 if s.false else 1
    if w.seen < w.bounds.timers.grace + 1:
        w.asked_early = 1
    if w.cancel in (Cancel.NONE, Cancel.REFUSED):
        w.cancel = Cancel.SENT
        if w.status == Venue.CANCELLED:
            w.asked_again = again
    else:
        w.asked_again = again
    if w.keeps.orphan_cancel_marked:
        w.asked = 1
        w.cancel_age = 0
        for other in w.snapshots:
            other.old_cancel = 0


def _clear(s: ForeignView) -> None:
    s.phase = Picture.IDLE
    s.age = 0
    s.false = 0
    s.listed = 0
    s.fresh = 0
    s.old_cancel = 0
