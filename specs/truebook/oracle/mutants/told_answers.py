"""Mutants that take the answers to requests for more, or for less, than they say."""

from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import (
    LIVE,
    Event,
    ghosts,
    less,
    move,
    off,
    order_of,
    state_of,
    without,
)
from truebook.oracle.reference import Texts

ANSWERS = Family()

REQUESTS = ("register", "cancel", "modify")
REPLIES = ("answer", "reject", "unknown", "cancel_answer", "modify_answer")


# What an answer says has filled


@ANSWERS.tells(
    "the answer's resting size becomes the size",
    rules="early-fills-kept",
    properties="filled-is-its-fills no-live-order-dropped",
)
def _size_from_answer(d: Broken, e: Event, at: int) -> Event:
    return {**e, "filled": "0"} if e["type"] == "answer" and "filled" in e else e


@ANSWERS.tells(
    "what an answer says has filled is in the position, and its fills come on top",
    rules="fills-move-position",
    properties="no-fill-twice position-is-unique-fills",
    show=off,
)
def _answer_moves_position(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "answer" and "filled" in e and ("told", e["oid"]) not in d.memo:
        d.memo[("told", e["oid"])] = True
        filled = Decimal(e["filled"])
        move(d, filled if e["side"] == "buy" else -filled)
    return e


@ANSWERS.tells(
    "what an answer says has filled is told as a fill of its own",
    rules="fills-move-position",
    properties="no-fill-twice position-is-unique-fills filled-is-its-fills",
)
def _answer_is_a_fill(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] != "answer" or not Decimal(e.get("filled", "0")) or e["oid"] is None:
        return e
    fill = {"type": "fill", "tid": f"of {e['cloid']}", "size": e["filled"], "time": str(at)}
    fill |= {name: e[name] for name in ("oid", "cloid", "side", "price")}
    return [e, {**fill, "crossed": "true"}]


@ANSWERS.tells(
    "an order of which the answer says that some has filled is over",
    rules="early-fills-kept",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _filled_answer_closes(d: Broken, e: Event, at: int) -> list[Event] | Event:
    part = e["type"] == "answer" and Decimal(e.get("filled", "0")) and e["oid"] is not None
    return [e, {"type": "status", "oid": e["oid"], "status": "cancelled"}] if part else e


@ANSWERS.tells(
    "an answer to an order that is known by its oid is not read",
    rules="early-fills-kept",
    properties="exposure-is-tight",
)
def _late_answer_ignored(d: Broken, e: Event, at: int) -> Event | None:
    order = order_of(d, e["cloid"]) if e["type"] == "answer" else None
    return None if order is not None and order.oid is not None else e


@ANSWERS.tells(
    "an answer to a cloid that nobody registered is dropped",
    properties="tracked-or-in-grace",
)
def _unregistered_dropped(d: Broken, e: Event, at: int) -> Event | None:
    return None if e["type"] == "answer" and not state_of(d, e["cloid"]) else e


@ANSWERS.tells(
    "an answer to an order that is over makes it open again",
    rules="tombstones",
    properties="transitions-in-table exposure-is-tight nothing-leaks",
    show=ghosts,
)
def _late_answer_resurrects(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "answer" and state_of(d, e["cloid"]) in ("cancel_confirmed", "cancelled"):
        d.memo.setdefault("ghosts", []).append(e["cloid"])
    return e


@ANSWERS.tells(
    "an answer with the oid of another order leaves its own request pending",
    properties="exposure-is-tight convergence",
)
def _shared_oid_stays_pending(d: Broken, e: Event, at: int) -> Event | None:
    other = order_of(d, e["oid"]) if e["type"] == "answer" else None
    return None if other is not None and other.cloid != e["cloid"] else e


@ANSWERS.tells(
    "an answer with the oid of another order takes that from it",
    rules="fill-binds",
    properties="identity exposure-is-tight",
    show=lambda d, s: s["orders"].update(
        {oid: s["orders"][cloid] for oid, cloid in d.memo.items() if cloid in s["orders"]}
    ),
)
def _shared_oid_taken(d: Broken, e: Event, at: int) -> Event:
    other = order_of(d, e["oid"]) if e["type"] == "answer" else None
    if other is not None and other.cloid != e["cloid"]:
        d.memo[e["oid"]] = e["cloid"]
        return {**e, "oid": f"{e['oid']}'"}
    return e


@ANSWERS.tells(
    "an answer is of the first order that had its cloid",
    rules="old-evidence-binds-nothing",
    properties="identity tracked-or-in-grace",
)
def _cloid_is_for_ever(d: Broken, e: Event, at: int) -> Event | None:
    if e["type"] == "answer" and e["oid"] is not None:
        return e if d.memo.setdefault(e["cloid"], e["oid"]) == e["oid"] else None
    return e


@ANSWERS.tells(
    "an order whose cloid was used before is not noted",
    rules="old-evidence-binds-nothing",
    properties="tracked-or-in-grace exposure-bounds-truth",
)
def _cloid_used_again_refused(d: Broken, e: Event, at: int) -> Event | None:
    if e["type"] != "register":
        return e
    again = e["cloid"] in d.memo
    d.memo[e["cloid"]] = True
    return None if again else e


# Refusals and timeouts


@ANSWERS.tells(
    "a timeout is taken for a refusal",
    rules="unknown-stays",
    properties="tracked-or-in-grace exposure-bounds-truth",
)
def _timeout_is_refusal(d: Broken, e: Event, at: int) -> Event:
    return {**e, "type": "reject"} if e["type"] == "unknown" else e


@ANSWERS.tells(
    "a refusal is worth no more than a timeout",
    rules="reject-clears",
    properties="exposure-is-tight",
)
def _refusal_is_timeout(d: Broken, e: Event, at: int) -> Event:
    return {**without(e, "oid"), "type": "unknown"} if e["type"] == "reject" else e


@ANSWERS.tells(
    "a refusal closes whatever order has its cloid",
    rules="answers-name-requests",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _refusal_closes_all(d: Broken, e: Event, at: int) -> list[Event] | Event:
    order = order_of(d, e["cloid"]) if e["type"] == "reject" else None
    if order is None or state_of(d, e["cloid"]) not in LIVE:
        return e
    return [e, {"type": "status", "oid": str(order.oid), "status": "cancelled"}]


@ANSWERS.tells(
    "an order of which any has filled cannot be refused any more",
    rules="reject-clears",
    properties="exposure-is-tight no-fill-twice",
)
def _refusal_after_fill_ignored(d: Broken, e: Event, at: int) -> Event | None:
    refusal = e["type"] == "reject" or (e["type"] == "status" and e["status"] == "rejected")
    order = order_of(d, e.get("cloid") or e.get("oid")) if refusal else None
    return None if order is not None and order.filled else e


# Which request an answer is of


@ANSWERS.tells(
    "an answer is of the latest request of its order, whichever it names",
    rules="answers-name-requests",
    properties="tracked-or-in-grace exposure-bounds-truth no-live-order-dropped",
)
def _answers_are_of_the_latest(d: Broken, e: Event, at: int) -> Event:
    if e["type"] in REQUESTS:
        e = {**e, "name": e.get("name", f"#{len(d.memo)}")}
        order = order_of(d, e.get("id"))
        d.memo[_kind(e), e.get("cloid") or (order.cloid if order else e["id"])] = e["name"]
        return e
    if e["type"] in REPLIES:
        order = order_of(d, e.get("id"))
        named = _kind(e), e.get("cloid") or (order.cloid if order else e["id"])
        latest = d.memo.get(named)
        return e if latest is None or latest not in d.numbers else {**e, "answers": latest}
    return e


def _kind(e: Event) -> str:
    return "cancel" if e["type"].startswith("cancel") else "order"


# Orders that wait, or cannot rest


@ANSWERS.tells(
    "an answer without an oid is a refusal",
    rules="waits-is-not-dead",
    properties="tracked-or-in-grace exposure-bounds-truth",
)
def _no_oid_is_refusal(d: Broken, e: Event, at: int) -> Event:
    if e["type"] in ("answer", "status") and e["oid"] is None and "cloid" in e:
        return {"type": "reject", "cloid": e["cloid"], "reason": "no oid"}
    return e


@ANSWERS.tells(
    "what waits is dead once it has waited for as long as a request may take",
    rules="waits-is-not-dead",
    properties="tracked-or-in-grace no-live-order-dropped",
)
def _waiting_expires(d: Broken, e: Event, at: int) -> list[Event] | Event:
    for order in d.book.get_orders():
        late = at - order.request_at > d.book.config.settled
        if order.state.name == "WAITING" and late:
            return [{"type": "status", "oid": None, "status": "rejected", "cloid": order.cloid}, e]
    return e


@ANSWERS.shows(
    "an order that waits is shown as one that is refused",
    rules="waits-is-not-dead",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _waiting_is_hidden(d: Broken, s: Texts) -> None:
    for cloid in d.book.get_waiting_cloids():
        s["orders"].pop(cloid, None)
        order = d.book.get_order(cloid)
        if order is not None:
            less(s["exposure"], order.side.value, order.exposure)
