"""What is true of the requests of one cloid besides the properties, and makes them inductive."""

from collections.abc import Iterator

from truebook.model.request_world import RequestWorld
from truebook.model.system import System
from truebook.model.vocabulary import Cancel, CancelAsked, OrderState, Venue
from truebook.specs.proofs.lemmas.lemma import Lemma

UNBOUND = (OrderState.PENDING, OrderState.DEAD)
ACCEPTED = (Venue.OPEN, Venue.CANCELLED)
BOUND = (OrderState.RESTING, OrderState.CANCELLED)


def request_lemmas(system: System) -> Iterator[Lemma]:
    """Yield the lemmas of the requests of one cloid."""
    yield from _REQUESTS


def _unsent_is_empty(w: RequestWorld) -> bool:
    """An unsent request is not in the book, and no later one was sent."""
    for k in range(len(w.requests)):
        request = w.requests[k]
        if request.status == Venue.UNSENT and (
            request.state != OrderState.ABSENT or request.shown or request.gone
        ):
            return False
        if k > 0 and w.requests[k - 1].status == Venue.UNSENT and request.status != Venue.UNSENT:
            return False
    return True


def _book_states(w: RequestWorld) -> bool:
    for request in w.requests:
        if request.state not in (
            OrderState.ABSENT,
            OrderState.PENDING,
            OrderState.DEAD,
            OrderState.RESTING,
            OrderState.CANCELLED,
        ):
            return False
        if request.status == Venue.FILLED:
            return False
    return True


def _sent_is_pending(w: RequestWorld) -> bool:
    """What is on its way or unheard of is pending; what is known as live or over was accepted."""
    for request in w.requests:
        if request.status == Venue.SENT and request.state != OrderState.PENDING:
            return False
        if request.state in BOUND and request.status not in ACCEPTED:
            return False
        if request.status == Venue.OPEN and request.state in (
            OrderState.DEAD,
            OrderState.CANCELLED,
            OrderState.ABSENT,
        ):
            return False
    return True


def _first_is_known(w: RequestWorld) -> bool:
    """A modify is of an order that is known, and the second is asked for once of the first is."""
    first, second = w.requests[1], w.requests[2]
    if first.status != Venue.UNSENT and (
        w.requests[0].status not in ACCEPTED or w.requests[0].state not in BOUND
    ):
        return False
    if second.status == Venue.UNSENT:
        return True
    if first.status == Venue.SENT or first.state == OrderState.PENDING:
        return False
    return first.status not in ACCEPTED or first.state in BOUND


def _replaced_is_over(w: RequestWorld) -> bool:
    """What was accepted has replaced all before it, and is known to have unless it is pending."""
    for j in range(1, len(w.requests)):
        request = w.requests[j]
        if request.status not in ACCEPTED:
            continue
        for older in w.requests[:j]:
            if older.status in (Venue.OPEN, Venue.SENT):
                return False
            if request.state != OrderState.PENDING and older.state == OrderState.RESTING:
                return False
    return True


def _cancel_is_of_one(w: RequestWorld) -> bool:
    """While a cancel is awaited, nothing but what it is of can be open, or come to be."""
    if w.asked != CancelAsked.AWAITED:
        return True
    for k in range(len(w.requests)):
        other = w.requests[k]
        known = other.state in (OrderState.PENDING, OrderState.RESTING)
        later = w.target < k and other.status in ACCEPTED
        if w.target != k and (known or later or other.status in (Venue.OPEN, Venue.SENT)):
            return False
    return True


def _blind_is_alone(w: RequestWorld) -> bool:
    """While what a cancel by the cloid was of is not known, no other is live."""
    for k in range(len(w.requests)):
        blind = w.asked != CancelAsked.NEVER and w.blind and w.target == k
        if blind and w.requests[k].state == OrderState.PENDING and _is_live(w):
            return False
    return True


def _is_live(w: RequestWorld) -> bool:
    return any(request.state == OrderState.RESTING for request in w.requests)


def _one_open(w: RequestWorld) -> bool:
    opened = 0
    live = 0
    pending = 0
    for request in w.requests:
        if request.status == Venue.OPEN:
            opened = opened + 1
        if request.state == OrderState.RESTING:
            live = live + 1
        if request.state == OrderState.PENDING:
            pending = pending + 1
    return opened < 2 and live < 2 and pending < 2


def _refused_was_refused(w: RequestWorld) -> bool:
    for request in w.requests:
        if request.refused and (
            request.status != Venue.REFUSED or request.state != OrderState.DEAD
        ):
            return False
    for k in range(1, len(w.requests)):
        request = w.requests[k]
        if request.gone and request.status != Venue.REFUSED:
            return False
        for older in w.requests[:k]:
            if request.gone and older.status == Venue.OPEN:
                return False
    return True


def _shown_was_refused(w: RequestWorld) -> bool:
    for request in w.requests[1:]:
        for k in range(1, len(w.requests)):
            if request.shown == k + 1 and w.requests[k].status != Venue.REFUSED:
                return False
        known = request.status == Venue.REFUSED and (
            request.refused or request.state == OrderState.ABSENT
        )
        if request.shown == 1 or (request.shown and not known):
            return False
    return True


def _shown_once(w: RequestWorld) -> bool:
    return not w.requests[1].shown or w.requests[1].shown != w.requests[2].shown


def _ambiguous_is_known(w: RequestWorld) -> bool:
    """Two requests that were never accepted are known of: both are there, or one was forgotten."""
    unaccepted = 0
    forgotten_unshown = False
    forgotten = False
    for request in w.requests:
        if request.status != Venue.UNSENT and request.state in (*UNBOUND, OrderState.ABSENT):
            unaccepted = unaccepted + 1
        if request.status != Venue.UNSENT and request.state == OrderState.ABSENT:
            forgotten = True
            if not request.shown:
                forgotten_unshown = True
    if forgotten and not w.ambiguous:
        return False
    if forgotten_unshown and not w.unshown:
        return False
    return unaccepted < 2 or w.ambiguous != 0


def _cancelled_was_open(w: RequestWorld) -> bool:
    return all(
        not request.cancelled
        or (request.status == Venue.CANCELLED and request.state == OrderState.DEAD)
        for request in w.requests
    )


def _cancel_was_asked(w: RequestWorld) -> bool:
    if w.cancel != Cancel.NONE and w.asked == CancelAsked.NEVER:
        return False
    return w.cancel != Cancel.SENT or w.asked == CancelAsked.AWAITED


def _cancel_done_is_over(w: RequestWorld) -> bool:
    """A cancel that was done, or found nothing open of an order that was known, is of one over."""
    for k in range(len(w.requests)):
        target = w.requests[k]
        if w.target != k or w.asked == CancelAsked.NEVER:
            continue
        if target.status == Venue.UNSENT:
            return False
        if w.cancel == Cancel.DONE and target.status != Venue.CANCELLED:
            return False
        if not w.blind and target.state not in BOUND:
            return False
        if w.cancel == Cancel.NOT_OPEN and not w.blind and target.status == Venue.OPEN:
            return False
    return True


_REQUESTS = (
    Lemma("unsent-is-empty", "requests are sent in their order", _unsent_is_empty),
    Lemma("book-states", "the book has requests in few states", _book_states),
    Lemma("sent-is-pending", "what may come to be is pending", _sent_is_pending),
    Lemma("first-is-known", "a modify is of an order that is known", _first_is_known),
    Lemma("replaced-is-over", "what was accepted has replaced what was before", _replaced_is_over),
    Lemma("cancel-is-of-one", "a cancel is of what can be open", _cancel_is_of_one),
    Lemma("blind-is-alone", "what is cancelled unseen has no other beside it", _blind_is_alone),
    Lemma("one-open", "one order of a cloid is open, live and pending at most", _one_open),
    Lemma("refused-was-refused", "what is known refused was refused", _refused_was_refused),
    Lemma("shown-was-refused", "what was shown refused was refused", _shown_was_refused),
    Lemma("shown-once", "a refusal is of one request", _shown_once),
    Lemma("ambiguous-is-known", "of several refused requests is known", _ambiguous_is_known),
    Lemma("cancelled-was-open", "what was cancelled unseen was open", _cancelled_was_open),
    Lemma("cancel-was-asked", "a cancel on the wire was asked for", _cancel_was_asked),
    Lemma("cancel-done-is-over", "what a cancel found over is over", _cancel_done_is_over),
)
