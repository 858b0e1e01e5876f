"""Tables of trades, which have directions and no positions: what they say of the position.

A direction says on which side of zero the position was: `Open Long` not below it, `Close Short`
below it, `Long > Short` above it and then below. So all rows together say where it began, from at
least to at most; where that is nowhere, rows are missing between two of them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

import attrs

from truebook.audit.seen import Place, Trade

ZERO: Final = Decimal(0)


@attrs.frozen
class Bound:
    """Where a position is at least, or at most; `open` where it is not there itself."""

    at: Decimal
    open: bool = False


@attrs.frozen
class Run:
    """Rows that fit together: what they moved, and where the position was before them."""

    first: Trade
    last: Trade
    rows: int
    moved: Decimal
    least: Bound | None
    most: Bound | None

    @property
    def start(self) -> Decimal | None:
        """Where the position was before them, where the rows leave but one place."""
        if self.least is None or self.most is None or self.least.at != self.most.at:
            return None
        return self.least.at


@attrs.define
class TableLedger:
    """The rows of a market's tables; `again` is how many were told again by another file.

    Identical rows are as many fills, since none has a number: of files that overlap each counts as
    often as the file has it that has it most. Rows are kept until they are put in order.
    """

    trades: list[Trade] = attrs.field(factory=list)
    again: int = 0
    identical: int = 0
    odd: list[Place] = attrs.field(factory=list)
    _most: Counter[tuple[str, ...]] = attrs.field(factory=Counter)
    _file: str = ""
    _here: Counter[tuple[str, ...]] = attrs.field(factory=Counter)

    def take(self, trade: Trade) -> bool:
        """Take a row; return whether it is new."""
        if trade.place.file != self._file:
            self._file, self._here = trade.place.file, Counter()
        self._here[trade.row] += 1
        if self._here[trade.row] <= self._most[trade.row]:
            self.again += 1
            return False
        if self._here[trade.row] > 1:
            self.identical += 1
        self._most[trade.row] = self._here[trade.row]
        if moved_by(trade) is None:
            self.odd.append(trade.place)
        self.trades.append(trade)
        return True

    def runs(self) -> Iterator[Run]:
        """Yield the rows in stretches that fit together: one, where none is missing."""
        rows = in_order(self.trades)
        begun = 0
        while begun < len(rows):
            run, begun = _run(rows, begun)
            yield run

    def through_zero(self, run: Run) -> Iterator[Trade]:
        """Yield rows that close more than there was: sums of fills that went through zero.

        A row has the direction of the first of its fills.
        """
        if run.start is None:
            return
        position, inside = run.start, False
        for trade in in_order(self.trades):
            inside = inside or trade is run.first
            if inside:
                moved = moved_by(trade) or ZERO
                closes = trade.direction.startswith("Close ")
                if closes and (position + moved) * position < 0:
                    yield trade
                position += moved
            if trade is run.last:
                return


def moved_by(trade: Trade) -> Decimal | None:
    """Return what a row moved the position by; None for a direction that nobody knows."""
    match trade.direction:
        case "Open Long" | "Close Short" | "Short > Long" | "Buy":
            return trade.size
        case "Open Short" | "Close Long" | "Long > Short" | "Sell":
            return -trade.size
    return None


def in_order(trades: Sequence[Trade]) -> list[Trade]:
    """Return rows from the oldest on: by their times where these are known, else as files go."""
    if any(trade.time is None for trade in trades):
        return list(trades)
    times = [trade.time or 0 for trade in trades]
    down = sum(one > other for one, other in pairwise(times))
    up = sum(one < other for one, other in pairwise(times))
    rows = list(trades[::-1] if down > up else trades)
    return sorted(rows, key=lambda trade: trade.time or 0)


def _run(rows: Sequence[Trade], begun: int) -> tuple[Run, int]:
    """Return the longest stretch of rows that fit together from a row on, and where it ends."""
    least: Bound | None = None
    most: Bound | None = None
    moved = ZERO
    at = begun
    while at < len(rows):
        low, high = _bounds(rows[at])
        low = None if low is None else Bound(low.at - moved, low.open)
        high = None if high is None else Bound(high.at - moved, high.open)
        tighter_low, tighter_high = _higher(least, low), _lower(most, high)
        if at > begun and not _possible(tighter_low, tighter_high):
            break
        least, most = tighter_low, tighter_high
        moved += moved_by(rows[at]) or ZERO
        at += 1
    return Run(rows[begun], rows[at - 1], at - begun, moved, least, most), at


def _bounds(trade: Trade) -> tuple[Bound | None, Bound | None]:
    """Return between what a position was before a row, by its direction and its size."""
    match trade.direction:
        case "Open Long":
            return Bound(ZERO), None
        case "Open Short":
            return None, Bound(ZERO)
        case "Close Long":
            return Bound(ZERO, open=True), None
        case "Close Short":
            return None, Bound(ZERO, open=True)
        case "Long > Short":
            return Bound(ZERO, open=True), Bound(trade.size, open=True)
        case "Short > Long":
            return Bound(-trade.size, open=True), Bound(ZERO, open=True)
    return None, None


def _higher(one: Bound | None, other: Bound | None) -> Bound | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda bound: (bound.at, bound.open))


def _lower(one: Bound | None, other: Bound | None) -> Bound | None:
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda bound: (bound.at, not bound.open))


def _possible(least: Bound | None, most: Bound | None) -> bool:
    if least is None or most is None:
        return True
    return least.at < most.at or (least.at == most.at and not least.open and not most.open)
