"""What holds of the venue's truth whatever is asked of it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chaos_market import CLOIDS, exchange_of, steps_by_chance
from truebook.venue.engine import (
    Asked,
    Changed,
    Exchange,
    Filled,
    News,
    Order,
    Place,
    Traded,
)
from venue_laws import check_after

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
        live = ("open", "triggered", "waitingForFill")
        assert all(word in live for word in before), "only one word is its end"
        assert (last in live) == (order.where is not Place.OVER)


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
