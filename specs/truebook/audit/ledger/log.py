"""A bot's own log of what it was told and what it showed, told to a reference book of its own.

Its events are those of the oracle (docs/cases.md): it has no market, and its ids are any texts.
"""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final

import attrs

from truebook.audit.finding import Finding, Kind
from truebook.audit.ledger.identities import Identities
from truebook.audit.ledger.orders import LOOP, OVER
from truebook.audit.seen import BotEvent, BotShown, Place
from truebook.impl.book import Ambiguous, Conflict, Order, Overfill, PositionMismatch
from truebook.oracle.cases import EVENTS, event_shape, fault
from truebook.oracle.reference import Driver

_SHAPES: Final = {kind: event_shape(kind) for kind in EVENTS}
_REQUESTS: Final = ("register", "cancel", "modify")


@attrs.define
class BotLog:
    """What one log comes to: the events are told to a book, and what the bot showed is compared.

    `fills` are counted once each, `again` is how many were told again.
    """

    name: str
    found: list[Finding] = attrs.field(factory=list)
    walked: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    events: int = 0
    fills: int = 0
    again: int = 0
    words: int = 0
    shown: int = 0
    orders: int = 0
    requests: int = 0
    _driver: Driver = attrs.field(factory=lambda: Driver.under({}))
    _seen: Identities = attrs.field(factory=Identities)
    _states: dict[str, str] = attrs.field(factory=dict)
    _over: Counter[str] = attrs.field(factory=Counter)
    _difference: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        """What its fills come to, as the book counts them."""
        return self._driver.book.position

    def open(self) -> list[Order]:
        """Return the orders that are open at the end, or of which nobody knows."""
        return [one for one in self._driver.book.get_orders() if one.state not in OVER]

    def take(self, told: BotEvent) -> None:
        """Take an event; ValueError, TypeError, ArithmeticError, KeyError for one that is none."""
        event = told.event
        if event is None:
            self._driver = Driver.under({name: int(time) for name, time in told.config.items()})
            self._seen, self._difference = Identities(), Decimal(0)
            self._states.clear()
            self._over.clear()
            return
        kind = event.get("type")
        shape = _SHAPES.get(kind) if isinstance(kind, str) else None
        wrong = f"{kind!r} is no type of event" if shape is None else fault(shape, event)
        if wrong:
            raise ValueError(wrong)
        self.events += 1
        if kind in _REQUESTS:
            self.requests += 1
        if kind == "fill" and not self._is_new(event, told.place):
            return
        known = self._driver.book.get_order(event["cloid"]) if kind == "register" else None
        if known is not None and known.state not in OVER:
            self._say(Kind.TWICE, f"the order {event['cloid']} is sent again", told.place)
            return
        if kind == "cancel":
            self._cancels(event["id"], told.place)
        self.orders += kind == "register"
        self.words += kind in ("answer", "status", "reject", "cancel_answer", "modify_answer")
        result = self._driver.apply(event, max(told.at, self._driver.book.now))
        for one in (*self._driver.book.drain_events(), result):
            self._note(one, told.place)
        self._walk(event)

    def show(self, told: BotShown) -> None:
        """Compare the position that the bot showed; a difference that stays is said once."""
        self.shown += 1
        difference = told.position - self.net
        if difference not in (0, self._difference):
            words = f"the bot shows a position of {told.position}, its fills come to {self.net}"
            self._say(Kind.POSITION, words, told.place)
        self._difference = difference

    def _is_new(self, fill: Mapping[str, Any], place: Place) -> bool:
        """Count a fill; return whether it is new."""
        name = repr((fill["tid"], fill["oid"], fill["side"])).encode()
        key = int.from_bytes(blake2b(name, digest_size=8).digest(), "big") >> 1
        said = hash((Decimal(fill["size"]), Decimal(fill["price"])))
        new = self._seen.add(key, int(fill["time"]), said)
        if new is True:
            self.fills += 1
            return True
        self.again += 1
        if new is False:
            words = "a fill is told again with another size or price: the first counts"
            self._say(Kind.OTHERWISE, words, place)
        return False

    def _cancels(self, id: str, place: Place) -> None:
        order = self._driver.book.get_order(id)
        if order is not None and order.state in OVER:
            self._over[id] += 1
            if self._over[id] == LOOP:
                self._say(Kind.LOOP, f"the cancel of {id}, which is over, is sent again", place)

    def _note(self, event: object, place: Place) -> None:
        match event:
            case Overfill():
                words = f"order {event.oid} has filled {event.excess} beyond its size"
                self._say(Kind.ORDERS, words, place)
            case Conflict() | Ambiguous():
                name = event.oid if event.oid is not None else event.cloid
                kind = Kind.ORDERS if isinstance(event, Conflict) else Kind.FATE
                self._say(kind, f"order {name}: {event.reason}", place)
            case PositionMismatch():
                words = f"the venue's position is {event.reported}, the fills come to {event.ours}"
                self._say(Kind.POSITION, words, place)

    def _say(self, kind: Kind, words: str, place: Place) -> None:
        finding = Finding(kind=kind, words=words, place=place, market=self.name)
        if not self.found or self.found[-1] != finding:
            self.found.append(finding)

    def _walk(self, event: Mapping[str, Any]) -> None:
        for name in ("cloid", "oid", "id"):
            id = event.get(name)
            order = self._driver.book.get_order(id) if isinstance(id, str) else None
            if order is None:
                continue
            before = self._states.get(order.cloid, "")
            if order.state.name != before:
                self.walked[before, order.state.name] += 1
                self._states[order.cloid] = order.state.name
            return
