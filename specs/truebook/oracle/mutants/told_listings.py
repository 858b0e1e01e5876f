"""Mutants that take listings for newer, fuller or emptier than they are."""

from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import (
    AGED,
    Event,
    ghosts,
    less,
    order_of,
    state_of,
    without,
)
from truebook.oracle.reference import Texts

LISTINGS = Family()

CLOSED = ("cancel_confirmed", "cancelled")


def _is_listing(e: Event) -> bool:
    return bool(e["type"] == "listing")


def _named(e: Event) -> set[str]:
    return {order["oid"] for order in e["orders"]} | {
        o["cloid"] for o in e["orders"] if "cloid" in o
    }


# How new a listing is


@LISTINGS.tells(
    "a listing is as new as its coming",
    rules=AGED,
    properties="no-live-order-dropped tracked-or-in-grace transitions-in-table",
)
def _listing_always_new(d: Broken, e: Event, at: int) -> Event:
    if _is_listing(e) and "request" in e:
        d.requests[f"#{at}"] = d.book.listing_requested(at)
        return {**e, "request": f"#{at}"}
    return e


@LISTINGS.tells(
    "a listing is taken to be as old as one may be",
    rules=AGED,
    properties="convergence",
)
def _listing_always_old(d: Broken, e: Event, at: int) -> Event:
    return without(e, "request") if _is_listing(e) and e["orders"] else e


@LISTINGS.tells(
    "a failed listing is an empty one",
    rules="absence-needs-age",
    properties="no-live-order-dropped tracked-or-in-grace",
)
def _failure_is_empty(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing_failed":
        return e
    return {"type": "listing", "orders": [], **({k: v for k, v in e.items() if k == "request"})}


@LISTINGS.tells(
    "an empty listing that nobody asked for is believed",
    rules="absence-needs-age",
    properties="no-live-order-dropped",
)
def _empty_listing_believed(d: Broken, e: Event, at: int) -> Event:
    if _is_listing(e) and not e["orders"] and "request" not in e:
        d.requests[f"#{at}"] = d.book.listing_requested(at)
        return {**e, "request": f"#{at}"}
    return e


# What is not listed


@LISTINGS.tells(
    "an open order that is not listed is closed at once",
    rules="absence-needs-age",
    properties="no-live-order-dropped",
)
def _absent_closes(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if not _is_listing(e) or not e["orders"]:
        return e
    gone = [str(oid) for oid in d.book.get_active_oids() if str(oid) not in _named(e)]
    return [e, *({"type": "status", "oid": oid, "status": "cancelled"} for oid in gone)]


@LISTINGS.tells(
    "a pending order that is not listed is dead at once",
    rules="unknown-stays",
    properties="tracked-or-in-grace exposure-bounds-truth",
)
def _absent_pending_dies(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if not _is_listing(e):
        return e
    gone = [cloid for cloid in d.book.get_pending_cloids() if cloid not in _named(e)]
    return [e, *({"type": "reject", "cloid": cloid} for cloid in gone)]


@LISTINGS.tells(
    "an open order that is not listed stays open",
    rules="absence-needs-age",
    properties="convergence exposure-is-tight",
)
def _absence_is_nothing(d: Broken, e: Event, at: int) -> Event:
    if not _is_listing(e):
        return e
    gone = [str(oid) for oid in d.book.get_active_oids() if str(oid) not in _named(e)]
    return {**e, "orders": [*e["orders"], *({"oid": oid} for oid in gone)]}


@LISTINGS.tells(
    "a request that was never answered stays pending, whatever listings lack it",
    rules="unknown-stays",
    properties="convergence nothing-leaks exposure-bounds-truth",
)
def _pending_for_ever(d: Broken, e: Event, at: int) -> Event:
    if not _is_listing(e) or not d.book.get_pending_cloids():
        return e
    lost = [cloid for cloid in d.book.get_pending_cloids() if cloid not in _named(e)]
    return {**e, "orders": e["orders"]} if not lost else without(e, "request")


@LISTINGS.tells(
    "an order that waits is dead where no listing has it",
    rules="waits-is-not-dead",
    properties="tracked-or-in-grace no-live-order-dropped",
)
def _triggers_always_covered(d: Broken, e: Event, at: int) -> Event:
    return {**e, "covers_triggers": "true"} if _is_listing(e) else e


# What is listed


@LISTINGS.tells(
    "an order that is listed before its answer is nobody's",
    rules="listing-binds",
    properties="no-false-orphan tracked-or-in-grace",
)
def _pending_listed_is_orphan(d: Broken, e: Event, at: int) -> Event:
    if not _is_listing(e):
        return e
    return {**e, "orders": [_other_cloid(d, o) for o in e["orders"]]}


def _other_cloid(d: Broken, order: Event) -> Event:
    pending = state_of(d, order.get("cloid")) == "pending" and order_of(d, order["oid"]) is None
    return {**order, "cloid": f"not {order['cloid']}"} if pending else order


@LISTINGS.tells(
    "an order that is forgotten is nobody's",
    rules="own-stays-own",
    properties="no-false-orphan",
)
def _forgotten_is_orphan(d: Broken, e: Event, at: int) -> Event:
    if not _is_listing(e):
        return e
    orders = [
        o if "cloid" not in o or state_of(d, o["cloid"]) else {**o, "cloid": f"not {o['cloid']}"}
        for o in e["orders"]
    ]
    return {**e, "orders": orders}


@LISTINGS.tells(
    "an order that is forgotten is not looked at where it is listed",
    rules="own-stays-own",
    properties="tracked-or-in-grace exposure-bounds-truth",
)
def _forgotten_not_taken_up(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "register":
        d.memo[e["cloid"]] = True
    if not _is_listing(e):
        return e
    known = [o for o in e["orders"] if state_of(d, o.get("cloid")) or o.get("cloid") not in d.memo]
    return {**e, "orders": known}


@LISTINGS.tells(
    "an order that is over stays over, however long listings have it",
    rules="contradiction-reopens",
    properties="no-live-order-dropped recovers",
)
def _false_end_stands(d: Broken, e: Event, at: int) -> Event:
    if not _is_listing(e):
        return e
    return {**e, "orders": [o for o in e["orders"] if state_of(d, o["oid"]) not in CLOSED]}


@LISTINGS.tells(
    "an order that is over is open again by any listing that has it",
    rules="absence-needs-age",
    properties="transitions-in-table exposure-is-tight",
    show=ghosts,
)
def _presence_reopens(d: Broken, e: Event, at: int) -> Event:
    if _is_listing(e):
        listed = [order["oid"] for order in e["orders"]]
        d.memo["ghosts"] = [oid for oid in listed if state_of(d, oid) in CLOSED]
    return e


@LISTINGS.tells(
    "a word that ends an order is believed though listings contradicted one before",
    rules="contradiction-reopens",
    properties="no-live-order-dropped",
    show=lambda d, s: s["open"].__setitem__(
        slice(None), [oid for oid in s["open"] if oid not in d.memo.get("ended", ())]
    ),
)
def _second_false_end(d: Broken, e: Event, at: int) -> Event:
    ends = e["type"] == "status" and e["status"] in ("cancelled", "rejected")
    ends |= e["type"] == "cancel_answer" and e["outcome"] in ("confirmed", "not_open")
    order = order_of(d, e.get("oid") or e.get("id")) if ends else None
    if order is not None and order.doubted:
        d.memo.setdefault("ended", set()).add(str(order.oid))
    return e


# How much is left


@LISTINGS.tells(
    "what a listing says is left is the size",
    rules="remaining-is-the-venues",
    properties="exposure-bounds-truth state-agrees-with-fills",
)
def _rest_is_the_size(d: Broken, e: Event, at: int) -> Event:
    if not _is_listing(e):
        return e
    orders = [{**o, "size": o["remaining"]} if "remaining" in o else o for o in e["orders"]]
    return {**e, "orders": orders}


@LISTINGS.tells(
    "an order is never larger than it was registered",
    rules="remaining-is-the-venues",
    properties="exposure-bounds-truth",
)
def _never_larger(d: Broken, e: Event, at: int) -> Event:
    return {**e, "orders": [_capped(d, o) for o in e["orders"]]} if _is_listing(e) else e


def _capped(d: Broken, listed: Event) -> Event:
    order = order_of(d, listed["oid"])
    if order is None or Decimal(listed.get("size", "0")) <= order.size:
        return listed
    return without(listed, "size", "remaining")


@LISTINGS.tells(
    "an order is never smaller than it was registered",
    rules="remaining-is-the-venues",
    properties="exposure-is-tight",
)
def _never_smaller(d: Broken, e: Event, at: int) -> Event:
    return {**e, "orders": [_raised(d, o) for o in e["orders"]]} if _is_listing(e) else e


def _raised(d: Broken, listed: Event) -> Event:
    order = order_of(d, listed["oid"])
    if order is None or Decimal(listed.get("size", "0")) >= order.size:
        return listed
    return without(listed, "size", "remaining")


def _as_pictured(d: Broken, s: Texts) -> None:
    for oid, left in d.memo.items():
        order = order_of(d, oid)
        if order is not None and order.is_open:
            less(s["exposure"], order.side.value, order.exposure - Decimal(left))


@LISTINGS.tells(
    "of two pictures of a size the one that came last is believed, however old it is",
    rules="remaining-is-the-venues",
    properties="exposure-bounds-truth",
    show=_as_pictured,
)
def _latest_picture_wins(d: Broken, e: Event, at: int) -> Event:
    if _is_listing(e):
        d.memo.update((o["oid"], o["remaining"]) for o in e["orders"] if "remaining" in o)
    elif e["type"] not in ("tick", "listing_requested"):
        d.memo.clear()  # what is newer than the picture is read as ever
    return e


# Those of others


@LISTINGS.tells(
    "an order with a cloid that is not ours is not looked at",
    rules="orphan-cancel-marked",
    properties="convergence exposure-bounds-truth",
)
def _named_strangers_ignored(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "register":
        d.memo[e["cloid"]] = True
    if not _is_listing(e):
        return e
    return {**e, "orders": [o for o in e["orders"] if "cloid" not in o or o["cloid"] in d.memo]}
