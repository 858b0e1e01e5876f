"""The book in the place of the model's, for a cloid that is used again and again."""

from typing import Self

import attrs

from truebook.impl import BookConfig, ListedOrder, Listing, ListingRequest, UnifiedOrderBook
from truebook.impl.book import Vague, ledger_of
from truebook.model.names import Known as Life
from truebook.model.names import NameBounds
from truebook.model.system import System
from truebook.specs.refine.edges import Known, View

CLOID, SIZE, PRICE = "c", 10, 100
LONG = 1_000
"""For how long a closed order is remembered; no listing is so old."""
CONFIG = BookConfig(
    expected_cloid_ttl=0,
    finalized_protection=0,
    fill_window_duration=LONG // 2,
    tombstone_duration=LONG // 2,
    listing_timeout=LONG - 1,
)


def names_view(system: System) -> View:
    """Return what the book knows of the orders of a cloid, and what each message says."""
    return View(tuple(field.path for field in system.fields if field.book), _told)


def _told(action: str) -> tuple[str, ...]:
    return ("row",) if action == "process-listing" else ()


def names_expected(known: Known) -> Known:
    """Return what the model's book shows: which orders are open or pending, and what it remembers.

    Orders are counted from 1, as their oids are; 0 is none.
    """
    shown = {path: known[path] for path in ("position", "vague")}
    orders = sum(path.endswith(".book") for path in known)
    shown["pending"] = sum(known[f"n{k}.book"] == Life.PENDING for k in range(orders))
    for k in range(orders):
        shown[f"open {k + 1}"] = known[f"n{k}.oid"] if known[f"n{k}.book"] == Life.LIVE else 0
        shown[f"past {k + 1}"] = known[f"n{k}.past"]
        shown[f"said {k + 1}"] = known[f"n{k}.said"]
    return shown


class NamesPlayer:
    """A `UnifiedOrderBook` that is told of the orders of one cloid; oids are those of the model."""

    def __init__(self, bounds: NameBounds) -> None:
        config = attrs.evolve(CONFIG, max_forgotten_oids=bounds.oids)
        self._orders = bounds.orders
        self._book = UnifiedOrderBook(config)
        self._asked: ListingRequest | None = None

    def copy(self) -> Self:
        """Return a player that is the same and changes by itself."""
        other = type(self).__new__(type(self))
        other._orders = self._orders
        other._book = self._book.copy()
        other._asked = self._asked
        return other

    def tell(self, action: str, says: Known, before: Known) -> None:
        """Take one action of the model; a fill that comes otherwise has another size."""
        book = self._book
        name, _, number = action.partition(":")
        k = int(number or 0)
        oid = k + 1
        if name == "request":
            book.register_pending("buy", PRICE, SIZE, cloid=CLOID, now=book.now + 1)
        elif name == "answer":
            book.finalize_order(CLOID, oid, SIZE, "buy", PRICE)
        elif name in ("tell", "tell-again", "tell-otherwise"):
            size = 2 if name == "tell-otherwise" else 1
            book.process_fill(oid, oid, size, PRICE, True, cloid=CLOID, time=oid)
        elif name == "status":
            book.order_status(oid, "open", cloid=CLOID)
        elif name == "tell-end":
            book.order_status(oid, "cancelled", cloid=CLOID)
        elif name == "forget":
            book.tick(book.now + LONG)
        elif name == "ask-listing":
            self._asked = book.listing_requested(now=book.now + 1)
        elif name == "process-listing":
            self._list(says["row"])

    def shows(self) -> Known:
        """Return what the book shows of every order of the cloid."""
        ledger = ledger_of(self._book)
        head = ledger.by_cloid.get(CLOID)
        vague = ledger.cloids.forgotten.get(CLOID, Vague.NOTHING)
        if head is not None:
            vague = Vague.NOTHING if head.chain is None else head.chain.vague
        shown = {
            "position": int(self._book.position),
            "vague": int(vague is Vague.ORDER),
            "pending": self._book.pending_count,
        }
        disputed = {oid for (_, _, oid), about in ledger.memory.disputed.items() if about}
        for oid in range(1, self._orders + 1):
            shown[f"open {oid}"] = oid if oid in self._book.get_active_oids() else 0
            shown[f"past {oid}"] = int(oid in ledger.past.by_oid)
            shown[f"said {oid}"] = int(oid in disputed)
        return shown

    def _list(self, row: int) -> None:
        rows = [ListedOrder(row, CLOID, "buy")] if row else []
        pending = self._book.pending_count
        self._book.reconcile(Listing(tuple(rows), self._asked))
        if self._book.pending_count < pending and not len(self._book):
            self._book.tick(self._book.now + LONG)  # it never was, and is forgotten
