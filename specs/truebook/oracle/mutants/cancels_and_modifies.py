"""Mutants that get cancels and modifies wrong, and what answers them."""

from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import (
    LIVE,
    Event,
    drop,
    is_old,
    order_of,
    order_of_fill,
    state_of,
)
from truebook.oracle.reference import Texts, text

CHANGES = Family()


def _answers_cancel(e: Event, *outcomes: str) -> bool:
    return bool(e["type"] == "cancel_answer" and e["outcome"] in outcomes)


def _answers_modify(e: Event, *outcomes: str) -> bool:
    return bool(e["type"] == "modify_answer" and e["outcome"] in outcomes)


# That a cancel was asked for


@CHANGES.tells(
    "a cancel is confirmed by being asked",
    rules="state-is-derived",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _cancel_by_asking(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] == "cancel":
        return [e, {"type": "cancel_answer", "id": e["id"], "outcome": "confirmed"}]
    return e


@CHANGES.tells(
    "an order is over with the first fill after its cancel was asked for",
    rules="state-is-derived",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _partial_fill_ends_cancel(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] == "fill" and state_of(d, e["oid"]) == "cancel_pending":
        return [e, {"type": "cancel_answer", "id": e["oid"], "outcome": "confirmed"}]
    return e


@CHANGES.tells(
    "a partial fill takes back that a cancel is awaited",
    rules="state-is-derived",
    properties="transitions-in-table",
)
def _partial_fill_undoes_cancel(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] == "fill" and state_of(d, e["oid"]) == "cancel_pending":
        return [e, {"type": "cancel_answer", "id": e["oid"], "outcome": "rejected"}]
    return e


@CHANGES.asks(
    "a cancel is sent again while the first is on its way",
    rules="state-is-derived",
    properties="orphan-cancelled-once",
)
def _second_cancel_sent(d: Broken, e: Event, asked: Texts) -> None:
    order = order_of(d, e["id"]) if e["type"] == "cancel" else None
    if order is not None and not asked["cancels"]:
        asked["cancels"].append(str(order.oid or order.cloid))
        asked["reports"] = [word for word in asked["reports"] if word != "refused"]


@CHANGES.asks(
    "a cancel without an answer is sent again once it is stuck",
    survives="an answer that never came may be asked for again: it breaks no promise",
)
def _stuck_cancel_sent_again(d: Broken, e: Event, asked: Texts) -> None:
    for order in d.book.stuck_cancels():
        if d.memo.get(order.cloid) != order.cancel_at:
            d.memo[order.cloid] = order.cancel_at
            asked["cancels"].append(str(order.oid or order.cloid))


@CHANGES.asks(
    "a cancel without an answer is never sent again",
    rules="cancel-resolves",
    properties="convergence",
)
def _cancel_sent_once(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "cancel":
        asked["cancels"] = [id_ for id_ in asked["cancels"] if id_ not in d.memo]
        d.memo.update(dict.fromkeys(asked["cancels"]))


# How a cancel is answered


@CHANGES.tells(
    "a refused cancel is taken for a confirmed one",
    rules="cancel-resolves errors-end-little",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _refused_cancel_confirmed(d: Broken, e: Event, at: int) -> Event:
    return {**e, "outcome": "confirmed"} if _answers_cancel(e, "rejected") else e


@CHANGES.tells(
    "a cancel that times out is taken for a confirmed one",
    rules="cancel-resolves",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _cancel_timeout_confirms(d: Broken, e: Event, at: int) -> Event:
    return {**e, "outcome": "confirmed"} if _answers_cancel(e, "timed_out") else e


@CHANGES.tells(
    "a cancel that times out is taken for a refused one",
    rules="cancel-resolves",
    properties="state-agrees-with-fills",
)
def _cancel_timeout_refuses(d: Broken, e: Event, at: int) -> Event:
    return {**e, "outcome": "rejected"} if _answers_cancel(e, "timed_out") else e


@CHANGES.tells(
    "a refused cancel is awaited still",
    rules="cancel-resolves",
    properties="convergence",
)
def _refused_cancel_awaited(d: Broken, e: Event, at: int) -> Event | None:
    return None if _answers_cancel(e, "rejected") else e


@CHANGES.tells(
    "an order that is not open any more is open as before",
    rules="cancel-resolves",
    properties="exposure-is-tight",
)
def _not_open_is_refused(d: Broken, e: Event, at: int) -> Event:
    return {**e, "outcome": "rejected"} if _answers_cancel(e, "not_open") else e


@CHANGES.tells(
    "'not open' ends any order, one that its cancel may have overtaken too",
    rules="errors-end-little",
    properties="tracked-or-in-grace no-live-order-dropped",
)
def _not_open_is_the_end(d: Broken, e: Event, at: int) -> Event:
    if not _answers_cancel(e, "not_open"):
        return e
    order = order_of(d, e["id"])
    if order is not None and order.oid is None:
        return {"type": "reject", "cloid": order.cloid}
    return {**e, "outcome": "confirmed"}


@CHANGES.tells(
    "a pending order is dead once its cancel finds it not open",
    rules="errors-end-little",
    properties="tracked-or-in-grace exposure-bounds-truth",
)
def _not_open_kills_pending(d: Broken, e: Event, at: int) -> Event:
    pending = _answers_cancel(e, "not_open") and state_of(d, e["id"]) == "pending"
    order = order_of(d, e["id"]) if pending else None
    return e if order is None else {"type": "reject", "cloid": order.cloid}


@CHANGES.tells(
    "a pending order cannot be cancelled",
    rules="errors-end-little",
    properties="convergence",
)
def _pending_not_cancelled(d: Broken, e: Event, at: int) -> Event | None:
    return None if e["type"] == "cancel" and state_of(d, e["id"]) == "pending" else e


@CHANGES.tells(
    "an order is still cancel-pending when a listing has outlived its cancel",
    rules="cancel-resolves",
    properties="convergence",
)
def _listed_stays_cancelling(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    awaited = [o for o in e["orders"] if state_of(d, o["oid"]) == "cancel_pending"]
    return {k: v for k, v in e.items() if k != "request"} if awaited else e


@CHANGES.tells(
    "an order with a cancel on its way is not closed by a listing that lacks it",
    rules="cancel-resolves",
    properties="convergence exposure-is-tight",
)
def _absent_stays_cancelling(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    listed = {order["oid"] for order in e["orders"]}
    kept = [str(order.oid) for order in d.book.get_orders() if order.state.name == "CANCEL_PENDING"]
    return {**e, "orders": [*e["orders"], *({"oid": oid} for oid in kept if oid not in listed)]}


# Modifies


@CHANGES.tells(
    "a modify that times out is taken for one that failed",
    rules="unknown-stays modify-binds",
    properties="exposure-bounds-truth tracked-or-in-grace",
)
def _modify_timeout_is_failure(d: Broken, e: Event, at: int) -> Event:
    return {**e, "outcome": "failed"} if _answers_modify(e, "unknown") else e


def _without_replaced(d: Broken, s: Texts) -> None:
    for order in map(d.book.get_order, d.memo):
        if order is not None:
            drop(s, order)


@CHANGES.tells(
    "a modify that times out is taken for one that took effect",
    rules="unknown-stays modify-binds",
    properties="no-live-order-dropped exposure-bounds-truth",
    show=_without_replaced,
)
def _modify_timeout_is_success(d: Broken, e: Event, at: int) -> Event:
    if _answers_modify(e, "unknown"):
        order = order_of(d, e["cloid"])
        d.memo.update({} if order is None or order.oid is None else {str(order.oid): True})
    return e


@CHANGES.tells(
    "a modify keeps the old oid only",
    rules="modify-binds",
    properties="identity no-live-order-dropped",
)
def _modify_does_not_bind(d: Broken, e: Event, at: int) -> Event | None:
    return None if _answers_modify(e, "confirmed") else e


@CHANGES.tells(
    "a modify leaves the old order open beside the new one",
    rules="modify-binds",
    properties="exposure-is-tight",
)
def _modify_leaves_both(d: Broken, e: Event, at: int) -> list[Event] | Event:
    order = order_of(d, e["cloid"]) if _answers_modify(e, "confirmed") else None
    modify = d.memo.get(e.get("cloid"))
    if e["type"] == "modify" and (asked := order_of(d, e["id"])) is not None:
        d.memo[asked.cloid] = e
    if order is None or order.oid is None or "oid" not in e or modify is None:
        return e
    new = {"cloid": f"{e['cloid']}'", "side": order.side.value, "price": modify["price"]}
    return [
        {"type": "modify_answer", "cloid": e["cloid"], "outcome": "failed", "old": "open"},
        {"type": "answer", **new, "oid": e["oid"], "resting": modify["size"]},
    ]


@CHANGES.tells(
    "what had filled of the old order counts in the new one",
    rules="modify-binds",
    properties="filled-is-its-fills exposure-bounds-truth",
)
def _old_fills_carry_over(d: Broken, e: Event, at: int) -> list[Event] | Event:
    order = order_of(d, e["cloid"]) if _answers_modify(e, "confirmed") else None
    if order is None or not order.filled or "oid" not in e or e["oid"] == str(order.oid):
        return e
    return [e, {"type": "status", "oid": e["oid"], "status": "open", "filled": text(order.filled)}]


@CHANGES.tells(
    "a modify asks for what is to be left, and what had filled is taken off",
    rules="modify-binds",
    properties="exposure-bounds-truth no-live-order-dropped",  # it looks filled sooner
)
def _modify_size_less_fills(d: Broken, e: Event, at: int) -> Event:
    order = order_of(d, e["id"]) if e["type"] == "modify" else None
    if order is None or not order.filled < Decimal(e["size"]):
        return e
    return {**e, "size": text(Decimal(e["size"]) - order.filled)}


@CHANGES.tells(
    "a modify changes the price alone",
    rules="modify-binds",
    properties="exposure-bounds-truth exposure-is-tight",
)
def _modify_keeps_size(d: Broken, e: Event, at: int) -> Event:
    order = order_of(d, e["id"]) if e["type"] == "modify" else None
    return e if order is None else {**e, "size": text(order.size)}


@CHANGES.tells(
    "a fill of an order that was replaced is lost",
    rules="modify-binds",
    properties="position-is-unique-fills filled-is-its-fills",
)
def _replaced_fill_lost(d: Broken, e: Event, at: int) -> Event | None:
    if e["type"] != "fill":
        return e
    order = order_of_fill(d, e)
    return None if order is not None and is_old(d, e["oid"], order.cloid) else e


@CHANGES.tells(
    "a fill of an order that was replaced is of the one that replaced it",
    rules="modify-binds",
    properties="filled-is-its-fills exposure-bounds-truth",
)
def _replaced_fill_is_new(d: Broken, e: Event, at: int) -> Event:
    order = order_of_fill(d, e) if e["type"] == "fill" else None
    if order is None or not is_old(d, e["oid"], order.cloid):
        return e
    return {**e, "oid": str(order.oid)}


@CHANGES.tells(
    "an order whose modify fails is gone",
    rules="errors-end-little",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _failed_modify_ends(d: Broken, e: Event, at: int) -> Event:
    return {**e, "old": "gone"} if _answers_modify(e, "failed") else e


@CHANGES.tells(
    "an order whose modify fails is open as before",
    rules="errors-end-little",
    properties="exposure-is-tight",
)
def _failed_modify_leaves_old(d: Broken, e: Event, at: int) -> Event:
    return {**e, "old": "open"} if _answers_modify(e, "failed") else e


@CHANGES.tells(
    "an order is over as soon as its modify is asked for",
    rules="modify-binds exposure-bounds",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _modify_by_asking(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] == "modify" and state_of(d, e["id"]) in LIVE:
        order = order_of(d, e["id"])
        assert order is not None
        return [e, {"type": "status", "oid": str(order.oid), "status": "cancelled"}]
    return e
