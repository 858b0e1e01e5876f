"""Mutants that know what is so of an order, and show something else."""

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import LIVE, OVER, orders_in
from truebook.oracle.reference import Texts, text

SHOWN_ORDERS = Family()


@SHOWN_ORDERS.shows(
    "a partial fill hides that a cancel is awaited",
    rules="state-is-derived",
    properties="transitions-in-table",
)
def _partial_hides_cancel(d: Broken, s: Texts) -> None:
    for order in s["orders"].values():
        if order["state"] == "cancel_pending" and order["filled"] != "0":
            order["state"] = "partially_filled"


@SHOWN_ORDERS.shows(
    "a cancelled order forgets what of it has filled",
    rules="state-is-derived",
    properties="filled-is-its-fills",
)
def _cancelled_forgets_fills(d: Broken, s: Texts) -> None:
    for order in s["orders"].values():
        if order["state"] in ("cancelled", "cancel_confirmed"):
            order["filled"] = "0"


@SHOWN_ORDERS.shows(
    "only fills fill an order, whatever an answer or a status says",
    rules="early-fills-kept",
    properties="state-agrees-with-fills",
)
def _only_fills_fill(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        for id_ in (order.cloid, *map(str, order.oids)):
            if id_ in s["orders"]:
                s["orders"][id_]["filled"] = text(order.taker + order.maker)


@SHOWN_ORDERS.shows(
    "fills are counted beyond what the answer said has filled",
    rules="early-fills-kept",
    properties="filled-is-its-fills",
)
def _answered_on_top(d: Broken, s: Texts) -> None:
    for order in d.book.get_orders():
        for id_ in (order.cloid, *map(str, order.oids)):
            if id_ in s["orders"] and order.answered:
                s["orders"][id_]["filled"] = text(order.answered + order.taker + order.maker)


@SHOWN_ORDERS.shows(
    "an order is not found by the oid that it had before",
    rules="modify-binds",
    properties="identity",
)
def _old_oid_forgotten(d: Broken, s: Texts) -> None:
    s["orders"] = {k: o for k, o in s["orders"].items() if k in (o["cloid"], o["oid"])}


@SHOWN_ORDERS.shows("an order is not found by its cloid", rules="fill-binds", properties="identity")
def _cloid_forgotten(d: Broken, s: Texts) -> None:
    s["orders"] = {k: o for k, o in s["orders"].items() if k != o["cloid"] or o["oid"] is None}


@SHOWN_ORDERS.shows(
    "orders that are over are not shown", rules="tombstones", properties="filled-is-its-fills"
)
def _over_not_shown(d: Broken, s: Texts) -> None:
    s["orders"] = {k: o for k, o in s["orders"].items() if o["state"] not in OVER}


@SHOWN_ORDERS.shows(
    "orders that are over are never forgotten", rules="ages-out", properties="nothing-leaks"
)
def _over_never_forgotten(d: Broken, s: Texts) -> None:
    d.memo.update(s["orders"])
    s["orders"] = dict(d.memo)


def _states(name: str, words: str, before: tuple[str, ...], after: str, **more: str) -> None:
    def show(d: Broken, s: Texts) -> None:
        for order in orders_in(s):
            if order["state"] in before:
                order["state"] = after

    SHOWN_ORDERS.add(name, words, show=show, **more)


_DERIVED = {"rules": "state-is-derived", "properties": "state-agrees-with-fills"}

_states(
    "confirmed-is-cancelled",
    "a cancelled order is shown as such while its fills may still come",
    ("cancel_confirmed",),
    "cancelled",
    **_DERIVED,
)
_states(
    "cancelled-is-filled",
    "an order that was cancelled is shown as filled",
    ("cancelled", "cancel_confirmed"),
    "filled",
    **_DERIVED,
)
_states(
    "filled-in-cancel-is-filled",
    "that an order filled during its cancel is not told",
    ("filled_during_cancel",),
    "filled",
    **_DERIVED,
)
_states(
    "filled-in-cancel-is-cancelled",
    "an order that filled during its cancel is shown as cancelled",
    ("filled_during_cancel",),
    "cancelled",
    **_DERIVED,
)
_states(
    "partial-is-resting",
    "an order that has filled in part is shown as one that rests",
    ("partially_filled",),
    "resting",
    **_DERIVED,
)
_states(
    "cancelling-is-resting",
    "that a cancel is on its way is not shown",
    ("cancel_pending",),
    "resting",
    **_DERIVED,
)
_states(
    "dead-is-pending",
    "an order that never came to be is shown as pending",
    ("dead",),
    "pending",
    rules="reject-clears",
    properties="transitions-in-table",
)
_states(
    "waiting-is-resting",
    "an order that waits is shown as one that rests",
    ("waiting",),
    "resting",
    rules="waits-is-not-dead",
    properties="state-agrees-with-fills",
)
_states(
    "waiting-is-pending",
    "an order that waits is shown as pending",
    ("waiting",),
    "pending",
    rules="waits-is-not-dead",
    properties="convergence",
)
_states(
    "live-is-resting",
    "every order that is open is shown as resting",
    LIVE,
    "resting",
    **_DERIVED,
)


def _of_orders(part: str, words: str, value: str | None, properties: str) -> None:
    def show(d: Broken, s: Texts) -> None:
        for order in orders_in(s):
            order[part] = value

    about = f"shown orders.{part}"
    SHOWN_ORDERS.add(f"shown-{part}-is-wrong", words, show=show, properties=properties, about=about)


_of_orders("cloid", "orders are shown without their cloids", "", "identity")
_of_orders("oid", "orders are shown without their oids", None, "identity")
_of_orders("side", "every order is shown as one to sell", "sell", "exposure-bounds-truth")
_of_orders("price", "orders are shown without their prices", "0", "convergence")
_of_orders("size", "orders are shown without their sizes", "0", "filled-is-its-fills")
_of_orders("filled", "nothing is shown as filled", "0", "filled-is-its-fills")
_of_orders("remaining", "nothing is shown as left", "0", "exposure-bounds-truth")
_of_orders("state", "every order is shown as pending", "pending", "state-agrees-with-fills")
_of_orders("reason", "the venue's word is not shown", "", "convergence")
