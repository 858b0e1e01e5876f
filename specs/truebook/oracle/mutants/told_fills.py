"""Mutants that take fills for what they are not, or know them by too little."""

from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import (
    OVER,
    Event,
    answer_to,
    key_of,
    move,
    off,
    order_of,
    order_of_fill,
    signed,
    state_of,
    unprimed,
    without,
)
from truebook.oracle.reference import Texts

FILLS = Family()

UNIQUE = "position-is-unique-fills"
COUNTS = {"rules": "fills-move-position", "properties": UNIQUE}
# A fill that is taken back is named by its ids: who knows it by more, or by less, does not find it.
_KEYED = "fills-move-position reversal-undoes-once"
OTHERWISE = {"rules": _KEYED, "properties": UNIQUE}
TWICE = {"rules": _KEYED, "properties": f"no-fill-twice replay-harmless {UNIQUE}"}


def _is_fill(e: Event) -> bool:
    return bool(e["type"] == "fill")


def _known_also_by(e: Event, part: str) -> Event:
    return {**e, "tid": f"{e['tid']} {e[part]}"} if _is_fill(e) else e


# Which orders' fills are taken


@FILLS.tells(
    "a fill of an order whose cancel is awaited is lost",
    rules="state-is-derived",
    properties=f"{UNIQUE} filled-is-its-fills",
)
def _fill_lost_in_cancel(d: Broken, e: Event, at: int) -> Event | None:
    return None if _is_fill(e) and state_of(d, e["oid"]) == "cancel_pending" else e


@FILLS.tells(
    "a fill of an order that is over is lost",
    rules="tombstones",
    properties=f"{UNIQUE} filled-is-its-fills",
)
def _late_fill_lost(d: Broken, e: Event, at: int) -> Event | None:
    return None if _is_fill(e) and state_of(d, e["oid"]) in OVER else e


@FILLS.tells(
    "a fill of an order that was forgotten is lost", rules="fills-move-position", properties=UNIQUE
)
def _fill_of_forgotten_lost(d: Broken, e: Event, at: int) -> Event | None:
    if e["type"] == "answer" and e["oid"] is not None:
        d.memo[e["oid"]] = True
    return None if _is_fill(e) and e["oid"] in d.memo and not state_of(d, e["oid"]) else e


@FILLS.tells("fills of unknown orders are dropped", rules="early-fills-kept", properties=UNIQUE)
def _unknown_fills_dropped(d: Broken, e: Event, at: int) -> Event | None:
    return None if _is_fill(e) and order_of_fill(d, e) is None else e


@FILLS.tells(
    "a fill that came before its order was known is never put to it",
    rules="early-fills-kept",
    properties="filled-is-its-fills exposure-is-tight",
)
def _early_fill_not_merged(d: Broken, e: Event, at: int) -> Event:
    early = _is_fill(e) and order_of_fill(d, e) is None
    return {**without(e, "cloid"), "oid": f"{e['oid']}?"} if early else e


@FILLS.tells(
    "a fill of an unknown order is given to the open order at its price",
    rules="early-fills-kept",
    properties="filled-is-its-fills exposure-bounds-truth",
)
def _unknown_fill_to_sibling(d: Broken, e: Event, at: int) -> Event:
    if not _is_fill(e) or order_of_fill(d, e) is not None:
        return e
    alike = [
        order
        for order in d.book.get_orders()
        if order.is_open and order.side.value == e["side"] and order.price == Decimal(e["price"])
    ]
    return {**e, "oid": str(alike[0].oid)} if alike else e


@FILLS.tells(
    "a fill that names no cloid is of the only pending order",
    rules="fill-binds",
    properties="identity filled-is-its-fills",
)
def _nameless_fill_binds(d: Broken, e: Event, at: int) -> Event:
    pending = d.book.get_pending_cloids()
    mine = _is_fill(e) and "cloid" not in e and len(pending) == 1 and not state_of(d, e["oid"])
    return {**e, "cloid": next(iter(pending))} if mine else e


@FILLS.tells(
    "a fill that names the cloid of a pending order binds it, however old its oid is",
    rules="old-evidence-binds-nothing",
    properties="identity tracked-or-in-grace",
    show=unprimed,
)
def _old_fill_binds(d: Broken, e: Event, at: int) -> list[Event] | Event:
    old = _is_fill(e) and "cloid" in e and e["oid"] in d.memo
    if e.get("oid") is not None:
        d.memo[e["oid"]] = True
    if not old or state_of(d, e["cloid"]) != "pending":
        return e
    order = order_of(d, e["cloid"])
    return e if order is None else [answer_to(order, f"{e['oid']}'"), e]


@FILLS.tells("a fill beyond the size is refused", rules="fills-move-position", properties=UNIQUE)
def _overfill_refused(d: Broken, e: Event, at: int) -> Event | None:
    order = order_of_fill(d, e) if _is_fill(e) else None
    if order is None or _is_known(d, e):
        return e
    return None if Decimal(e["size"]) > order.size - order.taker - order.maker else e


def _is_known(d: Broken, e: Event) -> bool:
    known = key_of(e) in d.memo
    d.memo[key_of(e)] = e
    return known


# What makes a fill the same fill


@FILLS.tells("fills are known by their oid alone", **OTHERWISE)
def _dedup_by_oid(d: Broken, e: Event, at: int) -> Event:
    return {**e, "tid": e["oid"], "time": "1"} if _is_fill(e) else e


@FILLS.tells("fills are known by their tid alone, whichever order they are of", **COUNTS)
def _dedup_by_tid(d: Broken, e: Event, at: int) -> Event | None:
    return e if not _is_fill(e) or d.memo.setdefault(e["tid"], e["oid"]) == e["oid"] else None


@FILLS.tells("fills of one order and one time are one fill", **COUNTS)
def _dedup_by_time(d: Broken, e: Event, at: int) -> Event | None:
    moment = e.get("oid"), e.get("time")
    return e if not _is_fill(e) or d.memo.setdefault(moment, e["tid"]) == e["tid"] else None


@FILLS.tells("fills are known by what they say, and not by their id", **COUNTS)
def _dedup_by_content(d: Broken, e: Event, at: int) -> Event | None:
    content = tuple(e.get(name) for name in ("oid", "side", "size", "price", "time"))
    return e if not _is_fill(e) or d.memo.setdefault(content, e["tid"]) == e["tid"] else None


@FILLS.tells("fills are known by their tid and order, at whatever time they were", **COUNTS)
def _dedup_without_time(d: Broken, e: Event, at: int) -> Event | None:
    key = e.get("tid"), e.get("oid")
    return e if not _is_fill(e) or d.memo.setdefault(key, e["time"]) == e["time"] else None


@FILLS.tells("fills are not known again", **TWICE)
def _no_dedup(d: Broken, e: Event, at: int) -> Event:
    d.memo["told"] = d.memo.get("told", 0) + 1
    return {**e, "tid": f"{e['tid']} {d.memo['told']}"} if _is_fill(e) else e


@FILLS.tells("only the latest fill of an order is known again", **TWICE)
def _latest_known_only(d: Broken, e: Event, at: int) -> Event:
    if not _is_fill(e):
        return e
    name = d.memo.get(("name", e["oid"]), 0)
    if d.memo.get(("last", e["oid"])) != key_of(e):
        name = d.memo[("name", e["oid"])] = name + 1
    d.memo[("last", e["oid"])] = key_of(e)
    return {**e, "tid": f"{e['tid']} {name}"}


@FILLS.tells("a fill is of the time at which it is heard", **TWICE)
def _time_of_coming(d: Broken, e: Event, at: int) -> Event:
    return {**e, "time": str(at)} if _is_fill(e) else e


@FILLS.tells(
    "fills are known by id and size, so that one told with another size is a second",
    rules="first-fill-stands reversal-undoes-once",
    properties=f"no-fill-twice {UNIQUE}",
)
def _dedup_by_id_and_size(d: Broken, e: Event, at: int) -> Event:
    return _known_also_by(e, "size")


@FILLS.tells(
    "fills are known by id and price, so that one told at another price is a second",
    rules="first-fill-stands reversal-undoes-once",
    properties=f"no-fill-twice {UNIQUE}",
)
def _dedup_by_id_and_price(d: Broken, e: Event, at: int) -> Event:
    return _known_also_by(e, "price")


@FILLS.tells(
    "fills are known by id and side, so that one told as a sale is a second",
    rules="first-fill-stands reversal-undoes-once",
    properties="no-fill-twice position-is-unique-fills",
)
def _dedup_by_id_and_side(d: Broken, e: Event, at: int) -> Event:
    return _known_also_by(e, "side")


@FILLS.tells(
    "a fill told again with other data takes the place of the first",
    rules="first-fill-stands",
    properties="replay-harmless position-is-unique-fills",
    show=off,
)
def _last_fill_stands(d: Broken, e: Event, at: int) -> Event:
    if _is_fill(e):
        before = d.memo.get(key_of(e), e)
        d.memo[key_of(e)] = e
        move(d, signed(e) - signed(before))
    return e


@FILLS.asks(
    "a fill told again with other data is dropped without a word",
    rules="first-fill-stands",
    properties="recovers",
)
def _changed_fill_silent(d: Broken, e: Event, asked: Texts) -> None:
    if _is_fill(e):
        asked["reports"] = [word for word in asked["reports"] if word != "conflict"]


@FILLS.tells(
    "a fill that is older than the latest is a replay",
    rules="eviction-floor",
    properties=UNIQUE,
)
def _overtaken_fill_lost(d: Broken, e: Event, at: int) -> Event | None:
    if not _is_fill(e):
        return e
    late = int(e["time"]) < d.memo.get("latest", 0)
    d.memo["latest"] = max(int(e["time"]), d.memo.get("latest", 0))
    return None if late else e


@FILLS.tells("of fills that come together only the first is taken", **COUNTS)
def _batch_of_fills_skipped(d: Broken, e: Event, at: int) -> Event | None:
    if not _is_fill(e):
        d.memo["in"] = None
        return e
    again, d.memo["in"] = d.memo.get("in") == at, at
    return None if again else e


# What a fill says


@FILLS.tells(
    "every fill is taken for one on arrival",
    rules="early-fills-kept",
    properties="filled-is-its-fills",
)
def _all_fills_cross(d: Broken, e: Event, at: int) -> Event:
    return {**e, "crossed": "true"} if _is_fill(e) else e


@FILLS.tells(
    "every fill is taken for one of a resting order",
    rules="early-fills-kept",
    properties="filled-is-its-fills exposure-bounds-truth",
)
def _no_fill_crosses(d: Broken, e: Event, at: int) -> Event:
    return {**e, "crossed": "false"} if _is_fill(e) else e


@FILLS.tells("what sells is taken for what buys", properties=UNIQUE)
def _sells_are_buys(d: Broken, e: Event, at: int) -> Event:
    return {**e, "side": "buy"} if _is_fill(e) else e


@FILLS.tells("a fill is of the side of its order, whatever it says", properties=UNIQUE)
def _side_of_order(d: Broken, e: Event, at: int) -> Event:
    order = order_of_fill(d, e) if _is_fill(e) else None
    return e if order is None else {**e, "side": order.side.value}


@FILLS.tells("a fill fills all that is left of its order", properties=f"{UNIQUE} no-fill-twice")
def _fill_is_whole(d: Broken, e: Event, at: int) -> Event:
    order = order_of_fill(d, e) if _is_fill(e) else None
    return {**e, "size": str(order.remaining)} if order is not None and order.remaining else e


@FILLS.tells("what is taken of the asset itself is added to the position", properties=UNIQUE)
def _fee_is_received(d: Broken, e: Event, at: int) -> Event:
    return {**e, "fee": str(-Decimal(e["fee"]))} if "fee" in e and _is_fill(e) else e


@FILLS.tells(
    "what is taken of the asset itself has not traded",
    properties="filled-is-its-fills exposure-is-tight",
)
def _fee_does_not_trade(d: Broken, e: Event, at: int) -> Event:
    if not _is_fill(e) or "fee" not in e:
        return e
    return {**without(e, "fee"), "size": str(Decimal(e["size"]) - Decimal(e["fee"]))}


# What becomes of a fill


@FILLS.tells(
    "a fill is taken back each time that this is told",
    rules="reversal-undoes-once",
    properties=UNIQUE,
    show=off,
)
def _reversal_each_time(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "reversal":
        if d.memo.get(("back", *key_of(e))):
            move(d, -signed(e))
        d.memo[("back", *key_of(e))] = True
    return e


@FILLS.tells(
    "that a fill is taken back says nothing where the fill has not come",
    rules="reversal-undoes-once",
    properties=UNIQUE,
)
def _early_reversal_lost(d: Broken, e: Event, at: int) -> Event | None:
    if _is_fill(e):
        d.memo[key_of(e)] = True
    return None if e["type"] == "reversal" and key_of(e) not in d.memo else e


@FILLS.tells(
    "a fill that was taken back counts again when it is told again",
    rules="reversal-undoes-once",
    properties=f"{UNIQUE} replay-harmless",
)
def _reversed_fill_returns(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "reversal":
        d.memo[key_of(e)] = True
    return {**e, "tid": f"{e['tid']}'"} if _is_fill(e) and key_of(e) in d.memo else e


@FILLS.tells(
    "a correction counts beside the fill that it is of",
    rules="reversal-undoes-once",
    properties="no-fill-twice",
    show=off,
)
def _correction_is_a_fill(d: Broken, e: Event, at: int) -> Event | None:
    if _is_fill(e):
        d.memo[key_of(e)] = e
    if e["type"] != "correction":
        return e
    if (fill := d.memo.get(key_of(e))) is not None:
        move(d, signed({**fill, "size": e["size"]}))
    return None
