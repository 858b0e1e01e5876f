"""Margin: what an order needs, what is refused or cancelled without it, and what is left."""

from decimal import Decimal

import pytest

from chaos_market import exchange_of
from truebook.venue.engine import (
    Asked,
    Condition,
    Order,
    Place,
    Refusal,
    Unasked,
    margin_of,
    most_change,
    set_leverage,
)
from venue_margin import eth, long_of, rich

SHORT = Refusal("perpMarginRejected", "Insufficient margin to place order.")


def test_an_order_needs_its_value_by_the_leverage() -> None:
    exchange = exchange_of(balance=150)  # 20 times that is the value of one
    assert exchange.place("0xa", eth(is_buy=True, size="1.0001"), 1) == SHORT
    (refused,) = exchange.account("0xa").orders()
    assert refused.status == "perpMarginRejected"
    assert isinstance(exchange.place("0xa", eth(is_buy=True, size="1"), 2), Order)


def test_what_closes_needs_nothing_and_what_opens_beyond_it_does() -> None:
    exchange = long_of("1", balance=151)
    exchange.account("0xa").balance = Decimal(0)
    assert margin_of(exchange.account("0xa"), exchange.markets).value < 0
    assert exchange.place("0xa", eth(is_buy=True, size="0.01"), 3) == SHORT
    assert exchange.place("0xa", eth(is_buy=False, size="2.01", price=3100), 3) == SHORT
    for asked in (
        eth(is_buy=False, size="1", price=3100),
        eth(is_buy=False, size="1", price=3100, reduce_only=True),
    ):
        assert isinstance(exchange.place("0xa", asked, 4), Order)


def test_an_order_that_rests_is_cancelled_where_it_would_trade_without_margin() -> None:
    exchange = exchange_of(balance=200)
    rich(exchange, "0xrich")
    poor = exchange.place("0xa", eth(is_buy=True, size="1"), 1)
    next_one = exchange.place("0xrich", eth(is_buy=True, size="1", price=2999), 1)
    assert isinstance(poor, Order)
    assert isinstance(next_one, Order)
    exchange.account("0xa").balance = Decimal(74)  # half of it needs 75
    exchange.take_news()
    taker = exchange.place("0xother", eth(is_buy=False, size="0.5", price=2990), 2)
    assert isinstance(taker, Order)
    assert (poor.status, poor.filled) == ("marginCanceled", Decimal(0))
    assert next_one.filled == Decimal("0.5")
    assert Unasked(poor) in exchange.take_news()
    assert taker.status == "filled"


def test_what_is_triggered_without_margin_is_cancelled() -> None:
    exchange = exchange_of(balance=100)
    asked = Asked(
        coin="ETH",
        is_buy=True,
        price=Decimal(3200),
        size=Decimal(1),
        condition=Condition(Decimal(3100), takes_profit=False, is_market=True),
    )
    waits = exchange.place("0xa", asked, 1)
    assert isinstance(waits, Order)
    assert waits.where is Place.TRIGGER
    for is_buy, price in ((True, 3090), (False, 3120)):
        exchange.place("0xother", eth(is_buy=is_buy, size="0.01", price=price), 2)
    assert waits.status == "marginCanceled"


@pytest.mark.parametrize("leverage", [0, -1, 51])
def test_a_leverage_that_is_none_is_refused(leverage: int) -> None:
    assert set_leverage(exchange_of(), "0xa", "ETH", leverage) == Refusal(
        "", "Invalid leverage value"
    )


def test_leverage_is_of_what_is_opened_and_is_lowered_with_margin_alone() -> None:
    exchange = exchange_of(balance=150)
    assert exchange.place("0xa", eth(is_buy=True, size="2.5"), 1) == SHORT
    assert set_leverage(exchange, "0xa", "ETH", 50) is None
    assert isinstance(exchange.place("0xa", eth(is_buy=True, size="2.5"), 2), Order)
    exchange = long_of("1", balance=200)
    assert set_leverage(exchange, "0xa", "ETH", 16) is None
    refused = set_leverage(exchange, "0xa", "ETH", 15)
    assert refused == Refusal("", "Insufficient margin to decrease leverage.")
    assert exchange.account("0xa").leverage == {"ETH": 16}


def test_what_may_be_traded_is_what_is_taken() -> None:
    exchange = long_of("1", balance=500)
    account, market = exchange.account("0xa"), exchange.markets["ETH"]
    step = Decimal("0.0001")
    for is_buy, most in zip(
        (True, False), most_change(account, market, exchange.markets), strict=True
    ):
        fits = most // step * step
        price = 2000 if is_buy else 4000
        for size, taken in ((fits, True), (fits + step, False)):
            made = exchange.place("0xa", eth(is_buy=is_buy, size=str(size), price=price), 5)
            assert isinstance(made, Order) == taken
            exchange.cancel_all("0xa", "canceled", 6)


def test_what_is_withdrawable_leaves_a_tenth_of_the_positions() -> None:
    exchange = long_of("1", balance=1000)
    assert set_leverage(exchange, "0xa", "ETH", 50) is None
    margin = margin_of(exchange.account("0xa"), exchange.markets)
    fee = Decimal("1.35")
    assert margin.value == 1000 - fee
    assert margin.notional == 3000
    assert (margin.used, margin.maintenance) == (Decimal(60), Decimal(30))
    assert margin.withdrawable == 1000 - fee - 300
