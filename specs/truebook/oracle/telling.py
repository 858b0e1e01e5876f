"""What a model's actions are to a book: events of docs/cases.md, message by message.

The venue and the wire act unseen; a book is told what it sends, what it hears, and the time.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from truebook.model.config import Bounds, Timers
from truebook.model.memory import MemoryBounds
from truebook.model.vocabulary import Cancel, Venue

Event = dict[str, Any]
Known = Mapping[str, int]
"""The values of a world by the paths of its fields, before an action."""

CLOID = "c1"
OIDS = {"a": "101", "b": "102"}
FOREIGN = "900"
PRICES = {"a": "100", "b": "101"}
SLOTS = ("first", "second")


class Teller(Protocol):
    """Tells what happens in one world; it remembers which listings were asked for."""

    def tell(self, action: str, known: Known) -> list[Event]:
        """Return the events that an action is to a book, given the world before it."""
        ...


def config_of(bounds: Bounds | MemoryBounds) -> dict[str, int]:
    """Return a book's configuration for the bounds of a world, in ticks."""
    if isinstance(bounds, MemoryBounds):
        return {**_timers(Timers()), "max_tracked_tids": bounds.capacity}
    return _timers(bounds.timers)


def _timers(timers: Timers) -> dict[str, int]:
    return {
        "orphan_grace_period": timers.grace,
        "expected_cloid_ttl": timers.expiry,
        "finalized_protection": timers.lag,
        "fill_window_duration": timers.fill_window,
        "tombstone_duration": timers.tombstone,
        "cancel_timeout": timers.expiry + timers.lag,
        "listing_timeout": timers.listing,
    }


class _Listings:
    """The listings on their way, each under a name of its own."""

    def __init__(self, timers: Timers) -> None:
        self._longest = timers.listing
        self._names: dict[str, str] = {}
        self._asked = 0

    def ask(self, slot: str) -> Event:
        self._asked += 1
        self._names[slot] = f"r{self._asked}"
        return {"type": "listing_requested", "request": self._names[slot]}

    def come(self, slot: str, orders: list[Event]) -> Event:
        return {"type": "listing", "orders": orders, "request": self._names.pop(slot)}

    def fail(self, slot: str) -> Event:
        return {"type": "listing_failed", "request": self._names.pop(slot)}

    def tick(self, known: Known) -> Event:
        for slot in list(self._names):
            if not known[f"{slot}.age"] < self._longest:
                del self._names[slot]
        return {"type": "tick"}


class OrderTeller:
    """Tells of one order of ours; `positions` tells the venue's position with each listing."""

    def __init__(self, bounds: Bounds, *, positions: bool = False) -> None:
        self._sizes = {"a": bounds.size, "b": bounds.new_size}
        self._legs = ("a", "b") if bounds.modify else ("a",)
        self._named = not bounds.bare
        self._positions = positions
        self._listings = _Listings(bounds.timers)

    def tell(self, action: str, known: Known) -> list[Event]:
        """Return the events that an action is to a book, given the world before it."""
        name, _, of = action.partition(":")
        match name:
            case "send":
                order = {"price": PRICES["a"], "size": str(self._sizes["a"])}
                return [{"type": "register", "cloid": CLOID, "side": "buy", **order}]
            case "modify":
                order = {"price": PRICES["b"], "size": str(self._sizes["b"])}
                return [{"type": "modify", "id": OIDS["a"], **order}]
            case "answer":
                return [self._answer(of, known)]
            case "answer-item":
                return [self._answered(of, None), _refused(of, "an item without an oid")]
            case "time-out":
                return [_unknown(of)]
            case "taker-fill" | "maker-fill":
                kind = name.removesuffix("-fill")
                return [self._fill(of, kind, known[f"{of}.{kind}_told"])]
            case "taker-fill-again" | "maker-fill-again":
                return [self._fill(of, name.removesuffix("-fill-again"), 0)]
            case "reconnect":
                return list(self._replay(known))
            case "end":
                return [_end(of, known)]
            case "ask-cancel":
                return [{"type": "cancel", "id": OIDS[of]}]
            case "answer-cancel":
                return [_cancel_answer(OIDS[of], known[f"{of}.cancel"])]
            case "ask-snapshot":
                return [self._listings.ask(of)]
            case "process-snapshot":
                return list(self._listing(of, known))
            case "fail-snapshot":
                return [self._listings.fail(of)]
            case "tick":
                return [self._listings.tick(known)]
        return []

    def _answer(self, leg: str, known: Known) -> Event:
        if known[f"{leg}.status"] == Venue.REFUSED:
            return _refused(leg, "refused")
        taken = known[f"{leg}.taken"]
        if leg == "b" and not taken:
            confirmed = {"cloid": CLOID, "outcome": "confirmed", "oid": OIDS[leg]}
            return {"type": "modify_answer", **confirmed}
        resting = self._sizes[leg] - taken
        return {
            **self._answered(leg, OIDS[leg]),
            "resting": str(resting),
            "filled": str(taken),
        }

    def _answered(self, leg: str, oid: str | None) -> Event:
        order = {"cloid": CLOID, "oid": oid, "side": "buy", "price": PRICES[leg]}
        return {"type": "answer", **order}

    def _fill(self, leg: str, kind: str, number: int) -> Event:
        """Tell one fill; the venue's times are all different, in no order of their coming."""
        time = 2 * number + (0 if kind == "taker" else 1) + 1
        return {
            "type": "fill",
            "oid": OIDS[leg],
            "tid": f"{kind}-{OIDS[leg]}-{number + 1}",
            "side": "buy",
            "size": "1",
            "price": PRICES[leg],
            "time": str(time),
            **({"cloid": CLOID} if self._named else {}),
            "crossed": "true" if kind == "taker" else "false",
        }

    def _replay(self, known: Known) -> Iterator[Event]:
        for leg in self._legs:
            taken, executed = known[f"{leg}.taken"], known[f"{leg}.executed"]
            for kind, fills in (("taker", taken), ("maker", executed - taken)):
                yield from (self._fill(leg, kind, number) for number in range(fills))

    def _listing(self, slot: str, known: Known) -> Iterator[Event]:
        orders = []
        for leg in self._legs:
            if known[f"{slot}.{leg}.listed"]:
                remaining = self._sizes[leg] - known[f"{slot}.{leg}.filled"]
                orders.append(
                    {
                        "oid": OIDS[leg],
                        "cloid": CLOID,
                        "side": "buy",
                        "price": PRICES[leg],
                        "size": str(self._sizes[leg]),
                        "remaining": str(remaining),
                    }
                )
        yield self._listings.come(slot, orders)
        if self._positions:
            filled = sum(known[f"{slot}.{leg}.filled"] for leg in self._legs)
            yield {"type": "position", "position": str(filled)}


def _refused(leg: str, reason: str) -> Event:
    if leg == "b":
        return {"type": "modify_answer", "cloid": CLOID, "outcome": "failed", "reason": reason}
    return {"type": "reject", "cloid": CLOID, "reason": reason}


def _unknown(leg: str) -> Event:
    if leg == "b":
        return {"type": "modify_answer", "cloid": CLOID, "outcome": "unknown"}
    return {"type": "unknown", "cloid": CLOID, "reason": "no answer"}


def _end(leg: str, known: Known) -> Event:
    status = known[f"{leg}.status"]
    if status == Venue.REFUSED:
        return {"type": "status", "oid": None, "status": "rejected", "cloid": CLOID}
    word = "filled" if status == Venue.FILLED else "cancelled"
    told = {"oid": OIDS[leg], "status": word, "cloid": CLOID}
    return {"type": "status", **told, "filled": str(known[f"{leg}.executed"])}


def _cancel_answer(id_: str, cancel: int) -> Event:
    words = {Cancel.REFUSED: "rejected", Cancel.DONE: "confirmed"}
    outcome = words.get(Cancel(cancel), "not_open")
    return {"type": "cancel_answer", "id": id_, "outcome": outcome}


class ForeignTeller:
    """Tells of an order that nobody here placed."""

    def __init__(self, bounds: Bounds) -> None:
        self._listings = _Listings(bounds.timers)

    def tell(self, action: str, known: Known) -> list[Event]:
        """Return the events that an action is to a book, given the world before it."""
        name, _, slot = action.partition(":")
        match name:
            case "ask-snapshot":
                return [self._listings.ask(slot)]
            case "process-snapshot":
                order = {"oid": FOREIGN, "side": "sell", "price": "120"}
                listed = [{**order, "size": "1", "remaining": "1"}]
                return [self._listings.come(slot, listed if known[f"{slot}.listed"] else [])]
            case "fail-snapshot":
                return [self._listings.fail(slot)]
            case "answer-cancel":
                return [_cancel_answer(FOREIGN, known["cancel"])]
            case "tick":
                return [self._listings.tick(known)]
        return []


class FillsTeller:
    """Tells of named fills, of orders that nobody here placed."""

    def __init__(self, bounds: MemoryBounds) -> None:
        self._bounds = bounds

    def tell(self, action: str, known: Known) -> list[Event]:
        """Return the events that an action is to a book, given the world before it."""
        name, _, number = action.partition(":")
        if name == "rebase":
            told = {"position": str(known["picture"]), "as_of": str(known["as_of"])}
            return [{"type": "rebase", **told}]
        if name not in ("tell", "tell-again"):
            return []
        k = int(number)
        one_trade = self._bounds.self_trade and k < 2
        identity = {"oid": str(201 + k), "tid": "both" if one_trade else f"t{k + 1}"}
        order = {"side": "buy", "size": "1", "price": "100", "time": str(known[f"f{k}.time"])}
        return [{"type": "fill", **identity, **order}]


def teller_of(
    world: str, bounds: Bounds | MemoryBounds, *, positions: bool = False
) -> Callable[[], Teller]:
    """Return what makes a teller of a world."""
    if isinstance(bounds, MemoryBounds):
        return lambda: FillsTeller(bounds)
    if world == "foreign":
        return lambda: ForeignTeller(bounds)
    return lambda: OrderTeller(bounds, positions=positions)
