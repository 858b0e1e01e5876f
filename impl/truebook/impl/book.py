"""`UnifiedOrderBook`: the one owner of all order state.

Every method takes `now`, in whole nanoseconds since any epoch: it may stay the same, never go back,
and is the latest time told where it is left out. Sizes and prices are Decimals (or ints), never
floats. An oid may be an int or a text, but always the same of the two.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

from truebook.impl import (
    checks,
    ending,
    filling,
    listings,
    modifying,
    orders,
    placing,
    positions,
    saved,
)
from truebook.impl.checks import Oid, Tid
from truebook.impl.config import BookConfig
from truebook.impl.ending import OrderStatus
from truebook.impl.exact import ZERO
from truebook.impl.ledger import Ledger
from truebook.impl.listings import ListedOrder, Listing, ListingRequest
from truebook.impl.orders import Order
from truebook.impl.reading import BookReader
from truebook.impl.results import (
    AlreadyTracked,
    Attention,
    CancelRequested,
    Conflict,
    DirectCreation,
    FillResult,
    FromPending,
    ListingRefused,
    ModifyRequested,
    NotAnOrder,
    OrderUpdate,
    Overfill,
    PositionMatches,
    PositionMismatch,
    Rebased,
    RebaseRefused,
    ReconcileResult,
    Refused,
    Rejected,
    StillPending,
    Unattributed,
    UnknownOrder,
)
from truebook.model.vocabulary import Side


class UnifiedOrderBook(BookReader):
    """Which orders of ours exist at the venue, how much of each has filled, and the position.

    It is a function of the facts told and the time: the same facts in any order, any number of
    times, give the same book. It never asks anybody anything: what is to be done (orphans to
    cancel, statuses to ask for) is in its results. Two books are equal when they know the same.
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # it changes

    def __init__(self, config: BookConfig | None = None) -> None:
        self._ledger = Ledger(BookConfig() if config is None else config)

    # Placing

    def register_pending(
        self,
        side: Side | str,
        price: Decimal | int,
        size: Decimal | int,
        *,
        cloid: str | None = None,
        now: int | None = None,
    ) -> str:
        """Note an order before its request is sent, and return its cloid.

        Without `cloid` the book makes one, in the form 0x and 32 hexadecimal digits. From here on
        the order counts in the exposure until it is known what came of it. ValueError for a cloid
        that is known already. Rule: unknown-stays.
        """
        ledger = self._at(now)
        return placing.register(
            ledger,
            None if cloid is None else checks.cloid(cloid),
            checks.is_buy(side),
            checks.amount(price, "price"),
            checks.size(size),
        )

    def finalize_order(
        self,
        cloid: str,
        oid: Oid | None,
        resting_size: Decimal | int,
        side: Side | str,
        price: Decimal | int,
        *,
        filled_size: Decimal | int | None = None,
        now: int | None = None,
    ) -> FromPending | DirectCreation | AlreadyTracked | Conflict | NotAnOrder:
        """Take the venue's answer that an order was accepted.

        `filled_size` is what the answer says has filled on arrival (None: it does not say); that
        is an expectation, and moves no position. The order's size is the one registered;
        `resting_size` counts only where nobody registered it: its size is then both together. An
        answer without an oid (None, 0 or empty) creates nothing. Rules: early-fills-kept,
        tombstones.
        """
        ledger = self._at(now)
        taken = ZERO if filled_size is None else checks.amount(filled_size, "filled_size")
        return self._answered(ledger, cloid, oid, resting_size, side, price, taken)

    def handle_immediate_fill(
        self,
        cloid: str,
        oid: Oid | None,
        filled_size: Decimal | int,
        fill_price: Decimal | int,
        is_buy: bool,
        *,
        now: int | None = None,
    ) -> FromPending | DirectCreation | AlreadyTracked | Conflict | NotAnOrder:
        """Take the venue's answer that an order has filled on arrival, wholly or in part.

        It moves no position: the fills do, when they come. `fill_price` is the order's price where
        nobody registered it. Rule: fills-move-position.
        """
        ledger = self._at(now)
        taken = checks.size(filled_size, "filled_size")
        side = Side.BUY if checks.flag(is_buy, "is_buy") else Side.SELL
        return self._answered(ledger, cloid, oid, ZERO, side, fill_price, taken)

    def order_rejected(
        self, cloid: str, reason: str = "", *, oid: Oid | None = None, now: int | None = None
    ) -> Rejected | OrderUpdate | Conflict | UnknownOrder:
        """Take the venue's answer that an order, or a modify, was refused.

        It is neither pending nor counted any more. `oid` is the one under which the venue shows
        the refusal, if it has one; no order appears under it. Rule: reject-clears.
        """
        ledger = self._at(now)
        if oid is not None:
            self._check_oid(oid)
        return placing.refused(ledger, checks.cloid(cloid), reason, oid)

    def order_unknown(
        self, cloid: str, reason: str = "unknown", *, now: int | None = None
    ) -> StillPending | Rejected | OrderUpdate | UnknownOrder:
        """Note that nobody knows what came of a request: a timeout, or an error of transport.

        That proves nothing, so it changes nothing: the order stays pending and counted until a
        listing, a status or a fill tells. Rule: unknown-stays.
        """
        return placing.unknown(self._at(now), checks.cloid(cloid), reason)

    # What the venue streams

    def process_fill(
        self,
        oid: Oid,
        tid: Tid,
        size: Decimal | int,
        price: Decimal | int,
        is_buy: bool,
        *,
        cloid: str | None = None,
        time: int | None = None,
        crossed: bool | None = None,
        now: int | None = None,
    ) -> FillResult | Overfill | Unattributed | None:
        """Count a fill, unless it was counted before: then, and only then, return None.

        A fill is the same if venue time, tid and oid are the same. `time` is the venue's, in any
        unit; without it a replay from before the last `max_tracked_tids` fills cannot be told
        from a new one, so give it for every fill or for none (TypeError otherwise). `cloid`, if
        the venue tells it, binds an order whose oid was not known. `crossed`: it took liquidity;
        if that is not known, the fill counts against what the answer said has filled, so that
        nothing shows as filled twice. Rules: fills-move-position, fill-binds, eviction-floor.
        """
        ledger = self._ledger
        if now is not None and now != ledger.now:
            self._at(now)
        try:  # what comes hundreds of thousands of times a second is nearly always right
            right = (
                size.__class__ is Decimal
                and price.__class__ is Decimal
                and checks.LEAST <= checks.plus(size) <= checks.MOST
                and ZERO <= price <= checks.MOST
                and (is_buy is True or is_buy is False)
                and (crossed is None or crossed is True or crossed is False)
                and (cloid is None or (cloid.__class__ is str and cloid != ""))
            )
        except ArithmeticError:
            right = False
        if not right:
            size, price = self._check_fill(size, price, is_buy, cloid, crossed)
        if oid.__class__ is not ledger.oid_kind or tid.__class__ is not ledger.tid_kind or not oid:
            self._check_ids(oid, tid, time)
        if time.__class__ is not int or not ledger.timed or time < 0:
            self._check_time(time)
        return filling.fill(
            ledger,
            oid,
            tid,
            size,  # type: ignore[arg-type]  # Decimals now
            price,  # type: ignore[arg-type]
            is_buy,
            cloid,
            time,
            crossed is not False,
        )

    def order_status(
        self,
        oid: Oid | None,
        status: OrderStatus | str,
        *,
        cloid: str | None = None,
        filled: Decimal | int | None = None,
        reason: str = "",
        now: int | None = None,
    ) -> OrderUpdate | Rejected | Conflict | UnknownOrder:
        """Take what the venue says of an order, on its stream or asked for.

        `filled` is what of it has filled; with it, the word of an order that is over is the last
        one. `reason` is the venue's own name for the status. Only a refusal may come without an
        oid. What is open never reopens what is closed. Rules: state-is-derived, tombstones.
        """
        ledger = self._at(now)
        word = _status(status)
        amount = None if filled is None else checks.amount(filled, "filled")
        leg = None
        if oid is not None:
            self._check_oid(oid)
            leg = ledger.by_oid.get(oid)
        elif word is not OrderStatus.REJECTED:
            raise ValueError(f"a status of {word!r} needs the oid that it is of")
        if leg is None:
            if cloid is None:
                return UnknownOrder("" if oid is None else oid)
            if word is OrderStatus.REJECTED:
                return placing.refused(ledger, checks.cloid(cloid), reason, oid)
            assert oid is not None
            leg = ledger.claim(checks.cloid(cloid), oid)
            if leg is None:
                return UnknownOrder(oid)
        return ending.told(ledger, leg, word, amount, reason)

    def status_unknown(
        self, id: Oid, *, request: ListingRequest | None = None, now: int | None = None
    ) -> OrderUpdate | UnknownOrder:
        """Take the venue's word that it knows no order of this oid or cloid.

        That proves nothing about fills, and is worth no more than absence from a listing asked for
        at the same time: see `reconcile` for `request`. Rule: absence-needs-age.
        """
        ledger = self._at(now)
        leg = self._find(id)
        if leg is None:
            return UnknownOrder(id)
        ending.absent(ledger, leg, self._requested_at(request))
        pending = ledger.pending.get(leg.cloid)
        if pending is not None and id == leg.cloid:
            ending.absent(ledger, pending, self._requested_at(request))
        return ending.update_of(leg)

    # Cancelling

    def request_cancel(
        self, id: Oid, *, now: int | None = None
    ) -> CancelRequested | Refused | UnknownOrder:
        """Ask whether a cancel may be sent, for an oid or cloid; it is awaited from here on.

        Refused while a cancel or modify of the order is on its way, or where it is not open.
        """
        return ending.request_cancel(self._at(now), id)

    def cancel_confirmed(self, id: Oid, *, now: int | None = None) -> OrderUpdate | UnknownOrder:
        """Take the venue's answer that the order, or orphan, is cancelled; late fills still count.

        Rules: tombstones, orphan-cancel-marked.
        """
        return ending.cancel_over(self._at(now), id, "cancelled")

    def cancel_not_open(
        self, id: Oid, reason: str = "not open", *, now: int | None = None
    ) -> OrderUpdate | UnknownOrder:
        """Take the venue's answer that the order was never placed, already cancelled, or filled.

        That proves that it is not open, not what has filled: it takes fills through its window.
        """
        return ending.cancel_over(self._at(now), id, reason)

    def cancel_rejected(
        self, id: Oid, reason: str = "", *, now: int | None = None
    ) -> OrderUpdate | UnknownOrder:
        """Take the venue's answer that the cancel was refused: the order is open as before."""
        return ending.cancel_refused(self._at(now), id, reason)

    def cancel_timed_out(self, id: Oid, *, now: int | None = None) -> OrderUpdate | UnknownOrder:
        """Note that nobody answered a cancel; that proves nothing, so it changes nothing.

        A listing asked for once the cancel can no longer take effect tells what came of it.
        Rule: cancel-resolves.
        """
        self._at(now)
        leg = self._find(id)
        return UnknownOrder(id) if leg is None else ending.update_of(leg)

    def stuck_cancels(self, now: int | None = None) -> tuple[Order, ...]:
        """Return the orders whose cancel has had no answer for `cancel_timeout` or longer."""
        ledger = self._at(now)
        longest = ledger.now - ledger.config.cancel_timeout
        return tuple(
            self._show(leg)
            for leg in ledger.live.values()
            if leg.state is orders.CANCEL_PENDING
            and leg.cancel_at is not None
            and leg.cancel_at <= longest
        )

    # Modifying

    def request_modify(
        self,
        id: Oid,
        new_price: Decimal | int,
        new_size: Decimal | int,
        *,
        force: bool = False,
        now: int | None = None,
    ) -> ModifyRequested | Refused | UnknownOrder:
        """Ask whether a modify may be sent; its new order is pending from here on.

        The venue gives it an oid of its own, which is bound by the answer, a fill, a status or a
        listing that carries the cloid, whichever comes first; the old oid then closes. Refused
        while a change of the order is on its way, and for a new size that is not above what has
        filled, unless `force`. Rule: modify-binds.
        """
        return modifying.request_modify(
            self._at(now),
            id,
            checks.amount(new_price, "new_price"),
            checks.size(new_size, "new_size"),
            force,
        )

    def modify_confirmed(
        self,
        cloid: str,
        new_oid: Oid | None = None,
        *,
        filled_size: Decimal | int | None = None,
        now: int | None = None,
    ) -> FromPending | AlreadyTracked | Conflict | StillPending | UnknownOrder:
        """Take the venue's answer that a modify was accepted, with the new oid if it has one.

        Without it the new order stays pending until its oid is told. `filled_size` as in
        `finalize_order`; fills never carry over to the new order.
        """
        ledger = self._at(now)
        head = ledger.by_cloid.get(checks.cloid(cloid))
        if head is None:
            return UnknownOrder(cloid)
        if new_oid is None:
            return StillPending(cloid)
        self._check_oid(new_oid)
        taken = ZERO if filled_size is None else checks.amount(filled_size, "filled_size")
        result = placing.answered(ledger, cloid, new_oid, head.buy, head.price, ZERO, taken)
        assert not isinstance(result, DirectCreation)
        return result

    def modify_failed(
        self, cloid: str, reason: str = "", *, now: int | None = None
    ) -> Rejected | OrderUpdate | Conflict | UnknownOrder:
        """Take the venue's answer that a modify was refused: the order is as it was."""
        return placing.refused(self._at(now), checks.cloid(cloid), reason, None)

    def modify_unknown(
        self, cloid: str, reason: str = "unknown", *, now: int | None = None
    ) -> StillPending | Rejected | OrderUpdate | UnknownOrder:
        """Note that nobody knows what came of a modify: old and new both stay counted."""
        return placing.unknown(self._at(now), checks.cloid(cloid), reason)

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

        What is listed with a cloid of ours is adopted; what is absent closes if it was known open
        for longer than L before the listing was asked for; what nobody knows becomes an orphan,
        to be cancelled once its grace is over.

        `snapshot` is a `Listing`, or its orders, or bare oids. Without `request` the listing is
        taken to be as old as it may be, `listing_timeout`, so that it closes nothing that it may
        be too old to show. Without cloids, an unknown order that may be a pending one is held, and
        the book asks for the status of the pending ones. Refused, changing nothing: None, a
        listing that is too old or of another scope, and an empty one without a request, which may
        be of another market. Rules: listing-binds, absence-needs-age, cancel-resolves,
        orphan-cancel-marked.
        """
        ledger = self._at(now)
        if snapshot is None:
            return self._refuse("the listing failed")
        if not isinstance(snapshot, Listing):
            listed = (o if isinstance(o, ListedOrder) else ListedOrder(o) for o in snapshot)
            snapshot = Listing(tuple(listed))
        request = snapshot.request if request is None else request
        if snapshot.scope is not None and snapshot.scope != ledger.config.scope:
            return self._refuse(
                f"the listing is of {snapshot.scope!r}, the book of {ledger.config.scope!r}"
            )
        requested_at = self._requested_at(request)
        if ledger.now - requested_at > ledger.config.listing_timeout:
            return self._refuse(f"the listing was asked for {ledger.now - requested_at} ns ago")
        if request is None and not snapshot.orders:
            return self._refuse("the listing is empty, and when it was asked for is not told")
        for order in snapshot.orders:
            self._check_oid(order.oid)
        return listings.reconcile(ledger, snapshot.orders, requested_at)

    def listing_failed(
        self, request: ListingRequest | None = None, *, now: int | None = None
    ) -> ListingRefused:
        """Note that a listing failed: it changes nothing, and is reported."""
        return self.reconcile(None, request=request, now=now)  # type: ignore[return-value]

    def position_reported(
        self, position: Decimal | int, *, as_of: int | None = None, now: int | None = None
    ) -> PositionMatches | PositionMismatch:
        """Compare with the venue's position as of a venue time (None: now); take nothing over.

        Repair a mismatch by `process_fill` of the fills that are missing: the position may hold
        one that is still on its way. Rule: position-by-fills.
        """
        ledger = self._at(now)
        if as_of is not None:
            checks.time(as_of, "as_of")
        return positions.compare(ledger, checks.number(position, "position"), as_of)

    def rebase(
        self, position: Decimal | int, as_of: int, *, now: int | None = None
    ) -> Rebased | RebaseRefused:
        """Take over the venue's position, which holds the fills before `as_of` and no other.

        Unknown fills from before count as in it. Refused while a request is pending, or where
        fills since `as_of` may be forgotten. Rule: position-by-fills.
        """
        ledger = self._at(now)
        as_of = checks.time(as_of, "as_of")
        return positions.rebase(ledger, checks.number(position, "position"), as_of)

    # The book itself

    def tick(self, now: int) -> None:
        """Let time pass; what has aged out goes."""
        self._at(now)

    def drain_events(self) -> tuple[Attention, ...]:
        """Return what demanded attention since the last call, oldest first.

        At most `max_events` are kept; `EventsDropped` says how many went before they were seen.
        """
        return self._ledger.drain()

    def copy(self) -> Self:
        """Return a book that knows the same and changes by itself."""
        return self._of(saved.copy(self._ledger))

    def to_json(self) -> dict[str, Any]:
        """Return the whole book as plain JSON values; Decimals are texts."""
        return saved.dump(self._ledger)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the book that `to_json` made; ValueError where it is not one."""
        return cls._of(saved.load(data))

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

    def _at(self, now: int | None) -> Ledger:
        """Let time pass until `now`."""
        ledger = self._ledger
        if now is None or (now == ledger.now and now.__class__ is int):
            return ledger
        if now.__class__ is not int or now < ledger.now:
            checks.time(now)
            raise ValueError(f"now goes back from {ledger.now} to {now}: time only moves on")
        ledger.now = now
        if not now < ledger.wake_at:
            ledger.age()
        return ledger

    def _answered(
        self,
        ledger: Ledger,
        cloid: str,
        oid: Oid | None,
        rest: Decimal | int,
        side: Side | str,
        price: Decimal | int,
        taken: Decimal,
    ) -> FromPending | DirectCreation | AlreadyTracked | Conflict | NotAnOrder:
        checks.cloid(cloid)
        if checks.is_no_oid(oid):
            return NotAnOrder(cloid, "the answer has no oid")
        assert oid is not None
        self._check_oid(oid)
        rest = checks.amount(rest, "resting_size")
        if cloid not in ledger.by_cloid and oid not in ledger.by_oid and not rest and not taken:
            return NotAnOrder(cloid, "nobody registered it, and the answer tells no size")
        buy = checks.is_buy(side)
        return placing.answered(ledger, cloid, oid, buy, checks.amount(price, "price"), rest, taken)

    def _check_oid(self, oid: Oid) -> None:
        ledger = self._ledger
        if oid.__class__ is ledger.oid_kind and oid and oid != "0":
            return
        if checks.is_no_oid(oid):
            raise ValueError(f"oid is {oid!r}: no venue has an order of that id")
        ledger.oid_kind = checks.identity(oid, ledger.oid_kind, "oid")

    def _check_fill(
        self, size: Any, price: Any, is_buy: Any, cloid: Any, crossed: Any
    ) -> tuple[Decimal, Decimal]:
        checks.flag(is_buy, "is_buy")
        if cloid is not None:
            checks.cloid(cloid)
        if crossed is not None:
            checks.flag(crossed, "crossed")
        return checks.size(size), checks.amount(price, "price")

    def _check_ids(self, oid: Any, tid: Any, time: Any) -> None:
        """Check the ids of a fill, and its time too before anything is noted of them."""
        ledger = self._ledger
        kind = checks.identity(tid, ledger.tid_kind, "tid")
        self._check_time(time, note=False)
        self._check_oid(oid)
        ledger.tid_kind = kind

    def _check_time(self, time: int | None, note: bool = True) -> None:
        ledger = self._ledger
        timed = time is not None
        if time is not None:
            checks.time(time, "time")
        if ledger.timed is not None and ledger.timed is not timed:
            raise TypeError(
                f"this fill comes {'with' if timed else 'without'} its venue time, unlike those "
                "before: give it for every fill or for none, or one could count twice"
            )
        if note:
            ledger.timed = timed

    def _requested_at(self, request: ListingRequest | None) -> int:
        ledger = self._ledger
        if request is None:
            return ledger.now - ledger.config.listing_timeout
        if request.at > ledger.now:
            raise ValueError(f"the listing was asked for at {request.at}, after now ({ledger.now})")
        return request.at

    def _refuse(self, reason: str) -> ListingRefused:
        result = ListingRefused(reason)
        self._ledger.note(result)
        return result


def _status(status: OrderStatus | str) -> OrderStatus:
    word = _STATUSES.get(status) if isinstance(status, str) else None
    if word is not None:
        return word
    raise ValueError(f"status must be one of {', '.join(OrderStatus)}, not {status!r}")


_STATUSES: dict[str, OrderStatus] = {word.value: word for word in OrderStatus}
