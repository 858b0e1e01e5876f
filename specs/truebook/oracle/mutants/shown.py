"""Mutants that know what is so, and show other sums, or lists that lack something."""

from decimal import Decimal

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import drop, less, orders_in
from truebook.oracle.reference import Texts, text

SHOWN = Family()

BOUNDS = {"rules": "exposure-bounds", "properties": "exposure-bounds-truth"}
TIGHT = {"properties": "exposure-is-tight"}
SIDES = ("buy", "sell")


# The exposure


@SHOWN.shows("the exposure leaves out what is pending", **BOUNDS)
def _pending_not_exposed(d: Broken, s: Texts) -> None:
    for cloid in s["pending"]:
        order = d.book.get_order(cloid)
        if order is not None and order.oid is None:
            less(s["exposure"], order.side.value, order.size)


@SHOWN.shows("the exposure leaves out what awaits its cancel", **BOUNDS)
def _cancelling_not_exposed(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        if order.state.name == "CANCEL_PENDING":
            less(s["exposure"], order.side.value, order.remaining)


@SHOWN.shows("the exposure leaves out orphans", **BOUNDS)
def _orphans_not_exposed(d: Broken, s: Texts) -> None:
    if s["orphans"]:
        s["exposure"] = {"buy": "0", "sell": "0"}


@SHOWN.shows("the exposure leaves out what has filled in part", **BOUNDS)
def _partial_not_exposed(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        if order.state.name == "PARTIALLY_FILLED":
            less(s["exposure"], order.side.value, order.exposure)


@SHOWN.shows("the exposure leaves out what waits", **BOUNDS)
def _waiting_not_exposed(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        if order.state.name == "WAITING":
            less(s["exposure"], order.side.value, order.exposure)


@SHOWN.shows("the exposure leaves out what a modify adds", **BOUNDS)
def _modify_not_exposed(d: Broken, s: Texts) -> None:
    for cloid in s["pending"]:
        for leg in d.book.legs(cloid)[1:]:
            if leg.state.name == "PENDING":
                less(s["exposure"], leg.side.value, leg.exposure)


@SHOWN.shows(
    "a modify counts both the old and the new size",
    rules="exposure-bounds modify-binds",
    properties="exposure-is-tight",
)
def _modify_counted_twice(d: Broken, s: Texts) -> None:
    for cloid in s["pending"]:
        order = d.book.get_order(cloid)
        if order is not None and order.oid is not None:
            less(s["exposure"], order.side.value, -order.remaining)


@SHOWN.shows("the exposure counts the whole size of what has filled in part", **TIGHT)
def _exposure_of_whole_size(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        if order.state.name in ("PARTIALLY_FILLED", "CANCEL_PENDING"):
            less(s["exposure"], order.side.value, -order.filled)


@SHOWN.shows(
    "the exposure is shown of the other side",
    rules="exposure-bounds",  # which side of it is bounded is of the rule, not only a number
    properties="exposure-bounds-truth",
    about="shown exposure",
)
def _exposure_of_other_side(d: Broken, s: Texts) -> None:
    s["exposure"] = dict(zip(SIDES[::-1], map(s["exposure"].get, SIDES), strict=True))


@SHOWN.shows("the exposure is the difference of both sides", properties="exposure-bounds-truth")
def _exposure_is_net(d: Broken, s: Texts) -> None:
    buy, sell = (Decimal(s["exposure"][side]) for side in SIDES)
    less(s["exposure"], "buy", sell)
    less(s["exposure"], "sell", buy)


@SHOWN.shows("the exposure is what orders are worth, not their sizes", **TIGHT)
def _exposure_in_money(d: Broken, s: Texts) -> None:
    s["exposure"] = {side: text(100 * Decimal(size)) for side, size in s["exposure"].items()}


@SHOWN.shows("nothing is shown as unsettled", **BOUNDS, about="shown unsettled")
def _nothing_unsettled(d: Broken, s: Texts) -> None:
    s["unsettled"] = {"buy": "0", "sell": "0"}


@SHOWN.shows("what is unsettled is in the exposure", **TIGHT)
def _unsettled_in_exposure(d: Broken, s: Texts) -> None:
    for side in SIDES:
        less(s["exposure"], side, -Decimal(s["unsettled"][side]))


# The positions


@SHOWN.shows(
    "the position holds what answers said has filled",
    rules="fills-move-position",
    properties="position-is-unique-fills",
)
def _expectation_is_position(d: Broken, s: Texts) -> None:
    s["position"] = s["expected_position"]


@SHOWN.shows(
    "nothing is expected of what answers said has filled",
    properties="position-is-unique-fills",
    about="shown expected_position",
)
def _position_is_expectation(d: Broken, s: Texts) -> None:
    s["expected_position"] = s["position"]


@SHOWN.shows("the position has no side", properties="position-is-unique-fills")
def _position_without_sign(d: Broken, s: Texts) -> None:
    s["position"] = s["position"].lstrip("-")


@SHOWN.shows("the position is in floating point", properties="position-is-unique-fills")
def _position_in_float(d: Broken, s: Texts) -> None:
    s["position"] = format(Decimal(float(s["position"])), "f")


@SHOWN.shows(
    "the position is in whole units", properties="position-is-unique-fills", about="shown position"
)
def _position_rounded(d: Broken, s: Texts) -> None:
    s["position"] = text(Decimal(s["position"]).to_integral_value())


# What is open, pending, orphaned and stuck


@SHOWN.shows(
    "an order is not open until it is answered",
    rules="fill-binds",
    properties="tracked-or-in-grace",
)
def _open_once_answered(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        if order.is_open and not order.answered and order.filled:
            s["open"] = [oid for oid in s["open"] if oid != str(order.oid)]


@SHOWN.shows(
    "an order is pending until it is answered, though its fills are here",
    rules="fill-binds",
    properties="convergence",
)
def _pending_until_answered(d: Broken, s: Texts) -> None:
    bound = [o.cloid for o in d.book.get_orders() if o.is_open and o.taker and not o.answered]
    s["pending"] += [cloid for cloid in bound if cloid not in s["pending"]]


@SHOWN.shows(
    "an order is over once any of it has filled",
    rules="state-is-derived",
    properties="no-live-order-dropped state-agrees-with-fills",
)
def _partial_is_whole(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        if order.state.name == "PARTIALLY_FILLED":
            drop(s, order)
            for id_ in (order.cloid, str(order.oid)):
                if id_ in s["orders"]:
                    s["orders"][id_]["state"] = "filled"


@SHOWN.shows(
    "an order with a cancel on its way is not open",
    rules="state-is-derived",
    properties="no-live-order-dropped",
)
def _cancelling_not_open(d: Broken, s: Texts) -> None:
    cancelling = {o["oid"] for o in orders_in(s) if o["state"] == "cancel_pending"}
    s["open"] = [oid for oid in s["open"] if oid not in cancelling]


@SHOWN.shows(
    "an order whose cancel is confirmed is open until its fill window is over",
    rules="state-is-derived",
    properties="exposure-is-tight",
)
def _confirmed_is_open(d: Broken, s: Texts) -> None:
    s["open"] += [o["oid"] for o in orders_in(s) if o["state"] == "cancel_confirmed" and o["oid"]]


@SHOWN.shows(
    "nothing is shown as open", properties="tracked-or-in-grace convergence", about="shown open"
)
def _nothing_open(d: Broken, s: Texts) -> None:
    s["open"] = []


@SHOWN.shows("nothing is shown as pending", properties="tracked-or-in-grace", about="shown pending")
def _nothing_pending(d: Broken, s: Texts) -> None:
    s["pending"] = []


@SHOWN.shows("a modify is not pending", rules="modify-binds", properties="tracked-or-in-grace")
def _modify_not_pending(d: Broken, s: Texts) -> None:
    s["pending"] = [c for c in s["pending"] if (o := d.book.get_order(c)) and o.oid is None]


@SHOWN.shows(
    "a request is pending still once its order is open",
    rules="fill-binds",
    properties="convergence",
)
def _open_is_pending(d: Broken, s: Texts) -> None:
    resting = [o["cloid"] for o in orders_in(s) if o["state"] == "resting"]
    s["pending"] += [cloid for cloid in resting if cloid not in s["pending"]]


@SHOWN.shows(
    "an orphan is shown that is not listed any more",
    rules="ages-out orphan-cancel-marked",
    properties="nothing-leaks",
)
def _orphans_stay(d: Broken, s: Texts) -> None:
    d.memo.update(dict.fromkeys(s["orphans"]))
    s["orphans"] = list(d.memo)


@SHOWN.shows("no orphan is shown", properties="tracked-or-in-grace", about="shown orphans")
def _nothing_orphaned(d: Broken, s: Texts) -> None:
    s["orphans"] = []


@SHOWN.shows(
    "no cancel is shown as stuck",
    rules="cancel-resolves",
    properties="convergence",
    about="shown stuck",
)
def _nothing_stuck(d: Broken, s: Texts) -> None:
    s["stuck"] = []
