"""What is true of the requests of one cloid besides the properties, and makes them inductive."""

from collections.abc import Iterator

from truebook.model.requests import RequestWorld
from truebook.model.system import System
from truebook.model.vocabulary import Cancel, CancelAsked, OrderState, Venue
from truebook.specs.proofs.lemmas.lemma import Lemma

UNBOUND = (OrderState.PENDING, OrderState.DEAD)
ACCEPTED = (Venue.OPEN, Venue.CANCELLED)


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
        bound = request.state in (OrderState.RESTING, OrderState.CANCELLED)
        if bound and request.status not in ACCEPTED:
            return False
        if request.status == Venue.OPEN and request.state in (
            OrderState.DEAD,
            OrderState.CANCELLED,
            OrderState.ABSENT,
        ):
            return False
    return True


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
        if request.refused and request.status != Venue.REFUSED:
            return False
        if request.refused and request.state != OrderState.DEAD:
            return False
        if request.gone and request.status != Venue.REFUSED:
            return False
    return True


def _shown_was_refused(w: RequestWorld) -> bool:
    """A refusal that was shown is of a request that was refused; one that has a bearer is refused."""
    for request in w.requests:
        for k in range(len(w.requests)):
            if request.shown == k + 1 and w.requests[k].status != Venue.REFUSED:
                return False
        if request.shown and request.status != Venue.REFUSED:
            return False
        if request.shown and request.state == OrderState.DEAD and not request.refused:
            return False
        if request.shown and request.state == OrderState.PENDING:
            return False
    return True


def _shown_once(w: RequestWorld) -> bool:
    for j in range(len(w.requests)):
        for k in range(j):
            if w.requests[j].shown and w.requests[j].shown == w.requests[k].shown:
                return False
    return True


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
        if not w.blind and target.state not in (OrderState.RESTING, OrderState.CANCELLED):
            return False
        if w.cancel == Cancel.NOT_OPEN and not w.blind and target.status == Venue.OPEN:
            return False
    return True


_REQUESTS = (
    Lemma("unsent-is-empty", "requests are sent in their order", _unsent_is_empty),
    Lemma("book-states", "the book has requests in few states", _book_states),
    Lemma("sent-is-pending", "what may come to be is pending", _sent_is_pending),
    Lemma("one-open", "one order of a cloid is open, live and pending at most", _one_open),
    Lemma("refused-was-refused", "what is known refused was refused", _refused_was_refused),
    Lemma("shown-was-refused", "what was shown refused was refused", _shown_was_refused),
    Lemma("shown-once", "a refusal is of one request", _shown_once),
    Lemma("ambiguous-is-known", "of several refused requests is known", _ambiguous_is_known),
    Lemma("cancelled-was-open", "what was cancelled unseen was open", _cancelled_was_open),
    Lemma("cancel-was-asked", "a cancel on the wire was asked for", _cancel_was_asked),
    Lemma("cancel-done-is-over", "what a cancel found over is over", _cancel_done_is_over),
)
