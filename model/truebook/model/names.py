"""A small world of names: a cloid that is used again and again, its oids and their fills.

The world of one order has one life of a cloid. Here the cloid has several, one after the other (as
a modify makes them, or a client that uses it again), and each order an oid and a fill of its own.
What is said of an old one comes late, again, or with another amount, and always names the cloid.
"""

from enum import IntEnum

import attrs
from attrs.validators import ge

from truebook.model.rules import Rules
from truebook.model.vocabulary import Venue


@attrs.frozen(kw_only=True)
class NameBounds:
    """How many orders the cloid has, how many old oids are remembered, and what comes again.

    `repeats`: how many words of orders come that were said before. With `alter` a fill that comes
    again has another amount.
    """

    orders: int = attrs.field(default=3, validator=ge(1))
    oids: int = attrs.field(default=1, validator=ge(1))
    repeats: int = attrs.field(default=1, validator=ge(0))
    alter: bool = True
    lose: bool = True


class Known(IntEnum):
    """What the book knows of a request."""

    NOTHING = 0
    PENDING = 1
    LIVE = 2
    CLOSED = 3
    FORGOTTEN = 4


@attrs.define
class Life:
    """One order of the cloid: at the venue, on the wire, and in the book.

    `oid` is the order whose oid the book has bound it to, counted from 1 (0: none). `past`: its
    oid is remembered as that of an order that is forgotten. `counted` is the amount of its fill
    that was counted, `other` whether the fill was told otherwise, and `said` whether that was
    reported.
    """

    status: int = Venue.UNSENT
    filled: int = 0
    told: int = 0
    answered: int = 0
    book: int = Known.NOTHING
    oid: int = 0
    past: int = 0
    counted: int = 0
    other: int = 0
    said: int = 0


@attrs.define
class NameWorld:
    """The orders of a cloid, and a listing: `asked` is how many requests there were, and one.

    `live` is the order that was known open when the listing was asked for, `row` the one that it
    shows, both counted from 1; `hoped`: one was pending then. `vague`: the oid of an old order is
    not known, or not any more.
    """

    bounds: NameBounds
    keeps: Rules
    n0: Life = attrs.field(factory=Life)
    n1: Life = attrs.field(factory=Life)
    n2: Life = attrs.field(factory=Life)
    requests: int = 0
    asked: int = 0
    live: int = 0
    hoped: int = 0
    taken: int = 0
    row: int = 0
    vague: int = 0
    position: int = 0
    repeats: int = 0
    lives: tuple[Life, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Collect what the bounds let exist."""
        self.lives = (self.n0, self.n1, self.n2)[: self.bounds.orders]


def request(w: NameWorld, k: int) -> bool:
    """Send the next order under the cloid, once the one before is forgotten."""
    if w.requests != k or (k > 0 and w.lives[k - 1].book != Known.FORGOTTEN):
        return False
    w.lives[k].status = Venue.SENT
    w.lives[k].book = Known.PENDING
    w.requests = k + 1
    return True


def arrive(w: NameWorld, k: int) -> bool:
    """Open the order at the venue."""
    if w.lives[k].status != Venue.SENT:
        return False
    w.lives[k].status = Venue.OPEN
    return True


def lose(w: NameWorld, k: int) -> bool:
    """Lose the request, so that nothing ever comes of it."""
    if w.lives[k].status != Venue.SENT:
        return False
    w.lives[k].status = Venue.LOST
    return True


def fill(w: NameWorld, k: int) -> bool:
    """Fill a lot of the order."""
    if w.lives[k].status != Venue.OPEN or w.lives[k].filled:
        return False
    w.lives[k].filled = 1
    return True


def end(w: NameWorld, k: int) -> bool:
    """End the order at the venue."""
    if w.lives[k].status != Venue.OPEN:
        return False
    w.lives[k].status = Venue.CANCELLED
    return True


def answer(w: NameWorld, k: int) -> bool:
    """Deliver the answer to a request, which names its oid, while the book remembers it."""
    life = w.lives[k]
    if life.answered or not _was_open(life) or life.book == Known.FORGOTTEN:
        return False
    life.answered = 1
    if life.book == Known.PENDING:
        _bind(w, k, k)
    return True


def tell_fill(w: NameWorld, k: int) -> bool:
    """Deliver the fill of an order for the first time."""
    life = w.lives[k]
    if not life.filled or life.told:
        return False
    life.told = 1
    _on_fill(w, k, 1)
    return True


def tell_fill_again(w: NameWorld, k: int) -> bool:
    """Deliver the fill of an order again."""
    if not w.lives[k].told or w.repeats == w.bounds.repeats:
        return False
    w.repeats = w.repeats + 1
    _on_fill(w, k, 1)
    return True


def tell_fill_otherwise(w: NameWorld, k: int) -> bool:
    """Deliver the fill of an order again, with another amount."""
    if not w.lives[k].told or w.repeats == w.bounds.repeats:
        return False
    w.repeats = w.repeats + 1
    w.lives[k].other = 1
    _on_fill(w, k, 2)
    return True


def status(w: NameWorld, k: int) -> bool:
    """Deliver a status of an order, as old as may be."""
    if not _was_open(w.lives[k]) or w.repeats == w.bounds.repeats:
        return False
    w.repeats = w.repeats + 1
    _on_name(w, k)
    return True


def tell_end(w: NameWorld, k: int) -> bool:
    """Deliver that an order is over."""
    if w.lives[k].status != Venue.CANCELLED:
        return False
    for life in w.lives:
        if life.book == Known.LIVE and life.oid == k + 1:
            life.book = Known.CLOSED
            return True
    return False


def forget(w: NameWorld, k: int) -> bool:
    """Forget an order that is over; its answer came before, and its oid is remembered as past."""
    life = w.lives[k]
    if life.book != Known.CLOSED or not life.answered:
        return False
    life.book = Known.FORGOTTEN
    w.lives[k].past = 1
    kept = 0
    for other in w.lives:
        kept = kept + other.past
    if w.bounds.oids < kept:
        for other in w.lives:
            if other.past and w.bounds.oids < kept:
                other.past = 0
                kept = kept - 1
        w.vague = 1
    return True


def ask_listing(w: NameWorld) -> bool:
    """Ask for a listing, when no request is on its way and none of the orders is just over."""
    if w.asked != 0:
        return False
    for life in w.lives:
        if life.status == Venue.SENT or life.book == Known.CLOSED:
            return False
    w.asked = w.requests + 1
    for k in range(len(w.lives)):
        if w.lives[k].book == Known.LIVE:
            w.live = k + 1
        elif w.lives[k].book == Known.PENDING:
            w.hoped = 1
    return True


def take_listing(w: NameWorld) -> bool:
    """Let the venue take the listing: the order that is open, if any."""
    if w.asked == 0 or w.taken:
        return False
    w.taken = 1
    for k in range(len(w.lives)):
        if w.lives[k].status == Venue.OPEN:
            w.row = k + 1
    return True


def process_listing(w: NameWorld) -> bool:
    """Hand the listing over: it binds what it shows; what it lacks is over, or never was."""
    if not w.taken:
        return False
    after = w.asked == w.requests + 1
    shown, live = w.row, w.live
    w.asked = 0
    w.live = 0
    w.hoped = 0
    w.taken = 0
    w.row = 0
    for k in range(len(w.lives)):
        if live == k + 1 and w.lives[k].book == Known.LIVE and w.lives[k].oid != shown:
            w.lives[k].book = Known.CLOSED
    if shown != 0:
        if (after or w.requests < 2 or not w.keeps.old_evidence_binds_nothing) and not _is_bound(
            w, shown
        ):
            for k in range(len(w.lives)):
                if w.lives[k].book == Known.PENDING:
                    _bind(w, k, shown - 1)
    elif after:
        for life in w.lives:
            if life.book == Known.PENDING:
                life.book = Known.FORGOTTEN
                w.vague = 1
    return True


def _was_open(life: Life) -> bool:
    return life.status == Venue.OPEN or life.status == Venue.CANCELLED


def _is_bound(w: NameWorld, oid: int) -> bool:
    for life in w.lives:
        if (life.book == Known.LIVE or life.book == Known.CLOSED) and life.oid == oid:
            return True
    return False


def _on_fill(w: NameWorld, k: int, amount: int) -> None:
    """Count a fill by its identity; without the rule its amount is a part of that."""
    life = w.lives[k]
    first = life.counted == 0
    if first or (life.counted != amount and not w.keeps.first_fill_stands):
        w.position = w.position + amount
        life.counted = amount
    elif life.counted != amount:
        life.said = 1
    if first or not w.keeps.old_evidence_binds_nothing:
        _on_name(w, k)


def _on_name(w: NameWorld, k: int) -> None:
    """Take what names the cloid, under the oid of order k, for a word of the pending request."""
    if _is_bound(w, k + 1):
        return
    if w.keeps.old_evidence_binds_nothing and (w.lives[k].past or w.vague):
        return
    for p in range(len(w.lives)):
        if w.lives[p].book == Known.PENDING:
            _bind(w, p, k)


def _bind(w: NameWorld, p: int, k: int) -> None:
    w.lives[p].book = Known.LIVE
    w.lives[p].oid = k + 1
