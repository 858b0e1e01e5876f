"""What is true in each world of the model, in the words of a vector: see `cases.truth`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from truebook.model.config import Bounds
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.request_world import RequestBounds
from truebook.model.sizes import SizeBounds
from truebook.model.vocabulary import Venue
from truebook.model.waiting import PARENT_ENDED
from truebook.oracle.reference import text
from truebook.oracle.vectors.actions import FOREIGN, LEGS, Named, of_order
from truebook.oracle.vectors.names import CLOID
from truebook.oracle.vectors.waiting import OID, PARENT, PARENT_OID
from truebook.specs.scenarios import AnyBounds

Known = Mapping[str, int]
Truth = dict[str, Any]
Tells = Callable[[Known], Truth]
"""Tells the truth of a world, given the values of its fields by their paths."""

_STANDS = {Venue.SENT: "sent", Venue.OPEN: "open"}


def truth_teller(world: str, bounds: AnyBounds) -> Tells:
    """Return what tells the truth of a world."""
    assert not isinstance(bounds, RequestBounds)
    if isinstance(bounds, NameBounds):
        return _of_names
    if isinstance(bounds, SizeBounds):
        return lambda known: _of_sizes(bounds, known)
    if isinstance(bounds, MemoryBounds):
        return _of_fills
    if world == "foreign":
        return lambda known: _of_foreign(bounds, known)
    if world == "waiting":
        return lambda known: _of_waiting(bounds, known)
    return lambda known: of_orders(bounds, [Named()], [known])


def named_by(event: Mapping[str, Any]) -> set[str]:
    """Return the names of the order that an event names by its cloid: its oid, else its cloid."""
    if event["type"] not in ("answer", "status", "fill", "modify_answer") or "cloid" not in event:
        return set()
    if event.get("oid"):
        return {event["oid"]}
    return {event["cloid"]} if event.get("status") == "waiting" else set()


def told_of(truth: Truth, named: Collection[str]) -> Truth:
    """Return a truth in which an order that was named is told of, where a world does not say so."""
    orders = truth.get("orders", {})
    for id_, order in orders.items():
        known = id_ in named or order.get("cloid") in named
        if known and order["stands"] != "sent" and order.get("told", "nothing") == "nothing":
            orders[id_] = {**order, "told": "open"}
    return truth


def of_composition(bounds: Bounds, named: Sequence[Named]) -> Tells:
    """Return what tells the truth of a composition of orders of ours."""

    def tell(known: Known) -> Truth:
        return of_orders(bounds, named, [of_order(k, known) for k in range(len(named))])

    return tell


def of_orders(bounds: Bounds, named: Sequence[Named], worlds: Sequence[Known]) -> Truth:
    """Return the truth of orders of ours, each in a world of its own."""
    orders: dict[str, Any] = {}
    position = 0 * named[0].lot
    misled = False
    for names, known in zip(named, worlds, strict=True):
        misled |= bool(known.get("misled", 0))
        for i, leg in enumerate(LEGS[: 2 if bounds.modify else 1]):
            told = known[f"{leg}.taker_told"] + known[f"{leg}.maker_told"]
            position += told * names.lot * (-1 if names.side == "sell" else 1)
            order = _leg(bounds, names, known, i, told)
            if order is not None:
                orders[names.oids[i] if order["stands"] != "sent" else names.cloid] = order
    return _truth(orders, text(position), misled=misled)


def _leg(bounds: Bounds, names: Named, known: Known, i: int, told: int) -> Truth | None:
    leg, size = LEGS[i], (bounds.size, bounds.new_size)[i]
    status, executed = known[f"{leg}.status"], known[f"{leg}.executed"]
    if status == Venue.UNSENT or (i == 1 and status == Venue.SENT):
        return None  # until a modify arrives, it is the old order that can trade
    stands = _STANDS.get(Venue(status), "over")
    if stands == "over" and status in (Venue.REFUSED, Venue.LOST) and i == 1:
        return None  # a modify that never was leaves the old order
    order = {"cloid": names.cloid, "side": names.side, "stands": stands}
    if stands != "over":
        order["left"] = names.size(size - executed)
    order |= {"executed": names.size(executed), "fills": names.size(told)}
    named = known[f"{leg}.named"]
    ended = known[f"{leg}.ended_told"] and not known.get("lied", 0)
    order["told"] = "over" if ended else "open" if named else "nothing"
    if i == 1:
        order["replaces"] = names.oids[0]
    return order


def _of_foreign(bounds: Bounds, known: Known) -> Truth:
    status = known["status"]
    orders = {}
    if status != Venue.UNSENT:
        stands = _STANDS.get(Venue(status), "over")
        told = "over" if known["ended_told"] else "open" if known["seen"] else "nothing"
        order = {"side": "sell", "stands": stands, "told": told, "of_others": "true"}
        orders[FOREIGN] = order | ({"left": "1"} if stands == "open" else {})
    return _truth(orders, "0", misled=bool(known.get("misled", 0)))


def _of_waiting(bounds: Bounds, known: Known) -> Truth:
    status, executed = known["status"], known["executed"]
    if status == Venue.UNSENT:
        return _truth({}, "0")
    stands = _STANDS.get(Venue(status), "over")
    if stands == "open" and known["waits"]:
        stands = "waiting"
    order = {"cloid": CLOID, "side": "sell", "stands": stands, "executed": str(executed)}
    order |= {"left": str(bounds.size - executed)} if stands != "over" else {}
    order |= {"fills": str(known["told"])}
    over = known["parent"] == PARENT_ENDED
    parent = {"cloid": PARENT, "side": "buy", "stands": "over" if over else "open", "told": "open"}
    parent |= {} if over else {"left": "1"}
    own = OID if stands != "sent" else CLOID
    return _truth({own: order, PARENT_OID: parent}, str(-known["told"]))


def _of_sizes(bounds: SizeBounds, known: Known) -> Truth:
    left, executed = known["left"], known["executed"]
    if not left and not executed:
        return {"position": str(known["told"])}
    order = {"cloid": CLOID, "side": "buy", "stands": "open" if left else "over"}
    order |= {"executed": str(executed), "fills": str(known["told"]), "told": "open"}
    order |= {"left": str(left)} if left else {}
    return _truth({"101": order}, str(known["told"]), misled=bool(known["unheard"]))


def _of_names(known: Known) -> Truth:
    orders, position = {}, 0
    for k in range(3):
        life = f"n{k}"
        if f"{life}.status" not in known or known[f"{life}.status"] == Venue.UNSENT:
            continue
        position += known[f"{life}.told"]
        stands = _STANDS.get(Venue(known[f"{life}.status"]), "over")
        filled = known[f"{life}.filled"]
        order = {"cloid": CLOID, "side": "buy", "stands": stands, "executed": str(filled)}
        order |= {"left": str(10 - filled)} if stands != "over" else {}
        order["told"] = "open" if known[f"{life}.answered"] else "nothing"
        orders[str(101 + k) if stands != "sent" else f"{CLOID}#{k}"] = order
    return _truth(orders, str(position))


def _of_fills(known: Known) -> Truth:
    told, executed = 0, 0
    rebased = known["rebased"]
    for k in range(4):
        time = known.get(f"f{k}.time", 0)
        if not time:
            continue
        busted, over = known.get(f"f{k}.busted", 0), time < rebased
        executed += 1
        if known[f"f{k}.told"] or over:
            told += 1
            if busted and (known[f"f{k}.heard"] or (over and busted < rebased)):
                told -= 1
    return {"position": str(told), "traded": {"buy": str(executed), "sell": "0"}}


def _truth(orders: dict[str, Any], position: str, *, misled: bool = False) -> Truth:
    return {"orders": orders, "position": position} | ({"misled": "true"} if misled else {})
