"""What is true of an order that waits besides the properties, and makes them inductive."""

from collections.abc import Iterator

from truebook.model import waiting_book as book
from truebook.model.system import System
from truebook.model.vocabulary import (
    CLOSED,
    LIVE,
    STANDING,
    WHOLE,
    Answer,
    Cancel,
    CancelAsked,
    OrderState,
    Picture,
    Venue,
)
from truebook.model.waiting import OVER, PARENT_ENDED, PARENT_FILLED, WaitingWorld
from truebook.specs.proofs.lemmas.lemma import ARRIVED, FILL, Lemma

_NEVER_ARRIVED = (Venue.UNSENT, Venue.SENT, Venue.LOST)
_UNFILLED = (OrderState.PENDING, OrderState.DEAD, OrderState.WAITING)


def waiting_lemmas(system: System) -> Iterator[Lemma]:
    """Yield the lemmas of an order that waits."""
    yield from _LEMMAS


def _venue(w: WaitingWorld) -> bool:
    if w.status in _NEVER_ARRIVED:
        return w.executed == 0 and not w.waits and w.answer == Answer.NONE
    if w.status == Venue.REFUSED or w.answer == Answer.NONE:
        return False
    if w.waits:
        return w.status == Venue.OPEN and w.executed == 0 and w.parent != PARENT_ENDED
    if w.status == Venue.OPEN or w.executed != 0:
        return w.parent == PARENT_FILLED and (w.executed == w.bounds.size) == (
            w.status == Venue.FILLED
        )
    return w.status == Venue.CANCELLED


def _unsent(w: WaitingWorld) -> bool:
    r = w.book_a
    if w.status != Venue.UNSENT:
        return True
    return r.state == OrderState.ABSENT and w.cancel == Cancel.NONE and not w.first.old


def _told_was_executed(w: WaitingWorld) -> bool:
    return not w.executed < w.told and not w.bounds.size < w.executed


def _parent(w: WaitingWorld) -> bool:
    return w.book_a.parent_over == 0 or w.parent == PARENT_ENDED


def _wire(w: WaitingWorld) -> bool:
    if w.status == Venue.SENT:
        if w.bounds.delays.expiry < w.sent_age or w.book_a.request_age != w.sent_age:
            return False
    elif w.sent_age != 0:
        return False
    if w.cancel == Cancel.NONE:
        return True
    if w.cancel == Cancel.DONE and w.status != Venue.CANCELLED:
        return False
    return w.status in OVER or (w.status == Venue.OPEN and w.cancel == Cancel.SENT)


def _known(w: WaitingWorld) -> bool:
    """What the book has of it agrees with what became of it."""
    state = w.book_a.state
    if state == OrderState.ABSENT:
        return w.status not in (Venue.SENT, Venue.OPEN)
    if state == OrderState.PENDING:
        return w.status != Venue.UNSENT
    if state == OrderState.DEAD:
        return w.status in OVER or w.status == Venue.LOST
    if state in CLOSED:
        return w.status in OVER
    return w.status in ARRIVED


def _live_trades(w: WaitingWorld) -> bool:
    r = w.book_a
    if r.released and r.state == OrderState.WAITING and w.status not in OVER:
        return False
    return not w.waits or (r.state not in LIVE and not r.released)


def _recorded(w: WaitingWorld) -> bool:
    r = w.book_a
    if r.state == OrderState.ABSENT:
        clear = r.filled == 0 and not r.released and r.cancel == CancelAsked.NEVER
        return clear and r.said == 0 and w.told == w.executed
    if r.filled != w.told:
        return False
    if r.state in _UNFILLED and r.filled != 0:
        return False
    return r.state not in (OrderState.PENDING, OrderState.DEAD) or (
        not r.released and r.cancel == CancelAsked.NEVER
    )


def _said(w: WaitingWorld) -> bool:
    r = w.book_a
    if r.said == 0:
        return True
    return r.state in CLOSED and r.said == 1 + w.executed


def _state(w: WaitingWorld) -> bool:
    r, size = w.book_a, w.bounds.size
    if r.cancel == CancelAsked.AWAITED and r.state != OrderState.WAITING:
        return r.state == OrderState.CANCEL_PENDING and r.filled < size
    if r.state in LIVE:
        part = OrderState.RESTING if r.filled == 0 else OrderState.PARTIALLY_FILLED
        return r.filled < size and r.state == part
    if r.state in WHOLE:
        asked = r.cancel != CancelAsked.NEVER
        return (r.filled == size or r.said == 1 + size) and asked == (
            r.state == OrderState.FILLED_DURING_CANCEL
        )
    if r.state in CLOSED:
        return r.filled < size and r.said != 1 + size
    return True


def _over_by(w: WaitingWorld) -> bool:
    """What is cancelled has its fills, or its window is over."""
    r, timers = w.book_a, w.bounds.timers
    past = not r.closed_age < timers.fill_window
    if r.state == OrderState.CANCEL_CONFIRMED:
        return not past and (r.said == 0 or r.filled < r.said - 1)
    if r.state == OrderState.CANCELLED:
        return past or (r.said != 0 and not r.filled < r.said - 1)
    return r.state in WHOLE or r.state == OrderState.DEAD or r.closed_age == 0


def _late_fills(w: WaitingWorld) -> bool:
    """A fill is late for as long as its order is closed, and no longer than it may be."""
    r, late = w.book_a, w.told < w.executed
    if w.bounds.delays.fill is not None and w.bounds.delays.fill < w.end_age:
        return False
    if w.status not in OVER:
        return w.end_age == 0
    closed = r.state in CLOSED or r.state == OrderState.DEAD
    return not late or not closed or not w.end_age < r.closed_age


def _ages(w: WaitingWorld) -> bool:
    r = w.book_a
    if r.state != OrderState.PENDING and r.request_age != 0:
        return False
    return r.state in STANDING or r.open_age == 0


def _picture(w: WaitingWorld) -> bool:
    s = w.first
    if s.phase == Picture.IDLE:
        return not s.old and s.age == 0 and s.listed == book.ABSENT
    if s.phase == Picture.EARLY and (s.old or w.bounds.delays.lag < s.age):
        return False
    if s.phase == Picture.REQUESTED:
        return s.listed == book.ABSENT
    if s.listed == book.TRADES:
        return w.status in ARRIVED and not w.waits
    return s.listed == book.ABSENT or (w.status in ARRIVED and s.covers == 1)


def _dead_is_unlisted(w: WaitingWorld) -> bool:
    return w.book_a.state != OrderState.DEAD or w.first.listed == book.ABSENT


def _old_request(w: WaitingWorld) -> bool:
    """Absence proves something once the request can no longer take effect."""
    return not w.first.old or w.status != Venue.SENT


def _absent(w: WaitingWorld) -> bool:
    """What a picture lacks that was taken after it was known is over."""
    r, s = w.book_a, w.first
    if s.listed != book.ABSENT or w.status not in (Venue.SENT, Venue.OPEN):
        return True
    if not s.covers and r.state not in LIVE:
        return True
    if s.phase == Picture.TAKEN:
        return not s.old
    if s.phase != Picture.EARLY:
        return True
    if r.state == OrderState.PENDING:
        return not w.bounds.timers.expiry + s.age < r.request_age
    return not s.age < r.open_age


def _awaited(w: WaitingWorld) -> bool:
    """A cancel on its way is awaited, while the order is not known to be over."""
    r = w.book_a
    if w.cancel != Cancel.SENT and w.cancel_sent_age != 0:
        return False
    if w.cancel == Cancel.NONE or r.state in (OrderState.ABSENT, *CLOSED):
        return True
    if r.cancel != CancelAsked.AWAITED:
        return False
    if w.cancel == Cancel.SENT:
        late = w.bounds.delays.expiry < w.cancel_sent_age
        return not late and r.cancel_age == w.cancel_sent_age
    return True


def _old_cancel(w: WaitingWorld) -> bool:
    """A listing that has it settles no cancel whose answer is on its way."""
    r, s = w.book_a, w.first
    if s.old_cancel and (s.phase in (Picture.IDLE, Picture.EARLY) or w.cancel == Cancel.SENT):
        return False
    if s.listed == book.ABSENT or w.cancel in (Cancel.NONE, Cancel.SENT):
        return True
    if s.phase == Picture.EARLY and r.cancel == CancelAsked.AWAITED:
        return not w.bounds.timers.expiry + s.age < r.cancel_age
    return not s.old_cancel


_LEMMAS = (
    Lemma("venue", "it waits, trades or is over at the venue", _venue),
    Lemma("unsent", "what is not sent is not known", _unsent),
    Lemma("told-was-executed", "no fill is told before it happened", _told_was_executed),
    Lemma("parent", "the end of its parent is told once it has ended", _parent),
    Lemma("wire", "what is on the wire is of what happened", _wire),
    Lemma("known", "the book has it as it is", _known, FILL),
    Lemma("live-trades", "what is live in the book does not wait", _live_trades),
    Lemma("recorded", "the record has the fills told", _recorded, FILL),
    Lemma("said", "a last word said what had filled", _said),
    Lemma("state", "its state follows from what is known", _state),
    Lemma("over-by", "cancelled, its fills are here or its window is over", _over_by),
    Lemma("late-fills", "a fill is not later than it may be", _late_fills, FILL),
    Lemma("ages", "an age is of what goes on", _ages),
    Lemma("picture", "a listing shows what was so", _picture),
    Lemma("dead-is-unlisted", "no listing has what one proved dead", _dead_is_unlisted),
    Lemma("old-request", "an old listing is of a request that has arrived or not", _old_request),
    Lemma("awaited", "a cancel on its way is awaited", _awaited),
    Lemma("old-cancel", "what settles a cancel was asked for after it", _old_cancel),
    Lemma("absent", "what an old listing lacks is over", _absent),
)
