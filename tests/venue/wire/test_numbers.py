"""Whatever numbers are sent, everything is answered, and every fill is told to both sides."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chaos_market import exchange_of
from truebook.impl.venues.hyperliquid import actions, answers, questions, streams, write
from truebook.venue.engine import Exchange
from truebook.venue.wire import NO_TYPE, STREAMS, act, answer, first, frames, moved, now_of
from truebook.venue.wire.acting import LARGEST, SMALLEST

USERS = ("0xa", "0xb")
NUMBERS = st.one_of(
    st.sampled_from(("2990", "3000", "3010", "0.1", "1", "-1", "0", "1.00000")),
    st.sampled_from((str(LARGEST), f"{SMALLEST:f}", "9" * 60, "0." + "0" * 60 + "1", "1" * 400)),
    st.decimals(-(10**11), 10**11, places=8).map(lambda one: format(one, "f")),
    st.integers(-(10**60), 10**60).map(str),
)
LIMITS = st.sampled_from(("Gtc", "Ioc", "Alo")).map(lambda tif: actions.Kind(actions.Limit(tif)))
TRIGGERS = st.builds(
    lambda price, is_market, tpsl: actions.Kind(
        trigger=actions.Trigger(is_market=is_market, trigger_px=price, tpsl=tpsl)
    ),
    NUMBERS,
    st.booleans(),
    st.sampled_from(("tp", "sl")),
)
ORDERS = st.builds(
    actions.NewOrder,
    st.integers(0, 1),
    st.booleans(),
    NUMBERS,
    NUMBERS,
    st.booleans(),
    st.one_of(LIMITS, LIMITS, TRIGGERS),
)
ACTIONS = st.one_of(
    st.builds(
        actions.PlaceOrders, st.lists(ORDERS, max_size=4), st.sampled_from(("na", "normalTpsl"))
    ),
    st.builds(actions.ModifyOrder, st.integers(1_000_001, 1_000_020), ORDERS),
)


def check_all_is_told(exchange: Exchange, now: int) -> None:
    for user in USERS:
        for question in (
            questions.OpenOrders(user=user),
            questions.FrontendOpenOrders(user=user),
            questions.HistoricalOrders(user=user),
            questions.UserFills(user=user),
            questions.ClearinghouseState(user=user),
            questions.ActiveAssetData(user=user, coin="ETH"),
            questions.WebData2(user=user),
        ):
            assert write(answer(exchange, question, now))
        for kind in STREAMS:
            for of in ("", "ETH", user, f"ETH {user}"):
                try:
                    told = list(first(exchange, (kind, of), now))
                except (KeyError, ValueError):  # no such stream
                    continue
                assert all(write(frame) for frame in told)


@given(st.lists(st.tuples(st.sampled_from(USERS), ACTIONS), max_size=12))
def test_every_number_is_answered_and_every_fill_is_told_to_both(
    asked: list[tuple[str, actions.PlaceOrders | actions.ModifyOrder]],
) -> None:
    exchange, held = exchange_of(), defaultdict[tuple[str, str], Decimal](Decimal)
    for now, (user, action) in enumerate(asked, 1):
        assert write(act(exchange, user, action, now))
        exchange.pass_time(now)
        news, sides = exchange.take_news(), defaultdict[int, int](int)
        for _, frame in frames(news):
            assert write(frame)
            if isinstance(frame, streams.UserFills):
                for fill in frame.data.fills:
                    assert isinstance(fill.tid, int)
                    sides[fill.tid] += 1
                    at = (frame.data.user, fill.coin)
                    assert Decimal(fill.start_position) == held[at], "each begins where one ended"
                    held[at] += Decimal(fill.sz) * (1 if fill.side == "B" else -1)
        assert set(sides.values()) <= {2}
        for stream in moved(news):
            assert all(write(frame) for frame in now_of(exchange, stream, now))
        check_all_is_told(exchange, now)


def order(
    price: str, size: str, *, is_buy: bool = True, tif: str = "Gtc", trigger: str = ""
) -> actions.NewOrder:
    kind = actions.Kind(actions.Limit(tif))
    if trigger:
        kind = actions.Kind(trigger=actions.Trigger(True, trigger, "tp"))
    return actions.NewOrder(1, is_buy, price, size, False, kind)


def test_a_number_that_is_out_of_all_bounds_is_refused_before_anything_is_done() -> None:
    exchange = exchange_of()
    for wrong in ("9" * 60, "0." + "0" * 60 + "1", "1." + "1" * 60, "10000000001"):
        for one in (order(wrong, "1"), order("3000", wrong), order("3000", "1", trigger=wrong)):
            both = actions.PlaceOrders([order("2900", "1"), one], "na")
            assert act(exchange, "0xa", both, 1) == answers.Failed(NO_TYPE)
    assert not list(exchange.account("0xa").orders())


def test_who_meets_his_own_order_alone_has_no_match() -> None:
    exchange = exchange_of()
    act(exchange, "0xa", actions.PlaceOrders([order("3000", "1", is_buy=False)], "na"), 1)
    answer = act(exchange, "0xa", actions.PlaceOrders([order("3000", "1", tif="Ioc")], "na"), 2)
    words = "Order could not immediately match against any resting orders. asset=1"
    assert answer == answers.Done(
        answers.OrderResponse(answers.Statuses([answers.Outcome(error=words)]))
    )
    assert not exchange.account("0xa").standing
