"""What can be seen of a book, by those who must not change it too."""

from decimal import Decimal

from truebook.impl.book import checks, ending, forms, orders, positions, waiting
from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.config import BookConfig, Strangers
from truebook.impl.book.exact import add
from truebook.impl.book.fills import EarlyFill
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import Leg
from truebook.impl.book.orphans import OrphanView
from truebook.impl.book.shown import Order, oids_of, show
from truebook.model.vocabulary import Side


def ledger_of(book: object) -> Ledger:
    """Return the ledger of a book, or of what stands for one; TypeError for anything else."""
    ledger = getattr(book, "_ledger", None)
    if not isinstance(ledger, Ledger):
        raise TypeError(f"book must be a book, as UnifiedOrderBook() makes one, not {book!r:.80}")
    return ledger


class BookReader:
    """The questions that a book answers; none of them changes it."""

    __slots__ = ("_ledger",)

    _ledger: Ledger

    def get_order(self, id: Oid) -> Order | None:
        """Return the order of an oid or cloid as it is now, or None.

        An old oid of a modified order shows the order that it has become.
        """
        leg = self._find(id)
        if leg is None:
            return None
        return self._show(orders.current(self._ledger.by_cloid[leg.cloid]))

    def legs(self, id: Oid) -> tuple[Order, ...]:
        """Return every leg of an order, oldest first: one, and one more for each modify."""
        leg = self._find(id)
        if leg is None:
            return ()
        head = self._ledger.by_cloid[leg.cloid]
        oids = oids_of(head)  # once: a chain may have hundreds
        return tuple(show(one, oids) for one in orders.chain(head))[::-1]

    def get_orders(self) -> tuple[Order, ...]:
        """Return every order that the book holds, one for each cloid, oldest first.

        Those that are over too, until they are forgotten.
        """
        heads = tuple(self._ledger.by_cloid.values())  # at once: others may tell it meanwhile
        return tuple(show(orders.current(head), oids_of(head)) for head in heads)

    def get_active_oids(self) -> frozenset[Oid]:
        """Return the oids of the orders that are open, as far as is known."""
        return frozenset(self._ledger.live)

    def get_pending_cloids(self) -> frozenset[str]:
        """Return the cloids of the requests whose outcome is not known."""
        return frozenset(self._ledger.pending)

    def get_waiting_cloids(self) -> frozenset[str]:
        """Return the cloids of the orders that were accepted and wait outside the venue's book."""
        return frozenset(self._ledger.waiting)

    def get_orphans(self) -> tuple[OrphanView, ...]:
        """Return the orders that were listed and that nobody here knows."""
        return self._ledger.orphans.show()

    def get_early_fills(self) -> tuple[EarlyFill, ...]:
        """Return the fills that were counted and wait for their order, as they came."""
        return tuple(fill for _, fill in self._ledger.early.waiting())

    def knows_fill(self, oid: Oid | None, tid: Tid, time: int | None = None) -> bool:
        """Return whether a fill would be taken for one that was counted."""
        if time is not None:
            time = checks.time(time, "time")
        ledger, memory = self._ledger, self._ledger.memory
        named = checks.tid(tid), forms.fill_oid(oid, ledger.oid_kind)
        found = forms.same(named[0], ledger.tid_kind), forms.same(named[1], ledger.oid_kind)
        if found[0] is None or found[1] is None:
            return False
        return memory.knows(memory.key(None if ledger.timed is False else time, found[0], found[1]))

    @property
    def fill_floor(self) -> int | None:
        """The venue time at or below which unknown fills are taken for replays."""
        return self._ledger.memory.floor

    @property
    def config(self) -> BookConfig:
        """How the book is configured."""
        return self._ledger.config

    @property
    def now(self) -> int:
        """The latest time told."""
        return self._ledger.now

    @property
    def position(self) -> Decimal:
        """What the fills counted come to: bought less sold."""
        return self._ledger.position

    @property
    def expected_position(self) -> Decimal:
        """The position, and what answers said has filled on arrival and is yet to come as fills."""
        return positions.expected(self._ledger)

    def pending_exposure(self, side: Side | str) -> Decimal:
        """Return what can still trade on a side: open, pending, waiting and orphaned orders.

        In a modify it is the larger of old and new. Orders that close the position count together
        as what it is. Without the orphans where strangers are left: see `foreign_exposure`. Rules:
        exposure-bounds, strangers-apart.
        """
        buy, ledger = checks.is_buy(side), self._ledger
        total = ledger.exposure[buy]
        if ledger.config.strangers is not Strangers.LEAVE:
            total = add(total, ledger.orphans.exposure[buy])
        return add(total, waiting.followed(ledger, buy)) if ledger.following else total

    def foreign_exposure(self, side: Side | str) -> Decimal:
        """Return what listed orders that are not ours can still trade on a side.

        It is a part of `pending_exposure` where they are to be cancelled (`BookConfig.strangers`),
        and in nothing else where they are left. Rule: strangers-apart.
        """
        return self._ledger.orphans.exposure[checks.is_buy(side)]

    def waiting_exposure(self, side: Side | str) -> Decimal:
        """Return what of the exposure is that of orders that wait: it trades once triggered.

        Of those that close the position too, also while their request is pending.
        """
        return waiting.exposure(self._ledger, checks.is_buy(side))

    def unsettled(self, side: Side | str) -> Decimal:
        """Return what may have traded on a side without its fills having come.

        With the position and the exposure it bounds what has traded and what still can.
        """
        return self._ledger.unsettled[checks.is_buy(side)]

    def __len__(self) -> int:
        """Return how many orders are open, as far as is known."""
        return len(self._ledger.live)

    def __bool__(self) -> bool:
        """Return True: a book with no orders is a book."""
        return True

    @property
    def waiting_count(self) -> int:
        """How many orders were accepted and wait outside the venue's book."""
        return len(self._ledger.waiting)

    @property
    def pending_count(self) -> int:
        """How many requests, of orders and modifies, have an outcome that is not known."""
        return len(self._ledger.pending)

    def _find(self, id: Oid) -> Leg | None:
        return ending.ledger_leg(self._ledger, checks.oid_or_cloid(id))

    def _show(self, leg: Leg) -> Order:
        return show(leg, oids_of(self._ledger.by_cloid[leg.cloid]))
