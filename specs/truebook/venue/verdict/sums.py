"""Which sums some of a few sizes come to."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Final

MOST: Final = 1 << 24
"""Sums of more units than this are not told one by one."""
MOST_WORK: Final = 1 << 30
"""Nor those of so many sizes that units times sizes are more."""


def is_sum_of_some(total: Decimal, sizes: Sequence[Decimal]) -> bool:
    """Return whether some of the sizes, each once or not at all, come to a total.

    Where their sums are too many to be told one by one: whether it lies between them.
    """
    least = sum((one for one in sizes if one < 0), Decimal(0))
    whole, parts = _whole([total - least, *map(abs, sizes)])
    if not 0 <= whole <= sum(parts):
        return False
    if sum(parts) > MOST or sum(parts) * len(parts) > MOST_WORK:
        return True
    reached = 1  # bit n: some of the parts come to n
    for part in parts:
        reached |= reached << part
    return bool(reached >> whole & 1)


def _whole(sizes: Sequence[Decimal]) -> tuple[int, list[int]]:
    """Return the first size and the others as whole numbers of the largest unit they share."""
    exact = [Fraction(one) for one in sizes]
    over = lcm(*(one.denominator for one in exact))
    counts = [one.numerator * (over // one.denominator) for one in exact]
    unit = gcd(*counts) or 1
    first, *others = (one // unit for one in counts)
    return first, others
