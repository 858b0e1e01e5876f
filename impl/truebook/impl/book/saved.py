"""The book as plain JSON values (loaded.py reads them back), and a copy of it.

Saved is what is known. What follows from it (sums, what is due when) is made anew.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

from truebook.impl.book import orders
from truebook.impl.book.exact import add
from truebook.impl.book.fills import EarlyFill
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import Leg
from truebook.impl.book.orphans import Orphan
from truebook.model.vocabulary import CancelAsked, OrderState, TimeInForce, Wait

VERSION = 3
"""Of the form in which a book is saved; those before are loaded too."""

_FOLLOWS = ("previous", "filled", "exposure", "unsettled", "awaited")
LEG = tuple(name for name in attrs.fields_dict(Leg) if name not in _FOLLOWS)
ORPHAN = tuple(name for name in attrs.fields_dict(Orphan) if name != "counted")
EARLY = tuple(attrs.fields_dict(EarlyFill))


def dump(ledger: Ledger) -> dict[str, Any]:
    """Return everything that the book knows as plain JSON values."""
    memory = ledger.memory
    return {
        "version": VERSION,
        "config": attrs.asdict(ledger.config),
        "now": ledger.now,
        "position": str(ledger.position),
        "made": ledger.made,
        "oid_kind": ledger.oid_kind and ledger.oid_kind.__name__,
        "tid_kind": ledger.tid_kind and ledger.tid_kind.__name__,
        "timed": ledger.timed,
        "early_until": ledger.early_until,
        "orders": [
            [_plain(leg, LEG) for leg in orders.chain(head)][::-1]
            for head in ledger.by_cloid.values()
        ],
        "live": list(ledger.live),
        "pending": list(ledger.pending),
        "waiting": list(ledger.waiting),
        "floor": memory.floor,
        "fills": [[*key, str(delta)] for key, delta in memory.known.items()],
        "early": [[key[0], _plain(fill, EARLY)] for key, fill in ledger.early.waiting()],
        "cloids": list(ledger.cloids.forgotten),
        "orphans": [_plain(orphan, ORPHAN) for orphan in ledger.orphans.by_oid.values()],
        "events": [
            [type(event).__name__, _plain(event, attrs.fields_dict(type(event)))]
            for event in ledger.log
        ],
        "dropped": ledger.dropped,
    }


def copy(ledger: Ledger) -> Ledger:
    """Return a ledger that is the same and shares nothing that changes."""
    twin = Ledger(ledger.config)
    twin.now = ledger.now
    twin.position = ledger.position
    twin.made = ledger.made
    twin.oid_kind, twin.tid_kind, twin.timed = ledger.oid_kind, ledger.tid_kind, ledger.timed
    twin.early_until = ledger.early_until
    twin.memory = ledger.memory.copy()
    twin.early = ledger.early.copy()
    twin.cloids = ledger.cloids.copy()
    twin.orphans = ledger.orphans.copy()
    twin.log = ledger.log.copy()
    twin.dropped = ledger.dropped
    for head in ledger.by_cloid.values():
        put(twin, [leg.copy() for leg in orders.chain(head)][::-1])
    place(twin, ledger.live, ledger.pending, ledger.waiting)
    twin.wake_at = ledger.wake_at
    return twin


def put(ledger: Ledger, legs: list[Leg]) -> None:
    """Take up a chain of legs, oldest first, as they are."""
    for leg in legs:
        leg.previous = ledger.by_cloid.get(leg.cloid)
        ledger.by_cloid[leg.cloid] = leg
        if leg.oid is not None:
            ledger.by_oid[leg.oid] = leg
        ledger.following = ledger.following or leg.follows
        ledger.exposure[leg.buy] = add(ledger.exposure[leg.buy], leg.exposure)
        ledger.unsettled[leg.buy] = add(ledger.unsettled[leg.buy], leg.unsettled)
        ledger.awaited[leg.buy] = add(ledger.awaited[leg.buy], leg.awaited)


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
        waits = (one for one in orders.chain(ledger.by_cloid[cloid]) if one.state is orders.WAITING)
        ledger.waiting[cloid] = next(waits)
    closed = [
        leg
        for head in ledger.by_cloid.values()
        for leg in orders.chain(head)
        if leg.closed_at is not None
    ]
    closed.sort(key=lambda leg: leg.closed_at or 0)
    config = ledger.config
    for leg in closed:
        assert leg.closed_at is not None
        due = leg.closed_at + config.fill_window_duration
        if ledger.now < due:
            ledger.closing.append((due, leg))
        else:
            ledger.leaving.append((leg.closed_at + config.remembered, leg))


def _plain(value: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _json(getattr(value, name)) for name in names}


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (OrderState, CancelAsked, TimeInForce, Wait)):
        return value.name
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return value
