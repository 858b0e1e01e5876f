"""Liquidation: through the book, then to the liquidator; positions and money stay exact."""

from decimal import Decimal
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from chaos_market import USERS, exchange_of, steps_by_chance
from truebook.venue.engine import (
    LIQUIDATOR,
    Account,
    Changed,
    Exchange,
    Filled,
    Liquidated,
    Liquidation,
    News,
    Order,
    Place,
    Traded,
    Unasked,
    margin_of,
)
from venue_laws import check_after
from venue_margin import eth, long_of, rich

Kind = TypeVar("Kind")


def fall(exchange: Exchange, *, bid: int, size: str = "1") -> None:
    """Let the price come to a little above the bid of somebody who is rich."""
    exchange.cancel_all("0xrich", "canceled", 3)
    for is_buy, price in ((True, bid), (False, bid + 2)):
        exchange.place("0xrich", eth(is_buy=is_buy, size=size, price=price), 3)


def of(news: list[News], kind: type[Kind]) -> list[Kind]:
    return [one for one in news if isinstance(one, kind)]


def test_a_position_is_sold_into_the_book_and_what_is_left_stays() -> None:
    exchange = long_of("1", balance=160)
    rests = exchange.place("0xa", eth(is_buy=True, size="0.01", price=2000), 2)
    assert isinstance(rests, Order)
    fall(exchange, bid=2865)
    exchange.take_news()
    exchange.pass_time(4)
    account, news = exchange.account("0xa"), list(exchange.take_news())
    (told,) = of(news, Liquidated)
    assert told == Liquidated(
        user="0xa", number=1, notional=Decimal(2866), value=Decimal("24.65")
    ), "160 less the fee of 1.35, and 134 lost"
    assert rests.status == "liquidatedCanceled"
    assert Unasked(rests) in news
    how = Liquidation("0xa", Decimal(2866), "market")
    sides = of(news, Filled)
    assert [(one.order.user, one.price, one.liquidation) for one in sides] == [
        ("0xrich", Decimal(2865), how),
        ("0xa", Decimal(2865), how),
    ]
    assert account.position("ETH") == 0
    assert account.cash == Decimal("160") - Decimal("1.35") - 135 - Decimal("1.28925")
    exchange.pass_time(5)
    assert not exchange.take_news(), "it is over"


def test_an_account_that_has_enough_is_left_alone() -> None:
    exchange = long_of("1", balance=160)
    fall(exchange, bid=2870)  # 29.65 are left, where 28.71 are needed
    exchange.take_news()
    exchange.pass_time(4)
    assert not exchange.take_news()


def test_of_a_large_position_a_fifth_is_sold_at_first() -> None:
    exchange = long_of("100", balance=15_200)
    fall(exchange, bid=2877, size="30")  # a fifth of it is enough, so near the margin
    exchange.pass_time(4)
    assert exchange.account("0xa").position("ETH") == 80
    assert not margin_of(exchange.account("0xa"), exchange.markets).is_short
    fall(exchange, bid=2870, size="100")
    exchange.pass_time(5)
    assert exchange.account("0xa").position("ETH") == 0, "and all of it within half a minute"


def test_what_the_book_cannot_take_the_liquidator_takes() -> None:
    exchange = long_of("1", balance=160)
    fall(exchange, bid=2852, size="0.25")
    exchange.take_news()
    exchange.pass_time(4)
    account, liquidator = exchange.account("0xa"), exchange.account(LIQUIDATOR)
    news = list(exchange.take_news())
    mine = [one for one in of(news, Filled) if one.order.user == "0xa"]
    assert [(one.size, one.liquidation and one.liquidation.method) for one in mine] == [
        (Decimal("0.25"), "market"),
        (Decimal("0.75"), "backstop"),
    ]
    assert [one.start for one in mine] == [1, Decimal("0.75")]
    assert mine[-1].fee == 0
    assert len(of(news, Traded)) == 1, "nobody sees the other"
    assert account.position("ETH") == 0
    assert account.cash == 0
    assert liquidator.position("ETH") == Decimal("0.75")
    assert margin_of(liquidator, exchange.markets).value - exchange.balance > 0


def test_a_debt_is_the_liquidators() -> None:
    exchange = long_of("1", balance=160)
    fall(exchange, bid=2500)
    exchange.pass_time(4)
    assert exchange.account("0xa").position("ETH") == 0
    assert exchange.account("0xa").cash == 0
    assert exchange.account(LIQUIDATOR).cash < exchange.balance


def test_a_debt_without_a_position_is_the_liquidators_too() -> None:
    exchange = long_of("1", balance=160)
    fall(exchange, bid=2500)
    exchange.place("0xa", eth(is_buy=False, size="1", price=2500), 4)
    assert exchange.account("0xa").cash < -300
    exchange.pass_time(5)
    assert exchange.account("0xa").cash == 0


def poor_exchange() -> Exchange:
    """Return a venue with so much leverage that a step of the price is a liquidation."""
    exchange = exchange_of(balance=100)
    exchange.account(LIQUIDATOR)
    for coin, market in exchange.markets.items():
        market.most_leverage = 400
        for user in USERS:
            exchange.account(user).leverage[coin] = 400
    rich(exchange, USERS[2])
    return exchange


def money(exchange: Exchange) -> Decimal:
    values = (margin_of(one, exchange.markets).value for one in exchange.accounts.values())
    return sum(values, Decimal(0))


def run(seed: int, count: int) -> tuple[Exchange, list[News]]:
    exchange, news = poor_exchange(), list[News]()
    before = money(exchange)
    for now, _ in enumerate(steps_by_chance(seed, count, exchange), 1):
        check_after(exchange)
        exchange.pass_time(now)
        check_after(exchange)
        news += exchange.take_news()
        fees = sum((one.fee for one in news if isinstance(one, Filled)), Decimal(0))
        assert abs(before - fees - money(exchange)) < Decimal("1e-9"), "no money comes or goes"
        for account in exchange.accounts.values():
            check_margin(exchange, account)
    return exchange, news


def check_margin(exchange: Exchange, account: Account) -> None:
    margin = margin_of(account, exchange.markets)
    if account.user != LIQUIDATOR and margin.is_short:
        assert margin.value >= margin.maintenance * 2 / 3, "the liquidator takes the others"
        assert not [one for one in account.standing.values() if one.where is not Place.OVER]
    for coin in exchange.markets:
        fills = [one for one in account.fills if one.order.asked.coin == coin]
        position = Decimal(0)
        for one in fills:
            assert one.start == position
            position += one.size if one.order.asked.is_buy else -one.size
        assert position == account.position(coin)


@given(st.integers(0, 2**32), st.integers(0, 60))
def test_positions_and_money_stay_exact(seed: int, count: int) -> None:
    run(seed, count)


def test_what_is_drawn_comes_to_liquidations_of_both_kinds() -> None:
    news = [one for seed in range(60) for one in run(seed, 60)[1]]
    ways = {one.liquidation.method for one in news if isinstance(one, Filled) and one.liquidation}
    assert ways == {"market", "backstop"}
    words = {one.status for one in news if isinstance(one, Changed)}
    assert words >= {"liquidatedCanceled", "marginCanceled", "perpMarginRejected"}


def test_where_nobody_is_there_nothing_is_told_until_somebody_is() -> None:
    exchange = long_of("1", balance=160)
    fall(exchange, bid=2865)
    exchange.cancel_all("0xrich", "canceled", 3)
    exchange.markets["ETH"].mark = Decimal(2866)
    exchange.take_news()
    for now in range(4, 10):
        exchange.pass_time(now)
    assert of(list(exchange.take_news()), Liquidated) == []
    exchange.place("0xrich", eth(is_buy=True, size="1", price=2865), 11)
    exchange.markets["ETH"].mark = Decimal(2866)
    exchange.pass_time(12)
    assert len(of(list(exchange.take_news()), Liquidated)) == 1
