"""What is sent is registered first, and what came of it is told, of each request its own."""

from decimal import Decimal
from typing import Any

import pytest

from hyperliquid_venue import HyperliquidVenue, a_book, until
from truebook.impl import CancelAsked, Order, OrderState, OrderUpdate, Refused, UnknownOrder
from truebook.impl.venues.hyperliquid.live import Cancel, HyperliquidBook, Modify, Place
from truebook.impl.venues.hyperliquid.requests import Stop

SIZE = Decimal("0.01")


def order_of(book: HyperliquidBook, id: Any) -> Order:
    order = book.get_order(id)
    assert order is not None
    return order


def is_refused(order: Order) -> bool:
    """Return whether it was too small: the stream says so too, and may come first."""
    return order.reason.startswith(("Order must have minimum value", "minTradeNtlRejected"))


def test_an_order_is_placed_fills_in_part_is_modified_and_cancelled(
    venue: HyperliquidVenue,
) -> None:
    with a_book(venue) as book:
        cloid = book.place("BTC", "buy", 60_000, SIZE)
        first = order_of(book, cloid)
        assert (first.state, first.oid) == (OrderState.RESTING, *venue.open_orders())
        assert isinstance(first.oid, int)
        venue.trade(first.oid, "0.004")
        until(lambda: book.position("BTC") == Decimal("0.004"))
        assert order_of(book, cloid).remaining == Decimal("0.006")

        book.modify(cloid, 60_001, SIZE)
        second = order_of(book, cloid)
        assert second.oids == (first.oid, second.oid)
        assert (second.price, second.filled) == (Decimal(60_001), Decimal(0))
        assert book.exposure("buy", "BTC") == SIZE
        assert venue.open_orders() == {second.oid: "0.01"}

        assert isinstance(book.cancel(cloid), OrderUpdate)
        assert venue.open_orders() == {}
        assert book.orders() == []
        assert book.exposure("buy", "BTC") == 0
        assert book.position("BTC") == Decimal("0.004")
        assert all(report.clean for report in book.sync().values())


def test_what_fills_on_arrival_counts_once(venue: HyperliquidVenue) -> None:
    with a_book(venue) as book:
        venue.offer("ETH", "2")
        cloid = book.place("ETH", "sell", 3_000, 5)
        until(lambda: book.position("ETH") == -2)
        order = order_of(book, cloid)
        assert order.filled == order.taker == 2
        assert order.remaining == 3
        assert book.sync()["ETH"].clean
        assert book.position("ETH") == -2


def test_a_refusal_is_a_result_and_counts_nothing(venue: HyperliquidVenue) -> None:
    with a_book(venue) as book:
        cloid = book.place("BTC", "buy", 100, SIZE)
        assert is_refused(order_of(book, cloid))
        assert book.orders() == []
        assert book.exposure("buy", "BTC") == 0
        assert isinstance(book.cancel(cloid), Refused)
        assert isinstance(book.cancel("0x" + "00" * 16), UnknownOrder)
        assert len(venue.posted) == 1


def test_a_batch_is_an_action_of_each_kind_with_a_result_for_each(venue: HyperliquidVenue) -> None:
    with a_book(venue) as book:
        one, two = (book.place("BTC", "buy", 60_000, SIZE) for _ in range(2))
        venue.posted.clear()
        results = book.batch(
            [
                Place(market="BTC", side="buy", price=59_000, size=SIZE),
                Cancel(one),
                Place(market="ETH", side="sell", price=1, size=1),
                Modify(two, price=59_500, size=SIZE),
                Place(market="ETH", side="sell", price=3_000, size=1, time_in_force="alo"),
            ]
        )
        assert sorted(action["type"] for action in venue.posted) == [
            "batchModify",
            "cancel",
            "order",
        ]
        placed, cancelled, refused, modified, other = results
        assert isinstance(cancelled, OrderUpdate)
        assert not order_of(book, one).is_open
        assert is_refused(order_of(book, refused))
        assert modified.oid == order_of(book, two).oid
        open_now = {order_of(book, id).oid for id in (placed, two, other)}
        assert open_now == set(venue.open_orders()) == {order.oid for order in book.orders()}


def test_more_cancels_than_an_action_may_have_are_several(venue: HyperliquidVenue) -> None:
    with a_book(venue) as book:
        book.batch([Place(market="BTC", side="buy", price=60_000, size=SIZE)] * 250)
        venue.posted.clear()
        assert len(book.cancel_all("ETH")) == 0
        assert len(book.cancel_all()) == 250
        assert sorted(len(action["cancels"]) for action in venue.posted) == [50, 200]
        assert (venue.open_orders(), book.orders()) == ({}, [])


def test_an_order_that_waits_is_known_to_wait(venue: HyperliquidVenue) -> None:
    with a_book(venue) as book:
        more: dict[str, Any] = {"trigger": 50_000, "stop": Stop("sl"), "reduce_only": True}
        cloid = book.place("BTC", "sell", 49_000, SIZE, **more)
        assert [order.cloid for order in book.orders()] == [cloid]
        assert book.snapshot().waiting_exposure("sell", "BTC") == SIZE
        assert book.sync()["BTC"].clean
        book.cancel(cloid)
        assert venue.open_orders() == {}


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"price": 60_000.5}, TypeError, "float"),
        ({"price": Decimal("60000.55")}, ValueError, "tick size"),
        ({"size": Decimal("0.0000001")}, ValueError, "invalid size"),
        ({"size": 0}, ValueError, "size"),
        ({"market": "DOGE"}, ValueError, "DOGE"),
        ({"side": "long"}, ValueError, "side"),
    ],
)
def test_of_a_batch_with_what_cannot_be_sent_nothing_is(
    venue: HyperliquidVenue, wrong: Any, error: type[Exception], says: str
) -> None:
    with a_book(venue) as book:
        cloid, other = (book.place("BTC", "buy", 60_000, SIZE) for _ in range(2))
        venue.posted.clear()
        right: dict[str, Any] = {"market": "BTC", "side": "buy", "price": 60_000, "size": SIZE}
        with pytest.raises(error, match=says):
            book.batch(
                [
                    Place(**right),
                    Cancel(cloid),
                    Modify(other, price=60_001, size=SIZE),
                    Place(**(right | wrong)),
                ]
            )
        assert venue.posted == []
        assert {order.cloid for order in book.orders()} == {cloid, other}
        assert book.exposure("buy", "BTC") == 2 * SIZE
        assert order_of(book, cloid).cancel is not CancelAsked.AWAITED
        assert isinstance(book.cancel(cloid), OrderUpdate)
        assert book.modify(other, 60_002, SIZE).oid in venue.open_orders()


def test_what_cannot_be_written_is_refused_at_once() -> None:
    right: dict[str, Any] = {"market": "BTC", "side": "buy", "price": 1, "size": 1}
    with pytest.raises(ValueError, match="belong together"):
        Place(**right, trigger=1)
    with pytest.raises(ValueError, match="belong together"):
        Place(**right, stop=Stop("tp"))
    with pytest.raises(ValueError, match="venue's form"):
        Place(**right, cloid="mine")
