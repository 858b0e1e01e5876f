"""What the wire brings to the book, or loses: actions upon the world.

Every word here is true of when it was said, however late; the false ones are in lies.py. The fills
are true wherever they come from.
"""

from truebook.model.vocabulary import Answer, Cancel, Venue
from truebook.model.world import Leg, World, end_cancel


def lose_cancel(w: World, i: int) -> bool:
    """Lose a cancel request, or the answer to it."""
    if w.legs[i].cancel == Cancel.NONE:
        return False
    end_cancel(w.legs[i], Cancel.NONE)
    return True


def _end_answer(leg: Leg) -> None:
    leg.answer = Answer.OVER
    leg.answer_age = 0


def true_answer(w: World, i: int) -> bool:
    """Deliver the answer to a request."""
    leg = w.legs[i]
    if leg.answer != Answer.COMING:
        return False
    _end_answer(leg)
    if leg.status == Venue.REFUSED:
        leg.ended_told = 1
        w.tracker.on_answer(w, i, True, 0)
    else:
        leg.named = 1
        w.tracker.on_answer(w, i, False, leg.taken)
    return True


def true_refusal_item(w: World, i: int) -> bool:
    """Deliver a refusal as an item without an oid of an answer that is otherwise good."""
    leg = w.legs[i]
    if leg.answer != Answer.COMING or leg.status != Venue.REFUSED:
        return False
    _end_answer(leg)
    leg.ended_told = 1
    w.tracker.on_error_item(w, i)
    return True


def lose_answer(w: World, i: int) -> bool:
    """Lose the answer to a request."""
    leg = w.legs[i]
    if leg.answer != Answer.COMING:
        return False
    _end_answer(leg)
    return True


def tell_fill(w: World, i: int, taker: bool) -> bool:
    """Deliver the message of a fill for the first time."""
    leg = w.legs[i]
    if taker:
        if leg.taker_told == leg.taken:
            return False
        leg.taker_told = leg.taker_told + 1
    else:
        if leg.maker_told == leg.executed - leg.taken:
            return False
        leg.maker_told = leg.maker_told + 1
    if leg.taker_told + leg.maker_told == leg.executed:
        leg.end_age = 0
    if not w.bounds.bare:
        leg.named = 1
    w.tracker.on_fill(w, i, taker, not w.bounds.bare, True)
    return True


def tell_fill_again(w: World, i: int, taker: bool) -> bool:
    """Deliver the message of a fill again."""
    leg = w.legs[i]
    if w.replays == w.bounds.duplicates:
        return False
    if (leg.taker_told if taker else leg.maker_told) == 0:
        return False
    w.replays = w.replays + 1
    w.tracker.on_fill(w, i, taker, not w.bounds.bare, False)
    return True


def reconnect(w: World) -> bool:
    """Subscribe again, once: the venue replays every fill, seen or not (see `replay`)."""
    if w.reconnects == 1:
        return False
    w.reconnects = 1
    return True


def replay(w: World, i: int, taker: bool, n: int) -> bool:
    """Deliver the nth fill of a kind: again, for the first time, or not where there is none."""
    leg = w.legs[i]
    told = leg.taker_told if taker else leg.maker_told
    if n < told:
        w.tracker.on_fill(w, i, taker, not w.bounds.bare, False)
        return True
    return tell_fill(w, i, taker)


def tell_true_end(w: World, i: int) -> bool:
    """Deliver the status of an order that is over, late and as often as it pleases."""
    leg = w.legs[i]
    if leg.status not in (Venue.FILLED, Venue.CANCELLED, Venue.REFUSED):
        return False
    leg.ended_told = 1
    if leg.status != Venue.REFUSED:
        leg.named = 1
    w.tracker.on_end(w, i, leg.status == Venue.REFUSED, leg.executed)
    return True


def true_cancel_answer(w: World, i: int) -> bool:
    """Deliver the answer to a cancel."""
    leg = w.legs[i]
    if leg.cancel in (Cancel.NONE, Cancel.SENT):
        return False
    refused = leg.cancel == Cancel.REFUSED
    leg.cancel = Cancel.NONE
    if not refused:
        leg.ended_told = 1
    w.tracker.on_cancel_answer(w, i, refused)
    return True
