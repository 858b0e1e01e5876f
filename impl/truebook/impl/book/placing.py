"""Placing an order: registered before it is sent, then bound, refused or unknown."""

from decimal import Decimal

from truebook.impl.book import checks, contradictions, ending, intake, orders
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import DEAD, PENDING, WAITING, Dispute, Leg
from truebook.impl.book.owning import made
from truebook.impl.book.results import (
    AlreadyTracked,
    Conflict,
    DirectCreation,
    FromPending,
    OrderUpdate,
    Rejected,
    StillPending,
    UnknownOrder,
)
from truebook.model.vocabulary import TimeInForce, Wait


def asked(
    ledger: Ledger,
    buy: bool,
    price: Decimal | int,
    size: Decimal | int,
    reduce_only: bool,
    time_in_force: TimeInForce | str,
    trigger: Decimal | int | None,
    parent: str | None,
) -> Leg:
    """Return an order as it is about to be asked for; its cloid is yet to be given."""
    price = checks.amount(price, "price")
    follows = trigger is not None and not checks.amount(size, "size")
    leg = Leg("", buy, price, ZERO if follows else checks.size(size), ledger.now)
    if reduce_only is not False or follows:
        leg.reduce_only = checks.flag(reduce_only, "reduce_only") or follows
    if time_in_force is not TimeInForce.GTC:
        leg.time_in_force = intake.time_in_force(time_in_force)
    if trigger is not None:
        leg.trigger = checks.size(trigger, "trigger")
        leg.wait = Wait.MAY
        leg.follows = follows
    if parent is not None:
        leg.parent = checks.cloid(parent)
        leg.wait = Wait.MAY
    return leg


def register(ledger: Ledger, cloid: str | None, leg: Leg) -> str:
    """Note an order as pending before its request is sent; return its cloid."""
    if cloid is None:
        cloid = _make_cloid(ledger)
        while cloid in ledger.by_cloid:
            cloid = _make_cloid(ledger)
    elif cloid in ledger.by_cloid:
        raise ValueError(
            f"cloid {cloid!r} is known already: a new order needs one of its own "
            "(leave it out, and the book makes one)"
        )
    leg.cloid = cloid
    ledger.add(leg)
    return cloid


def answered(
    ledger: Ledger, cloid: str, oid: Oid, buy: bool, price: Decimal, rest: Decimal, taken: Decimal
) -> FromPending | DirectCreation | AlreadyTracked | Conflict:
    """Bind an order to its oid: it was accepted, and `taken` of it filled on arrival.

    `rest` counts only where nobody registered the order: its size is then both together.
    """
    leg = ledger.by_oid.get(oid)
    if leg is not None:
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
        if orders.is_past(head, oid):
            return AlreadyTracked(cloid, oid)
        claimed = ledger.claim(cloid, oid)
        if claimed is None:
            return Conflict("its cloid is known by another oid", cloid, oid)
        leg = claimed
        result = FromPending(cloid, oid)
    _tell(ledger, leg, rest, _believed(ledger, leg, rest, taken))
    return result


def refused(
    ledger: Ledger, cloid: str, reason: str, oid: Oid | None, filled: Decimal | None = None
) -> Rejected | OrderUpdate | Conflict | UnknownOrder:
    """Clear an order that the venue refused; `oid` is the one that the refusal itself got.

    Under the oid of the order itself it is that order's last word: what took liquidity on arrival
    may be rejected after. `filled` is nothing, where the venue says so.
    """
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return UnknownOrder(cloid)
    if oid is not None:
        known = ledger.by_oid.get(oid)
        if known is not None and known.cloid == cloid:
            return ending.told(ledger, known, ending.OrderStatus.REJECTED, filled, reason)
        if _is_repeat(head, oid):
            _keep_last_word(head, oid, filled)
            return Rejected(cloid, reason)
    leg = _refusable(head, oid is not None)
    if leg is None:
        return _refused_late(ledger, head, reason, oid)
    if oid is not None:
        leg.refused_oid = oid
        leg.ended = filled
    leg.reason = reason
    if leg.state is PENDING:
        ledger.die(leg, final=True)
    elif leg.state is WAITING:
        leg.final = True
        ledger.close(leg)
    elif not leg.final:
        leg.final = True
        ledger.settle(leg)
    return Rejected(cloid, reason)


def unknown(
    ledger: Ledger, cloid: str, reason: str
) -> StillPending | Rejected | OrderUpdate | UnknownOrder:
    """Change nothing: that nobody answered proves nothing."""
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return UnknownOrder(cloid)
    pending = ledger.pending.get(cloid)
    if pending is not None:
        pending.reason = reason
        return StillPending(cloid)
    leg = orders.current(head)
    if leg.state is DEAD:
        return Rejected(cloid, leg.reason)
    return OrderUpdate(cloid, leg.oid, leg.state, leg.filled)


def _make_cloid(ledger: Ledger) -> str:
    """Return a cloid that this book has not made before."""
    ledger.made += 1
    return made(ledger.config.cloid_seed, ledger.made)


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
        _tell(ledger, leg, rest, taken)
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
    if leg.follows:
        leg.size = max(leg.size, add(rest, taken))
    if found := contradictions.of_answer(leg, rest, taken):
        ledger.dispute(leg, found)
        return ZERO
    return taken


def _tell(ledger: Ledger, leg: Leg, rest: Decimal, taken: Decimal) -> None:
    """What an answer says has filled is an expectation: it never moves the position.

    Of an order whose end is disputed it is not believed. Of an order that cannot rest, or that
    takes only what reduces the position, what the answer does not say has filled is over.
    """
    if leg.answered < taken and not leg.doubted:
        leg.answered = taken
    ledger.update(leg)
    if rest or not (leg.reduce_only or leg.time_in_force is TimeInForce.IOC):
        return
    if taken < leg.size and (taken or leg.time_in_force is TimeInForce.IOC):
        ending.told(ledger, leg, ending.OrderStatus.CANCELLED, taken or None, "nothing rests")


def _is_repeat(head: Leg, oid: Oid) -> bool:
    return orders.is_past(head, oid) or any(leg.refused_oid == oid for leg in orders.chain(head))


def _keep_last_word(head: Leg, oid: Oid, filled: Decimal | None) -> None:
    """Note that a refusal told before says now that nothing filled: its fills may come yet."""
    for leg in orders.chain(head):
        if leg.state is DEAD and leg.refused_oid == oid and filled is not None:
            leg.ended = filled


def _refusable(head: Leg, streamed: bool) -> Leg | None:
    """Return the leg that a refusal is of.

    Answers come in the order of their requests as far as is known, so it is of the oldest that
    was found absent, unanswered; taken for one of the last request, it would drop an order that
    may be open. The stream tells every refusal again, under an oid of its own: first those of
    requests that were refused before.
    """
    dead = [leg for leg in orders.chain(head) if leg.state is DEAD][::-1]
    if streamed:
        for leg in dead:
            if leg.final and leg.refused_oid is None:
                return leg
    for leg in dead:
        if not leg.final:
            return leg
    return orders.unbound(head)


def _refused_late(ledger: Ledger, head: Leg, reason: str, oid: Oid | None) -> Conflict:
    """Report that an order that is known at the venue is told as refused."""
    leg = orders.current(head)
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
