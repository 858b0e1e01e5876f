"""What mutants are made of: what a book knows of an order, and sums that are shown otherwise."""

from decimal import Decimal
from typing import Any

from truebook.impl import Order
from truebook.oracle.mutants.mutant import Broken
from truebook.oracle.reference import Texts, text

Event = dict[str, Any]

OVER = ("cancel_confirmed", "cancelled", "filled", "filled_during_cancel")
LIVE = ("resting", "partially_filled", "cancel_pending")
AGED = (
    "absence-needs-age contradiction-reopens unknown-stays cancel-resolves orphan-cancel-marked "
    "old-evidence-binds-nothing"
)
"""The rules that ask how old a listing is: who mistakes that keeps none of them."""
TICK: Event = {"type": "tick"}


def order_of(driver: Broken, id_: str | None) -> Order | None:
    """Return what the book knows of a cloid or an oid."""
    return None if id_ is None else driver.book.get_order(id_)


def state_of(driver: Broken, id_: str | None) -> str:
    """Return the state of an order in small letters; empty where it is not known."""
    order = order_of(driver, id_)
    return "" if order is None else order.state.name.lower()


def order_of_fill(driver: Broken, event: Event) -> Order | None:
    """Return the order that a fill is of: by its oid, else by the cloid that it names."""
    return order_of(driver, event["oid"]) or order_of(driver, event.get("cloid"))


def is_old(driver: Broken, oid: str, cloid: str) -> bool:
    """Return whether an oid is one that an order of a cloid has had, and not the one it has now."""
    order = order_of(driver, cloid)
    return order is not None and order.oid not in (None, oid) and oid in order.oids


def signed(event: Event) -> Decimal:
    """Return by how much a fill moves the position."""
    size = Decimal(event["size"])
    return size if event["side"] == "buy" else -size


def without(event: Event, *fields: str) -> Event:
    """Return an event that lacks some fields."""
    return {name: value for name, value in event.items() if name not in fields}


def of_listed(event: Event, *fields: str) -> Event:
    """Return a listing whose orders lack some fields."""
    return {**event, "orders": [without(order, *fields) for order in event["orders"]]}


def key_of(event: Event) -> tuple[str, str, str]:
    """Return what makes a fill the same fill."""
    return event["time"], event["tid"], event["oid"]


def move(driver: Broken, amount: Decimal) -> None:
    """Let the position be off by so much more, from now on; `off` shows it."""
    driver.memo["off"] = driver.memo.get("off", Decimal(0)) + amount


def off(driver: Broken, shown: Texts) -> None:
    """Show the positions as far off as they were moved."""
    for part in ("position", "expected_position"):
        shown[part] = text(Decimal(shown[part]) + driver.memo.get("off", 0))


def less(sides: dict[str, str], side: str, size: Decimal) -> None:
    """Show so much less on a side, but never less than nothing."""
    sides[side] = text(max(Decimal(0), Decimal(sides[side]) - size))


def orders_in(shown: Texts) -> list[Texts]:
    """Return each order that is shown, once, though it stands under its cloid and its oids."""
    return list({id(order): order for order in shown["orders"].values()}.values())


def reopen(shown: Texts, order: Order) -> None:
    """Show an order that is over as a ghost: open again, with all of it that has not filled."""
    found = shown["orders"].get(str(order.oid)) or shown["orders"].get(order.cloid)
    oid = str(order.oid)
    if oid not in shown["open"]:
        shown["open"].append(oid)
        less(shown["exposure"], order.side.value, -order.remaining)
        if found is not None:
            found["state"] = "partially_filled" if order.filled else "resting"


def ghosts(driver: Broken, shown: Texts) -> None:
    """Show the orders that were noted as ghosts, while the book knows them as over."""
    for cloid in driver.memo.get("ghosts", ()):
        order = order_of(driver, cloid)
        if order is not None and state_of(driver, cloid) in ("cancel_confirmed", "cancelled"):
            reopen(shown, order)


def drop(shown: Texts, order: Order) -> None:
    """Show an order that is open as one that is not."""
    oid = str(order.oid)
    if oid in shown["open"]:
        shown["open"].remove(oid)
        less(shown["exposure"], order.side.value, order.exposure)


def answer_to(order: Order, oid: str) -> Event:
    """Return an answer by which an order as it was registered is accepted, under an oid."""
    return {
        "type": "answer",
        "cloid": order.cloid,
        "oid": oid,
        "side": order.side.value,
        "price": text(order.price),
        "resting": text(order.size),
    }


def unprimed(driver: Broken, shown: Texts) -> None:
    """Show an oid that was marked by a prime, so as to be told anew, as it is."""
    shown["open"] = [oid.rstrip("'") for oid in shown["open"]]
    for id_ in [id_ for id_ in shown["orders"] if id_.endswith("'")]:
        order = shown["orders"].pop(id_)
        shown["orders"].setdefault(id_.rstrip("'"), order | {"oid": id_.rstrip("'")})
