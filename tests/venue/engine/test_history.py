"""What the venue remembers of an account does not grow with what has gone by."""

from decimal import Decimal

from chaos_market import exchange_of
from truebook.venue.engine import Asked, Order
from truebook.venue.engine.account import REMEMBERED_ORDERS


def test_the_oldest_orders_that_are_over_are_forgotten() -> None:
    exchange = exchange_of()
    asked = Asked(coin="ETH", is_buy=True, price=Decimal(2900), size=Decimal(1), cloid="0xc")
    stays = exchange.place("0xa", asked, 1)
    assert isinstance(stays, Order)
    for now in range(REMEMBERED_ORDERS + 50):
        order = exchange.place("0xa", asked, now)
        assert isinstance(order, Order)
        exchange.cancel("0xa", "ETH", order.oid, now)
        exchange.take_news()
    account = exchange.account("0xa")
    assert len(list(account.orders())) == REMEMBERED_ORDERS + 1
    assert account.order_of(stays.oid) is stays, "what stands is never forgotten"
    assert account.order_of(stays.oid + 1) is None
    assert account.order_of("0xc") is order
