"""Everything the book holds, and the few ways in which an order's record changes.

What a message does is told in placing.py, filling.py, ending.py, modifying.py and listings.py, in
terms of these; what time does, in ageing.py, and what opens an order again, in reopening.py.
"""

from decimal import Decimal
from secrets import randbits
from typing import Final

import attrs

from truebook.impl.book import contradictions, early, orders, outside
from truebook.impl.book.checks import Oid
from truebook.impl.book.config import BookConfig
from truebook.impl.book.contradictions import Contradiction
from truebook.impl.book.due import Due
from truebook.impl.book.exact import ZERO, add, subtract
from truebook.impl.book.fills import EarlyFills, FillMemory, Missing
from truebook.impl.book.log import Log
from truebook.impl.book.orders import (
    AWAITED,
    CANCEL_CONFIRMED,
    CANCELLED,
    DEAD,
    NOT_OVER,
    OVER,
    PENDING,
    RESTING,
    WAITING,
    Leg,
    Told,
)
from truebook.impl.book.orphans import Orphans
from truebook.impl.book.owning import OwnCloids, RandomBits
from truebook.impl.book.particulars import Dispute
from truebook.impl.book.past import PastOids
from truebook.impl.book.results import Attention, Conflict
from truebook.model.vocabulary import CLOSED, LIVE, STANDING, Wait

_WAITED: Final = Wait.OVER
NOTHING_DUE: Final = 1 << 100
"""Later than any time."""


def _both() -> list[Decimal]:
    return [ZERO, ZERO]


def _chains(by_cloid: dict[str, Leg]) -> dict[str, tuple[Leg, ...]]:
    return {cloid: tuple(orders.chain(head)) for cloid, head in by_cloid.items()}


@attrs.define
class Ledger:
    """The book's records and sums; sums by side are lists, indexed by whether it is to buy.

    `requests` is the number of the latest request. `by_cloid` has the youngest leg of each cloid,
    `by_oid` every leg with an oid, `live` those that are open, `pending` those whose oid is not
    known, and `waiting` those that were accepted and are not in the venue's book. `following`: some
    leg has the size of the position. Two ledgers are equal when they know the same; what follows
    from that, the numbers of requests and the log are not compared.
    """

    config: BookConfig
    randbits: RandomBits = attrs.field(default=randbits, eq=False, repr=False)
    now: int = 0
    position: Decimal = ZERO
    requests: int = attrs.field(default=0, eq=False)
    by_cloid: dict[str, Leg] = attrs.field(factory=dict, eq=_chains)
    memory: FillMemory = attrs.field(init=False)
    early: EarlyFills = attrs.field(init=False)
    cloids: OwnCloids = attrs.field(init=False)
    past: PastOids = attrs.field(init=False, eq=False)
    orphans: Orphans = attrs.field(init=False)
    by_oid: dict[Oid, Leg] = attrs.field(factory=dict, eq=False, repr=False)
    live: dict[Oid, Leg] = attrs.field(factory=dict, eq=False, repr=False)
    pending: dict[str, Leg] = attrs.field(factory=dict, eq=False, repr=False)
    waiting: dict[str, Leg] = attrs.field(factory=dict, eq=False, repr=False)
    following: bool = attrs.field(default=False, eq=False, repr=False)
    exposure: list[Decimal] = attrs.field(factory=_both, eq=False)
    unsettled: list[Decimal] = attrs.field(factory=_both, eq=False)
    awaited: list[Decimal] = attrs.field(factory=_both, eq=False)
    oid_kind: type | None = attrs.field(default=None, eq=False, repr=False)
    tid_kind: type | None = attrs.field(default=None, eq=False, repr=False)
    timed: bool | None = attrs.field(default=None, eq=False, repr=False)
    missing: Missing | None = None
    early_until: int = attrs.field(default=0, eq=False, repr=False)
    numbered: int = attrs.field(default=0, eq=False, repr=False)
    log: Log = attrs.field(init=False, eq=False, repr=False)
    closing: Due = attrs.field(init=False, eq=False, repr=False)
    leaving: Due = attrs.field(init=False, eq=False, repr=False)
    wake_at: int = attrs.field(default=NOTHING_DUE, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Make what is sized by the configuration."""
        self.memory = FillMemory(self.config.max_tracked_tids, self.config.fill_identity)
        self.early = EarlyFills(self.config.max_tracked_tids)
        self.cloids = OwnCloids(self.config, self.randbits)
        self.past = PastOids(self.config.max_forgotten_oids)
        self.orphans = Orphans(self.config)
        self.log = Log(self.config.max_events)
        self.closing = Due(self.config.fill_window_duration)
        self.leaving = Due(self.config.remembered)

    # Cloids

    def new_cloid(self) -> str:
        """Return a cloid that no order here has, as the book makes them."""
        return self.cloids.new(self.by_cloid)

    def draw_from(self, randbits: RandomBits) -> None:
        """Make cloids from now on with this source of random bits."""
        self.randbits = self.cloids.randbits = randbits

    # An order's record

    def number(self) -> int:
        """Return the number of a new request."""
        self.requests += 1
        return self.requests

    def add(self, leg: Leg) -> None:
        """Take up a new leg, as the youngest of its cloid."""
        self._number(leg)
        head = self.by_cloid.get(leg.cloid)
        if head is not None:
            if head.course.ambiguous or orders.unbound_legs(head):
                leg.course = attrs.evolve(leg.course, ambiguous=True)
            orders.join(head, leg)
        self.by_cloid[leg.cloid] = leg
        self.following = self.following or leg.terms.follows
        if leg.state is PENDING:
            self.pending[leg.cloid] = leg
            self.settle(leg)

    def add_oldest(self, leg: Leg, head: Leg) -> None:
        """Take up again a leg that was forgotten, as the oldest of the chain of `head`."""
        self._number(leg)
        *_, oldest = orders.chain(head)
        orders.chain_of(oldest)
        orders.join(leg, oldest)

    def add_after(self, leg: Leg, older: Leg) -> None:
        """Take up a new leg right after another of its cloid, of which it is another name."""
        self._number(leg)
        leg.above = older.above
        orders.insert(older, leg)
        if self.by_cloid[leg.cloid] is older:
            self.by_cloid[leg.cloid] = leg

    def bind(self, leg: Leg, oid: Oid, replaces: bool = True) -> None:
        """Join cloid and oid: the order is live as far as is known. A new leg closes the older.

        The caller tells next what the message said, and calls `update`.
        """
        if leg.state is PENDING:
            del self.pending[leg.cloid]
        elif leg.state is WAITING:
            del self.waiting[leg.cloid]
        if leg.previous is not None:
            self.unexplained(leg)
        never_rested = leg.course.refused_oid == oid
        over_at = leg.closed_at if leg.course.cancelled or never_rested else None
        refused = leg.state is DEAD and leg.final and not never_rested
        orders.note_absence(leg)
        leg.oid = oid
        leg.state = RESTING
        leg.open_since = self.now
        leg.closed_at = None
        if not never_rested:
            leg.ended = None  # it was of another oid
        leg.final = leg.ended is not None
        if leg.course.cancelled or leg.course.accepted:  # its oid is told now
            leg.course = attrs.evolve(leg.course, cancelled=False, accepted=False)
        if over_at is None or never_rested:
            leg.reason = ""
        self.by_oid[oid] = leg
        self.opened(leg, oid)
        self.past.by_oid.pop(oid, None)
        if refused and self.is_alone(leg):
            reason = "it was told as refused, and is known at the venue"
            self.dispute(leg, (Dispute.REFUSAL, reason))
        if self.orphans.by_oid:
            self.orphans.drop(oid)
        if self.early.by_oid:
            early.merge(self, leg, oid)
        if replaces and leg.previous is not None:
            self.close_older(leg)
        if over_at is not None:
            # Told refused under this oid it took liquidity on arrival, and is over.
            self.close_as_of(leg, over_at)
        elif never_rested:
            self.close(leg)

    def update(self, leg: Leg) -> None:
        """Let state and sums follow from what is known of a leg with an oid."""
        leg.filled = orders.filled(leg)
        if leg.terms.follows:
            outside.follow(self, leg)
        if leg.final and (leg.stated < leg.filled or contradictions.is_refused_maker(leg)):
            leg.final = False  # what is contradicted is not the last word
        if leg.answered and (found := contradictions.of_arrival(leg)):
            self.dispute(leg, found)
        if leg.closed_at is not None and (
            found := contradictions.of_end(leg, leg.ended, orders.proven(leg))
        ):
            self.dispute(leg, found)
        was = leg.state
        if was is CANCELLED and not self._past_window(leg):
            leg.state = CANCEL_CONFIRMED  # as what its last word said may not be all
        leg.state = state = orders.derived(leg)
        if state is not was:
            if state in LIVE and was in CLOSED:
                # It was over as all had filled, and not all has: it stays over.
                leg.state = CANCEL_CONFIRMED
                leg.state = state = orders.derived(leg)
            if was is WAITING and state in LIVE:
                outside.trade(self, leg)
            if state in CLOSED and was in STANDING:
                self._closed(leg)
            if leg.terms.wait is _WAITED and leg.filled:
                outside.close_other_names(self, leg)
        self.settle(leg)

    def close(self, leg: Leg) -> None:
        """Take an order as not open any more, whatever fills and listings make it."""
        if leg.told is NOT_OVER:
            leg.told = Told.OVER
        if leg.state in STANDING:
            leg.state = CANCEL_CONFIRMED
            self._closed(leg)
        self.update(leg)

    def opened(self, leg: Leg, oid: Oid) -> None:
        """Note among what is open a leg whose record says that it is."""
        self.live[oid] = leg
        if leg.chain is not None:
            orders.refile(leg)

    def die(self, leg: Leg, final: bool) -> None:
        """Take a pending leg as one that never existed; `final`: the venue said so."""
        del self.pending[leg.cloid]
        leg.state = DEAD
        if leg.chain is not None:
            leg.chain.dead[id(leg)] = leg
        leg.final = final
        if leg.cancel is AWAITED:
            leg.cancel = OVER
        leg.closed_at = self.now
        self._closes(leg)
        if not final:
            # Fills whose oid is not known yet may be its own.
            self.early_until = self.now + self.config.remembered
        self.settle(leg)

    def cancel_failed(self, leg: Leg) -> None:
        """Take the order as live again: its cancel did not take effect."""
        if leg.cancel is AWAITED:
            leg.cancel = OVER
        self.update(leg)

    def dispute(self, leg: Leg, found: Contradiction, oid: Oid | None = None) -> None:
        """Report a contradiction of a leg: once of each kind; `oid`: what it is told of."""
        about, reason = found
        if about not in leg.course.disputed:
            leg.course = attrs.evolve(leg.course, disputed=leg.course.disputed | {about})
            self.note(Conflict(reason, leg.cloid, leg.oid if oid is None else oid))

    def unexplained(self, modify: Leg) -> None:
        """Report what a modify would explain that had amended its order in place: it did not."""
        leg = orders.take_less(modify)
        if leg is not None and leg.ended is not None:
            self.dispute(leg, contradictions.of_less(leg, leg.ended))
            self.update(leg)

    def is_alone(self, leg: Leg) -> bool:
        """Return whether a leg was never modified, so that a refusal can be of nothing else."""
        chain = leg.chain
        return chain is None or (leg.previous is None and leg.younger is None and not chain.follows)

    def is_tombstone(self, leg: Leg) -> bool:
        """Return whether the fill window of a closed order is over."""
        return leg.state in CLOSED and self._past_window(leg)

    def settle(self, leg: Leg) -> None:
        """Bring the sums of the book up to date with a leg, and with a modify of it."""
        state, buy = leg.state, leg.buy
        unsettled = awaited = ZERO
        if state is PENDING:
            exposure = leg.size
            rival = self._modified(leg)
            if rival is not None:
                # Only one of both legs will be: the larger can trade, the smaller may have.
                left = orders.open_size(rival)
                exposure = subtract(leg.size, left) if left < leg.size else ZERO
                unsettled = min(left, leg.size)
        else:
            exposure = orders.open_size(leg)
            if (
                leg.answered
                or leg.stated
                or leg.course.disputed
                or state is CANCEL_CONFIRMED
                or state is DEAD
            ) and not self._past_window(leg):
                unsettled = orders.unseen(leg)
                if leg.taker < leg.answered:
                    awaited = subtract(orders.arrived(leg), leg.taker)
        if exposure is not leg.exposure and exposure != leg.exposure:
            self.exposure[buy] = add(self.exposure[buy], subtract(exposure, leg.exposure))
            leg.exposure = exposure
        if unsettled is not leg.unsettled and unsettled != leg.unsettled:
            self.unsettled[buy] = add(self.unsettled[buy], subtract(unsettled, leg.unsettled))
            leg.unsettled = unsettled
        if awaited is not leg.awaited and awaited != leg.awaited:
            self.awaited[buy] = add(self.awaited[buy], subtract(awaited, leg.awaited))
            leg.awaited = awaited
        if self.pending:
            modify = self.pending.get(leg.cloid)
            if modify is not None and modify is not leg:
                self.settle(modify)
        if self.waiting and (state is CANCELLED or state is DEAD):
            outside.close_children(self, leg.cloid)

    def note(self, event: Attention) -> None:
        """Keep an event until it is drained."""
        self.log.note(event)

    # Within

    def _number(self, leg: Leg) -> None:
        """Number a leg: as the one before it, unless a fill waits that came between them.

        So that the legs share a number as long as nothing is to be told apart by it.
        """
        if self.early.latest() == self.numbered:
            self.numbered += 1
        leg.number = self.numbered
        leg.above = self.past.greatest

    def close_older(self, leg: Leg) -> None:
        """Close the orders that were open, or waited, before a leg that is known now."""
        others = orders.alive(leg) if leg.younger is None else orders.chain(leg)
        for older in others:
            if older is not leg and older.state in STANDING:
                self.close(older)

    def _closed(self, leg: Leg) -> None:
        leg.closed_at = self.now
        if leg.cancel is AWAITED:
            leg.cancel = OVER
        if self.waiting.get(leg.cloid) is leg:
            del self.waiting[leg.cloid]
        elif leg.oid is not None:
            del self.live[leg.oid]
        if leg.chain is not None:
            orders.refile(leg)
        self._closes(leg)

    def close_as_of(self, leg: Leg, closed_at: int) -> None:
        """Take an order as over since it was told so, before its oid was known."""
        self.close(leg)
        leg.closed_at = closed_at
        if leg.state is CANCEL_CONFIRMED and self._past_window(leg):
            leg.state = CANCELLED
        self.settle(leg)

    def _closes(self, leg: Leg) -> None:
        """Let a leg that is closed now wait for the end of its fill window."""
        self.closing.add(leg)
        due = self.now + self.closing.after
        if due < self.wake_at:
            self.wake_at = due

    def _past_window(self, leg: Leg) -> bool:
        closed_at = leg.closed_at
        return closed_at is not None and not (
            self.now - closed_at < self.config.fill_window_duration
        )

    def _modified(self, leg: Leg) -> Leg | None:
        """Return the leg that a pending one is to replace: one that is open, or waits."""
        if leg.chain is None or not (leg.chain.live or leg.chain.waiting):
            return None
        return orders.current(leg)

    def record(self, leg: Leg, size: Decimal, taker: bool) -> None:
        """Record a fill on its leg."""
        leg.filled_at = self.now
        if taker:
            leg.taker = add(leg.taker, size) if leg.taker else size
        else:
            leg.maker = add(leg.maker, size) if leg.maker else size
