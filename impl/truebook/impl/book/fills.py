"""Which fills the book has counted, and those that wait for their order to become known."""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from heapq import heappop, heappush
from typing import TypeAlias

import attrs

from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.exact import ZERO, add, subtract

FillKey: TypeAlias = tuple[int | None, Tid, Oid]
"""What makes a fill the same fill: its venue time, its tid and its oid.

Both legs of a trade with oneself have the same tid. The time is None in a book that is not told
venue times.
"""


@attrs.frozen(kw_only=True)
class Change:
    """What the venue made of a fill after it had happened: reversed (size zero), or corrected.

    `fee` is what is taken of the new size; `at` the venue's time of the change, None where it is
    not told; `moved` by how much it moved the position, beside the fill itself.
    """

    size: Decimal
    fee: Decimal
    at: int | None
    moved: Decimal = ZERO

    def made_of(self, delta: Decimal) -> Decimal:
        """Return by how much the fill moves the position now; `delta` is by how much it did."""
        if not self.size:
            return ZERO
        return subtract(self.size.copy_sign(delta), self.fee)


@attrs.define
class FillMemory:
    """The ids of the fills counted, so that each counts once.

    At most `capacity` are kept. The oldest by venue time is forgotten first and raises `floor`:
    an unknown fill at or below the floor is taken for a replay. Without venue times the first to
    come is the first forgotten, and a replay from before that cannot be told from a new fill.
    """

    capacity: int
    floor: int | None = None
    known: dict[FillKey, Decimal] = attrs.field(factory=dict)
    changes: dict[FillKey, Change] = attrs.field(factory=dict)
    as_of: int | None = None
    fees: dict[FillKey, Decimal] = attrs.field(factory=dict)
    _in_order: deque[FillKey] = attrs.field(factory=deque, eq=False, repr=False)
    _late: list[FillKey] = attrs.field(factory=list, eq=False, repr=False)

    def knows(self, key: FillKey) -> bool:
        """Return whether a fill was counted, or must be taken for one that was."""
        if key in self.known:
            return True
        return self.floor is not None and key[0] is not None and key[0] <= self.floor

    def remember(self, key: FillKey, delta: Decimal) -> None:
        """Note a fill as counted: by how much it moved the position."""
        self.known[key] = delta
        in_order = self._in_order
        if not in_order or key[0] is None or not key < in_order[-1]:
            in_order.append(key)
        else:
            heappush(self._late, key)
        if len(self.known) > self.capacity:
            self._forget_oldest()

    def since(self, time: int) -> Decimal:
        """Return what the fills known of this venue time or later come to."""
        total = ZERO
        for key, delta in self.known.items():
            if key[0] is not None and not key[0] < time:
                total = add(total, delta)
        for key, change in self.changes.items():
            if not is_before(key[0], time) or not (change.at is None or change.at < time):
                total = add(total, change.moved)
        return total

    def traded_since(self, oid: Oid, time: int) -> Decimal:
        """Return what the fills known of an order come to, those of this venue time or later."""
        total = ZERO
        for key, delta in self.known.items():
            if key[2] == oid and not is_before(key[0], time):
                size = add(delta, self.fees.get(key, ZERO))
                total = add(total, size.copy_abs())
        return total

    def awaited_since(self, time: int) -> FillKey | None:
        """Return a fill of before a time that was changed since and has not come; None: none."""
        for key, change in self.changes.items():
            since = change.at is not None and not change.at < time
            if since and is_before(key[0], time) and not self.knows(key):
                return key
        return None

    def change(self, key: FillKey, change: Change) -> None:
        """Note what became of a fill; the first noted goes where they are too many."""
        self.changes.pop(key, None)
        self.changes[key] = change
        if len(self.changes) > self.capacity:
            del self.changes[next(iter(self.changes))]

    def raise_floor(self, time: int) -> None:
        """Take every unknown fill of this time or before for one that was counted."""
        if self.floor is None or self.floor < time:
            self.floor = time

    def restore(self, known: dict[FillKey, Decimal], floor: int | None) -> None:
        """Take up what was saved: fills with venue times by these, others as they came."""
        self.known = known
        self.floor = floor
        timed = all(key[0] is not None for key in known)
        self._in_order.extend(sorted(known) if timed else known)

    def copy(self) -> "FillMemory":
        """Return a memory that is the same and shares nothing that changes."""
        return FillMemory(
            self.capacity,
            self.floor,
            self.known.copy(),
            self.changes.copy(),
            self.as_of,
            self.fees.copy(),
            self._in_order.copy(),
            self._late.copy(),
        )

    def _forget_oldest(self) -> None:
        in_order, late = self._in_order, self._late
        if late and (not in_order or late[0] < in_order[0]):
            key = heappop(late)
        else:
            key = in_order.popleft()
        del self.known[key]
        if self.fees:
            self.fees.pop(key, None)
        if key[0] is not None:
            self.raise_floor(key[0])


@attrs.frozen(kw_only=True)
class Missing:
    """What a position taken over has more than the fills known, and when it was taken over."""

    amount: Decimal
    at: int


def is_before(at: int | None, time: int) -> bool:
    """Return whether what happened at a venue time is in a position as of another."""
    return at is not None and at < time


@attrs.frozen
class EarlyFill:
    """A fill that was counted before its order was known; `cloid` is what it named."""

    oid: Oid
    tid: Tid
    size: Decimal = attrs.field(kw_only=True)
    price: Decimal = attrs.field(kw_only=True)
    is_buy: bool = attrs.field(kw_only=True)
    taker: bool = attrs.field(kw_only=True)
    at: int = attrs.field(kw_only=True)
    cloid: str | None = attrs.field(default=None, kw_only=True)


@attrs.define
class EarlyFills:
    """Fills that wait for their oid to become known, in the order in which they came.

    At most `capacity` wait: beyond it the first to come goes first. `count` is how many do; the
    queue also has those that were taken, until it is their turn.
    """

    capacity: int
    by_oid: dict[Oid, dict[FillKey, EarlyFill]] = attrs.field(factory=dict)
    queue: deque[tuple[FillKey, EarlyFill]] = attrs.field(factory=deque, eq=False, repr=False)
    count: int = attrs.field(default=0, eq=False, repr=False)

    def add(self, key: FillKey, fill: EarlyFill) -> None:
        """Let a fill wait."""
        waiting = self.by_oid.setdefault(fill.oid, {})
        if waiting.pop(key, None) is None:
            self.count += 1
        waiting[key] = fill
        self.queue.append((key, fill))
        while self.count > self.capacity:
            self.drop_first()

    def take(self, oid: Oid) -> tuple[EarlyFill, ...]:
        """Return the fills that waited for this oid, and let them wait no longer."""
        fills = self.by_oid.pop(oid, {})
        self.count -= len(fills)
        return tuple(fills.values())

    def drop_first(self) -> None:
        """Forget the fill that came first, unless it has been taken."""
        key, fill = self.queue.popleft()
        fills = self.by_oid.get(fill.oid)
        if fills is not None and fills.get(key) is fill:
            del fills[key]
            self.count -= 1
            if not fills:
                del self.by_oid[fill.oid]

    def waiting(self) -> Iterator[tuple[FillKey, EarlyFill]]:
        """Yield the fills that wait, in the order in which they came."""
        for key, fill in self.queue.copy():  # at once: others may tell the book meanwhile
            if self.by_oid.get(fill.oid, {}).get(key) is fill:
                yield key, fill

    def copy(self) -> "EarlyFills":
        """Return the same, sharing nothing that changes."""
        by_oid = {oid: fills.copy() for oid, fills in self.by_oid.items()}
        return EarlyFills(self.capacity, by_oid, self.queue.copy(), self.count)
