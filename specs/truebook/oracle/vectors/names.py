"""The world of names told to a book: what each action is as events."""

from collections.abc import Mapping
from typing import Any

CLOID = "c1"
_ORDER = {"side": "buy", "price": "100"}
_FILLS = {"tell": "1", "tell-again": "1", "tell-otherwise": "2"}
_STATUSES = {"status": "open", "tell-end": "cancelled"}


class NamesTeller:
    """Tells of the orders of one cloid; a fill that comes otherwise has another size."""

    def tell(self, action: str, known: Mapping[str, int]) -> list[dict[str, Any]]:
        """Return the events that an action is to a book, given the world before it."""
        name, _, number = action.partition(":")
        oid = str(101 + int(number or 0))
        named = {"cloid": CLOID, "oid": oid}
        if name == "request":
            return [{"type": "register", "cloid": CLOID, "size": "10", **_ORDER}]
        if name == "answer":
            return [{"type": "answer", "resting": "10", **named, **_ORDER}]
        if name in _FILLS:
            told = {"tid": f"t{oid}", "size": _FILLS[name], "time": oid}
            return [{"type": "fill", **named, **told, **_ORDER}]
        if name in _STATUSES:
            return [{"type": "status", "status": _STATUSES[name], **named}]
        if name == "forget":
            return [{"type": "tick"}]
        if name == "ask-listing":
            return [{"type": "listing_requested", "request": "r"}]
        if name == "process-listing":
            row = known["row"]
            orders = [{"oid": str(100 + row), "cloid": CLOID, "side": "buy"}] if row else []
            return [{"type": "listing", "orders": orders, "request": "r"}]
        return []
