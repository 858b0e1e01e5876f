"""One order's world: what the venue, the wire and the clock hold of it, and what the book knows.

Every value is a small integer. What can happen to a world is in venue.py, wire.py and clock.py:
plain functions that change it and return whether they happened. The book inside it is a `Tracker`,
which is told messages and never looks at the venue.
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
    listing showed the oid unknown to us. `disputed` says that a listing contradicted the word that
    the order is over: no such word is believed of it any more but a listing's.
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
    disputed: int = 0


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
    """A picture of the venue's open orders on its way to the book; `age` is since its phase.

    `false` says that what it shows of the order is not what was so when it was taken.
    """

    phase: int = Picture.IDLE
    age: int = 0
    false: int = 0
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
    `lied` says that the venue's one false word is said. `misled` is for the properties alone: 0, or
    1 + the ticks since the book was told it, until a true word sets that right (lies.py).
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
    lied: int = 0
    misled: int = 0
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


def end_cancel(leg: Leg, to: Cancel) -> None:
    """End the way of a cancel request to the venue: done, not open, refused, or lost (NONE)."""
    leg.cancel = to
    leg.cancel_age = 0


def remaining(w: World, i: int) -> int:
    """Return how many lots of leg i can trade at the venue, now or once the request arrives."""
    leg = w.legs[i]
    if leg.status == Venue.OPEN or (i == 0 and leg.status == Venue.SENT):
        return w.size(i) - leg.executed
    return 0
