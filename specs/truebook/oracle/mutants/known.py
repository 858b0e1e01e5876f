"""The mutants: each breaks one thing on purpose, and must die in the vectors."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs

from truebook.oracle.mutants.mutant import Broken, Mutant, Show, Tell
from truebook.oracle.reference import Driver, Texts, text

MUTANTS: list[Mutant] = []


def _tells(words: str) -> Callable[[Tell], Tell]:
    def note(change: Tell) -> Tell:
        MUTANTS.append(Mutant(_slug(change), words, tell=change))
        return change

    return note


def _shows(words: str) -> Callable[[Show], Show]:
    def note(change: Show) -> Show:
        MUTANTS.append(Mutant(_slug(change), words, show=change))
        return change

    return note


def _slug(change: Callable[..., Any]) -> str:
    return change.__name__.lstrip("_").replace("_", "-")


# What the book is told


def _state(driver: Driver, id_: str) -> str:
    order = driver.book.get_order(id_)
    return "" if order is None else order.state.name.lower()


@_tells("a fill of an order whose cancel is awaited is lost")
def _fill_lost_in_cancel(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    lost = e["type"] == "fill" and _state(d, e["oid"]) == "cancel_pending"
    return None if lost else e


@_tells("a fill of an order that is over is lost")
def _late_fill_lost(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    over = ("cancel_confirmed", "cancelled", "filled", "filled_during_cancel")
    return None if e["type"] == "fill" and _state(d, e["oid"]) in over else e


@_tells("fills are known by their oid alone")
def _dedup_by_oid(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    return {**e, "tid": e["oid"], "time": "1"} if e["type"] == "fill" else e


@_tells("fills are known by their tid alone, whichever order they are of")
def _dedup_by_tid(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    if e["type"] != "fill":
        return e
    return e if d.memo.setdefault(e["tid"], e["oid"]) == e["oid"] else None


@_tells("fills are not known again")
def _no_dedup(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    d.memo["told"] = d.memo.get("told", 0) + 1
    return {**e, "tid": f"{e['tid']} {d.memo['told']}"} if e["type"] == "fill" else e


@_tells("a fill does not bind its cloid")
def _fill_does_not_bind(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    return {k: v for k, v in e.items() if k != "cloid"} if e["type"] == "fill" else e


@_tells("every fill is taken for one on arrival")
def _all_fills_cross(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    return {**e, "crossed": "true"} if e["type"] == "fill" else e


@_tells("every fill is taken for one of a resting order")
def _no_fill_crosses(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    return {**e, "crossed": "false"} if e["type"] == "fill" else e


@_tells("what sells is taken for what buys")
def _sells_are_buys(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    return {**e, "side": "buy"} if e["type"] == "fill" else e


@_tells("fills of unknown orders are dropped")
def _unknown_fills_dropped(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    unknown = e["type"] == "fill" and not (_state(d, e["oid"]) or _state(d, e.get("cloid", "-")))
    return None if unknown else e


@_tells("the answer's resting size becomes the size")
def _size_from_answer(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    return {**e, "filled": "0"} if e["type"] == "answer" and "filled" in e else e


@_tells("a timeout is taken for a refusal")
def _timeout_is_refusal(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    return {**e, "type": "reject"} if e["type"] == "unknown" else e


@_tells("a modify that times out is taken for one that failed")
def _modify_timeout_is_failure(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    unknown = e["type"] == "modify_answer" and e["outcome"] == "unknown"
    return {**e, "outcome": "failed"} if unknown else e


@_tells("a refusal leaves its request pending")
def _refusal_ignored(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    return None if e["type"] == "reject" else e


@_tells("statuses are not listened to")
def _statuses_ignored(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    return None if e["type"] == "status" else e


@_tells("a status that says filled counts as nothing")
def _filled_status_ignored(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    return None if e["type"] == "status" and e["status"] == "filled" else e


@_tells("listings come without cloids")
def _listing_without_cloids(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    if e["type"] != "listing":
        return e
    orders = [{k: v for k, v in order.items() if k != "cloid"} for order in e["orders"]]
    return {**e, "orders": orders}


@_tells("a listing is as new as its coming")
def _listing_always_new(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    if e["type"] == "listing" and "request" in e:
        d.requests[e["request"]] = d.book.listing_requested(at)
    return e


@_tells("a failed listing is an empty one")
def _failure_is_empty(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    if e["type"] != "listing_failed":
        return e
    return {"type": "listing", "orders": [], **({k: v for k, v in e.items() if k == "request"})}


@_tells("listings of any market are taken")
def _any_scope(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    return {k: v for k, v in e.items() if k != "scope"}


@_tells("listings are not looked at")
def _listings_ignored(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    return None if e["type"] == "listing" else e


@_tells("a cancel is confirmed by being asked")
def _cancel_by_asking(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    if e["type"] == "cancel":
        Driver.tell(d, e, at)
        return {"type": "cancel_answer", "id": e["id"], "outcome": "confirmed"}
    return e


@_tells("the answers to cancels are not listened to")
def _cancel_answers_ignored(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    return None if e["type"] == "cancel_answer" else e


@_tells("a refused cancel is taken for a confirmed one")
def _refused_cancel_confirmed(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    return {**e, "outcome": "confirmed"} if e["type"] == "cancel_answer" else e


@_tells("a modify keeps the old oid only")
def _modify_does_not_bind(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any] | None:
    return None if e["type"] == "modify_answer" and e["outcome"] == "confirmed" else e


@_tells("the venue's position is taken over")
def _position_taken_over(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    if e["type"] == "position":
        d.memo["off"] = Decimal(e["position"]) - d.book.position
    return e


def _off(d: Broken, s: Texts) -> None:
    s["position"] = text(Decimal(s["position"]) + d.memo.get("off", 0))


MUTANTS[-1] = attrs.evolve(MUTANTS[-1], show=_off)


@_tells("a restart forgets what is pending")
def _restart_forgets(d: Broken, e: dict[str, Any], at: int) -> dict[str, Any]:
    if e["type"] == "restart":
        for cloid in d.book.get_pending_cloids():
            d.book.order_rejected(cloid)
    return e


# What the book shows


@_shows("the exposure leaves out what is pending")
def _pending_not_exposed(d: Broken, s: Texts) -> None:
    for cloid in s["pending"]:
        order = d.book.get_order(cloid)
        if order is not None and order.oid is None:
            _less(s["exposure"], order.side.value, order.size)


@_shows("the exposure leaves out what awaits its cancel")
def _cancelling_not_exposed(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        if order.state.name == "CANCEL_PENDING":
            _less(s["exposure"], order.side.value, order.remaining)


@_shows("the exposure leaves out orphans")
def _orphans_not_exposed(d: Broken, s: Texts) -> None:
    if s["orphans"]:
        s["exposure"] = {"buy": "0", "sell": "0"}


@_shows("a modify counts both the old and the new size")
def _modify_counted_twice(d: Broken, s: Texts) -> None:
    for cloid in s["pending"]:
        order = d.book.get_order(cloid)
        if order is not None and order.oid is not None:
            _less(s["exposure"], order.side.value, -order.remaining)


@_shows("the position holds what answers said has filled")
def _expectation_is_position(d: Broken, s: Texts) -> None:
    s["position"] = s["expected_position"]


@_shows("a partial fill hides that a cancel is awaited")
def _partial_hides_cancel(d: Broken, s: Texts) -> None:
    for order in s["orders"].values():
        if order["state"] == "cancel_pending" and order["filled"] != "0":
            order["state"] = "partially_filled"


@_shows("a cancelled order forgets what of it has filled")
def _cancelled_forgets_fills(d: Broken, s: Texts) -> None:
    for order in s["orders"].values():
        if order["state"] in ("cancelled", "cancel_confirmed"):
            order["filled"] = "0"


def _less(sides: dict[str, str], side: str, size: Decimal) -> None:
    sides[side] = text(Decimal(sides[side]) - size)


MUTANTS += [
    Mutant("grace-one-short", "the grace is one tick short", config={
        "orphan_grace_period": lambda ticks: max(1, ticks - 1)}),
    Mutant("grace-one-long", "the grace is one tick long", config={
        "orphan_grace_period": lambda ticks: ticks + 1}),
    Mutant("expiry-one-short", "E is one tick short", config={
        "expected_cloid_ttl": lambda ticks: max(0, ticks - 1)}),
    Mutant("lag-ignored", "a listing is never taken to lag", config={
        "finalized_protection": lambda ticks: 0}),
    Mutant("window-one-short", "the fill window is one tick short", config={
        "fill_window_duration": lambda ticks: ticks - 1}),
    Mutant("tombstone-long", "tombstones stay twice as long", config={
        "tombstone_duration": lambda ticks: 2 * ticks}),
    Mutant("remembers-half", "half as many fills are remembered", config={
        "max_tracked_tids": lambda count: max(1, count // 2)}, survives=(
            "the floor makes up for what is forgotten: fewer ids are right, too, while no fill "
            "is overtaken by more than are remembered")),
    Mutant("stuck-late", "a cancel is stuck a tick late", config={
        "cancel_timeout": lambda ticks: ticks + 1}),
]  # fmt: skip
