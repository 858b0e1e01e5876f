"""Which order an id is of: an order has a cloid, and oids that change."""

from collections.abc import Mapping
from typing import Any

from truebook.oracle.cases import Case


def orders_by_id(case: Case) -> dict[str, str]:
    """Return the order, by its cloid, of each oid that a case tells of or that is true in it."""
    found: dict[str, str] = {}
    for step in case.steps:
        for id_, true in (step.truth or {}).get("orders", {}).items():
            if "cloid" in true:
                found[id_] = true["cloid"]
        for event in (*step.events(), *step.event.get("orders", ())):
            if event.get("oid") and event.get("cloid"):
                found[event["oid"]] = event["cloid"]
    return found


def order_of(event: Mapping[str, Any], orders: Mapping[str, str]) -> set[str]:
    """Return the order that an event tells of; none where it tells of none, or of many."""
    id_ = event.get("cloid") or event.get("id") or event.get("oid")
    return {orders.get(id_, id_)} if id_ else set()
