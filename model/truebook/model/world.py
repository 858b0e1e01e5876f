"""One order's world: the venue, the wire and the clock as actions upon a small object.

Every number is a small integer, every action a plain function that returns whether it happened.
The book inside the world is a `Tracker`: it is told messages and never looks at the venue.
"""

from typing import Protocol

import attrs

from truebook.model.config import Bounds
from truebook.model.rules import Rules
from truebook.model.vocabulary import Answer, Cancel, CancelAsked, OrderState, Picture, Venue


@attrs.define
class Leg:
    """One oid of the order, as the venue and the wire have it.

    `taken` is the part of `executed` that traded on arrival; `taker_told` and `maker_told` count
    the fills delivered at least once. `named` and `ended_told` remember, for the properties
    alone, that a message has joined cloid and oid, and that one has said that the order is over.
    """

    status: int = Venue.UNSENT
    executed: int = 0
    taken: int = 0
    taker_told: int = 0
    maker_told: int = 0
    end_age: int = 0
    request_age: int = 0
    answer: int = Answer.NONE
    answer_age: int = 0
    cancel: int = Cancel.NONE
    cancel_age: int = 0
    named: int = 0
    ended_told: int = 0


@attrs.define
class Record:
    """What the book knows of one oid of the order.

    `taker` and `maker` count the fills recorded on it, or waiting for it while its oid is
    unknown. `answered` and `stated` are what an answer, or a status or listing, said has filled;
    `final` means that `stated` is the last word. `protected` is the plan's: ticks left in which
    reconcile leaves the order alone. `candidate` is 0, or 1 + the ticks since a
    listing showed the oid unknown to us.
    """

    state: int = OrderState.ABSENT
    mapped: int = 0
    size: int = 0
    taker: int = 0
    maker: int = 0
    answered: int = 0
    stated: int = 0
    final: int = 0
    cancel: int = CancelAsked.NEVER
    request_age: int = 0
    cancel_age: int = 0
    open_age: int = 0
    closed_age: int = 0
    candidate: int = 0
    orphan_asked: int = 0
    protected: int = 0


@attrs.define
class View:
    """What one snapshot shows of one leg, and what the book knew of it when it asked.

    `old_open`, `old_request` and `old_cancel` say that by then the order had been known open, its
    request, or its cancel had been sent, for long enough that the snapshot is newer.
    """

    listed: int = 0
    filled: int = 0
    old_open: int = 0
    old_request: int = 0
    old_cancel: int = 0


@attrs.define
class Snapshot:
    """A picture of the venue's open orders on its way to the book; `age` is since its phase."""

    phase: int = Picture.IDLE
    age: int = 0
    a: View = attrs.field(factory=View)
    b: View = attrs.field(factory=View)

    @property
    def views(self) -> tuple[View, View]:
        """The views of both legs."""
        return self.a, self.b


RECORD_FIELDS: tuple[str, ...] = tuple(field.name for field in attrs.fields(Record))


@attrs.define
class World:
    """The world of one order: its legs (`b` is the one that a modify makes), records, snapshots.

    `position` is what this order adds to the book's position, in lots in the order's direction.
    """

    bounds: Bounds
    keeps: Rules
    tracker: "Tracker"
    a: Leg = attrs.field(factory=Leg)
    b: Leg = attrs.field(factory=Leg)
    book_a: Record = attrs.field(factory=Record)
    book_b: Record = attrs.field(factory=Record)
    first: Snapshot = attrs.field(factory=Snapshot)
    second: Snapshot = attrs.field(factory=Snapshot)
    position: int = 0
    replays: int = 0
    reconnects: int = 0
    legs: tuple[Leg, ...] = attrs.field(init=False)
    records: tuple[Record, ...] = attrs.field(init=False)
    snapshots: tuple[Snapshot, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Collect what the bounds let exist."""
        two = self.bounds.modify
        self.legs = (self.a, self.b) if two else (self.a,)
        self.records = (self.book_a, self.book_b) if two else (self.book_a,)
        self.snapshots = (self.first, self.second)[: self.bounds.snapshots]

    def size(self, i: int) -> int:
        """Return the size of leg i."""
        return self.bounds.size if i == 0 else self.bounds.new_size


class Tracker(Protocol):
    """What a book does with each message; `i` is the leg that the message is about."""

    def register(self, w: World, i: int) -> None:
        """We send the request of leg i."""

    def on_answer(self, w: World, i: int, refused: bool, taken: int) -> None:
        """The venue answered the request: refused, or accepted with `taken` filled on arrival."""

    def on_error_item(self, w: World, i: int) -> None:
        """The refusal came as an item of a batch's answer, without an oid."""

    def on_timeout(self, w: World, i: int) -> None:
        """Nobody waits for the answer any longer."""

    def on_fill(self, w: World, i: int, taker: bool, named: bool, new: bool) -> None:
        """A fill of one lot arrived, with our cloid if `named`; `new`: its id is not known yet."""

    def on_end(self, w: World, i: int, refused: bool, filled: int) -> None:
        """The venue says that the order is over (or never was), with `filled` lots filled."""

    def can_change(self, w: World, i: int) -> bool:
        """Return whether the book lets us ask to cancel or modify the order now."""
        ...

    def on_cancel_asked(self, w: World, i: int) -> None:
        """We send a cancel."""

    def on_cancel_answer(self, w: World, i: int, refused: bool) -> None:
        """The cancel was answered: not open any more, or refused."""

    def on_snapshot_asked(self, w: World, s: Snapshot) -> None:
        """We ask for the open orders."""

    def on_listing(self, w: World, s: Snapshot, i: int) -> None:
        """The open orders arrive, with leg i among them or not."""

    def on_position(self, w: World, position: int) -> None:
        """The venue's position arrives, as of the same picture."""

    def on_tick(self, w: World, i: int) -> None:
        """One tick of the clock has passed."""

    def filled(self, w: World, i: int) -> int:
        """Return what the book shows as filled of leg i, in lots."""
        ...

    def exposure(self, w: World, i: int) -> int:
        """Return what the book holds can still trade of leg i's order, in lots."""
        ...

    def unsettled(self, w: World, i: int) -> int:
        """Return what the book holds may have traded of leg i without our having seen it."""
        ...


def older(age: int, cap: int) -> int:
    """Return the age one tick on, no further than cap: beyond it nothing depends on it."""
    return age + (age < cap)


# The client


def send(w: World) -> bool:
    """Send the order."""
    if w.a.status != Venue.UNSENT:
        return False
    w.a.status = Venue.SENT
    w.tracker.register(w, 0)
    return True


def time_out(w: World, i: int) -> bool:
    """Give up waiting for the answer to a request."""
    if w.records[i].state != OrderState.PENDING:
        return False
    w.tracker.on_timeout(w, i)
    return True


def ask_cancel(w: World, i: int) -> bool:
    """Ask to cancel the order."""
    if w.legs[i].cancel == Cancel.SENT or not w.tracker.can_change(w, i):
        return False
    w.legs[i].cancel = Cancel.SENT
    w.tracker.on_cancel_asked(w, i)
    return True


def ask_modify(w: World) -> bool:
    """Ask to replace the order by one of the new size."""
    if w.b.status != Venue.UNSENT or w.a.cancel == Cancel.SENT or not w.tracker.can_change(w, 0):
        return False
    w.b.status = Venue.SENT
    w.tracker.register(w, 1)
    return True


# The venue


def arrive(w: World, i: int, taken: int) -> bool:
    """Let a request take effect: rest, or take `taken` lots at once."""
    leg = w.legs[i]
    if leg.status != Venue.SENT:
        return False
    if i == 1:
        if w.a.status != Venue.OPEN:
            return False
        w.a.status = Venue.CANCELLED
    leg.request_age = 0
    leg.executed = taken
    leg.taken = taken
    leg.status = Venue.FILLED if taken == w.size(i) else Venue.OPEN
    leg.answer = Answer.COMING
    return True


def refuse(w: World, i: int) -> bool:
    """Refuse a request; a modify is always refused once its order is over."""
    leg = w.legs[i]
    if leg.status != Venue.SENT:
        return False
    if not w.bounds.refuse and (i == 0 or w.a.status == Venue.OPEN):
        return False
    leg.status = Venue.REFUSED
    leg.request_age = 0
    leg.answer = Answer.COMING
    return True


def lose(w: World, i: int) -> bool:
    """Lose a request on its way."""
    if w.legs[i].status != Venue.SENT:
        return False
    w.legs[i].status = Venue.LOST
    w.legs[i].request_age = 0
    return True


def fill(w: World, i: int) -> bool:
    """Fill one lot of the resting order."""
    leg = w.legs[i]
    if leg.status != Venue.OPEN:
        return False
    leg.executed = leg.executed + 1
    if leg.executed == w.size(i):
        leg.status = Venue.FILLED
    return True


def cancel_unasked(w: World, i: int) -> bool:
    """Cancel the order, though nobody asked."""
    if w.legs[i].status != Venue.OPEN:
        return False
    w.legs[i].status = Venue.CANCELLED
    return True


def cancel(w: World, i: int) -> bool:
    """Let a cancel request take effect, if there is anything to cancel."""
    leg = w.legs[i]
    if leg.cancel != Cancel.SENT:
        return False
    leg.cancel_age = 0
    if leg.status == Venue.OPEN:
        leg.status = Venue.CANCELLED
        leg.cancel = Cancel.DONE
    else:
        leg.cancel = Cancel.NOT_OPEN
    return True


def refuse_cancel(w: World, i: int) -> bool:
    """Refuse a cancel request; the order is as it was."""
    if w.legs[i].cancel != Cancel.SENT:
        return False
    w.legs[i].cancel = Cancel.REFUSED
    w.legs[i].cancel_age = 0
    return True


# The wire


def lose_cancel(w: World, i: int) -> bool:
    """Lose a cancel request, or the answer to it."""
    if w.legs[i].cancel == Cancel.NONE:
        return False
    w.legs[i].cancel = Cancel.NONE
    w.legs[i].cancel_age = 0
    return True


def answer(w: World, i: int) -> bool:
    """Deliver the answer to a request."""
    leg = w.legs[i]
    if leg.answer != Answer.COMING:
        return False
    leg.answer = Answer.OVER
    leg.answer_age = 0
    if leg.status == Venue.REFUSED:
        leg.ended_told = 1
        w.tracker.on_answer(w, i, True, 0)
    else:
        leg.named = 1
        w.tracker.on_answer(w, i, False, leg.taken)
    return True


def answer_item(w: World, i: int) -> bool:
    """Deliver a refusal as an item without an oid of an answer that is otherwise good."""
    leg = w.legs[i]
    if leg.answer != Answer.COMING or leg.status != Venue.REFUSED:
        return False
    leg.answer = Answer.OVER
    leg.answer_age = 0
    leg.ended_told = 1
    w.tracker.on_error_item(w, i)
    return True


def lose_answer(w: World, i: int) -> bool:
    """Lose the answer to a request."""
    leg = w.legs[i]
    if leg.answer != Answer.COMING:
        return False
    leg.answer = Answer.OVER
    leg.answer_age = 0
    return True


def tell_fill(w: World, i: int, taker: bool) -> bool:
    """Deliver the message of a fill for the first time."""
    leg = w.legs[i]
    if taker:
        if leg.taker_told == leg.taken:
            return False
        leg.taker_told = leg.taker_told + 1
    else:
        if leg.maker_told == leg.executed - leg.taken:
            return False
        leg.maker_told = leg.maker_told + 1
    if leg.taker_told + leg.maker_told == leg.executed:
        leg.end_age = 0
    if not w.bounds.bare:
        leg.named = 1
    w.tracker.on_fill(w, i, taker, not w.bounds.bare, True)
    return True


def tell_fill_again(w: World, i: int, taker: bool) -> bool:
    """Deliver the message of a fill again."""
    leg = w.legs[i]
    if w.replays == w.bounds.duplicates:
        return False
    if (leg.taker_told if taker else leg.maker_told) == 0:
        return False
    w.replays = w.replays + 1
    w.tracker.on_fill(w, i, taker, not w.bounds.bare, False)
    return True


def reconnect(w: World) -> bool:
    """Subscribe again, once: the venue replays every fill, seen or not (see `replay`)."""
    if w.reconnects == 1:
        return False
    w.reconnects = 1
    return True


def replay(w: World, i: int, taker: bool, n: int) -> bool:
    """Deliver the nth fill of a kind: again, for the first time, or not where there is none."""
    leg = w.legs[i]
    told = leg.taker_told if taker else leg.maker_told
    if n < told:
        w.tracker.on_fill(w, i, taker, not w.bounds.bare, False)
        return True
    return tell_fill(w, i, taker)


def tell_end(w: World, i: int) -> bool:
    """Deliver the status of an order that is over, late and as often as it pleases."""
    leg = w.legs[i]
    if leg.status not in (Venue.FILLED, Venue.CANCELLED, Venue.REFUSED):
        return False
    leg.ended_told = 1
    if leg.status != Venue.REFUSED:
        leg.named = 1
    w.tracker.on_end(w, i, leg.status == Venue.REFUSED, leg.executed)
    return True


def answer_cancel(w: World, i: int) -> bool:
    """Deliver the answer to a cancel."""
    leg = w.legs[i]
    if leg.cancel in (Cancel.NONE, Cancel.SENT):
        return False
    refused = leg.cancel == Cancel.REFUSED
    leg.cancel = Cancel.NONE
    if not refused:
        leg.ended_told = 1
    w.tracker.on_cancel_answer(w, i, refused)
    return True


# Snapshots and the clock: shared by all orders


def read_early(w: World, n: int) -> bool:
    """The venue's lagging reader takes the picture of a snapshot that is yet to be asked for."""
    s = w.snapshots[n]
    if s.phase != Picture.IDLE or w.bounds.delays.lag == 0:
        return False
    _take(w, s)
    s.phase = Picture.EARLY
    s.age = 0
    return True


def ask_snapshot(w: World, n: int) -> bool:
    """Ask for the open orders."""
    s = w.snapshots[n]
    if s.phase == Picture.IDLE:
        s.phase = Picture.REQUESTED
    elif s.phase == Picture.EARLY:
        s.phase = Picture.TAKEN
    else:
        return False
    s.age = 0
    w.tracker.on_snapshot_asked(w, s)
    return True


def take_snapshot(w: World, n: int) -> bool:
    """Take the picture that was asked for."""
    s = w.snapshots[n]
    if s.phase != Picture.REQUESTED:
        return False
    _take(w, s)
    s.phase = Picture.TAKEN
    return True


def process_snapshot(w: World, n: int) -> bool:
    """Hand the picture over to the book: leg by leg, then the position, then it is done."""
    return w.snapshots[n].phase == Picture.TAKEN


def process_leg(w: World, n: int, i: int) -> bool:
    """Let the book see one leg in the picture; it may ask to cancel an orphan."""
    asked = w.records[i].orphan_asked
    w.tracker.on_listing(w, w.snapshots[n], i)
    if w.records[i].orphan_asked and not asked and w.legs[i].cancel == Cancel.NONE:
        w.legs[i].cancel = Cancel.SENT
    return True


def process_position(w: World, n: int) -> bool:
    """Let the book see the venue's position as of the picture."""
    s = w.snapshots[n]
    position = 0
    for i in range(len(w.legs)):
        position = position + s.views[i].filled
    w.tracker.on_position(w, position)
    _clear(s)
    return True


def fail_snapshot(w: World, n: int) -> bool:
    """Fail a snapshot: the call errs, or the listing is not one of ours."""
    s = w.snapshots[n]
    if s.phase not in (Picture.REQUESTED, Picture.TAKEN):
        return False
    _clear(s)
    return True


def _take(w: World, s: Snapshot) -> None:
    for i in range(len(w.legs)):
        view = s.views[i]
        view.listed = 1 if w.legs[i].status == Venue.OPEN else 0
        view.filled = w.legs[i].executed


def _clear(s: Snapshot) -> None:
    s.phase = Picture.IDLE
    s.age = 0
    for view in s.views:
        view.listed = 0
        view.filled = 0
        view.old_open = 0
        view.old_request = 0
        view.old_cancel = 0


def tick(w: World) -> bool:
    """Let one tick pass, unless something is due first; what ages has a part of its own."""
    delays = w.bounds.delays
    for leg in w.legs:
        if leg.status == Venue.SENT and not leg.request_age < delays.expiry:
            return False
        if leg.cancel == Cancel.SENT and not leg.cancel_age < delays.expiry:
            return False
        if leg.answer == Answer.COMING and _due(leg.answer_age, delays.answer):
            return False
        if _untold(leg) and _due(leg.end_age, delays.fill):
            return False
    return True


def _due(age: int, delay: int | None) -> bool:
    return delay is not None and not age < delay


def age_request(w: World, i: int) -> bool:
    """Age a request on its way, or its answer."""
    leg = w.legs[i]
    if leg.status == Venue.SENT:
        leg.request_age = leg.request_age + 1
    elif w.bounds.delays.answer is not None and leg.answer == Answer.COMING:
        leg.answer_age = leg.answer_age + 1
    return True


def age_cancel(w: World, i: int) -> bool:
    """Age a cancel on its way."""
    leg = w.legs[i]
    if leg.cancel == Cancel.SENT:
        leg.cancel_age = leg.cancel_age + 1
    return True


def age_fills(w: World, i: int) -> bool:
    """Age the fills on their way of an order that is over."""
    leg = w.legs[i]
    if w.bounds.delays.fill is not None and _untold(leg):
        leg.end_age = leg.end_age + 1
    return True


def age_snapshot(w: World, n: int) -> bool:
    """Age a snapshot on its way; one that is too old has failed."""
    s = w.snapshots[n]
    if s.phase == Picture.IDLE:
        return True
    limit = w.bounds.delays.lag if s.phase == Picture.EARLY else w.bounds.timers.listing
    if s.age < limit:
        s.age = s.age + 1
    else:
        _clear(s)
    return True


def age_book(w: World, i: int) -> bool:
    """Let the book know that a tick has passed."""
    w.tracker.on_tick(w, i)
    return True


def _untold(leg: Leg) -> bool:
    """Return whether fills of an order that is over are still on their way."""
    return (
        leg.status in (Venue.FILLED, Venue.CANCELLED)
        and leg.taker_told + leg.maker_told != leg.executed
    )


def remaining(w: World, i: int) -> int:
    """Return how many lots of leg i can trade at the venue, now or once the request arrives."""
    leg = w.legs[i]
    if leg.status == Venue.OPEN or (i == 0 and leg.status == Venue.SENT):
        return w.size(i) - leg.executed
    return 0
