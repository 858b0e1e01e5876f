"""The book in the place of the model's, for an order whose size the venue changes."""

from typing import Self

from truebook.impl import BookConfig, ListedOrder, Listing, ListingRequest, UnifiedOrderBook
from truebook.model import sizes
from truebook.model.designs import REFERENCE, Design
from truebook.model.sizes import SizeBounds, SizeWorld
from truebook.model.system import System, place_of
from truebook.specs.refine.edges import Known, View

OID = "o"
_LONG = 10_000
"""Longer than any run: a picture may be as late as it likes, and nothing is forgotten."""
_ASKED = ("phase", "age", "newer", "listed_newer", "below_newer", "under_newer", "told_newer")


def sizes_view(system: System) -> View:
    """Return what the book knows of such an order, and what each message says."""
    kept = tuple(field.path for field in system.fields if field.book)
    asked = tuple(f.path for f in system.fields if f.path.rpartition(".")[2] in _ASKED)
    return View((*kept, *asked), _told)


def _told(action: str) -> tuple[str, ...]:
    name, _, slot = action.partition(":")
    return (f"{slot}.left", f"{slot}.executed") if name == "process" else ()


class SizesPlayer:
    """A `UnifiedOrderBook` with one order, to buy."""

    def __init__(self, bounds: SizeBounds) -> None:
        self._bounds = bounds
        self._requests: dict[str, ListingRequest] = {}
        self._book = UnifiedOrderBook(
            BookConfig(
                finalized_protection=bounds.lag,
                listing_timeout=_LONG,
                fill_window_duration=_LONG,
                tombstone_duration=_LONG,
            )
        )

    def copy(self) -> Self:
        """Return a player that is the same and changes by itself."""
        other = type(self).__new__(type(self))
        other._bounds = self._bounds
        other._book = self._book.copy()
        other._requests = dict(self._requests)
        return other

    def tell(self, action: str, says: Known, before: Known) -> None:
        """Take one action of the model; those of the venue are nothing to a book."""
        name, _, slot = action.partition(":")
        book, size = self._book, self._bounds.size
        if name == "place":
            cloid = book.register_pending("buy", 1, size)
            book.finalize_order(cloid, OID, size, "buy", 1)
        elif name == "tell":
            tid = before["told"] + 1
            book.process_fill(OID, tid, 1, 1, True, time=tid, crossed=False)
        elif name == "ask":
            self._requests[slot] = book.listing_requested()
        elif name == "process":
            left, executed = says[f"{slot}.left"], says[f"{slot}.executed"]
            whole = size if self._bounds.original else left + executed
            order = ListedOrder(OID, side="buy", price=1, remaining=left, size=whole)
            book.reconcile(Listing((order,), self._requests.pop(slot)))
        elif name == "tick":
            book.tick(book.now + 1)

    def shows(self) -> Known:
        """Return the order's size and what has filled of it, and the sums."""
        order = self._book.get_order(OID)
        return {
            "position": int(self._book.position),
            "size": 0 if order is None else int(order.size),
            "filled": 0 if order is None else int(order.filled),
            "exposure": int(self._book.pending_exposure("buy")),
            "unsettled": int(self._book.unsettled("buy")),
        }


class SizesModel:
    """What the model's book shows of such an order."""

    def __init__(self, bounds: SizeBounds, design: Design = REFERENCE) -> None:
        self._world = SizeWorld(bounds=bounds, keeps=design.keeps)

    def expected(self, known: Known) -> Known:
        """Return the order's size and what has filled of it, and the sums."""
        for path, value in known.items():
            owner, name = place_of(self._world, path)
            setattr(owner, name, value)
        w = self._world
        return {
            "position": w.told,
            "size": sizes.size(w),
            "filled": sizes.filled(w),
            "exposure": sizes.exposure(w),
            "unsettled": sizes.unsettled(w),
        }
