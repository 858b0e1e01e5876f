"""The tracker that the plan replaces, as an adapter: the known-bad subject."""

import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from truebook.oracle.serve import serve

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from legacy_tracker import LegacyTracker

STATES = {
    "partly": "partially_filled",
    "cancelling": "cancel_pending",
    "filled during cancel": "filled_during_cancel",
}


class Legacy:
    """It has no notion of exposure, and no path for what is refused, late or over."""

    def __init__(self, config: Mapping[str, int]) -> None:
        self.tracker = LegacyTracker(
            grace=config["orphan_grace_period"],
            protection=config["finalized_protection"],
            max_tracked_tids=config.get("max_tracked_tids", 10_000),
        )

    def step(self, event: Mapping[str, Any], at: int) -> Mapping[str, list[str]]:
        """Tell the tracker an event, if it has a method for it."""
        self.tracker.tick(at)
        take = getattr(self, event["type"], None)
        return {} if take is None else take(event, at) or {}

    def register(self, e: Mapping[str, Any], at: int) -> None:
        """Note a request."""
        self.tracker.register_pending(e["side"], e["price"], Decimal(e["size"]), cloid=e["cloid"])

    def answer(self, e: Mapping[str, Any], at: int) -> None:
        """Handle an immediate fill, or finalize with the resting size."""
        oid = e["oid"] or "0"  # an item without one was read as 0
        resting, filled = Decimal(e.get("resting", "0")), Decimal(e.get("filled", "0"))
        if filled and not resting:
            buy = e["side"] == "buy"
            self.tracker.handle_immediate_fill(e["cloid"], oid, filled, e["price"], buy)
        else:
            self.tracker.finalize_order(e["cloid"], oid, resting, e["side"], e["price"])

    def fill(self, e: Mapping[str, Any], at: int) -> None:
        """Count a fill."""
        size, buy = Decimal(e["size"]), e["side"] == "buy"
        self.tracker.process_fill(e["oid"], e["tid"], size, 0, buy, cloid=e.get("cloid"), now=at)

    def cancel(self, e: Mapping[str, Any], at: int) -> Mapping[str, list[str]]:
        """Mark an order."""
        return {"cancels": [e["id"]] if self.tracker.request_cancel(e["id"]) else []}

    def listing(self, e: Mapping[str, Any], at: int) -> Mapping[str, list[str]]:
        """Reconcile by oids alone."""
        oids = [order["oid"] for order in e["orders"]]
        return {"cancels": self.tracker.reconcile(oids, now=at)}

    def position(self, e: Mapping[str, Any], at: int) -> None:
        """Take over the venue's position."""
        self.tracker.position_reported(Decimal(e["position"]))

    rebase = position

    def state(self) -> Mapping[str, Any]:
        """Show what it tracks."""
        orders = self.tracker.orders
        shown = {
            id_: {"state": STATES.get(o.state, o.state), "filled": o.filled, "oid": oid}
            for oid, o in orders.items()
            for id_ in (oid, o.cloid)
        }
        return {
            "position": self.tracker.position,
            "orders": shown,
            "open": self.tracker.get_active_oids(),
            "pending": list(self.tracker.pending),
        }


if __name__ == "__main__":
    serve(
        Legacy,
        name="legacy tracker",
        features=("core", "cancel", "listing", "orphans", "position"),
        shows=("position", "orders.state", "orders.filled", "open", "pending", "effects.cancels"),
    )
