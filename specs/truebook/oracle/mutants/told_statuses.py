"""Mutants that take statuses for more, or for less, than they say."""

from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import (
    OVER,
    Event,
    ghosts,
    less,
    move,
    off,
    order_of,
    state_of,
)
from truebook.oracle.reference import Texts, text

STATUSES = Family()


def _says(e: Event, *words: str) -> bool:
    return bool(e["type"] == "status" and e["status"] in words)


# That the venue knows no such order


@STATUSES.tells(
    "an order that the venue does not know is closed at once",
    # It is not known by its cloid, or not yet: each of these says what that does not prove.
    rules="absence-needs-age status-of-its-oid unknown-stays",
    properties="no-live-order-dropped tracked-or-in-grace",
)
def _status_unknown_closes(d: Broken, e: Event, at: int) -> Event:
    order = order_of(d, e["id"]) if e["type"] == "status_unknown" else None
    if order is None:
        return e
    if order.oid is None:
        return {"type": "reject", "cloid": order.cloid}
    return {"type": "status", "oid": str(order.oid), "status": "cancelled"}


@STATUSES.tells(
    "an open order whose cloid the venue does not know is closed at once",
    rules="status-of-its-oid",
    properties="no-live-order-dropped",
)
def _unknown_cloid_closes(d: Broken, e: Event, at: int) -> Event:
    order = order_of(d, e["id"]) if e["type"] == "status_unknown" else None
    if order is None or order.oid is None or e["id"] != order.cloid:
        return e
    return {"type": "status", "oid": str(order.oid), "status": "cancelled"}


@STATUSES.tells(
    "that the venue knows no such order is as new as its coming",
    rules="absence-needs-age",
    properties="no-live-order-dropped tracked-or-in-grace",
)
def _status_unknown_always_new(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "status_unknown":
        d.requests[f"#{at}"] = d.book.listing_requested(at)
        return {**e, "request": f"#{at}"}
    return e


# What of it has filled


@STATUSES.tells(
    "what a status says has filled moves the position",
    rules="fills-move-position",
    properties="no-fill-twice position-is-unique-fills",
    show=off,
)
def _status_moves_position(d: Broken, e: Event, at: int) -> Event:
    order = order_of(d, e["oid"]) if e["type"] == "status" and "filled" in e else None
    if order is not None and ("told", e["oid"]) not in d.memo:
        d.memo["told", e["oid"]] = True
        more = max(Decimal(0), Decimal(e["filled"]) - order.taker - order.maker)
        move(d, more if order.side.value == "buy" else -more)
    return e


@STATUSES.tells(
    "that an order has filled counts as a fill of what is left",
    rules="fills-move-position",
    properties="no-fill-twice position-is-unique-fills",
)
def _filled_is_a_fill(d: Broken, e: Event, at: int) -> list[Event] | Event:
    order = order_of(d, e["oid"]) if _says(e, "filled") else None
    if order is None or not order.remaining:
        return e
    fill = {"type": "fill", "oid": e["oid"], "tid": f"status {e['oid']}", "time": str(at)}
    fill |= {"side": order.side.value, "size": text(order.remaining), "price": text(order.price)}
    return [fill, e]


def _sizes_to_rest(d: Broken, s: Texts) -> None:
    for oid, filled in d.memo.items():
        order, shown = order_of(d, oid), s["orders"].get(oid)
        if order is None or shown is None:
            continue
        shown["size"] = text(order.size - filled)
        shown["remaining"] = text(max(Decimal(0), order.remaining - filled))
        less(s["exposure"], order.side.value, min(order.exposure, filled))


@STATUSES.tells(
    "that an order is open after it has filled in part sets its size to the rest",
    rules="early-fills-kept",
    properties="exposure-bounds-truth state-agrees-with-fills",
    show=_sizes_to_rest,
)
def _open_sets_the_size(d: Broken, e: Event, at: int) -> Event:
    if _says(e, "open") and Decimal(e.get("filled", "0")) and e["oid"] is not None:
        d.memo.setdefault(e["oid"], Decimal(e["filled"]))
    return e


@STATUSES.tells(
    "a status with some filled ends its order",
    rules="state-is-derived",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _part_is_the_end(d: Broken, e: Event, at: int) -> Event:
    part = _says(e, "open") and Decimal(e.get("filled", "0"))
    return {**e, "status": "filled"} if part else e


# What becomes of the order


@STATUSES.tells(
    "that an order is open reopens one that is over",
    rules="tombstones",
    properties="transitions-in-table exposure-is-tight",
    show=ghosts,
)
def _open_reopens(d: Broken, e: Event, at: int) -> Event:
    if _says(e, "open") and state_of(d, e["oid"]) in OVER:
        d.memo.setdefault("ghosts", []).append(e["oid"])
    return e


@STATUSES.tells(
    "a status that says filled counts as nothing",
    rules="state-is-derived",
    properties="exposure-is-tight",
)
def _filled_status_ignored(d: Broken, e: Event, at: int) -> Event | None:
    return None if _says(e, "filled") else e


@STATUSES.tells(
    "that an order was cancelled unasked counts as nothing",
    rules="state-is-derived",
    properties="exposure-is-tight",
)
def _unasked_end_ignored(d: Broken, e: Event, at: int) -> Event | None:
    order = order_of(d, e["oid"]) if _says(e, "cancelled") else None
    return None if order is not None and order.cancel_at is None else e


@STATUSES.tells(
    "that an order was cancelled is the last word, and its fills are all here",
    rules="tombstones",
    properties="exposure-bounds-truth",
)
def _cancelled_is_final(d: Broken, e: Event, at: int) -> Event:
    order = order_of(d, e["oid"]) if _says(e, "cancelled") else None
    return e if order is None else {**e, "filled": text(order.taker + order.maker)}


@STATUSES.tells(
    "a refusal on the stream counts as nothing",
    rules="reject-clears",
    properties="exposure-is-tight",
)
def _streamed_refusal_ignored(d: Broken, e: Event, at: int) -> Event | None:
    return None if _says(e, "rejected") else e


@STATUSES.tells(
    "a status is of the order that has its cloid now, whatever oid it names",
    rules="status-of-its-oid",
    properties="no-live-order-dropped",
)
def _status_by_cloid(d: Broken, e: Event, at: int) -> Event:
    order = order_of(d, e.get("cloid")) if e["type"] == "status" else None
    return e if order is None or order.oid is None else {**e, "oid": str(order.oid)}


@STATUSES.tells(
    "a status of an order that has been replaced is of the one that replaced it",
    rules="modify-binds status-of-its-oid",
    properties="no-live-order-dropped",
)
def _old_status_closes_new(d: Broken, e: Event, at: int) -> Event:
    order = order_of(d, e["oid"]) if e["type"] == "status" else None
    return e if order is None or order.oid is None else {**e, "oid": str(order.oid)}


@STATUSES.tells(
    "an old status binds a new order of its cloid",
    rules="old-evidence-binds-nothing",
    properties="identity no-live-order-dropped",
)
def _old_status_closes(d: Broken, e: Event, at: int) -> Event:
    pending = e["type"] == "status" and state_of(d, e.get("cloid")) == "pending"
    over = pending and e["status"] in ("cancelled", "filled", "rejected")
    return {"type": "reject", "cloid": e["cloid"]} if over else e


# Orders that wait


@STATUSES.tells(
    "that an order waits is taken for its refusal",
    rules="waits-is-not-dead",
    properties="tracked-or-in-grace exposure-bounds-truth",
)
def _waiting_is_rejected(d: Broken, e: Event, at: int) -> Event:
    if not _says(e, "waiting"):
        return e
    return {name: value for name, value in e.items() if name != "answers"} | {"status": "rejected"}


@STATUSES.tells(
    "what was triggered is over",
    rules="waits-is-not-dead",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _triggered_is_over(d: Broken, e: Event, at: int) -> Event:
    if not _says(e, "triggered"):
        return e
    return {**e, "status": "cancelled" if e["oid"] is not None else "rejected"}


@STATUSES.tells(
    "a child goes on waiting when its parent has ended",
    rules="waits-is-not-dead",
    properties="exposure-is-tight",
)
def _child_outlives_parent(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "register" and "parent" in e:
        return {name: value for name, value in e.items() if name != "parent"} | {"trigger": "1"}
    return e
