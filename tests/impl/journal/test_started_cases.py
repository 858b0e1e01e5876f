"""A run that began with open orders is retold with them, and comes to the same book."""

from decimal import Decimal

import pytest

from truebook.impl import BookConfig, ListedOrder, UnifiedOrderBook
from truebook.impl.journal import Call, case_events
from truebook.oracle.cases.case import parse
from truebook.oracle.reference.driving import Driver, show

ROW = ListedOrder("101", "c1", "buy", price=Decimal(100), size=Decimal(10), remaining=Decimal(6))
FILL = {"oid": "101", "tid": "t1", "size": 1, "price": 100, "is_buy": True, "time": 60}


@pytest.mark.parametrize("orders", [[ROW], [], None], ids=["one", "none", "not told"])
def test_open_orders_to_begin_with_are_retold(orders: list[ListedOrder] | None) -> None:
    calls = [Call("rebase", {"position": 4, "as_of": 50, "orders": orders})]
    if orders:
        calls.append(Call("process_fill", FILL))
    book = UnifiedOrderBook()
    for call in calls:
        call.tell(book)
    case = parse(
        case_events.case("started", ["position"], ["position", "open"], calls, book), "started"
    )
    assert case.requires == ("core", "position", *(["start"] if orders is not None else []))
    driver = Driver(UnifiedOrderBook(BookConfig()))
    for step in case.steps:
        driver.take(step)
    assert show(driver.book) == show(book)
