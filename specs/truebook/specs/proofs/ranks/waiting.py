"""Ranks of an order that waits: in how many quiet rounds it is shown as it is, and is forgotten."""

from truebook.model.vocabulary import (
    CLOSED,
    LIVE,
    Answer,
    Cancel,
    OrderState,
    Picture,
    Venue,
)
from truebook.model.waiting import OVER, WaitingWorld
from truebook.specs.proofs.ranks.rank import Fact, Limit, Loop, Quiet, Rank


def waiting_quiet(w: WaitingWorld) -> Quiet:
    """Return what is proved of the quiet rounds of an order that waits."""
    shown = Rank(
        "until its request is settled, and a listing with those that wait tells",
        until_shown,
        (Limit(("convergence",), "max(E, 1) + L + 1", lambda w: _until_told(w) + 1),),
    )
    forgotten = Rank(
        "until it is shown as it is, and then until the fill window and the tombstone are over",
        _until_forgotten,
        (
            Limit(
                ("nothing-leaks",),
                "max(E, 1) + L + 1 + fill window + tombstone",
                lambda w: _until_told(w) + _kept_for(w) + 1,
            ),
        ),
    )
    delivered = (
        Fact("no request is on its way", lambda w: w.status != Venue.SENT, ("accept",)),
        Fact("no answer to it", lambda w: w.answer != Answer.COMING, ("answer",)),
        Fact("no cancel is on its way", lambda w: w.cancel != Cancel.SENT, ("cancel",)),
        Fact("no answer to a cancel", lambda w: w.cancel == Cancel.NONE, ("answer-cancel",)),
        Fact("no fill", lambda w: w.told == w.executed, ("tell-fill",)),
        Fact("its end is told", _end_is_told, ("tell-end",)),
        Fact("no listing is taken", lambda w: w.first.phase != Picture.TAKEN, ("process-listing",)),
    )
    facts = (Fact("no listing but one without those that wait, taken early", _none_but_plain),)
    loop = Loop("tell-fill", lambda w: w.executed - w.told, lambda w: w.bounds.size)
    return Quiet(facts, (shown, forgotten), delivered, (loop,), repeated=True)


def _end_is_told(w: WaitingWorld) -> bool:
    return w.status not in OVER or w.book_a.state in (OrderState.ABSENT, *CLOSED)


def _none_but_plain(w: WaitingWorld) -> bool:
    s = w.first
    return s.phase == Picture.IDLE or (s.phase == Picture.EARLY and s.covers == 0 and s.age != 0)


def _until_told(w: WaitingWorld) -> int:
    timers = w.bounds.timers
    return max(timers.expiry, 1) + timers.lag


def _kept_for(w: WaitingWorld) -> int:
    return w.bounds.timers.fill_window + w.bounds.timers.tombstone


def until_shown(w: WaitingWorld) -> int:
    """Return in at most how many quiet rounds the order is shown as it is at the venue."""
    r, timers = w.book_a, w.bounds.timers
    asked = w.bounds.delays.lag + 1 - w.first.age if w.first.phase == Picture.EARLY else 1
    if w.status == Venue.OPEN:
        right = r.state == OrderState.WAITING if w.waits else r.state in LIVE
        return 0 if right else asked
    if r.state == OrderState.PENDING:
        return max(asked, timers.expiry + timers.lag + 1 - r.request_age)
    return 0


def _until_forgotten(w: WaitingWorld) -> int:
    """Return in at most how many quiet rounds nothing is held of an order that is over."""
    r = w.book_a
    if w.status in (Venue.OPEN, Venue.UNSENT) or r.state == OrderState.ABSENT:
        return 0
    if r.state == OrderState.PENDING:
        return until_shown(w) + _kept_for(w)
    return _kept_for(w) - r.closed_age
