"""What we send to the venue, and what the venue answers: orders, cancels, modifies."""

from decimal import Decimal

from truebook.impl.book import (
    answering,
    checks,
    ending,
    forms,
    intake,
    orders,
    placing,
    waiting,
)
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.reader import BookReader
from truebook.impl.book.results import (
    Accepted,
    Ambiguous,
    CancelRequested,
    Conflict,
    OrderUpdate,
    Refused,
    Rejected,
    StillPending,
    UnknownOrder,
    Waits,
)
from truebook.impl.book.shown import Order
from truebook.model.vocabulary import Side, TimeInForce


class RequestBook(BookReader):
    """The part of a book that is told of our requests; see `UnifiedOrderBook`.

    Every request has a number that only grows: keep it with the request, and give it back as
    `request` with the answer. Then the answer is of that request and of nothing else, however late
    it comes, and however often. Without, it is taken where it can be of one request alone; else
    nothing is concluded from it, which is reported as `Ambiguous`. ValueError for a number that the
    book never handed out. Rule: answers-name-requests.
    """

    __slots__ = ()

    # Placing

    def register_pending(
        self,
        side: Side | str,
        price: Decimal | int,
        size: Decimal | int,
        *,
        cloid: str | None = None,
        reduce_only: bool = False,
        time_in_force: TimeInForce | str = TimeInForce.GTC,
        trigger: Decimal | int | None = None,
        parent: str | None = None,
        now: int | None = None,
    ) -> str:
        """Note an order before its request is sent, and return its cloid.

        Without `cloid` the book makes one, in the form 0x and 32 hexadecimal digits. From here on
        the order counts in the exposure until it is known what came of it. The number of its
        request is `get_order(cloid).request`. `trigger` is the price that lets it trade, `parent`
        the cloid of the order that it is a child of: either waits outside the venue's book. The
        size of one with a trigger may be 0: it closes the position, and has its size.
        `time_in_force` is gtc, ioc or alo. ValueError for a cloid that is known already.
        Rules: unknown-stays, waits-is-not-dead.
        """
        ledger = self._at(now)
        cloid = None if cloid is None else checks.cloid(cloid)
        leg = placing.asked(
            ledger, checks.is_buy(side), price, size, reduce_only, time_in_force, trigger, parent
        )
        return placing.register(ledger, cloid, leg)

    def order_waits(
        self,
        cloid: str,
        *,
        oid: Oid | None = None,
        request: int | None = None,
        now: int | None = None,
    ) -> Waits | OrderUpdate | Conflict | Ambiguous | UnknownOrder:
        """Take the venue's answer that an order was accepted and waits, as that of a trigger order.

        It counts in the exposure, and in `waiting_exposure`; no age and no listing without trigger
        orders ends it. `oid` is the one by which it waits, if the answer has one; what trades may
        have another. Rules: waits-is-not-dead, answers-name-requests.
        """
        ledger = self._at(now)
        given, cloid, oid = cloid, forms.own_cloid(cloid), checks.maybe_oid(oid)
        request = answering.number(ledger, request)
        if oid is not None:
            oid = intake.oid(ledger, oid)
        forms.note(ledger, "cloid", given, cloid)
        return waiting.accepted(ledger, cloid, oid, request)

    def finalize_order(
        self,
        cloid: str,
        oid: Oid | None,
        resting_size: Decimal | int,
        side: Side | str,
        price: Decimal | int,
        *,
        filled_size: Decimal | int | None = None,
        request: int | None = None,
        now: int | None = None,
    ) -> Accepted:
        """Take the venue's answer that an order was accepted.

        `filled_size` is what the answer says has filled on arrival (None: it does not say); that
        is an expectation, and moves no position. The order's size is the one registered;
        `resting_size` counts only where nobody registered it: its size is then both together. Both
        together above the size registered are reported as a `Conflict`, and not believed. An answer
        without an oid (None, 0 or empty) creates nothing: an order with a trigger or a parent waits
        then. What an answer does not say has filled is over where nothing rests and the order is
        immediate-or-cancel, or is reduce-only and took. Rules: early-fills-kept, tombstones.
        """
        ledger = self._at(now)
        taken = ZERO if filled_size is None else checks.amount(filled_size, "filled_size")
        return placing.take_answer(ledger, cloid, oid, resting_size, side, price, taken, request)

    def handle_immediate_fill(
        self,
        cloid: str,
        oid: Oid | None,
        filled_size: Decimal | int,
        fill_price: Decimal | int,
        is_buy: bool,
        *,
        request: int | None = None,
        now: int | None = None,
    ) -> Accepted:
        """Take the venue's answer that an order has filled on arrival, wholly or in part.

        It moves no position: the fills do, when they come. `fill_price` is the order's price where
        nobody registered it. Rule: fills-move-position.
        """
        ledger = self._at(now)
        taken = checks.amount(filled_size, "filled_size")
        side = Side.BUY if checks.flag(is_buy, "is_buy") else Side.SELL
        return placing.take_answer(ledger, cloid, oid, ZERO, side, fill_price, taken, request)

    def order_rejected(
        self,
        cloid: str,
        reason: str = "",
        *,
        oid: Oid | None = None,
        request: int | None = None,
        now: int | None = None,
    ) -> Rejected | OrderUpdate | Conflict | Ambiguous | UnknownOrder:
        """Take the venue's answer that an order, or a modify, was refused.

        It is neither pending nor counted any more. `oid` is the one under which the venue shows
        the refusal, if it has one; no order appears under it. Rules: reject-clears,
        answers-name-requests.
        """
        ledger = self._at(now)
        known, reason = forms.own_cloid(cloid), checks.reason(reason)
        request = answering.number(ledger, request)
        if oid is not None:
            oid = intake.oid(ledger, oid)
        forms.note(ledger, "cloid", cloid, known)
        return placing.refused(ledger, known, reason, oid, request=request)

    def order_cannot_land(
        self,
        cloid: str,
        reason: str = "it can never take effect",
        *,
        request: int | None = None,
        now: int | None = None,
    ) -> Rejected | OrderUpdate | Conflict | Ambiguous | UnknownOrder:
        """Note that a request, of an order or a modify, never took effect and never can.

        As where its nonce was used up by another action, or it expired: an order whose outcome was
        unknown is then neither pending nor counted any more, at once. The order that a modify was
        of is as it was. Tell it only of what is certain: a timeout is `order_unknown`.
        """
        return self.order_rejected(cloid, reason, request=request, now=now)

    def order_unknown(
        self,
        cloid: str,
        reason: str = "unknown",
        *,
        request: int | None = None,
        now: int | None = None,
    ) -> StillPending | Rejected | OrderUpdate | UnknownOrder:
        """Note that nobody knows what came of a request: a timeout, or an error of transport.

        That proves nothing, so it changes nothing: the order stays pending and counted until a
        listing, a status or a fill tells. Rule: unknown-stays.
        """
        return self._unknown(cloid, reason, request, now)

    # Cancelling

    def request_cancel(
        self, id: Oid, *, now: int | None = None
    ) -> CancelRequested | Refused | UnknownOrder:
        """Ask whether a cancel may be sent, for an oid or cloid; it is awaited from here on.

        Refused while a modify of the order is on its way, or a cancel that has gone unanswered for
        less than `cancel_timeout`, and where the order is not open. One whose own answer is still
        awaited may be cancelled by its cloid; `CancelRequested.oid` is then None.
        """
        return ending.request_cancel(self._at(now), checks.oid_or_cloid(id))

    def cancel_confirmed(
        self, id: Oid, *, request: int | None = None, now: int | None = None
    ) -> OrderUpdate | UnknownOrder:
        """Take the venue's answer that the order, or orphan, is cancelled; late fills still count.

        An order whose oid is not known yet is over too, if its cancel was asked for: one that comes
        to be known all the same takes fills, and is live only where a later listing has it.
        Rules: tombstones, orphan-cancel-marked.
        """
        ledger = self._at(now)
        request = answering.number(ledger, request)
        id = intake.id_of(ledger, id)
        return ending.cancel_over(ledger, id, "cancelled", request, confirmed=True)

    def cancel_not_open(
        self,
        id: Oid,
        reason: str = "not open",
        *,
        request: int | None = None,
        now: int | None = None,
    ) -> OrderUpdate | UnknownOrder:
        """Take the venue's answer that the order was never placed, already cancelled, or filled.

        That proves that it is not open, not what has filled: it takes fills through its window. Of
        an order whose oid is not known yet it proves nothing: the cancel may have overtaken it.
        Rule: errors-end-little.
        """
        ledger = self._at(now)
        reason, request = checks.reason(reason), answering.number(ledger, request)
        id = intake.id_of(ledger, id)
        return ending.cancel_over(ledger, id, reason, request, confirmed=False)

    def cancel_rejected(
        self, id: Oid, reason: str = "", *, request: int | None = None, now: int | None = None
    ) -> OrderUpdate | Ambiguous | UnknownOrder:
        """Take the venue's answer that the cancel was refused: the order is open as before.

        So it is where the cancel can never land. Rule: answers-name-requests.
        """
        ledger = self._at(now)
        reason, request = checks.reason(reason), answering.number(ledger, request)
        id = intake.id_of(ledger, id)
        return ending.cancel_refused(ledger, id, reason, request)

    def cancel_timed_out(
        self, id: Oid, *, request: int | None = None, now: int | None = None
    ) -> OrderUpdate | UnknownOrder:
        """Note that nobody answered a cancel; that proves nothing, so it changes nothing.

        It may be sent again after `cancel_timeout`. A listing asked for once the cancel can no
        longer take effect tells what came of it. Rule: cancel-resolves.
        """
        ledger = self._at(now)
        request = answering.number(ledger, request)
        id = intake.id_of(ledger, id)
        leg = answering.cancelled(ledger, id, request)
        return UnknownOrder(id) if leg is None else answering.update_of(leg)

    def stuck_cancels(self, now: int | None = None) -> tuple[Order, ...]:
        """Return the orders whose cancel has had no answer for `cancel_timeout` or longer."""
        ledger = self._at(now)
        longest = ledger.now - ledger.config.cancel_timeout
        return tuple(
            self._show(leg)
            for leg in (*ledger.live.values(), *ledger.waiting.values())
            if leg.cancel is orders.AWAITED
            and leg.cancel_at is not None
            and leg.cancel_at <= longest
        )

    # Within

    def _at(self, now: int | None) -> Ledger:
        """Let time pass until `now`."""
        ledger = self._ledger
        if now is None or (now.__class__ is int and now == ledger.now):
            return ledger
        intake.move_on(ledger, now)
        return ledger

    def _unknown(
        self, cloid: str, reason: str, request: int | None, now: int | None
    ) -> StillPending | Rejected | OrderUpdate | UnknownOrder:
        ledger = self._at(now)
        cloid, reason = checks.cloid(cloid), checks.reason(reason)
        return placing.unknown(ledger, cloid, reason, answering.number(ledger, request))
