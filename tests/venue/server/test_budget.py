"""Requests are counted, and once they are used up one gets through now and then."""

from decimal import Decimal

import pytest

from truebook.venue.engine import Account
from truebook.venue.server import NotTakenError
from truebook.venue.server.budget import EVERY, Budget


def test_one_more_for_each_dollar_that_was_traded() -> None:
    budget, account = Budget(free=3), Account("0xa")
    budget.spend(account, 2, 0)
    budget.spend(account, 1, 0)
    budget.spend(account, 1, 0)  # the first beyond it
    with pytest.raises(NotTakenError, match=r"\(5 > 3\) for cumulative volume traded \$0.00"):
        budget.spend(account, 1, EVERY - 1)
    budget.spend(account, 1, EVERY)
    account.traded = Decimal(10)
    for _ in range(8):
        budget.spend(account, 1, EVERY)
    with pytest.raises(NotTakenError, match="14 > 13"):
        budget.spend(account, 1, EVERY)
    assert budget.used == {"0xa": 13}, "what is refused costs nothing"


def test_each_account_has_its_own() -> None:
    budget = Budget(free=1)
    for user in ("0xa", "0xb"):
        budget.spend(Account(user), 1, 0)
    assert budget.used == {"0xa": 1, "0xb": 1}
