"""What a bot says that it believes is read, or refused with what is wrong."""

from decimal import Decimal

import pytest

from truebook.venue.verdict import belief_of, read_belief


def test_either_half_may_be_missing() -> None:
    both = belief_of('{"position": {"ETH": "0.04"}, "open": [7, "0xAB"]}', 5)
    assert both.position == {"ETH": Decimal("0.04")}
    assert both.open == frozenset({"7", "0xab"})
    assert belief_of('{"open": []}', 5).position is None
    assert belief_of('{"position": {}}', 5).open is None
    assert belief_of('{"done": true}', 5).done


def test_a_coin_that_is_not_there_is_refused_whatever_is_believed_of_it() -> None:
    with pytest.raises(ValueError, match="there is no market 'ETC': BTC, ETH"):
        belief_of('{"position": {"ETH": "1", "ETC": "0"}}', 5, coins=("BTC", "ETH"))
    assert read_belief('{"position": {"ETC": "1"}}', ("ETH",))[0] == 400
    assert read_belief('{"position": {"ETH": "1"}}', ("ETH",)) == (200, "{}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ("[]", "an object with some of"),
        ('{"positions": {}}', "an object with some of"),
        ('{"position": 3}', "the size for each coin"),
        ('{"open": 3}', "a list of oids"),
        ('{"position": {"ETH": "much"}}', "must be a number"),
        ('{"position": {"ETH": "NaN"}}', "must be a number"),
        ('{"position": {"ETH": null}}', "must be a number"),
        ('{"position": {"ETH": "1e999999"}}', "must be a number"),
        ('{"position": {"ETH": "1e-999999"}}', "must be a number"),
        pytest.param(f'{{"position": {{"ETH": "{"1" * 200}"}}}}', "must be a number", id="long"),
    ],
)
def test_nonsense_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        belief_of(text, 5)


@pytest.mark.parametrize("name", ["9" * 5_000, "null", "[]", "true", "1.5", f'"{"0" * 200}"'])
def test_what_names_no_order_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"no oid and no cloid|no JSON"):
        belief_of(f'{{"open": [{name}]}}', 5)
