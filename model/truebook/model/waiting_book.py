"""What the book does with each message of an order that may wait; see waiting.py.

With the rule waits-is-not-dead an answer without an oid means that the order waits, and absence
from a listing that leaves out those that wait proves nothing of one that may. Without it such an
answer is no answer, and every absence is one.
"""

from typing import Protocol

import attrs

from truebook.model.config import Bounds
from truebook.model.rules import Rules
from truebook.model.vocabulary import CLOSED, LIVE, STANDING, CancelAsked, OrderState, Picture
from truebook.model.world import older

ABSENT, WAITS, TRADES = 0, 1, 2
"""What a listing shows of the order."""
ENDED = (OrderState.CANCEL_CONFIRMED, OrderState.CANCELLED)
NEW = (OrderState.PENDING, OrderState.DEAD, OrderState.WAITING)


@attrs.define
class WaitingView:
    """A listing on its way: with those that wait or not (`covers`), and what it shows.

    `old`: it was asked for when absence from it is proof. `old_cancel`: when the cancel in flight
    could no longer take effect.
    """

    phase: int = Picture.IDLE
    age: int = 0
    covers: int = 0
    listed: int = ABSENT
    old: int = 0
    old_cancel: int = 0


@attrs.define
class WaitingRecord:
    """What the book knows of the order.

    `named`: its oid is known. `released`: it is known not to wait any more. `parent_over` is 1 and
    the ticks since the other order is known to have ended with nothing filled. `said` is one more
    than a last word says has filled. `request_age`, `open_age`, `closed_age` and `cancel_age` count
    from its request, from when it was known to wait or to trade, from its end, and from its cancel.
    """

    state: int = OrderState.ABSENT
    named: int = 0
    released: int = 0
    parent_over: int = 0
    filled: int = 0
    said: int = 0
    cancel: int = CancelAsked.NEVER
    request_age: int = 0
    open_age: int = 0
    closed_age: int = 0
    cancel_age: int = 0


class World(Protocol):
    """The parts of the world that the book looks at: its own, and how it is configured."""

    bounds: Bounds
    keeps: Rules
    book_a: WaitingRecord
    first: WaitingView


def can_cancel(r: WaitingRecord) -> bool:
    """Return whether the book lets a cancel be sent."""
    if r.state == OrderState.WAITING:
        return r.cancel != CancelAsked.AWAITED
    return r.state in (OrderState.RESTING, OrderState.PARTIALLY_FILLED)


def on_cancel_asked(r: WaitingRecord, s: WaitingView) -> None:
    """A cancel is about to be sent."""
    r.cancel = CancelAsked.AWAITED
    r.cancel_age = 0
    s.old_cancel = 0
    if r.state != OrderState.WAITING:
        r.state = OrderState.CANCEL_PENDING


def on_waits(w: World) -> None:
    """The answer has no oid: the order waits."""
    r = w.book_a
    if not w.keeps.waits_is_not_dead or r.state not in (OrderState.PENDING, OrderState.DEAD):
        return
    _wait(w)


def on_fill(w: World) -> None:
    """A fill of the order that was not seen before."""
    r = w.book_a
    if r.state == OrderState.ABSENT:
        return
    _know(w)
    r.filled = r.filled + 1
    _derive(w)


def on_open(w: World) -> None:
    """The order is in the venue's book."""
    if w.book_a.state == OrderState.ABSENT:
        return
    _know(w)
    _derive(w)


def on_end(w: World, filled: int) -> None:
    """The order is over: a last word of what has filled."""
    r = w.book_a
    if r.state == OrderState.ABSENT:
        return
    if _is_past_window(w) and r.state in CLOSED:
        r.named = 1
        return
    _know(w)
    r.said = 1 + filled
    _close(w)


def on_parent_over(w: World) -> None:
    """The other order ended with nothing filled, so this one is over."""
    r = w.book_a
    if r.parent_over == 0:
        r.parent_over = 1
    if r.state == OrderState.WAITING and w.keeps.waits_is_not_dead and _parent_known_over(w):
        r.said = 1
        _close(w)


def on_cancel_answer(w: World, done: bool) -> None:
    """The cancel is answered: done, or not open.

    Under a known oid the latter does not say that what trades of one that waited is over. That it
    does not wait any more is news once: else a cancel after the other would put off its end.
    """
    r = w.book_a
    if r.state != OrderState.WAITING and r.state not in LIVE:
        return
    unsure = r.state == OrderState.WAITING or (r.filled == 0 and r.said == 0)
    if done or not unsure or not r.named:
        _close(w)
        return
    if not r.released:  # once: else a cancel after the other would put off its end
        r.released = 1
        r.open_age = 0
        w.first.old = 0
    _cancel_failed(w)


def on_listing_asked(w: World) -> None:
    """A listing is asked for: note what absence from it would prove."""
    r, s, timers = w.book_a, w.first, w.bounds.timers
    settled = timers.expiry + timers.lag
    if r.state == OrderState.PENDING:
        s.old = 1 if settled < r.request_age else 0
    elif r.state in STANDING:
        s.old = 1 if timers.lag < r.open_age else 0
    awaited = r.cancel == CancelAsked.AWAITED
    s.old_cancel = 1 if awaited and settled < r.cancel_age else 0


def on_listing(w: World) -> None:
    """A listing came."""
    r, s = w.book_a, w.first
    if r.state == OrderState.ABSENT:
        return
    if s.listed == ABSENT:
        _absent(w)
        return
    if s.listed == WAITS:
        _listed_as_waiting(w)
    else:
        _know(w)
        if r.filled == 0 and r.said == 0 and r.state in LIVE:
            r.released = 1
    if s.old_cancel and r.cancel == CancelAsked.AWAITED:
        _cancel_failed(w)
    _derive(w)


def on_tick(w: World) -> None:
    """A tick passed."""
    r, timers = w.book_a, w.bounds.timers
    settled = timers.expiry + timers.lag + 1
    if r.parent_over != 0:
        r.parent_over = older(r.parent_over, timers.fill_window + timers.tombstone + 1)
    if r.state == OrderState.PENDING:
        r.request_age = older(r.request_age, settled)
    if r.state in STANDING:
        r.open_age = older(r.open_age, timers.lag + 1)
    if r.cancel == CancelAsked.AWAITED:
        r.cancel_age = older(r.cancel_age, settled)
    if r.state in (*CLOSED, OrderState.DEAD):
        r.closed_age = r.closed_age + 1
        if r.closed_age == timers.fill_window and r.state == OrderState.CANCEL_CONFIRMED:
            r.state = OrderState.CANCELLED
        if r.closed_age == timers.fill_window + timers.tombstone:
            _forget(r)


def exposure(w: World) -> int:
    """Return the lots that the book counts as what can still trade."""
    r = w.book_a
    if r.state in (OrderState.PENDING, OrderState.WAITING):
        return w.bounds.size
    return w.bounds.size - r.filled if r.state in LIVE else 0


def unsettled(w: World) -> int:
    """Return the lots that may have traded with their fills still to come."""
    r = w.book_a
    if r.state not in (*ENDED, OrderState.DEAD) and r.said == 0:
        return 0
    if r.state == OrderState.ABSENT or _is_past_window(w):
        return 0
    most = w.bounds.size if r.said == 0 else r.said - 1
    return max(0, most - r.filled)


def _is_past_window(w: World) -> bool:
    return not w.book_a.closed_age < w.bounds.timers.fill_window


def _wait(w: World) -> None:
    r = w.book_a
    r.state = OrderState.WAITING
    r.released = 0
    r.open_age = 0
    r.request_age = 0
    r.closed_age = 0
    w.first.old = 0
    if _parent_known_over(w):
        r.said = 1
        _close(w)


def _parent_known_over(w: World) -> bool:
    """Return whether the end of the other order is known, and not forgotten."""
    timers, age = w.bounds.timers, w.book_a.parent_over
    return age != 0 and age < timers.fill_window + timers.tombstone + 1


def _know(w: World) -> None:
    """Take the order as one in the venue's book, with its oid; one that is over stays so."""
    r = w.book_a
    r.named = 1
    if r.state not in NEW:
        return
    r.said = 0
    r.state = OrderState.RESTING
    r.open_age = 0
    r.request_age = 0
    r.closed_age = 0
    w.first.old = 0


def _derive(w: World) -> None:
    """Let the state follow from what is known of an order that does not wait."""
    r = w.book_a
    if r.state in (OrderState.WAITING, OrderState.PENDING, OrderState.DEAD):
        return
    total = max(r.filled, r.said - 1)
    if total == w.bounds.size:
        if r.state in LIVE:
            _ended(w)
        if r.state not in (OrderState.FILLED, OrderState.FILLED_DURING_CANCEL):
            asked = r.cancel != CancelAsked.NEVER
            r.state = OrderState.FILLED_DURING_CANCEL if asked else OrderState.FILLED
    elif r.state in ENDED:
        if r.said != 0 and not r.filled < r.said - 1:
            r.state = OrderState.CANCELLED
    elif r.cancel == CancelAsked.AWAITED:
        r.state = OrderState.CANCEL_PENDING
    elif total == 0:
        r.state = OrderState.RESTING
    else:
        r.state = OrderState.PARTIALLY_FILLED


def _close(w: World) -> None:
    r = w.book_a
    if r.state in STANDING:
        r.state = OrderState.CANCEL_CONFIRMED
        _ended(w)
    _derive(w)


def _ended(w: World) -> None:
    r = w.book_a
    if r.cancel == CancelAsked.AWAITED:
        r.cancel = CancelAsked.OVER
    r.cancel_age = 0
    r.open_age = 0
    w.first.old = 0


def _cancel_failed(w: World) -> None:
    r = w.book_a
    if r.cancel == CancelAsked.AWAITED:
        r.cancel = CancelAsked.OVER
    r.cancel_age = 0
    w.first.old_cancel = 0
    _derive(w)


def _listed_as_waiting(w: World) -> None:
    r = w.book_a
    r.named = 1
    if r.state in (OrderState.PENDING, OrderState.DEAD):
        if w.keeps.waits_is_not_dead:
            _wait(w)
        else:
            _know(w)
    elif r.filled == 0 and r.said == 0:
        if r.state in LIVE and (w.first.old or not r.released):
            r.state = OrderState.WAITING
            r.released = 0
        elif r.state == OrderState.WAITING and w.first.old:
            r.released = 0


def _absent(w: World) -> None:
    """Take the order as over, or as never sent, where absence proves it."""
    r, s = w.book_a, w.first
    may_wait = not r.released and r.filled == 0 and r.said == 0
    if w.keeps.waits_is_not_dead and may_wait and not s.covers:
        return
    if not s.old:
        return
    if r.state == OrderState.PENDING:
        r.state = OrderState.DEAD
        r.request_age = 0
        s.old = 0
    elif r.state in STANDING:
        _close(w)


def _forget(r: WaitingRecord) -> None:
    r.state = OrderState.ABSENT
    r.named = 0
    r.released = 0
    r.filled = 0
    r.said = 0
    r.cancel = CancelAsked.NEVER
    r.request_age = 0
    r.open_age = 0
    r.closed_age = 0
    r.cancel_age = 0
