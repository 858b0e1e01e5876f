"""Bars of what was traded: one is of all trades of its span, whenever it is first asked for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.venue.engine import INTERVALS, Bar, Traded
from truebook.venue.engine.tape import DAY, Tape, span_of

MINUTE = 60_000
TRADES = st.lists(
    st.tuples(st.integers(0, 3 * DAY), st.integers(1, 9), st.integers(1, 9)), max_size=30
)


def trade(time: int, price: int, size: int) -> Traded:
    return Traded(
        coin="ETH",
        price=Decimal(price),
        size=Decimal(size),
        time=time,
        buyer_took=True,
        tid=1,
        hash="0x1",
        users=("0xa", "0xb"),
    )


@given(TRADES, st.sampled_from(INTERVALS), st.integers(0, 30))
def test_a_bar_is_of_the_trades_of_its_span(
    drawn: list[tuple[int, int, int]], interval: str, asked_after: int
) -> None:
    tape, trades = Tape(), [trade(*one) for one in sorted(drawn, key=lambda one: one[0])]
    for number, one in enumerate(trades):
        if number == asked_after:
            tape.bars(interval)
        tape.add(one)
    wanted = []
    for start, end in sorted({span_of(one.time, interval) for one in trades}):
        some = [one for one in trades if start <= one.time < end]
        prices = [one.price for one in some]
        wanted.append(
            Bar(
                start,
                end,
                prices[0],
                max(prices),
                min(prices),
                prices[-1],
                sum((one.size for one in some), Decimal(0)),
                sum((one.size * one.price for one in some), Decimal(0)),
                len(some),
            )
        )
    assert list(tape.bars(interval)) == wanted


@pytest.mark.parametrize(
    ("time", "interval", "span"),
    [
        (MINUTE - 1, "1m", (0, MINUTE)),
        (MINUTE, "1m", (MINUTE, 2 * MINUTE)),
        (3 * DAY, "1d", (3 * DAY, 4 * DAY)),
        (1_709_251_199_999, "1M", (1_706_745_600_000, 1_709_251_200_000)),  # February 2024
        (1_703_980_800_000, "1M", (1_701_388_800_000, 1_704_067_200_000)),  # December 2023
    ],
)
def test_spans(time: int, interval: str, span: tuple[int, int]) -> None:
    assert span_of(time, interval) == span


def test_the_price_of_a_time_is_the_last_by_then() -> None:
    tape = Tape()
    assert tape.price_at(DAY) is None
    for number in range(3):
        tape.add(trade(number * MINUTE, 10 + number, 1))
    assert [tape.price_at(at * MINUTE) for at in range(4)] == [None, 10, 11, 12]
    assert [bar.close for bar in tape.since(MINUTE)] == [12, 11]
