"""What time does to the book: what has aged out goes."""

import attrs

from truebook.impl.book import aliases, orders
from truebook.impl.book.checks import Oid
from truebook.impl.book.ledger import NOTHING_DUE, Ledger
from truebook.impl.book.orders import CANCEL_CONFIRMED, CANCELLED, Leg
from truebook.impl.book.past import Vague
from truebook.model.vocabulary import Wait


def age(ledger: Ledger) -> None:
    """Let go of what has aged out by now."""
    now = ledger.now
    for leg in ledger.closing.take(now):
        if leg.state is CANCEL_CONFIRMED:
            leg.state = CANCELLED
        ledger.settle(leg)
        ledger.leaving.add(leg)
    for leg in ledger.leaving.take(now):
        _forget(ledger, leg)
    ledger.orphans.age(now)
    _age_early(ledger)
    ledger.wake_at = min(_dues(ledger), default=NOTHING_DUE)


def waits(ledger: Ledger) -> None:
    """Note that something that ages was added."""
    ledger.wake_at = min([ledger.wake_at, *_other_dues(ledger)])


def _forget(ledger: Ledger, leg: Leg) -> None:
    """Let go of a leg; of both names of one that waited, the oid by which it did goes no later.

    By itself that would show the order as it never was. So what is known by the other stays as
    long, and is over since when it was.
    """
    name, waited = leg.younger, leg.previous
    if name is not None and name.request == leg.request and _is_due(ledger, name):
        _drop(ledger, name)
    if waited is None or not aliases.is_new_name(leg):
        _drop(ledger, leg)
    elif _is_due(ledger, waited):
        _drop(ledger, leg)
        _forget(ledger, waited)


def _is_due(ledger: Ledger, leg: Leg) -> bool:
    closed_at = leg.closed_at
    return closed_at is not None and not ledger.now < closed_at + ledger.config.remembered


def _drop(ledger: Ledger, leg: Leg) -> None:
    """Let go of a leg; its oids are remembered as past."""
    leg.closed_at = None  # so that it does not go twice: dead, revived and closed at once
    for name in (leg.previous, leg.younger):
        if name is not None and name.request == leg.request:  # both its names were known
            name.terms = attrs.evolve(name.terms, wait=Wait.NEVER)
    cloid, chain = leg.cloid, leg.chain
    if leg.oid is not None:
        del ledger.by_oid[leg.oid]
    own = [oid for oid in (leg.oid, leg.course.refused_oid) if oid is not None]
    vague = Vague.NOTHING if own else Vague.REFUSAL if leg.final else Vague.ORDER
    if aliases.has_unknown_name(leg):
        vague = Vague.ORDER
    if leg.previous is None and leg.younger is None:
        del ledger.by_cloid[cloid]
        ledger.cloids.remember(cloid, vague if chain is None else max(vague, chain.vague))
    else:
        assert chain is not None
        heir = orders.part(leg)
        if ledger.by_cloid[cloid] is leg:
            ledger.by_cloid[cloid] = heir
        chain.follows = True
        chain.vague = max(chain.vague, vague)
        head = ledger.by_cloid[cloid]
        if not head.course.ambiguous and (leg.course.ambiguous or leg.oid is None):
            head.course = attrs.evolve(head.course, ambiguous=True)
    for oid in own:
        if oid not in ledger.by_oid:  # told refused under it, and shown at the venue all the same
            _lose(ledger, ledger.past.add(oid, cloid), oid)


def _lose(ledger: Ledger, cloid: str | None, oid: Oid) -> None:
    """Note of a cloid that an oid of it is not remembered any more, unless its number tells."""
    if cloid is None or (ledger.config.oids_ascend and type(oid) is int):
        return
    head = ledger.by_cloid.get(cloid)
    if head is None:
        ledger.cloids.lose(cloid)
    else:
        chain = orders.chain_of(head)
        chain.follows = True
        chain.vague = Vague.ORDER


def _age_early(ledger: Ledger) -> None:
    """Drop the fills that have waited long enough, unless a request may be theirs.

    One that was sent before the fill came, and of which nothing is known.
    """
    queue = ledger.early.queue
    while queue:
        at = queue[0][1].at
        if ledger.now < max(at + ledger.config.remembered, ledger.early_until):
            break
        if ledger.pending and next(iter(ledger.pending.values())).request_at <= at:
            break
        ledger.early.drop_first()


def _dues(ledger: Ledger) -> list[int]:
    dues = (ledger.closing.next(), ledger.leaving.next())
    return [*(due for due in dues if due is not None), *_other_dues(ledger)]


def _other_dues(ledger: Ledger) -> list[int]:
    dues = []
    if ledger.orphans.wake_at is not None:
        dues.append(ledger.orphans.wake_at)
    if ledger.early.queue:
        due = max(ledger.early.queue[0][1].at + ledger.config.remembered, ledger.early_until)
        dues.append(max(due, ledger.now + 1))
    return dues
