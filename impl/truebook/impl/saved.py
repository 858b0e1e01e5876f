"""The book as plain JSON values, and back; and a copy of it.

Saved is what is known. What follows from it (sums, what is due when) is made anew.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

from truebook.impl import orders, results
from truebook.impl.config import BookConfig
from truebook.impl.exact import add
from truebook.impl.fills import EarlyFill, FillKey
from truebook.impl.ledger import Ledger
from truebook.impl.orders import PENDING, Dispute, Leg
from truebook.impl.orphans import Orphan
from truebook.model.vocabulary import LIVE, CancelAsked, OrderState

VERSION = 2
"""Of the form in which a book is saved; one of version 1 is loaded too."""

_FOLLOWS = ("previous", "filled", "exposure", "unsettled", "awaited")
_LEG = tuple(name for name in attrs.fields_dict(Leg) if name not in _FOLLOWS)
_ORPHAN = tuple(name for name in attrs.fields_dict(Orphan) if name != "counted")
_EARLY = tuple(attrs.fields_dict(EarlyFill))
_KINDS: dict[str, type] = {"int": int, "str": str}
_EVENTS: dict[str, Any] = {event.__name__: event for event in results.EVENTS}


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
            [_plain(leg, _LEG) for leg in orders.chain(head)][::-1]
            for head in ledger.by_cloid.values()
        ],
        "live": list(ledger.live),
        "pending": list(ledger.pending),
        "floor": memory.floor,
        "fills": [[*key, str(delta)] for key, delta in memory.known.items()],
        "early": [[key[0], _plain(fill, _EARLY)] for key, fill in ledger.early.waiting()],
        "orphans": [_plain(orphan, _ORPHAN) for orphan in ledger.orphans.by_oid.values()],
        "events": [
            [type(event).__name__, _plain(event, attrs.fields_dict(type(event)))]
            for event in ledger.log
        ],
        "dropped": ledger.dropped,
    }


def load(data: Any) -> Ledger:
    """Return the ledger that `dump` made; ValueError where it is not one."""
    if not isinstance(data, dict) or data.get("version") not in (1, VERSION):
        found = data.get("version") if isinstance(data, dict) else type(data).__name__
        raise ValueError(f"not a saved book of version {VERSION}: found {found!r}")
    try:
        return _load(data)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"the saved book is damaged: {type(error).__name__}: {error}") from error


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
    twin.orphans = ledger.orphans.copy()
    twin.log = ledger.log.copy()
    twin.dropped = ledger.dropped
    for head in ledger.by_cloid.values():
        _put(twin, [leg.copy() for leg in orders.chain(head)][::-1])
    _order(twin, ledger.live, ledger.pending)
    twin.wake_at = ledger.wake_at
    return twin


def _load(data: dict[str, Any]) -> Ledger:
    ledger = Ledger(BookConfig(**data["config"]))
    ledger.now = data["now"]
    ledger.position = Decimal(data["position"])
    ledger.made = data["made"]
    ledger.oid_kind = _KINDS[data["oid_kind"]] if data["oid_kind"] else None
    ledger.tid_kind = _KINDS[data["tid_kind"]] if data["tid_kind"] else None
    ledger.timed = data["timed"]
    ledger.early_until = data["early_until"]
    known: dict[FillKey, Decimal] = {
        (time, tid, oid): Decimal(delta) for time, tid, oid, delta in data["fills"]
    }
    ledger.memory.restore(known, data["floor"])
    for time, plain in data["early"]:
        fill = EarlyFill(**_values(plain, EarlyFill))
        ledger.early.add((time, fill.tid, fill.oid), fill)
    for legs in data["orders"]:
        _put(ledger, [_leg(plain) for plain in legs])
    _order(ledger, data["live"], data["pending"])
    for head in ledger.by_cloid.values():
        for leg in orders.chain(head):
            leg.filled = orders.filled(leg)
            ledger.settle(leg)
    ledger.wake_at = ledger.now  # the next word of the time finds out when it is
    for plain in data["orphans"]:
        ledger.orphans.restore(Orphan(**_values(plain, Orphan)))
    for name, plain in data["events"]:
        ledger.log.append(_EVENTS[name](**_values(plain, _EVENTS[name])))
    ledger.dropped = data["dropped"]
    return ledger


def _put(ledger: Ledger, legs: list[Leg]) -> None:
    """Take up a chain of legs, oldest first, as they are."""
    for leg in legs:
        leg.previous = ledger.by_cloid.get(leg.cloid)
        ledger.by_cloid[leg.cloid] = leg
        if leg.oid is not None:
            ledger.by_oid[leg.oid] = leg
        ledger.exposure[leg.buy] = add(ledger.exposure[leg.buy], leg.exposure)
        ledger.unsettled[leg.buy] = add(ledger.unsettled[leg.buy], leg.unsettled)
        ledger.awaited[leg.buy] = add(ledger.awaited[leg.buy], leg.awaited)


def _order(ledger: Ledger, live: Iterable[Any], pending: Iterable[Any]) -> None:
    """Put what is open, pending or due in the order in which it was."""
    for oid in live:
        leg: Leg | None = ledger.by_oid[oid]
        if leg is None or leg.state not in LIVE:
            raise ValueError(f"order {oid!r} is listed as open and is not")
        ledger.live[oid] = leg
    for cloid in pending:
        leg = orders.unbound(ledger.by_cloid[cloid])
        if leg is None or leg.state is not PENDING:
            raise ValueError(f"order {cloid!r} is listed as pending and is not")
        ledger.pending[cloid] = leg
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


def _leg(plain: dict[str, Any]) -> Leg:
    values = _values(plain, Leg)
    values["state"] = OrderState[values["state"]]
    values["cancel"] = CancelAsked[values["cancel"]]
    values["past"] = tuple(values["past"])
    if "disputed" in values:
        values["disputed"] = frozenset(map(Dispute, values["disputed"]))
        values["ended"] = None if values["ended"] is None else Decimal(values["ended"])
    elif values["final"] and values["oid"] is not None:
        values["ended"] = values["stated"]  # version 1 kept no more of a last word
    return Leg(**values)


def _plain(value: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _json(getattr(value, name)) for name in names}


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (OrderState, CancelAsked)):
        return value.name
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return value


def _values(plain: dict[str, Any], of: type) -> dict[str, Any]:
    """Return the values of a class's fields: texts become Decimals where these are declared."""
    kinds = attrs.fields_dict(of)
    return {
        name: Decimal(value) if kinds[name].type is Decimal else value
        for name, value in plain.items()
    }
