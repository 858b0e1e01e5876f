"""The part of a book that is told of our modifies, and of what is answered to them."""

from decimal import Decimal

from truebook.impl.book import (
    amending,
    answering,
    checks,
    forms,
    intake,
    modifying,
    placing,
)
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO
from truebook.impl.book.modifying import OldOrder
from truebook.impl.book.requests import RequestBook
from truebook.impl.book.results import (
    AlreadyTracked,
    Ambiguous,
    Conflict,
    DirectCreation,
    FromPending,
    ModifyRequested,
    OrderUpdate,
    Refused,
    Rejected,
    StillPending,
    UnknownOrder,
)


class ModifyBook(RequestBook):
    """The part of a book that is told of our modifies; see `UnifiedOrderBook`."""

    __slots__ = ()

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
            checks.oid_or_cloid(id),
            checks.amount(new_price, "new_price"),
            checks.size(new_size, "new_size"),
            checks.flag(force, "force"),
        )

    def modify_confirmed(
        self,
        cloid: str,
        new_oid: Oid | None = None,
        *,
        filled_size: Decimal | int | None = None,
        request: int | None = None,
        now: int | None = None,
    ) -> FromPending | AlreadyTracked | Conflict | Ambiguous | StillPending | UnknownOrder:
        """Take the venue's answer that a modify was accepted, with the new oid if it has one.

        Without it the new order stays pending until its oid is told. The oid of the order itself
        says that it was amended in place: then AlreadyTracked, and its fills may count in the new
        size or not, which the next listing tells; without `request` it says so only of the first
        modify of an order. `filled_size` as in `finalize_order`; left out, nothing is said of what
        rests. Fills never carry over to a new order.
        Rules: modify-binds, remaining-is-the-venues, answers-name-requests.
        """
        ledger = self._at(now)
        given, cloid, oid = cloid, forms.own_cloid(cloid), checks.maybe_oid(new_oid)
        request = answering.number(ledger, request)
        filled = None if filled_size is None else checks.amount(filled_size, "filled_size")
        head = ledger.by_cloid.get(cloid)
        if head is None:
            return UnknownOrder(cloid)
        if oid is None:
            amending.accepted(ledger, cloid, request)
            return StillPending(cloid)
        oid = intake.oid(ledger, oid)
        forms.note(ledger, "cloid", given, cloid)
        amended = amending.confirmed(ledger, cloid, oid, request)
        if amended is not None:
            return amended
        rest, taken = (None, ZERO) if filled is None else (ZERO, filled)
        result = placing.answered(ledger, cloid, oid, head.buy, head.price, rest, taken, request)
        assert not isinstance(result, DirectCreation)
        return result

    def modify_failed(
        self,
        cloid: str,
        reason: str = "",
        *,
        old: OldOrder | str = OldOrder.UNKNOWN,
        request: int | None = None,
        now: int | None = None,
    ) -> Rejected | OrderUpdate | Conflict | Ambiguous | UnknownOrder:
        """Take the venue's answer that a modify was refused: there is no new order.

        `old` is what that says of the order that it was of, an `OldOrder` or its word: open, gone
        (the venue cancelled it, and placed no other), or unknown. Unless it is gone it stays
        counted as it was. Rules: answers-name-requests, errors-end-little.
        """
        ledger = self._at(now)
        known, reason = forms.own_cloid(cloid), checks.reason(reason)
        gone = modifying.old_order(old) is OldOrder.GONE
        request = answering.number(ledger, request)
        forms.note(ledger, "cloid", cloid, known)
        return placing.refused(ledger, known, reason, None, request=request, gone=gone)

    def modify_unknown(
        self,
        cloid: str,
        reason: str = "unknown",
        *,
        request: int | None = None,
        now: int | None = None,
    ) -> StillPending | Rejected | OrderUpdate | UnknownOrder:
        """Note that nobody knows what came of a modify: old and new both stay counted."""
        return self._unknown(cloid, reason, request, now)
