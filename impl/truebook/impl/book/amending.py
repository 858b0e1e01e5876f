"""A modify that keeps the oid: the order itself is amended, and no second one is made."""

from collections.abc import Collection
from decimal import Decimal

import attrs

from truebook.impl.book import answering, orders, reopening, resizing, sizing
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, add, subtract
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import DEAD, Leg
from truebook.impl.book.results import AlreadyTracked, Ambiguous
from truebook.impl.book.sizing import Heard
from truebook.model.vocabulary import LIVE, STANDING, WHOLE


def confirmed(
    ledger: Ledger, cloid: str, oid: Oid, request: int | None
) -> AlreadyTracked | Ambiguous | None:
    """Amend an order in place where the answer to its modify has its own oid; None: it is not so.

    With the number of its request it is of that. Without, it is of the modify on its way only where
    no other modify of the order was ever sent: the answer to one that made the order, or amended it
    before, has the same oid, and may come late, and twice.
    """
    modify = ledger.pending.get(cloid)
    leg = ledger.by_oid.get(oid)
    if request is not None and (modify is None or modify.request != request):
        modify = _taken_for_dead(ledger, cloid, request)
    if modify is None or leg is None or leg.cloid != cloid:
        return None
    if request is None:
        if _is_made_by_modify(leg):
            return None
        if _may_be_of_another(leg, modify):
            words = "an answer with the oid of the order may be of several modifies of it"
            return answering.ambiguous(ledger, modify, words)
    elif request != modify.request:
        return None
    return AlreadyTracked(cloid, oid) if _amend(ledger, leg, modify) else None


def accepted(ledger: Ledger, cloid: str, request: int | None) -> None:
    """Note that the venue took a modify, and that it told no oid."""
    modify = ledger.pending.get(cloid)
    if modify is None:
        return
    if request is None:
        leg = orders.current(modify)
        certain = not _is_made_by_modify(leg) and not _may_be_of_another(leg, modify)
    else:
        certain = request == modify.request
    if certain:
        modify.course = attrs.evolve(modify.course, accepted=True)


def listed(
    ledger: Ledger,
    leg: Leg,
    price: Decimal | None,
    size: Decimal | None,
    left: Decimal | None,
    requested_at: int,
) -> None:
    """Amend an order in place that is listed under its oid as its modify asked.

    At the new price and of another size it may have been cut down since; or the listing is from
    before, when the order had that price already, unless it was asked for once the modify can no
    longer be on its way. At the same price and smaller it may have been accepted so, or cut down,
    with the modify on its way still. One that may be from before the last amend shows what it was
    then, which the modify may ask for again. One that was taken for dead may have amended it all
    the same.
    """
    modify = explaining(ledger, leg)
    if (
        modify is None
        or is_older(ledger, leg, requested_at)
        or (modify.price == leg.price == price and _asks_the_same(leg, modify))
    ):
        return
    new_price = price is not None and price == modify.price != leg.price
    same_price = price is None or price == modify.price == leg.price
    new_size = size is not None and size == modify.size != leg.size
    if leg.state not in STANDING and leg.state not in WHOLE:
        return  # a listing from before its end says nothing of it
    may_be_cut = size is not None and (size < leg.size if same_price else size != modify.size)
    late = requested_at - modify.request_at > ledger.config.settled
    if not (new_price or same_price) or (may_be_cut and not late):
        return
    if (new_price or new_size) and _amend(ledger, leg, modify):
        assert leg.sized is not None
        short = left is None or size is None or subtract(size, left) < sizing.seen(leg)
        if not short:
            # The listing itself says what it is now, and one from before does not change that.
            if size is None or left is None:
                leg.sized = attrs.evolve(leg.sized, accepted=Heard(value=leg.size))
            else:
                gone = Heard(value=subtract(size, left), at=ledger.now)
                accepted = Heard(value=size, at=ledger.now)
                leg.sized = attrs.evolve(leg.sized, accepted=accepted, listed=gone)


def is_older(ledger: Ledger, leg: Leg, requested_at: int) -> bool:
    """Return whether a listing may be from before an order was amended in place, as it was last."""
    newer = requested_at - leg.request_at > ledger.config.finalized_protection
    return leg.course.first_request > 0 and not newer


def told(ledger: Ledger, leg: Leg, filled: Decimal) -> None:
    """Amend an order in place of which a status says that more has filled than its size.

    Where that can be by the size that its modify has asked for, after fills that need not be here:
    then all words can be true, and otherwise not.
    """
    modify = explaining(ledger, leg)
    if modify is not None and sizing.most(leg) < filled <= add(leg.size, modify.size):
        _amend(ledger, leg, modify, filled)


def may_explain(ledger: Ledger, leg: Leg, filled: Decimal) -> bool:
    """Return whether a modify may be why an order filled with less than its size.

    That is not known before it is answered: the venue may have cut the order down, and refuse the
    modify as the order has filled. So nothing is concluded from it yet. Not where the amend before
    explains it.
    """
    if leg.sized is not None and leg.sized.amended and not filled < leg.sized.asked:
        return False
    modify = explaining(ledger, leg)
    return modify is not None and not filled < modify.size and leg is _modified(modify)


def conclude(ledger: Ledger, leg: Leg) -> None:
    """Amend an order that filled with less, where no answer to the modify is awaited any more."""
    if leg.chain is None or leg.chain.less is not leg:
        return
    modify = explaining(ledger, leg)
    if modify is not None and modify.state is DEAD:
        _amend(ledger, leg, modify)


def filled(ledger: Ledger, leg: Leg, size: Decimal) -> None:
    """Amend an order in place that fills beyond its size, where that can be by its modify's.

    Also by one that was taken for dead: nobody answered that, and the venue shows no other order of
    its cloid, as it made none. So one that filled whole, and that nobody told over, takes more up
    after its fill window too.
    """
    seen = add(sizing.seen(leg), size)
    modify = explaining(ledger, leg)
    if modify is not None and sizing.most(leg) < seen and not add(leg.size, modify.size) < seen:
        _amend(ledger, leg, modify)


def unlisted(ledger: Ledger, modify: Leg, present: Collection[Oid], requested_at: int) -> bool:
    """Amend an order in place whose modify was taken, where the order alone is listed since.

    Or where that explains with how much it filled, and nothing tells otherwise.
    """
    if not requested_at - modify.request_at > ledger.config.settled:
        return False
    if modify.chain is not None and modify.chain.less is not None:
        return _amend(ledger, modify.chain.less, modify)
    if not modify.course.accepted:
        return False
    for leg in orders.chain(ledger.by_cloid[modify.cloid]):
        if leg.state in LIVE and leg.oid in present:
            return _amend(ledger, leg, modify)
    return False


def _asks_the_same(leg: Leg, modify: Leg) -> bool:
    """Return whether a modify asks for the size that an order has, or that the one before asked."""
    return modify.size == leg.size or (leg.sized is not None and modify.size == leg.sized.asked)


def explaining(ledger: Ledger, leg: Leg) -> Leg | None:
    """Return the modify that may have amended an order: one on its way, else the last lost."""
    modify = ledger.pending.get(leg.cloid)
    if modify is not None or leg.chain is None:
        return modify
    lost = [one for one in leg.chain.dead.values() if not one.final]
    return lost[-1] if lost else None


def _taken_for_dead(ledger: Ledger, cloid: str, request: int) -> Leg | None:
    """Return the modify of a request that no word of the venue had told of for too long."""
    head = ledger.by_cloid.get(cloid)
    leg = None if head is None else answering.numbered(head, request)
    return leg if leg is not None and leg.state is DEAD and not leg.final else None


def _modified(modify: Leg) -> Leg | None:
    """Return the order that a modify is of: the youngest that is known at the venue."""
    return next((leg for leg in orders.chain(modify) if leg.oid is not None), None)


def _is_made_by_modify(leg: Leg) -> bool:
    return leg.previous is not None or (leg.chain is not None and leg.chain.follows)


def _may_be_of_another(leg: Leg, modify: Leg) -> bool:
    """Return whether an answer without number may be of an earlier modify of an order."""
    return leg.course.first_request > 0 or modify.course.ambiguous


def _amend(ledger: Ledger, leg: Leg, modify: Leg, told: Decimal = ZERO) -> bool:
    """Let an order be what its modify asked; its fills may or may not count in the new size.

    Until a listing tells, they do not: then the exposure bounds what can trade. `told` is what was
    said to have filled: where that is more than the fills known explain, any of it may be from
    before. One that is over by the venue's last word, or has filled all of the new size, stays
    over.
    """
    if leg is not _modified(modify):
        return False
    _withdraw(ledger, modify)
    sized = sizing.known(leg)
    leg.price = modify.price
    leg.request_at = ledger.now
    if not leg.course.first_request:
        leg.course = attrs.evolve(leg.course, first_request=leg.request)
    leg.request = modify.request
    most = add(min(leg.filled, leg.size), modify.size)
    if most < told:
        most = add(leg.size, modify.size)
    if orders.take_less(leg) is leg:
        _filled_with_less(ledger, leg, modify)
        return True
    if leg.state not in STANDING and (leg.over or not leg.filled < modify.size):
        leg.sized = attrs.evolve(sized, asked=modify.size, amended=True)
        size = modify.size if leg.whole else leg.size if leg.state in WHOLE else most
        if leg.size < size:
            leg.sized = attrs.evolve(leg.sized, accepted=Heard(value=size, at=ledger.now))
            resizing.follow(leg)
        ledger.update(leg)
        return True
    leg.size = most
    leg.sized = attrs.evolve(
        sized,
        asked=modify.size,
        accepted=Heard(value=leg.size, at=ledger.now),
        carried=ZERO,
        amended=True,
    )
    if leg.state in WHOLE:
        reopening.revive(ledger, leg)
    else:
        ledger.update(leg)
    return True


def _filled_with_less(ledger: Ledger, leg: Leg, modify: Leg) -> None:
    """Let the amount with which an order was told as filled be its size."""
    assert leg.ended is not None
    leg.sized = attrs.evolve(
        sizing.known(leg), asked=modify.size, accepted=Heard(value=leg.ended), carried=ZERO
    )
    resizing.follow(leg)
    leg.final = leg.final or not leg.stated < leg.size
    ledger.update(leg)


def _withdraw(ledger: Ledger, modify: Leg) -> None:
    """Take a modify out of its chain, pending or taken for dead: it made no order of its own."""
    cloid = modify.cloid
    if ledger.pending.get(cloid) is modify:
        del ledger.pending[cloid]
    heir = orders.part(modify)
    if ledger.by_cloid[cloid] is modify:
        ledger.by_cloid[cloid] = heir
    modify.state = DEAD
    modify.final = True
    modify.closed_at = None  # so that it is not forgotten once more
    ledger.settle(modify)
