"""A venue that tells the truth of one cloid: modifies and cancels, and answers to be told any time.

Every answer may come late, twice, with its number or without; a refused modify is shown on the
stream too, under an oid of its own.
"""

from typing import Any

import attrs

from truebook.impl import (
    SECOND,
    CancelAsked,
    CancelRequested,
    ListedOrder,
    Listing,
    ModifyRequested,
    UnifiedOrderBook,
)

CLOID = "c"
EXPIRY = 30 * SECOND


@attrs.define
class Sent:
    """A request as the venue has it; `word` is sent, accepted, refused or lost."""

    number: int
    at: int
    size: int = 0
    oid: int = 0
    cancels: int = 0
    word: str = "sent"


@attrs.define
class OneCloid:
    """The venue, and the book that is told of it; `open` is the oid that is open, or 0."""

    book: UnifiedOrderBook = attrs.field(factory=UnifiedOrderBook)
    open: int = 1
    sizes: dict[int, int] = attrs.field(factory=lambda: {1: 10})
    modifies: list[Sent] = attrs.field(factory=list)
    cancels: list[Sent] = attrs.field(factory=list)
    asked_again: list[Any] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        """Place an order, and answer it."""
        self.book.register_pending("buy", 100, 10, cloid=CLOID, now=0)
        self.book.finalize_order(CLOID, 1, 10, "buy", 100, now=1)

    def modify(self, size: int) -> None:
        """Ask for a modify, if the book lets it be asked for."""
        asked = self.book.request_modify(CLOID, 101, size, force=True)
        if isinstance(asked, ModifyRequested):
            self.modifies.append(Sent(asked.request, self.book.now, size, cancels=int(asked.oid)))

    def cancel(self) -> None:
        """Ask for a cancel, if the book lets it be asked for."""
        asked = self.book.request_cancel(CLOID)
        if isinstance(asked, CancelRequested):
            assert asked.oid is not None
            self.cancels.append(Sent(asked.request, self.book.now, cancels=int(asked.oid)))

    def arrive(self, sent: Sent, word: str) -> None:
        """Let a request take effect, be refused or be lost."""
        if sent.word != "sent":
            return
        if word == "accepted" and self.open != sent.cancels:
            word = "refused"
        sent.word = word
        if sent.size and word != "lost":
            sent.oid = 100 + sent.number
        if word == "accepted":
            self.open = sent.oid
            self.sizes[sent.oid] = sent.size

    def tell(self, sent: Sent, numbered: bool) -> None:
        """Tell the answer to a request, however often."""
        book, request = self.book, sent.number if numbered else None
        over = sent.word == "accepted"
        if sent.word not in ("accepted", "refused"):
            return
        if sent.size and over:
            book.modify_confirmed(CLOID, sent.oid, request=request)
        elif sent.size:
            book.modify_failed(CLOID, "post only", request=request)
        elif over:
            book.cancel_confirmed(sent.cancels, request=request)
        else:
            book.cancel_rejected(sent.cancels, "rate limit", request=request)

    def show(self, sent: Sent) -> None:
        """Show on the stream what became of a modify."""
        if sent.oid:
            word = "rejected" if sent.word == "refused" else "open"
            self.book.order_status(sent.oid, word, cloid=CLOID)

    def wait(self, seconds: int) -> None:
        """Let time pass: what is on its way for too long has no effect any more."""
        now = self.book.now + seconds * SECOND
        for sent in (*self.modifies, *self.cancels):
            if sent.word == "sent" and now - sent.at >= EXPIRY:
                sent.word = "lost"
        self.book.tick(now)

    def listed(self) -> tuple[ListedOrder, ...]:
        """Return the open orders."""
        if not self.open:
            return ()
        size = self.sizes[self.open]
        price = 100 if self.open == 1 else 101
        return (ListedOrder(self.open, CLOID, "buy", price=price, remaining=size, size=size),)

    def list(self) -> None:
        """Tell the book a listing."""
        result = self.book.reconcile(Listing(self.listed(), self.book.listing_requested()))
        self.asked_again += result.orphans_to_cancel  # type: ignore[union-attr]

    def can_trade(self) -> int:
        """Return the most that can still trade of the cloid, whatever arrives."""
        on_their_way = [
            sent.size for sent in self.modifies if sent.word == "sent" and sent.cancels == self.open
        ]
        return max([self.sizes.get(self.open, 0), *on_their_way])

    def hold(self) -> None:
        """Hold that the book counts all that can trade, knows what is open, and cancels none."""
        book = self.book
        counted = book.pending_exposure("buy") + book.unsettled("buy")
        assert counted >= self.can_trade(), (counted, self.can_trade())
        assert not self.open or self.open in book.get_active_oids() or book.get_pending_cloids()
        assert not self.asked_again
        for sent in self.cancels[-1:]:
            if sent.word == "sent" and self.open == sent.cancels:
                (leg,) = [leg for leg in book.legs(CLOID) if leg.oid == self.open]
                assert leg.cancel is CancelAsked.AWAITED
