"""The others: the same of each seed, on both sides of each market, and no harm to the truth."""

from decimal import Decimal

from chaos_market import exchange_of
from truebook.venue.engine import (
    Asked,
    Changed,
    Crowd,
    Exchange,
    Liquidated,
    Order,
    Tif,
    Traded,
    Unasked,
    set_leverage,
)
from truebook.venue.engine.crowd import UNASKED


def ran(seed: int, *, unasked: float = 0.0, steps: int = 200) -> tuple[Exchange, list[object]]:
    exchange, crowd, news = exchange_of(), Crowd.of(seed, unasked=unasked), list[object]()
    asked = Asked(coin="ETH", is_buy=True, price=Decimal(2000), size=Decimal(1))
    for now in range(steps):
        exchange.place("0xa", asked, now)
        crowd.step(exchange, now)
        news += exchange.take_news()
    return exchange, news


def test_a_seed_trades_the_same() -> None:
    first, again = (
        [(one.price, one.size) for one in ran(3)[1] if isinstance(one, Traded)] for _ in range(2)
    )
    assert first == again
    assert len(first) > 20


def test_both_sides_of_each_market_are_quoted() -> None:
    exchange, _ = ran(1, steps=1)
    for market in exchange.markets.values():
        assert market.levels.bids.best is not None
        assert market.levels.asks.best is not None


def test_the_venue_cancels_what_nobody_asked_it_to() -> None:
    _, news = ran(1, unasked=0.2)
    cancelled = [one.order for one in news if isinstance(one, Unasked)]
    assert cancelled
    assert {order.user for order in cancelled} == {"0xa"}
    assert {order.status for order in cancelled} <= set(UNASKED)
    assert not [one for one in ran(1)[1] if isinstance(one, Unasked)]


def test_a_price_that_steps_far_liquidates_who_has_lent_much() -> None:
    def happened(step: str, seed: int) -> bool:
        exchange, crowd, news = exchange_of(balance=100), Crowd.of(seed), list[object]()
        assert set_leverage(exchange, "0xa", "ETH", 50) is None
        market = exchange.markets["ETH"]
        market.step = Decimal(step)
        for now in range(300):
            crowd.step(exchange, now)
            if now == 0:
                price = market.near(market.mark * Decimal("1.01"))
                asked = Asked(
                    coin="ETH", is_buy=True, price=price, size=Decimal("1.5"), tif=Tif.IOC
                )
                exchange.place("0xa", asked, now)
                assert exchange.account("0xa").position("ETH") > 1
            exchange.pass_time(now)
            news += exchange.take_news()
        assert exchange.account("0xa").cash >= 0
        return any(isinstance(one, Liquidated) and one.user == "0xa" for one in news)

    assert any(happened("0.01", seed) for seed in range(5))
    assert not any(happened("0.0001", seed) for seed in range(5))


def test_a_modify_may_place_the_new_order_always() -> None:
    exchange = exchange_of()
    asked = Asked(coin="ETH", is_buy=True, price=Decimal(2900), size=Decimal(1))
    assert not isinstance(exchange.modify("0xa", 5, asked, 1), Order)
    assert isinstance(exchange.modify("0xa", 5, asked, 1, always=True), Order)
    assert any(isinstance(one, Changed) for one in exchange.take_news())
