"""The book in the place of the model's tracker, for one order of ours."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Self

from truebook.impl import (
    BookConfig,
    EarlyFill,
    ListedOrder,
    Listing,
    ListingRequest,
    Order,
    ReconcileResult,
    UnifiedOrderBook,
)
from truebook.model.config import Bounds, Timers
from truebook.model.designs import REFERENCE, Design
from truebook.model.own import own_order
from truebook.model.system import System, place_of
from truebook.model.vocabulary import LIVE, UNBOUND, Cancel, OrderState, Venue
from truebook.model.world import World
from truebook.specs.refine.edges import Edge, Known, View

CLOID = "0x00000000000000000000000000000001"
OIDS = ("a", "b")
PRICES = (1, 2)
"""A price for each leg, by which it is told apart while its oid is not known."""
SLOTS = ("first", "second")
SNAPSHOT = ("phase", "age", "old_open", "old_request", "old_cancel")


def config_of(timers: Timers) -> BookConfig:
    """Return the book's configuration for a model's timers, a tick being a nanosecond."""
    return BookConfig(
        expected_cloid_ttl=timers.expiry,
        finalized_protection=timers.lag,
        orphan_grace_period=timers.grace,
        fill_window_duration=timers.fill_window,
        tombstone_duration=timers.tombstone,
        listing_timeout=timers.listing,
    )


def order_view(system: System) -> View:
    """Return what the book knows of one order, and what each message says.

    Beside what it shows: how many fills it was told, which are their ids, and which snapshots it
    waits for.
    """
    kept = tuple(
        field.path
        for field in system.fields
        if field.book
        or field.path.endswith(("taker_told", "maker_told"))
        or (field.path.startswith(SLOTS) and field.path.endswith(SNAPSHOT))
    )
    return View(kept, _told)


def _told(action: str) -> tuple[str, ...]:
    name, _, of = action.partition(":")
    match name:
        case "answer":
            return (f"{of}.status", f"{of}.taken")
        case "end":
            return (f"{of}.status", f"{of}.executed")
        case "answer-cancel":
            return (f"{of}.cancel",)
        case "reconnect":
            return tuple(f"{leg}.{count}" for leg in OIDS for count in ("taken", "executed"))
        case "process-snapshot":
            return tuple(f"{of}.{leg}.{shown}" for leg in OIDS for shown in ("listed", "filled"))
        case _:
            return ()


class OrderPlayer:
    """A `UnifiedOrderBook` that is told of one order of some lots."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._sizes = (bounds.size, bounds.new_size)
        self._book = UnifiedOrderBook(config_of(bounds.timers))
        self._requests: dict[str, ListingRequest] = {}
        self._orphans_asked: frozenset[object] = frozenset()

    def copy(self) -> Self:
        """Return a player that is the same and changes by itself."""
        other = type(self).__new__(type(self))
        other._bounds, other._sizes = self._bounds, self._sizes
        other._book = self._book.copy()
        other._requests = dict(self._requests)
        other._orphans_asked = self._orphans_asked
        return other

    def tell(self, action: str, says: Known, before: Known) -> None:
        """Take one action of the model; those of the venue and the wire are nothing to a book."""
        name, _, of = action.partition(":")
        book = self._book
        i = OIDS.index(of) if of in OIDS else 0
        match name:
            case "send":
                book.register_pending("buy", PRICES[0], self._sizes[0], cloid=CLOID)
            case "modify":
                book.request_modify(OIDS[0], PRICES[1], self._sizes[1], force=True)
            case "answer":
                self._answer(i, says)
            case "answer-item":
                book.finalize_order(CLOID, None, 0, "buy", PRICES[i])
                book.order_rejected(CLOID, "an item without an oid")
            case "time-out":
                book.order_unknown(CLOID)
            case "taker-fill" | "maker-fill":
                told = before[f"{of}.{name.removesuffix('-fill')}_told"]
                self._fill(i, name == "taker-fill", told)
            case "taker-fill-again" | "maker-fill-again":
                self._fill(i, name == "taker-fill-again", 0)
            case "reconnect":
                self._replay(says)
            case "end":
                self._end(i, says)
            case "ask-cancel":
                book.request_cancel(OIDS[i])
            case "answer-cancel":
                self._answer_cancel(i, says[f"{of}.cancel"])
            case "ask-snapshot":
                self._requests[of] = book.listing_requested()
            case "process-snapshot":
                self._listing(of, says)
            case "fail-snapshot":
                book.listing_failed(self._requests.pop(of))
            case "tick":
                self._tick(before)

    def shows(self) -> Known:
        """Return what the book shows, by the model's paths."""
        shown: Known = {"position": int(self._book.position)}
        legs = {PRICES.index(int(leg.price)): leg for leg in self._book.legs(CLOID)}
        for i in range(2 if self._bounds.modify else 1):
            shown |= self._record(i, legs.get(i))
        shown["exposure"] = int(self._book.pending_exposure("buy"))
        shown["unsettled"] = int(self._book.unsettled("buy"))
        for slot in SLOTS[: self._bounds.snapshots]:
            shown[f"{slot}.phase"] = int(slot in self._requests)
        return shown

    def _answer(self, i: int, says: Known) -> None:
        leg = OIDS[i]
        if says[f"{leg}.status"] == Venue.REFUSED:
            self._book.order_rejected(CLOID, "refused")
            return
        taken = says[f"{leg}.taken"]
        rest = self._sizes[i] - taken
        self._book.finalize_order(CLOID, leg, rest, "buy", PRICES[i], filled_size=taken)

    def _fill(self, i: int, taker: bool, number: int) -> None:
        """Tell one fill; taker fills have the even ids and maker fills the odd ones."""
        tid = 2 * number + (0 if taker else 1) + 1
        self._book.process_fill(
            OIDS[i],
            tid,
            1,
            PRICES[i],
            True,
            cloid=None if self._bounds.bare else CLOID,
            time=tid,
            crossed=taker,
        )

    def _replay(self, says: Known) -> None:
        for i, leg in enumerate(OIDS[: 2 if self._bounds.modify else 1]):
            taken, executed = says[f"{leg}.taken"], says[f"{leg}.executed"]
            for taker, fills in ((True, taken), (False, executed - taken)):
                for number in range(fills):
                    self._fill(i, taker, number)

    def _end(self, i: int, says: Known) -> None:
        leg = OIDS[i]
        status, executed = says[f"{leg}.status"], says[f"{leg}.executed"]
        if status == Venue.REFUSED:
            self._book.order_status(None, "rejected", cloid=CLOID)
            return
        word = "filled" if status == Venue.FILLED else "cancelled"
        self._book.order_status(leg, word, cloid=CLOID, filled=executed)

    def _answer_cancel(self, i: int, cancel: int) -> None:
        if cancel == Cancel.REFUSED:
            self._book.cancel_rejected(OIDS[i])
        elif cancel == Cancel.DONE:
            self._book.cancel_confirmed(OIDS[i])
        else:
            self._book.cancel_not_open(OIDS[i])

    def _listing(self, slot: str, says: Known) -> None:
        listed, position = [], 0
        for i, leg in enumerate(OIDS[: 2 if self._bounds.modify else 1]):
            filled = says[f"{slot}.{leg}.filled"]
            position += filled
            if says[f"{slot}.{leg}.listed"]:
                size = self._sizes[i]
                listed.append(ListedOrder(leg, CLOID, "buy", PRICES[i], size - filled, size))
        result = self._book.reconcile(Listing(tuple(listed), self._requests.pop(slot)))
        if not isinstance(result, ReconcileResult):
            raise AssertionError(f"the listing was refused: {result}")
        self._orphans_asked |= set(result.orphans_to_cancel)
        self._book.position_reported(position)

    def _tick(self, before: Known) -> None:
        self._book.tick(self._book.now + 1)
        for slot in list(self._requests):
            if not before[f"{slot}.age"] < self._bounds.timers.listing:
                del self._requests[slot]

    def _record(self, i: int, leg: Order | None) -> Known:
        """Return a leg as the model's record of it; ages no further than anything depends on."""
        name = f"book_{OIDS[i]}"
        values: Known = dict.fromkeys(RECORD, 0)
        if leg is not None:
            values |= self._values(i, leg)
        values["orphan_asked"] = int(OIDS[i] in self._orphans_asked)
        candidates = {o.oid for o in self._book.get_orphans() if o.since is not None}
        values["candidate"] = int(OIDS[i] in candidates)
        return {f"{name}.{key}": value for key, value in values.items()}

    def _values(self, i: int, leg: Order) -> Known:
        early = [
            fill
            for fill in self._book.get_early_fills()
            if leg.state in UNBOUND and fill.oid == OIDS[i]
        ]
        known = knowledge(leg, early, self._bounds.timers, self._book.now)
        return {key: int(value) for key, value in zip(RECORD, known, strict=True)}


RECORD = (
    "state",
    "mapped",
    "size",
    "taker",
    "maker",
    "answered",
    "stated",
    "final",
    "cancel",
    "request_age",
    "cancel_age",
    "open_age",
    "closed_age",
)
"""The fields of the model's record that `knowledge` returns, in its order."""


def knowledge(
    leg: Order, early: Sequence[EarlyFill], timers: Timers, now: int
) -> tuple[int | Decimal, ...]:
    """Return a leg as the model's record of it; ages no further than anything depends on.

    `early` are the fills that wait for it.
    """
    state = leg.state
    settled = timers.expiry + timers.lag + 1
    taker, maker = leg.taker, leg.maker
    for fill in early:
        if fill.taker:
            taker += fill.size
        else:
            maker += fill.size
    request = cancel = known_open = closed = 0
    if state == OrderState.PENDING:
        request = min(now - leg.request_at, settled)
    elif state in LIVE:
        known_open = min(_since(leg.open_since, now), timers.lag + 1)
        if state == OrderState.CANCEL_PENDING:
            cancel = min(_since(leg.cancel_at, now), settled)
    else:
        closed = min(_since(leg.closed_at, now), timers.fill_window + timers.tombstone)
    return (
        state,
        int(leg.oid is not None),
        leg.size,
        taker,
        maker,
        leg.answered,
        leg.stated,
        int(leg.final),
        leg.cancel,
        request,
        cancel,
        known_open,
        closed,
    )


def _since(at: int | None, now: int) -> int:
    return 0 if at is None else now - at


def answers_forgotten(edge: Edge, before: Known) -> bool:
    """Return whether an answer comes after its order was forgotten: beyond `answer-delay`.

    The model has then forgotten the fills that came meanwhile; the book has them still.
    """
    name, _, of = edge.action.partition(":")
    return name == "answer" and before[f"book_{of}.state"] == OrderState.ABSENT


class OrderModel:
    """What the model's book shows where it knows something."""

    def __init__(self, bounds: Bounds, design: Design = REFERENCE) -> None:
        system = own_order(design, bounds)
        self._world: World = system.create()
        self._book = [
            (field.path, *place_of(self._world, field.path))
            for field in system.fields
            if field.book and not field.path.endswith(".protected")
        ]
        self._phases = [f"{slot}.phase" for slot in SLOTS[: bounds.snapshots]]

    def expected(self, known: Known) -> Known:
        """Return the records, and what the model's tracker makes of them."""
        for path, owner, name in self._book:
            setattr(owner, name, known[path])
        world = self._world
        legs = range(len(world.records))
        return {
            **{path: known[path] for path, _, _ in self._book},
            "exposure": sum(world.tracker.exposure(world, i) for i in legs),
            "unsettled": sum(world.tracker.unsettled(world, i) for i in legs),
            **{path: known[path] for path in self._phases},
        }
