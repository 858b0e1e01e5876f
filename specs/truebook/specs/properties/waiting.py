"""The checks of an order of ours that waits."""

from collections.abc import Iterator

from truebook.model import lifecycle, waiting_book
from truebook.model.system import Action, System
from truebook.model.vocabulary import CLOSED, LIVE, OrderState, Venue
from truebook.model.waiting import WaitingWorld
from truebook.specs.properties.sentences import Check, Kind

_UNKNOWN = (OrderState.ABSENT, OrderState.DEAD)


def waiting_checks(system: System) -> Iterator[Check]:
    """Yield the checks of an order that waits."""
    order = "the order"
    for name, part, kind, holds in (
        (
            "tracked-or-in-grace",
            f"{order} waits or trades, unknown to the book",
            Kind.STATE,
            _known,
        ),
        (
            "no-live-order-dropped",
            f"{order} waits or trades, closed in the book",
            Kind.STATE,
            _kept,
        ),
        ("exposure-bounds-truth", "more can trade than the book says", Kind.STATE, _bounded),
        ("exposure-is-tight", f"{order} counts for more than its size", Kind.STATE, _tight),
        ("transitions-in-table", "a change that the table does not have", Kind.STEP, _in_table),
        ("nothing-leaks", f"the book still holds {order}, which is over", Kind.SETTLED, _no_leak),
        ("convergence", f"{order} is not shown as it is", Kind.SETTLED, _shown),
    ):
        yield Check(name, part, kind, holds)


def _known(w: WaitingWorld) -> bool:
    return w.status != Venue.OPEN or w.book_a.state not in _UNKNOWN


def _kept(w: WaitingWorld) -> bool:
    return w.status != Venue.OPEN or w.book_a.state not in CLOSED


def _bounded(w: WaitingWorld) -> bool:
    can_trade = 0
    if w.status in (Venue.SENT, Venue.OPEN):
        can_trade = w.bounds.size - w.executed
    counted = waiting_book.exposure(w) + waiting_book.unsettled(w)
    return not w.told + counted < w.executed + can_trade


def _tight(w: WaitingWorld) -> bool:
    counted = waiting_book.exposure(w) + waiting_book.unsettled(w)
    return not w.bounds.size < w.book_a.filled + counted


def _in_table(before: WaitingWorld, after: WaitingWorld, action: Action) -> bool:
    was, now = before.book_a.state, after.book_a.state
    if was == now:
        return True
    if action.event is None:
        return False
    for state in OrderState:
        if was == state:
            return now in lifecycle.targets(action.event, state, disputed=False)
    return False


def _no_leak(w: WaitingWorld) -> bool:
    return w.status in (Venue.OPEN, Venue.UNSENT) or w.book_a.state == OrderState.ABSENT


def _shown(w: WaitingWorld) -> bool:
    state = w.book_a.state
    if w.status == Venue.OPEN:
        return state == OrderState.WAITING if w.waits else state in LIVE
    return state not in (*LIVE, OrderState.WAITING, OrderState.PENDING)
