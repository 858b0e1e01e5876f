"""Whatever market the command takes, others trade there, however its price walks."""

from decimal import Decimal
from random import Random

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl.venues.hyperliquid.markets import Market as Listed
from truebook.venue.commands import market_of
from truebook.venue.engine import Crowd, Exchange, Market, Order


@given(
    st.integers(0, 6),
    st.integers(1, 99_999),
    st.integers(-9, 9),
    st.sampled_from(("0.0001", "0.1")),
    st.integers(0, 2**32),
)
def test_a_market_that_is_taken_is_traded_in(
    decimals: int, figures: int, power: int, step: str, seed: int
) -> None:
    price = f"{Decimal(figures).scaleb(power):f}"
    try:
        coin, decimals, first = market_of(f"X:{decimals}:{price}")
    except click.BadParameter:
        return
    market = Market(Listed(coin, 0, decimals), first, step=Decimal(step))
    exchange = Exchange({coin: market})
    crowd = Crowd(Random(seed), takes=1.0, walks=1.0)
    crowd.step(exchange, 1)
    made = [one for a in exchange.accounts.values() for one in a.orders()]
    assert any(isinstance(one, Order) and one.filled for one in made), "others trade at once"
    for now in range(2, 60):
        crowd.step(exchange, now)


@pytest.mark.parametrize("words", ["BTC:5:60000", "ETH:4:3000", "SOL:2:150", "kPEPE:0:0.0123"])
def test_markets_as_they_are_are_taken(words: str) -> None:
    assert market_of(words)[0] == words.partition(":")[0]
