"""Placing an order: registered before it is sent, then bound, refused or unknown."""

from decimal import Decimal

import attrs

from truebook.impl.book import (
    aliases,
    answering,
    checks,
    claiming,
    contradictions,
    ending,
    forms,
    intake,
    orders,
    waiting,
)
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import DEAD, PENDING, WAITING, Chain, Leg
from truebook.impl.book.particulars import Dispute, Terms, common
from truebook.impl.book.past import Vague
from truebook.impl.book.results import (
    Accepted,
    AlreadyTracked,
    Ambiguous,
    Conflict,
    DirectCreation,
    FromPending,
    NotAnOrder,
    OrderUpdate,
    Rejected,
    StillPending,
    UnknownOrder,
)
from truebook.model.vocabulary import CLOSED, STANDING, Side, TimeInForce, Wait


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
    size = ZERO if follows else checks.size(size)
    reduce_only = checks.flag(reduce_only, "reduce_only") or follows
    kind = intake.time_in_force(time_in_force)
    if trigger is None and parent is None:
        terms = common(kind, reduce_only=reduce_only)
    else:
        terms = Terms(
            reduce_only=reduce_only,
            time_in_force=kind,
            trigger=None if trigger is None else checks.size(trigger, "trigger"),
            parent=None if parent is None else checks.cloid(parent),
            wait=Wait.MAY,
            follows=follows,
        )
    return Leg("", buy, price, size, ledger.now, terms=terms)


def register(ledger: Ledger, cloid: str | None, leg: Leg) -> str:
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
    leg.cloid = cloid
    leg.request = ledger.number()
    vague = ledger.cloids.unknown_of(cloid)
    if vague is not None:
        leg.chain = Chain(follows=True, vague=vague)
    ledger.add(leg)
    return cloid


def take_answer(
    ledger: Ledger,
    cloid: str,
    oid: Oid | None,
    rest: Decimal | int,
    side: Side | str,
    price: Decimal | int,
    taken: Decimal,
    request: int | None,
) -> Accepted:
    """Take the venue's answer that an order was accepted, as it was told."""
    oid = checks.maybe_oid(oid)
    rest = checks.amount(rest, "resting_size")
    buy = checks.is_buy(side)
    price = checks.number(price, "price")
    given, cloid = cloid, forms.own_cloid(cloid)
    request = answering.number(ledger, request)
    if oid is None and not rest + taken and waiting.may_wait(ledger, cloid, request):
        return waiting.accepted(ledger, cloid, None, request)
    if oid is None:
        return NotAnOrder(cloid, "the answer has no oid")
    oid = intake.of_kind(ledger, oid)
    forms.note(ledger, "cloid", given, cloid)
    if cloid not in ledger.by_cloid and oid not in ledger.by_oid and not rest and not taken:
        return NotAnOrder(cloid, "nobody registered it, and the answer tells no size")
    return answered(ledger, cloid, oid, buy, price, rest, taken, request)


def answered(
    ledger: Ledger,
    cloid: str,
    oid: Oid,
    buy: bool,
    price: Decimal,
    rest: Decimal | None,
    taken: Decimal,
    request: int | None,
) -> FromPending | DirectCreation | AlreadyTracked | Conflict:
    """Bind an order to its oid: it was accepted, and `taken` of it filled on arrival.

    `rest` counts only where nobody registered the order: its size is then both together. None: the
    answer says nothing of what filled, nor of what rests.
    """
    leg = ledger.by_oid.get(oid)
    if leg is not None:
        if request is not None and leg.cloid == cloid and not answering.is_of(leg, request):
            return answering.conflict(ledger, "its oid is that of another request", cloid, oid)
        return _answered_again(ledger, leg, cloid, oid, buy, rest, taken)
    head = ledger.by_cloid.get(cloid)
    result: FromPending | DirectCreation
    if head is None:
        leg = Leg(cloid, buy, price, add(rest or ZERO, taken), ledger.now, state=DEAD)
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
            leg = _beside(ledger, head, oid, request)
            if leg is not None:
                _tell(ledger, leg, rest, _believed(ledger, leg, rest, taken))
            return Conflict("its cloid is known by another oid", cloid, oid)
        leg = claimed
        result = FromPending(cloid, oid)
    _tell(ledger, leg, rest, _believed(ledger, leg, rest, taken))
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
    streamed: bool = False,
) -> Rejected | OrderUpdate | Conflict | Ambiguous | UnknownOrder:
    """Clear an order that the venue refused; `oid` is the one that the refusal itself got.

    Under the oid of the order itself it is that order's last word: what took liquidity on arrival
    may be rejected after. `filled` is nothing, where the venue says so. `gone`: the order that it
    was to replace is over. `streamed`: it is no answer, but a status.
    """
    head = ledger.by_cloid.get(cloid)
    if head is None:
        return UnknownOrder(cloid)
    if oid is not None:
        known = ledger.by_oid.get(oid)
        if (
            known is not None
            and known.cloid == cloid
            and request in (None, known.request, known.course.first_request)
        ):
            return ending.told(ledger, known, ending.OrderStatus.REJECTED, filled, reason)
        if request is None and answering.is_repeat(ledger, head, oid):
            _keep_last_word(head, oid, filled)
            return Rejected(cloid, reason)
    if request is not None:
        leg = answering.numbered(head, request)
        if leg is None:  # it is forgotten, and what is known now is another
            return answering.update_of(orders.current(head))
    elif streamed and aliases.replaced(head) is not None:
        words = f"a refusal ({reason}) may be of the order that was triggered"
        return answering.ambiguous(ledger, head, words)
    elif not answering.is_refusable(head):
        leg = orders.current(head)
        if oid not in (None, leg.oid) and claiming.by_oid(leg, oid, Vague.REFUSAL):
            words = f"a refusal ({reason}) may be of an earlier order of its cloid"
            return answering.ambiguous(ledger, leg, words, numbered=False)
        if leg.state is not WAITING and leg.oid is not None:
            return _refused_late(ledger, leg, reason, oid)
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
    if leg.oid is not None and leg.state is not WAITING:
        return _refused_late(ledger, leg, reason, oid)
    if oid is not None and leg.course.refused_oid is None:
        leg.course = attrs.evolve(leg.course, refused_oid=oid)
        leg.ended = filled
    leg.reason = reason
    if leg.state is PENDING:
        ledger.die(leg, final=True)
    elif leg.state is WAITING:
        leg.final = True
        ledger.close(leg)
    elif not leg.final:
        leg.final = True
        if leg.state in CLOSED:
            ledger.update(leg)
        else:
            ledger.settle(leg)
    if leg.previous is not None:
        ledger.unexplained(leg)
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
    return answering.update_of(leg)


def _answered_again(
    ledger: Ledger,
    leg: Leg,
    cloid: str,
    oid: Oid,
    buy: bool,
    rest: Decimal | None,
    taken: Decimal,
) -> AlreadyTracked | Conflict:
    if leg.cloid != cloid:
        # The venue took this request for that order, so there is no other of its own.
        pending = ledger.pending.get(cloid)
        if pending is not None:
            pending.reason = f"answered with the oid of {leg.cloid}"
            ledger.die(pending, final=False)
        return answering.conflict(ledger, f"its oid is that of the cloid {leg.cloid!r}", cloid, oid)
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


def _believed(ledger: Ledger, leg: Leg, rest: Decimal | None, taken: Decimal) -> Decimal:
    """Return what an answer says has filled; nothing where that cannot be, so it stays counted."""
    rest = rest or ZERO
    if leg.terms.follows:
        leg.size = max(leg.size, add(rest, taken))
    if found := contradictions.of_answer(leg, rest, taken):
        if not leg.course.first_request:  # else it may be of the size before it was amended
            ledger.dispute(leg, found)
        return ZERO
    return taken


def _tell(ledger: Ledger, leg: Leg, rest: Decimal | None, taken: Decimal) -> None:
    """What an answer says has filled is an expectation: it never moves the position.

    Of an order whose end is disputed it is not believed. Of an order that cannot rest, or that
    takes only what reduces the position, what the answer does not say has filled is over, if it
    says what has.
    """
    if leg.answered < taken and not leg.course.doubted:
        leg.answered = taken
    ledger.update(leg)
    if (
        rest
        or rest is None
        or not (leg.terms.reduce_only or leg.terms.time_in_force is TimeInForce.IOC)
    ):
        return
    if taken < leg.size and (taken or leg.terms.time_in_force is TimeInForce.IOC):
        ending.told(ledger, leg, ending.OrderStatus.CANCELLED, taken or None, "nothing rests")


def _keep_last_word(head: Leg, oid: Oid, filled: Decimal | None) -> None:
    """Note that a refusal told before says now that nothing filled: its fills may come yet."""
    for leg in orders.dead_legs(head):
        if leg.course.refused_oid == oid and filled is not None:
            leg.ended = filled


def _claim_of(ledger: Ledger, head: Leg, oid: Oid, request: int) -> Leg | None:
    """Bind the leg that a request made; None, and reported, where it cannot be of this oid."""
    leg = answering.numbered(head, request)
    if leg is None:
        ledger.note(Conflict("its request is forgotten, or of another cloid", head.cloid, oid))
        return None
    if leg.oid is not None and not aliases.may_be_renamed(leg):
        ledger.note(Conflict(f"its request is known by the oid {leg.oid!r}", leg.cloid, oid))
        return None
    return claiming.take(ledger, leg, oid)


def _beside(ledger: Ledger, head: Leg, oid: Oid, request: int | None) -> Leg | None:
    """Track the order that an answer names beside what another word took its request for.

    That may be an order of before with the same cloid, so both count until a listing tells. None
    where the answer may be of another request, or what it is of is over for long.
    """
    leg = head if request is None else answering.numbered(head, request)
    if leg is None or leg.oid is None or ledger.is_tombstone(leg):
        return None
    if request is None and not ledger.is_alone(leg):
        return None
    size = leg.size if leg.sized is None else leg.sized.asked
    other = Leg(
        leg.cloid,
        leg.buy,
        leg.price,
        size,
        leg.request_at,
        state=DEAD,
        request=leg.request,
        terms=common(leg.terms.time_in_force, reduce_only=leg.terms.reduce_only),
    )
    ledger.add_after(other, leg)
    ledger.bind(other, oid, replaces=False)
    return other


def _close_replaced(ledger: Ledger, leg: Leg, reason: str) -> None:
    """Close the order that a modify was of: the venue cancelled it, and placed no other."""
    for older in orders.chain(leg):
        if older.state in STANDING:
            if not older.course.doubted:
                older.reason = reason
                ledger.close(older)
            return


def _refused_late(ledger: Ledger, leg: Leg, reason: str, oid: Oid | None) -> Conflict:
    """Report that an order that is known at the venue is told as refused."""
    words = f"refused ({reason}), but known at the venue"
    if not ledger.is_alone(leg):
        return answering.conflict(ledger, words, leg.cloid, leg.oid)
    if leg.course.refused_oid is None and oid != leg.oid:
        leg.course = attrs.evolve(leg.course, refused_oid=oid)
    ledger.dispute(leg, (Dispute.REFUSAL, words))
    return Conflict(words, leg.cloid, leg.oid)
