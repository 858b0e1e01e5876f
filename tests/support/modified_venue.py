"""A venue with one order of ours that waits and is modified, at about the time of its trigger."""

from collections.abc import Callable
from decimal import Decimal

import attrs

import looked
from truebook.impl import (
    SECOND,
    ListedOrder,
    Listing,
    ModifyRequested,
    ReconcileResult,
    UnifiedOrderBook,
)

SIZE, NEW_SIZE = Decimal(4), Decimal(6)
FILL_WINDOW = 60
EXPIRY = 30
Message = Callable[[UnifiedOrderBook], object]


@attrs.define
class ModifiedVenue:
    """The order "c", to sell 4 at a trigger; a modify of it, to 6, lands before or after that.

    `renames`: what trades has another oid than what waited. `numbers`: answers name their requests.
    `fails`: what was triggered cannot be modified; else it is, by the oid that it has then. What
    the venue says is in `messages`, and comes late, twice and in any order. `sizes` are those of
    its oids.
    """

    renames: bool = True
    numbers: bool = True
    fails: bool = True
    book: UnifiedOrderBook = attrs.field(factory=UnifiedOrderBook)
    now: int = 0
    oid: int = 2
    state: str = "waiting"
    size: Decimal = SIZE
    executed: Decimal = Decimal(0)
    fills: int = 0
    sent: int | None = None
    request: int = 0
    asked_of: object = None
    since: int | None = None
    sizes: dict[int, Decimal] = attrs.field(factory=lambda: {2: SIZE})
    messages: list[Message] = attrs.field(factory=list)
    problems: list[str] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        """Place the order; it waits, and the book knows by which oid."""
        self.book.register_pending("sell", 90, SIZE, cloid="c", trigger=95, now=0)
        number = self._number(1)
        self.book.order_waits("c", oid=2, request=number)
        self.messages.append(lambda book: book.order_waits("c", request=number))
        self.messages.append(lambda book: book.order_waits("c", oid=2, request=number))
        self.messages.append(lambda book: book.order_status(2, "waiting", cloid="c"))

    def _number(self, request: int) -> int | None:
        return request if self.numbers else None

    @property
    def alive(self) -> bool:
        """Whether it may yet trade."""
        return self.state in ("waiting", "open")

    # What happens

    def modify(self) -> None:
        """Ask for a modify of it, once."""
        if self.request:
            return
        asked = self.book.request_modify("c", 91, NEW_SIZE)
        if isinstance(asked, ModifyRequested):
            self.request, self.asked_of, self.sent = asked.request, asked.oid, self.now

    def land(self) -> None:
        """Let the modify reach the venue."""
        if self.sent is None:
            return
        self.sent, number = None, self._number(self.request)
        gone = not self.alive or self.asked_of != self.oid
        if gone or (self.state == "open" and (self.fails or self.executed)):
            self.messages.append(lambda book: book.modify_failed("c", "no", request=number))
            return
        self.oid, self.size, waits = 4, NEW_SIZE, self.state == "waiting"
        self.sizes[4] = NEW_SIZE
        self.since = self.now
        if waits:
            self.messages.append(lambda book: book.order_waits("c", oid=4, request=number))
            self.messages.append(lambda book: book.order_status(4, "waiting", cloid="c"))
        else:
            self.messages.append(lambda book: book.modify_confirmed("c", 4, request=number))
            self.messages.append(lambda book: book.order_status(4, "open", cloid="c"))

    def trigger(self, told: bool) -> None:
        """Let what waits trade."""
        if self.state != "waiting":
            return
        waited, self.state = self.oid, "open"
        if told:
            self.messages.append(lambda book: book.order_status(waited, "triggered", cloid="c"))
        if self.renames:
            self.oid = waited + 10
            self.sizes[self.oid] = self.size
        oid = self.oid
        self.messages.append(lambda book: book.order_status(oid, "open", cloid="c"))

    def fill(self, size: int) -> None:
        """Let some of it trade."""
        if self.state != "open":
            return
        traded = min(Decimal(size), self.size - self.executed)
        self.executed += traded
        self.fills += 1
        oid, tid, executed = self.oid, self.fills, self.executed
        self.messages.append(
            lambda book: book.process_fill(
                oid, tid, traded, 95, False, cloid="c", time=tid, crossed=False
            )
        )
        if executed == self.size:
            self.state, self.since = "filled", self.now
            self.messages.append(
                lambda book: book.order_status(oid, "filled", cloid="c", filled=executed)
            )

    # What the book is told

    def wait(self, seconds: int) -> None:
        """Let time pass; a request expires; what is said of what is over comes in its window."""
        for _ in range(seconds):
            self.now += 1
            if self.sent is not None and self.now - self.sent >= EXPIRY:
                self.land()
            if self.since is not None and self.now - self.since >= FILL_WINDOW - 1:
                for message in tuple(self.messages):
                    message(self.book)
                self.since = None
        self.book.tick(self.now * SECOND)

    def deliver(self, number: int, keep: bool) -> None:
        """Tell the book one message, which may come again."""
        if self.messages:
            place = number % len(self.messages)
            message = self.messages[place] if keep else self.messages.pop(place)
            message(self.book)

    def listing(self, covers: bool, says: bool) -> None:
        """Tell the book a listing: with the orders that wait (`covers`), which it may mark."""
        request = self.book.listing_requested()
        waits = self.state == "waiting"
        rows = []
        if self.alive and (covers or not waits):
            left, marked = self.size - self.executed, waits if says else None
            rows.append(
                ListedOrder(self.oid, "c", "sell", remaining=left, size=self.size, trigger=marked)
            )
        result = self.book.reconcile(Listing(rows, request, covers_triggers=covers))
        assert isinstance(result, ReconcileResult)
        if result.orphans_to_cancel or result.orphans:
            self.problems.append(f"taken for orphans: {result.orphans}")

    def restart(self) -> None:
        """Go on with the book as it was saved."""
        self.book = looked.restarted(self.book, self.problems)

    # What must hold

    def look(self) -> list[str]:
        """Return what is wrong with the book now."""
        found = self.problems
        found += looked.alarms(self.book)
        found += looked.unbounded(self.book, self.size if self.alive else self.executed)
        for leg in self.book.legs("c"):
            if leg.oid is not None and self.sizes.get(int(leg.oid)) != leg.size:
                found.append(f"{leg.oid} is bound with the size {leg.size}")
        if self.alive:
            found += looked.taken_for_dead(self.book)
        return found

    def settle(self) -> list[str]:
        """Tell all that is still to be told and enough listings; return what is wrong then."""
        self.land()
        while self.messages:
            self.deliver(0, False)
        for _ in range(4):
            self.wait(50)
            self.listing(True, True)
            self.look()
        left = self.size - self.executed if self.alive else 0
        if self.book.pending_exposure("sell") != left:
            self.problems.append(f"{left} can trade, counted {self.book.pending_exposure('sell')}")
        if self.alive and self.oid not in {leg.oid for leg in self.book.legs("c")}:
            self.problems.append(f"{self.oid} is not known")
        return self.look()
