"""The book in the place of the model's, for a foreign order and for named fills."""

from typing import Self

from truebook.impl import (
    BookConfig,
    ListedOrder,
    Listing,
    ListingRequest,
    OrphanView,
    ReconcileResult,
    UnifiedOrderBook,
)
from truebook.model import foreign
from truebook.model import memory as fills
from truebook.model.config import Bounds, Timers
from truebook.model.designs import REFERENCE, Design
from truebook.model.memory import MemoryBounds, MemoryWorld
from truebook.model.system import System, place_of
from truebook.model.vocabulary import Cancel
from truebook.specs.refine.edges import Known, View
from truebook.specs.refine.order import SLOTS, config_of

FOREIGN_OID = "f"
ORPHAN = ("candidate", "asked", "cancel_age", "settling", "over")
"""What the model's book knows of a foreign order."""


def foreign_view(system: System) -> View:
    """Return what the book knows of a foreign order, and what each message says."""
    shown = ("phase", "age", "fresh", "old_cancel")
    kept = tuple(
        field.path
        for field in system.fields
        if field.book or (field.path.startswith(SLOTS) and field.path.endswith(shown))
    )
    return View(kept, _foreign_told)


def _foreign_told(action: str) -> tuple[str, ...]:
    name, _, slot = action.partition(":")
    if name == "answer-cancel":
        return ("cancel",)
    return (f"{slot}.listed",) if name == "process-snapshot" else ()


class ForeignPlayer:
    """A `UnifiedOrderBook` that is shown an order that nobody here placed."""

    def __init__(self, bounds: Bounds) -> None:
        self._timers = bounds.timers
        self._book = UnifiedOrderBook(config_of(bounds.timers))
        self._requests: dict[str, ListingRequest] = {}

    def copy(self) -> Self:
        """Return a player that is the same and changes by itself."""
        other = type(self).__new__(type(self))
        other._timers = self._timers
        other._book = self._book.copy()
        other._requests = dict(self._requests)
        return other

    def tell(self, action: str, says: Known, before: Known) -> None:
        """Take one action of the model; those of the venue and the wire are nothing to a book."""
        name, _, slot = action.partition(":")
        match name:
            case "ask-snapshot":
                self._requests[slot] = self._book.listing_requested()
            case "process-snapshot":
                self._listing(slot, says[f"{slot}.listed"], before["asked"])
            case "fail-snapshot":
                self._book.listing_failed(self._requests.pop(slot))
            case "answer-cancel":
                if says["cancel"] == Cancel.REFUSED:
                    self._book.cancel_rejected(FOREIGN_OID)
                elif says["cancel"] == Cancel.DONE:
                    self._book.cancel_confirmed(FOREIGN_OID)
                else:
                    self._book.cancel_not_open(FOREIGN_OID)
            case "tick":
                self._book.tick(self._book.now + 1)
                for waiting in list(self._requests):
                    if not before[f"{waiting}.age"] < self._timers.listing:
                        del self._requests[waiting]

    def shows(self) -> Known:
        """Return what the book shows, by the model's paths."""
        orphans = {orphan.oid: orphan for orphan in self._book.get_orphans()}
        shown = orphan_knowledge(orphans.get(FOREIGN_OID), self._timers, self._book.now)
        shown["exposure"] = int(self._book.pending_exposure("sell"))
        return shown

    def _listing(self, slot: str, listed: int, asked: int) -> None:
        orders = (ListedOrder(FOREIGN_OID, None, "sell", 1, 1, 1),) if listed else ()
        result = self._book.reconcile(Listing(orders, self._requests.pop(slot)))
        if not isinstance(result, ReconcileResult):
            raise AssertionError(f"the listing was refused: {result}")
        for orphan in self._book.get_orphans():
            wanted = orphan.cancel_at is not None and orphan.cancel_at == self._book.now
            if wanted and not asked and FOREIGN_OID not in result.orphans_to_cancel:
                raise AssertionError("the book takes a cancel for asked that it did not ask for")


def orphan_knowledge(orphan: OrphanView | None, timers: Timers, now: int) -> Known:
    """Return an orphan as the model has it; ages no further than anything depends on."""
    shown = dict.fromkeys(ORPHAN, 0)
    if orphan is None:
        return shown
    if orphan.since is not None:
        shown["candidate"] = min(1 + now - orphan.since, timers.grace + 1)
    if orphan.cancel_at is not None:
        shown["asked"] = 1
        shown["cancel_age"] = min(now - orphan.cancel_at, timers.expiry + timers.lag + 1)
    if orphan.answered_at is not None:
        left = timers.listing + timers.lag + 1 - (now - orphan.answered_at)
        shown["settling"] = max(0, left)
    shown["over"] = int(orphan.over)
    return shown


class ForeignModel:
    """What the model's book shows of a foreign order."""

    def __init__(self, bounds: Bounds, design: Design = REFERENCE) -> None:
        self._world = foreign.ForeignWorld(bounds=bounds, keeps=design.keeps)

    def expected(self, known: Known) -> Known:
        """Return what is known of the order, and the exposure that follows."""
        for path in ORPHAN:
            setattr(self._world, path, known[path])
        return {**{path: known[path] for path in ORPHAN}, "exposure": foreign.exposure(self._world)}


def fills_view(system: System) -> View:
    """Return what the book knows of named fills, and what each message says."""
    return View(tuple(f.path for f in system.fields if f.path not in ("now", "replays")), _nothing)


def _nothing(action: str) -> tuple[str, ...]:
    return ()


class FillsPlayer:
    """A `UnifiedOrderBook` that is told of fills of orders that it does not know."""

    def __init__(self, bounds: MemoryBounds) -> None:
        self._bounds = bounds
        self._book = UnifiedOrderBook(BookConfig(max_tracked_tids=bounds.capacity))
        self._times: dict[int, int] = {}

    def copy(self) -> Self:
        """Return a player that is the same and changes by itself."""
        other = type(self).__new__(type(self))
        other._bounds = self._bounds
        other._book = self._book.copy()
        other._times = dict(self._times)
        return other

    def tell(self, action: str, says: Known, before: Known) -> None:
        """Take one action of the model."""
        name, _, number = action.partition(":")
        if name in ("tell", "tell-again"):
            k = int(number)
            self._times[k] = before[f"f{k}.time"]
            self._book.process_fill(*self._identity(k), 1, 1, True, time=self._times[k])
        elif name == "rebase":
            self._book.rebase(before["picture"], before["as_of"])

    def shows(self) -> Known:
        """Return the position, the floor, and which of the fills told the book knows."""
        known = {
            f"knows {k}": int(self._book.knows_fill(*self._identity(k), time=time))
            for k, time in self._times.items()
        }
        floor = self._book.fill_floor or 0
        return {"position": int(self._book.position), "floor": floor, **known}

    def _identity(self, k: int) -> tuple[str, str]:
        """Return oid and tid; the first two fills may be the two legs of one trade."""
        one_trade = self._bounds.self_trade and k < 2
        return f"order {k}", "both" if one_trade else f"fill {k}"


class FillsModel:
    """What the model's book shows of named fills."""

    def __init__(self, bounds: MemoryBounds, design: Design = REFERENCE) -> None:
        self._world = MemoryWorld(bounds=bounds, keeps=design.keeps)

    def expected(self, known: Known) -> Known:
        """Return the position, the floor, and which of the fills told are known."""
        for path, value in known.items():
            owner, name = place_of(self._world, path)
            setattr(owner, name, value)
        told = [k for k, fill in enumerate(self._world.fills) if fill.told]
        return {
            "position": known["position"],
            "floor": known["floor"],
            **{f"knows {k}": int(fills.known(self._world, k)) for k in told},
        }
