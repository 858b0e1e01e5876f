"""What is true of one order of ours besides the properties, and makes them inductive."""

from collections.abc import Callable, Iterator
from functools import partial

import attrs

from truebook.model.clock import untold
from truebook.model.system import System
from truebook.model.vocabulary import LIVE, UNBOUND, Answer, Cancel, CancelAsked, OrderState, Venue
from truebook.model.world import Record, World
from truebook.specs.proofs.lemmas.lemma import ANSWER, FILL, OVER, Lemma
from truebook.specs.proofs.lemmas.snapshots import MODIFY, MODIFY_SNAPSHOT, SNAPSHOT
from truebook.specs.proofs.lemmas.venue import VENUE, WIRE
from truebook.specs.properties import position_is_told


def order_lemmas(system: System) -> Iterator[Lemma]:
    """Yield the lemmas of one order of ours, leg by leg and snapshot by snapshot."""
    world = system.create()
    legs, snapshots = range(len(world.legs)), range(len(world.snapshots))
    yield Lemma("position-is-told", "the position is the fills told", position_is_told)
    for i in legs:
        order = ("the order", "the new order")[i]
        for lemma in (*VENUE, *WIRE, *_BOOK, *_AGES):
            yield _of(lemma, order, partial(lemma.holds, i=i))
        for n in snapshots:
            snapshot = ("the listing", "the second listing")[n]
            for lemma in SNAPSHOT:
                yield _of(lemma, f"{order} in {snapshot}", _shown(lemma.holds, n, i))
    if len(legs) == 2:
        yield from MODIFY
        for n in snapshots:
            for lemma in MODIFY_SNAPSHOT:
                yield attrs.evolve(lemma, holds=partial(lemma.holds, n=n))


def _of(lemma: Lemma, what: str, holds: Callable[[World], bool]) -> Lemma:
    return attrs.evolve(lemma, sentence=lemma.sentence.format(what), holds=holds)


def _shown(holds: Callable[..., bool], n: int, i: int) -> Callable[[World], bool]:
    def of_world(w: World) -> bool:
        s = w.snapshots[n]
        return holds(w, s, s.views[i], w.legs[i], w.records[i])

    return of_world


# The book


def _absent_is_empty(w: World, i: int) -> bool:
    r = w.records[i]
    if r.state != OrderState.ABSENT:
        return True
    return r.size == 0 and r.taker == 0 and r.maker == 0 and _never_bound(r)


def _never_bound(r: Record) -> bool:
    return r.mapped == 0 and r.answered == 0 and r.stated == 0 and r.cancel == CancelAsked.NEVER


def _unbound_knows_fills_alone(w: World, i: int) -> bool:
    return w.records[i].state not in UNBOUND or _never_bound(w.records[i])


def _bound_is_mapped(w: World, i: int) -> bool:
    return w.records[i].state in UNBOUND or w.records[i].mapped == 1


def _size_is_registered(w: World, i: int) -> bool:
    r = w.records[i]
    return r.state == OrderState.ABSENT or r.size == w.size(i)


def _registered_when_sent(w: World, i: int) -> bool:
    leg, r = w.legs[i], w.records[i]
    if leg.status == Venue.UNSENT:
        return r.state == OrderState.ABSENT
    if leg.status == Venue.SENT:
        return r.state == OrderState.PENDING
    if leg.status in (Venue.LOST, Venue.REFUSED):
        return r.state in UNBOUND
    return True


def _closed_is_over(w: World, i: int) -> bool:
    return (
        w.records[i].state in LIVE
        or w.records[i].state == OrderState.PENDING
        or (w.legs[i].status not in (Venue.OPEN, Venue.SENT))
    )


def _records_told(w: World, i: int) -> bool:
    leg, r = w.legs[i], w.records[i]
    return not leg.taker_told < r.taker and not leg.maker_told < r.maker


def _answered_was_taken(w: World, i: int) -> bool:
    return w.records[i].answered in (0, w.legs[i].taken)


def _stated_was_executed(w: World, i: int) -> bool:
    leg, r = w.legs[i], w.records[i]
    if r.final and r.state not in UNBOUND:
        return r.stated == leg.executed and leg.status in OVER
    return not leg.executed < r.stated


def _final_of_dead_is_refused(w: World, i: int) -> bool:
    r = w.records[i]
    if not r.final:
        return True
    if r.state == OrderState.DEAD:
        return w.legs[i].status == Venue.REFUSED
    return r.state not in UNBOUND


def _never_an_orphan(w: World, i: int) -> bool:
    return w.records[i].candidate == 0 and w.records[i].orphan_asked == 0


def _never_disputed(w: World, i: int) -> bool:
    return w.records[i].disputed == 0


def _state_follows(w: World, i: int) -> bool:
    r = w.records[i]
    if r.state in UNBOUND:
        return True
    total = w.tracker.filled(w, i)
    if r.state in (OrderState.FILLED, OrderState.FILLED_DURING_CANCEL):
        return not total < r.size
    if not total < r.size:
        return False
    if r.state in LIVE:
        if r.state == OrderState.CANCEL_PENDING:
            return r.cancel == CancelAsked.AWAITED
        if r.cancel == CancelAsked.AWAITED:
            return False
        return (total == 0) == (r.state == OrderState.RESTING)
    return r.cancel != CancelAsked.AWAITED


def _bound_knows_taken(w: World, i: int) -> bool:
    bound = w.records[i].state not in UNBOUND
    return not bound or w.tracker.filled(w, i) != 0 or w.legs[i].taken == 0


def _told_names(w: World, i: int) -> bool:
    leg = w.legs[i]
    return w.bounds.bare or leg.named == 1 or leg.taker_told + leg.maker_told == 0


def _end_told_is_closed(w: World, i: int) -> bool:
    leg, r = w.legs[i], w.records[i]
    if r.state == OrderState.DEAD:
        return not leg.ended_told or leg.status == Venue.REFUSED
    if r.state == OrderState.PENDING or r.state in LIVE:
        return leg.ended_told == 0 and r.final == 0
    return True


def _named_is_bound(w: World, i: int) -> bool:
    state = w.records[i].state
    return not w.legs[i].named or (state != OrderState.PENDING and state != OrderState.DEAD)


def _cancel_of_bound(w: World, i: int) -> bool:
    state = w.records[i].state
    return w.legs[i].cancel == Cancel.NONE or (
        state != OrderState.PENDING and state != OrderState.DEAD
    )


def _cancel_is_awaited(w: World, i: int) -> bool:
    leg, r = w.legs[i], w.records[i]
    if r.state not in LIVE or leg.cancel in (Cancel.NONE, Cancel.REFUSED):
        return True
    if r.cancel != CancelAsked.AWAITED:
        return False
    return leg.cancel != Cancel.SENT or r.cancel_age == leg.cancel_age


def _cancelled_is_settled(w: World, i: int) -> bool:
    r = w.records[i]
    settled = r.final and r.taker + r.maker == r.stated
    over = not r.closed_age < w.bounds.timers.fill_window
    if r.state == OrderState.CANCELLED:
        return settled or over
    return r.state != OrderState.CANCEL_CONFIRMED or not (settled or over)


_BOOK = (
    Lemma("absent-is-empty", "nothing is held of {} where it is absent", _absent_is_empty),
    Lemma("unbound-knows-fills-alone", "no oid, no answer for {}", _unbound_knows_fills_alone),
    Lemma("bound-is-mapped", "once bound, the cloid of {} resolves", _bound_is_mapped),
    Lemma("size-is-registered", "the book has the size of {}", _size_is_registered),
    Lemma("registered-when-sent", "{} is registered before it is sent", _registered_when_sent),
    Lemma("closed-is-over", "{} is not closed in the book while open", _closed_is_over),
    Lemma("records-told", "only fills told are recorded on {}", _records_told),
    Lemma("answered-was-taken", "an answer says what {} took", _answered_was_taken),
    Lemma("stated-was-executed", "a status says at most what {} executed", _stated_was_executed),
    Lemma(
        "final-of-dead-is-refused",
        "a last word on {} unbound is a refusal",
        _final_of_dead_is_refused,
    ),
    Lemma("never-an-orphan", "{} is never an orphan candidate", _never_an_orphan),
    Lemma("never-disputed", "no listing contradicts the end of {}", _never_disputed),
    Lemma("state-follows", "the state of {} follows from what is known", _state_follows),
    Lemma(
        "end-told-is-closed",
        "{} is closed in the book once its end is told",
        _end_told_is_closed,
        needs=ANSWER,
    ),
    Lemma(
        "bound-knows-taken",
        "bound, {} shows nothing filled only if it took none",
        _bound_knows_taken,
    ),
    Lemma("told-names", "a fill of {} that carries our cloid names it", _told_names),
    Lemma("named-is-bound", "{} is bound once a message named it", _named_is_bound),
    Lemma("cancel-of-bound", "only {} bound is asked to be cancelled", _cancel_of_bound),
    Lemma(
        "cancel-is-awaited",
        "a cancel of {} that may succeed is awaited",
        _cancel_is_awaited,
        needs=ANSWER,
    ),
    Lemma("cancelled-is-settled", "{} awaits no fill once cancelled", _cancelled_is_settled),
)

# Ages


def _ages_of_the_book(w: World, i: int) -> bool:
    r, timers = w.records[i], w.bounds.timers
    if r.state != OrderState.PENDING and r.request_age != 0:
        return False
    if r.state not in LIVE and r.open_age != 0:
        return False
    if r.state != OrderState.CANCEL_PENDING and r.cancel_age != 0:
        return False
    if r.state in (OrderState.ABSENT, OrderState.PENDING, *LIVE) and r.closed_age != 0:
        return False
    return r.closed_age < timers.fill_window + timers.tombstone or r.state in LIVE


def _request_age_is_told(w: World, i: int) -> bool:
    leg, r = w.legs[i], w.records[i]
    return leg.status != Venue.SENT or r.request_age == leg.request_age


def _closed_after_the_end(w: World, i: int) -> bool:
    leg, r = w.legs[i], w.records[i]
    return not untold(leg) or not leg.end_age < r.closed_age


def _closed_after_the_answer(w: World, i: int) -> bool:
    leg, r = w.legs[i], w.records[i]
    return leg.answer != Answer.COMING or not leg.answer_age < r.closed_age


def _delays_held(w: World, i: int) -> bool:
    leg, delays = w.legs[i], w.bounds.delays
    if delays.fill is not None and delays.fill < leg.end_age:
        return False
    return delays.answer is None or not delays.answer < leg.answer_age


def _forgotten(w: World, i: int) -> bool:
    return w.records[i].state == OrderState.ABSENT and w.legs[i].status != Venue.UNSENT


def _fills_told_when_forgotten(w: World, i: int) -> bool:
    return not _forgotten(w, i) or not untold(w.legs[i])


def _answered_when_forgotten(w: World, i: int) -> bool:
    return not _forgotten(w, i) or w.legs[i].answer != Answer.COMING


def _records_all_told(w: World, i: int) -> bool:
    leg, r = w.legs[i], w.records[i]
    if r.state == OrderState.ABSENT:
        return True
    return r.taker == leg.taker_told and r.maker == leg.maker_told


_AGES = (
    Lemma("ages-of-the-book", "of {} only what is awaited ages", _ages_of_the_book),
    Lemma(
        "request-age-is-told", "the book knows the age of the request of {}", _request_age_is_told
    ),
    Lemma("closed-after-the-end", "{} is closed in the book after its end", _closed_after_the_end),
    Lemma(
        "closed-after-the-answer", "{} is closed after its answer left", _closed_after_the_answer
    ),
    Lemma("delays-held", "messages of {} are no later than assumed", _delays_held),
    Lemma(
        "fills-told-when-forgotten",
        "every fill of {} is told when it is forgotten",
        _fills_told_when_forgotten,
        needs=FILL,
    ),
    Lemma(
        "answered-when-forgotten",
        "{} is answered when it is forgotten",
        _answered_when_forgotten,
        needs=ANSWER,
    ),
    Lemma(
        "records-all-told",
        "all fills told of {} are recorded",
        _records_all_told,
        needs=(*FILL, *ANSWER),
    ),
)
