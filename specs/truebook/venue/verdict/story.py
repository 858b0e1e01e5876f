"""The story of a run in four lanes: what the bot asks, the wire says, it believes, and is true."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from truebook.impl.venues.hyperliquid import shown
from truebook.venue.engine import Account, Place
from truebook.venue.faults import Fault
from truebook.venue.verdict.belief import Belief

HEAD: Final = ("s", "the bot", "the wire", "it believes", "the venue")
MOST, BEFORE = 30, 3
"""So many rows are shown of a run, and so many of them from before its first fault."""
_QUIET: Final = ("l2Book", "bbo", "allMids", "pong", "subscriptionResponse", "trades")
"""Frames that are about no order."""
_ASKED: Final = ("openOrders", "frontendOpenOrders", "orderStatus", "clearinghouseState")


@attrs.frozen
class Row:
    """What happened at a time, in the lane of who did it; `faults` had happened by then."""

    time: int
    lane: int
    words: str
    faults: int = 0


@attrs.define
class Story:
    """Hears all of a run, and keeps what is about orders, in words.

    `heard` counts what came in, whatever it was about.
    """

    user: str
    clock: Callable[[], int]
    faults: Sequence[Fault] = ()
    rows: list[Row] = attrs.field(factory=list)
    heard: int = 0
    _told: int = 0
    _true: Mapping[str, str] = attrs.field(factory=dict)

    def said(self, way: str, over: str, raw: bytes | str, **more: Any) -> None:
        """Hear what was said."""
        for fault in self.faults[self._told :]:
            self._told += 1
            self._add(2, f"FAULT {fault}")
        if way == "lost":
            self._add(2, "no answer")
            return
        try:
            body = json.loads(shown(raw))
        except (ValueError, RecursionError):
            body = None
        if way == "in":
            self.heard += 1
            for words in _readable(_asked(body)):
                self._add(1, words)
        elif more.get("status", 200) != 200:
            self._add(2, f"HTTP {more['status']}")
        else:
            for words in _readable(_answered(body)):
                self._add(2, words)

    def believed(self, belief: Belief) -> None:
        """Hear what the bot believes; only what is new is kept."""
        words = []
        if belief.position is not None:
            held = (f"{coin} {size}" for coin, size in sorted(belief.position.items()) if size)
            words.append(f"position {', '.join(held) or '0'}")
        if belief.open is not None:
            words.append(f"open {', '.join(sorted(map(_short, belief.open))) or 'none'}")
        said = "; ".join(words)
        last = next((row.words for row in reversed(self.rows) if row.lane == 3), "")
        if said and said != last:
            self._add(3, said)

    def true(self, account: Account) -> None:
        """Hear what has become of an account."""
        if account.user != self.user:
            return
        now = {str(one.oid): f"{one.left} left" for one in account.standing.values()}
        for oid, one in account.standing.items():
            if one.where in (Place.TRIGGER, Place.PARENT):
                now[str(oid)] += ", waits"
        now |= {coin: str(one.size) for coin, one in account.positions.items() if one.size}
        gone = (f"{name} gone" for name in self._true if name not in now)
        new = (f"{name} {words}" for name, words in now.items() if self._true.get(name) != words)
        changes = "; ".join((*new, *gone))
        if changes:
            self._add(4, changes)
        self._true = now

    def shown(self, time: int) -> str:
        """Return a time in words: how long after the first row it is."""
        start = self.rows[0].time if self.rows else time
        return f"{(time - start) / 1000:.2f} s from its start,"

    def _add(self, lane: int, words: str) -> None:
        self.rows.append(Row(self.clock(), lane, words, self._told))


def told(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table: from a little before the first fault on, or the last of them."""
    if not rows:
        return
    first = next((n for n, row in enumerate(rows) if row.faults), len(rows))
    start = max(0, min(first - BEFORE, len(rows) - MOST))
    for row in rows[start : start + MOST]:
        cells = [""] * len(HEAD)
        cells[0], cells[row.lane] = f"{(row.time - rows[0].time) / 1000:.2f}", row.words
        yield tuple(cells)


def _readable(told: Iterator[str]) -> list[str]:
    """Return what is told of a message; of one that is none as the venue has them, that alone."""
    try:
        return list(told)
    except (AttributeError, IndexError, KeyError, TypeError):
        return ["what cannot be read"]


def _asked(body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        return
    if body.get("method") == "post":
        body = body.get("request", {}).get("payload", {})
    action = body.get("action")
    if isinstance(action, dict):
        yield from _action(action)
    elif body.get("type") in _ASKED:
        yield f"asks {body['type']}{' of ' + _short(body['oid']) if 'oid' in body else ''}"
    elif body.get("method") == "subscribe":
        yield f"subscribes to {body.get('subscription', {}).get('type')}"


def _action(action: Mapping[str, Any]) -> Iterator[str]:
    match action.get("type"):
        case "order":
            yield from (f"order {_order(one)}" for one in action["orders"])
        case "cancel":
            yield from (f"cancel {one['o']}" for one in action["cancels"])
        case "cancelByCloid":
            yield from (f"cancel {_short(one['cloid'])}" for one in action["cancels"])
        case "modify":
            yield f"modify {_short(action['oid'])} to {_order(action['order'])}"
        case "batchModify":
            for one in action["modifies"]:
                yield f"modify {_short(one['oid'])} to {_order(one['order'])}"
        case kind:
            yield str(kind)


def _order(one: Mapping[str, Any]) -> str:
    cloid = f" ({_short(one['c'])})" if one.get("c") else ""
    return f"{'buy' if one['b'] else 'sell'} {one['s']} at {one['p']}{cloid}"


def _answered(body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        return
    channel: Any = body.get("channel")
    data: Any = body.get("data")
    if channel == "post":
        body = data["response"]["payload"]
        if isinstance(body, str):
            yield f"error: {body}"
            return
    elif channel in _QUIET:
        return
    if body.get("status") == "err":
        yield f"error: {body['response']}"
    elif body.get("status") == "ok" and isinstance(body["response"].get("data"), dict):
        yield from map(_item, body["response"]["data"].get("statuses", ()))
    elif channel == "orderUpdates":
        yield "; ".join(f"{one['order']['oid']} {one['status']}" for one in data)
    elif channel in ("userFills", "user") and isinstance(data, dict) and "fills" in data:
        name = "snapshot of fills" if data.get("isSnapshot") else f"fill ({channel})"
        fills = ", ".join(f"{one['sz']} of {one['oid']}" for one in data["fills"][:3])
        yield f"{name}: {fills or 'none'}"


def _item(item: Any) -> str:
    if isinstance(item, str):
        return item
    for name in ("resting", "filled"):
        if name in item:
            size = f" {item[name]['totalSz']}" if name == "filled" else ""
            return f"{item[name]['oid']} {name}{size}"
    return f"error: {item.get('error')}"


def _short(name: object) -> str:
    text = str(name)
    return f"{text[:6]}…{text[-4:]}" if text.startswith("0x") and len(text) > 12 else text
