"""A venue with one order of ours, written from its own rules: it tells a book the truth, or not."""

from collections.abc import Callable
from typing import Any

import attrs

from truebook.impl import (
    SECOND,
    Conflict,
    ListedOrder,
    Listing,
    ReconcileResult,
    UnifiedOrderBook,
)

SIZE = 3
LAG = 10 * SECOND
OTHER_DEX = ListedOrder(99, "0xsomebody", "sell", price=100, remaining=1, size=1)


@attrs.define
class LyingVenue:
    """An order to buy, modified at most once; fills are told at once, one lot each.

    `asked` are the orphans that the book asked to cancel and `questions` the statuses that it
    asked for, listing by listing. `lied_at` is when a false word was told.
    """

    made: bool
    book: UnifiedOrderBook = attrs.field(factory=UnifiedOrderBook)
    cloid: str = ""
    oid: int = 1
    now: int = 0
    answered: bool = False
    open: bool = True
    cancelling: bool = False
    modifying: bool = False
    executed: dict[int, int] = attrs.field(factory=dict)
    lied_at: int | None = None
    asked: list[object] = attrs.field(factory=list)
    questions: list[tuple[object, ...]] = attrs.field(factory=list)
    conflicts: list[Conflict] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        """Let the order be sent; it rests at the venue, unanswered."""
        name = None if self.made else "mine"
        self.cloid = self.book.register_pending("buy", 100, SIZE, cloid=name, now=0)
        self.executed[1] = 0

    @property
    def remaining(self) -> int:
        """What can still trade."""
        return SIZE - self.executed[self.oid] if self.open else 0

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.now += seconds * SECOND
        self.book.tick(self.now)

    # What is true

    def answer(self) -> None:
        """Answer the request."""
        if not self.answered:
            self.answered = True
            self.book.finalize_order(self.cloid, 1, SIZE, "buy", 100, now=self.now)

    def fill(self) -> None:
        """Fill a lot of it while it rests."""
        if self.remaining:
            self.executed[self.oid] += 1
            tid = sum(self.executed.values())
            self.book.process_fill(
                self.oid, tid, 1, 100, True, cloid=self.cloid, time=tid, crossed=False, now=self.now
            )
            self.answered = True
            self.open = self.remaining > 0

    def ask_cancel(self) -> None:
        """Let the book ask for a cancel, if it can."""
        if self.answered and not self.modifying:
            asked = self.book.request_cancel(self.oid, now=self.now)
            self.cancelling = self.cancelling or type(asked).__name__ == "CancelRequested"

    def cancel(self) -> None:
        """Cancel it, as asked, and say so."""
        if self.cancelling and self.open:
            self.open = self.cancelling = False
            self.book.cancel_confirmed(self.oid, now=self.now)

    def end(self) -> None:
        """Cancel it unasked, and say so."""
        if self.answered and self.open and not self.modifying:
            self.open = False
            self.book.order_status(
                self.oid, "cancelled", cloid=self.cloid, filled=self.executed[self.oid]
            )

    def ask_modify(self) -> None:
        """Let the book ask for a modify, if it can."""
        if self.answered and self.open and not self.cancelling and self.oid == 1:
            asked = self.book.request_modify(1, 101, SIZE, force=True, now=self.now)
            self.modifying = type(asked).__name__ == "ModifyRequested"

    def refuse_modify(self) -> None:
        """Refuse the modify: the order stays as it was."""
        if self.modifying:
            self.modifying = False
            self.book.modify_failed(self.cloid, "post only", now=self.now)

    def modify(self) -> None:
        """Take the modify: a new order in the place of the old one."""
        if self.modifying and self.open:
            self.modifying = False
            self.oid = 2
            self.executed[2] = 0
            self.book.modify_confirmed(self.cloid, 2, now=self.now)

    def listing(self) -> None:
        """Hand over a listing that is true."""
        self.show(*([self.listed()] if self.open else []))

    # What is false

    def listed(self) -> ListedOrder:
        """Return the order as a listing shows it, where it is over as before its last lot."""
        left = max(1, SIZE - self.executed[self.oid])
        price = 100 if self.oid == 1 else 101
        return ListedOrder(self.oid, self.cloid, "buy", price=price, remaining=left, size=SIZE)

    def show(self, *orders: ListedOrder) -> None:
        """Hand over a listing of these orders."""
        request = self.book.listing_requested(now=self.now)
        result = self.book.reconcile(Listing(orders, request), now=self.now)
        assert isinstance(result, ReconcileResult)
        self.asked += [oid for oid in result.orphans_to_cancel if oid != OTHER_DEX.oid]
        self.questions.append(result.statuses_to_ask)

    def heard(self) -> list[Conflict]:
        """Return the contradictions reported since, and keep them."""
        new = [event for event in self.book.drain_events() if isinstance(event, Conflict)]
        self.conflicts += new
        return new


TRUE: dict[str, Callable[[LyingVenue], Any]] = {
    "answer": LyingVenue.answer,
    "fill": LyingVenue.fill,
    "ask cancel": LyingVenue.ask_cancel,
    "cancel": LyingVenue.cancel,
    "end": LyingVenue.end,
    "ask modify": LyingVenue.ask_modify,
    "refuse modify": LyingVenue.refuse_modify,
    "modify": LyingVenue.modify,
    "listing": LyingVenue.listing,
}


def _over(word: str, *, told: bool = True) -> Callable[[LyingVenue], object]:
    def tell(venue: LyingVenue) -> object:
        filled = venue.executed[venue.oid] if told and word != "filled" else None
        return venue.book.order_status(
            venue.oid, word, cloid=venue.cloid, filled=filled, now=venue.now
        )

    return tell


FALSE: dict[str, Callable[[LyingVenue], object]] = {
    "unknownOid": lambda v: v.book.status_unknown(v.oid, now=v.now),
    "unknown cloid": lambda v: v.book.status_unknown(v.cloid, now=v.now),
    "cancelled": _over("cancelled"),
    "cancelled, no amount": _over("cancelled", told=False),
    "filled": _over("filled"),
    "best-effort cancelled": lambda v: v.book.cancel_confirmed(v.oid, now=v.now),
    "never open": lambda v: v.book.cancel_not_open(v.oid, now=v.now),
    "refused": lambda v: v.book.order_rejected(v.cloid, "post only", now=v.now),
    "an incomplete listing": lambda v: v.show(),
    "a listing of the wrong dex": lambda v: v.show(OTHER_DEX),
    "listed, and over": lambda v: v.show(v.listed()),
}
"""False words: of an order that is open all but the last, which is of one that is over."""


def can_be_false(venue: LyingVenue, word: str) -> bool:
    """Return whether a word is false now, and can be told: what names an oid, once it is known."""
    if word == "listed, and over":
        return not venue.open
    if word == "refused":
        return venue.open and not venue.answered
    listing = word.startswith(("an incomplete", "a listing", "unknown cloid"))
    return venue.open and (venue.answered or listing)
