"""One order as the book holds it, and what follows from what is known of it.

A `Leg` is one oid of an order. A modify makes a second leg of the same cloid; the legs of a cloid
form a chain, from the youngest to the oldest by `previous`.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from operator import attrgetter

import attrs

from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add, subtract
from truebook.impl.book.particulars import (
    PLAIN,
    SMOOTH,
    Course,
    Dispute,
    Terms,
)
from truebook.impl.book.past import Vague
from truebook.impl.book.sizing import Sized
from truebook.model.vocabulary import (
    CLOSED,
    LIVE,
    STANDING,
    CancelAsked,
    OrderState,
)

PENDING = OrderState.PENDING
DEAD = OrderState.DEAD
RESTING = OrderState.RESTING
PARTIALLY_FILLED = OrderState.PARTIALLY_FILLED
CANCEL_PENDING = OrderState.CANCEL_PENDING
FILLED = OrderState.FILLED
FILLED_DURING_CANCEL = OrderState.FILLED_DURING_CANCEL
CANCEL_CONFIRMED = OrderState.CANCEL_CONFIRMED
CANCELLED = OrderState.CANCELLED
WAITING = OrderState.WAITING
NEVER = CancelAsked.NEVER
AWAITED = CancelAsked.AWAITED
OVER = CancelAsked.OVER
END = Dispute.END
LESS = Dispute.LESS


@attrs.define(eq=False)
class Chain:
    """The legs of a cloid that has more than one, or had: those that are open, and those dead.

    So a question to it does not go through all of them. `waiting` is the one that waits, and
    `nameless` are those that waited and were over before an oid of them was told. `less` is the one
    of the dispute `LESS`. `follows`: a leg before them is forgotten; `vague`: what of such is not
    known. `dead` and `nameless` are by which object they are.
    """

    live: dict[Oid, "Leg"] = attrs.field(factory=dict)
    dead: dict[int, "Leg"] = attrs.field(factory=dict)
    nameless: dict[int, "Leg"] = attrs.field(factory=dict)
    waiting: "Leg | None" = None
    less: "Leg | None" = None
    follows: bool = False
    vague: Vague = Vague.NOTHING


class Told(Enum):
    """Whether an order was told as over, whatever has filled."""

    NOT_OVER = 0
    OVER = 1
    WHOLE = 2
    """A word said that all of it has filled, without an amount."""


NOT_OVER = Told.NOT_OVER
WHOLE = Told.WHOLE


@attrs.define(weakref_slot=False)
class Leg:
    """What is known of one oid of an order.

    `taker` and `maker` are the fills recorded; `answered` and `stated` what an answer, or a status
    or listing, said has filled; `final`: that is the last word, and no less than what is known (of
    a dead order: it was refused). `ended` is the least that a last word said. `told`: whether it
    was told as over. Times are when it was requested, cancelled, first known open, closed or dead.
    `size` is what was asked, or what the venue says in its place: `sized` has both, once it
    said anything. `filled_at` is when the last fill was recorded. `number` is greater than that of
    any early fill that came before it was taken up; `above` is the greatest oid told before.
    `request` and `cancel_request` are the numbers of its request and of its latest cancel. What is
    to be said of few orders is in `terms` and `course`. The rest follows from these: `filled`, and
    what the order adds to the sums of the book (`exposure`, `unsettled`, `awaited`).
    """

    cloid: str
    buy: bool
    price: Decimal
    size: Decimal
    request_at: int
    state: OrderState = PENDING
    oid: Oid | None = None
    taker: Decimal = ZERO
    maker: Decimal = ZERO
    answered: Decimal = ZERO
    stated: Decimal = ZERO
    final: bool = False
    ended: Decimal | None = None
    told: Told = NOT_OVER
    cancel: CancelAsked = NEVER
    cancel_at: int | None = None
    open_since: int | None = None
    closed_at: int | None = None
    terms: Terms = PLAIN
    course: Course = SMOOTH
    sized: Sized | None = None
    filled_at: int | None = attrs.field(default=None, eq=False)
    request: int = attrs.field(default=0, eq=False)
    cancel_request: int = attrs.field(default=0, eq=False)
    number: int = attrs.field(default=0, eq=False)
    above: Oid | None = attrs.field(default=None, eq=False)
    reason: str = attrs.field(default="", eq=False)
    previous: "Leg | None" = attrs.field(default=None, eq=False, repr=False)
    younger: "Leg | None" = attrs.field(default=None, eq=False, repr=False)
    chain: Chain | None = attrs.field(default=None, eq=False, repr=False)
    filled: Decimal = attrs.field(default=ZERO, eq=False)
    exposure: Decimal = attrs.field(default=ZERO, eq=False)
    unsettled: Decimal = attrs.field(default=ZERO, eq=False)
    awaited: Decimal = attrs.field(default=ZERO, eq=False)

    @property
    def over(self) -> bool:
        """Whether it was told as over."""
        return self.told is not NOT_OVER

    @property
    def whole(self) -> bool:
        """Whether a word said that all of it has filled, without an amount."""
        return self.told is WHOLE

    def copy(self) -> "Leg":
        """Return a leg that is the same, with no other before it."""
        leg = Leg(*_values(self))
        leg.previous = leg.younger = leg.chain = None
        return leg


_values = attrgetter(*(field.name for field in attrs.fields(Leg)))


def chain(head: Leg) -> Iterator[Leg]:
    """Yield the legs of a cloid, youngest first."""
    leg: Leg | None = head
    while leg is not None:
        yield leg
        leg = leg.previous


def current(head: Leg) -> Leg:
    """Return the leg that stands for its order: the open one, else what waits or is pending.

    Else the last.

    So an order is never shown cancelled while its modify may yet have taken effect, and a modify
    that failed leaves the order it was of.
    """
    if head.previous is None or head.state in LIVE:
        return head
    live = open_legs(head)
    if len(live) == 1:
        return live[0]
    if live:
        return next(leg for leg in chain(head) if leg.state in LIVE)
    if head.chain is not None and head.chain.waiting is not None:
        return head.chain.waiting
    if head.state is PENDING:
        return head
    return next((leg for leg in chain(head) if leg.state is not DEAD), head)


def chain_of(leg: Leg) -> Chain:
    """Return the chain that a leg is of; one alone is now the only one of its chain."""
    if leg.chain is None:
        _enter(Chain(), leg)
    assert leg.chain is not None
    return leg.chain


def _enter(chain: Chain, leg: Leg) -> None:
    leg.chain = chain
    if LESS in leg.course.disputed:
        chain.less = leg
    if leg.state in LIVE and leg.oid is not None:
        chain.live[leg.oid] = leg
    elif leg.state is DEAD:
        chain.dead[id(leg)] = leg
    elif leg.state is WAITING:
        chain.waiting = leg
    elif leg.oid is None and leg.state in CLOSED:
        chain.nameless[id(leg)] = leg


def refile(leg: Leg) -> None:
    """Let a chain have a leg where it now belongs, one that waits or did."""
    chain = leg.chain
    if chain is None:
        return
    chain.dead.pop(id(leg), None)
    chain.nameless.pop(id(leg), None)
    if leg.oid is not None:
        chain.live.pop(leg.oid, None)
    if chain.waiting is leg:
        chain.waiting = None
    _enter(chain, leg)


def join(older: Leg, younger: Leg) -> None:
    """Put a leg after or before those of a chain: the one that is of none yet is the new one."""
    younger.previous, older.younger = older, younger
    if younger.chain is None:
        _enter(chain_of(older), younger)
    else:
        _enter(younger.chain, older)


def insert(older: Leg, leg: Leg) -> None:
    """Put a new leg right after another, before those that are younger than that."""
    younger = older.younger
    join(older, leg)
    if younger is not None:
        leg.younger, younger.previous = younger, leg


def part(leg: Leg) -> Leg:
    """Take a leg out of its chain, and return one that stays; it has more than this one."""
    older, younger = leg.previous, leg.younger
    if older is not None:
        older.younger = younger
    if younger is not None:
        younger.previous = older
    if leg.chain is not None:
        leg.chain.dead.pop(id(leg), None)
        leg.chain.nameless.pop(id(leg), None)
        if leg.chain.less is leg:
            leg.chain.less = None
    leg.previous = leg.younger = leg.chain = None
    heir = older if younger is None else younger
    assert heir is not None
    return heir


def filled_with_less(leg: Leg) -> None:
    """Note that a leg was told as filled with less than its size, and a modify may explain it."""
    leg.course = attrs.evolve(leg.course, disputed=leg.course.disputed | {LESS})
    chain_of(leg).less = leg


def take_less(head: Leg) -> Leg | None:
    """Return the leg of a chain that filled with less than its size, and note that no more."""
    leg = None if head.chain is None else head.chain.less
    if leg is not None and leg.chain is not None:
        leg.chain.less = None
        leg.course = attrs.evolve(leg.course, disputed=leg.course.disputed - {LESS})
    return leg


def open_legs(head: Leg) -> tuple[Leg, ...]:
    """Return the orders of a cloid that are open: more than one only if facts contradict."""
    if head.chain is None:
        return (head,) if head.state in LIVE else ()
    return tuple(head.chain.live.values())


def alive(head: Leg) -> list[Leg]:
    """Return the orders of a cloid that are open, or wait."""
    if head.chain is None:
        return [head]
    waiting = head.chain.waiting
    return [*head.chain.live.values(), *(() if waiting is None else (waiting,))]


def unbound(head: Leg) -> Leg | None:
    """Return the leg that an oid new to us must be of: the pending one, else one that waits.

    Else the last whose oid was never told.
    """
    if head.state is PENDING:
        return head
    chain = head.chain
    if chain is None:
        return head if head.oid is None or head.state is WAITING else None
    if chain.waiting is not None:
        return chain.waiting
    last = [next(reversed(legs.values())) for legs in (chain.dead, chain.nameless) if legs]
    return max(last, key=lambda leg: (leg.number, leg.request), default=None)


def unbound_legs(head: Leg) -> list[Leg]:
    """Return the legs of a cloid that are not known at the venue, oldest first."""
    return [*dead_legs(head), *([head] if head.state is PENDING else [])]


def dead_legs(head: Leg) -> list[Leg]:
    """Return the legs of a cloid that never came to exist, as far as is known, oldest first."""
    if head.chain is None:
        return [head] if head.state is DEAD else []
    return list(head.chain.dead.values())


def note_absence(leg: Leg) -> None:
    """Note when an order was taken for dead, as the venue did not have it, that exists after all.

    So a newer listing that has it contradicts that, whichever word revives it first.
    """
    if leg.state is DEAD and leg.closed_at is not None and not (leg.final or leg.course.cancelled):
        leg.course = attrs.evolve(leg.course, absent_at=leg.closed_at)


def filled(leg: Leg) -> Decimal:
    """Return what has filled: the fills known, or what the venue has said, if that is more.

    What the answer says has filled on arrival and the taker fills are the same trades.
    """
    total = arrived(leg) if leg.taker < leg.answered else leg.taker
    if leg.maker:
        total = add(total, leg.maker) if total else leg.maker
    return leg.stated if total < leg.stated else total


def proven(leg: Leg) -> Decimal:
    """Return what has filled but for what is concluded from what a listing has left of it."""
    if leg.sized is None:
        return leg.filled
    return max(add(max(arrived(leg), leg.taker), leg.maker), leg.sized.told)


def arrived(leg: Leg) -> Decimal:
    """Return what an answer says has filled on arrival, as far as the size leaves room for it."""
    return max(leg.taker, min(leg.answered, subtract(leg.size, leg.maker)))


def derived(leg: Leg) -> OrderState:
    """Return the state that follows from what is known of a leg with an oid."""
    if not leg.filled < leg.size and leg.filled:
        return FILLED if leg.cancel is NEVER else FILLED_DURING_CANCEL
    if leg.state is CANCELLED:
        return CANCELLED
    if leg.state is CANCEL_CONFIRMED:
        complete = leg.final and not add(leg.taker, leg.maker) < leg.stated
        return CANCELLED if complete else CANCEL_CONFIRMED
    if leg.state is WAITING and not leg.filled:
        return WAITING
    if leg.cancel is AWAITED:
        return CANCEL_PENDING
    return PARTIALLY_FILLED if leg.filled else RESTING


def open_size(leg: Leg) -> Decimal:
    """Return what can still trade of a leg by itself."""
    if leg.state is PENDING or leg.state is WAITING:
        return leg.size
    if leg.state is RESTING and not leg.filled:
        return leg.size
    if leg.state in LIVE and leg.filled < leg.size:
        return subtract(leg.size, leg.filled)
    return ZERO


def unseen(leg: Leg) -> Decimal:
    """Return what may have traded of a leg with its fills still to come, in its fill window."""
    if leg.state is DEAD:
        # Absent is not the same as never having traded; a refusal is.
        return ZERO if leg.final else leg.size
    seen = add(leg.taker, leg.maker)
    told = leg.final or (leg.state is not CANCEL_CONFIRMED and leg.state is not CANCELLED)
    if leg.course.disputed and leg.state not in STANDING and Dispute.SIZE in leg.course.disputed:
        told = False  # where a word cannot be, none is a bound
    most = leg.filled if told else leg.size
    return subtract(most, seen) if seen < most else ZERO


def is_empty(leg: Leg) -> bool:
    """Return whether a leg was told to be over, or never to have been, with nothing filled."""
    return leg.final and not leg.filled and (leg.state is DEAD or leg.state is CANCELLED)


def can_change(leg: Leg) -> bool:
    """Return whether a leg is open, or waits, with no cancel of it on its way."""
    if leg.state is WAITING:
        return leg.cancel is not AWAITED
    return leg.state is RESTING or leg.state is PARTIALLY_FILLED
