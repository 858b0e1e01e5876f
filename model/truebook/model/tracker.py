"""The reference tracker: what each message does to the book, rule by rule.

A function asks `w.keeps` for each rule where the rule matters; without the rule it does what the
plan does at that point. A book that keeps every rule is the reference.
"""

from truebook.model import records
from truebook.model.vocabulary import CLOSED, LIVE, UNBOUND, CancelAsked, OrderState
from truebook.model.world import Snapshot, World, older


def register(w: World, i: int) -> None:
    """Note the order as pending before its request is sent."""
    record = w.records[i]
    record.state = OrderState.PENDING
    record.size = w.size(i)


def on_answer(w: World, i: int, refused: bool, taken: int) -> None:
    """Bind the order to its oid, or clear it where it was refused."""
    record = w.records[i]
    if refused:
        records.refuse(w, record)
        return
    if not w.keeps.fills_move_position:
        w.position = w.position + taken
    if records.is_tombstone(w, record):
        return
    if record.state in UNBOUND:
        if record.state == OrderState.ABSENT or not w.keeps.early_fills_kept:
            record.size = w.size(i) - (0 if w.keeps.early_fills_kept else taken)
        records.bind(w, i)
    if not record.disputed:
        record.answered = max(record.answered, taken if w.keeps.early_fills_kept else 0)
        records.leave_room(record)
    records.derive(w, record)


def on_error_item(w: World, i: int) -> None:
    """Take an item without an oid for what it is: a refusal. It never creates an order."""
    records.refuse(w, w.records[i])


def on_timeout(w: World, i: int) -> None:
    """Change nothing: that nobody answered proves nothing."""
    if not w.keeps.unknown_stays:
        records.forget(w.records[i])


def on_fill(w: World, i: int, taker: bool, named: bool, new: bool) -> None:
    """Count a fill not seen before, and record it on its order."""
    record = w.records[i]
    if new or not w.keeps.fills_move_position:
        w.position = w.position + 1
    if record.state == OrderState.ABSENT or records.is_tombstone(w, record):
        return
    if record.state in UNBOUND:
        if named and w.keeps.fill_binds:
            records.bind(w, i)
        elif not w.keeps.early_fills_kept:
            return
    if new:
        if taker:
            record.taker = record.taker + 1
        else:
            record.maker = record.maker + 1
            records.leave_room(record)
    cancelling = record.state in (OrderState.CANCEL_PENDING, OrderState.CANCEL_CONFIRMED)
    if cancelling and not w.keeps.state_is_derived:
        record.state = OrderState.FILLED_DURING_CANCEL
    records.derive(w, record)


def on_end(w: World, i: int, refused: bool, filled: int) -> None:
    """Close an order that the venue says is over; how much of it filled is now known."""
    record = w.records[i]
    if refused:
        records.refuse(w, record)
        return
    if record.state == OrderState.ABSENT or records.is_tombstone(w, record):
        return
    if record.state in UNBOUND:
        records.bind(w, i)
    if record.disputed:
        return
    if not filled < record.stated:
        record.stated = filled
        record.final = 1  # until it is derived that more is known to have filled
    records.close(w, record)


def can_change(w: World, i: int) -> bool:
    """Return whether the order is live with no change of it in flight."""
    if w.records[i].state not in (OrderState.RESTING, OrderState.PARTIALLY_FILLED):
        return False
    return len(w.records) == 1 or w.records[1].state != OrderState.PENDING


def on_cancel_asked(w: World, i: int) -> None:
    """Note that a cancel is on its way; no snapshot asked before now can resolve it."""
    record = w.records[i]
    record.cancel = CancelAsked.AWAITED
    record.cancel_age = 0
    for s in w.snapshots:
        s.views[i].old_cancel = 0
    records.derive(w, record)


def on_cancel_answer(w: World, i: int, refused: bool) -> None:
    """Close the order, or put it back as it was where the cancel was refused."""
    record = w.records[i]
    record.orphan_asked = 0
    if not refused:
        if record.state in LIVE and not record.disputed:
            records.close(w, record)
    elif record.state == OrderState.CANCEL_PENDING:
        records.cancel_failed(w, record)


def on_snapshot_asked(w: World, s: Snapshot) -> None:
    """Note what this snapshot will be new enough to decide."""
    timers = w.bounds.timers
    for i in range(len(w.records)):
        record = w.records[i]
        view = s.views[i]
        if record.state == OrderState.PENDING:
            view.old_request = 1 if timers.expiry + timers.lag < record.request_age else 0
        elif record.state in LIVE:
            view.old_open = 1 if timers.lag < record.open_age else 0
            if record.state == OrderState.CANCEL_PENDING:
                view.old_cancel = 1 if timers.expiry + timers.lag < record.cancel_age else 0


def on_listing(w: World, s: Snapshot, i: int) -> None:
    """Adopt what is listed, close what is absent and was known open before, resolve cancels."""
    if s.views[i].listed:
        _listed(w, i, s)
    else:
        _absent(w, i, s)


def on_position(w: World, position: int) -> None:
    """Take nothing over: a mismatch is reported, and repaired by the missing fills."""
    if not w.keeps.position_by_fills:
        w.position = position


def on_tick(w: World, i: int) -> None:
    """Age what the book holds, and let go of what has aged out."""
    timers = w.bounds.timers
    record = w.records[i]
    if record.candidate != 0:
        record.candidate = older(record.candidate, timers.grace + 1)
    settled = timers.expiry + timers.lag + 1
    end = timers.fill_window + timers.tombstone
    if record.state == OrderState.PENDING:
        record.request_age = older(record.request_age, settled)
    elif record.state in LIVE:
        record.open_age = older(record.open_age, timers.lag + 1)
        if record.state == OrderState.CANCEL_PENDING:
            record.cancel_age = older(record.cancel_age, settled)
    elif record.state != OrderState.ABSENT:
        record.closed_age = older(record.closed_age, end)
        if record.state == OrderState.CANCEL_CONFIRMED and records.is_tombstone(w, record):
            record.state = OrderState.CANCELLED
        if w.keeps.ages_out and record.closed_age == end:
            records.forget(record)


def exposure(w: World, i: int) -> int:
    """Return what can still trade: open or pending lots; in a modify the larger of both legs."""
    record = w.records[i]
    if not w.keeps.exposure_bounds:
        if record.state in (OrderState.RESTING, OrderState.PARTIALLY_FILLED):
            return max(0, record.size - records.known_filled(record))
        return 0
    if i == 1 and w.records[1].state == OrderState.PENDING:
        return max(0, _open(w, 1) - _open(w, 0))
    return _open(w, i)


def unsettled(w: World, i: int) -> int:
    """Return what may have traded unseen: stated but not streamed, or in the fill window."""
    record = w.records[i]
    if not w.keeps.exposure_bounds:
        return 0
    if i == 1 and record.state == OrderState.PENDING:
        # Old lots may have traded unseen before the modify took effect.
        return min(_open(w, 0), _open(w, 1))
    if record.state in (OrderState.ABSENT, OrderState.PENDING) or records.past_window(w, record):
        return 0
    if record.state == OrderState.DEAD:
        # Absent is not the same as never having traded; a refusal is. Fills that wait may be its
        # own, but without an oid the book cannot know.
        return 0 if record.final else record.size
    seen = record.taker + record.maker
    if record.state in (OrderState.CANCEL_CONFIRMED, OrderState.CANCELLED) and not record.final:
        # A last word that is less than what is known to have filled is none, and no bound.
        return max(0, record.size - seen)
    return max(0, records.known_filled(record) - seen)


def filled(w: World, i: int) -> int:
    """Return what has filled: the fills known, or what the venue has said, if that is more."""
    return records.known_filled(w.records[i])


def _open(w: World, i: int) -> int:
    record = w.records[i]
    if record.state == OrderState.PENDING:
        return record.size
    if record.state in LIVE:
        return max(0, record.size - records.known_filled(record))
    if record.candidate != 0:
        return w.size(i)
    return 0


def _listed(w: World, i: int, s: Snapshot) -> None:
    record = w.records[i]
    view = s.views[i]
    contradicts = w.keeps.contradiction_reopens and w.bounds.timers.lag + s.age < record.closed_age
    if record.state == OrderState.ABSENT:
        if not w.keeps.own_stays_own:
            _orphan(w, i)
            return
        _adopt(w, i)
    elif record.state in UNBOUND:
        if not w.keeps.listing_binds:
            _orphan(w, i)
            return
        records.bind(w, i)
    elif record.state in CLOSED and contradicts:
        _contradict(w, i, view.filled)
        return
    if not records.is_tombstone(w, record) and record.stated < view.filled:
        record.stated = view.filled
        record.final = 0
        if record.state == OrderState.CANCELLED:
            record.state = OrderState.CANCEL_CONFIRMED
    if record.state in LIVE:
        if view.old_cancel and w.keeps.cancel_resolves:
            records.cancel_failed(w, record)
        else:
            records.derive(w, record)
    elif record.state == OrderState.CANCEL_CONFIRMED and not w.keeps.absence_needs_age:
        record.state = OrderState.RESTING
        record.closed_age = 0
        records.derive(w, record)


def _absent(w: World, i: int, s: Snapshot) -> None:
    record = w.records[i]
    view = s.views[i]
    record.candidate = 0
    if record.state == OrderState.PENDING:
        if view.old_request:
            records.die(record)
    elif record.state in LIVE and (view.old_open or not w.keeps.absence_needs_age):
        records.close(w, record)


def _orphan(w: World, i: int) -> None:
    record = w.records[i]
    if record.candidate == 0:
        record.candidate = 1
    elif w.bounds.timers.grace < record.candidate and not record.orphan_asked:
        record.orphan_asked = 1


def _adopt(w: World, i: int) -> None:
    """Take up again an order of ours that is forgotten; what it is, the listing says."""
    record = w.records[i]
    record.state = OrderState.RESTING
    record.mapped = 1
    record.size = w.size(i)
    record.candidate = 0
    record.disputed = 1


def _contradict(w: World, i: int, shown: int) -> None:
    """Note that a closed order is listed as open: live again, if anything of it can still trade.

    What has filled is what the listing says, and the fills; not what words said before. That it is
    open is known from now on, so no listing asked for before can say that it is over.
    """
    record = w.records[i]
    record.disputed = 1
    if not max(record.taker + record.maker, shown) < record.size:
        return
    record.state = OrderState.RESTING
    record.answered = 0
    record.stated = shown
    record.final = 0
    record.closed_age = 0
    for s in w.snapshots:
        s.views[i].old_open = 0
    records.derive(w, record)
