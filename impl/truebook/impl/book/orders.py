"""One order as the book holds it, what follows from what is known of it, and what others see.

A `Leg` is one oid of an order. A modify makes a second leg of the same cloid; the legs of a cloid
form a chain, from the youngest to the oldest by `previous`.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter

import attrs

from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add, subtract
from truebook.impl.book.past import Vague
from truebook.impl.book.sizing import Sized
from truebook.model.vocabulary import (
    CLOSED,
    LIVE,
    STANDING,
    CancelAsked,
    OrderState,
    Side,
    TimeInForce,
    Wait,
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


class Dispute(StrEnum):
    """What words of the venue contradict each other about, or what is known; see docs/book.md."""

    SIZE = "size"
    """More is said to have filled, or to be left with it, than the order's size."""
    END = "end"
    """A last word says less than is known to have filled, or is two words in one."""
    REFUSAL = "refusal"
    """It is told as refused, and known at the venue."""
    SIDE = "side"
    """It is listed or answered for the other side, or a fill of it is of that."""
    PRICE = "price"
    """It is listed at another price."""
    LISTED_SIZE = "listed size"
    """Reported by books of before, which took another size for a contradiction."""
    CLOID = "cloid"
    """A listing, fill or status of its oid names another cloid."""
    EARLIER = "earlier order"
    """A fill, status or listing names its cloid, and may be of an earlier order of that."""
    TIME_IN_FORCE = "time in force"
    """Its answer says that it rests or takes, which its time in force rules out."""


END = Dispute.END


@attrs.define(eq=False)
class Chain:
    """The legs of a cloid that has more than one, or had: those that are open, and those dead.

    So a question to it does not go through all of them. `waiting` is the one that waits, and
    `nameless` are those that waited and were over before an oid of them was told. `follows`: a leg
    before them is forgotten; `vague`: what of such is not known. `dead` and `nameless` are by which
    object they are.
    """

    live: dict[Oid, "Leg"] = attrs.field(factory=dict)
    dead: dict[int, "Leg"] = attrs.field(factory=dict)
    nameless: dict[int, "Leg"] = attrs.field(factory=dict)
    waiting: "Leg | None" = None
    follows: bool = False
    vague: Vague = Vague.NOTHING


@attrs.define
class Leg:
    """What is known of one oid of an order.

    `taker` and `maker` are the fills recorded; `answered` and `stated` what an answer, or a status
    or listing, said has filled; `final`: that is the last word, and no less than what is known (of
    a dead order: it was refused). `ended` is the least that a last word said. `over`: it was told
    as over, whatever has filled; `whole`: a word said that all has, without an amount. Times are
    when it was requested, cancelled, first known open, closed or dead. `doubted`: a listing
    contradicted its end, so only a listing or its fills close it. `refused_oid` is the oid under
    which the venue told a refusal. `disputed` are the kinds of contradictions that were reported of
    it. `size` is what was asked, or what the venue says in its place: `sized` has both, once it
    said anything. `filled_at` is when the last fill was recorded; `accepted`: the venue took a
    modify, and has told no oid yet. `number` says which of the book's legs it is, as they were
    taken up; `above` is the greatest oid told before. `request` and `cancel_request` are the
    numbers of its request and of its latest cancel; `first_request` that of the one that made it,
    where a later one amended it in place; `recancelled`: it had a cancel before that.
    `blind_cancel` is that of the latest cancel asked for before it was known at the venue;
    `cancelled`: a cancel was confirmed then. `ambiguous`: another request of its cloid, older than
    it or forgotten, was never accepted. `unclear`: it was reported that an answer may be of it, or
    of another. `wait`: whether it may be outside the venue's book, as one with a `trigger` or a
    `parent`. One that `follows` the position has no size until it trades. The rest follows from
    these: `filled`, and what the order adds to the sums of the book (`exposure`, `unsettled`,
    `awaited`).
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
    over: bool = False
    whole: bool = False
    cancel: CancelAsked = NEVER
    cancel_at: int | None = None
    open_since: int | None = None
    closed_at: int | None = None
    doubted: bool = False
    refused_oid: Oid | None = None
    disputed: frozenset[Dispute] = frozenset()
    recancelled: bool = False
    cancelled: bool = False
    ambiguous: bool = False
    sized: Sized | None = None
    filled_at: int | None = attrs.field(default=None, eq=False)
    accepted: bool = False
    reduce_only: bool = False
    time_in_force: TimeInForce = TimeInForce.GTC
    trigger: Decimal | None = None
    parent: str | None = None
    wait: Wait = Wait.NEVER
    follows: bool = False
    request: int = attrs.field(default=0, eq=False)
    first_request: int = attrs.field(default=0, eq=False)
    cancel_request: int = attrs.field(default=0, eq=False)
    blind_cancel: int = attrs.field(default=0, eq=False)
    unclear: bool = attrs.field(default=False, eq=False)
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

    def copy(self) -> "Leg":
        """Return a leg that is the same, with no other before it."""
        leg = Leg(*_values(self))
        leg.previous = leg.younger = leg.chain = None
        return leg


_values = attrgetter(*(field.name for field in attrs.fields(Leg)))


@attrs.frozen(kw_only=True)
class Order:
    """An order as the book shows it, at one moment.

    `oid` is that of the leg shown, `oids` all that its cloid is known to have had, oldest first.
    `size` is what the venue accepted, and has not taken back since; `asked` what we asked for last;
    `sized_at` when the venue's word on it was heard, None where it said none.
    `filled` is what the fills known come to, or what the venue has said, if that is more;
    `taker`, `maker`, `answered`, `stated` and `final` are what it follows from. `doubted`: a
    listing contradicted the venue's word that it is over. `reason` is the venue's word, or the
    caller's, for what became of it last. `request` is the number of the request that made it, of an
    order or of a modify, and `cancel_request` that of its latest cancel: give them back with the
    answers. 0: there is none. `trigger` is the price that lets it trade, `parent` the cloid of the
    order that it is a child of; one that `follows_position` has no size of its own until it trades.
    """

    cloid: str
    oid: Oid | None
    oids: tuple[Oid, ...]
    side: Side
    price: Decimal
    size: Decimal
    filled: Decimal
    remaining: Decimal
    state: OrderState
    exposure: Decimal
    unsettled: Decimal
    taker: Decimal
    maker: Decimal
    answered: Decimal
    stated: Decimal
    final: bool
    cancel: CancelAsked
    request_at: int
    cancel_at: int | None
    open_since: int | None
    closed_at: int | None
    doubted: bool
    reason: str
    asked: Decimal = attrs.field(repr=False)
    sized_at: int | None = attrs.field(default=None, repr=False)
    request: int = attrs.field(default=0, eq=False)
    cancel_request: int = attrs.field(default=0, eq=False)
    reduce_only: bool = False
    time_in_force: TimeInForce = TimeInForce.GTC
    trigger: Decimal | None = None
    parent: str | None = None
    follows_position: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is open at the venue, as far as is known."""
        return self.state in LIVE

    @property
    def overfill(self) -> Decimal:
        """What has filled beyond its size."""
        return max(ZERO, subtract(self.filled, self.size))


def show(leg: Leg, head: Leg) -> Order:
    """Return a leg of the chain of `head` as others see it."""
    oids = tuple(other.oid for other in chain(head) if other.oid is not None)[::-1]
    return Order(
        cloid=leg.cloid,
        oid=leg.oid,
        oids=oids,
        side=Side.BUY if leg.buy else Side.SELL,
        price=leg.price,
        size=leg.size,
        filled=leg.filled,
        remaining=max(ZERO, subtract(leg.size, leg.filled)),
        state=leg.state,
        exposure=leg.exposure,
        unsettled=leg.unsettled,
        taker=leg.taker,
        maker=leg.maker,
        answered=leg.answered,
        stated=leg.stated,
        final=leg.final,
        cancel=leg.cancel,
        request_at=leg.request_at,
        cancel_at=leg.cancel_at,
        open_since=leg.open_since,
        closed_at=leg.closed_at,
        doubted=leg.doubted,
        reason=leg.reason,
        asked=leg.size if leg.sized is None else leg.sized.asked,
        sized_at=None if leg.sized is None else leg.sized.accepted.at,
        request=leg.request,
        cancel_request=leg.cancel_request,
        reduce_only=leg.reduce_only,
        time_in_force=leg.time_in_force,
        trigger=leg.trigger,
        parent=leg.parent,
        follows_position=leg.follows,
    )


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
    leg.previous = leg.younger = leg.chain = None
    heir = older if younger is None else younger
    assert heir is not None
    return heir


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
    return max(last, key=lambda leg: leg.number, default=None)


def unbound_legs(head: Leg) -> list[Leg]:
    """Return the legs of a cloid that are not known at the venue, oldest first."""
    return [*dead_legs(head), *([head] if head.state is PENDING else [])]


def dead_legs(head: Leg) -> list[Leg]:
    """Return the legs of a cloid that never came to exist, as far as is known, oldest first."""
    if head.chain is None:
        return [head] if head.state is DEAD else []
    return list(head.chain.dead.values())


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
        if leg.ended is not None and END in leg.disputed:
            return CANCELLED  # no fills are waited for by what is contradicted
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
    if leg.disputed and leg.state not in STANDING and Dispute.SIZE in leg.disputed:
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
