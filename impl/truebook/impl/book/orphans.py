"""Orders that the venue lists and nobody here knows: when they are to be cancelled.

An orphan is asked to be cancelled once it has aged, with no cancel of it on its way, and when it
is in a listing asked for after the last answer; one that vanished starts afresh.
"""

from bisect import insort
from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from operator import itemgetter

import attrs

from truebook.impl.book.checks import Oid
from truebook.impl.book.config import BookConfig
from truebook.impl.book.exact import ZERO, add, subtract
from truebook.model.vocabulary import Side


@attrs.define
class Orphan:
    """What is known of one such order.

    `since`: when it was first seen in a listing, of those in which it has been ever since.
    `cancel_at`: when it was asked to be cancelled, where an answer is awaited. `answered_at`: when
    the last such request was settled; `over`: the answer said that the order is over, so that a
    listing that has it is an old one. `buy` and `size` are None and zero where not listed.
    """

    oid: Oid
    buy: bool | None = None
    size: Decimal = ZERO
    since: int | None = None
    cancel_at: int | None = None
    answered_at: int | None = None
    over: bool = False
    counted: Decimal = attrs.field(default=ZERO, eq=False)


@attrs.frozen
class OrphanView:
    """An order that nobody here knows, as the book shows it; see `Orphan`."""

    oid: Oid
    side: Side | None
    size: Decimal = attrs.field(kw_only=True)
    since: int | None = attrs.field(kw_only=True)
    cancel_at: int | None = attrs.field(kw_only=True)
    answered_at: int | None = attrs.field(kw_only=True)
    over: bool = attrs.field(kw_only=True)


@attrs.define
class Orphans:
    """The orphans of a book; `exposure` is what they can still trade, by side (sell, buy)."""

    config: BookConfig
    by_oid: dict[Oid, Orphan] = attrs.field(factory=dict)
    exposure: list[Decimal] = attrs.field(factory=lambda: [ZERO, ZERO], eq=False)
    _settling: deque[tuple[int, Oid]] = attrs.field(factory=deque, eq=False, repr=False)

    def see(
        self, oid: Oid, buy: bool | None, size: Decimal, requested_at: int, now: int, held: bool
    ) -> tuple[bool, bool]:
        """Take an unknown order out of a listing; return whether it is new, and is to be cancelled.

        `held`: it may yet turn out to be ours, and so must not be cancelled.
        """
        orphan = self.by_oid.get(oid)
        if orphan is None:
            orphan = self.by_oid[oid] = Orphan(oid)
        self._resolve(orphan, requested_at, now)
        if buy is not None:
            if buy is not orphan.buy:
                self._count(orphan, ZERO)
            orphan.buy, orphan.size = buy, size
        new = ask = False
        if orphan.since is None:
            if orphan.over and self._is_fresh(orphan, requested_at):
                orphan.over = False  # that answer is contradicted
            if not orphan.over:
                orphan.since = now
                new = True
        elif (
            orphan.cancel_at is None
            and not held
            and not now - orphan.since < self.config.orphan_grace_period
            and self._is_fresh(orphan, requested_at)
        ):
            orphan.cancel_at = now
            ask = True
        self._count(orphan)
        return new, ask

    def miss(self, listed: Iterable[Oid], requested_at: int, now: int) -> None:
        """Take every orphan that is not in a listing as vanished."""
        present = set(listed)
        for orphan in [o for oid, o in self.by_oid.items() if oid not in present]:
            self._resolve(orphan, requested_at, now)
            orphan.since = None
            self._settle(orphan)

    def answered(self, oid: Oid, over: bool, now: int) -> None:
        """Note the answer to a cancel; `over`: it said that the order is not open any more."""
        orphan = self.by_oid.get(oid)
        if orphan is None:
            orphan = self.by_oid[oid] = Orphan(oid)
        self._answered(orphan, now)
        if over:
            orphan.since = None
            orphan.over = True
        self._settle(orphan)

    def drop(self, oid: Oid) -> None:
        """Let go of an orphan that turned out to be ours."""
        orphan = self.by_oid.pop(oid, None)
        if orphan is not None:
            orphan.since = orphan.cancel_at = None
            self._count(orphan)

    def age(self, now: int) -> None:
        """Let go of what the answers to cancels said, once no listing can be older than them."""
        while self._settling and not now < self._settling[0][0]:
            due, oid = self._settling.popleft()
            orphan = self.by_oid.get(oid)
            if orphan is not None and orphan.answered_at is not None:
                if self._settled_at(orphan.answered_at) == due:
                    orphan.answered_at = None
                    orphan.over = False
                self._settle(orphan)

    @property
    def wake_at(self) -> int | None:
        """When there is next anything to age."""
        return self._settling[0][0] if self._settling else None

    def restore(self, orphan: Orphan) -> None:
        """Put back an orphan that was saved."""
        self.by_oid[orphan.oid] = orphan
        self._count(orphan)
        if orphan.answered_at is not None:
            due = self._settled_at(orphan.answered_at)
            insort(self._settling, (due, orphan.oid), key=itemgetter(0))

    def copy(self) -> "Orphans":
        """Return the same, sharing nothing that changes."""
        by_oid = {oid: attrs.evolve(orphan) for oid, orphan in self.by_oid.items()}
        return Orphans(self.config, by_oid, self.exposure.copy(), self._settling.copy())

    def show(self) -> tuple[OrphanView, ...]:
        """Return all of them, as others see them."""
        return tuple(
            OrphanView(
                o.oid,
                None if o.buy is None else Side.BUY if o.buy else Side.SELL,
                size=o.size,
                since=o.since,
                cancel_at=o.cancel_at,
                answered_at=o.answered_at,
                over=o.over,
            )
            for o in tuple(self.by_oid.values())  # at once: others may tell meanwhile
        )

    def _resolve(self, orphan: Orphan, requested_at: int, now: int) -> None:
        """Take a cancel for settled that could no longer take effect when the listing was asked.

        The order outlived it, or is gone by itself.
        """
        if orphan.cancel_at is not None and requested_at - orphan.cancel_at > self.config.settled:
            self._answered(orphan, now)

    def _answered(self, orphan: Orphan, now: int) -> None:
        orphan.cancel_at = None
        orphan.answered_at = now
        self._settling.append((self._settled_at(now), orphan.oid))

    def _settled_at(self, answered_at: int) -> int:
        return answered_at + self.config.listing_timeout + self.config.finalized_protection + 1

    def _is_fresh(self, orphan: Orphan, requested_at: int) -> bool:
        if orphan.answered_at is None:
            return True
        return requested_at - orphan.answered_at > self.config.finalized_protection

    def _settle(self, orphan: Orphan) -> None:
        self._count(orphan)
        if orphan.since is None and orphan.cancel_at is None and orphan.answered_at is None:
            del self.by_oid[orphan.oid]

    def _count(self, orphan: Orphan, counted: Decimal | None = None) -> None:
        """Count an orphan in the exposure: its size while it may be there, unless told what."""
        if counted is None:
            there = orphan.since is not None or orphan.cancel_at is not None
            counted = orphan.size if there else ZERO
        if orphan.buy is not None and counted != orphan.counted:
            change = subtract(counted, orphan.counted)
            self.exposure[orphan.buy] = add(self.exposure[orphan.buy], change)
            orphan.counted = counted
