"""One order in lockstep: the reference tracker and the book are told the same of it.

The model's environment (the venue, the wire, the clock) tells a world's tracker what happens. Here
that tracker is a pair: the reference takes each message into the world, and the book is told it in
its own words.
"""

from bisect import insort
from decimal import Decimal

import attrs

from truebook.impl import EarlyFill, ListedOrder, ListingRequest, Order, UnifiedOrderBook
from truebook.model import tracker
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.model.vocabulary import UNBOUND, OrderState
from truebook.model.world import Record, Snapshot, World
from truebook.specs.refine.one_order import OIDS, PRICES, RECORD, knowledge
from truebook.specs.refine.replay import Difference


@attrs.frozen
class Placing:
    """An order of ours to be sent: `size` lots of `lot` each, and `new_size` if it is modified.

    The fills of a `bare` order come without its cloid.
    """

    number: int
    buy: bool
    size: int
    new_size: int
    lot: Decimal
    bare: bool

    def __str__(self) -> str:
        side = "buy" if self.buy else "sell"
        return f"order {self.number} ({side} {self.size} × {self.lot})"


@attrs.define
class Shared:
    """What all orders have in common: the book, the listings on their way, the venue's times.

    `position` is the venue's, as of the listing at hand. `told` and `untold` are the venue times of
    the fills, in order; two fills in a row have one time, as the legs of a trade with oneself have.
    """

    book: UnifiedOrderBook
    memory: int
    requests: dict[str, ListingRequest] = attrs.field(factory=dict)
    listed: list[ListedOrder] = attrs.field(factory=list)
    position: Decimal = Decimal(0)
    executed: int = 0
    told: list[int] = attrs.field(factory=list)
    untold: list[int] = attrs.field(factory=list)

    def execute(self) -> int:
        """Return the venue time of one more fill."""
        self.executed += 1
        time = 1 + self.executed // 2
        self.untold.append(time)
        return time

    def can_tell(self, time: int) -> bool:
        """Return whether a fill can be told with none untold overtaken by too many.

        That is the assumption `overtaken`.
        """
        if len(self.told) < self.memory:
            return True
        rest = self.untold.copy()
        rest.remove(time)
        if not rest:
            return True
        overtaking = sum(not other < rest[0] for other in self.told) + (not time < rest[0])
        return overtaking <= self.memory

    def can_replay(self) -> bool:
        """Return whether every fill can be told at once, in any order."""
        return not self.untold or self.executed <= self.memory

    def tell(self, time: int) -> None:
        """Note a fill as told."""
        self.untold.remove(time)
        insort(self.told, time)


class Pair:
    """The tracker of one order's world: the reference, and the book beside it."""

    exposure = staticmethod(tracker.exposure)
    unsettled = staticmethod(tracker.unsettled)
    filled = staticmethod(tracker.filled)
    can_change = staticmethod(tracker.can_change)

    def __init__(self, placing: Placing, bounds: Bounds, shared: Shared) -> None:
        most = placing.size + placing.new_size
        self.placing, self.shared = placing, shared
        self.lots = tuple(placing.lot * lots for lots in range(most + 1))
        self.cloid = f"0x{placing.number:032x}"
        self.oids = tuple(f"{placing.number}{leg}" for leg in OIDS)
        self.side = "buy" if placing.buy else "sell"
        self.world = World(bounds=bounds, keeps=REFERENCE.keeps, tracker=self)
        self._times: tuple[list[int], ...] = ([], [], [], [])
        self._again = 0

    # What the environment tells

    def register(self, w: World, i: int) -> None:
        """Send the request of leg i."""
        tracker.register(w, i)
        size, price = self.lots[w.size(i)], PRICES[i]
        if i == 0:
            self.shared.book.register_pending(self.side, price, size, cloid=self.cloid)
        else:
            self.shared.book.request_modify(self.oids[0], price, size, force=True)

    def on_answer(self, w: World, i: int, refused: bool, taken: int) -> None:
        """Answer the request."""
        tracker.on_answer(w, i, refused, taken)
        book, filled = self.shared.book, self.lots[taken]
        if i == 0 and refused:
            book.order_rejected(self.cloid, "refused")
        elif i == 0:
            rest = self.lots[w.size(0) - taken]
            args = (self.cloid, self.oids[0], rest, self.side, PRICES[0])
            book.finalize_order(*args, filled_size=filled)
        elif refused:
            book.modify_failed(self.cloid, "refused")
        else:
            book.modify_confirmed(self.cloid, self.oids[1], filled_size=filled)

    def on_error_item(self, w: World, i: int) -> None:
        """Refuse the request in an item without an oid."""
        tracker.on_error_item(w, i)
        book = self.shared.book
        book.finalize_order(self.cloid, None, 0, self.side, PRICES[i])
        book.order_rejected(self.cloid, "an item without an oid")

    def on_timeout(self, w: World, i: int) -> None:
        """Stop waiting for the answer."""
        tracker.on_timeout(w, i)
        book = self.shared.book
        if i == 0:
            book.order_unknown(self.cloid)
        else:
            book.modify_unknown(self.cloid)

    def on_fill(self, w: World, i: int, taker: bool, named: bool, new: bool) -> None:
        """Tell a fill: the next one, or one of those told before, each in turn."""
        leg = w.legs[i]
        told = leg.taker_told if taker else leg.maker_told
        times = self._times[2 * i + taker]
        tracker.on_fill(w, i, taker, named, new)
        if new:
            number = told - 1
            self.shared.tell(times[number])
        else:
            number = self._again % told
            self._again += 1
        self.shared.book.process_fill(
            self.oids[i],
            2 * number + taker + 1,
            self.lots[1],
            Decimal(PRICES[i]),
            self.placing.buy,
            cloid=self.cloid if named else None,
            time=times[number],
            crossed=taker,
        )

    def on_end(self, w: World, i: int, refused: bool, filled: int) -> None:
        """Say that the order is over; the stream tells a refusal under an oid of its own."""
        tracker.on_end(w, i, refused, filled)
        book = self.shared.book
        if refused:
            book.order_status(f"{self.oids[i]} refused", "rejected", cloid=self.cloid)
        else:
            word = "filled" if filled == w.size(i) else "cancelled"
            book.order_status(self.oids[i], word, cloid=self.cloid, filled=self.lots[filled])

    def on_cancel_asked(self, w: World, i: int) -> None:
        """Send a cancel."""
        tracker.on_cancel_asked(w, i)
        self.shared.book.request_cancel(self.oids[i])

    def on_cancel_answer(self, w: World, i: int, refused: bool) -> None:
        """Answer the cancel; a venue may call an order cancelled or not open, it is one to us."""
        tracker.on_cancel_answer(w, i, refused)
        book = self.shared.book
        if refused:
            book.cancel_rejected(self.oids[i], "refused")
        elif self.placing.buy:
            book.cancel_confirmed(self.oids[i])
        else:
            book.cancel_not_open(self.oids[i])

    def on_snapshot_asked(self, w: World, s: Snapshot) -> None:
        """Note it in the world; the book is asked once for all orders."""
        tracker.on_snapshot_asked(w, s)

    def on_listing(self, w: World, s: Snapshot, i: int) -> None:
        """Put the order on the listing, which the book gets once, with all orders."""
        view = s.views[i]
        if view.listed:
            size = w.size(i)
            left = self.lots[size - view.filled]
            self.shared.listed.append(
                ListedOrder(
                    self.oids[i],
                    self.cloid,
                    self.side,
                    price=Decimal(PRICES[i]),
                    remaining=left,
                    size=self.lots[size],
                )
            )
        tracker.on_listing(w, s, i)

    def on_position(self, w: World, position: int) -> None:
        """Add to the venue's position, which the book is told once."""
        tracker.on_position(w, position)
        filled = self.lots[position]
        self.shared.position += filled if self.placing.buy else -filled

    def on_tick(self, w: World, i: int) -> None:
        """Age the world; the book is told once."""
        tracker.on_tick(w, i)

    # What comes of it

    def execute(self) -> None:
        """Give a venue time to every fill that has none."""
        for i, leg in enumerate(self.world.legs):
            for taker, most in ((False, leg.executed - leg.taken), (True, leg.taken)):
                times = self._times[2 * i + taker]
                while len(times) < most:
                    times.append(self.shared.execute())

    def next_fill(self, i: int, taker: bool) -> int | None:
        """Return the venue time of the fill of leg i that would be told next."""
        leg = self.world.legs[i]
        told = leg.taker_told if taker else leg.maker_told
        times = self._times[2 * i + taker]
        return times[told] if told < len(times) else None

    def differences(self) -> list[Difference]:
        """Return what the book shows of this order otherwise than the model."""
        legs = {int(leg.price): leg for leg in self.shared.book.legs(self.cloid)}
        found = []
        for i, record in enumerate(self.world.records):
            leg = legs.get(PRICES[i])
            model, shown = self._model(record), _NOTHING if leg is None else self._shown(i, leg)
            if model != shown:
                name = f"{self.placing}, {('old', 'new')[i]}" if i else str(self.placing)
                found += [
                    Difference(f"{name}: {key.replace('_', ' ')}", one, other)
                    for key, one, other in zip(RECORD, model, shown, strict=True)
                    if one != other
                ]
        return found

    def counted(self) -> tuple[Decimal, Decimal, Decimal]:
        """Return what the model counts of this order: position, exposure and unsettled."""
        w, lots = self.world, self.lots
        both = len(w.records) == 2 and w.records[1].state != OrderState.ABSENT
        exposure, unsettled = tracker.exposure(w, 0), tracker.unsettled(w, 0)
        if both:
            exposure += tracker.exposure(w, 1)
            unsettled += tracker.unsettled(w, 1)
        return lots[w.position], lots[exposure], lots[unsettled]

    def _model(self, record: Record) -> tuple[object, ...]:
        lots = self.lots
        return (
            record.state,
            record.mapped,
            lots[record.size],
            lots[record.taker],
            lots[record.maker],
            lots[record.answered],
            lots[record.stated],
            record.final,
            record.cancel,
            record.request_age,
            record.cancel_age,
            record.open_age,
            record.closed_age,
            record.disputed,
        )

    def _shown(self, i: int, leg: Order) -> tuple[object, ...]:
        book, oid = self.shared.book, self.oids[i]
        early: tuple[EarlyFill, ...] = ()
        if leg.state in UNBOUND:
            early = tuple(fill for fill in book.get_early_fills() if fill.oid == oid)
        return knowledge(leg, early, self.world.bounds.timers, book.now)


_NOTHING: tuple[object, ...] = (0,) * len(RECORD)
