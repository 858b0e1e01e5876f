"""What waits for a price: the mark follows the book, and a position takes its own stops with it."""

from decimal import Decimal

from chaos_market import exchange_of
from truebook.venue.engine import Asked, Condition, Exchange, Order, Place

ME, OTHER = "0xa", "0xb"


def place(
    exchange: Exchange,
    user: str,
    size: str,
    price: int,
    *,
    buys: bool,
    at: int | None = None,
    profit: bool = False,
) -> Order:
    condition = None if at is None else Condition(Decimal(at), takes_profit=profit, is_market=True)
    asked = Asked(
        coin="ETH",
        is_buy=buys,
        price=Decimal(price),
        size=Decimal(size),
        reduce_only=at is not None,
        condition=condition,
    )
    order = exchange.place(user, asked, 1)
    assert isinstance(order, Order)
    return order


def long_with_stops(exchange: Exchange) -> tuple[Order, Order]:
    place(exchange, ME, "1", 3000, buys=True)
    place(exchange, OTHER, "1", 3000, buys=False)
    stop = place(exchange, ME, "0", 2600, buys=False, at=2700)
    profit = place(exchange, ME, "0", 3300, buys=False, at=3300, profit=True)
    return stop, profit


def test_the_mark_follows_a_cancel() -> None:
    exchange = exchange_of()
    best = place(exchange, OTHER, "1", 2990, buys=True)
    place(exchange, OTHER, "1", 2950, buys=True)
    place(exchange, OTHER, "1", 3010, buys=False)
    exchange.pass_time(2)
    assert exchange.markets["ETH"].mark == 3000
    exchange.cancel(OTHER, "ETH", best.oid, 3)
    exchange.pass_time(4)
    assert exchange.markets["ETH"].mark == 2980


def test_a_stop_waits_no_longer_than_for_the_next_look() -> None:
    exchange = exchange_of()
    place(exchange, ME, "1", 3000, buys=True)
    place(exchange, OTHER, "1", 3000, buys=False)
    best = place(exchange, OTHER, "2", 2990, buys=True)
    place(exchange, OTHER, "2", 2950, buys=True)
    place(exchange, OTHER, "1", 3010, buys=False)
    stop = place(exchange, ME, "1", 2900, buys=False, at=2985)
    exchange.cancel(OTHER, "ETH", best.oid, 3)
    exchange.pass_time(4)
    assert stop.status == "filled"


def test_the_stops_of_a_position_end_with_it() -> None:
    exchange = exchange_of()
    stop, profit = long_with_stops(exchange)
    place(exchange, OTHER, "0.4", 3000, buys=True)
    place(exchange, ME, "0.4", 3000, buys=False)
    assert {stop.where, profit.where} == {Place.TRIGGER}, "some of the position is left"
    place(exchange, OTHER, "0.6", 3000, buys=True)
    place(exchange, ME, "0.6", 3000, buys=False)
    assert [(one.where, one.status) for one in (stop, profit)] == [
        (Place.OVER, "reduceOnlyCanceled")
    ] * 2


def test_a_stop_of_a_size_of_its_own_waits_on() -> None:
    exchange = exchange_of()
    long_with_stops(exchange)
    own = place(exchange, ME, "1", 2600, buys=False, at=2700)
    place(exchange, OTHER, "1", 3000, buys=True)
    place(exchange, ME, "1", 3000, buys=False)
    assert own.where is Place.TRIGGER
