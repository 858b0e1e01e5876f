"""The book as plain JSON values (loaded.py reads them back), and a copy of it.

Saved is what is known. What follows from it (sums, what is due when) is made anew.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

from truebook.impl.book import orders, saved_legs
from truebook.impl.book.config import FillIdentity, Strangers
from truebook.impl.book.exact import add
from truebook.impl.book.fills import Change, Counted, EarlyFill, FillKey, FillMemory, Missing
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import Leg
from truebook.impl.book.orphans import Orphan
from truebook.impl.book.past import Vague
from truebook.impl.book.sizing import Heard, Sized
from truebook.model.vocabulary import CancelAsked, OrderState, TimeInForce, Wait

VERSION = 3
"""Of the form in which a book is saved; one of an earlier version is loaded too."""

CHANGE = tuple(attrs.fields_dict(Change))
MISSING = tuple(attrs.fields_dict(Missing))
ORPHAN = tuple(name for name in attrs.fields_dict(Orphan) if name != "counted")
EARLY = tuple(attrs.fields_dict(EarlyFill))


def dump(ledger: Ledger) -> dict[str, Any]:
    """Return everything that the book knows as plain JSON values."""
    memory = ledger.memory
    return {
        "version": VERSION,
        "config": {name: _json(value) for name, value in attrs.asdict(ledger.config).items()},
        "now": ledger.now,
        "position": str(ledger.position),
        "made": ledger.cloids.counted,
        "seed": ledger.cloids.seed,
        "numbered": ledger.numbered,
        "requests": ledger.requests,
        "oid_kind": ledger.oid_kind and ledger.oid_kind.__name__,
        "tid_kind": ledger.tid_kind and ledger.tid_kind.__name__,
        "timed": ledger.timed,
        "early_until": ledger.early_until,
        "set_back": ledger.log.set_back,
        "odd_forms": sorted(ledger.log.odd_forms),
        "orders": [
            [_plain_leg(leg) for leg in orders.chain(head)][::-1]
            for head in ledger.by_cloid.values()
        ],
        "live": list(ledger.live),
        "pending": list(ledger.pending),
        "waiting": list(ledger.waiting),
        "floor": memory.floor,
        "fills": [[*key, str(counted[0])] for key, counted in memory.known.items()],
        "as_told": [_as_told(memory, key, counted) for key, counted in memory.known.items()],
        "changes": [[*key, _plain(change, CHANGE)] for key, change in memory.changes.items()],
        "as_of": memory.as_of,
        "fees": [[*key, str(fee)] for key, fee in memory.fees.items()],
        "missing": None if ledger.missing is None else _plain(ledger.missing, MISSING),
        "early": [[key[0], _plain(fill, EARLY)] for key, fill in ledger.early.waiting()],
        "cloids": [[cloid, vague.name] for cloid, vague in ledger.cloids.unknown()],
        "past": [[oid, cloid] for oid, cloid in ledger.past.by_oid.items()],
        "greatest": ledger.past.greatest,
        "follows": follows(ledger),
        "orphans": [_plain(orphan, ORPHAN) for orphan in ledger.orphans.by_oid.values()],
        "events": [
            [type(event).__name__, _plain(event, attrs.fields_dict(type(event)))]
            for event in ledger.log.events
        ],
        "dropped": ledger.log.dropped,
    }


def copy(ledger: Ledger) -> Ledger:
    """Return a ledger that is the same and shares nothing that changes."""
    twin = Ledger(ledger.config, ledger.randbits)
    twin.now = ledger.now
    twin.position = ledger.position
    twin.numbered = ledger.numbered
    twin.requests = ledger.requests
    twin.oid_kind, twin.tid_kind, twin.timed = ledger.oid_kind, ledger.tid_kind, ledger.timed
    twin.early_until = ledger.early_until
    twin.missing = ledger.missing
    twin.memory = ledger.memory.copy()
    twin.early = ledger.early.copy()
    twin.cloids = ledger.cloids.copy()
    twin.past = ledger.past.copy()
    twin.orphans = ledger.orphans.copy()
    twin.log = ledger.log.copy()
    for head in ledger.by_cloid.values():
        put(twin, [leg.copy() for leg in orders.chain(head)][::-1])
        if head.chain is not None and head.chain.follows:
            follow(twin, head.cloid, head.chain.vague)
    place(twin, ledger.live, ledger.pending, ledger.waiting)
    twin.wake_at = ledger.wake_at
    return twin


def put(ledger: Ledger, legs: list[Leg]) -> None:
    """Take up a chain of legs, oldest first, as they are."""
    for leg in legs:
        head = ledger.by_cloid.get(leg.cloid)
        if head is not None:
            orders.join(head, leg)
        ledger.by_cloid[leg.cloid] = leg
        if leg.oid is not None:
            ledger.by_oid[leg.oid] = leg
        ledger.following = ledger.following or leg.terms.follows
        ledger.exposure[leg.buy] = add(ledger.exposure[leg.buy], leg.exposure)
        ledger.unsettled[leg.buy] = add(ledger.unsettled[leg.buy], leg.unsettled)
        ledger.awaited[leg.buy] = add(ledger.awaited[leg.buy], leg.awaited)


def follows(ledger: Ledger) -> list[list[str]]:
    """Return the cloids of which an order is forgotten, and what of such is not known."""
    return [
        [head.cloid, head.chain.vague.name]
        for head in ledger.by_cloid.values()
        if head.chain is not None and head.chain.follows
    ]


def follow(ledger: Ledger, cloid: str, vague: Vague) -> None:
    """Note of a cloid that orders of it are forgotten, and what of them is not known."""
    chain = orders.chain_of(ledger.by_cloid[cloid])
    chain.follows = True
    chain.vague = vague


def place(
    ledger: Ledger, live: Iterable[Any], pending: Iterable[Any], waiting: Iterable[str]
) -> None:
    """Put what is open, pending, waiting or due in the order in which it was."""
    for oid in live:
        ledger.live[oid] = ledger.by_oid[oid]
    for cloid in pending:
        leg = orders.unbound(ledger.by_cloid[cloid])
        assert leg is not None
        ledger.pending[cloid] = leg
    for cloid in waiting:
        head = ledger.by_cloid[cloid]
        waits = head if head.chain is None else head.chain.waiting
        assert waits is not None
        ledger.waiting[cloid] = waits
    closed = [
        leg
        for head in ledger.by_cloid.values()
        for leg in orders.chain(head)
        if leg.closed_at is not None
    ]
    closed.sort(key=lambda leg: leg.closed_at or 0)
    for leg in closed:
        assert leg.closed_at is not None
        is_due = not ledger.now < leg.closed_at + ledger.closing.after
        (ledger.leaving if is_due else ledger.closing).add(leg)


def _as_told(memory: FillMemory, key: FillKey, counted: Counted) -> list[Any]:
    """Return how a fill was first told, what the position was before, and what was reported."""
    _, price, crossed, cloid = counted
    numbers = (price, memory.starts.get(key))
    at, start = (None if number is None else str(number) for number in numbers)
    return [at, crossed, cloid, start, sorted(memory.disputed.get(key, ()))]


def _plain_leg(leg: Leg) -> dict[str, Any]:
    return {name: _json(value(leg)) for name, value in saved_legs.VALUES.items()}


def _plain(value: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _json(getattr(value, name)) for name in names}


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (OrderState, CancelAsked, TimeInForce, Wait)):
        return value.name
    if isinstance(value, (FillIdentity, Strangers)):
        return value.value
    if isinstance(value, Sized | Heard):
        return _plain(value, attrs.fields_dict(type(value)))
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return value
