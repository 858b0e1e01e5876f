"""What the actions of an order that waits are to a book: events of docs/cases.md."""

from collections.abc import Mapping
from typing import Any

from truebook.model import waiting_book
from truebook.model.config import Bounds
from truebook.model.vocabulary import Cancel, Venue

Event = dict[str, Any]
CLOID, OID, PARENT, PARENT_OID = "c1", "101", "p1", "100"


class WaitingTeller:
    """Tells of one order to sell that waits, and of the one to buy that it is a child of."""

    def __init__(self, bounds: Bounds) -> None:
        self._size = str(bounds.size)
        self._request = 0
        self._parent_over = False

    def tell(self, action: str, known: Mapping[str, int]) -> list[Event]:
        """Return the events that an action is to a book, given the world before it."""
        name = {"type": "status", "cloid": CLOID}
        match action:
            case "send":
                return self._placed()
            case "answer":
                return [{**name, "oid": None, "status": "waiting"}]
            case "tell-open":
                return [{**name, "oid": OID, "status": "open"}]
            case "tell-fill":
                return [self._fill(known["told"] + 1)]
            case "tell-end":
                word = "filled" if known["status"] == Venue.FILLED else "cancelled"
                return [{**name, "oid": OID, "status": word, "filled": str(known["executed"])}]
            case "tell-parent":
                self._parent_over = True
                over = {"status": "cancelled", "filled": "0"}
                return [{"type": "status", "oid": PARENT_OID, "cloid": PARENT, **over}]
            case "ask-cancel":
                return [{"type": "cancel", "id": CLOID}]
            case "answer-cancel":
                outcome = "confirmed" if known["cancel"] == Cancel.DONE else "not_open"
                return [{"type": "cancel_answer", "id": CLOID, "outcome": outcome}]
        return self._of_listings(action, known)

    def _of_listings(self, action: str, known: Mapping[str, int]) -> list[Event]:
        request = {"request": f"r{self._request}"}
        match action:
            case "ask-plain" | "ask-covering":
                self._request += 1
                return [{"type": "listing_requested", "request": f"r{self._request}"}]
            case "process-listing":
                covers = {"covers_triggers": "true"} if known["first.covers"] else {}
                return [{"type": "listing", "orders": self._listed(known), **request, **covers}]
            case "fail-listing":
                return [{"type": "listing_failed", **request}]
            case "tick":
                return [{"type": "tick"}]
        return []

    def _placed(self) -> list[Event]:
        parent = {"cloid": PARENT, "side": "buy", "price": "100"}
        child = {"cloid": CLOID, "side": "sell", "price": "110", "size": self._size}
        return [
            {"type": "register", **parent, "size": "1"},
            {"type": "answer", **parent, "oid": PARENT_OID, "resting": "1"},
            {"type": "register", **child, "parent": PARENT},
        ]

    def _fill(self, number: int) -> Event:
        trade = {"side": "sell", "size": "1", "price": "110", "time": str(number)}
        told = {"oid": OID, "cloid": CLOID, "tid": f"fill-{number}", "crossed": "false"}
        return {"type": "fill", **told, **trade}

    def _listed(self, known: Mapping[str, int]) -> list[Event]:
        rows: list[Event] = []
        if not self._parent_over:
            rows.append({"oid": PARENT_OID, "cloid": PARENT, "side": "buy"})
        if known["first.listed"]:
            waits = known["first.listed"] == waiting_book.WAITS
            told = {"cloid": CLOID, "side": "sell", "trigger": "true" if waits else "false"}
            rows.append({"oid": OID, **told})
        return rows
