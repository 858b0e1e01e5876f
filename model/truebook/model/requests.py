"""A small world of the requests of one cloid: an order, modifies of it, and a cancel by the cloid.

Each has an answer of its own, which may come late, again and again, with its number or without; a
refusal is shown on the stream too, under an oid of its own, and a question by the cloid may be
answered for any of them. What fills is left out: here an order is open with all of its size; and
the refusal of the order itself, which can be of nothing else, comes as an answer alone.
"""

from typing import Any

from truebook.model.request_world import Request, RequestWorld
from truebook.model.vocabulary import Cancel, CancelAsked, OrderState, Venue

# The client


def place(w: RequestWorld) -> bool:
    """Send the order."""
    if w.r0.status != Venue.UNSENT:
        return False
    w.r0.status = Venue.SENT
    w.r0.state = OrderState.PENDING
    return True


def ask_modify(w: RequestWorld, k: int) -> bool:
    """Ask for modify k of the order that is open, unless a change of it is on its way."""
    if w.requests[k].status != Venue.UNSENT or w.requests[k - 1].status == Venue.UNSENT:
        return False
    if (
        not _has(w, OrderState.RESTING)
        or _has(w, OrderState.PENDING)
        or w.asked == CancelAsked.AWAITED
    ):
        return False
    for request in w.requests[:k]:
        if request.state in (OrderState.PENDING, OrderState.DEAD):
            w.ambiguous = 1
    w.requests[k].status = Venue.SENT
    w.requests[k].state = OrderState.PENDING
    return True


def ask_cancel(w: RequestWorld) -> bool:
    """Ask to cancel by the cloid, once: what is open, or the order that is not answered yet."""
    if w.asked != CancelAsked.NEVER or w.cancel != Cancel.NONE:
        return False
    if _has(w, OrderState.RESTING) == _has(w, OrderState.PENDING):
        return False
    for k in range(len(w.requests)):
        if w.requests[k].state in (OrderState.PENDING, OrderState.RESTING):
            w.target = k
            w.blind = 1 if w.requests[k].state == OrderState.PENDING else 0
    w.asked = CancelAsked.AWAITED
    w.cancel = Cancel.SENT
    return True


# The venue


def arrive(w: RequestWorld, k: int) -> bool:
    """Let a request take effect: a modify does where the order is open that it is to replace."""
    request = w.requests[k]
    if request.status != Venue.SENT or (k > 0 and not _is_open(w)):
        return False
    _close_open(w)
    request.status = Venue.OPEN
    return True


def refuse(w: RequestWorld, k: int) -> bool:
    """Refuse a request; the order that is open stays so."""
    if w.requests[k].status != Venue.SENT:
        return False
    w.requests[k].status = Venue.REFUSED
    return True


def refuse_late(w: RequestWorld, k: int) -> bool:
    """Cancel the order that a modify is of, and then refuse to place the other."""
    request = w.requests[k]
    if request.status != Venue.SENT or not _is_open(w):
        return False
    _close_open(w)
    request.status = Venue.REFUSED
    request.gone = 1
    return True


def lose(w: RequestWorld, k: int) -> bool:
    """Lose a request on its way."""
    if w.requests[k].status != Venue.SENT:
        return False
    w.requests[k].status = Venue.LOST
    return True


def end(w: RequestWorld) -> bool:
    """Let the open order be over, by itself."""
    if not _is_open(w):
        return False
    _close_open(w)
    return True


def cancel(w: RequestWorld) -> bool:
    """Let the cancel take effect, if there is anything to cancel."""
    if w.cancel != Cancel.SENT:
        return False
    w.cancel = Cancel.DONE if _is_open(w) else Cancel.NOT_OPEN
    _close_open(w)
    return True


def lose_cancel(w: RequestWorld) -> bool:
    """Lose the cancel, or the answer to it."""
    if w.cancel == Cancel.NONE:
        return False
    w.cancel = Cancel.NONE
    return True


# What the book is told, as often as it pleases


def answer(w: RequestWorld, k: int) -> bool:
    """Answer a request, with its number; one that is accepted has its oid."""
    request = w.requests[k]
    if request.status == Venue.REFUSED:
        _on_refusal(w, _numbered(w, k), k, streamed=False)
        return True
    if request.status in (Venue.OPEN, Venue.CANCELLED):
        _on_accepted(w, k)
        return True
    return False


def answer_bare(w: RequestWorld, k: int) -> bool:
    """Answer a request that was refused, without its number."""
    if w.requests[k].status != Venue.REFUSED:
        return False
    _on_refusal(w, _unnumbered(w), k, streamed=False)
    return True


def show(w: RequestWorld, k: int) -> bool:
    """Show a refusal under an oid of its own, on the stream or asked by the cloid."""
    if w.requests[k].status != Venue.REFUSED:
        return False
    if not w.keeps.status_of_its_oid:
        _end_all(w)
        return True
    for request in w.requests[1:]:
        if w.keeps.answers_name_requests and request.shown == k + 1:
            return True
    _on_refusal(w, _streamed(w), k, streamed=True)
    return True


def tell_status(w: RequestWorld, k: int) -> bool:
    """Answer a question by the cloid for request k: with its oid, and what it is."""
    request = w.requests[k]
    if request.status not in (Venue.OPEN, Venue.CANCELLED):
        return False
    if not w.keeps.status_of_its_oid and request.status != Venue.OPEN:
        _end_all(w)
        return True
    _on_accepted(w, k)
    if request.status == Venue.CANCELLED:
        _end(request)
    return True


def answer_cancel(w: RequestWorld) -> bool:
    """Answer the cancel: done, or never placed, already cancelled, or filled."""
    if w.cancel not in (Cancel.DONE, Cancel.NOT_OPEN):
        return False
    done = w.cancel == Cancel.DONE
    for k in range(len(w.requests)):
        if w.target == k:
            _on_cancelled(w, w.requests[k], done)
    return True


def listing(w: RequestWorld) -> bool:
    """Hand over a listing that is newer than all that was on its way."""
    for request in w.requests:
        if request.status == Venue.SENT:
            return False
    if w.cancel == Cancel.SENT:
        return False
    for k in range(len(w.requests)):
        request = w.requests[k]
        if request.status == Venue.OPEN:
            request.cancelled = 0
            _on_accepted(w, k)
        elif request.state == OrderState.RESTING:
            request.state = OrderState.CANCELLED
        elif request.state == OrderState.PENDING:
            request.state = OrderState.DEAD
    if w.asked == CancelAsked.AWAITED:
        w.asked = CancelAsked.OVER
    return True


def forget(w: RequestWorld, k: int) -> bool:
    """Let the book forget a request that never came to be."""
    request = w.requests[k]
    if request.state != OrderState.DEAD or k == 0:
        return False
    w.ambiguous = 1
    if not request.shown:
        w.unshown = 1
    request.state = OrderState.ABSENT
    request.refused = 0
    request.cancelled = 0
    return True


def exposure(w: RequestWorld) -> Any:
    """Return what the book counts: the largest of what is open and what is pending."""
    counted = 0
    for k in range(len(w.requests)):
        if w.requests[k].state in (OrderState.PENDING, OrderState.RESTING):
            counted = max(counted, w.size(k))
    return counted


# The book


def _on_accepted(w: RequestWorld, k: int) -> None:
    """Bind a request to its oid; the order that it replaced is over."""
    request = w.requests[k]
    if request.state not in (OrderState.PENDING, OrderState.DEAD):
        return
    request.state = OrderState.CANCELLED if request.cancelled else OrderState.RESTING
    request.refused = 0
    request.cancelled = 0
    for older in w.requests[:k]:
        if older.state == OrderState.RESTING:
            older.state = OrderState.CANCELLED


def _numbered(w: RequestWorld, k: int) -> Any:
    return k if w.keeps.answers_name_requests else _any_pending(w)


def _unnumbered(w: RequestWorld) -> Any:
    """Return of which modify a refusal is that names none; none where it may be of several."""
    if not w.keeps.answers_name_requests:
        return _any_pending(w)
    found = len(w.requests)
    unbound = 0
    for k in range(1, len(w.requests)):
        if w.requests[k].state in (OrderState.PENDING, OrderState.DEAD):
            unbound = unbound + 1
            found = k
    return found if unbound == 1 and not w.ambiguous else len(w.requests)


def _streamed(w: RequestWorld) -> Any:
    """Return of which modify a refusal on the stream is: first of one that is known refused."""
    if not w.keeps.answers_name_requests:
        return _any_pending(w)
    none = len(w.requests)
    found, known, hidden = none, none, 0
    for k in range(1, len(w.requests)):
        request = w.requests[k]
        if request.state in (OrderState.PENDING, OrderState.DEAD) and not request.shown:
            hidden = hidden + 1
            found = k
            if request.refused and known == none:
                known = k
    if known != none:
        return known
    return found if hidden == 1 and not w.unshown else none


def _any_pending(w: RequestWorld) -> Any:
    found = len(w.requests)
    for k in range(len(w.requests)):
        if w.requests[k].state == OrderState.PENDING:
            found = k
    return found


def _on_refusal(w: RequestWorld, which: Any, said_of: int, *, streamed: bool) -> None:
    for k in range(len(w.requests)):
        request = w.requests[k]
        if which == k and request.state in (OrderState.PENDING, OrderState.DEAD):
            request.state = OrderState.DEAD
            request.refused = 1
            if streamed and not request.shown:
                request.shown = said_of + 1
            if w.requests[said_of].gone and not streamed:
                for older in w.requests[:k]:
                    if older.state == OrderState.RESTING:
                        older.state = OrderState.CANCELLED


def _on_cancelled(w: RequestWorld, request: Request, done: bool) -> None:
    """Close the order; what is not open may yet be on its way, if it was not known to be there."""
    w.asked = CancelAsked.OVER
    if not done and w.blind and w.keeps.errors_end_little:
        return
    if done and request.state in (OrderState.PENDING, OrderState.DEAD) and not request.refused:
        request.cancelled = 1
    _end(request)


def _end_all(w: RequestWorld) -> None:
    for request in w.requests:
        _end(request)


def _end(request: Request) -> None:
    if request.state == OrderState.RESTING:
        request.state = OrderState.CANCELLED
    elif request.state == OrderState.PENDING:
        request.state = OrderState.DEAD


# What is so


def _close_open(w: RequestWorld) -> None:
    for request in w.requests:
        if request.status == Venue.OPEN:
            request.status = Venue.CANCELLED


def _is_open(w: RequestWorld) -> bool:
    return any(request.status == Venue.OPEN for request in w.requests)


def _has(w: RequestWorld, state: int) -> bool:
    return any(request.state == state for request in w.requests)
