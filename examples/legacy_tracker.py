"""The tracker that the plan was to replace, as the plan describes it: a known-bad subject.

It answers to the book's own method names, so that it can stand where a `UnifiedOrderBook` does.
What it lacks (refusals, timeouts, statuses, answers to cancels, modifies) it is not told.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

SECOND = 1_000_000_000
PENDING, RESTING, PARTLY_FILLED, CANCEL_PENDING = "pending", "resting", "partly", "cancelling"
FILLED, FILLED_DURING_CANCEL = "filled", "filled during cancel"
OVER = (FILLED, FILLED_DURING_CANCEL)


class LegacyOrder:
    """What it knows of one order."""

    def __init__(self, cloid: str, is_buy: bool, size: Decimal) -> None:
        self.cloid, self.is_buy, self.size = cloid, is_buy, size
        self.filled = Decimal(0)
        self.state = RESTING


class LegacyTracker:
    """Orders by oid, requests by cloid, and a position that everything may move."""

    def __init__(
        self,
        *,
        grace: int = 5 * SECOND,
        protection: int = 10 * SECOND,
        max_tracked_tids: int = 10_000,
    ) -> None:
        self.position = Decimal(0)
        self.pending: dict[str, tuple[bool, Decimal]] = {}
        self.orders: dict[Any, LegacyOrder] = {}
        self.finalized_at: dict[Any, int] = {}
        self.candidates: dict[Any, int] = {}
        self.tids: dict[Any, None] = {}
        self.grace, self.protection, self.max_tids = grace, protection, max_tracked_tids
        self.now = self.made = 0

    def register_pending(
        self,
        side: str,
        price: object,
        size: Decimal | int,
        *,
        cloid: str | None = None,
        now: int = 0,
    ) -> str:
        """Note a request; nothing but its answer, or a fill, ever takes it out again."""
        self.tick(now)
        self.made += 1
        cloid = cloid or f"0x{self.made:032x}"
        self.pending[cloid] = (side == "buy", Decimal(size))
        return cloid

    def finalize_order(
        self,
        cloid: str,
        oid: Any,
        resting_size: Decimal | int,
        side: str,
        price: object,
        *,
        filled_size: Decimal | int | None = None,
        now: int = 0,
    ) -> bool:
        """Track the order with its resting size; False if it is not pending, which nobody reads."""
        self.tick(now)
        if self.pending.pop(cloid, None) is None:
            return False
        self.orders[oid] = LegacyOrder(cloid, side == "buy", Decimal(resting_size))
        self.finalized_at[oid] = self.now
        return True

    def handle_immediate_fill(
        self,
        cloid: str,
        oid: Any,
        filled_size: Decimal | int,
        fill_price: object,
        is_buy: bool,
        *,
        now: int = 0,
    ) -> None:
        """Count what the answer says has filled; the fill message counts it again."""
        self.tick(now)
        self.pending.pop(cloid, None)
        self.finalized_at[oid] = self.now
        self.position += filled_size if is_buy else -filled_size

    def process_fill(
        self,
        oid: Any,
        tid: Any,
        size: Decimal | int,
        price: object,
        is_buy: bool,
        *,
        cloid: str | None = None,
        time: int | None = None,
        crossed: bool | None = None,
        now: int = 0,
    ) -> bool:
        """Count a fill whose tid is new; one that comes before the answer ends the request."""
        self.tick(now)
        if tid in self.tids:
            return False
        self.tids[tid] = None
        if len(self.tids) > self.max_tids:
            del self.tids[next(iter(self.tids))]
        self.position += size if is_buy else -size
        order = self.orders.get(oid)
        if order is None:
            if cloid is not None:
                self.pending.pop(cloid, None)
            return True
        order.filled += size
        if order.state in (RESTING, PARTLY_FILLED):
            order.state = PARTLY_FILLED if order.filled < order.size else FILLED
        elif order.state == CANCEL_PENDING:
            order.state = FILLED_DURING_CANCEL
        return True

    def request_cancel(self, id: Any, *, now: int = 0) -> bool:
        """Mark an order; there is no path for the answer."""
        self.tick(now)
        order = self.orders.get(id)
        if order is None or order.state not in (RESTING, PARTLY_FILLED):
            return False
        order.state = CANCEL_PENDING
        return True

    def reconcile(self, snapshot: Any, *, request: object = None, now: int = 0) -> list[Any]:
        """Hold the oids of a listing against those tracked; return the orphans to cancel."""
        self.tick(now)
        rows: Iterable[Any] = () if snapshot is None else getattr(snapshot, "orders", snapshot)
        listed = {getattr(row, "oid", row) for row in rows}
        for oid in [o for o, order in self.orders.items() if order.state not in OVER]:
            if oid not in listed and not self._protected(oid):
                del self.orders[oid]
        cancel = []
        for oid in listed:
            if oid in self.orders or self._protected(oid):
                continue
            since = self.candidates.setdefault(oid, self.now)
            if self.now - since > self.grace:
                cancel.append(oid)
        return cancel

    def position_reported(
        self, position: Decimal, *, as_of: int | None = None, now: int = 0
    ) -> None:
        """Take over the venue's position, which may hold fills that are still on their way."""
        self.tick(now)
        self.position = Decimal(position)

    def get_active_oids(self) -> frozenset[Any]:
        """Return the oids of the orders that it takes for open."""
        return frozenset(oid for oid, order in self.orders.items() if order.state not in OVER)

    def pending_exposure(self, side: str) -> Decimal:
        """Return what is left of resting and partly filled orders, and of no other."""
        left = (
            order.size - order.filled
            for order in self.orders.values()
            if order.is_buy == (side == "buy") and order.state in (RESTING, PARTLY_FILLED)
        )
        return sum((max(Decimal(0), size) for size in left), Decimal(0))

    def tick(self, now: int | None) -> None:
        """Let time pass; candidates are let go of after ten graces."""
        self.now = max(self.now, now or 0)
        old = [o for o, at in self.candidates.items() if self.now - at > 10 * self.grace]
        for oid in old:
            del self.candidates[oid]

    def _protected(self, oid: Any) -> bool:
        return oid in self.finalized_at and self.now - self.finalized_at[oid] <= self.protection
