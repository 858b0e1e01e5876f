"""What is known of the orders, held against what really happened at the simulated venue."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
from quoting import WithBook, WithLegacy
from simulated_venue import Venue

from truebook.impl import FillResult, OrderState, Side
from truebook.impl.client import VenueFill
from truebook.model.vocabulary import TERMINAL


@attrs.frozen
class Found:
    """What came of a run, or of many: how many were `right`, and what was wrong in the others."""

    runs: int = 0
    right: int = 0
    orders: int = 0
    fills: int = 0
    restarts: int = 0
    position_error: Decimal = Decimal(0)
    worst_position: Decimal = Decimal(0)
    untracked: int = 0
    missing: int = 0
    ghosts: int = 0
    foreign_left: int = 0
    false_cancels: int = 0
    problems: Counter[str] = attrs.field(factory=Counter)

    def add(self, other: "Found") -> "Found":
        """Return both together."""
        sums = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in attrs.fields(Found)
        }
        return Found(**sums)

    def lines(self) -> Iterator[str]:
        """Yield what is to be said of it."""
        yield f"{self.orders:,} orders, {self.fills:,} fills, {self.restarts:,} restarts"
        yield f"{self.right:,} of {self.runs:,} runs end with all properties true"
        yield f"orders of ours cancelled as orphans: {self.false_cancels:,}"
        yield f"live orders in no local map, at each look in the run: {self.untracked:,}"
        yield f"at the end: {self.missing:,} open orders not known, {self.ghosts:,} known not open"
        yield f"at the end: {self.foreign_left:,} orphans left at the venue"
        yield f"position against the fills told: off by {self.worst_position} at worst, summed"
        yield f"position against the venue's at the end: off by {self.position_error}, summed"
        for name, count in sorted(self.problems.items()):
            yield f"broken: {name}, {count:,} times"


@attrs.define(eq=False)
class Watch:
    """What is seen while a run goes on: properties broken, and the worst of the position."""

    problems: Counter[str] = attrs.field(factory=Counter)
    worst_position: Decimal = Decimal(0)
    untracked: int = 0
    _counted: Counter[tuple[Any, ...]] = attrs.field(factory=Counter)
    _told: dict[tuple[Any, ...], Decimal] = attrs.field(factory=dict)
    _over: dict[Any, OrderState] = attrs.field(factory=dict)

    def hears(self, fill: VenueFill, result: object) -> None:
        """Note a fill that was told by a stream, and what came of it."""
        key = (fill.time, fill.tid, fill.oid)
        self._told[key] = fill.size if fill.is_buy else -fill.size
        if isinstance(result, FillResult):
            self._counted[key] += 1
            if self._counted[key] > 1:
                self.problems["no-fill-twice"] += 1

    def look(self, venue: Venue, keeper: WithBook | WithLegacy) -> None:
        """Hold what is known against what was told, and the orders against the venue's."""
        told = sum(self._told.values(), Decimal(0))
        pending = set(keeper.book.pending) if isinstance(keeper, WithLegacy) else set()
        if isinstance(keeper, WithBook):  # SafetySync has told it more
            book = keeper.book
            known = (f for f in venue.fills if book.knows_fill(f.oid, f.tid, f.time))
            told = sum((f.size if f.is_buy else -f.size for f in known), Decimal(0))
            pending = set(book.get_pending_cloids())
            if told != book.position:
                self.problems["position-is-unique-fills"] += 1
            for shown in book.get_orders():
                if self._over.get(shown.oid, shown.state) is not shown.state:
                    self.problems["transitions-in-table"] += 1
                elif shown.state in TERMINAL:
                    self._over[shown.oid] = shown.state
        self.worst_position = max(self.worst_position, abs(keeper.book.position - told))
        active = keeper.book.get_active_oids()
        for order in venue.orders.values():
            tracked = order.oid in active or order.cloid in pending
            if order.ours and order.state == "open" and not tracked:
                self.untracked += 1
                self.problems["tracked-or-in-grace"] += 1


def hold(venue: Venue, keeper: WithBook | WithLegacy, watch: Watch, restarts: int) -> Found:
    """Hold what is known at the end against the venue."""
    problems = watch.problems.copy()
    real = {oid for oid in venue.open_oids() if venue.orders[oid].ours}
    known = set(keeper.book.get_active_oids())
    error = abs(keeper.book.position - venue.position)
    foreign = len(venue.open_oids() - real)
    if isinstance(keeper, WithBook):
        problems.update(_properties(venue, keeper))
    right = not (problems or error or foreign or venue.false_cancels) and real == known
    return Found(
        runs=1,
        right=int(right),
        orders=len(venue.orders),
        fills=len(venue.fills),
        restarts=restarts,
        position_error=error,
        worst_position=watch.worst_position,
        untracked=watch.untracked,
        missing=len(real - known),
        ghosts=len(known - real),
        foreign_left=foreign,
        false_cancels=venue.false_cancels,
        problems=problems,
    )


def _properties(venue: Venue, keeper: WithBook) -> Iterator[str]:
    """Yield the name of each property that the book breaks, now that all is quiet."""
    book = keeper.book
    left = {side: Decimal(0) for side in Side}
    for oid in venue.open_oids():
        order = venue.orders[oid]
        left[Side.BUY if order.is_buy else Side.SELL] += order.left
        shown = book.get_order(order.cloid)
        if shown is None or shown.oid != oid:
            yield "identity"
        elif shown.filled != order.filled or shown.taker + shown.maker > order.filled:
            yield "filled-is-its-fills"
        elif shown.filled >= shown.size:
            yield "state-agrees-with-fills"
    if book.position != venue.position or book.expected_position != venue.position:
        yield "position-is-unique-fills"
    if any(book.pending_exposure(side) < left[side] for side in Side):
        yield "exposure-bounds-truth"
    if any(book.pending_exposure(side) > left[side] for side in Side):
        yield "exposure-is-tight"
    if book.get_active_oids() != venue.open_oids() or book.pending_count:
        yield "convergence"
    held = {order.oid for order in book.get_orders()}
    if book.get_orphans() or book.get_early_fills() or held != venue.open_oids():
        yield "nothing-leaks"
    if any(book.unsettled(side) for side in Side) or book.stuck_cancels():
        yield "exposure-is-tight"
    if venue.false_cancels:
        yield "no-false-orphan"
    if not all(book.knows_fill(fill.oid, fill.tid, fill.time) for fill in venue.fills):
        yield "replay-harmless"
