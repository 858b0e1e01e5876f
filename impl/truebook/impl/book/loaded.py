"""A saved book read back as strictly as the door: what no book can be is refused, by its field."""

import copyreg
from functools import partial
from typing import Any

import attrs

from truebook.impl.book import checks, orders, results, saved_legs, typed
from truebook.impl.book.config import BookConfig
from truebook.impl.book.exact import ZERO
from truebook.impl.book.fills import DIFFERENCES, Counted, EarlyFill, FillKey, FillMemory
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.loaded_names import check_number, load_made, load_names
from truebook.impl.book.loaded_quantities import check_sized, load_changes
from truebook.impl.book.loaded_versions import upgraded
from truebook.impl.book.orders import CANCEL_CONFIRMED, CANCELLED, PENDING, WAITING, Leg
from truebook.impl.book.orphans import Orphan
from truebook.impl.book.saved import EARLY, ORPHAN, VERSION, dump, place, put
from truebook.impl.book.saved_legs import VALUES
from truebook.impl.book.typed import hold, of_kind
from truebook.model.vocabulary import (
    CLOSED,
    LIVE,
    STANDING,
    UNBOUND,
    WHOLE,
    CancelAsked,
    OrderState,
    Wait,
)

_BOOK = (
    *("version", "config", "now", "position", "made", "requests", "oid_kind", "tid_kind", "timed"),
    *("early_until", "orders", "live", "pending", "waiting", "floor", "fills", "early", "cloids"),
    *("orphans", "events", "dropped", "seed", "numbered", "past", "greatest", "follows", "as_told"),
    *("set_back", "odd_forms"),
    *("changes", "as_of", "fees", "missing"),
)
_CONFIG = tuple(attrs.fields_dict(BookConfig))
_KINDS: dict[str, type] = {"int": int, "str": str}
_EVENTS: dict[str, Any] = {event.__name__: event for event in results.EVENTS}


def load(data: Any) -> Ledger:
    """Return the ledger that `dump` made; ValueError where it is not one, and which value it is."""
    try:
        return _of_any_version(data)
    except RecursionError:  # comes of saying what was found
        raise ValueError("the saved book is damaged: it is nested too deep") from None


def _of_any_version(data: Any) -> Ledger:
    version = data.get("version") if isinstance(data, dict) else type(data).__name__
    if type(version) is not int or not 1 <= version <= VERSION:
        raise ValueError(f"not a saved book of version {VERSION}: found {version!r:.80}")
    try:
        return _load(upgraded(data))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"the saved book is damaged: {error}") from error


def _load(data: dict[str, Any]) -> Ledger:
    data = typed.fields(data, _BOOK, "the book")
    config = BookConfig(**typed.fields(data["config"], _CONFIG, "config"))
    ledger = Ledger(config)
    ledger.now = typed.time(data["now"], "now")
    ledger.position = typed.decimal(data["position"], "position")
    load_made(ledger, data)
    ledger.requests = typed.time(data["requests"], "requests")
    ledger.oid_kind = _kind(data["oid_kind"], "oid_kind")
    ledger.tid_kind = _kind(data["tid_kind"], "tid_kind")
    ledger.timed = typed.read(bool | None, data["timed"], "timed")
    ledger.early_until = typed.time(data["early_until"], "early_until")
    ledger.log.set_back = typed.read(int | None, data["set_back"], "set_back")
    ledger.log.odd_forms = _odd_forms(data["odd_forms"])
    _load_fills(ledger, data)
    for number, legs in enumerate(typed.rows(data["orders"], "orders")):
        _load_order(ledger, legs, f"orders[{number}]")
    _load_places(ledger, data)
    for head in ledger.by_cloid.values():
        for leg in orders.chain(head):
            ledger.settle(leg)
    ledger.wake_at = ledger.now  # the next word of the time finds out when it is
    load_names(ledger, data)
    for number, plain in enumerate(typed.rows(data["orphans"], "orphans")):
        _load_orphan(ledger, plain, f"orphans[{number}]")
    for number, row in enumerate(typed.rows(data["events"], "events")):
        name, plain = typed.rows(row, f"events[{number}]", 2)
        event = _EVENTS.get(name) if isinstance(name, str) else None
        if event is None:
            raise ValueError(f"events[{number}] must be among {', '.join(_EVENTS)}, not {name!r}")
        names = attrs.fields_dict(event)
        ledger.log.events.append(event(**typed.value(event, plain, names, f"events[{number}]")))
    hold(len(ledger.log.events) <= config.max_events, "events", f"are above {config.max_events}")
    ledger.log.dropped = typed.time(data["dropped"], "dropped")
    return ledger


def _load_fills(ledger: Ledger, data: dict[str, Any]) -> None:
    """Take up the fills known, and those that wait for their order."""
    most = ledger.config.max_tracked_tids
    known: dict[FillKey, Counted] = {}
    rest: dict[FillKey, tuple[Any, Any]] = {}
    told = typed.rows(data["as_told"], "as_told", len(typed.rows(data["fills"], "fills")))
    for number, row in enumerate(typed.rows(data["fills"], "fills")):
        where = f"fills[{number}]"
        time, tid, oid, delta = typed.rows(row, where, 4)
        key = _fill_key(ledger, time, tid, oid, where)
        *counted, start, disputed = typed.rows(told[number], f"as_told[{number}]", 5)
        hold(key not in known, where, "was there before")
        known[key] = _counted(delta, counted, where)
        rest[key] = start, disputed
    hold(len(known) <= most, "fills", f"are above {most}")
    floor = data["floor"]
    if floor is not None and (type(floor) is not int or floor < -1 or not ledger.timed):
        raise ValueError(f"floor must be a venue time of a book that has them, not {floor!r:.80}")
    ledger.memory.restore(known, floor)
    hold(ledger.memory.is_whole(), "fills", "has one twice, by its tid and oid")
    for key, (start, disputed) in rest.items():
        _load_rest_of_fill(ledger.memory, key, start, disputed)
    load_changes(ledger, data, partial(_fill_key, ledger))
    for number, row in enumerate(typed.rows(data["early"], "early")):
        where = f"early[{number}]"
        time, plain = typed.rows(row, where, 2)
        fill = EarlyFill(**typed.value(EarlyFill, plain, EARLY, where))
        key = _fill_key(ledger, time, fill.tid, fill.oid, where)
        hold(key not in ledger.early.by_oid.get(fill.oid, {}), where, "was there before")
        hold(fill.size > ZERO, f"{where}.size", f"must be above zero, not {fill.size}")
        hold(fill.number <= ledger.numbered, f"{where}.number", f"is above {ledger.numbered}")
        hold(fill.at <= ledger.now, f"{where}.at", f"is {fill.at}, after now ({ledger.now})")
        if fill.cloid is not None:
            checks.cloid(fill.cloid)
        ledger.early.add(key, fill)
    hold(ledger.early.count == len(data["early"]), "early", f"are above {most}")


def _counted(delta: Any, plain: list[Any], where: str) -> Counted:
    """Return what is remembered of a fill."""
    price, crossed, cloid = plain
    moved = typed.decimal(delta, where)
    hold(moved != ZERO, where, "moved nothing")
    at = None if price is None else typed.decimal(price, where)
    if crossed is not None:
        typed.flag(crossed, where)
    return moved, at, crossed, None if cloid is None else checks.cloid(typed.text(cloid, where))


def _load_rest_of_fill(memory: FillMemory, key: FillKey, start: Any, disputed: Any) -> None:
    where = f"the fill {key[1]!r}"
    if start is not None:
        memory.start(key, typed.decimal(start, where))
    words = [typed.text(word, where) for word in typed.rows(disputed, where)]
    right = words == sorted(set(words) & set(DIFFERENCES))
    hold(right, where, f"must be told otherwise in {', '.join(DIFFERENCES)}, not {words!r:.80}")
    for word in words:
        memory.dispute(key, word)


def _load_order(ledger: Ledger, plain: Any, where: str) -> None:
    """Take up the legs of a cloid."""
    legs: list[Leg] = []
    for number, one in enumerate(typed.rows(plain, where)):
        leg = saved_legs.load(one, f"{where}[{number}]")
        leg.filled = orders.filled(leg)
        _check_leg(ledger, leg, f"{where}[{number}]")
        hold(not legs or leg.cloid == legs[0].cloid, f"{where}[{number}].cloid", "is another")
        legs.append(leg)
    if not legs or legs[0].cloid in ledger.by_cloid:
        raise ValueError(f"{where} must be the legs of a cloid that no other order has")
    oids = [leg.oid for leg in legs if leg.oid is not None]
    if len(set(oids)) < len(oids) or not ledger.by_oid.keys().isdisjoint(oids):
        raise ValueError(f"{where}: an oid is there twice: {oids!r:.80}")
    put(ledger, legs)


def _check_leg(ledger: Ledger, leg: Leg, where: str) -> None:
    checks.cloid(leg.cloid)
    sized = leg.size > ZERO or (leg.terms.follows and not leg.size)
    hold(sized, f"{where}.size", f"must be above zero, not {leg.size}")
    for name in ("taker", "maker", "answered", "stated", "ended", "trigger"):
        number = VALUES[name](leg) or ZERO
        hold(not number < ZERO, f"{where}.{name}", f"must not be negative, not {number}")
    for name in ("oid", "refused_oid"):
        oid = VALUES[name](leg)
        if oid is not None:
            of_kind(checks.oid(oid), ledger.oid_kind, f"{where}.{name}")
    check_number(ledger, leg, where)
    for name in ("request_at", "cancel_at", "open_since", "closed_at", "filled_at"):
        at = VALUES[name](leg) or 0
        hold(at <= ledger.now, f"{where}.{name}", f"is {at}, after now ({ledger.now})")
    state, word = leg.state, leg.state.name
    hold(state not in UNBOUND or leg.oid is None, f"{where}.oid", f"is that of a {word} order")
    may_wait = leg.terms.wait is not Wait.NEVER
    waited = may_wait and state in CLOSED and state not in WHOLE
    nameless = state in UNBOUND or state is WAITING or waited
    hold(nameless or leg.oid is not None, f"{where}.oid", f"is none, but {word}")
    hold(state is not OrderState.ABSENT, f"{where}.state", f"is {word}")
    over = state in CLOSED or state is OrderState.DEAD
    hold((leg.closed_at is not None) is over, f"{where}.closed_at", f"is not that of {word}")
    known = state in STANDING
    hold(not known or leg.open_since is not None, f"{where}.open_since", f"none, but {word}")
    hold(state is not WAITING or may_wait, f"{where}.wait", "never, but WAITING")
    hold(
        leg.cancel is CancelAsked.NEVER or leg.cancel_at is not None,
        f"{where}.cancel_at",
        "is none",
    )
    cancelled = leg.course.cancelled
    hold(not cancelled or state is OrderState.DEAD, f"{where}.cancelled", f"is true, but {word}")
    hold(not leg.over or state in CLOSED, f"{where}.over", f"is true, but {word}")
    for name in ("request", "first_request", "cancel_request", "blind_cancel"):
        number = VALUES[name](leg)
        hold(number <= ledger.requests, f"{where}.{name}", f"is {number}, which none had")
    if leg.sized is not None:
        check_sized(ledger, leg, leg.sized, f"{where}.sized")
    if leg.oid is not None:
        follows = orders.derived(leg)
        # One that waits for its fills may yet have to hear that there is nothing to wait for.
        right = state is follows or (state is CANCEL_CONFIRMED and follows is CANCELLED)
        hold(right, f"{where}.state", f"is {word}, and what has filled makes it {follows.name}")


def _load_places(ledger: Ledger, data: dict[str, Any]) -> None:
    """Put in their order what is open and what is pending: exactly what is said to be so."""
    live, pending = typed.rows(data["live"], "live"), typed.rows(data["pending"], "pending")
    waiting = typed.rows(data["waiting"], "waiting")
    legs = [leg for head in ledger.by_cloid.values() for leg in orders.chain(head)]
    for where, state, listed, right in (
        ("live", "open", live, [leg.oid for leg in legs if leg.state in LIVE]),
        ("pending", "pending", pending, [leg.cloid for leg in legs if leg.state is PENDING]),
        ("waiting", "waiting", waiting, [leg.cloid for leg in legs if leg.state is WAITING]),
    ):
        are = set(right)
        for one in listed:
            known = typed.identity(one, where) in are
            hold(known, where, f"is wrong: order {one!r:.80} is listed as {state} and is not")
        hold(len(set(listed)) == len(listed), where, "has an order twice")
        hold(len(listed) == len(right), where, f"has not every order that is {state}")
    place(ledger, live, pending, waiting)


def _load_orphan(ledger: Ledger, plain: Any, where: str) -> None:
    orphan = Orphan(**typed.value(Orphan, plain, ORPHAN, where))
    if orphan.since is not None or orphan.cancel_at is not None:  # it was listed
        of_kind(checks.oid(orphan.oid), ledger.oid_kind, f"{where}.oid")
    hold(orphan.request <= ledger.requests, f"{where}.request", "is one that none had")
    hold(orphan.oid not in ledger.by_oid, f"{where}.oid", "is that of an order")
    hold(orphan.oid not in ledger.orphans.by_oid, f"{where}.oid", "is there twice")
    hold(not orphan.size < ZERO, f"{where}.size", f"must not be negative, not {orphan.size}")
    times = (orphan.since, orphan.cancel_at, orphan.answered_at)
    hold(any(at is not None for at in times), where, "has no time")
    hold(max(at or 0 for at in times) <= ledger.now, where, f"is after now ({ledger.now})")
    ledger.orphans.restore(orphan)


def _fill_key(ledger: Ledger, time: Any, tid: Any, oid: Any, where: str) -> FillKey:
    if ledger.timed:
        typed.time(time, f"{where}, its venue time,")
    hold((time is not None) is ledger.timed, where, "has a venue time where others have none")
    of_kind(checks.tid(typed.identity(tid, where)), ledger.tid_kind, f"{where}, its tid,")
    of_kind(typed.identity(oid, where), ledger.oid_kind, f"{where}, its oid,")
    hold(oid != "", where, "has an empty oid")
    return time, tid, oid


def _odd_forms(plain: Any) -> set[str]:
    forms = [typed.text(one, "odd_forms") for one in typed.rows(plain, "odd_forms")]
    hold(forms == sorted(set(forms)), "odd_forms", "must be each once, in their order")
    return set(forms)


def _kind(plain: Any, where: str) -> type | None:
    if plain is None:
        return None
    found = _KINDS.get(plain) if isinstance(plain, str) else None
    if found is None:
        raise ValueError(f"{where} must be int, str or null, not {plain!r:.80}")
    return found


def _reduced(ledger: Ledger) -> tuple[Any, ...]:
    """Return how a ledger is made again by copy.deepcopy and pickle, however long its chains."""
    return load, (dump(ledger),)


copyreg.pickle(Ledger, _reduced)
