"""Fills of one market side by side: what is asked of each, worked out for many at once."""

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, repeat
from operator import lt
from typing import Final

import attrs

from truebook.audit.ledger.links import Link
from truebook.audit.seen import FillText

EXACT: Final = 15
"""A text of so many characters, between these bounds, is the same number as a float."""
LEAST, MOST = 1e-12, 1e15
BITS: Final = 0x7FFF_FFFF_FFFF_FFFF
MOST_TID: Final = 1 << 62
"""The number of a fill has room for its tid, which is below this, and its side."""
_PLAIN: Final = FillText(
    coin="", px="1", sz="1", side="B", time=0, start_position="0", oid=0, tid=1, fee="0"
)
"""Stands for a fill that is odd."""


@lru_cache(4_096)
def _size_of(text: str) -> tuple[Decimal, float]:
    """Return a size, and as a float; they are the same again and again."""
    size = float(text)
    if not LEAST < size < MOST or len(text) > EXACT:
        raise ValueError(f"{text} may be another number as a float")
    return Decimal(text), size


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
    sizes: Sequence[Decimal]
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
            return cls._of(fills, fills, lines, items, frozenset())
        except (TypeError, ValueError, ArithmeticError):  # some of them are odd
            odd = frozenset(at for at, fill in enumerate(fills) if _is_odd(fill))
            plain = [_PLAIN if at in odd else fill for at, fill in enumerate(fills)]
            return cls._of(fills, plain, lines, items, odd)

    @classmethod
    def _of(
        cls,
        fills: Sequence[FillText],
        plain: Sequence[FillText],
        lines: Sequence[int],
        items: Sequence[int],
        odd: frozenset[int],
    ) -> "Columns":
        times, tids = [fill.time for fill in plain], [fill.tid or 0 for fill in plain]
        buys, texts = [fill.side == "B" for fill in plain], [fill.px for fill in plain]
        sizes, short = zip(*map(_size_of, [fill.sz for fill in plain]), strict=True)
        prices = list(map(float, texts))
        if not (min(prices) > LEAST and max(prices) < MOST and max(map(len, texts)) <= EXACT):
            raise ValueError("a price may be another number as a float")
        if not (sum(prices) < math.inf and min(tids) > 0 and max(tids) < MOST_TID):
            raise ValueError("a price is none, or a fill has no tid")
        deque(map(float, [fill.fee for fill in plain]), maxlen=0)  # each is a number
        starts = list(map(Decimal, [fill.start_position for fill in plain]))
        ends = [
            start + size if buy else start - size
            for start, size, buy in zip(starts, sizes, buys, strict=True)
        ]
        keys = [tid << 1 | buy for tid, buy in zip(tids, buys, strict=True)]
        goes_on = not odd and starts[1:] == ends[:-1] and all(map(lt, times, times[1:]))
        oids = [fill.oid for fill in plain]
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
            said=list(map(hash, zip(short, prices, oids, strict=True))),
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


def _is_odd(fill: FillText) -> bool:
    """Return whether something of a fill is no number, or another as a float, or it has no tid."""
    try:
        _size_of(fill.sz)
        right = LEAST < float(fill.px) < MOST and len(fill.px) <= EXACT
    except ValueError:
        return True
    return not (right and 0 < (fill.tid or 0) < MOST_TID and fill.has_numbers())


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
