"""Limits of an account: of orders that stand, and of cancels that are scheduled."""

from decimal import Decimal

import pytest

from chaos_market import exchange_of
from truebook.venue.engine import (
    Asked,
    Condition,
    Exchange,
    Limits,
    Order,
    Refusal,
    schedule,
)
from venue_margin import eth

DAY = 86_400_000
BID = eth(is_buy=True, size="0.01", price=2900)
STOP = Asked(
    coin="ETH",
    is_buy=False,
    price=Decimal(2000),
    size=Decimal("0.01"),
    condition=Condition(Decimal(2500), takes_profit=False, is_market=True),
)


def crowded(stand: int, *, traded: int = 0) -> Exchange:
    """Return a venue at which so many orders of 0xa stand."""
    exchange = exchange_of()
    exchange.account("0xa").traded = Decimal(traded)
    for now in range(stand):
        assert isinstance(exchange.place("0xa", BID, now), Order)
    return exchange


def test_a_thousand_orders_stand_and_one_more_for_each_five_millions() -> None:
    exchange = crowded(1_000)
    refused = exchange.place("0xa", BID, 1_000)
    assert refused == Refusal("tooManyOpenOrdersRejected", "Too many open orders: 1000 of 1000.")
    assert isinstance(exchange.place("0xb", BID, 1_000), Order), "another account's are its own"
    exchange.account("0xa").traded = Decimal(5_000_000)
    assert isinstance(exchange.place("0xa", BID, 1_001), Order)
    assert isinstance(exchange.place("0xa", BID, 1_001), Refusal)
    exchange.cancel_all("0xa", "canceled", 1_002)
    assert isinstance(exchange.place("0xa", BID, 1_003), Order)


def test_beyond_a_thousand_none_that_waits_or_reduces() -> None:
    exchange = crowded(1_000, traded=50_000_000)
    for asked in (STOP, eth(is_buy=False, size="0.01", price=3100, reduce_only=True)):
        refused = exchange.place("0xa", asked, 1)
        assert isinstance(refused, Refusal)
    refused, *children = exchange.place_with_children("0xa", BID, [STOP], 1)
    assert isinstance(refused, Refusal)
    assert not children
    assert isinstance(exchange.place("0xa", BID, 1), Order)


@pytest.mark.parametrize(
    ("traded", "most"), [(0, 1_000), (4_999_999, 1_000), (10_000_000, 1_002), (10**12, 5_000)]
)
def test_how_many_may_stand(traded: int, most: int) -> None:
    assert Limits().may_stand(Decimal(traded)) == most


def active() -> Exchange:
    exchange = exchange_of()
    exchange.account("0xa").traded = Decimal(1_000_000)
    return exchange


def test_cancels_are_scheduled_by_those_who_have_traded_enough() -> None:
    exchange = exchange_of()
    exchange.account("0xa").traded = Decimal("12066.75")
    text = (
        "Cannot set scheduled cancel time until enough volume traded. "
        "Required: $1000000. Traded: $12066.75."
    )
    for at in (10_000, None):
        assert schedule(exchange, "0xa", at, 0) == Refusal("", text)
    assert schedule(active(), "0xa", 10_000, 0) is None


def test_a_cancel_is_five_seconds_ahead_at_least() -> None:
    exchange = active()
    assert schedule(exchange, "0xa", 5_000, 0) is None
    assert isinstance(schedule(exchange, "0xa", 5_000, 1), Refusal)


def test_ten_times_a_day() -> None:
    exchange, now = active(), DAY
    for times in range(11):
        placed = exchange.place("0xa", BID, now)
        assert isinstance(placed, Order)
        refused = schedule(exchange, "0xa", now + 5_000, now)
        assert (refused is not None) == (times == 10)
        now += 5_000
        exchange.pass_time(now)
        assert placed.status == ("open" if refused else "scheduledCancel")
    assert schedule(exchange, "0xa", None, now) is None, "taking it back is no trigger"
    assert schedule(exchange, "0xa", 2 * DAY + 5_000, 2 * DAY) is None, "tomorrow there are others"
