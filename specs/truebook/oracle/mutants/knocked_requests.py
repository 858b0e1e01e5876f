"""The reference without each rule of names, listings and waiting, as trackers are that lack it."""

from collections.abc import Iterator
from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import (
    LIVE,
    TICK,
    Event,
    is_old,
    less,
    order_of,
    order_of_fill,
    state_of,
    without,
)
from truebook.oracle.reference import Texts, text

REQUESTS = Family()


# modify-binds


@REQUESTS.tells("an order has the oid that it had first", rules="modify-binds")
def _old_oid_only(d: Broken, e: Event, at: int) -> Event:
    confirmed = e["type"] == "modify_answer" and e["outcome"] == "confirmed"
    return TICK if confirmed else e


@REQUESTS.tells("a modify is a new order, and the old one is open as before", rules="modify-binds")
def _modify_is_a_new_order(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] == "modify" and (asked := order_of(d, e["id"])) is not None:
        d.memo[asked.cloid] = {**e, "side": asked.side.value}
    done = e["type"] == "modify_answer" and e["outcome"] == "confirmed" and "oid" in e
    asked = d.memo.get(e.get("cloid")) if done else None
    if asked is None:
        return e
    new = {"cloid": f"{e['cloid']} again", "oid": e["oid"], "resting": asked["size"]}
    return [
        {"type": "modify_answer", "cloid": e["cloid"], "outcome": "failed", "old": "open"},
        {"type": "answer", **new, "side": asked["side"], "price": asked["price"]},
    ]


@REQUESTS.tells("an order keeps its fills when it is modified", rules="modify-binds")
def _fills_are_kept(d: Broken, e: Event, at: int) -> list[Event] | Event:
    order = order_of(d, e["cloid"]) if e["type"] == "modify_answer" else None
    if order is None or e["outcome"] != "confirmed" or not order.filled or not e.get("oid"):
        return e
    filled = text(order.filled)
    return [e, {"type": "status", "oid": e["oid"], "status": "open", "filled": filled}]


@REQUESTS.tells("an oid that was replaced is forgotten", rules="modify-binds")
def _replaced_oid_forgotten(d: Broken, e: Event, at: int) -> Event:
    order = order_of_fill(d, e) if e["type"] == "fill" else None
    if order is None or not is_old(d, e["oid"], order.cloid):
        return e
    return {**without(e, "cloid"), "oid": f"{e['oid']} "}


@REQUESTS.tells("only its answer binds a modify, no fill and no listing", rules="modify-binds")
def _answer_binds_alone(d: Broken, e: Event, at: int) -> Event:
    modified = {c for c in d.book.get_pending_cloids() if len(d.book.legs(c)) > 1}
    if e["type"] == "fill" and e.get("cloid") in modified:
        return without(e, "cloid")
    if e["type"] != "listing" or not modified:
        return e
    orders = [without(o, "cloid") if o.get("cloid") in modified else o for o in e["orders"]]
    return {**e, "orders": orders}


@REQUESTS.tells("an order is over once its modify is asked for", rules="modify-binds")
def _asking_replaces(d: Broken, e: Event, at: int) -> list[Event] | Event:
    order = order_of(d, e["id"]) if e["type"] == "modify" else None
    if order is None or state_of(d, e["id"]) not in LIVE:
        return e
    return [e, {"type": "status", "oid": str(order.oid), "status": "cancelled"}]


# ages-out


REQUESTS.add(
    "tombstones-for-ever",
    "an order that is over is never forgotten",
    rules="ages-out",
    config={"tombstone_duration": lambda ticks: 10_000 * ticks},
)
REQUESTS.add(
    "fills-awaited-for-ever",
    "the fills of an order that is over are waited for, for ever",
    rules="ages-out",
    config={"fill_window_duration": lambda ticks: 10_000 * ticks},
)


@REQUESTS.shows("an orphan that was seen once is an orphan for ever", rules="ages-out")
def _orphan_for_ever(d: Broken, s: Texts) -> None:
    d.memo.update(dict.fromkeys(s["orphans"]))
    s["orphans"] = [*s["orphans"], *(oid for oid in d.memo if oid not in s["orphans"])]


REQUESTS.add(
    "requests-awaited-for-ever",
    "a request without an answer is waited for, for ever",
    rules="unknown-stays",
    config={"expected_cloid_ttl": lambda ticks: 10_000 * ticks + 10_000},
)


# contradiction-reopens


@REQUESTS.tells("what was told as over stays over", rules="contradiction-reopens")
def _over_is_over(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    over = ("cancel_confirmed", "cancelled", "filled", "filled_during_cancel", "dead")
    still = [o for o in e["orders"] if not {state_of(d, o["oid"]), _state(d, o)} & set(over)]
    return {**e, "orders": still}


def _state(d: Broken, listed: Event) -> str:
    return state_of(d, listed.get("cloid")) if order_of(d, listed["oid"]) is None else ""


@REQUESTS.asks("that a listing contradicts a word is not said", rules="contradiction-reopens")
def _contradiction_unsaid(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "listing":
        asked["reports"] = [report for report in asked["reports"] if report != "conflict"]


# own-stays-own


@REQUESTS.tells("a cloid that is forgotten is a stranger's", rules="own-stays-own")
def _forgotten_cloid_is_strange(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    orders = [
        {**o, "cloid": f"once {o['cloid']}"} if "cloid" in o and not state_of(d, o["cloid"]) else o
        for o in e["orders"]
    ]
    return {**e, "orders": orders}


# answers-name-requests


@REQUESTS.tells(
    "an answer is of what its order awaits, whichever request it names",
    rules="answers-name-requests",
)
def _answers_without_numbers(d: Broken, e: Event, at: int) -> Event:
    return without(e, "answers")


def _named(d: Broken, e: Event) -> Iterator[str]:
    order = order_of(d, e.get("id"))
    kind = "cancel" if e["type"].startswith("cancel") else "order"
    yield f"{kind} of {e.get('cloid') or (order.cloid if order else e.get('id'))}"


@REQUESTS.tells("an answer is of the request that was sent last", rules="answers-name-requests")
def _answers_of_the_last(d: Broken, e: Event, at: int) -> Event:
    (of,) = _named(d, e)
    if e["type"] in ("register", "modify", "cancel"):
        d.memo[of] = e.get("name", f"last {len(d.memo)} {at}")
        return {**e, "name": d.memo[of]}
    answers = e["type"] in ("answer", "reject", "unknown", "cancel_answer", "modify_answer")
    return {**e, "answers": d.memo[of]} if answers and d.memo.get(of) in d.numbers else e


# errors-end-little


@REQUESTS.tells("what is not open is over, or never comes", rules="errors-end-little")
def _not_open_is_over(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "cancel_answer" or e["outcome"] != "not_open":
        return e
    order = order_of(d, e["id"])
    if order is None or order.oid is not None:
        return {**e, "outcome": "confirmed"}
    return {"type": "reject", "cloid": order.cloid}


@REQUESTS.tells("an order is gone once its modify has failed", rules="errors-end-little")
def _failed_modify_is_the_end(d: Broken, e: Event, at: int) -> Event:
    failed = e["type"] == "modify_answer" and e["outcome"] == "failed"
    return {**e, "old": "gone"} if failed else e


@REQUESTS.tells("the error of a modify says nothing of the old order", rules="errors-end-little")
def _error_says_nothing_of_old(d: Broken, e: Event, at: int) -> Event:
    return without(e, "old") if e["type"] == "modify_answer" else e


@REQUESTS.tells("any error of a cancel ends its order", rules="errors-end-little")
def _any_error_ends(d: Broken, e: Event, at: int) -> Event:
    error = e["type"] == "cancel_answer" and e["outcome"] in ("rejected", "not_open")
    return {**e, "outcome": "confirmed"} if error else e


# status-of-its-oid


@REQUESTS.tells("a status is of whatever has its cloid", rules="status-of-its-oid")
def _status_of_the_cloid(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "status_unknown":
        order = order_of(d, e["id"])
        is_cloid = order is not None and order.oid is not None and e["id"] == order.cloid
        return {**e, "id": str(order.oid)} if order is not None and is_cloid else e
    order = order_of(d, e.get("cloid")) if e["type"] == "status" else None
    return {**e, "oid": str(order.oid)} if order is not None and order.oid is not None else e


@REQUESTS.tells("what the venue does not know by its cloid is over", rules="status-of-its-oid")
def _unknown_cloid_is_over(d: Broken, e: Event, at: int) -> Event:
    order = order_of(d, e["id"]) if e["type"] == "status_unknown" else None
    if order is None or order.oid is None or e["id"] != order.cloid:
        return e
    return {"type": "status", "oid": str(order.oid), "status": "cancelled"}


# strangers-apart


REQUESTS.add(
    "nobody-is-left-alone",
    "every order that is not ours is to be cancelled, whatever the policy is",
    rules="strangers-apart",
    config={"leave_strangers": lambda leave: 0},
)


@REQUESTS.shows("what others can trade is in our exposure", rules="strangers-apart")
def _others_in_our_exposure(d: Broken, s: Texts) -> None:
    for orphan in d.book.get_orphans():
        left = d.book.config.strangers.value == "leave" and orphan.since is not None
        if left and orphan.side is not None:
            less(s["exposure"], orphan.side.value, -orphan.size)


# remaining-is-the-venues


@REQUESTS.tells("an order has the size that it was sent with", rules="remaining-is-the-venues")
def _size_as_sent(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    bare = [
        order if order_of(d, order["oid"]) is None else without(order, "size", "remaining")
        for order in e["orders"]
    ]
    return {**e, "orders": bare}


def _as_listed_last(d: Broken, s: Texts) -> None:
    for oid, left in d.memo.items():
        order = order_of(d, oid)
        if order is not None and order.is_open:
            less(s["exposure"], order.side.value, order.exposure - left)


@REQUESTS.tells(
    "the listing that came last has what is left",
    rules="remaining-is-the-venues",
    show=_as_listed_last,
)
def _last_listing_is_right(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "listing":
        left = {o["oid"]: Decimal(o["remaining"]) for o in e["orders"] if "remaining" in o}
        d.memo.update(left)
    elif e["type"] not in ("tick", "listing_requested"):
        d.memo.clear()
    return e


@REQUESTS.tells("the size of an order only falls", rules="remaining-is-the-venues")
def _size_only_falls(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    return {**e, "orders": [_not_above(d, order) for order in e["orders"]]}


def _not_above(d: Broken, listed: Event) -> Event:
    order = order_of(d, listed["oid"])
    larger = order is not None and Decimal(listed.get("size", "0")) > order.size
    return without(listed, "size", "remaining") if larger else listed


@REQUESTS.tells("what is left is the size", rules="remaining-is-the-venues")
def _what_is_left_is_the_size(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    orders = [{**o, "size": o["remaining"]} if "remaining" in o else o for o in e["orders"]]
    return {**e, "orders": orders}


# waits-is-not-dead


@REQUESTS.tells("an order without an oid was not accepted", rules="waits-is-not-dead")
def _no_oid_no_order(d: Broken, e: Event, at: int) -> Event:
    no_oid = e["type"] in ("answer", "status") and e["oid"] is None and "cloid" in e
    return {"type": "reject", "cloid": e["cloid"]} if no_oid else e


@REQUESTS.tells("every listing has every order", rules="waits-is-not-dead")
def _every_listing_covers(d: Broken, e: Event, at: int) -> Event:
    return {**e, "covers_triggers": "true"} if e["type"] == "listing" else e


@REQUESTS.tells("an order that waits is like any other", rules="waits-is-not-dead")
def _waits_like_any_other(d: Broken, e: Event, at: int) -> Event:
    return without(e, "trigger", "parent") if e["type"] == "register" else e


@REQUESTS.tells("what was triggered is over", rules="waits-is-not-dead")
def _triggered_is_gone(d: Broken, e: Event, at: int) -> Event:
    triggered = e["type"] == "status" and e["status"] == "triggered" and e["oid"] is not None
    return {**e, "status": "cancelled"} if triggered else e
