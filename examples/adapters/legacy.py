"""The tracker that the plan was to replace, as the plan describes it, as an adapter."""

import sys
from decimal import Decimal
from pathlib import Path

from truebook.oracle.serve import Config, Effects, Event, serve

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from legacy_tracker import LegacyTracker

STATES = {"partly": "partially_filled", "cancelling": "cancel_pending"}


class Legacy:
    """It has no notion of exposure, and no path for what is refused, late or over."""

    def __init__(self, config: Config) -> None:
        grace, protection = config["orphan_grace_period"], config["finalized_protection"]
        most = config.get("max_tracked_tids", 10_000)
        self.book = LegacyTracker(grace=grace, protection=protection, max_tracked_tids=most)

    def step(self, e: Event, at: int) -> Effects:
        """Tell the tracker an event, if it has a method for it."""
        book, buy = self.book, e.get("side") == "buy"
        oid = e.get("oid") or "0"  # an item without one was read as 0
        told = {k: Decimal(e.get(k, 0)) for k in ("size", "filled", "resting", "position")}
        book.tick(at)
        match e["type"]:
            case "register":
                book.register_pending(e["side"], e["price"], told["size"], cloid=e["cloid"])
            case "answer" if told["filled"] and not told["resting"]:
                book.handle_immediate_fill(e["cloid"], oid, told["filled"], e["price"], buy)
            case "answer":
                book.finalize_order(e["cloid"], oid, told["resting"], e["side"], e["price"])
            case "fill":
                book.process_fill(oid, e["tid"], told["size"], 0, buy, cloid=e.get("cloid"), now=at)
            case "cancel":
                return {"cancels": [e["id"]] if book.request_cancel(e["id"]) else []}
            case "listing":
                return {"cancels": book.reconcile([order["oid"] for order in e["orders"]], now=at)}
            case "position" | "rebase":
                book.position_reported(told["position"])
        return {}

    def state(self) -> dict[str, object]:
        """Show what it tracks, under both names of each order."""
        orders: dict[str, object] = {}
        for oid, o in self.book.orders.items():
            state = STATES.get(o.state, o.state.replace(" ", "_"))
            orders[oid] = orders[o.cloid] = {"state": state, "filled": o.filled}
        orders |= {key: {"state": "pending", "filled": 0} for key in self.book.pending}
        known = {"open": self.book.get_active_oids(), "pending": list(self.book.pending)}
        return {"position": self.book.position, "orders": orders, **known}


if __name__ == "__main__":
    shows = ("position", "orders.state", "orders.filled", "open", "pending", "effects.cancels")
    features = ("core", "cancel", "listing", "orphans", "position")
    serve(Legacy, name="legacy tracker", features=features, shows=shows)
