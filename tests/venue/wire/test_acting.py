"""What an account sets, and what the venue does not serve: each is answered in words."""

import pytest

from chaos_market import exchange_of
from truebook.impl.venues.hyperliquid import actions, answers
from truebook.venue.wire import act

DONE = answers.Done(answers.DefaultResponse())


def test_leverage_is_set_by_the_number_of_the_market() -> None:
    exchange = exchange_of()
    assert act(exchange, "0xa", actions.UpdateLeverage(1, True, 7), 0) == DONE
    assert exchange.account("0xa").leverage == {"ETH": 7}
    answer = act(exchange, "0xa", actions.UpdateLeverage(1, True, 51), 0)
    assert answer == answers.Failed("Invalid leverage value")
    answer = act(exchange, "0xa", actions.UpdateLeverage(9, True, 5), 0)
    assert answer == answers.Failed("Invalid asset. asset=9")


def test_a_cancel_is_scheduled_or_refused_as_a_whole() -> None:
    exchange = exchange_of()
    answer = act(exchange, "0xa", actions.ScheduleCancel(9_000), 0)
    assert isinstance(answer, answers.Failed)
    assert answer.response.endswith("Required: $1000000. Traded: $0.00.")
    exchange.account("0xa").traded = exchange.limits.volume_to_schedule
    assert act(exchange, "0xa", actions.ScheduleCancel(9_000), 0) == DONE
    assert exchange.account("0xa").cancel_at == 9_000
    assert act(exchange, "0xa", actions.ScheduleCancel(), 0) == DONE
    assert exchange.account("0xa").cancel_at is None


def test_what_is_wrong_with_a_modify_names_its_market() -> None:
    kind = actions.Kind(actions.Limit("Gtc"))
    action = actions.ModifyOrder(7, actions.NewOrder(1, True, "2900", "1", False, kind))
    answer = act(exchange_of(), "0xa", action, 0)
    assert answer == answers.Failed("Cannot modify canceled or filled order asset=1")


@pytest.mark.parametrize(
    "action",
    [
        actions.UpdateLeverage(1, False, 5),
        actions.UpdateIsolatedMargin(1, True, 5),
        actions.TwapOrder(actions.Twap(1, True, "1", False, 5, False)),
        actions.TwapCancel(1, 1),
    ],
)
def test_what_is_not_served_is_not_said_to_be_done(action: actions.Action) -> None:
    answer = act(exchange_of(), "0xa", action, 0)
    assert isinstance(answer, answers.Failed)
    assert answer.response.endswith("is not served here, and nothing of it was done.")
