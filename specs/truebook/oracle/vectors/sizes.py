"""The world of sizes told to a book: what each action is as events."""

from collections.abc import Mapping
from typing import Any

from truebook.model.sizes import SizeBounds
from truebook.oracle.vectors.names import CLOID


class SizesTeller:
    """Tells of an order whose size the venue changes under its oid."""

    def __init__(self, bounds: SizeBounds) -> None:
        self._bounds = bounds
        self._asked = 0
        self._names: dict[str, str] = {}

    def tell(self, action: str, known: Mapping[str, int]) -> list[dict[str, Any]]:
        """Return the events that an action is to a book, given the world before it."""
        name, _, slot = action.partition(":")
        size = self._bounds.size
        order = {"cloid": CLOID, "side": "buy", "price": "100"}
        match name:
            case "place":
                register = {"type": "register", **order, "size": str(size)}
                return [register, {"type": "answer", "oid": "101", **order, "resting": str(size)}]
            case "tell":
                told = known["told"] + 1
                fill = {"oid": "101", "tid": f"t{told}", **order, "size": "1", "time": str(told)}
                return [{"type": "fill", **fill, "crossed": "false"}]
            case "ask":
                self._asked += 1
                self._names[slot] = f"r{self._asked}"
                return [{"type": "listing_requested", "request": self._names[slot]}]
            case "process":
                left, executed = known[f"{slot}.left"], known[f"{slot}.executed"]
                whole = size if self._bounds.original else left + executed
                listed = {"oid": "101", **order, "size": str(whole), "remaining": str(left)}
                return [{"type": "listing", "orders": [listed], "request": self._names[slot]}]
            case "tick":
                return [{"type": "tick"}]
        return []
