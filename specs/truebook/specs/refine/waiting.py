"""The book in the place of the model's, for an order that waits."""

from typing import Self

from truebook.impl import ListedOrder, Listing, ListingRequest, Order, UnifiedOrderBook
from truebook.model import waiting_book
from truebook.model.config import Bounds, Timers
from truebook.model.designs import REFERENCE, Design
from truebook.model.system import System
from truebook.model.vocabulary import STANDING, Cancel, OrderState, Venue
from truebook.model.waiting import WaitingWorld
from truebook.specs.refine.edges import Known, View
from truebook.specs.refine.one_order import config_of

OID, PARENT = "w", "p"
_TOLD = {
    "process-listing": ("first.listed", "first.covers"),
    "answer-cancel": ("cancel",),
    "tell-end": ("status", "executed"),
}
_SEEN = ("state", "named", "filled", "cancel", "request_age", "open_age", "closed_age")


def waiting_view(system: System) -> View:
    """Return what the book knows of an order that waits, and what each message says."""
    driven = ("phase", "age", "covers", "old", "old_cancel")
    own = tuple(field.path for field in system.fields if field.book)
    return View((*own, *(f"first.{name}" for name in driven)), lambda action: _TOLD.get(action, ()))


class WaitingPlayer:
    """A `UnifiedOrderBook` with an order to sell that waits, the child of one to buy."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._fills = 0
        self._parent_over = False
        self._request: ListingRequest | None = None
        self._book = UnifiedOrderBook(config_of(bounds.timers))
        self._book.register_pending("buy", 1, 1, cloid=PARENT)
        self._book.finalize_order(PARENT, PARENT, 1, "buy", 1)

    def copy(self) -> Self:
        """Return a player that is the same and changes by itself."""
        other = type(self).__new__(type(self))
        other._bounds, other._book = self._bounds, self._book.copy()
        other._fills, other._request = self._fills, self._request
        other._parent_over = self._parent_over
        return other

    def tell(self, action: str, says: Known, before: Known) -> None:
        """Take one action of the model."""
        book, cloid = self._book, "c"
        match action:
            case "send":
                size = self._bounds.size
                book.register_pending("sell", 1, size, cloid=cloid, parent=PARENT)
            case "answer":
                book.order_waits(cloid)
            case "tell-fill":
                self._fills += 1
                n, tid = self._fills, f"fill {self._fills}"
                book.process_fill(OID, tid, 1, 1, False, cloid=cloid, time=n, crossed=False)
            case "tell-open":
                book.order_status(OID, "open", cloid=cloid)
            case "tell-end":
                word = "filled" if says["status"] == Venue.FILLED else "cancelled"
                book.order_status(OID, word, cloid=cloid, filled=says["executed"])
            case "tell-parent":
                self._parent_over = True
                book.order_status(PARENT, "cancelled", filled=0)
            case "ask-cancel":
                book.request_cancel(cloid)
            case "answer-cancel" if book.get_order(cloid) is None:
                pass  # it is forgotten, and what is told of a stranger is not looked at here
            case "answer-cancel" if says["cancel"] == Cancel.DONE:
                book.cancel_confirmed(cloid)
            case "answer-cancel":
                book.cancel_not_open(cloid)
            case "ask-plain" | "ask-covering":
                self._request = book.listing_requested()
            case "process-listing":
                self._listing(says)
            case "fail-listing":
                self._request = None
            case "tick":
                book.tick(book.now + 1)
                if not before["first.age"] < self._bounds.timers.listing:
                    self._request = None

    def shows(self) -> Known:
        """Return what the book shows, by the model's paths."""
        book = self._book
        order = book.get_order("c")
        return {
            **_knowledge(order, self._bounds.timers, book.now),
            "exposure": int(book.pending_exposure("sell")),
            "unsettled": int(book.unsettled("sell")),
            "orphans": len(book.get_orphans()),
            "events": sum(type(event).__name__ != "Unattributed" for event in book.drain_events()),
            "first.phase": int(self._request is not None),
        }

    def _listing(self, says: Known) -> None:
        rows = [] if self._parent_over else [ListedOrder(PARENT, PARENT, "buy")]
        if says["first.listed"]:
            waits = says["first.listed"] == waiting_book.WAITS
            rows.append(ListedOrder(OID, "c", "sell", trigger=waits))
        covers = bool(says["first.covers"])
        self._book.reconcile(Listing(rows, self._request, covers_triggers=covers))
        self._request = None


def _knowledge(order: Order | None, timers: Timers, now: int) -> Known:
    """Return an order as the model's record of it; ages no further than anything depends on."""
    shown = dict.fromkeys(_SEEN, 0)
    if order is None:
        return shown
    state = order.state
    ages = dict.fromkeys(("request_age", "open_age", "closed_age"), 0)
    if state == OrderState.PENDING:
        ages["request_age"] = min(now - order.request_at, timers.expiry + timers.lag + 1)
    elif state in STANDING:
        ages["open_age"] = min(now - (order.open_since or 0), timers.lag + 1)
    else:
        ages["closed_age"] = now - (order.closed_at or 0)
    return shown | {
        "state": state,
        "named": int(order.oid is not None),
        "filled": int(order.taker + order.maker),
        "cancel": order.cancel,
        **ages,
    }


class WaitingModel:
    """What the model's book shows of an order that waits."""

    def __init__(self, bounds: Bounds, design: Design = REFERENCE) -> None:
        self._world = WaitingWorld(bounds=bounds, keeps=design.keeps)

    def expected(self, known: Known) -> Known:
        """Return what is known of the order, and the exposure that follows."""
        record = self._world.book_a
        for path, value in known.items():
            owner, _, name = path.partition(".")
            if owner == "book_a":
                setattr(record, name, value)
        return {
            **{name: getattr(record, name) for name in _SEEN},
            "exposure": waiting_book.exposure(self._world),
            "unsettled": waiting_book.unsettled(self._world),
            "orphans": 0,
            "events": 0,
            "first.phase": known["first.phase"],
        }
