"""What has been traded in a market: its latest trades, and bars of each span of time."""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import attrs

from truebook.venue.engine.news import Traded

_MINUTE: Final = 60_000
_SPANS: Final = {
    "1m": 1,
    "3m": 3,
    "5m": 5,
    "15m": 15,
    "30m": 30,
    "1h": 60,
    "2h": 120,
    "4h": 240,
    "8h": 480,
    "12h": 720,
    "1d": 1_440,
    "3d": 4_320,
    "1w": 10_080,
}
"""The minutes of each interval; a month, `1M`, has a calendar's."""
INTERVALS: Final = (*_SPANS, "1M")
DAY: Final = 1_440 * _MINUTE
KEPT, RECENT = 100_000, 100
"""So many bars of an interval are kept, and so many trades."""


@attrs.define
class Bar:
    """What was traded from `start` to before `end`; `value` is the volume in dollars."""

    start: int
    end: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    value: Decimal
    count: int

    def join(self, later: "Bar") -> None:
        """Add what was traded later."""
        self.high, self.low = max(self.high, later.high), min(self.low, later.low)
        self.close = later.close
        self.volume += later.volume
        self.value += later.value
        self.count += later.count


@attrs.define
class Tape:
    """The trades of one market. Bars of an interval are made when they are first asked for."""

    trades: deque[Traded] = attrs.field(factory=lambda: deque(maxlen=RECENT))
    _bars: dict[str, deque[Bar]] = attrs.field(factory=lambda: {"1m": deque(maxlen=KEPT)})

    def add(self, trade: Traded) -> None:
        """Note a trade."""
        self.trades.append(trade)
        price, size, time = trade.price, trade.size, trade.time
        bar = Bar(time, time, price, price, price, price, size, price * size, 1)
        for interval, bars in self._bars.items():
            _add(bars, interval, bar)

    def bars(self, interval: str) -> deque[Bar]:
        """Return the bars of an interval, in which anything was traded, the oldest first."""
        if interval not in self._bars:
            bars: deque[Bar] = deque(maxlen=KEPT)
            for bar in self._bars["1m"]:
                _add(bars, interval, bar)
            self._bars[interval] = bars
        return self._bars[interval]

    def since(self, time: int) -> Iterator[Bar]:
        """Yield the minutes that ended after a time, the latest first."""
        for bar in reversed(self._bars["1m"]):
            if bar.end <= time:
                break
            yield bar

    def price_at(self, time: int) -> Decimal | None:
        """Return the last price by a time; None where nothing was traded by then."""
        earlier = (bar.close for bar in reversed(self._bars["1m"]) if bar.end <= time)
        return next(earlier, None)


def _add(bars: deque[Bar], interval: str, bar: Bar) -> None:
    if bars and bar.start < bars[-1].end:
        bars[-1].join(bar)
    else:
        start, end = span_of(bar.start, interval)
        bars.append(attrs.evolve(bar, start=start, end=end))


def span_of(time: int, interval: str) -> tuple[int, int]:
    """Return the first moment of the span in which a time is, and of the next."""
    if interval == "1M":
        day = datetime.fromtimestamp(time / 1000, UTC)
        months = day.year * 12 + day.month - 1
        return _month(months), _month(months + 1)
    length = _SPANS[interval] * _MINUTE
    start = time - time % length
    return start, start + length


def _month(months: int) -> int:
    first = datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
    return int(first.timestamp()) * 1000
