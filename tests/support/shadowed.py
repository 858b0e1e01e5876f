"""A tracker that goes wrong, what a shadow of it is told, and whether a case holds."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from truebook.impl import ListedOrder, Listing, ListingRequest, Side, UnifiedOrderBook
from truebook.impl.journal.calls import Call
from truebook.impl.shadow.shadow_book import ShadowBook
from truebook.oracle.cases.case import Case
from truebook.oracle.reference.driving import Driver


class Crooked(UnifiedOrderBook):
    """A book that forgets one fill in three."""

    __slots__ = ()
    told = 0

    def process_fill(self, *args: Any, **kwargs: Any) -> Any:
        Crooked.told += 1
        return None if Crooked.told % 3 == 0 else super().process_fill(*args, **kwargs)


def differences(expect: Mapping[str, Any], shown: Mapping[str, Any]) -> list[str]:
    """Return what is not as a case of the shadow expects it."""
    assert set(expect) <= {"position", "open", "exposure"}
    plain = {**shown, "open": sorted(shown["open"])}
    return [f"{name}: {plain[name]}" for name, value in expect.items() if plain[name] != value]


def broken_by(case: Case) -> list[str]:
    """Run a case on the reference; return what is not as expected."""
    driver = Driver.of(case)
    found = []
    for number, step in enumerate(case.steps, 1):
        shown = driver.take(step)
        found += [f"step {number}: {line}" for line in differences(step.expect, shown)]
    return found


def run(shadow: ShadowBook, orders: int) -> None:
    for n in range(1, orders + 1):
        cloid = shadow.register_pending(Side.BUY, 100, 10, now=n)
        shadow.finalize_order(cloid, n, 10, Side.BUY, 100, now=n)
        shadow.process_fill(n, n, 4, 100, True, cloid=cloid, time=n, now=n)
        shadow.compare(n)


def every_kind_of_call() -> list[Call]:
    listing = Listing(
        (ListedOrder(1, "a", Side.BUY, price=Decimal(9), remaining=Decimal(4)),), ListingRequest(30)
    )
    calls: list[tuple[str, dict[str, Any]]] = [
        ("register_pending", {"side": "buy", "price": 9, "size": 5, "cloid": "a", "now": 1}),
        ("finalize_order", {"cloid": "a", "oid": 1, "resting_size": 5, "side": "buy", "price": 9}),
        ("process_fill", {"oid": 1, "tid": 1, "size": 1, "price": 9, "is_buy": True, "time": 2}),
        ("register_pending", {"side": "sell", "price": 9, "size": 5, "cloid": "b"}),
        (
            "handle_immediate_fill",
            {"cloid": "b", "oid": 2, "filled_size": 5, "fill_price": 9, "is_buy": False},
        ),
        ("register_pending", {"side": "sell", "price": 9, "size": 5, "cloid": "c"}),
        ("order_unknown", {"cloid": "c"}),
        ("order_rejected", {"cloid": "c", "reason": "no", "oid": 3, "now": 9}),
        (
            "finalize_order",
            {"cloid": "c", "oid": None, "resting_size": 0, "side": "sell", "price": 0},
        ),
        ("request_cancel", {"id": 1}),
        ("cancel_rejected", {"id": 1}),
        ("request_cancel", {"id": "a"}),
        ("cancel_timed_out", {"id": 1, "now": 20}),
        ("listing_failed", {}),
        ("reconcile", {"snapshot": listing, "now": 35}),
        ("reconcile", {"snapshot": None}),
        ("status_unknown", {"id": 1, "request": ListingRequest(33)}),
        ("order_status", {"oid": 1, "status": "open", "filled": 1}),
        ("cancel_rejected", {"id": 1, "request": 5}),
        ("request_modify", {"id": 1, "new_price": 8, "new_size": 6}),
        ("modify_unknown", {"cloid": "a"}),
        ("modify_confirmed", {"cloid": "a", "new_oid": 4}),
        ("request_modify", {"id": 4, "new_price": 7, "new_size": 6}),
        ("modify_failed", {"cloid": "a", "reason": "no", "now": 50}),
        ("position_reported", {"position": 0, "as_of": 3}),
        ("stuck_cancels", {}),
        ("drain_events", {}),
        ("cancel_not_open", {"id": 4}),
        ("cancel_confirmed", {"id": 99, "now": 60}),
        ("listing_requested", {}),
        ("rebase", {"position": 7, "as_of": 100}),
        ("tick", {"now": 70}),
    ]
    return [Call(method, arguments) for method, arguments in calls]
