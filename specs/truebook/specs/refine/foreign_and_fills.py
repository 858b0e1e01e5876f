"""The book in the place of the model's, for a foreign order and for named fills."""

from typing import Self

from truebook.impl import BookConfig, ListedOrder, OrphanView, UnifiedOrderBook
from truebook.model import foreign
from truebook.model import memory as fills
from truebook.model.config import Bounds, Timers
from truebook.model.designs import REFERENCE, Design
from truebook.model.memory import MemoryBounds, MemoryWorld
from truebook.model.system import System, place_of
from truebook.model.vocabulary import Cancel
from truebook.specs.refine.edges import Known, View
from truebook.specs.refine.one_order import SLOTS, answer_cancel

FOREIGN_OID = "f"
ORDER = "order"
"""The oid of the order that all fills are of, where a position is taken over with it."""
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


class ForeignPart:
    """One order that nobody here placed, to sell one lot."""

    side = "sell"

    def __init__(self, timers: Timers) -> None:
        self._timers = timers

    def tell(self, book: UnifiedOrderBook, action: str, says: Known, before: Known) -> None:
        """Take one action of the model; those of the venue and the wire are nothing to a book."""
        if action not in ("answer-cancel", "lie-cancel", "lie-no-cancel"):
            return
        lies = {"lie-no-cancel": Cancel.REFUSED, "lie-cancel": Cancel.NOT_OPEN}
        answer_cancel(book, FOREIGN_OID, lies.get(action) or says["cancel"])

    def listed(self, slot: str, says: Known, before: Known) -> tuple[list[ListedOrder], int]:
        """Return it in a listing; the position has none of it."""
        order = ListedOrder(FOREIGN_OID, None, self.side, price=1, remaining=1, size=1)
        return [order] if says[f"{slot}.listed"] else [], 0

    def shows(self, book: UnifiedOrderBook, asked: frozenset[object]) -> Known:
        """Return what the book shows of it, by the model's paths."""
        orphans = {orphan.oid: orphan for orphan in book.get_orphans()}
        known = orphan_knowledge(orphans.get(FOREIGN_OID), self._timers, book.now)
        return {**known, "apart": int(book.foreign_exposure(self.side))}


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
        """Return what is known of the order, and the exposures that follow."""
        for path in ORPHAN:
            setattr(self._world, path, known[path])
        return {
            **{path: known[path] for path in ORPHAN},
            "exposure": foreign.exposure(self._world),
            "apart": foreign.apart(self._world),
        }


def fills_view(system: System) -> View:
    """Return what the book knows of named fills, and what each message says."""
    return View(tuple(f.path for f in system.fields if f.path not in ("now", "replays")), _nothing)


def _nothing(action: str) -> tuple[str, ...]:
    return ()


class FillsPlayer:
    """A `UnifiedOrderBook` that is told of fills of orders that it does not know.

    Where a position is taken over, all are of one order that it knows.
    """

    def __init__(self, bounds: MemoryBounds) -> None:
        self._bounds = bounds
        self._book = UnifiedOrderBook(BookConfig(max_tracked_tids=bounds.capacity))
        self._times: dict[int, int] = {}
        if bounds.rebase:
            cloid = self._book.register_pending("buy", 1, bounds.fills)
            self._book.finalize_order(cloid, ORDER, bounds.fills, "buy", 1)

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
        elif name == "tell-bust":
            k = int(number)
            time, at = before[f"f{k}.time"], before[f"f{k}.busted"]
            self._book.fill_reversed(*self._identity(k), time=time, at=at, size=1, is_buy=True)
        elif name == "rebase":
            as_of, size = before["as_of"], self._bounds.fills
            filled = sum(0 < before[f"f{k}.time"] < as_of for k in range(size))
            order = ListedOrder(ORDER, side="buy", price=1, remaining=size - filled, size=size)
            self._book.rebase(before["picture"], as_of, orders=[order])

    def shows(self) -> Known:
        """Return the position, the floor, and which of the fills told the book knows."""
        known = {
            f"knows {k}": int(self._book.knows_fill(*self._identity(k), time=time))
            for k, time in self._times.items()
        }
        floor = self._book.fill_floor or 0
        order = self._book.get_order(ORDER)
        filled = {} if order is None else {"filled": int(order.filled)}
        return {"position": int(self._book.position), "floor": floor, **filled, **known}

    def _identity(self, k: int) -> tuple[str, str]:
        """Return oid and tid; the first two fills may be the two legs of one trade."""
        one_trade = self._bounds.self_trade and k < 2
        if self._bounds.rebase:
            return ORDER, f"fill {k}"
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
            **({"filled": known["filled"]} if "filled" in known else {}),
            **{f"knows {k}": int(fills.known(self._world, k)) for k in told},
        }
