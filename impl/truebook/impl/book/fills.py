"""Which fills the book has counted, and those that wait for their order to become known."""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from heapq import heappop, heappush
from typing import TypeAlias

import attrs

from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.config import FillIdentity
from truebook.impl.book.exact import ZERO, add, subtract

FillKey: TypeAlias = tuple[int | None, Tid, Oid]
"""What makes a fill the same fill: its venue time, its tid and its oid.

Both legs of a trade with oneself have the same tid. The time is None in a book that is not told
venue times; where the tid and the oid alone identify a fill, it is the first that was told.
"""

Counted: TypeAlias = tuple[Decimal, Decimal | None, bool | None, str | None]
"""What is remembered of a fill: by how much it moved the position, at what price, whether it took
liquidity if that was told, and the cloid that it named where its order was not known.

The price is None in a book that was saved by a version that did not keep it.
"""

DIFFERENCES = ("cloid", "fee", "pieces", "price", "side", "size", "start", "taker")
"""In what a fill that is told again can differ."""


def _moves(known: dict[FillKey, Counted]) -> dict[FillKey, Decimal]:
    return {key: counted[0] for key, counted in known.items()}


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
    """The ids of the fills counted, so that each counts once, and what they were.

    At most `capacity` are kept. The oldest by venue time is forgotten first and raises `floor`:
    an unknown fill at or below the floor is taken for a replay. Without venue times the first to
    come is the first forgotten, and a replay from before that cannot be told from a new fill.
    `by_tid` has the keys by tid and oid, where these identify a fill. `starts` are the positions
    before fills, where told; `disputed` the differences that were reported of fills told again.
    `changes` are what the venue made of fills since, come or not; `fees` what was taken of those
    known, in the asset itself. `as_of` is the venue time of the position last taken over.
    """

    capacity: int
    identity: FillIdentity = FillIdentity.TIME_TID_OID
    floor: int | None = None
    known: dict[FillKey, Counted] = attrs.field(factory=dict, eq=_moves)
    starts: dict[FillKey, Decimal] = attrs.field(factory=dict, repr=False)
    disputed: dict[FillKey, frozenset[str]] = attrs.field(factory=dict, eq=False, repr=False)
    changes: dict[FillKey, Change] = attrs.field(factory=dict)
    as_of: int | None = None
    fees: dict[FillKey, Decimal] = attrs.field(factory=dict)
    by_tid: dict[tuple[Tid, Oid], FillKey] | None = attrs.field(init=False, eq=False, repr=False)
    _changed: dict[tuple[Tid, Oid], FillKey] = attrs.field(init=False, eq=False, repr=False)
    _in_order: deque[FillKey] = attrs.field(factory=deque, eq=False, repr=False)
    _late: list[FillKey] = attrs.field(factory=list, eq=False, repr=False)
    _moments: dict[tuple[int | None, Oid], list[FillKey]] = attrs.field(
        factory=dict, eq=False, repr=False
    )

    def __attrs_post_init__(self) -> None:
        """Make the index by tid, where that is what identifies a fill."""
        self.by_tid = {} if self.identity is FillIdentity.TID_OID else None
        self._changed = {key[1:]: key for key in self.changes}

    def key(self, time: int | None, tid: Tid, oid: Oid) -> FillKey:
        """Return the key of a fill: with the time under which it was counted, or changed first."""
        key = time, tid, oid
        if self.by_tid is None:
            return key
        found = self.by_tid.get((tid, oid))
        return self._changed.get((tid, oid), key) if found is None else found

    def knows(self, key: FillKey) -> bool:
        """Return whether a fill was counted, or must be taken for one that was."""
        if key in self.known:
            return True
        return self.floor is not None and key[0] is not None and key[0] <= self.floor

    def remember(self, key: FillKey, counted: Counted) -> None:
        """Note a fill as counted."""
        self.known[key] = counted
        if self.by_tid is not None:
            self.by_tid[key[1:]] = key
        in_order = self._in_order
        if not in_order or key[0] is None or not key < in_order[-1]:
            in_order.append(key)
        else:
            heappush(self._late, key)
        if len(self.known) > self.capacity:
            self._forget_oldest()

    def dispute(self, key: FillKey, about: str) -> bool:
        """Note a kind of difference of a fill; return whether it is the first of its kind."""
        before = self.disputed.get(key, frozenset())
        if about in before:
            return False
        if key in self.known:
            self.disputed[key] = before | {about}
        return True

    def start(self, key: FillKey, position: Decimal) -> None:
        """Note what the position was before a fill; nothing, of one that is forgotten already."""
        if key in self.known:
            self.starts[key] = position
            self._moments.setdefault((key[0], key[2]), []).append(key)

    def starts_at(self, key: FillKey) -> tuple[FillKey, ...]:
        """Return the other fills of the order and venue time of one, whose starts are known."""
        return () if key[0] is None else tuple(self._moments.get((key[0], key[2]), ()))

    def since(self, time: int) -> Decimal:
        """Return what the fills known of this venue time or later come to."""
        total = ZERO
        for key, counted in self.known.items():
            if key[0] is not None and not key[0] < time:
                total = add(total, counted[0])
        for key, change in self.changes.items():
            if not is_before(key[0], time) or not (change.at is None or change.at < time):
                total = add(total, change.moved)
        return total

    def traded_since(self, oid: Oid, time: int) -> Decimal:
        """Return what the fills known of an order come to, those of this venue time or later."""
        total = ZERO
        for key in self.known:
            if key[2] == oid and not is_before(key[0], time):
                total = add(total, self.traded(key).copy_abs())
        return total

    def traded(self, key: FillKey) -> Decimal:
        """Return the size of a fill that is known, below zero of a sale: without its fee."""
        delta, fee = self.known[key][0], self.fees.get(key)
        return delta if fee is None else add(delta, fee)

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
        self._changed[key[1:]] = key
        if len(self.changes) > self.capacity:
            first = next(iter(self.changes))
            del self.changes[first]
            if self._changed.get(first[1:]) == first:
                del self._changed[first[1:]]

    def raise_floor(self, time: int) -> None:
        """Take every unknown fill of this time or before for one that was counted."""
        if self.floor is None or self.floor < time:
            self.floor = time

    def restore(self, known: dict[FillKey, Counted], floor: int | None) -> None:
        """Take up what was saved: fills with venue times by these, others as they came."""
        self.known = known
        self.floor = floor
        if self.by_tid is not None:
            self.by_tid = {key[1:]: key for key in known}
        timed = all(key[0] is not None for key in known)
        self._in_order.extend(sorted(known) if timed else known)

    def is_whole(self) -> bool:
        """Return whether what identifies a fill is known of one alone."""
        return self.by_tid is None or len(self.by_tid) == len(self.known)

    def copy(self) -> "FillMemory":
        """Return a memory that is the same and shares nothing that changes."""
        other = FillMemory(
            self.capacity,
            self.identity,
            self.floor,
            self.known.copy(),
            self.starts.copy(),
            self.disputed.copy(),
            self.changes.copy(),
            self.as_of,
            self.fees.copy(),
            self._in_order.copy(),
            self._late.copy(),
            {moment: keys.copy() for moment, keys in self._moments.items()},
        )
        other.by_tid = None if self.by_tid is None else self.by_tid.copy()
        return other

    def _forget_oldest(self) -> None:
        in_order, late = self._in_order, self._late
        if late and (not in_order or late[0] < in_order[0]):
            key = heappop(late)
        else:
            key = in_order.popleft()
        del self.known[key]
        if self.by_tid is not None:
            del self.by_tid[key[1:]]
        if self.disputed:
            self.disputed.pop(key, None)
        if self.starts and self.starts.pop(key, None) is not None:
            self._forget_start(key)
        if self.fees:
            self.fees.pop(key, None)
        if key[0] is not None:
            self.raise_floor(key[0])

    def _forget_start(self, key: FillKey) -> None:
        moment = key[0], key[2]
        keys = self._moments[moment]
        keys.remove(key)
        if not keys:
            del self._moments[moment]


@attrs.frozen(kw_only=True)
class Missing:
    """What a position taken over has more than the fills known, and when it was taken over.

    `requests` is how many requests there were then: it has nothing of those since.
    """

    amount: Decimal
    at: int
    requests: int


def is_before(at: int | None, time: int) -> bool:
    """Return whether what happened at a venue time is in a position as of another."""
    return at is not None and at < time


@attrs.frozen
class EarlyFill:
    """A fill that was counted before its order was known; `cloid` is what it named.

    `number` is that of the leg that was taken up last before it came.
    """

    oid: Oid
    tid: Tid
    size: Decimal = attrs.field(kw_only=True)
    price: Decimal = attrs.field(kw_only=True)
    is_buy: bool = attrs.field(kw_only=True)
    taker: bool = attrs.field(kw_only=True)
    at: int = attrs.field(kw_only=True)
    cloid: str | None = attrs.field(default=None, kw_only=True)
    number: int = attrs.field(default=0, kw_only=True, eq=False)


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

    def latest(self) -> int:
        """Return the number of the last to come of those that wait; 0 where none does."""
        while self.queue:
            key, fill = self.queue[-1]
            if self.by_oid.get(fill.oid, {}).get(key) is fill:
                return fill.number
            self.queue.pop()
        return 0

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
