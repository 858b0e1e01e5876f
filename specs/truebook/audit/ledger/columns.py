"""Fills of one market side by side: what is asked of each, worked out for many at once."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, repeat
from operator import add, lt
from typing import Final

import attrs

from truebook.audit.ledger.links import Link
from truebook.audit.seen import FillText

EXACT: Final = 15
"""A text of so many characters, between these bounds, is the same number as a float."""
LEAST, MOST = 1e-12, 1e15
BITS: Final = 0x7FFF_FFFF_FFFF_FFFF
_NONE: Final = FillText(
    coin="", px="1", sz="0", side="B", time=0, start_position="0", oid=0, tid=0, fee="0"
)
"""Stands for a fill that has what is no number: its size is odd, too."""


@lru_cache(4_096)
def size_of(text: str) -> tuple[Decimal, float]:
    """Return a size, and as a float; they are the same again and again."""
    return Decimal(text), float(text)


@attrs.frozen(eq=False)
class Columns:
    """Fills and their lines, and of each what the chain and the identities ask of it.

    `odd` are the places of those that are to be taken by themselves, `breaks` of those that do not
    go on from the one before. `said` stands for what a fill says, as far as it is told again.
    """

    fills: Sequence[FillText]
    lines: Sequence[int]
    items: Sequence[int]
    times: list[int]
    starts: list[Decimal]
    ends: list[Decimal]
    sizes: list[Decimal]
    buys: list[bool]
    keys: list[int]
    said: list[int]
    odd: frozenset[int]
    breaks: list[int]
    distinct: bool

    @classmethod
    def of(cls, fills: Sequence[FillText], lines: Sequence[int], items: Sequence[int]) -> "Columns":
        """Return fills side by side."""
        try:
            return cls._of(fills, fills, lines, items)
        except (ValueError, ArithmeticError):  # something of them is no number
            numbers = [fill if fill.has_numbers() else _NONE for fill in fills]
            return cls._of(fills, numbers, lines, items)

    @classmethod
    def _of(
        cls,
        fills: Sequence[FillText],
        numbers: Sequence[FillText],
        lines: Sequence[int],
        items: Sequence[int],
    ) -> "Columns":
        times = [fill.time for fill in fills]
        buys = [fill.side == "B" for fill in fills]
        texts, prices = [fill.sz for fill in numbers], [fill.px for fill in numbers]
        both = list(map(size_of, texts))
        sizes, short = [size for size, _ in both], [short for _, short in both]
        at = list(map(float, prices))
        list(map(float, [fill.fee for fill in numbers]))  # each is to be one
        starts = list(map(Decimal, [fill.start_position for fill in numbers]))
        moved = [size if buy else -size for size, buy in zip(sizes, buys, strict=True)]
        ends = list(map(add, starts, moved))
        keys = [(fill.tid or 0) << 1 & BITS | (fill.side == "B") for fill in fills]
        right = (
            _all_within(short)
            and _all_within(at)
            and max(map(len, texts)) <= EXACT
            and max(map(len, prices)) <= EXACT
            and all([fill.tid for fill in fills])
        )
        odd = frozenset() if right else frozenset(_odd(numbers, short, at))
        goes_on = starts[1:] == ends[:-1] and all(map(lt, times, times[1:])) and not odd
        return cls(
            fills=fills,
            lines=lines,
            items=items,
            times=times,
            starts=starts,
            ends=ends,
            sizes=sizes,
            buys=buys,
            keys=keys,
            said=list(map(hash, zip(short, at, [fill.oid for fill in fills], strict=True))),
            odd=odd,
            breaks=[] if goes_on else _breaks(times, buys, starts, ends, odd),
            distinct=len(set(keys)) == len(keys),
        )

    def until(self, at: int) -> int:
        """Return up to where fills go on from one on, each from the one before."""
        after = bisect_right(self.breaks, at)
        return self.breaks[after] if after < len(self.breaks) else len(self.fills)

    def links(self, at: int, stop: int, file: str) -> Iterator[Link]:
        """Return fills as a chain keeps them."""
        return zip(
            self.times[at:stop],
            self.ends[at:stop],
            self.fills[at:stop],
            repeat(file),
            self.lines[at:stop],
            self.items[at:stop],
            strict=False,
        )


def _all_within(numbers: Sequence[float]) -> bool:
    total = sum(numbers)  # no number, if one of them is none
    return total == total and LEAST < min(numbers) and max(numbers) < MOST


def _odd(fills: Sequence[FillText], sizes: Sequence[float], prices: Sequence[float]) -> list[int]:
    """Return the places of fills that may be no fills, or are not the same numbers as floats."""
    return [
        at
        for at, (fill, size, price) in enumerate(zip(fills, sizes, prices, strict=True))
        if not fill.tid
        or not LEAST < size < MOST
        or not LEAST < price < MOST
        or max(len(fill.sz), len(fill.px)) > EXACT
    ]


def _breaks(
    times: Sequence[int],
    buys: Sequence[bool],
    starts: Sequence[Decimal],
    ends: Sequence[Decimal],
    odd: frozenset[int],
) -> list[int]:
    """Return the places of fills that are odd, or do not go on from the one before."""
    return [
        at
        for at, (one, time) in enumerate(pairwise(times), 1)
        if starts[at] != ends[at - 1]
        or time < one
        or (time == one and buys[at] is not buys[at - 1])
        or at in odd
    ]
