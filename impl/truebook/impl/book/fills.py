"""Which fills the book has counted, and those that wait for their order to become known."""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from heapq import heappop, heappush
from typing import TypeAlias

import attrs

from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.exact import ZERO, add

FillKey: TypeAlias = tuple[int | None, Tid, Oid]
"""What makes a fill the same fill: its venue time, its tid and its oid.

Both legs of a trade with oneself have the same tid. The time is None in a book that is not told
venue times.
"""


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
        return total

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
            self.capacity, self.floor, self.known.copy(), self._in_order.copy(), self._late.copy()
        )

    def _forget_oldest(self) -> None:
        in_order, late = self._in_order, self._late
        if late and (not in_order or late[0] < in_order[0]):
            key = heappop(late)
        else:
            key = in_order.popleft()
        del self.known[key]
        if key[0] is not None:
            self.raise_floor(key[0])


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
