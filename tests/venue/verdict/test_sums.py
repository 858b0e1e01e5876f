"""Whether some of a few sizes come to a total is what trying them all says."""

from decimal import Decimal
from itertools import chain, combinations
from random import Random

from truebook.venue.verdict.sums import is_sum_of_some


def test_it_is_what_trying_them_all_says() -> None:
    chance = Random(1)
    for _ in range(300):
        sizes = [Decimal(chance.randint(-9, 9)) / 10 for _ in range(chance.randint(0, 6))]
        some = chain.from_iterable(combinations(sizes, n) for n in range(len(sizes) + 1))
        sums = {sum(one, Decimal(0)) for one in some}
        for tenths in range(-30, 31):
            total = Decimal(tenths) / 10
            assert is_sum_of_some(total, sizes) == (total in sums), (total, sizes)


def test_a_part_of_a_unit_is_no_sum() -> None:
    assert not is_sum_of_some(Decimal("0.30000000000000004"), [Decimal("0.1"), Decimal("0.2")])
    assert is_sum_of_some(Decimal("0.30"), [Decimal("0.1"), Decimal("0.2")])


def test_too_many_sums_are_told_by_their_bounds() -> None:
    sizes = [Decimal("0.00000001"), Decimal(1)]
    assert is_sum_of_some(Decimal("0.5"), sizes)
    assert not is_sum_of_some(Decimal("1.5"), sizes)
    assert not is_sum_of_some(Decimal("-0.5"), sizes)
