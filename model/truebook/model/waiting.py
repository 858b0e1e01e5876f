"""An order that waits: its world, where the venue accepts it and does not put it into its book.

It is the child of another order, and trades once that has filled and it is triggered; if that ends
with nothing filled it is cancelled. Its answer has no oid. Listings may leave out those that wait.
What an order does once it trades is told in the world of one order; here it goes on in short.
"""

import attrs

from truebook.model import snapshots
from truebook.model import waiting_book as book
from truebook.model.config import Bounds
from truebook.model.rules import Rules
from truebook.model.vocabulary import Answer, Cancel, OrderState, Picture, Venue
from truebook.model.waiting_book import WaitingRecord, WaitingView

OVER = (Venue.FILLED, Venue.CANCELLED)
PARENT_OPEN, PARENT_FILLED, PARENT_ENDED = 0, 1, 2


@attrs.define
class WaitingWorld:
    """The venue's side, the wire, then the book's record and the listing on its way.

    `waits`: it is accepted and not in the venue's book. `parent` is whether the other order is
    open, filled, or ended with nothing filled. `told` are the fills delivered. `sent_age`,
    `cancel_sent_age` and `end_age` are how long the request, the cancel, and fills after the end
    have been on their way.
    """

    bounds: Bounds
    keeps: Rules
    status: int = Venue.UNSENT
    waits: int = 0
    parent: int = PARENT_OPEN
    executed: int = 0
    told: int = 0
    answer: int = Answer.NONE
    cancel: int = Cancel.NONE
    sent_age: int = 0
    cancel_sent_age: int = 0
    end_age: int = 0
    book_a: WaitingRecord = attrs.field(factory=WaitingRecord)
    first: WaitingView = attrs.field(factory=WaitingView)
    records: tuple[WaitingRecord, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Collect the one record, by the name that several have."""
        self.records = (self.book_a,)


def send(w: WaitingWorld) -> bool:
    """Register the order, and send its request."""
    if w.status != Venue.UNSENT:
        return False
    w.status = Venue.SENT
    w.book_a.state = OrderState.PENDING
    return True


def accept(w: WaitingWorld) -> bool:
    """Accept the order: it waits, unless its parent has ended."""
    if w.status != Venue.SENT:
        return False
    w.answer = Answer.COMING
    w.sent_age = 0
    w.waits = 1
    w.status = Venue.OPEN
    if w.parent == PARENT_ENDED:
        _end(w, Venue.CANCELLED)
    return True


def lose(w: WaitingWorld) -> bool:
    """Lose the request."""
    if w.status != Venue.SENT:
        return False
    w.status = Venue.LOST
    w.sent_age = 0
    return True


def lose_answer(w: WaitingWorld) -> bool:
    """Lose the answer to the request."""
    if w.answer != Answer.COMING:
        return False
    w.answer = Answer.OVER
    return True


def fill_parent(w: WaitingWorld) -> bool:
    """Fill the other order."""
    if w.parent != PARENT_OPEN:
        return False
    w.parent = PARENT_FILLED
    return True


def end_parent(w: WaitingWorld) -> bool:
    """End the other order with nothing filled: its child goes with it."""
    if w.parent != PARENT_OPEN:
        return False
    w.parent = PARENT_ENDED
    if w.status == Venue.OPEN:
        _end(w, Venue.CANCELLED)
    return True


def trigger(w: WaitingWorld) -> bool:
    """Put the order into the venue's book."""
    if not w.waits or w.parent != PARENT_FILLED:
        return False
    w.waits = 0
    return True


def fill(w: WaitingWorld) -> bool:
    """Fill a lot."""
    if w.status != Venue.OPEN or w.waits:
        return False
    w.executed = w.executed + 1
    if w.executed == w.bounds.size:
        _end(w, Venue.FILLED)
    return True


def cancel_unasked(w: WaitingWorld) -> bool:
    """Cancel the order, though nobody asked."""
    if w.status != Venue.OPEN:
        return False
    _end(w, Venue.CANCELLED)
    return True


def ask_cancel(w: WaitingWorld) -> bool:
    """Send a cancel, if the book lets it be sent."""
    if w.cancel != Cancel.NONE or not book.can_cancel(w.book_a):
        return False
    w.cancel = Cancel.SENT
    book.on_cancel_asked(w.book_a, w.first)
    return True


def cancel(w: WaitingWorld) -> bool:
    """Let the cancel take effect."""
    if w.cancel != Cancel.SENT:
        return False
    w.cancel_sent_age = 0
    w.cancel = Cancel.NOT_OPEN
    if w.status == Venue.OPEN:
        w.cancel = Cancel.DONE
        _end(w, Venue.CANCELLED)
    return True


def lose_cancel(w: WaitingWorld) -> bool:
    """Lose the cancel, or the answer to it."""
    if w.cancel == Cancel.NONE:
        return False
    w.cancel = Cancel.NONE
    w.cancel_sent_age = 0
    return True


def answer_cancel(w: WaitingWorld) -> bool:
    """Deliver the answer to the cancel."""
    if w.cancel == Cancel.NONE or w.cancel == Cancel.SENT:
        return False
    done = w.cancel == Cancel.DONE
    w.cancel = Cancel.NONE
    book.on_cancel_answer(w, done)
    return True


def answer(w: WaitingWorld) -> bool:
    """Deliver the answer: accepted, and waits."""
    if w.answer != Answer.COMING:
        return False
    w.answer = Answer.OVER
    book.on_waits(w)
    return True


def tell_fill(w: WaitingWorld) -> bool:
    """Deliver a fill, which carries our cloid."""
    if w.told == w.executed:
        return False
    w.told = w.told + 1
    book.on_fill(w)
    return True


def tell_open(w: WaitingWorld) -> bool:
    """Tell that the order is in the venue's book."""
    if w.status != Venue.OPEN or w.waits:
        return False
    book.on_open(w)
    return True


def tell_end(w: WaitingWorld) -> bool:
    """Tell that the order is over, and what of it has filled."""
    if w.status not in OVER:
        return False
    book.on_end(w, w.executed)
    return True


def tell_parent(w: WaitingWorld) -> bool:
    """Tell that the other order ended with nothing filled."""
    if w.parent != PARENT_ENDED:
        return False
    book.on_parent_over(w)
    return True


def read_early(w: WaitingWorld, covers: int) -> bool:
    """The venue's lagging reader takes the picture of a listing that is yet to be asked for."""
    s = w.first
    if not snapshots.can_read_early(s, w.bounds):
        return False
    s.covers = covers
    _picture(w)
    s.phase = Picture.EARLY
    s.age = 0
    return True


def ask_listing(w: WaitingWorld, covers: int) -> bool:
    """Ask for the open orders, with those that wait (`covers`) or without."""
    s = w.first
    if s.phase == Picture.EARLY and s.covers != covers:
        return False
    if not snapshots.ask(s):
        return False
    s.covers = covers
    book.on_listing_asked(w)
    return True


def take_listing(w: WaitingWorld) -> bool:
    """Take the picture that was asked for."""
    s = w.first
    if s.phase != Picture.REQUESTED:
        return False
    s.phase = Picture.TAKEN
    _picture(w)
    return True


def process_listing(w: WaitingWorld) -> bool:
    """Hand the picture over to the book."""
    if w.first.phase != Picture.TAKEN:
        return False
    book.on_listing(w)
    _clear(w.first)
    return True


def fail_listing(w: WaitingWorld) -> bool:
    """Fail the listing."""
    if not snapshots.is_coming(w.first):
        return False
    _clear(w.first)
    return True


def tick(w: WaitingWorld) -> bool:
    """Let one tick pass, unless something is due first; what ages has parts of its own."""
    delays = w.bounds.delays
    if w.status == Venue.SENT and not w.sent_age < delays.expiry:
        return False
    if w.cancel == Cancel.SENT and not w.cancel_sent_age < delays.expiry:
        return False
    if delays.fill is None or w.told == w.executed or w.status not in OVER:
        return True
    return w.end_age < delays.fill


def age_wire(w: WaitingWorld) -> bool:
    """Age what is on its way."""
    if w.status == Venue.SENT:
        w.sent_age = w.sent_age + 1
    if w.cancel == Cancel.SENT:
        w.cancel_sent_age = w.cancel_sent_age + 1
    if w.status in OVER and w.told < w.executed:
        w.end_age = w.end_age + 1
    else:
        w.end_age = 0
    return True


def age_book(w: WaitingWorld) -> bool:
    """Age what the book holds."""
    book.on_tick(w)
    return True


def age_listing(w: WaitingWorld) -> bool:
    """Age the listing on its way; one that is too old has failed."""
    if not snapshots.grow_older(w.first, w.bounds):
        _clear(w.first)
    return True


def _end(w: WaitingWorld, status: int) -> None:
    w.status = status
    w.waits = 0


def _picture(w: WaitingWorld) -> None:
    s = w.first
    s.listed = book.ABSENT
    if w.status == Venue.OPEN and not w.waits:
        s.listed = book.TRADES
    elif w.waits and s.covers:
        s.listed = book.WAITS


def _clear(s: WaitingView) -> None:
    s.phase = Picture.IDLE
    s.age = 0
    s.covers = 0
    s.listed = book.ABSENT
    s.old = 0
    s.old_cancel = 0
