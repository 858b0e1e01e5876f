"""The part of a book that is told what the venue streams: fills, and what becomes of orders."""

from decimal import Decimal

from truebook.impl.book import (
    amending,
    answering,
    changing,
    checks,
    claiming,
    contradictions,
    ending,
    filling,
    forms,
    intake,
    placing,
    units,
    waiting,
)
from truebook.impl.book.checks import LEAST, MOST, Oid, Tid, plus
from truebook.impl.book.ending import OrderStatus
from truebook.impl.book.exact import ZERO
from truebook.impl.book.fills import Change
from truebook.impl.book.listed import ListingRequest
from truebook.impl.book.modify_requests import ModifyBook
from truebook.impl.book.orders import PENDING
from truebook.impl.book.particulars import Dispute
from truebook.impl.book.results import (
    Ambiguous,
    Conflict,
    FillChanged,
    FillResult,
    OrderUpdate,
    Overfill,
    Rejected,
    Unattributed,
    UnknownOrder,
    Waits,
)

_NAMELESS = (OrderStatus.REJECTED, OrderStatus.WAITING, OrderStatus.TRIGGERED)
_MAY_BE_OLD = (OrderStatus.CANCELLED, OrderStatus.TRIGGERED)
_LEAST_ID, _MOST_ID, _MOST_TIME = -checks.MOST_ID, checks.MOST_ID, checks.MOST_TIME


class StreamBook(ModifyBook):
    """The part of a book that is told what the venue streams; see `UnifiedOrderBook`."""

    __slots__ = ()

    def process_fill(
        self,
        oid: Oid | None,
        tid: Tid,
        size: Decimal | int,
        price: Decimal | int,
        is_buy: bool,
        *,
        cloid: str | None = None,
        time: int | None = None,
        crossed: bool | None = None,
        start_position: Decimal | int | None = None,
        fee_in_base: Decimal | int | None = None,
        now: int | None = None,
    ) -> FillResult | Overfill | Unattributed | None:
        """Count a fill, unless it was counted before: then, and only then, return None.

        A fill is the same if venue time, tid and oid are the same, or as `fill_identity` of the
        configuration says; told otherwise the second time, it stays as it was counted, and each
        kind of difference is reported once as a `Conflict`. `time` is the venue's, in any unit;
        without it a replay from before the last `max_tracked_tids` fills cannot be told from a new
        one, so give it for every fill or for none: TypeError for one without among those with.
        `oid` is None, 0 or empty where the venue names no order, as of what was traded by hand.
        `cloid`, if the venue tells it, binds an order whose oid was not known, unless the fill may
        be from before the order. `crossed`: it took liquidity; if that is not known, the fill
        counts against what the answer said has filled, so that nothing shows as filled twice.
        `start_position` is the position before it, if the venue tells it: then a fill that is told
        by itself and again as a part of a sum is reported. `fee_in_base` is a fee that was taken of
        the asset itself, or a rebate, below zero: the position moves by what was received, the
        order by the size. Rules: fills-move-position, fill-binds, first-fill-stands,
        old-evidence-binds-nothing, eviction-floor.
        """
        ledger = self._ledger
        if now is not None and (now.__class__ is not int or now != ledger.now):
            intake.move_on(ledger, now)
        try:  # what comes hundreds of thousands of times a second is nearly always right
            right = (
                size.__class__ is Decimal
                and price.__class__ is Decimal
                and LEAST <= plus(size) <= MOST
                and (LEAST <= plus(price) <= MOST or price == ZERO)
                and (is_buy is True or is_buy is False)
                and (crossed is None or crossed is True or crossed is False)
                and (cloid is None or (cloid.__class__ is str and cloid and cloid.isascii()))
            )
        except ArithmeticError:
            right = False
        given = cloid
        if not right:
            size, price, cloid = intake.trade(size, price, is_buy, cloid, crossed)
        if start_position is not None:
            start_position = checks.number(start_position, "start_position")
        fee = None if fee_in_base is None else intake.fee(fee_in_base, size)
        if (
            oid.__class__ is not ledger.oid_kind
            or oid not in ledger.by_oid
            or tid.__class__ is not ledger.tid_kind
            or not (tid and tid.isascii() if isinstance(tid, str) else _LEAST_ID < tid < _MOST_ID)
            or time.__class__ is not int
            or not ledger.timed
            or not 0 <= time < _MOST_TIME
        ):
            oid, tid, time = intake.fill_key(ledger, oid, tid, time)
        if cloid is not given:
            forms.note(ledger, "cloid", given, cloid)
        result = filling.fill(
            ledger,
            oid,
            tid,
            size,  # type: ignore[arg-type]  # Decimals now
            price,  # type: ignore[arg-type]
            is_buy,
            cloid,
            time,
            crossed,
            start_position,
            fee,
        )
        if result is None:
            units.note_lost(ledger, oid, tid, time)
        return result

    def fill_reversed(
        self,
        oid: Oid,
        tid: Tid,
        *,
        time: int | None = None,
        at: int | None = None,
        size: Decimal | int | None = None,
        is_buy: bool | None = None,
        now: int | None = None,
    ) -> FillChanged | Conflict | None:
        """Take back a fill that the venue reversed, as when its settlement failed; None: known.

        Named as the fill was, by oid, tid and venue time; it may come before the fill does. Its
        order keeps what it traded, as that does not trade again. `at` is the venue's time of the
        reversal, by which a position taken over has it or has not (None: it has what was told
        before). `size` and `is_buy` are what the fill was, and are needed only of one that is
        forgotten, or was in a position taken over: without them it is a `Conflict`, and nothing
        changes. Rule: reversal-undoes-once.
        """
        ledger = self._at(now)
        was = intake.moved(size, is_buy)
        key, at = intake.changed(ledger, oid, tid, time, at)
        return changing.change(ledger, key, Change(size=ZERO, fee=ZERO, at=at), was=was)

    def fill_corrected(
        self,
        oid: Oid,
        tid: Tid,
        size: Decimal | int,
        *,
        time: int | None = None,
        at: int | None = None,
        fee_in_base: Decimal | int | None = None,
        now: int | None = None,
    ) -> FillChanged | Conflict | None:
        """Take the size that the venue says a fill had after all; None where that is known.

        Named as in `fill_reversed`, before the fill or after; of two corrections the later by `at`
        counts. Its order keeps what it was told first. Rule: reversal-undoes-once.
        """
        ledger = self._at(now)
        amount = checks.size(size)
        fee = ZERO if fee_in_base is None else intake.fee(fee_in_base, amount)
        key, at = intake.changed(ledger, oid, tid, time, at)
        return changing.change(ledger, key, Change(size=amount, fee=fee, at=at), was=None)

    def order_status(
        self,
        oid: Oid | None,
        status: OrderStatus | str,
        *,
        cloid: str | None = None,
        filled: Decimal | int | None = None,
        reason: str = "",
        now: int | None = None,
    ) -> OrderUpdate | Rejected | Waits | Conflict | Ambiguous | UnknownOrder:
        """Take what the venue says of an order, on its stream or asked for.

        `status` is an `OrderStatus` or its word: open, filled, cancelled, rejected, waiting,
        triggered. `filled` is
        what of it has filled; with it, the word of an order that is over is the last one, and what
        contradicts it is reported as a `Conflict`. `reason` is the venue's own name for the status.
        A refusal, waiting and triggered may come without an oid. A refusal is of the oid that it
        names and of nothing else: under an oid that is not known it says something only where it
        can be of one request alone. What is open never reopens what is closed.
        Rules: state-is-derived, tombstones, status-of-its-oid, answers-name-requests.
        """
        ledger = self._at(now)
        word = intake.status(status)
        amount = None if filled is None else checks.amount(filled, "filled")
        reason = checks.reason(reason)
        if oid is None:
            if word not in _NAMELESS:
                raise ValueError(f"a status of {word!r} needs the oid that it is of")
            given, cloid = cloid, forms.cloid(cloid)
            forms.note(ledger, "cloid", given, cloid)
            if cloid is None:
                return UnknownOrder("")
            if word is OrderStatus.REJECTED:
                return placing.refused(ledger, cloid, reason, None, streamed=True)
            return waiting.said(ledger, cloid, word is OrderStatus.TRIGGERED)
        given, cloid = cloid, forms.cloid(cloid)
        oid = intake.oid(ledger, oid)
        forms.note(ledger, "cloid", given, cloid)
        leg = ledger.by_oid.get(oid)
        if leg is None:
            if cloid is None:
                return UnknownOrder(oid)
            if word is OrderStatus.REJECTED and not amount:
                return placing.refused(ledger, cloid, reason, oid, amount, streamed=True)
            if word is OrderStatus.WAITING:
                return waiting.accepted(ledger, cloid, oid)
            if word in _MAY_BE_OLD and not amount:
                over = word is OrderStatus.CANCELLED
                found = waiting.old_name(ledger, cloid, oid, over=over)
                if isinstance(found, Ambiguous):
                    return found
                leg = found
            leg = leg or claiming.claim(ledger, cloid, oid, claiming.by_status(oid))
            if leg is None:
                return UnknownOrder(oid)
        elif contradictions.is_named_otherwise(leg, cloid):
            ledger.dispute(leg, (Dispute.CLOID, f"a status of it names the cloid {cloid!r}"))
        return ending.told(ledger, leg, word, amount, reason)

    def status_unknown(
        self, id: Oid, *, request: ListingRequest | None = None, now: int | None = None
    ) -> OrderUpdate | UnknownOrder:
        """Take the venue's word that it knows no order of this oid or cloid.

        That proves nothing about fills, and is worth no more than absence from a listing asked for
        at the same time: see `reconcile` for `request`. Of an order whose end a listing has
        contradicted, and of one that was accepted and may wait, it is worth nothing. Of a cloid it
        says that a pending request has not come to be, and nothing of an order whose oid is known:
        ask for that by its oid.
        Rules: absence-needs-age, contradiction-reopens, status-of-its-oid.
        """
        ledger = self._at(now)
        requested_at = intake.requested_at(ledger, request)
        id = intake.id_of(ledger, id)
        intake.note_late(ledger, request)
        leg = ledger.by_oid.get(id)
        if leg is None and isinstance(id, str):
            leg = ledger.pending.get(id) or self._find(id)
            if leg is not None and leg.oid is not None:
                return answering.update_of(leg)
        if leg is None:
            return UnknownOrder(id)
        if leg.state is PENDING and amending.unlisted(ledger, leg, (), requested_at):
            pass  # it took effect under the oid of the order, and made no other
        elif not leg.course.doubted:
            ending.absent(ledger, leg, requested_at, covers=leg.state is PENDING)
        return answering.update_of(leg)
