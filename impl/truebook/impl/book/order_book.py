"""`UnifiedOrderBook`: the one owner of all order state.

Every method takes `now`, in whole nanoseconds since any epoch: it is the latest time told where it
is left out, and where it is set back, which is reported. Sizes and prices are Decimals (or ints),
never floats. An oid may be an int or a text; a book keeps the kind that it is told first.
"""

import secrets
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

from truebook.impl.book import (
    checks,
    intake,
    listings,
    loaded,
    positions,
    saved,
    starting,
)
from truebook.impl.book.checks import Oid
from truebook.impl.book.config import BookConfig
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.listed import ListedOrder, Listing, ListingRequest
from truebook.impl.book.owning import RandomBits
from truebook.impl.book.results import (
    Attention,
    ListingRefused,
    PositionMatches,
    PositionMismatch,
    Rebased,
    RebaseRefused,
    ReconcileResult,
)
from truebook.impl.book.streamed import StreamBook


class UnifiedOrderBook(StreamBook):
    """Which orders of ours exist at the venue, how much of each has filled, and the position.

    It is a function of the facts told and the time: the same facts in any order, any number of
    times, give the same book. It never asks anybody anything: what is to be done (orphans to
    cancel, statuses to ask for) is in its results. Two books are equal when they know the same.
    It has no locks: tell it from one thread.
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # it changes

    def __init__(
        self, config: BookConfig | None = None, *, randbits: RandomBits = secrets.randbits
    ) -> None:
        """Make a book that knows nothing; `randbits` is what cloids are made by chance with."""
        config = BookConfig() if config is None else config
        self._ledger = Ledger(checks.instance(config, BookConfig, "config"), randbits)

    # Reconciling

    def listing_requested(self, now: int | None = None) -> ListingRequest:
        """Note the time at which a listing is asked for; hand the result back with the listing."""
        return ListingRequest(self._at(now).now)

    def reconcile(
        self,
        snapshot: Listing | Iterable[Oid | ListedOrder] | None,
        *,
        request: ListingRequest | None = None,
        now: int | None = None,
    ) -> ReconcileResult | ListingRefused:
        """Take a listing of the venue's open orders.

        What is listed with a cloid of ours is adopted, however long forgotten; what is absent
        closes if it was known open for longer than L before the listing was asked for; what is
        listed and was closed for longer than that is open again, which is reported once as a
        `Conflict`; what nobody knows becomes an orphan, to be cancelled once its grace is over.

        `snapshot` is a `Listing`, or its orders, or bare oids, in a list or anything else that
        yields them; TypeError for what is one thing, as a text, bytes or a mapping. Without
        `request` the listing is taken to be as old as it may be, `listing_timeout`, so that it
        closes nothing that it may be too old to show. Without cloids, an unknown order that may be
        a pending one is held, and the book asks for the status of the pending ones. Refused,
        changing nothing: None, a listing that is too old or of another scope, and an empty one
        without a request, which may be of another market. Rules: listing-binds, absence-needs-age,
        cancel-resolves, contradiction-reopens, own-stays-own, orphan-cancel-marked.
        """
        ledger = self._at(now)
        accepted = intake.accept(ledger, snapshot, request)
        if isinstance(accepted, ListingRefused):
            ledger.note(accepted)
            return accepted
        listed, requested_at, covers = accepted
        return listings.reconcile(ledger, listed, requested_at, covers)

    def listing_failed(
        self, request: ListingRequest | None = None, *, now: int | None = None
    ) -> ListingRefused:
        """Note that a listing failed: it changes nothing, and is reported."""
        result = self.reconcile(None, request=request, now=now)
        assert isinstance(result, ListingRefused)
        return result

    def position_reported(
        self, position: Decimal | int, *, as_of: int | None = None, now: int | None = None
    ) -> PositionMatches | PositionMismatch:
        """Compare with the venue's position as of a venue time (None: now); take nothing over.

        Repair a mismatch by `process_fill` of the fills that are missing: the position may hold
        one that is still on its way. Rule: position-by-fills.
        """
        ledger = self._at(now)
        if as_of is not None:
            as_of = checks.time(as_of, "as_of")
        return positions.compare(ledger, checks.number(position, "position"), as_of)

    def rebase(
        self,
        position: Decimal | int,
        as_of: int,
        *,
        orders: Iterable[ListedOrder] | None = None,
        now: int | None = None,
    ) -> Rebased | RebaseRefused:
        """Take over the venue's position, which holds the fills before `as_of` and no other.

        Unknown fills from before count as in it. `orders` are our open orders as of that time:
        what had filled of each by then is in the position, and is waited for no more; those that
        the book does not know are taken up, which needs their side and size (ValueError without).
        So a book begins with what is already there; tell it the recent fills as ever, in any order.
        Where `orders` is left out, and the position has exactly so much more than the book knew as
        its orders are told to have filled, by answers or the next listing, that is in it too.
        Refused while a request is pending, or where fills since `as_of` may be forgotten.
        Rules: position-by-fills, start-from-the-picture.
        """
        ledger = self._at(now)
        as_of = checks.time(as_of, "as_of")
        amount = checks.number(position, "position")
        found = None if orders is None else starting.fitting(ledger, orders)
        return positions.rebase(ledger, amount, as_of, found)

    # The book itself

    def tick(self, now: int) -> None:
        """Let time pass; what has aged out goes."""
        self._at(now)

    def drain_events(self) -> tuple[Attention, ...]:
        """Return what demanded attention since the last call, oldest first.

        At most `max_events` are kept; `EventsDropped` says how many went before they were seen.
        """
        return self._ledger.log.drain()

    def copy(self) -> Self:
        """Return a book that knows the same and changes by itself."""
        return self._of(saved.copy(self._ledger))

    __copy__ = copy

    def to_json(self) -> dict[str, Any]:
        """Return the whole book as plain JSON values; Decimals are texts."""
        return saved.dump(self._ledger)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the book that `to_json` made; ValueError where it is not one."""
        return cls._of(loaded.load(data))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UnifiedOrderBook):
            return NotImplemented
        return self._ledger == other._ledger

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} position={self.position} open={len(self)} "
            f"pending={self.pending_count} now={self.now}>"
        )

    # Within

    @classmethod
    def _of(cls, ledger: Ledger) -> Self:
        book = cls.__new__(cls)
        book._ledger = ledger
        return book
