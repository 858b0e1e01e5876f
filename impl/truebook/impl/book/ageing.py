"""What time does to the book: what has aged out goes."""

from truebook.impl.book import aliases, orders
from truebook.impl.book.checks import Oid
from truebook.impl.book.ledger import NOTHING_DUE, Ledger
from truebook.impl.book.orders import CANCEL_CONFIRMED, CANCELLED, Leg
from truebook.impl.book.past import Vague


def age(ledger: Ledger) -> None:
    """Let go of what has aged out by now."""
    now, config = ledger.now, ledger.config
    while ledger.closing and not now < ledger.closing[0][0]:
        due, leg = ledger.closing.popleft()
        if leg.closed_at is None or leg.closed_at + config.fill_window_duration != due:
            continue  # it was dead or over, and came to be known as open since
        if leg.state is CANCEL_CONFIRMED:
            leg.state = CANCELLED
        ledger.settle(leg)
        ledger.due(ledger.leaving, due + config.tombstone_duration, leg)
    while ledger.leaving and not now < ledger.leaving[0][0]:
        due, leg = ledger.leaving.popleft()
        if leg.closed_at is not None and leg.closed_at + config.remembered == due:
            _forget(ledger, leg)
    ledger.orphans.age(now)
    _age_early(ledger)
    dues = [queue[0][0] for queue in (ledger.closing, ledger.leaving) if queue]
    ledger.wake_at = min([*dues, *_other_dues(ledger)], default=NOTHING_DUE)


def waits(ledger: Ledger) -> None:
    """Note that something that ages was added."""
    ledger.wake_at = min([ledger.wake_at, *_other_dues(ledger)])


def _forget(ledger: Ledger, leg: Leg) -> None:
    """Let go of a leg; its oids are remembered as past."""
    leg.closed_at = None  # so that it does not go twice: dead, revived and closed at once
    waited = leg.previous
    if waited is not None and aliases.is_new_name(leg):
        _forget(ledger, waited)  # by itself it would show the order as it never was
    cloid, chain = leg.cloid, leg.chain
    if leg.oid is not None:
        del ledger.by_oid[leg.oid]
    own = [oid for oid in (leg.oid, leg.refused_oid) if oid is not None]
    vague = Vague.NOTHING if own else Vague.REFUSAL if leg.final else Vague.ORDER
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
        head.ambiguous = head.ambiguous or leg.ambiguous or leg.oid is None
    for oid in own:
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


def _other_dues(ledger: Ledger) -> list[int]:
    dues = []
    if ledger.orphans.wake_at is not None:
        dues.append(ledger.orphans.wake_at)
    if ledger.early.queue:
        due = max(ledger.early.queue[0][1].at + ledger.config.remembered, ledger.early_until)
        dues.append(max(due, ledger.now + 1))
    return dues
