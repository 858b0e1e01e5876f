"""Mutants that mistake the venue's position, or what outlives the process."""

from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import Event, key_of, move, off, signed, unprimed, without
from truebook.oracle.reference import Texts

POSITIONS = Family()

UNIQUE = "position-is-unique-fills"
TAKEN_OVER = {"rules": "position-by-fills", "properties": f"{UNIQUE} no-fill-twice"}


# The venue's position


@POSITIONS.tells("the venue's position is taken over", **TAKEN_OVER, show=off)
def _position_taken_over(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "position":
        d.memo["off"] = Decimal(e["position"]) - d.book.position
    return e


@POSITIONS.tells(
    "a position with more than the fills is taken over as a fill without an order",
    **TAKEN_OVER,
)
def _mismatch_is_a_fill(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if e["type"] != "position":
        return e
    more = Decimal(e["position"]) - d.book.position
    fill = {"type": "fill", "oid": f"position {at}", "tid": f"position {at}", "time": str(at)}
    fill |= {"side": "buy" if more > 0 else "sell", "size": str(abs(more)), "price": "1"}
    return [e, fill] if more else e


@POSITIONS.tells(
    "a position taken over has every fill, those after it too",
    rules="position-by-fills",
    properties=UNIQUE,
)
def _rebase_has_all(d: Broken, e: Event, at: int) -> Event | None:
    if e["type"] == "fill" and int(e["time"]) < d.memo.get("until", 0):
        return None
    if e["type"] == "rebase":
        d.memo["until"] = max(at, int(e["as_of"])) + 30
    return e


@POSITIONS.tells(
    "a position taken over has none of the fills that are still to come",
    **TAKEN_OVER,
)
def _rebase_has_none(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "rebase":
        d.memo["as_of"] = int(e["as_of"])
        d.memo.setdefault("seen", set())
    if e["type"] != "fill":
        return e
    seen = d.memo.setdefault("seen", set())
    before = "as_of" in d.memo and int(e["time"]) < d.memo["as_of"] and key_of(e) not in seen
    seen.add(key_of(e))
    return {**e, "time": str(d.memo["as_of"])} if before else e


@POSITIONS.tells(
    "a position taken over has none of the fills that are known",
    **TAKEN_OVER,
    show=off,
)
def _rebase_adds_known(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "fill" and key_of(e) not in d.memo:
        d.memo[key_of(e)] = signed(e)
    if e["type"] == "rebase":
        known = [
            moved for key, moved in d.memo.items() if key != "off" and int(key[0]) < int(e["as_of"])
        ]
        move(d, sum(known, Decimal(0)))
    return e


@POSITIONS.tells(
    "a position is taken over while requests are pending, too",
    rules="position-by-fills",
    properties="no-fill-twice",
    show=off,
)
def _rebase_never_refused(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "rebase" and d.book.get_pending_cloids():
        d.memo["off"] = Decimal(e["position"]) - d.book.position
    return e


@POSITIONS.tells(
    "what had filled of orders when a position was taken over is waited for",
    rules="start-from-the-picture",
    properties="convergence exposure-is-tight",
    show=off,
)
def _rebase_is_a_sum(d: Broken, e: Event, at: int) -> Event | None:
    if e["type"] == "rebase":
        move(d, Decimal(e["position"]) - d.book.position - d.memo.get("off", Decimal(0)))
        d.memo["as_of"] = int(e["as_of"])
        return None
    if e["type"] == "fill" and int(e["time"]) < d.memo.get("as_of", 0):
        return None
    return e


@POSITIONS.tells(
    "what answers said has filled is expected still, once a position that has it is taken over",
    rules="start-from-the-picture",
    properties="exposure-is-tight nothing-leaks",
    show=lambda d, s: s.update(d.memo.get("kept", {})),
)
def _rebase_keeps_expecting(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "rebase":
        d.memo["kept"] = {"unsettled": {s: str(d.book.unsettled(s)) for s in ("buy", "sell")}}
    return e


@POSITIONS.tells(
    "what is missing from the fills is asked for of the future, too",
    rules="position-by-fills",
    properties="convergence",
)
def _position_is_of_now(d: Broken, e: Event, at: int) -> Event:
    return without(e, "as_of") if e["type"] == "position" else e


# What outlives the process


def _restarts(e: Event) -> bool:
    return bool(e["type"] == "restart")


@POSITIONS.tells(
    "a restart forgets what is pending",
    rules="unknown-stays",
    properties="tracked-or-in-grace exposure-bounds-truth",
)
def _restart_forgets(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if not _restarts(e):
        return e
    return [*({"type": "reject", "cloid": cloid} for cloid in d.book.get_pending_cloids()), e]


@POSITIONS.tells(
    "a restart forgets which fills were counted",
    rules="fills-move-position",
    properties="no-fill-twice replay-harmless",
)
def _restart_forgets_fills(d: Broken, e: Event, at: int) -> Event:
    if _restarts(e):
        d.memo["starts"] = d.memo.get("starts", 0) + 1
    if e["type"] == "fill" and "starts" in d.memo:
        return {**e, "tid": f"{e['tid']} {d.memo['starts']}"}
    return e


@POSITIONS.tells(
    "a restart forgets the fills that wait for their order",
    rules="early-fills-kept",
    properties="filled-is-its-fills",
    show=unprimed,
)
def _restart_forgets_early_fills(d: Broken, e: Event, at: int) -> Event:
    if e["type"] == "fill" and d.book.get_order(e["oid"]) is None and "cloid" not in e:
        d.memo[e["oid"]] = False
    if _restarts(e):
        d.memo.update(dict.fromkeys(d.memo, True))
    return {**e, "oid": f"{e['oid']}'"} if e["type"] == "answer" and d.memo.get(e["oid"]) else e


@POSITIONS.tells(
    "the fills that come right after a restart are a picture of old ones, and skipped",
    rules="fills-move-position",
    properties=UNIQUE,
)
def _snapshot_of_fills_skipped(d: Broken, e: Event, at: int) -> Event | None:
    if e["type"] != "tick":
        d.memo["picture"] = _restarts(e) or (e["type"] == "fill" and d.memo.get("picture", False))
    return None if e["type"] == "fill" and d.memo["picture"] else e


@POSITIONS.tells(
    "a restart forgets the orders that are open",
    properties="no-live-order-dropped exposure-bounds-truth",
)
def _restart_forgets_orders(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if not _restarts(e):
        return e
    gone = map(str, d.book.get_active_oids())
    return [e, *({"type": "status", "oid": oid, "status": "cancelled"} for oid in gone)]


@POSITIONS.tells(
    "a restart forgets that cancels are awaited",
    rules="cancel-resolves",
    properties="convergence",
)
def _restart_forgets_cancels(d: Broken, e: Event, at: int) -> list[Event] | Event:
    if not _restarts(e):
        return e
    awaited = [o for o in d.book.get_orders() if o.state.name == "CANCEL_PENDING"]
    answers = ({"type": "cancel_answer", "id": str(o.oid), "outcome": "rejected"} for o in awaited)
    return [e, *answers]


@POSITIONS.tells(
    "a restart forgets the position",
    rules="position-by-fills",
    properties=UNIQUE,
    show=off,
)
def _restart_forgets_position(d: Broken, e: Event, at: int) -> Event:
    if _restarts(e):
        d.memo["off"] = -d.book.position
    return e


def _without_gone(d: Broken, s: Texts) -> None:
    for id_ in d.memo.get("gone", ()):
        s["orders"].pop(id_, None)


@POSITIONS.tells(
    "a restart forgets the orders that are over",
    rules="tombstones",
    properties="filled-is-its-fills",
    show=_without_gone,
)
def _restart_forgets_closed(d: Broken, e: Event, at: int) -> Event:
    if _restarts(e):
        d.memo["gone"] = [
            id_
            for order in d.book.get_orders()
            if not order.is_open and order.state.name not in ("PENDING", "WAITING")
            for id_ in (order.cloid, *map(str, order.oids))
        ]
    return e
