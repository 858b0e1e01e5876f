"""The reference without each rule of an order and its end, as trackers are that lack it."""

from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import (
    LIVE,
    OVER,
    TICK,
    Event,
    drop,
    less,
    order_of,
    orders_in,
    reopen,
    state_of,
    without,
)
from truebook.oracle.reference import Texts

ORDERS = Family()


def _ended(oid: object) -> Event:
    return {"type": "status", "oid": str(oid), "status": "cancelled"}


# state-is-derived


def _ended_by_fill(d: Broken, s: Texts) -> None:
    for oid in d.memo:
        order = order_of(d, oid)
        if order is not None and order.is_open:
            drop(s, order)
            if oid in s["orders"]:
                s["orders"][oid]["state"] = "filled_during_cancel"


@ORDERS.tells(
    "a fill during a cancel is the end of the order", rules="state-is-derived", show=_ended_by_fill
)
def _fill_in_cancel_ends(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "fill" and state_of(d, e["oid"]) == "cancel_pending":
        d.memo[e["oid"]] = True
    return e


@ORDERS.shows(
    "the latest message is the state: a fill takes the place of the cancel",
    rules="state-is-derived",
)
def _latest_message_is_the_state(d: Broken, s: Texts) -> None:
    for order in orders_in(s):
        if order["state"] == "cancel_pending" and Decimal(order["filled"]):
            order["state"] = "partially_filled"


@ORDERS.tells("an order is over once its cancel is asked for", rules="state-is-derived")
def _asking_ends(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] != "cancel" or state_of(d, e["id"]) not in LIVE:
        return e
    return [e, {"type": "cancel_answer", "id": e["id"], "outcome": "confirmed"}]


@ORDERS.tells(
    "that an order is over says nothing: its fills or its cancel do", rules="state-is-derived"
)
def _statuses_end_nothing(d: Broken, e: Event, at: int) -> Event:
    return TICK if e["type"] == "status" and e["status"] in ("filled", "cancelled") else e


@ORDERS.tells("a fill of an order with a cancel on its way is lost", rules="state-is-derived")
def _cancelling_takes_no_fills(d: Broken, e: Event, at: int) -> Event:
    lost = e["type"] == "fill" and state_of(d, e["oid"]) == "cancel_pending"
    return TICK if lost else e


# unknown-stays


@ORDERS.tells("a request without an answer has failed", rules="unknown-stays")
def _no_answer_is_failure(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "unknown":
        return {**e, "type": "reject"}
    if e["type"] == "modify_answer" and e["outcome"] == "unknown":
        return {**e, "outcome": "failed", "old": "open"}
    return e


@ORDERS.tells("a request has failed once a listing lacks it", rules="unknown-stays")
def _first_listing_decides(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] not in ("listing", "status_unknown"):
        return e
    listed = {order.get("cloid") for order in e.get("orders", ())}
    lost = [c for c in d.book.get_pending_cloids() if c not in listed]
    if e["type"] == "status_unknown":
        lost = [c for c in lost if c == e["id"]]
    return [e, *({"type": "reject", "cloid": cloid} for cloid in lost)]


# reject-clears


@ORDERS.tells("a refusal proves no more than a timeout", rules="reject-clears")
def _refusal_proves_nothing(d: Broken, e: Event, at: int) -> Event:
    refusal = e["type"] == "reject" or (e["type"] == "status" and e["status"] == "rejected")
    return TICK if refusal else e


# listing-binds


@ORDERS.tells("a listing is read by its oids", rules="listing-binds")
def _listed_by_oid(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    return {**e, "orders": [without(order, "cloid") for order in e["orders"]]}


@ORDERS.tells("a listed order is ours if its oid is known", rules="listing-binds")
def _ours_by_oid(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    known = [order if order_of(d, order["oid"]) else _of_another(order) for order in e["orders"]]
    return {**e, "orders": known}


def _of_another(order: Event) -> Event:
    return {**order, "cloid": f"not {order['cloid']}"} if "cloid" in order else order


# absence-needs-age


@ORDERS.tells("what is not listed is over", rules="absence-needs-age")
def _not_listed_is_over(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] == "status_unknown" and state_of(d, e["id"]) in LIVE:
        order = order_of(d, e["id"])
        return _ended(order.oid) if order is not None and str(order.oid) == e["id"] else e
    if e["type"] != "listing":
        return e
    listed = {order["oid"] for order in e["orders"]}
    return [e, *(_ended(oid) for oid in d.book.get_active_oids() if str(oid) not in listed)]


@ORDERS.tells("a listing is of the time at which it comes", rules="absence-needs-age")
def _listing_is_of_now(d: Broken, e: Event, at: int) -> Event:
    if e["type"] not in ("listing", "status_unknown"):
        return e
    d.requests["now"] = d.book.listing_requested(at)
    return {**e, "request": "now"}


def _listed_ghosts(d: Broken, s: Texts) -> None:
    for oid in d.memo.get("listed", ()):
        order = order_of(d, oid)
        if order is not None and state_of(d, oid) in ("cancel_confirmed", "cancelled"):
            reopen(s, order)


@ORDERS.tells("what is listed is open", rules="absence-needs-age", show=_listed_ghosts)
def _listed_is_open(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "listing":
        d.memo["listed"] = [order["oid"] for order in e["orders"]]
    return e


@ORDERS.tells("a listing that failed is an empty one", rules="absence-needs-age")
def _failed_is_empty(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] == "listing_failed" or (e["type"] == "listing" and not e["orders"]):
        return [e, *(_ended(oid) for oid in d.book.get_active_oids())]
    return e


# tombstones


def _answered_ghosts(d: Broken, s: Texts) -> None:
    for cloid in d.memo:
        order = order_of(d, cloid)
        if order is not None and state_of(d, cloid) in ("cancel_confirmed", "cancelled"):
            reopen(s, order)


@ORDERS.tells(
    "a word that an order is open opens it, though it is over",
    rules="tombstones",
    show=_answered_ghosts,
)
def _late_word_opens(d: Broken, e: Event, at: int) -> Event:
    opens = e["type"] == "answer" or (e["type"] == "status" and e["status"] == "open")
    order = order_of(d, e.get("cloid") or e.get("oid")) if opens else None
    if order is not None and state_of(d, order.cloid) in ("cancel_confirmed", "cancelled"):
        d.memo[order.cloid] = True
    return e


@ORDERS.tells("a fill of an order that is over is lost", rules="tombstones")
def _over_takes_no_fills(d: Broken, e: Event, at: int) -> Event:
    over = e["type"] == "fill" and state_of(d, e["oid"]) in OVER
    return TICK if over else e


@ORDERS.shows("an order that is over is forgotten at once", rules="tombstones")
def _over_is_forgotten(d: Broken, s: Texts) -> None:
    s["orders"] = {id_: o for id_, o in s["orders"].items() if o["state"] not in OVER}


# exposure-bounds


@ORDERS.shows("what is not answered yet is in no exposure", rules="exposure-bounds")
def _unanswered_in_no_exposure(d: Broken, s: Texts) -> None:
    for cloid in d.book.get_pending_cloids():
        for leg in d.book.legs(cloid):
            if leg.oid is None and leg.state.name == "PENDING":
                less(s["exposure"], leg.side.value, leg.exposure)


@ORDERS.shows("what is to be cancelled is in no exposure", rules="exposure-bounds")
def _cancelling_in_no_exposure(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        if state_of(d, order.cloid) == "cancel_pending":
            less(s["exposure"], order.side.value, order.exposure)


@ORDERS.shows("orders that are not ours are in no exposure", rules="exposure-bounds")
def _orphans_in_no_exposure(d: Broken, s: Texts) -> None:
    for orphan in d.book.get_orphans():
        if orphan.side is not None and d.book.config.strangers.value == "cancel":
            less(s["exposure"], orphan.side.value, orphan.size)


@ORDERS.shows("what may have filled is in no sum", rules="exposure-bounds")
def _unsettled_in_no_sum(d: Broken, s: Texts) -> None:
    s["unsettled"] = dict.fromkeys(s["unsettled"], "0")


@ORDERS.shows(
    "the exposure sums up what orders have left, of all that are known", rules="exposure-bounds"
)
def _modify_counts_both(d: Broken, s: Texts) -> None:
    for cloid in d.book.get_pending_cloids():
        legs = d.book.legs(cloid)
        if len(legs) > 1:
            counted = sum((leg.exposure for leg in legs), Decimal(0))
            alone = [leg.remaining for leg in legs if leg.is_open or leg.state.name == "PENDING"]
            less(s["exposure"], legs[0].side.value, counted - sum(alone, Decimal(0)))


# orphan-cancel-marked


@ORDERS.asks(
    "an orphan that has aged is asked to be cancelled at every listing",
    rules="orphan-cancel-marked",
)
def _asked_at_every_listing(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] != "listing":
        return
    listed = [order["oid"] for order in e["orders"]]
    for orphan in d.book.get_orphans():
        marked = orphan.cancel_at is not None and d.book.config.strangers.value == "cancel"
        if marked and str(orphan.oid) in listed and str(orphan.oid) not in asked["cancels"]:
            asked["cancels"].append(str(orphan.oid))


@ORDERS.asks(
    "an orphan is asked to be cancelled as soon as it is seen", rules="orphan-cancel-marked"
)
def _asked_without_grace(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] != "listing" or d.book.config.strangers.value != "cancel":
        return
    seen = d.memo.setdefault("seen", set())
    asked["cancels"] = [oid for oid in asked["cancels"] if oid not in seen]
    for orphan in d.book.get_orphans():
        if orphan.since == d.at and str(orphan.oid) not in seen:
            seen.add(str(orphan.oid))
            asked["cancels"].append(str(orphan.oid))


@ORDERS.asks("the grace of an orphan runs on while it is not listed", rules="orphan-cancel-marked")
def _grace_runs_on(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] != "listing" or d.book.config.strangers.value != "cancel":
        return
    for orphan in d.book.get_orphans():
        if orphan.since is None:
            continue
        first = d.memo.setdefault(orphan.oid, orphan.since)
        aged = d.at - first >= d.book.config.orphan_grace_period > d.at - orphan.since
        if aged and orphan.cancel_at is None:
            asked["cancels"].append(str(orphan.oid))


@ORDERS.asks(
    "an orphan is asked to be cancelled once, whatever comes of it", rules="orphan-cancel-marked"
)
def _asked_once_for_all(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "listing":
        asked["cancels"] = [oid for oid in asked["cancels"] if oid not in d.memo]
        d.memo.update(dict.fromkeys(asked["cancels"]))


@ORDERS.tells(
    "an orphan whose cancel was answered is taken for gone by the next listing or for new",
    rules="orphan-cancel-marked",
)
def _answers_of_orphans_unheard(d: Broken, e: Event, at: int) -> Event:
    of_orphan = e["type"] == "cancel_answer" and order_of(d, e["id"]) is None
    return TICK if of_orphan else e


# cancel-resolves


def _not_asked_again(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "listing":
        kept = d.memo.get("kept", ())
        asked["cancels"] = [id_ for id_ in asked["cancels"] if id_ not in kept]


@ORDERS.tells(
    "a cancel is awaited until it is answered, whatever listings show",
    rules="cancel-resolves",
    asks=_not_asked_again,
)
def _awaited_for_ever(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] != "listing":
        return e
    kept = d.memo["kept"] = [
        str(order.oid) for order in d.book.get_orders() if order.state.name == "CANCEL_PENDING"
    ]
    listed = {order["oid"] for order in e["orders"]}
    orders = [*e["orders"], *({"oid": oid} for oid in kept if oid not in listed)]
    return [*({"type": "cancel", "id": oid} for oid in kept), {**e, "orders": orders}]


@ORDERS.tells(
    "an order that is listed is open again, though its cancel is on its way",
    rules="cancel-resolves",
)
def _listed_undoes_cancel(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] != "listing":
        return e
    awaited = [o["oid"] for o in e["orders"] if state_of(d, o["oid"]) == "cancel_pending"]
    answers = ({"type": "cancel_answer", "id": oid, "outcome": "rejected"} for oid in awaited)
    return [e, *answers]


@ORDERS.tells("a cancel without an answer took effect", rules="cancel-resolves")
def _timeout_is_confirmed(d: Broken, e: Event, at: int) -> Event:
    late = e["type"] == "cancel_answer" and e["outcome"] == "timed_out"
    return {**e, "outcome": "confirmed"} if late else e


@ORDERS.tells("a cancel without an answer took no effect", rules="cancel-resolves")
def _timeout_is_refused(d: Broken, e: Event, at: int) -> Event:
    late = e["type"] == "cancel_answer" and e["outcome"] == "timed_out"
    return {**e, "outcome": "rejected"} if late else e


@ORDERS.tells("a cancel that is refused is awaited still", rules="cancel-resolves")
def _refusal_is_awaited(d: Broken, e: Event, at: int) -> Event:
    refused = e["type"] == "cancel_answer" and e["outcome"] == "rejected"
    return TICK if refused else e
