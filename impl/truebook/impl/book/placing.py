"""Placing an order: registered before it is sent, then bound, refused or unknown."""

from decimal import Decimal

from truebook.impl.book import answering, claiming, contradictions, ending, orders
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import DEAD, PENDING, Chain, Dispute, Leg
from truebook.impl.book.past import Vague
from truebook.impl.book.results import (
    AlreadyTracked,
    Ambiguous,
    Conflict,
    DirectCreation,
    FromPending,
    OrderUpdate,
    Rejected,
    StillPending,
    UnknownOrder,
)
from truebook.model.vocabulary import LIVE


def register(ledger: Ledger, cloid: str | None, buy: bool, price: Decimal, size: Decimal) -> str:
    """Note an order as pending before its request is sent; return its cloid."""
    if cloid is None:
        cloid = ledger.new_cloid()
        ledger.cloids.begin_as(cloid)
    elif cloid in ledger.by_cloid:
        raise ValueError(
            f"cloid {cloid!r} is known already: a new order needs one of its own "
            "(leave it out, and the book makes one)"
        )
    ledger.cloids.take(cloid, ledger.by_cloid)
    leg = Leg(cloid, buy, price, size, ledger.now, request=ledger.number())
    vague = ledger.cloids.unknown_of(cloid)
    if vague is not None:
        leg.chain = Chain(follows=True, vague=vague)
    ledger.add(leg)
    return cloid


def answered(
    ledger: Ledger,
    cloid: str,
    oid: Oid,
    buy: bool,
    price: Decimal,
    rest: Decimal,
    taken: Decimal,
    request: int | None,
) -> FromPending | DirectCreation | AlreadyTracked | Conflict:
    """Bind an order to its oid: it was accepted, and `taken` of it filled on arrival.

    `rest` counts only where nobody registered the order: its size is then both together.
    """
    leg = ledger.by_oid.get(oid)
    if leg is not None:
        if request is not None and leg.cloid == cloid and not answering.is_of(leg, request):
            return _conflict(ledger, "its oid is that of another request", cloid, oid)
        return _answered_again(ledger, leg, cloid, oid, buy, rest, taken)
    head = ledger.by_cloid.get(cloid)
    result: FromPending | DirectCreation
    if head is None:
        leg = Leg(cloid, buy, price, add(rest, taken), ledger.now, state=DEAD)
        ledger.add(leg)
        ledger.bind(leg, oid)
        result = DirectCreation(cloid, oid, "its cloid was never registered, or is forgotten")
        ledger.note(result)
    else:
        if head.buy is not buy:
            return _other_side(ledger, orders.unbound(head) or orders.current(head), oid)
        if ledger.past.is_of(oid, cloid):
            return AlreadyTracked(cloid, oid)
        if request is None:
            claimed = claiming.claim(ledger, cloid, oid)
        else:
            claimed = _claim_of(ledger, head, oid, request)
        if claimed is None:
            return Conflict("its cloid is known by another oid", cloid, oid)
        leg = claimed
        result = FromPending(cloid, oid)
    _tell(ledger, leg, _believed(ledger, leg, rest, taken))
    return result


def refused(
    ledger: Ledger,
    cloid: str,
    reason: str,
    oid: Oid | None,
    filled: Decimal | None = None,
    *,
    request: int | None = None,
    gone: bool = False,
) -> Rejected | OrderUpdate | Conflict | Ambiguous | UnknownOrder:
    """Clear an order that the venue refused; `oid` is the one that the refusal itself got.

    Under the oid of the order itself it is that order's last word: what took liquidity on arrival
    may be rejected after. `filled` is nothing, where the venue says so. `gone`: the order that it
    was to replace is over.
    """
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return UnknownOrder(cloid)
    if oid is not None:
        known = ledger.by_oid.get(oid)
        if (
            known is not None
            and known.cloid == cloid
            and request in (None, known.request, known.first_request)
        ):
            return ending.told(ledger, known, ending.OrderStatus.REJECTED, filled, reason)
        if request is None and _is_repeat(ledger, head, oid):
            _keep_last_word(head, oid, filled)
            return Rejected(cloid, reason)
    if request is not None:
        leg = answering.numbered(head, request)
        if leg is None:  # it is forgotten, and what is known now is another
            return ending.update_of(orders.current(head))
    elif not answering.is_refusable(head):
        return _refused_late(ledger, orders.current(head), reason, oid)
    else:
        leg = answering.refused(head) if oid is None else answering.streamed(head)
        if leg is not None and leg.state is PENDING and oid is not None:
            why = claiming.by_oid(leg, oid, Vague.REFUSAL)
            if why is not None:
                words = f"a refusal of its cloid is not its: {why}"
                ledger.dispute(leg, (Dispute.EARLIER, words))
                words = f"it may be of an earlier order of its cloid: {why}"
                return Conflict(words, cloid, oid)
        if leg is None:
            words = f"a refusal ({reason}) may be of several requests"
            return answering.ambiguous(ledger, answering.about(head), words)
    if leg.oid is not None:
        return _refused_late(ledger, leg, reason, oid)
    if oid is not None and leg.refused_oid is None:
        leg.refused_oid = oid
        leg.ended = filled
    leg.reason = reason
    if leg.state is PENDING:
        ledger.die(leg, final=True)
    elif not leg.final:
        leg.final = True
        ledger.settle(leg)
    if gone:
        _close_replaced(ledger, leg, reason)
    return Rejected(cloid, reason)


def unknown(
    ledger: Ledger, cloid: str, reason: str, request: int | None
) -> StillPending | Rejected | OrderUpdate | UnknownOrder:
    """Change nothing: that nobody answered proves nothing."""
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return UnknownOrder(cloid)
    pending = ledger.pending.get(cloid)
    if pending is not None and request in (None, pending.request):
        pending.reason = reason
        return StillPending(cloid)
    leg = orders.current(head)
    if request is not None:
        leg = answering.numbered(head, request) or leg
    if leg.state is DEAD:
        return Rejected(cloid, leg.reason)
    return OrderUpdate(cloid, leg.oid, leg.state, leg.filled)


def _answered_again(
    ledger: Ledger, leg: Leg, cloid: str, oid: Oid, buy: bool, rest: Decimal, taken: Decimal
) -> AlreadyTracked | Conflict:
    if leg.cloid != cloid:
        # The venue took this request for that order, so there is no other of its own.
        pending = ledger.pending.get(cloid)
        if pending is not None:
            pending.reason = f"answered with the oid of {leg.cloid}"
            ledger.die(pending, final=False)
        return _conflict(ledger, f"its oid is that of the cloid {leg.cloid!r}", cloid, oid)
    if leg.buy is not buy:
        return _other_side(ledger, leg, oid)
    taken = _believed(ledger, leg, rest, taken)
    if not ledger.is_tombstone(leg):
        _tell(ledger, leg, taken)
    return AlreadyTracked(cloid, oid)


def _other_side(ledger: Ledger, leg: Leg, oid: Oid) -> Conflict:
    """Report that an answer is for the other side: it tells nothing of the order."""
    found = contradictions.ANSWERED_OTHERWISE
    ledger.dispute(leg, found, oid)
    if leg.oid is not None:
        ledger.settle(leg)
    return Conflict(found[1], leg.cloid, oid)


def _believed(ledger: Ledger, leg: Leg, rest: Decimal, taken: Decimal) -> Decimal:
    """Return what an answer says has filled; nothing where that cannot be, so it stays counted."""
    if found := contradictions.of_answer(leg, rest, taken):
        if not leg.first_request:  # else it may be of the size before it was amended
            ledger.dispute(leg, found)
        return ZERO
    return taken


def _tell(ledger: Ledger, leg: Leg, taken: Decimal) -> None:
    """What an answer says has filled is an expectation: it never moves the position.

    Of an order whose end is disputed it is not believed.
    """
    if leg.answered < taken and not leg.doubted:
        leg.answered = taken
    ledger.update(leg)


def _is_repeat(ledger: Ledger, head: Leg, oid: Oid) -> bool:
    if ledger.past.is_of(oid, head.cloid):
        return True
    return any(leg.refused_oid == oid for leg in orders.chain(head))


def _keep_last_word(head: Leg, oid: Oid, filled: Decimal | None) -> None:
    """Note that a refusal told before says now that nothing filled: its fills may come yet."""
    for leg in orders.dead_legs(head):
        if leg.refused_oid == oid and filled is not None:
            leg.ended = filled


def _claim_of(ledger: Ledger, head: Leg, oid: Oid, request: int) -> Leg | None:
    """Bind the leg that a request made; None, and reported, where it cannot be of this oid."""
    leg = answering.numbered(head, request)
    if leg is None:
        ledger.note(Conflict("its request is forgotten, or of another cloid", head.cloid, oid))
        return None
    if leg.oid is not None:
        ledger.note(Conflict(f"its request is known by the oid {leg.oid!r}", leg.cloid, oid))
        return None
    ledger.bind(leg, oid)
    return leg


def _close_replaced(ledger: Ledger, leg: Leg, reason: str) -> None:
    """Close the order that a modify was of: the venue cancelled it, and placed no other."""
    for older in orders.chain(leg):
        if older.state in LIVE:
            if not older.doubted:
                older.reason = reason
                ledger.close(older)
            return


def _refused_late(ledger: Ledger, leg: Leg, reason: str, oid: Oid | None) -> Conflict:
    """Report that an order that is known at the venue is told as refused."""
    words = f"refused ({reason}), but known at the venue"
    if not ledger.is_alone(leg):
        return _conflict(ledger, words, leg.cloid, leg.oid)
    if leg.refused_oid is None and oid != leg.oid:
        leg.refused_oid = oid
    ledger.dispute(leg, (Dispute.REFUSAL, words))
    return Conflict(words, leg.cloid, leg.oid)


def _conflict(ledger: Ledger, reason: str, cloid: str, oid: Oid | None) -> Conflict:
    conflict = Conflict(reason, cloid, oid)
    ledger.note(conflict)
    return conflict
