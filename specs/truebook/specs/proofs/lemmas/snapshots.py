"""What is true of what snapshots show, and of an order that a modify replaces."""

from truebook.model.vocabulary import LIVE, UNBOUND, Cancel, CancelAsked, OrderState, Picture, Venue
from truebook.model.world import Leg, Record, Snapshot, View, World
from truebook.specs.proofs.lemmas.lemma import ANSWER, ARRIVED, OVER, Lemma

# Snapshots


def _idle_is_clear(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    if s.phase in (Picture.REQUESTED, Picture.TAKEN):
        return s.phase == Picture.TAKEN or (v.listed == 0 and v.filled == 0)
    if v.old_open or v.old_request or v.old_cancel:
        return False
    return s.phase == Picture.EARLY or (v.listed == 0 and v.filled == 0 and s.age == 0)


def _snapshot_in_time(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    if s.phase == Picture.EARLY:
        return not w.bounds.delays.lag < s.age
    return not w.bounds.timers.listing < s.age


def _shown_was_executed(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    return not leg.executed < v.filled


def _listed_has_arrived(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    return not v.listed or leg.status in ARRIVED


def _listed_is_partial(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    partial = v.filled < w.size(0 if leg is w.a else 1) and not v.filled < leg.taken
    return not v.listed or partial


def _listed_is_known(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    return not v.listed or r.state != OrderState.ABSENT


def _closed_since_listed(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    if not v.listed:
        return True
    lag = w.bounds.delays.lag if s.phase == Picture.TAKEN else 0
    return not s.age + lag < r.closed_age


def _unlisted_opened_since(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    if s.phase != Picture.EARLY or v.listed or leg.status != Venue.OPEN:
        return True
    if r.state == OrderState.PENDING:
        return not w.bounds.delays.expiry + s.age < r.request_age
    return r.state not in LIVE or not s.age < r.open_age


def _old_open_had_arrived(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    if not v.old_open:
        return True
    if s.phase == Picture.TAKEN and not v.listed:
        return leg.status in OVER
    return leg.status in ARRIVED


def _old_request_was_decided(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    if not v.old_request:
        return True
    if s.phase == Picture.TAKEN and not v.listed:
        return leg.status not in (Venue.UNSENT, Venue.SENT, Venue.OPEN)
    return leg.status not in (Venue.UNSENT, Venue.SENT)


def _old_cancel_was_asked(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    if not v.old_cancel:
        return True
    if r.state == OrderState.ABSENT:
        return leg.status != Venue.UNSENT
    return r.cancel != CancelAsked.NEVER


def _old_cancel_was_settled(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    if not v.old_cancel or leg.cancel in (Cancel.NONE, Cancel.REFUSED):
        return True
    return leg.cancel != Cancel.SENT and not (s.phase == Picture.TAKEN and v.listed)


def _cancelled_since_listed(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    if s.phase != Picture.EARLY or not v.listed or r.cancel != CancelAsked.AWAITED:
        return True
    if leg.cancel not in (Cancel.DONE, Cancel.NOT_OPEN):
        return True
    return not w.bounds.delays.expiry + s.age < r.cancel_age


def _old_open_was_bound(w: World, s: Snapshot, v: View, leg: Leg, r: Record) -> bool:
    return not v.old_open or (r.state != OrderState.PENDING and r.state != OrderState.DEAD)


SNAPSHOT = (
    Lemma("idle-is-clear", "a listing not asked for shows nothing of {}", _idle_is_clear),
    Lemma("snapshot-in-time", "a listing of {} is refused after its timeout", _snapshot_in_time),
    Lemma("shown-was-executed", "a listing shows at most what {} executed", _shown_was_executed),
    Lemma("listed-has-arrived", "a listing has {} only once it has arrived", _listed_has_arrived),
    Lemma("listed-is-partial", "a listing has {} only before it is filled", _listed_is_partial),
    Lemma("listed-is-known", "{} is not forgotten while a listing has it", _listed_is_known),
    Lemma("closed-since-listed", "listed, {} was closed since", _closed_since_listed),
    Lemma("unlisted-opened-since", "open and not listed, {} opened since", _unlisted_opened_since),
    Lemma("old-open-had-arrived", "known open before, {} had arrived", _old_open_had_arrived),
    Lemma(
        "old-cancel-was-asked",
        "a listing resolves a cancel of {} that was asked",
        _old_cancel_was_asked,
        needs=ANSWER,
    ),
    Lemma(
        "old-cancel-was-settled",
        "listed long after its cancel, {} was not cancelled",
        _old_cancel_was_settled,
        needs=ANSWER,
    ),
    Lemma(
        "cancelled-since-listed",
        "listed early, {} was cancelled since",
        _cancelled_since_listed,
        needs=ANSWER,
    ),
    Lemma("old-open-was-bound", "known open before, {} is bound", _old_open_was_bound),
    Lemma(
        "old-request-was-decided", "requested long before, {} was decided", _old_request_was_decided
    ),
)

# A modify


def _new_replaces_old(w: World) -> bool:
    return w.b.status not in ARRIVED or w.a.status == Venue.CANCELLED


def _modify_of_bound(w: World) -> bool:
    bound = w.book_a.state not in (OrderState.PENDING, OrderState.DEAD)
    return w.b.status == Venue.UNSENT or (w.a.status in ARRIVED and bound)


def _one_is_live(w: World) -> bool:
    return w.book_b.state in UNBOUND or w.book_a.state not in LIVE


def _replaced_is_closed(w: World) -> bool:
    if w.b.status not in ARRIVED or w.book_b.state == OrderState.PENDING:
        return True
    return w.book_a.state not in LIVE


def _replaced_is_known(w: World, n: int) -> bool:
    s = w.snapshots[n]
    if s.phase not in (Picture.REQUESTED, Picture.TAKEN) or not s.b.old_request:
        return True
    return w.book_a.state not in LIVE or s.a.old_open == 1


def _one_change(w: World) -> bool:
    return w.book_b.state != OrderState.PENDING or w.book_a.state != OrderState.CANCEL_PENDING


def _open_as_long(w: World) -> bool:
    r, lag = w.book_b, w.bounds.timers.lag
    if r.state != OrderState.PENDING or w.book_a.state not in LIVE:
        return True
    return not w.book_a.open_age < min(r.request_age, lag + 1)


def _replaced_unlisted(w: World, n: int) -> bool:
    s = w.snapshots[n]
    if s.phase != Picture.TAKEN or not s.b.old_request or w.b.status not in ARRIVED:
        return True
    return s.a.listed == 0


def _replaced_since_listed(w: World, n: int) -> bool:
    s = w.snapshots[n]
    if s.phase != Picture.EARLY or not s.a.listed or w.b.status not in ARRIVED:
        return True
    if w.book_b.state != OrderState.PENDING:
        return True
    return not w.bounds.delays.expiry + s.age < w.book_b.request_age


MODIFY = (
    Lemma("one-change", "no cancel and modify of an order are in flight together", _one_change),
    Lemma("new-replaces-old", "the new order arrives as the old is cancelled", _new_replaces_old),
    Lemma("modify-of-bound", "a modify is of an order that is bound", _modify_of_bound),
    Lemma(
        "one-is-live", "once the new order is bound the old is closed", _one_is_live, needs=ANSWER
    ),
    Lemma(
        "replaced-is-closed",
        "the old order is live only while the new is pending",
        _replaced_is_closed,
        needs=ANSWER,
    ),
    Lemma(
        "open-as-long",
        "the old order was open when the modify was sent",
        _open_as_long,
        needs=ANSWER,
    ),
)
MODIFY_SNAPSHOT = (
    Lemma(
        "replaced-is-known",
        "a listing old enough for the modify is so for the old order",
        _replaced_is_known,
        needs=ANSWER,
    ),
    Lemma(
        "replaced-since-listed",
        "listed early, the old order was replaced since",
        _replaced_since_listed,
    ),
    Lemma(
        "replaced-unlisted",
        "a listing old enough for the modify does not list the old order",
        _replaced_unlisted,
    ),
)
