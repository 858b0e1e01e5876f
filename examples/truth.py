"""What is known of the orders, held against what really happened at the simulated venue."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
import properties
import recovery
from quoting import WithBook, WithLegacy
from simulated_venue import Venue

from truebook.impl import FillResult, OrderState
from truebook.impl.sync import VenueFill
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
    lies: Counter[str] = attrs.field(factory=Counter)
    happened: Counter[str] = attrs.field(factory=Counter)
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
        yield f"false words heard: {self.lies.total():,}"
        for name, count in sorted(self.lies.items()):
            yield f"  an order that is {name}: {count:,}"
        for name, count in sorted(self.happened.items()):
            yield f"{name}: {count:,}"
        for name, count in sorted(self.problems.items()):
            yield f"broken: {name}, {count:,} times"


@attrs.define(eq=False)
class Watch:
    """What is seen while a run goes on: properties broken, and the worst of the position."""

    problems: Counter[str] = attrs.field(factory=Counter)
    worst_position: Decimal = Decimal(0)
    untracked: int = 0
    returned: recovery.Returned = attrs.field(factory=recovery.Returned)
    _counted: Counter[tuple[Any, ...]] = attrs.field(factory=Counter)
    _told: dict[tuple[Any, ...], Decimal] = attrs.field(factory=dict)
    _over: dict[Any, OrderState] = attrs.field(factory=dict)

    def hears(self, fill: VenueFill, result: object) -> None:
        """Note a fill that was told by a stream, and what came of it."""
        key = (fill.time, fill.tid, fill.oid)
        self._told[key] = properties.delta(fill)
        if isinstance(result, FillResult):
            self._counted[key] += 1
            if self._counted[key] > 1:
                self.problems["no-fill-twice"] += 1

    def look(self, venue: Venue, keeper: WithBook | WithLegacy) -> None:
        """Hold what is known against what really is."""
        told = sum(self._told.values(), Decimal(0))
        if isinstance(keeper, WithBook):  # SafetySync has told it more
            known = properties.known_fills(venue, keeper.book)
            told = sum(map(properties.delta, known), Decimal(0))
        self.worst_position = max(self.worst_position, abs(keeper.book.position - told))
        if isinstance(keeper, WithBook):
            broken = Counter(properties.at_any_time(venue, keeper.book))
            self.problems += broken
            self.untracked += broken["tracked-or-in-grace"]
            self.returned.look(venue, keeper.book)
            for shown in keeper.book.get_orders():
                # Terminal is final, but where words contradict each other, and that is reported.
                id = (shown.cloid, shown.oid)  # an order that waits may have no oid
                over = self._over.pop(id, shown.state)
                disputed = venue.false_words.is_told_of(shown.cloid) or (
                    {shown.oid, shown.cloid} & keeper.contradicted
                )
                if over is not shown.state and not disputed:
                    self.problems["transitions-in-table"] += 1
                if shown.state in TERMINAL:
                    self._over[id] = shown.state
            return
        active, pending = keeper.book.get_active_oids(), keeper.book.pending
        for order in venue.orders.values():
            tracked = order.oid in active or order.cloid in pending
            if order.ours and order.state == "open" and not tracked:
                self.untracked += 1
                self.problems["tracked-or-in-grace"] += 1


def hold(venue: Venue, keeper: WithBook | WithLegacy, watch: Watch, restarts: int) -> Found:
    """Hold what is known at the end against the venue."""
    problems = watch.problems + Counter(properties.of_orphans(venue))
    real = {oid for oid in venue.open_oids() if venue.orders[oid].ours}
    known = set(keeper.book.get_active_oids())
    error = abs(keeper.book.position - venue.position)
    foreign = len(venue.open_oids() - real)
    if isinstance(keeper, WithBook):
        foreign -= len(properties.left_alone(venue, keeper.book))
        problems.update(watch.returned.without_a_word(venue, keeper))
        problems.update(properties.once_quiet(venue, keeper.book, keeper.path))
    return Found(
        runs=1,
        right=int(not (problems or error or foreign) and real == known),
        orders=len(venue.orders),
        fills=len(venue.fills),
        restarts=restarts,
        position_error=error,
        worst_position=watch.worst_position,
        untracked=watch.untracked,
        missing=len(real - known),
        ghosts=len(known - real),
        foreign_left=foreign,
        false_cancels=sum(c.was_open and venue.orders[c.oid].ours for c in venue.orphan_cancels),
        lies=venue.false_words.heard,
        happened=venue.happened,
        problems=problems,
    )
