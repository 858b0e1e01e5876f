"""Whether what a vector says is true can be: of its events, and of what it said before."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.cases.truth import TOLD, TrueOrder, Truth, truth_of

LAG = 10
"""How old a listing may be when it is asked for, in the units of the cases."""
_END = ("filled", "cancelled", "rejected", "triggered")
_NAMES = ("answer", "status", "fill", "modify_answer", "reversal", "correction")


@attrs.define
class Heard:
    """What was told up to a step: distinct fills, by oid, tid and time; and whose oid is which.

    `pairs` are the oids that answers, statuses and fills named with a cloid, `ids` what anything
    named, and a listing, too; `ends` what may have been told to be over; `sent`: when each request
    was made last.
    """

    fills: dict[tuple[str, str, str], Decimal] = attrs.field(factory=dict)
    position: Decimal = Decimal(0)
    ids: set[str] = attrs.field(factory=set)
    ends: set[str] = attrs.field(factory=set)
    pairs: set[tuple[str, str]] = attrs.field(factory=set)
    asked: dict[str, int] = attrs.field(factory=dict)
    registered: set[str] = attrs.field(factory=set)
    sent: dict[str, int] = attrs.field(factory=dict)
    rebased: bool = False
    changed: bool = False

    def hear(self, event: Mapping[str, Any], at: int) -> None:
        """Note an event."""
        kind = event["type"]
        for named in (event, *event.get("orders", ())):
            oid, cloid = named.get("oid"), named.get("cloid")
            if named is not event or kind in _NAMES:
                self.ids |= {id_ for id_ in (oid, cloid) if id_}
                if oid and cloid and named is event:
                    self.pairs.add((oid, cloid))
        if kind in ("cancel_answer", "reject"):
            self.ids.add(event.get("id", event.get("cloid")))
        self.ends |= _ended_by(event)
        if kind == "register":
            self.registered.add(event["cloid"])
            self.sent[event["cloid"]] = at
        if kind == "rebase":  # the orders to begin with are ours
            self.registered |= {one["cloid"] for one in event.get("orders", ()) if "cloid" in one}
        if kind == "listing_requested":
            self.asked[event["request"]] = at
        self.rebased |= kind == "rebase"
        self.changed |= kind in ("reversal", "correction")
        if (
            kind == "fill"
            and (key := (event["oid"], event["tid"], event["time"])) not in self.fills
        ):
            size = Decimal(event["size"])
            self.fills[key] = size
            self.position += size if event["side"] == "buy" else -size
            self.position -= Decimal(event.get("fee", "0"))

    def fills_of(self, oid: str) -> Decimal:
        """Return how much of an order was told in fills."""
        return sum((size for (of, _, _), size in self.fills.items() if of == oid), Decimal(0))


def _ended_by(event: Mapping[str, Any]) -> set[str]:
    """Return the oids and cloids of which an event may tell that they are over."""
    kind, names = event["type"], {event.get(name) or "" for name in ("oid", "cloid", "id")}
    ends = {
        "fill": {event.get("oid", "")},
        "answer": {event.get("oid") or event.get("cloid", "")} if _fills(event) else set(),
        "status": names if event.get("status") in _END else set(),
        "reject": names,
        "cancel_answer": names if event.get("outcome") in ("confirmed", "not_open") else set(),
        "modify_answer": names if event.get("outcome") != "unknown" else set(),
    }
    return ends.get(kind, set()) - {""}


def _fills(answer: Mapping[str, Any]) -> bool:
    return "filled" in answer or not answer.get("oid")


def impossible(case: Case) -> list[str]:
    """Return what of the truths of a vector cannot be, by step."""
    heard, past, found = Heard(), list[tuple[int, Truth | None]](), list[str]()
    for number, step in enumerate(case.steps, 1):
        for event in step.events():
            heard.hear(event, step.at)
        truth = None if step.truth is None else truth_of(step.truth)
        past.append((step.at, truth))
        if truth is not None:
            lines = [
                *_alone(truth),
                *_of_events(truth, heard),
                *_of_listing(step.event, past, heard),
                *_of_time(truth, heard, step.at - int(case.config["expected_cloid_ttl"])),
            ]
            found += [f"{case.slug}, step {number}: {line}" for line in lines]
    known = [(n, one) for n, (_, one) in enumerate(past, 1) if one is not None]
    for (_, before), (number, after) in pairwise(known):
        found += [f"{case.slug}, step {number}: {line}" for line in _changed(before, after)]
    return found


def _alone(truth: Truth) -> Iterator[str]:
    """Yield what of a truth contradicts the rest of it."""
    for one in truth.orders.values():
        if one.fills is not None and one.fills > one.executed:
            yield f"{one.id}: more was told than has executed"
        if (one.told == "over") > (one.stands == "over") and not truth.misled:
            yield f"{one.id}: told to be over, and is not"
        if one.stands == "sent" and (one.executed or one.told != "nothing"):
            yield f"{one.id}: on its way, and known to have come"
        if one.stands == "over" and one.left:
            yield f"{one.id}: over, and can trade"
        if one.stands == "open" and not one.left:
            yield f"{one.id}: open, and cannot trade"
        old = truth.orders.get(one.replaces)
        if old is not None and old.stands != "over":
            yield f"{one.id}: the order that it replaced is not over"
    for side, size in truth.traded.items():
        ours = (one for one in truth.orders.values() if one.ours and one.side == side)
        if sum((one.executed for one in ours), Decimal(0)) > size:
            yield f"orders have executed more than was traded: {side}"
    if truth.quiet:
        yield from _loud(truth)


def _loud(truth: Truth) -> Iterator[str]:
    if truth.misled:
        yield "quiet, and a false word stands"
    for one in truth.orders.values():
        if one.ours and (one.stands == "sent" or one.fills not in (None, one.executed)):
            yield f"{one.id}: quiet, and not everything was told of it"


def _of_events(truth: Truth, heard: Heard) -> Iterator[str]:
    """Yield what of a truth contradicts what was told."""
    for one in truth.orders.values():
        told = heard.fills_of(one.id)
        fills = told if one.fills is None else one.fills
        if (fills < told and not truth.misled) or (fills > told and not heard.rebased):
            yield f"{one.id}: {told} was told in fills"
        named = one.id in heard.ids or one.cloid in heard.ids
        if one.told != "nothing" and not named:
            yield f"{one.id}: nothing has named it"
        if one.told == "over" and not {one.id, one.cloid} & heard.ends:
            yield f"{one.id}: nothing has told that it is over"
        if one.told == "nothing" and one.ours and (one.id, one.cloid) in heard.pairs:
            yield f"{one.id}: it was told"
        if one.ours != (one.cloid in heard.registered):
            yield f"{one.id}: whose it is, the events say otherwise"
    oids = {oid for oid, cloid in heard.pairs if cloid in heard.registered}
    for oid in sorted({oid for oid, _, _ in heard.fills} & oids):
        if truth.orders and oid not in truth.orders:
            yield f"{oid}: ours, filled, and not there"
    taken_over = heard.rebased or heard.changed
    if truth.position not in (None, heard.position) and not taken_over:
        yield f"the fills told come to {heard.position}"


def _of_time(truth: Truth, heard: Heard, expired: int) -> Iterator[str]:
    """Yield the requests that are on their way, and were made too long ago to take effect."""
    for one in truth.orders.values():
        if one.stands == "sent" and heard.sent.get(one.cloid, expired) < expired:
            yield f"{one.id}: on its way after the time in which a request takes effect"


def _of_listing(
    event: Mapping[str, Any], past: list[tuple[int, Truth | None]], heard: Heard
) -> Iterator[str]:
    """Yield what a listing shows that was not open, and what it does not that was."""
    truth = past[-1][1]
    if event["type"] != "listing" or "request" not in event or "scope" in event:
        return
    if truth is None or truth.misled:
        return
    since = heard.asked[event["request"]] - LAG
    first = max((n for n, (at, _) in enumerate(past) if at < since), default=0)
    span = [one for _, one in past[first:]]
    listed = {row["oid"] for row in event["orders"]}
    for oid in sorted(listed):
        if None not in span and not any(_is_there(one, oid) for one in span):
            yield f"{oid}: listed, and was not open"
    for oid in sorted(set(truth.orders) - listed):
        shown = truth.orders[oid].stands == "open" or "covers_triggers" in event
        if shown and all(_is_there(one, oid, told=True) for one in span):
            yield f"{oid}: open all the time, and not listed"


def _is_there(truth: Truth | None, oid: str, *, told: bool = False) -> bool:
    order = None if truth is None else truth.orders.get(oid)
    if order is None:
        return False
    return order.stands in ("open", "waiting") and not (told and order.told == "nothing")


def _changed(before: Truth, after: Truth) -> Iterator[str]:
    """Yield what cannot have changed so from one step to the next."""
    for id_, old in before.orders.items():
        new = after.orders.get(id_)
        if new is None:
            if not _may_leave(old, after):
                yield f"{id_}: it is gone"
            continue
        if (old.side, old.ours) != (new.side, new.ours) or old.cloid != new.cloid:
            yield f"{id_}: another order"
        if old.stands == "over" != new.stands:
            yield f"{id_}: it was over"
        if new.executed < old.executed:
            yield f"{id_}: less has executed than had"
        # Of the orders of others that one is open is said by the last listing alone.
        if TOLD.index(new.told) < TOLD.index(old.told) and (old.ours or old.told == "over"):
            yield f"{id_}: what was told is untold"


def _may_leave(old: TrueOrder, after: Truth) -> bool:
    """Return whether an order can be missing: over with nothing executed, or under its oid now.

    Of the orders of others nobody keeps account.
    """
    if not old.ours or (old.stands == "over" and not old.executed):
        return True
    named = any(one.cloid == old.cloid for one in after.orders.values() if one.id != old.id)
    return (old.stands == "sent" or old.id == old.cloid) and named
