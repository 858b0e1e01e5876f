"""The reference without each rule of fills and positions, as trackers are that lack it."""

from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import (
    TICK,
    Event,
    answer_to,
    drop,
    key_of,
    less,
    move,
    off,
    order_of,
    order_of_fill,
    signed,
    state_of,
    unprimed,
    without,
)
from truebook.oracle.reference import Texts, text

FILLS = Family()


# fills-move-position


@FILLS.shows(
    "what an answer says has filled is counted, and so are its fills", rules="fills-move-position"
)
def _answers_and_fills_count(d: Broken, s: Texts) -> None:
    answered = d.memo.setdefault("answered", {})
    for order in d.book.get_orders():
        if order.answered and order.oid is not None:
            answered[order.oid] = order.answered if order.side.value == "buy" else -order.answered
    d.memo["off"] = sum(answered.values(), Decimal(0))
    off(d, s)


@FILLS.shows(
    "the position is moved by what answers and statuses say has filled", rules="fills-move-position"
)
def _position_of_what_is_said(d: Broken, s: Texts) -> None:
    d.memo["off"] = Decimal(0)
    for order in d.book.get_orders():
        more = max(Decimal(0), order.filled - order.taker - order.maker)
        move(d, more if order.side.value == "buy" else -more)
    s["position"] = text(Decimal(s["position"]) + d.memo["off"])


@FILLS.tells("every message of a fill counts", rules="fills-move-position")
def _every_message_counts(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "fill":
        return e
    times = d.memo[key_of(e)] = d.memo.get(key_of(e), -1) + 1
    return {**e, "tid": e["tid"] + times * "'"}


@FILLS.tells("a trade counts once, though both its orders are ours", rules="fills-move-position")
def _trade_counts_once(d: Broken, e: Event, at: int) -> Event:
    other = d.memo.setdefault(e["tid"], e["oid"]) if e["type"] == "fill" else None
    return TICK if other not in (None, e.get("oid")) else e


@FILLS.tells("two fills of an order that are alike are one", rules="fills-move-position")
def _alike_is_the_same(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "fill":
        return e
    alike = tuple(sorted(without(e, "tid", "cloid", "crossed").items()))
    return {**e, "tid": d.memo.setdefault(alike, e["tid"])}


# fill-binds


@FILLS.tells("a fill is put to its order by the oid alone", rules="fill-binds")
def _fills_by_oid(d: Broken, e: Event, at: int) -> Event:
    return without(e, "cloid") if e["type"] == "fill" else e


def _as_pending(d: Broken, s: Texts) -> None:
    for cloid in d.memo.get("bound", ()):
        order = order_of(d, cloid)
        if order is None or not order.is_open or cloid in s["pending"]:
            continue
        s["pending"].append(cloid)
        s["open"] = [oid for oid in s["open"] if oid != str(order.oid)]
        less(s["exposure"], order.side.value, order.exposure - order.size)
        for shown in (s["orders"].get(cloid), s["orders"].get(str(order.oid))):
            if shown is not None:
                shown |= {"state": "pending", "filled": "0", "remaining": text(order.size)}


@FILLS.tells(
    "an order is pending until its answer, whatever fills come",
    rules="fill-binds",
    show=_as_pending,
)
def _pending_until_the_answer(d: Broken, e: Event, at: int) -> Event:
    bound = d.memo.setdefault("bound", set())
    if e["type"] == "fill" and state_of(d, e.get("cloid")) == "pending":
        bound.add(e["cloid"])
    elif e["type"] in ("answer", "status", "reject"):
        bound.discard(e.get("cloid"))
    elif e["type"] == "listing":
        bound -= {order.get("cloid") for order in e["orders"]}
    return e


def _gone(d: Broken, s: Texts) -> None:
    for cloid in d.memo:
        order = order_of(d, cloid)
        if order is not None:
            drop(s, order)
            for id_ in (cloid, str(order.oid)):
                s["orders"].pop(id_, None)


@FILLS.tells(
    "a request has ended once a fill of it comes, and its answer finds none",
    rules="fill-binds",
    show=_gone,
)
def _ended_by_early_fill(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "fill" and state_of(d, e.get("cloid")) == "pending":
        d.memo[e["cloid"]] = True
    return e


# early-fills-kept


@FILLS.tells("fills of oids that are not known are passed over", rules="early-fills-kept")
def _unknown_oid_passed_over(d: Broken, e: Event, at: int) -> Event:
    known = e["type"] != "fill" or order_of_fill(d, e) is not None
    return e if known else TICK


@FILLS.tells(
    "fills of oids that are not known are counted, and forgotten", rules="early-fills-kept"
)
def _unknown_oid_forgotten(d: Broken, e: Event, at: int) -> Event:
    known = e["type"] != "fill" or order_of_fill(d, e) is not None
    return e if known else {**e, "oid": f"{e['oid']} "}


@FILLS.tells(
    "fills of oids that are not known are of the order that is open", rules="early-fills-kept"
)
def _unknown_oid_is_the_open_one(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "fill" or order_of_fill(d, e) is not None:
        return e
    alike = [o for o in d.book.get_orders() if o.is_open and o.side.value == e["side"]]
    return {**e, "oid": str(alike[0].oid)} if alike else e


def _of_resting_size(d: Broken, s: Texts) -> None:
    for oid, resting in d.memo.items():
        order, shown = order_of(d, oid), s["orders"].get(oid)
        if order is None or shown is None:
            continue
        fills = order.taker + order.maker
        left = max(Decimal(0), resting - fills)
        if order.is_open:
            less(s["exposure"], order.side.value, order.exposure - left)
        shown |= {"size": text(resting), "filled": text(fills), "remaining": text(left)}
        if not left:
            drop(s, order)
            shown["state"] = "filled"
        elif shown["state"] in ("resting", "partially_filled"):
            shown["state"] = "partially_filled" if fills else "resting"


@FILLS.tells(
    "an order has the size that its answer says rests",
    rules="early-fills-kept",
    show=_of_resting_size,
)
def _size_is_what_rests(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "answer" and Decimal(e.get("filled", "0")) and Decimal(e.get("resting", "0")):
        d.memo[e["oid"]] = Decimal(e["resting"])
    return e


@FILLS.tells("only fills fill an order: what an answer says is not read", rules="early-fills-kept")
def _answer_fills_nothing(d: Broken, e: Event, at: int) -> Event:
    return without(e, "filled") if e["type"] == "answer" else e


# first-fill-stands


@FILLS.tells("a fill told with other data is another fill", rules="first-fill-stands")
def _other_data_other_fill(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "fill":
        return e
    told = d.memo.setdefault(key_of(e), [])
    data = e["side"], Decimal(e["size"]), Decimal(e["price"])
    if data not in told:
        told.append(data)
    return {**e, "tid": e["tid"] + told.index(data) * "'"}


@FILLS.tells("the last that is told of a fill stands", rules="first-fill-stands", show=off)
def _last_word_of_a_fill(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "fill":
        moved = d.memo.setdefault("moved", {})
        move(d, signed(e) - moved.setdefault(key_of(e), signed(e)))
        moved[key_of(e)] = signed(e)
    return e


@FILLS.asks("that a fill is told otherwise is not said", rules="first-fill-stands")
def _other_data_unsaid(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "fill" and "conflict" in asked["reports"]:
        asked["reports"].remove("conflict")


# eviction-floor


@FILLS.tells("a fill that is forgotten counts again when it is told again", rules="eviction-floor")
def _forgotten_counts_again(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "fill":
        return e
    kept: list[tuple[str, str, str]] = d.memo.setdefault("kept", [])
    if key_of(e) in kept:
        return {**e, **d.memo[key_of(e)]}
    kept.append(key_of(e))
    floor, named = d.book.fill_floor, d.memo.setdefault(key_of(e), {})
    if len(kept) > d.book.config.max_tracked_tids:
        del d.memo[kept.pop(0)]
        d.memo["evicted"] = True
    if floor is not None and int(e["time"]) <= floor and "evicted" in d.memo:
        named |= {"tid": f"{e['tid']} {len(d.memo)}", "time": str(floor + 1)}
        d.memo[key_of(e)] = named
    return {**e, **named}


# position-by-fills


@FILLS.tells("the venue's position is ours from then on", rules="position-by-fills", show=off)
def _venue_position_is_ours(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "position":
        known = d.book.position + d.memo.get("off", Decimal(0))
        move(d, Decimal(e["position"]) - known)
    return e


@FILLS.tells("a position is taken over whatever is on its way", rules="position-by-fills", show=off)
def _taken_over_at_any_time(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "rebase" or not d.book.get_pending_cloids():
        return e
    move(d, Decimal(e["position"]) - d.book.position - d.memo.get("off", Decimal(0)))
    return TICK


@FILLS.tells(
    "a position taken over has no fill that is told after", rules="position-by-fills", show=off
)
def _told_after_counts(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "fill":
        new = key_of(e) not in d.memo
        d.memo[key_of(e)] = True
        if new and int(e["time"]) < d.memo.get("as_of", 0):
            move(d, signed(e))
    elif e["type"] == "rebase":
        d.memo["as_of"] = int(e["as_of"])
    return e


# start-from-the-picture


@FILLS.tells(
    "a position is taken over as a number, and its fills are waited for",
    rules="start-from-the-picture",
    show=off,
)
def _taken_over_as_a_number(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "rebase" and not d.book.get_pending_cloids():
        move(d, Decimal(e["position"]) - d.book.position - d.memo.get("off", Decimal(0)))
        d.memo["as_of"] = int(e["as_of"])
        return TICK
    return TICK if e["type"] == "fill" and int(e["time"]) < d.memo.get("as_of", 0) else e


# reversal-undoes-once


@FILLS.tells("a fill stays, whatever becomes of it", rules="reversal-undoes-once")
def _fill_is_for_ever(d: Broken, e: Event, at: int) -> Event:
    return TICK if e["type"] in ("reversal", "correction") else e


@FILLS.tells(
    "a fill is taken back as often as that is told", rules="reversal-undoes-once", show=off
)
def _taken_back_each_time(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "reversal":
        times = d.memo[key_of(e)] = d.memo.get(key_of(e), 0) + 1
        move(d, -signed(e) if times > 1 else Decimal(0))
    return e


@FILLS.tells("only a fill that is known can be taken back", rules="reversal-undoes-once")
def _taken_back_if_known(d: Broken, e: Event, at: int) -> Event:
    known = d.memo.setdefault("known", set())
    if e["type"] == "fill":
        known.add(key_of(e))
    return TICK if e["type"] in ("reversal", "correction") and key_of(e) not in known else e


# old-evidence-binds-nothing


@FILLS.tells(
    "whatever names a pending cloid binds it to the oid that it names",
    rules="old-evidence-binds-nothing",
    show=unprimed,
)
def _any_oid_binds(d: Broken, e: Event, at: int) -> list[Event] | Event:
    old = d.memo.setdefault("oids", set())
    was_known = e["type"] in ("fill", "status") and e["oid"] in old
    if e.get("oid"):
        old.add(e["oid"])
    order = order_of(d, e.get("cloid")) if was_known else None
    if order is None or order.oid is not None or state_of(d, order.cloid) != "pending":
        return e
    answer = answer_to(order, f"{e['oid']}'")
    return [answer, {**e, "oid": f"{e['oid']}'"} if e["type"] == "status" else e]


@FILLS.tells("a cloid has the oid that it had first", rules="old-evidence-binds-nothing")
def _first_oid_is_kept(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "answer" or e["oid"] is None:
        return e
    first = d.memo.setdefault(e["cloid"], e["oid"])
    return e if first == e["oid"] or order_of(d, first) is not None else TICK


@FILLS.tells("a listing asked for before the request binds it", rules="old-evidence-binds-nothing")
def _old_listing_binds(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    if not any(state_of(d, order.get("cloid")) == "pending" for order in e["orders"]):
        return e
    d.requests["now"] = d.book.listing_requested(at)
    return {**e, "request": "now"}
