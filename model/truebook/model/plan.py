"""The tracker as the plan wrote it, and the legacy tracker before it.

Written from the plan's own text, faults included. The plan's expected cloids are left out: they
are never given an oid, so nothing that the book does depends on them.
"""

import attrs

from truebook.model.vocabulary import TERMINAL, UNBOUND, OrderState
from truebook.model.world import Snapshot, World

CANDIDATE_GRACES = 10
"""The plan lets go of an orphan candidate after this many graces."""


@attrs.frozen
class PlanTracker:
    """The plan's tracker; `legacy` makes finalize do nothing when the pending entry is gone."""

    legacy: bool = False

    def register(self, w: World, i: int) -> None:
        """Put the order in pending; a modify is not registered."""
        if i == 0:
            w.records[i].state = OrderState.PENDING
            w.records[i].size = w.size(i)

    def on_answer(self, w: World, i: int, refused: bool, taken: int) -> None:
        """Handle an immediate fill, or finalize with the answer's resting size."""
        if refused:
            return
        if taken == w.size(i):
            record = w.records[i]
            w.position = w.position + taken
            if record.state == OrderState.PENDING:
                record.state = OrderState.ABSENT
            record.mapped = 1
            record.protected = w.bounds.timers.protection
        else:
            self._finalize(w, i, w.size(i) - taken)

    def on_error_item(self, w: World, i: int) -> None:
        """Finalize with what the item has: oid 0 and size 0."""
        self._finalize(w, i, 0)

    def _finalize(self, w: World, i: int, resting: int) -> None:
        record = w.records[i]
        if record.state in UNBOUND and (not self.legacy or record.state == OrderState.PENDING):
            record.state = OrderState.RESTING
            record.mapped = 1
            record.size = resting
            record.protected = w.bounds.timers.protection

    def on_timeout(self, w: World, i: int) -> None:
        """Do nothing: there is no path for it."""

    def on_fill(self, w: World, i: int, taker: bool, named: bool, new: bool) -> None:
        """Count a new fill; record it if its oid is tracked."""
        if not new:
            return
        record = w.records[i]
        w.position = w.position + 1
        if record.state in UNBOUND:
            if self.legacy and named:
                record.state = OrderState.ABSENT
            return
        if taker:
            record.taker = record.taker + 1
        else:
            record.maker = record.maker + 1
        if record.state in (OrderState.RESTING, OrderState.PARTIALLY_FILLED):
            if record.taker + record.maker < record.size:
                record.state = OrderState.PARTIALLY_FILLED
            else:
                record.state = OrderState.FILLED
        elif record.state in (OrderState.CANCEL_PENDING, OrderState.CANCEL_CONFIRMED):
            record.state = OrderState.FILLED_DURING_CANCEL

    def on_end(self, w: World, i: int, refused: bool, filled: int) -> None:
        """Do nothing: there is no path for it."""

    def can_change(self, w: World, i: int) -> bool:
        """Return whether the order is live and tracked."""
        return w.records[i].state in (OrderState.RESTING, OrderState.PARTIALLY_FILLED)

    def on_cancel_asked(self, w: World, i: int) -> None:
        """Mark the order."""
        w.records[i].state = OrderState.CANCEL_PENDING

    def on_cancel_answer(self, w: World, i: int, refused: bool) -> None:
        """Do nothing: there is no path for it."""

    def on_snapshot_asked(self, w: World, s: Snapshot) -> None:
        """Do nothing: the plan does not note when it asked."""

    def on_listing(self, w: World, s: Snapshot, i: int) -> None:
        """Reconcile by oids alone."""
        record = w.records[i]
        tracked = record.state not in UNBOUND
        if s.views[i].listed:
            if not tracked and record.protected == 0:
                if record.candidate == 0:
                    record.candidate = 1
                elif w.bounds.timers.grace < record.candidate:
                    record.orphan_asked = 1
        elif tracked and record.state not in TERMINAL and record.protected == 0:
            record.state = OrderState.ABSENT
            record.mapped = 0
            record.taker = 0
            record.maker = 0

    def on_position(self, w: World, position: int) -> None:
        """Take over the venue's position."""
        w.position = position

    def on_tick(self, w: World, i: int) -> None:
        """Let protection and candidates expire; terminal orders are never cleaned."""
        record = w.records[i]
        if record.protected != 0:
            record.protected = record.protected - 1
        end = CANDIDATE_GRACES * w.bounds.timers.grace
        if record.candidate == end:
            record.candidate = 0
        elif record.candidate != 0:
            record.candidate = record.candidate + 1

    def filled(self, w: World, i: int) -> int:
        """Return the fills recorded."""
        return w.records[i].taker + w.records[i].maker

    def exposure(self, w: World, i: int) -> int:
        """Count resting and partially filled orders only."""
        record = w.records[i]
        if record.state in (OrderState.RESTING, OrderState.PARTIALLY_FILLED):
            return max(0, record.size - record.taker - record.maker)
        return 0

    def unsettled(self, w: World, i: int) -> int:
        """Count nothing."""
        return 0
