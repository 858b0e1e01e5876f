"""The book in the place of the model's, for one order or several with one clock and snapshots."""

from collections.abc import Iterator, Sequence
from typing import Self

import attrs

from truebook.impl import (
    Listing,
    ListingRequest,
    ReconcileResult,
    Strangers,
    UnifiedOrderBook,
)
from truebook.model.config import Timers
from truebook.specs.refine.edges import Known, View
from truebook.specs.refine.one_order import SLOTS, config_of
from truebook.specs.refine.player import Model, Part

SHARED = tuple(f"{slot}.{field}" for slot in SLOTS for field in ("phase", "age"))
"""What of a snapshot is the same for all orders."""


class Paths:
    """Where the fields and actions of each order of a system are; one alone has plain names."""

    def __init__(self, orders: int) -> None:
        self.orders = range(orders)
        self._several = orders > 1

    def path(self, k: int, path: str) -> str:
        """Return the path in the system of a path in the world of order k."""
        return f"o{k}.{path}" if self._several else path

    def labelled(self, k: int, own: Known) -> Known:
        """Return what is known of order k by the names that readers have for it."""
        if not self._several:
            return own
        return {f"order {k + 1}: {path}": value for path, value in own.items()}

    def own(self, k: int, known: Known) -> Known:
        """Return what is known of order k, by its own paths."""
        if not self._several:
            return known
        prefix = f"o{k}."
        return {path[len(prefix) :]: v for path, v in known.items() if path.startswith(prefix)}

    def concerned(self, action: str) -> tuple[str, Sequence[int]]:
        """Return the name that an action has in the world of an order, and whose it is."""
        number, dot, name = action.partition(".")
        if self._several and dot:
            return name, (int(number) - 1,)
        return action, self.orders


def view_together(views: Sequence[View]) -> View:
    """Return what a book knows of several orders from what it knows of each."""
    paths = Paths(len(views))

    def told(action: str) -> tuple[str, ...]:
        name, concerned = paths.concerned(action)
        return tuple(paths.path(k, path) for k in concerned for path in views[k].told(name))

    kept = tuple(
        paths.path(k, path)
        for k, view in enumerate(views)
        for path in view.kept
        if k == 0 or path not in SHARED
    )
    return View(kept, told)


class BookPlayer:
    """A `UnifiedOrderBook` that is told of one order or several."""

    def __init__(
        self, timers: Timers, parts: Sequence[Part], strangers: Strangers = Strangers.CANCEL
    ) -> None:
        self._timers = timers
        self._parts = tuple(parts)
        self._paths = Paths(len(parts))
        self._book = UnifiedOrderBook(attrs.evolve(config_of(timers), strangers=strangers))
        self._requests: dict[str, ListingRequest] = {}
        self._asked: frozenset[object] = frozenset()

    def copy(self) -> Self:
        """Return a player that is the same and changes by itself."""
        other = type(self).__new__(type(self))
        other._timers, other._parts, other._paths = self._timers, self._parts, self._paths
        other._book = self._book.copy()
        other._requests = dict(self._requests)
        other._asked = self._asked
        return other

    def tell(self, action: str, says: Known, before: Known) -> None:
        """Take one action of the model."""
        name, _, slot = action.partition(":")
        match name:
            case "ask-snapshot":
                self._requests[slot] = self._book.listing_requested()
            case "process-snapshot":
                self._listing(slot, says, before)
            case "fail-snapshot":
                self._book.listing_failed(self._requests.pop(slot))
            case "tick":
                self._tick(before)
            case _:
                own, concerned = self._paths.concerned(action)
                for k in concerned:
                    told = self._paths.own(k, says), self._paths.own(k, before)
                    self._parts[k].tell(self._book, own, *told)

    def shows(self) -> Known:
        """Return what the book shows, by the model's paths."""
        book = self._book
        shown: Known = {"position": int(book.position)}
        for k, part in enumerate(self._parts):
            own = part.shows(book, self._asked)
            own["exposure"] = int(book.pending_exposure(part.side))
            own["unsettled"] = int(book.unsettled(part.side))
            shown |= self._paths.labelled(k, own)
        return shown | {f"{slot}.phase": int(slot in self._requests) for slot in SLOTS}

    def _listing(self, slot: str, says: Known, before: Known) -> None:
        book = self._book
        age = before[self._paths.path(0, f"{slot}.age")]
        listed, position = [], 0
        for k, part in enumerate(self._parts):
            own = self._paths.own(k, before) | {f"{slot}.age": age}
            orders, filled = part.listed(slot, self._paths.own(k, says), own)
            listed += orders
            position += filled
        cancelling = set(self._cancelling())
        result = book.reconcile(Listing(tuple(listed), self._requests.pop(slot)))
        if not isinstance(result, ReconcileResult):
            raise AssertionError(f"the listing was refused: {result}")
        if not set(self._cancelling()) <= cancelling | set(result.orphans_to_cancel):
            raise AssertionError("the book takes a cancel for asked that it did not ask for")
        self._asked |= set(result.orphans_to_cancel)
        book.position_reported(position)

    def _cancelling(self) -> Iterator[object]:
        """Yield the orphans that the book takes to be asked to cancel."""
        return (orphan.oid for orphan in self._book.get_orphans() if orphan.cancel_at is not None)

    def _tick(self, before: Known) -> None:
        self._book.tick(self._book.now + 1)
        for slot in list(self._requests):
            if not before[self._paths.path(0, f"{slot}.age")] < self._timers.listing:
                del self._requests[slot]


class ModelTogether:
    """What the model's books show of one order or several, as one book would."""

    def __init__(self, parts: Sequence[Part], models: Sequence[Model]) -> None:
        self._pairs = tuple(zip(parts, models, strict=True))
        self._paths = Paths(len(parts))

    def expected(self, known: Known) -> Known:
        """Return what each shows, the position that they have together, and the snapshots asked."""
        shown: Known = {"position": 0}
        for k, (part, model) in enumerate(self._pairs):
            own = model.expected(self._paths.own(k, known))
            filled = own.pop("position", 0)
            shown["position"] += filled if part.side == "buy" else -filled
            shown |= self._paths.labelled(k, own)
        phases = ((f"{slot}.phase", self._paths.path(0, f"{slot}.phase")) for slot in SLOTS)
        return shown | {name: known[path] for name, path in phases if path in known}
