"""What we send to the venue, and what the venue does with it: actions upon the world."""

from truebook.model.vocabulary import Answer, Cancel, OrderState, Venue
from truebook.model.world import World, end_cancel

# The client


def send(w: World) -> bool:
    """Send the order."""
    if w.a.status != Venue.UNSENT:
        return False
    w.a.status = Venue.SENT
    w.tracker.register(w, 0)
    return True


def time_out(w: World, i: int) -> bool:
    """Give up waiting for the answer to a request."""
    if w.records[i].state != OrderState.PENDING:
        return False
    w.tracker.on_timeout(w, i)
    return True


def ask_cancel(w: World, i: int) -> bool:
    """Ask to cancel the order."""
    if w.legs[i].cancel == Cancel.SENT or not w.tracker.can_change(w, i):
        return False
    w.legs[i].cancel = Cancel.SENT
    w.tracker.on_cancel_asked(w, i)
    return True


def ask_modify(w: World) -> bool:
    """Ask to replace the order by one of the new size."""
    if w.b.status != Venue.UNSENT or w.a.cancel == Cancel.SENT or not w.tracker.can_change(w, 0):
        return False
    w.b.status = Venue.SENT
    w.tracker.register(w, 1)
    return True


# The venue


def arrive(w: World, i: int, taken: int) -> bool:
    """Let a request take effect: rest, or take `taken` lots at once."""
    leg = w.legs[i]
    if leg.status != Venue.SENT:
        return False
    if i == 1:
        if w.a.status != Venue.OPEN:
            return False
        w.a.status = Venue.CANCELLED
    leg.request_age = 0
    leg.executed = taken
    leg.taken = taken
    leg.status = Venue.FILLED if taken == w.size(i) else Venue.OPEN
    leg.answer = Answer.COMING
    return True


def refuse(w: World, i: int) -> bool:
    """Refuse a request; a modify is always refused once its order is over."""
    leg = w.legs[i]
    if leg.status != Venue.SENT:
        return False
    if not w.bounds.refuse and (i == 0 or w.a.status == Venue.OPEN):
        return False
    leg.status = Venue.REFUSED
    leg.request_age = 0
    leg.answer = Answer.COMING
    return True


def lose(w: World, i: int) -> bool:
    """Lose a request on its way."""
    if w.legs[i].status != Venue.SENT:
        return False
    w.legs[i].status = Venue.LOST
    w.legs[i].request_age = 0
    return True


def fill(w: World, i: int) -> bool:
    """Fill one lot of the resting order."""
    leg = w.legs[i]
    if leg.status != Venue.OPEN:
        return False
    leg.executed = leg.executed + 1
    if leg.executed == w.size(i):
        leg.status = Venue.FILLED
    return True


def cancel_unasked(w: World, i: int) -> bool:
    """Cancel the order, though nobody asked."""
    if w.legs[i].status != Venue.OPEN:
        return False
    w.legs[i].status = Venue.CANCELLED
    return True


def cancel(w: World, i: int) -> bool:
    """Let a cancel request take effect, if there is anything to cancel."""
    leg = w.legs[i]
    if leg.cancel != Cancel.SENT:
        return False
    if leg.status == Venue.OPEN:
        leg.status = Venue.CANCELLED
        end_cancel(leg, Cancel.DONE)
    else:
        end_cancel(leg, Cancel.NOT_OPEN)
    return True


def refuse_cancel(w: World, i: int) -> bool:
    """Refuse a cancel request; the order is as it was."""
    if w.legs[i].cancel != Cancel.SENT:
        return False
    end_cancel(w.legs[i], Cancel.REFUSED)
    return True
