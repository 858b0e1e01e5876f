"""What a model's actions are to a book: events of docs/cases.md, message by message.

The venue and the wire act unseen; a book is told what it sends, what it hears, and the time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

import attrs

from truebook.model.config import Bounds, Timers
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.request_world import RequestBounds
from truebook.model.sizes import SizeBounds
from truebook.model.vocabulary import Cancel, Venue
from truebook.oracle.reference import text
from truebook.oracle.vectors.names import NamesTeller
from truebook.oracle.vectors.sizes import SizesTeller
from truebook.oracle.vectors.waiting import WaitingTeller
from truebook.specs.scenarios import AnyBounds

Event = dict[str, Any]
Known = Mapping[str, int]
"""The values of a world by the paths of its fields, before an action."""

CLOID = "c1"
LASTING = 1_000
"""Longer than any run is."""
FOREIGN = "900"
LEGS = ("a", "b")


class Teller(Protocol):
    """Tells what happens in one world; it remembers which listings were asked for."""

    def tell(self, action: str, known: Known) -> list[Event]:
        """Return the events that an action is to a book, given the world before it."""
        ...


def config_of(bounds: AnyBounds) -> dict[str, int]:
    """Return a book's configuration for the bounds of a world, in ticks.

    No vector is made of the world of requests: what it is about is told by cases.
    """
    assert not isinstance(bounds, RequestBounds)
    if isinstance(bounds, NameBounds):
        return _timers(Timers())
    if isinstance(bounds, SizeBounds):
        lasting = Timers(lag=bounds.lag, fill_window=LASTING, tombstone=LASTING, listing=LASTING)
        return _timers(lasting)
    if isinstance(bounds, MemoryBounds):
        return {**_timers(Timers()), "max_tracked_tids": bounds.capacity}
    return _timers(bounds.timers) | ({"leave_strangers": 1} if bounds.leave else {})


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


@attrs.frozen
class Named:
    """The names and numbers of one order: a lot of the model is `lot` of the book."""

    cloid: str = CLOID
    oids: tuple[str, str] = ("101", "102")
    side: str = "buy"
    prices: tuple[str, str] = ("100", "101")
    lot: Decimal = Decimal(1)

    def size(self, lots: int) -> str:
        """Return a number of lots as a text."""
        return text(lots * self.lot)


class OrderTeller:
    """Tells of one order of ours; `positions` tells the venue's position with each listing."""

    def __init__(
        self, bounds: Bounds, named: Named | None = None, *, positions: bool = False
    ) -> None:
        self._sizes = (bounds.size, bounds.new_size)
        self._legs = LEGS if bounds.modify else LEGS[:1]
        self._with_cloid = not bounds.bare
        self._named = named or Named()
        self._positions = positions
        self._listings = _Listings(bounds.timers)

    def tell(self, action: str, known: Known) -> list[Event]:
        """Return the events that an action is to a book, given the world before it."""
        name, _, of = action.partition(":")
        match name:
            case "ask-snapshot":
                return [self._listings.ask(of)]
            case "process-snapshot":
                return list(self._listing(of, known))
            case "fail-snapshot":
                return [self._listings.fail(of)]
            case "tick":
                return [self._listings.tick(known)]
            case "reconnect":
                return list(self.replay(known))
        return list(self.message(name, LEGS.index(of) if of in LEGS else 0, known))

    def message(self, name: str, i: int, known: Known) -> Iterator[Event]:
        """Yield what an action of this order alone is."""
        named = self._named
        oid, price = named.oids[i], named.prices[i]
        match name:
            case "send":
                order = {"side": named.side, "price": price, "size": named.size(self._sizes[0])}
                yield {"type": "register", "cloid": named.cloid, **order}
            case "modify":
                order = {"price": named.prices[1], "size": named.size(self._sizes[1])}
                yield {"type": "modify", "id": named.oids[0], **order}
            case "answer":
                yield self._answer(i, known)
            case "answer-item":
                yield self._answered(i, None)
                yield self._refused(i, "an item without an oid")
            case "time-out" if i == 0:
                yield {"type": "unknown", "cloid": named.cloid, "reason": "no answer"}
            case "time-out":
                yield {"type": "modify_answer", "cloid": named.cloid, "outcome": "unknown"}
            case "taker-fill" | "maker-fill":
                kind = name.removesuffix("-fill")
                yield self._fill(i, kind, known[f"{LEGS[i]}.{kind}_told"])
            case "taker-fill-again" | "maker-fill-again":
                yield self._fill(i, name.removesuffix("-fill-again"), 0)
            case "end":
                yield self._end(i, known)
            case "ask-cancel":
                yield {"type": "cancel", "id": oid}
            case "answer-cancel":
                yield _cancel_answer(oid, known[f"{LEGS[i]}.cancel"])
            case _ if name.startswith("lie-"):
                yield from self._lie(name.removeprefix("lie-"), i, known)

    def _lie(self, name: str, i: int, known: Known) -> Iterator[Event]:
        """Yield a false word: the message that the venue would send were it so."""
        leg, size = LEGS[i], self._sizes[i]
        match name:
            case "end":
                yield self._end(i, {**known, f"{leg}.status": Venue.CANCELLED})
            case "filled":
                whole = {f"{leg}.status": Venue.FILLED, f"{leg}.executed": size}
                yield self._end(i, {**known, **whole})
            case "refused":
                yield self._answer(i, {**known, f"{leg}.status": Venue.REFUSED})
            case "accepted":
                yield self._answer(i, {**known, f"{leg}.status": Venue.OPEN})
            case "taken":
                whole = {f"{leg}.status": Venue.FILLED, f"{leg}.taken": size}
                yield self._answer(i, {**known, **whole})
            case "cancel":
                yield _cancel_answer(self._named.oids[i], Cancel.NOT_OPEN)
            case "no-cancel":
                yield _cancel_answer(self._named.oids[i], Cancel.REFUSED)

    def replay(self, known: Known) -> Iterator[Event]:
        """Yield every fill of the order, announced as a replay."""
        for i, leg in enumerate(self._legs):
            taken, executed = known[f"{leg}.taken"], known[f"{leg}.executed"]
            for kind, fills in (("taker", taken), ("maker", executed - taken)):
                for number in range(fills):
                    yield {**self._fill(i, kind, number), "snapshot": "true"}

    def listed(self, slot: str, known: Known) -> Iterator[Event]:
        """Yield the orders that a listing has of this one."""
        named = self._named
        for i, leg in enumerate(self._legs):
            if known[f"{slot}.{leg}.listed"]:
                remaining = self._sizes[i] - known[f"{slot}.{leg}.filled"]
                yield {
                    "oid": named.oids[i],
                    "cloid": named.cloid,
                    "side": named.side,
                    "price": named.prices[i],
                    "size": named.size(self._sizes[i]),
                    "remaining": named.size(remaining),
                }

    def _listing(self, slot: str, known: Known) -> Iterator[Event]:
        yield self._listings.come(slot, list(self.listed(slot, known)))
        if self._positions:
            filled = sum(known[f"{slot}.{leg}.filled"] for leg in self._legs)
            yield {"type": "position", "position": self._named.size(filled)}

    def _answer(self, i: int, known: Known) -> Event:
        named, leg = self._named, LEGS[i]
        if known[f"{leg}.status"] == Venue.REFUSED:
            return self._refused(i, "refused")
        taken = known[f"{leg}.taken"]
        if i == 1 and not taken:
            confirmed = {"outcome": "confirmed", "oid": named.oids[1]}
            return {"type": "modify_answer", "cloid": named.cloid, **confirmed}
        amounts = {"resting": named.size(self._sizes[i] - taken), "filled": named.size(taken)}
        return {**self._answered(i, named.oids[i]), **amounts}

    def _answered(self, i: int, oid: str | None) -> Event:
        named = self._named
        order = {"oid": oid, "side": named.side, "price": named.prices[i]}
        return {"type": "answer", "cloid": named.cloid, **order}

    def _refused(self, i: int, reason: str) -> Event:
        told = {"cloid": self._named.cloid, "reason": reason}
        if i == 1:
            return {"type": "modify_answer", "outcome": "failed", **told}
        return {"type": "reject", **told}

    def _fill(self, i: int, kind: str, number: int) -> Event:
        """Tell one fill; the venue's times are all different, in no order of their coming."""
        named, time = self._named, 2 * number + (0 if kind == "taker" else 1) + 1
        return {
            "type": "fill",
            "oid": named.oids[i],
            "tid": f"{kind}-{named.oids[i]}-{number + 1}",
            "side": named.side,
            "size": named.size(1),
            "price": named.prices[i],
            "time": str(time),
            **({"cloid": named.cloid} if self._with_cloid else {}),
            "crossed": "true" if kind == "taker" else "false",
        }

    def _end(self, i: int, known: Known) -> Event:
        named, status = self._named, known[f"{LEGS[i]}.status"]
        if status == Venue.REFUSED:
            return {"type": "status", "oid": None, "status": "rejected", "cloid": named.cloid}
        word = "filled" if status == Venue.FILLED else "cancelled"
        told = {"oid": named.oids[i], "status": word, "cloid": named.cloid}
        return {"type": "status", **told, "filled": named.size(known[f"{LEGS[i]}.executed"])}


def _cancel_answer(id_: str, cancel: int) -> Event:
    words = {Cancel.REFUSED: "rejected", Cancel.DONE: "confirmed"}
    outcome = words.get(Cancel(cancel), "not_open")
    return {"type": "cancel_answer", "id": id_, "outcome": outcome}


class OrdersTeller:
    """Tells of several orders of ours together; `known` is of their composition."""

    def __init__(self, bounds: Bounds, named: Sequence[Named]) -> None:
        self._tellers = [OrderTeller(bounds, names) for names in named]
        self._listings = _Listings(bounds.timers)

    def tell(self, action: str, known: Known) -> list[Event]:
        """Return the events that an action is to a book, given the world before it."""
        number, dot, own = action.partition(".")
        if dot:
            k = int(number) - 1
            return self._tellers[k].tell(own, of_order(k, known))
        name, _, slot = action.partition(":")
        tellers = list(enumerate(self._tellers))
        if name == "ask-snapshot":
            return [self._listings.ask(slot)]
        if name == "fail-snapshot":
            return [self._listings.fail(slot)]
        if name == "process-snapshot":
            listed = [order for k, one in tellers for order in one.listed(slot, of_order(k, known))]
            return [self._listings.come(slot, listed)]
        if name == "reconnect":
            return [event for k, one in tellers for event in one.replay(of_order(k, known))]
        return [self._listings.tick(of_order(0, known))] if name == "tick" else []


def of_order(k: int, known: Known) -> Known:
    """Return the values of one order of a composition, by the paths that it has alone."""
    start = f"o{k}."
    return {path.removeprefix(start): v for path, v in known.items() if path.startswith(start)}


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
            case "lie-cancel":
                return [_cancel_answer(FOREIGN, Cancel.NOT_OPEN)]
            case "lie-no-cancel":
                return [_cancel_answer(FOREIGN, Cancel.REFUSED)]
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
        if name not in ("tell", "tell-again", "tell-bust"):
            return []
        k = int(number)
        one_trade = self._bounds.self_trade and k < 2
        identity = {"oid": str(201 + k), "tid": "both" if one_trade else f"t{k + 1}"}
        fill = {**identity, "side": "buy", "size": "1", "time": str(known[f"f{k}.time"])}
        if name == "tell-bust":
            return [{"type": "reversal", **fill, "at": str(known[f"f{k}.busted"])}]
        return [{"type": "fill", **fill, "price": "100"}]


def teller_of(world: str, bounds: AnyBounds, *, positions: bool = False) -> Callable[[], Teller]:
    """Return what makes a teller of a world."""
    assert not isinstance(bounds, RequestBounds)
    if isinstance(bounds, NameBounds):
        return NamesTeller
    if isinstance(bounds, SizeBounds):
        return lambda: SizesTeller(bounds)
    if isinstance(bounds, MemoryBounds):
        return lambda: FillsTeller(bounds)
    if world == "foreign":
        return lambda: ForeignTeller(bounds)
    if world == "waiting":
        return lambda: WaitingTeller(bounds)
    return lambda: OrderTeller(bounds, positions=positions)
