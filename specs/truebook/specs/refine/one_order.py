"""The book in the place of the model's tracker, for one order of ours."""

from collections.abc import Sequence
from decimal import Decimal

from truebook.impl import BookConfig, EarlyFill, ListedOrder, Order, UnifiedOrderBook
from truebook.model.config import Bounds, Timers
from truebook.model.designs import REFERENCE, Design
from truebook.model.own import own_order
from truebook.model.system import System, place_of
from truebook.model.vocabulary import CLOSED, LIVE, UNBOUND, Cancel, OrderState, Venue
from truebook.model.world import World
from truebook.specs.refine.edges import Edge, Known, View

OIDS = ("a", "b")
"""The legs of an order, by which the model calls them, too."""
PRICES = (1, 2)
"""A price for each leg, by which it is told apart while its oid is not known."""
SLOTS = ("first", "second")
SNAPSHOT = ("phase", "age", "old_open", "old_request", "old_cancel")


def answer_cancel(book: UnifiedOrderBook, oid: str, cancel: int) -> None:
    """Tell the answer to the latest cancel of an order, or of an orphan, with its number."""
    numbers = [leg.cancel_request for leg in book.legs(oid) if leg.oid == oid]
    numbers += [orphan.request for orphan in book.get_orphans() if orphan.oid == oid]
    request = max(numbers, default=0) or None
    if cancel == Cancel.REFUSED:
        book.cancel_rejected(oid, request=request)
    elif cancel == Cancel.DONE:
        book.cancel_confirmed(oid, request=request)
    else:
        book.cancel_not_open(oid, request=request)


def config_of(timers: Timers) -> BookConfig:
    """Return the book's configuration for a model's timers, a tick being a nanosecond."""
    return BookConfig(
        expected_cloid_ttl=timers.expiry,
        finalized_protection=timers.lag,
        orphan_grace_period=timers.grace,
        fill_window_duration=timers.fill_window,
        tombstone_duration=timers.tombstone,
        listing_timeout=timers.listing,
        cloid_seed=0,  # of which the cloids of the model's orders are, so that they are ours
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
        case "lie-end":
            return (f"{of}.executed",)
        case "answer-cancel":
            return (f"{of}.cancel",)
        case "reconnect":
            return tuple(f"{leg}.{count}" for leg in OIDS for count in ("taken", "executed"))
        case "process-snapshot":
            return tuple(f"{of}.{leg}.{shown}" for leg in OIDS for shown in ("listed", "filled"))
        case _:
            return ()


class OrderPart:
    """One order of ours, of some lots; the first of several is to buy, the second to sell."""

    def __init__(self, bounds: Bounds, number: int = 0) -> None:
        self.side = ("buy", "sell")[number]
        self._legs = OIDS[: 2 if bounds.modify else 1]
        self._cloid = f"0x{number + 1:032x}"
        self._oids = tuple(f"{leg}{number + 1}" for leg in self._legs)
        self._sizes = (bounds.size, bounds.new_size)
        self._timers, self._bare = bounds.timers, bounds.bare

    def tell(self, book: UnifiedOrderBook, action: str, says: Known, before: Known) -> None:
        """Take one action of the model; those of the venue and the wire are nothing to a book."""
        name, _, leg = action.partition(":")
        i = OIDS.index(leg) if leg in OIDS else 0
        match name:
            case "send":
                size = self._sizes[0]
                book.register_pending(self.side, PRICES[0], size, cloid=self._cloid)
            case "modify":
                book.request_modify(self._oids[0], PRICES[1], self._sizes[1], force=True)
            case "answer":
                self._answer(book, i, says)
            case "answer-item":
                book.finalize_order(self._cloid, None, 0, self.side, PRICES[i])
                book.order_rejected(self._cloid, "an item without an oid")
            case "time-out":
                book.order_unknown(self._cloid)
            case "taker-fill" | "maker-fill":
                told = before[f"{leg}.{name.removesuffix('-fill')}_told"]
                self._fill(book, i, name == "taker-fill", told)
            case "taker-fill-again" | "maker-fill-again":
                self._fill(book, i, name == "taker-fill-again", 0)
            case "reconnect":
                self._replay(book, says)
            case "end":
                self._end(book, i, says)
            case "ask-cancel":
                book.request_cancel(self._oids[i])
            case "answer-cancel":
                self._answer_cancel(book, i, says[f"{leg}.cancel"])
            case _ if name.startswith("lie-"):
                self._lie(book, name.removeprefix("lie-"), i, says)

    def listed(self, slot: str, says: Known, before: Known) -> tuple[list[ListedOrder], int]:
        """Return its legs in a listing, and what of it the position has.

        One that has fewer fills than another had before is an older one here, where no venue gives
        back. How long ago that other was heard is the book's alone to know, and may be longer on
        the way to a node than in the runs that have this listing: so it says nothing of what fills.
        """
        listed, position = [], 0
        for i, leg in enumerate(self._legs):
            filled = says[f"{slot}.{leg}.filled"]
            position += filled
            if says[f"{slot}.{leg}.listed"]:
                size = self._sizes[i]
                older = filled < before[f"book_{leg}.stated"]
                known = older and not _contradicts(before, slot, leg, self._timers.lag)
                order = ListedOrder(
                    self._oids[i],
                    self._cloid,
                    self.side,
                    price=PRICES[i],
                    remaining=None if known else size - filled,
                    size=size,
                )
                listed.append(order)
        return listed, position if self.side == "buy" else -position

    def shows(self, book: UnifiedOrderBook, asked: frozenset[object]) -> Known:
        """Return what the book shows of it, by the model's paths."""
        legs = {PRICES.index(int(leg.price)): leg for leg in book.legs(self._cloid)}
        candidates = {orphan.oid for orphan in book.get_orphans() if orphan.since is not None}
        shown: Known = {}
        for i, leg in enumerate(self._legs):
            values: Known = dict.fromkeys(RECORD, 0)
            if i in legs:
                values = self._values(book, i, legs[i])
            values["orphan_asked"] = int(self._oids[i] in asked)
            values["candidate"] = int(self._oids[i] in candidates)
            shown |= {f"book_{leg}.{key}": value for key, value in values.items()}
        return shown

    def _answer(self, book: UnifiedOrderBook, i: int, says: Known) -> None:
        leg = OIDS[i]
        if says[f"{leg}.status"] == Venue.REFUSED:
            book.order_rejected(self._cloid, "refused", request=self._request(book, i))
            return
        taken = says[f"{leg}.taken"]
        order = (self._cloid, self._oids[i], self._sizes[i] - taken, self.side, PRICES[i])
        book.finalize_order(*order, filled_size=taken, request=self._request(book, i))

    def _request(self, book: UnifiedOrderBook, i: int) -> int | None:
        """Return the number of the request of a leg, where the book knows it still."""
        numbers = [leg.request for leg in book.legs(self._cloid) if leg.price == PRICES[i]]
        return numbers[0] or None if numbers else None

    def _lie(self, book: UnifiedOrderBook, name: str, i: int, says: Known) -> None:
        """Tell a false word: the message that the venue would send were it so."""
        leg, size = OIDS[i], self._sizes[i]
        match name:
            case "end":
                self._end(book, i, {f"{leg}.status": Venue.CANCELLED, **says})
            case "filled":
                self._end(book, i, {f"{leg}.status": Venue.FILLED, f"{leg}.executed": size})
            case "refused":
                self._answer(book, i, {f"{leg}.status": Venue.REFUSED})
            case "accepted":
                self._answer(book, i, {f"{leg}.status": Venue.OPEN, f"{leg}.taken": 0})
            case "taken":
                self._answer(book, i, {f"{leg}.status": Venue.FILLED, f"{leg}.taken": size})
            case "cancel":
                self._answer_cancel(book, i, Cancel.NOT_OPEN)
            case "no-cancel":
                self._answer_cancel(book, i, Cancel.REFUSED)

    def _fill(self, book: UnifiedOrderBook, i: int, taker: bool, number: int) -> None:
        """Tell one fill; taker fills have the even ids and maker fills the odd ones."""
        tid = 2 * number + (0 if taker else 1) + 1
        book.process_fill(
            self._oids[i],
            tid,
            1,
            PRICES[i],
            self.side == "buy",
            cloid=None if self._bare else self._cloid,
            time=tid,
            crossed=taker,
        )

    def _replay(self, book: UnifiedOrderBook, says: Known) -> None:
        for i, leg in enumerate(self._legs):
            taken, executed = says[f"{leg}.taken"], says[f"{leg}.executed"]
            for taker, fills in ((True, taken), (False, executed - taken)):
                for number in range(fills):
                    self._fill(book, i, taker, number)

    def _end(self, book: UnifiedOrderBook, i: int, says: Known) -> None:
        leg = OIDS[i]
        status, executed = says[f"{leg}.status"], says[f"{leg}.executed"]
        if status == Venue.REFUSED:
            book.order_status(None, "rejected", cloid=self._cloid)
            return
        word = "filled" if status == Venue.FILLED else "cancelled"
        book.order_status(self._oids[i], word, cloid=self._cloid, filled=executed)

    def _answer_cancel(self, book: UnifiedOrderBook, i: int, cancel: int) -> None:
        answer_cancel(book, self._oids[i], cancel)

    def _values(self, book: UnifiedOrderBook, i: int, leg: Order) -> Known:
        early = [
            fill
            for fill in book.get_early_fills()
            if leg.state in UNBOUND and fill.oid == self._oids[i]
        ]
        known = knowledge(leg, early, self._timers, book.now)
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
    "disputed",
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
        min(
            leg.answered, leg.size - maker
        ),  # what an answer says leaves room for what filled since
        leg.stated,
        int(leg.final),
        leg.cancel,
        request,
        cancel,
        known_open,
        closed,
        int(leg.doubted),
    )


def _since(at: int | None, now: int) -> int:
    return 0 if at is None else now - at


def answers_forgotten(edge: Edge, before: Known) -> bool:
    """Return whether an answer comes after its order was forgotten: beyond `answer-delay`.

    The model has then forgotten the fills that came meanwhile; the book has them still.
    """
    name, _, of = edge.action.partition(":")
    return name == "answer" and before[f"book_{of}.state"] == OrderState.ABSENT


def beyond_lies(edge: Edge, before: Known, *, lag: int) -> bool:
    """Return whether after a false word the book knows another thing than the model.

    A fill that comes after its order was forgotten is in the position alone; in the book it waits,
    should the order be listed. A refusal names the cloid alone: one of an order that was taken for
    accepted, or was, is in the book one of its modify. And what a listing of then shows as gone of
    an order that is over has filled in the model; in the book a last word told how much has, and
    the rest can trade no more, as where the venue takes from an order what is left.
    """
    name, _, of = edge.action.partition(":")
    if name == "process-snapshot":
        return any(
            edge.says[f"{of}.{leg}.listed"]
            and before[f"book_{leg}.state"] in CLOSED
            and not _contradicts(before, of, leg, lag)
            and before[f"book_{leg}.stated"] < edge.says[f"{of}.{leg}.filled"]
            for leg in OIDS
            if f"{of}.{leg}.listed" in edge.says
        )
    if before.get("book_b.state", OrderState.ABSENT) != OrderState.ABSENT and is_refusal(
        edge.action, edge.says.get("a.status", Venue.UNSENT)
    ):
        return True
    if name in ("taker-fill", "maker-fill"):
        return before[f"book_{of}.state"] == OrderState.ABSENT
    return name == "reconnect" and any(
        before.get(f"book_{leg}.state") == OrderState.ABSENT and edge.says[f"{leg}.executed"] != 0
        for leg in OIDS
        if f"{leg}.executed" in edge.says
    )


def _contradicts(before: Known, slot: str, leg: str, lag: int) -> bool:
    """Return whether a listing that has an order is newer than the word that ended it."""
    if before[f"book_{leg}.state"] not in CLOSED:
        return False
    return lag + before[f"{slot}.age"] < before[f"book_{leg}.closed_age"]


def is_refusal(action: str, status: int) -> bool:
    """Return whether an action refuses the order, which has a status, and not its modify."""
    name, _, of = action.partition(":")
    if of != OIDS[0]:
        return False
    told = name in ("answer", "answer-item", "end") and status == Venue.REFUSED
    return told or name in ("answer-item", "lie-refused")


class OrderModel:
    """What the model's book shows of one order where it knows something."""

    def __init__(self, bounds: Bounds, design: Design = REFERENCE) -> None:
        system = own_order(design, bounds)
        self._world: World = system.create()
        self._book = [
            (field.path, *place_of(self._world, field.path))
            for field in system.fields
            if field.book and not field.path.endswith(".protected")
        ]

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
        }
