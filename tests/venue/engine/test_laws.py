"""What holds of the venue's truth whatever is asked of it."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaos_market import CLOIDS, exchange_of, steps_by_chance
from truebook.venue.engine import (
    Asked,
    Changed,
    Condition,
    Exchange,
    Filled,
    News,
    Order,
    Place,
    Refusal,
    Traded,
)
from venue_laws import check_after
from venue_margin import eth

LIVE = ("open", "triggered", "waitingForFill")
RUNS = (st.integers(0, 2**32), st.integers(0, 60))
"""A seed, and how many things are asked."""


def run(seed: int, count: int) -> tuple[Exchange, list[News]]:
    exchange, news = exchange_of(), list[News]()
    for exchange in steps_by_chance(seed, count):
        check_after(exchange)
        news += exchange.take_news()
    return exchange, news


@given(*RUNS)
def test_the_truth_is_one(seed: int, count: int) -> None:
    exchange, news = run(seed, count)
    for account in exchange.accounts.values():
        for coin in exchange.markets:
            fills = [one for one in account.fills if one.order.asked.coin == coin]
            position = Decimal(0)
            for one in fills:
                assert one.start == position, "each fill begins where the one before it ended"
                position += one.size if one.order.asked.is_buy else -one.size
            assert position == account.position(coin)
    told = [one for one in news if isinstance(one, Filled)]
    assert len(told) == 2 * sum(isinstance(one, Traded) for one in news)
    assert len({(one.tid, one.order.oid) for one in told}) == len(told), "no two are the same"


@given(*RUNS)
def test_an_order_is_told_from_its_beginning_to_its_end(seed: int, count: int) -> None:
    exchange, news = run(seed, count)
    words: dict[int, list[str]] = {}
    for one in news:
        if isinstance(one, Changed):
            words.setdefault(one.order.oid, []).append(one.status)
    every: list[Order] = [order for a in exchange.accounts.values() for order in a.orders()]
    assert {order.oid for order in every} == set(words)
    for order in every:
        *before, last = words[order.oid]
        assert last == order.status
        assert all(word in LIVE for word in before), "only one word is its end"
        assert (last in LIVE) == (order.where is not Place.OVER)


@given(*RUNS)
def test_what_is_over_is_never_open_again_and_never_trades(seed: int, count: int) -> None:
    over = set[int]()
    for one in run(seed, count)[1]:
        if isinstance(one, Changed | Filled):
            assert one.order.oid not in over
        if isinstance(one, Changed) and one.status not in LIVE:
            over.add(one.order.oid)


@pytest.mark.parametrize("how", ["cancel", "modify", "venue"])
def test_a_child_that_is_over_does_not_come_back_with_its_parent(how: str) -> None:
    exchange, parent = exchange_of(), eth(is_buy=True, size="1", price=2990)
    _, child, other = exchange.place_with_children("0xa", parent, bracket(parent), 1)
    assert isinstance(child, Order)
    assert isinstance(other, Order)
    match how:
        case "cancel":
            exchange.cancel("0xa", "ETH", child.oid, 2)
        case "modify":
            exchange.modify("0xa", child.oid, bracket(parent)[1], 2)
        case "venue":
            exchange.cancel_unasked(child, "internalCancel", 2)
    exchange.place("0xb", eth(is_buy=False, size="1", price=2990), 3)
    assert (child.where, child.status) == (
        Place.OVER,
        "internalCancel" if how == "venue" else "canceled",
    )
    assert other.where is Place.TRIGGER


def test_no_child_is_taken_that_would_be_refused_alone() -> None:
    parent = eth(is_buy=True, size="1", price=2990)
    (good, _), words = bracket(parent), set[str]()
    assert good.condition is not None
    negative = attrs.evolve(good.condition, price=Decimal(-5))
    for change in (
        {"price": Decimal(-5)},
        {"price": Decimal("3000.123")},
        {"size": Decimal(-1)},
        {"size": Decimal("0.00001")},
        {"size": Decimal(0)},
        {"condition": negative},
        {"condition": attrs.evolve(good.condition, price=Decimal(2900))},
        {"coin": "BTC"},
        {"is_buy": True},
    ):
        exchange = exchange_of()
        found = exchange.place_with_children("0xa", parent, [attrs.evolve(good, **change)], 1)
        assert [type(one) for one in found] == [Refusal], change
        assert not exchange.account("0xa").standing
        words |= {one.text for one in found if isinstance(one, Refusal)}
    assert len(words) == 5


def bracket(parent: Asked) -> list[Asked]:
    """Return a take profit and a stop loss of a buy."""
    return [
        attrs.evolve(
            eth(is_buy=False, size="1"), condition=Condition(parent.price + away, away > 0, True)
        )
        for away in (50, -50)
    ]


def test_what_is_drawn_comes_to_everything_that_an_order_can_come_to() -> None:
    words = {
        one.status for seed in range(40) for one in run(seed, 60)[1] if isinstance(one, Changed)
    }
    assert words >= {
        "open",
        "filled",
        "canceled",
        "triggered",
        "waitingForFill",
        "selfTradeCanceled",
        "reduceOnlyCanceled",
        "siblingFilledCanceled",
        "marginCanceled",
        "badAloPxRejected",
        "iocCancelRejected",
        "reduceOnlyRejected",
        "badTriggerPxRejected",
    }


def test_a_cloid_names_its_newest_order() -> None:
    exchange, asked = (
        exchange_of(),
        Asked(coin="ETH", is_buy=True, price=Decimal(2900), size=Decimal(1), cloid=CLOIDS[0]),
    )
    _, new = (exchange.place("0xa", asked, now) for now in (1, 2))
    assert exchange.account("0xa").order_of(CLOIDS[0]) is new
