"""A recording of the venue's own, read apart from the audit: what was true, and what was told."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs

from truebook.audit.ledger import CONFIG, MS

FILLS: Final = ("userFills", "user")
"""The channels that tell fills."""
ZERO: Final = Decimal(0)
LAG: Final = CONFIG.finalized_protection // MS
"""A listing may show what was so many milliseconds before it was asked for."""
_LISTINGS: Final = ("openOrders", "frontendOpenOrders")
_REQUESTS: Final = ("order", "modify", "batchModify", "cancel", "cancelByCloid")


@attrs.frozen
class Fill:
    """A fill; `moved` is above zero where it bought."""

    coin: str
    tid: int
    oid: int
    moved: Decimal
    start: Decimal
    time: int

    @classmethod
    def of(cls, told: Any) -> "Fill":
        """Return the fill that the venue tells."""
        size = Decimal(told["sz"])
        moved = size if told["side"] == "B" else -size
        start = Decimal(told["startPosition"])
        return cls(told["coin"], told["tid"], told["oid"], moved, start, told["time"])

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells it from all others."""
        return self.coin, self.tid, self.oid


@attrs.frozen
class Word:
    """What is said of an order at a line: its status as of a venue's time, and what is left."""

    line: int
    coin: str
    oid: int
    cloid: str | None
    is_buy: bool
    price: Decimal
    size: Decimal
    left: Decimal
    status: str
    time: int

    @classmethod
    def of(cls, line: int, told: Any) -> "Word":
        """Return what the venue tells."""
        order = told["order"]
        return cls(
            line,
            order["coin"],
            order["oid"],
            order.get("cloid"),
            order["side"] == "B",
            Decimal(order["limitPx"]),
            Decimal(order["origSz"]),
            Decimal(order["sz"]),
            told["status"],
            told["statusTimestamp"],
        )

    @property
    def said(self) -> tuple[int, str, int]:
        """What tells whether two say the same."""
        return self.oid, self.status, self.time

    @property
    def ends(self) -> bool:
        """Whether the order is over by it."""
        return self.status not in ("open", "triggered", "waitingForFill")


@attrs.frozen
class Listing:
    """A listing of open orders, or nothing but that an order is unknown (`unknown`)."""

    line: int
    asked: int
    told: int
    oids: frozenset[int] = frozenset()
    unknown: str = ""


@attrs.frozen
class Held:
    """The positions that the venue told, as of a time."""

    line: int
    as_of: int
    sizes: dict[str, Decimal]


@attrs.define
class Request:
    """What the bot asked for, and what it was answered: items, None where no answer says."""

    line: int
    at: int
    nonce: int
    kind: str
    action: Any
    answered: int = 0
    status: int = 0
    items: list[Any] | None = None


@attrs.frozen
class Wrong:
    """What went wrong with a message, at a line; `of` is what it was to be, or its nonce."""

    line: int
    at: int
    name: str
    message: str
    do: str
    of: Any


@attrs.frozen
class Moment:
    """What was true from a line on: the positions, and the orders that are open."""

    line: int
    at: int
    positions: dict[str, Decimal]
    open: dict[int, Any]


@attrs.define
class Record:
    """What a recording has: of the venue's truth, and of what was told."""

    # In truth
    fills: list[Fill] = attrs.field(factory=list)
    words: list[Word] = attrs.field(factory=list)
    moments: list[Moment] = attrs.field(factory=list)
    wrong: list[Wrong] = attrs.field(factory=list)
    # As told
    heard: dict[tuple[str, int, int], list[int]] = attrs.field(factory=dict)
    told: list[Word] = attrs.field(factory=list)
    listings: list[Listing] = attrs.field(factory=list)
    held: list[Held] = attrs.field(factory=list)
    requests: list[Request] = attrs.field(factory=list)
    # The streams: at which line, when, and whether fills (or words of orders) are heard from then
    hears: list[tuple[int, int, str]] = attrs.field(factory=list)
    coins: list[str] = attrs.field(factory=list)
    last_line: int = 0

    @classmethod
    def read(cls, path: Path) -> "Record":
        """Return what a recording has that `truebook venue --record` wrote."""
        record = cls()
        asked: dict[int, tuple[int, int, Any]] = {}
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                record._line(number, json.loads(raw), asked)
        return record

    def _line(self, number: int, line: Any, asked: dict[int, tuple[int, int, Any]]) -> None:
        at: int = line["time"]
        body: Any = line.get("body")
        self.last_line = number
        if "truth" in line:
            self._true(number, at, line["truth"])
        elif "fault" in line:
            it = line["fault"]
            name = f"{it['message']} {it['do']}"
            self.wrong.append(Wrong(number, at, name, it["message"], it["do"], it["of"]))
        elif "way" not in line:
            return
        elif line["over"] == "ws":
            self._frame(number, at, line["way"], body)
        elif line["way"] == "in":
            asked[line["id"]] = number, at, body
            action = body.get("action") if isinstance(body, dict) else None
            if action and action["type"] in _REQUESTS:
                kind, nonce = action["type"], body["nonce"]
                self.requests.append(Request(number, at, nonce, kind, action))
        elif line["way"] == "lost":
            for request in self.requests:
                if request.line == asked[line["id"]][0]:
                    request.answered = number
        elif line["way"] == "out" and line["id"] in asked:
            first, when, question = asked.pop(line["id"])
            self._answer(number, at, first, when, question, line["status"], body)

    def _true(self, number: int, at: int, truth: Any) -> None:
        self.fills += map(Fill.of, truth["fills"])
        self.words += (Word.of(number, one) for one in truth["words"])
        positions = {coin: Decimal(size) for coin, size in truth["positions"].items()}
        self.moments.append(Moment(number, at, positions, {o["oid"]: o for o in truth["open"]}))

    def _frame(self, number: int, at: int, way: str, body: Any) -> None:
        if not isinstance(body, dict):
            return
        if way == "in":
            if body.get("method") == "subscribe":
                self.hears.append((number, at, body["subscription"]["type"]))
            return
        channel: str = body.get("channel", "")
        data: Any = body.get("data")
        if channel in FILLS:
            self._hear(number, data.get("fills", ()))
        elif channel == "orderUpdates":
            self.told += (Word.of(number, one) for one in data)

    def _hear(self, number: int, fills: Iterable[Any]) -> None:
        for one in fills:
            self.heard.setdefault(Fill.of(one).key, []).append(number)

    def _answer(
        self, number: int, at: int, first: int, when: int, question: Any, status: int, body: Any
    ) -> None:
        if "action" in question:
            for request in self.requests:
                if request.line == first:
                    request.answered, request.status = number, status
                    request.items = _items(body) if status == 200 else None
            return
        kind = question.get("type")
        if status != 200:
            return
        if kind in ("userFills", "userFillsByTime"):
            self._hear(number, body)
        elif kind in _LISTINGS:
            oids = frozenset(one["oid"] for one in body)
            self.listings.append(Listing(number, when, at, oids))
        elif kind == "orderStatus" and body["status"] == "order":
            self.told.append(Word.of(number, body["order"]))
        elif kind == "orderStatus":
            self.listings.append(Listing(number, when, at, unknown=str(question["oid"])))
        elif kind == "clearinghouseState":
            sizes = {p["position"]["coin"]: p["position"]["szi"] for p in body["assetPositions"]}
            held = {coin: Decimal(size) for coin, size in sizes.items()}
            self.held.append(Held(number, body["time"], held))
        elif kind == "meta":
            self.coins = [one["name"] for one in body["universe"]]

    def at(self, line: int) -> Moment | None:
        """Return what was true at a line; None: nothing had happened."""
        found = None
        for one in self.moments:
            if one.line > line:
                break
            found = one
        return found

    def of(self, oid: int) -> Iterator[Word]:
        """Yield what truly became of an order."""
        return (one for one in self.words if one.oid == oid)

    def end_of(self, oid: int) -> Word | None:
        """Return how an order ended in truth; None: it did not."""
        return next((one for one in self.of(oid) if one.ends), None)


def _items(body: Any) -> list[Any]:
    """Return what an action was answered, one by one; a refusal of all of it is one item."""
    if body.get("status") != "ok":
        return [{"error": str(body.get("response"))}]
    data = body["response"].get("data")
    return list(data["statuses"]) if data else ["default"]
