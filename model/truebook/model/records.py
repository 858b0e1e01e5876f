"""What the reference takes from what it knows of one order, whichever message told it.

The state follows from the facts; what binds, closes and forgets an order is here as well.
"""

from truebook.model.vocabulary import CLOSED, LIVE, UNBOUND, WHOLE, CancelAsked, OrderState
from truebook.model.world import Record, World


def known_filled(record: Record) -> int:
    """Return what has filled: the fills known, or what the venue has said, if that is more."""
    return max(record.stated, max(record.answered, record.taker) + record.maker)


def leave_room(record: Record) -> None:
    """Take less for filled on arrival where what filled since leaves no room for it."""
    if record.size < record.answered + record.maker:
        record.answered = record.size - record.maker


def bind(w: World, i: int) -> None:
    """Join cloid and oid: the order is live as far as is known. A new leg closes the old one."""
    record = w.records[i]
    record.state = OrderState.RESTING
    record.mapped = 1
    record.final = 0
    record.candidate = 0
    record.request_age = 0
    record.closed_age = 0
    if i == 1 and w.keeps.modify_binds and w.book_a.state in LIVE:
        close(w, w.book_a)


def derive(w: World, record: Record) -> None:
    """Let the state follow from what is known."""
    if record.state in UNBOUND:
        return
    total = known_filled(record)
    if record.stated < total:
        record.final = 0
    if record.state in WHOLE:
        return
    closed = record.state in (OrderState.CANCEL_CONFIRMED, OrderState.CANCELLED)
    if not total < record.size:
        if record.cancel == CancelAsked.NEVER:
            record.state = OrderState.FILLED
        else:
            record.state = OrderState.FILLED_DURING_CANCEL
    elif closed:
        # Where the last word is contradicted, fills are waited for again.
        if record.final and not record.taker + record.maker < record.stated:
            record.state = OrderState.CANCELLED
        else:
            record.state = OrderState.CANCEL_CONFIRMED
    elif record.cancel == CancelAsked.AWAITED:
        record.state = OrderState.CANCEL_PENDING
    elif total == 0:
        record.state = OrderState.RESTING
    else:
        record.state = OrderState.PARTIALLY_FILLED
    if record.state in CLOSED:
        record.open_age = 0
        record.cancel_age = 0
        if record.cancel == CancelAsked.AWAITED:
            record.cancel = CancelAsked.OVER
        if not w.keeps.tombstones:
            forget(record)


def close(w: World, record: Record) -> None:
    """Take the order as not open any more."""
    if record.state in LIVE:
        record.state = OrderState.CANCEL_CONFIRMED
    derive(w, record)


def cancel_failed(w: World, record: Record) -> None:
    """Take the order as live again: its cancel did not take effect."""
    record.cancel = CancelAsked.OVER
    record.cancel_age = 0
    derive(w, record)


def refuse(w: World, record: Record) -> None:
    """Take a request as refused, if it is not known to be accepted."""
    if not w.keeps.reject_clears:
        return
    if record.state == OrderState.PENDING:
        die(record)
    if record.state == OrderState.DEAD:
        record.final = 1


def die(record: Record) -> None:
    """Take a request as one that never came to be."""
    record.state = OrderState.DEAD
    record.request_age = 0
    record.closed_age = 0


def is_tombstone(w: World, record: Record) -> bool:
    """Return whether the fill window of a closed order is over."""
    return record.state in CLOSED and past_window(w, record)


def past_window(w: World, record: Record) -> bool:
    """Return whether an order has been over, or dead, for the fill window."""
    return not record.closed_age < w.bounds.timers.fill_window


def forget(record: Record) -> None:
    """Let go of all that is known of an order, but what asks for its cancel as an orphan."""
    record.state = OrderState.ABSENT
    record.mapped = 0
    record.size = 0
    record.taker = 0
    record.maker = 0
    record.answered = 0
    record.stated = 0
    record.final = 0
    record.cancel = CancelAsked.NEVER
    record.request_age = 0
    record.cancel_age = 0
    record.open_age = 0
    record.closed_age = 0
    record.disputed = 0
