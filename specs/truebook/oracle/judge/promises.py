"""Which promises a state breaks, given what is true at the venue: each by the name of its property.

No promise is judged by what the reference shows, but by the world that the step tells. What a
subject does not show breaks nothing.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from truebook.oracle.cases import SIDES, TrueOrder
from truebook.oracle.judge.deviation import EXTRA, LESS, MISSING, MORE, Deviation
from truebook.oracle.judge.look import Look, Shown
from truebook.oracle.judge.position import broken_in_position

LIVE = ("resting", "partially_filled", "cancel_pending")
WHOLE = ("filled", "filled_during_cancel")
TERMINAL = (*WHOLE, "cancelled")
_NOT_DEAD = (*LIVE, "pending", "waiting")


def broken(look: Look) -> Iterator[Deviation]:
    """Yield each promise that a state breaks, by what of it breaks it."""
    yield from broken_in_position(look)
    if not look.truth.misled:
        for order in look.truth.orders.values():
            if order.ours:
                yield from _tracked(look, order)
            yield from _over(look, order)
        yield from _exposure(look)
    yield from broken_in_orders(look)
    if look.truth.quiet:
        yield from _quiet(look)


def broken_in_orders(look: Look) -> Iterator[Deviation]:
    """Yield each promise that is broken by what is shown of single orders."""
    if not look.truth.misled:
        for order in look.truth.orders.values():
            if order.ours:
                yield from _filled(look, order)
    yield from _states(look)


def _tracked(look: Look, order: TrueOrder) -> Iterator[Deviation]:
    shown = look.shown
    if order.stands not in ("open", "waiting") or not _shows_all_places(look):
        return
    if _is_kept(shown, order) or order.id in shown.get("orphans", ()):
        return
    old = look.truth.orders.get(order.replaces)
    if old is not None and order.told == "nothing" and _is_kept(shown, old):
        return  # a modify that it was not told of is carried by the old order
    name = "tracked-or-in-grace" if order.told == "nothing" else "no-live-order-dropped"
    expected = f"{order.id} open or pending"
    state = _state(shown, order)
    yield Deviation("open", MISSING, order.id, expected, state or "nothing of it", name)


def _shows_all_places(look: Look) -> bool:
    """Return whether the subject shows every place in which it can keep an order.

    One that waits is neither open nor pending: that it is kept, its state alone shows.
    """
    if _shows_states(look):
        return True
    return "waiting" not in look.requires and {"open", "pending"} <= set(look.shown)


def _shows_states(look: Look) -> bool:
    if not {"orders", "orders.state"} & set(look.shows):
        return False
    return all("state" in one for one in look.shown["orders"].values())


def _is_kept(shown: Shown, order: TrueOrder) -> bool:
    if order.id in shown.get("open", ()) or order.cloid in shown.get("pending", ()):
        return True
    return _state(shown, order) in _NOT_DEAD


def _state(shown: Shown, order: TrueOrder) -> str:
    orders = shown.get("orders") or {}
    found: Any = orders.get(order.id) or orders.get(order.cloid) or {}
    return str(found.get("state", ""))


def _filled(look: Look, order: TrueOrder) -> Iterator[Deviation]:
    """Yield what shows as filled and is less than the fills told, or more than has executed."""
    found = (look.shown.get("orders") or {}).get(order.id) or {}
    if "filled" not in found or order.fills is None or not _is_of(look, order, found):
        return
    filled, name = Decimal(found["filled"]), "filled-is-its-fills"
    if filled < order.fills:
        said = f"at least {order.fills}"
        yield Deviation(
            "orders.filled", LESS, order.id, said, found["filled"], name, filled - order.fills
        )
    elif filled > order.executed:
        said = f"at most {order.executed}"
        yield Deviation(
            "orders.filled", MORE, order.id, said, found["filled"], name, filled - order.executed
        )


def _is_of(look: Look, order: TrueOrder, found: Shown) -> bool:
    """Return whether what is shown under an oid is of that order, and not of what replaced it.

    A subject that shows no oids does not say; then it is, as long as nothing was modified, and
    nothing that waited can have another oid since.
    """
    if "oid" in found:
        return bool(found["oid"] == order.id)
    return not look.modified and "waiting" not in look.requires


def _over(look: Look, order: TrueOrder) -> Iterator[Deviation]:
    """Yield an order that was told to be over and is shown as open."""
    if order.stands == "over" and order.told == "over" and order.id in look.shown.get("open", ()):
        said = f"{order.id} not open"
        yield Deviation("open", EXTRA, order.id, said, order.id, "exposure-is-tight")


def _exposure(look: Look) -> Iterator[Deviation]:
    if "exposure" not in look.shown or not look.truth.orders:
        return
    for side in SIDES:
        can = _can_trade(look, side)
        have = Decimal(look.shown["exposure"].get(side, "0"))
        if "unsettled" in look.shown:
            have += Decimal(look.shown["unsettled"].get(side, "0")) + look.early(side)
            can += look.untold(side)
        if have < can:
            said = f"at least {can}"
            yield Deviation(
                "exposure", LESS, side, said, str(have), "exposure-bounds-truth", have - can
            )


def _can_trade(look: Look, side: str) -> Decimal:
    """Return what of a side can trade, of the orders that exposure counts."""
    counted = (
        order.can_trade
        for order in look.truth.orders.values()
        if order.side == side and (order.ours or (order.told == "open" and not look.left))
    )
    return sum(counted, Decimal(0))


def _states(look: Look) -> Iterator[Deviation]:
    """Yield the orders whose state contradicts what has filled, or comes back from being over."""
    for id_, order in (look.shown.get("orders") or {}).items():
        state, true = order.get("state"), look.truth.orders.get(id_)
        if {"state", "filled", "size"} <= set(order) and not _agrees(order):
            words = f"a state that agrees with {order['filled']} of {order['size']} filled"
            yield Deviation("orders.state", EXTRA, id_, words, state, "state-agrees-with-fills")
        was = ((look.before.get("orders") or {}).get(id_) or {}).get("state")
        if look.truth.misled:
            continue  # what false words end, others may open again
        if was in TERMINAL and state in LIVE and true is not None and true.stands == "over":
            said = f"{was}, which is final"
            yield Deviation("orders.state", EXTRA, id_, said, state, "transitions-in-table")


def _agrees(order: Shown) -> bool:
    filled, size, state = Decimal(order["filled"]), Decimal(order["size"]), order["state"]
    if not size:
        return True  # it follows the position
    if state in WHOLE:
        return filled >= size
    if state == "partially_filled":
        return 0 < filled < size
    return state not in ("resting", "partially_filled") or filled == 0


def _quiet(look: Look) -> Iterator[Deviation]:
    """Yield what is not as the venue has it, though everything was told and no timer is left."""
    shown, truth = look.shown, look.truth
    ours = [order for order in truth.orders.values() if order.ours]
    is_open = {order.id for order in ours if order.stands == "open"}
    if "open" in shown and truth.orders:
        for id_ in sorted(is_open - set(shown["open"])):
            yield Deviation("open", MISSING, id_, sorted(is_open), shown["open"], "convergence")
        for id_ in sorted(set(shown["open"]) - is_open):
            yield Deviation("open", EXTRA, id_, sorted(is_open), shown["open"], "convergence")
    waits = {order.cloid for order in ours if order.stands in ("sent", "waiting")}
    for cloid in sorted(set(shown.get("pending", ())) - waits):
        yield Deviation("pending", EXTRA, cloid, "nothing pending", cloid, "convergence")
    others = {one.id for one in truth.orders.values() if not one.ours and one.stands == "open"}
    for oid in sorted(set(shown.get("orphans", ())) - others):
        yield Deviation("orphans", EXTRA, oid, sorted(others), oid, "nothing-leaks")
    if "exposure" in shown and truth.orders:
        yield from _left(look)


def _left(look: Look) -> Iterator[Deviation]:
    for side in SIDES:
        can = _can_trade(look, side)
        have = Decimal(look.shown["exposure"].get(side, "0"))
        have += Decimal((look.shown.get("unsettled") or {}).get(side, "0"))
        if have > can:
            yield Deviation(
                "exposure", MORE, side, str(can), str(have), "nothing-leaks", have - can
            )
