"""A venue with one order of ours that waits, which tells the truth late, twice and in any order."""

from collections.abc import Callable
from decimal import Decimal

import attrs

import looked
from truebook.impl import (
    SECOND,
    CancelRequested,
    ListedOrder,
    Listing,
    ReconcileResult,
    UnifiedOrderBook,
)

SIZE = Decimal(4)
FILL_WINDOW = 60
OVER = ("filled", "cancelled")
Message = Callable[[UnifiedOrderBook], object]


@attrs.define
class WaitingVenue:
    """The order "c", to sell 4 at a trigger, maybe a child of "p"; what it says is in `messages`.

    `names`: it has an oid while it waits, which its answer and its statuses may tell; `renames`:
    what trades has another. `now` is in seconds.
    """

    child: bool = False
    names: bool = True
    renames: bool = True
    book: UnifiedOrderBook = attrs.field(factory=UnifiedOrderBook)
    now: int = 0
    state: str = "waiting"
    parent: str = "open"
    executed: Decimal = Decimal(0)
    since_end: int = 0
    messages: list[Message] = attrs.field(factory=list)
    problems: list[str] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        """Place the orders; the answers are on their way."""
        if self.child:
            self.book.register_pending("buy", 100, SIZE, cloid="p", now=0)
            self.book.finalize_order("p", 1, SIZE, "buy", 100)
        self.book.register_pending(
            "sell", 90, SIZE, cloid="c", trigger=95, parent="p" if self.child else None
        )
        self.messages.append(lambda book: book.finalize_order("c", None, 0, "sell", 90))
        if self.names:
            self.messages.append(lambda book: book.order_waits("c", oid=2))
            self.messages.append(lambda book: book.order_status(2, "waiting", cloid="c"))

    @property
    def oid(self) -> int:
        """The oid of the order as it is: 2 while it waits, 3 once it trades, where that renames."""
        return 2 if self.state == "waiting" or not self.renames else 3

    @property
    def alive(self) -> bool:
        """Whether it may yet trade."""
        return self.state not in OVER

    # What happens at the venue

    def trigger(self, told: bool) -> None:
        """Let the order trade; the parent of a child has filled before."""
        if self.state != "waiting" or (self.child and self.parent != "filled"):
            return
        if self.names:
            self.messages.append(lambda book: book.order_status(2, "triggered", cloid="c"))
        self.state = "open"
        oid = self.oid
        if told:
            self.messages.append(lambda book: book.order_status(oid, "open", cloid="c"))

    def fill(self, size: int) -> None:
        """Let some of the order trade."""
        if self.state != "open":
            return
        traded = min(Decimal(size), SIZE - self.executed)
        self.executed += traded
        oid, tid = self.oid, int(self.executed)
        self.messages.append(
            lambda book: book.process_fill(
                oid, tid, traded, 95, False, cloid="c", time=tid, crossed=False
            )
        )
        if self.executed == SIZE:
            self.state = "filled"
            self._ended("filled")

    def end(self) -> None:
        """Cancel what is left, unasked."""
        if self.alive:
            oid, self.state = self.oid, "cancelled"
            if oid == 3 or self.names:
                self._ended("cancelled", oid)

    def end_parent(self, filled: bool) -> None:
        """Fill the parent, or cancel it with nothing filled: its child goes with it."""
        if not self.child or self.parent != "open":
            return
        if filled:
            self.parent = "filled"
            self.messages.append(lambda book: book.order_status(1, "filled", filled=SIZE))
        else:
            self.parent = self.state = "cancelled"
            self.messages.append(lambda book: book.order_status(1, "cancelled", filled=0))

    def _ended(self, word: str, oid: int | None = None) -> None:
        named, executed = self.oid if oid is None else oid, self.executed
        self.messages.append(
            lambda book: book.order_status(named, word, cloid="c", filled=executed)
        )

    # What the book is told

    def wait(self, seconds: int) -> None:
        """Let time pass; what is said comes within a fill window of the end of the order."""
        if not self.alive:
            self.since_end += seconds
            if not self.since_end < FILL_WINDOW:
                for message in tuple(self.messages):
                    message(self.book)
        self.now += seconds
        self.book.tick(self.now * SECOND)

    def deliver(self, number: int, keep: bool) -> None:
        """Tell the book one message, which may come again."""
        if self.messages:
            place = number % len(self.messages)
            message = self.messages[place] if keep else self.messages.pop(place)
            message(self.book)

    def listing(self, covers: bool, says: bool, late: int) -> None:
        """Tell the book a listing: with the orders that wait (`covers`), which it may mark."""
        request = self.book.listing_requested()
        waits = self.state == "waiting"
        orders = []
        if self.alive and (covers or not waits):
            orders.append(
                ListedOrder(
                    self.oid,
                    "c",
                    "sell",
                    price=90,
                    remaining=SIZE - self.executed,
                    size=SIZE,
                    trigger=waits if says else None,
                )
            )
        if self.child and self.parent == "open":
            orders.append(ListedOrder(1, "p", "buy", price=100, remaining=SIZE, size=SIZE))
        self.wait(late)
        result = self.book.reconcile(Listing(orders, request, covers_triggers=covers))
        assert isinstance(result, ReconcileResult)
        if result.orphans_to_cancel or result.orphans:
            self.problems.append(f"taken for orphans: {result.orphans}")

    def cancel(self) -> None:
        """Ask for a cancel, by oid or cloid, and let the venue do it."""
        asked = self.book.request_cancel("c")
        if not isinstance(asked, CancelRequested):
            return
        if self.alive and asked.id in ("c", self.oid):
            self.state = "cancelled"
            self.messages.append(lambda book: book.cancel_confirmed(asked.id))
        else:
            self.messages.append(lambda book: book.cancel_not_open(asked.id))

    def restart(self) -> None:
        """Go on with the book as it was saved."""
        self.book = looked.restarted(self.book, self.problems)

    # What must hold

    def look(self) -> list[str]:
        """Return what is wrong with the book now."""
        found = self.problems
        found += looked.alarms(self.book)
        found += looked.unbounded(self.book, SIZE if self.alive else self.executed)
        if self.alive:
            found += looked.taken_for_dead(self.book)
        return found

    def settle(self) -> list[str]:
        """Tell all that is still to be told and enough listings; return what is wrong then."""
        while self.messages:
            self.deliver(0, False)
        for _ in range(3):
            self.wait(50)
            self.listing(True, True, 0)
            self.look()
        order = self.book.get_order("c")
        state = "forgotten" if order is None else order.state.name
        shown = {
            "waiting": ("WAITING",),
            "open": ("RESTING", "PARTIALLY_FILLED", "CANCEL_PENDING"),
            "filled": ("FILLED", "FILLED_DURING_CANCEL", "forgotten"),
            "cancelled": ("CANCELLED", "CANCEL_CONFIRMED", "DEAD", "forgotten"),
        }[self.state]
        if state not in shown:
            self.problems.append(f"it is {self.state}, and shown {state}")
        left = SIZE - self.executed if self.alive else 0
        if self.book.pending_exposure("sell") != left:
            self.problems.append(f"{left} can trade, counted {self.book.pending_exposure('sell')}")
        return self.look()
