"""The venue's table of trades, as it is exported: a row for each fill, without numbers of any kind.

Dates come as day/month/year or month/day/year, as whoever exports has it. Which it is, is told by
evidence of the whole file, or not at all.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

import attrs

from truebook.audit.seen import Damaged, Place, Seen, Trade

COLUMNS: Final = ("time", "coin", "dir", "px", "sz")
"""Those that a table of trades has at least, in any order."""


class Dates(StrEnum):
    """How dates are written; `EITHER` where nothing in a file tells."""

    DAY_FIRST = "D/M/Y"
    MONTH_FIRST = "M/D/Y"
    ISO = "ISO 8601"
    EITHER = "D/M/Y or M/D/Y"


_OF_DEX: Final = re.compile(r"(?P<coin>\S+) \((?P<dex>\w+)\)")
_FORMS: Final = {Dates.DAY_FIRST: "%d/%m/%Y - %H:%M:%S", Dates.MONTH_FIRST: "%m/%d/%Y - %H:%M:%S"}


def is_table(first: str) -> bool:
    """Return whether a first line names the columns of a table of trades."""
    return set(COLUMNS) <= set(names_in(first))


def names_in(header: str) -> list[str]:
    """Return the names of the columns; none where a line is no row."""
    try:
        return [name.strip() for name in _cells(header)]
    except csv.Error:
        return []


def dates_in(lines: Iterable[str], names: Sequence[str]) -> Iterator[str]:
    """Yield the dates of the rows, as far as these are rows."""
    at = names.index("time")
    for text in lines:
        try:
            row = _cells(text)
        except csv.Error:
            continue
        if len(row) == len(names) and row[at].strip() != "time":
            yield row[at]


def _cells(text: str) -> list[str]:
    """Return the cells of a line, which is a row by itself; csv.Error for one that is none."""
    return next(csv.reader((text,), strict=True), [])


@attrs.frozen
class Written:
    """How the dates of a file are written, and what tells so."""

    dates: Dates
    why: str


def dates_of(texts: Iterable[str]) -> Written:
    """Return how the dates of a file are written, as far as all of them together tell.

    A part above 12 is a day. Else it is the reading under which times go one way, if one does.
    """
    ways = {form: _Way(pattern) for form, pattern in _FORMS.items()}
    iso = False
    for text in texts:
        iso = iso or "/" not in text
        for way in ways.values():
            way.take(text.strip())
    readable = [form for form in ways if ways[form].read]
    least = max((ways[form].read for form in readable), default=0)
    left = [form for form in readable if ways[form].read == least]
    if not left:
        return Written(Dates.ISO if iso else Dates.EITHER, "no date of it has slashes")
    if len(left) == 1:
        return Written(left[0], "a part above 12 is a day")
    ordered = [form for form in left if ways[form].goes_one_way]
    if len(ordered) == 1:
        return Written(ordered[0], "read so, its times go one way")
    return Written(Dates.EITHER, "no part of a date is above 12, and times go one way in both")


@attrs.define
class _Way:
    """Dates read in one way: how many can be, and whether they go up alone, or down."""

    pattern: str
    read: int = 0
    up: bool = True
    down: bool = True
    last: datetime | None = None

    @property
    def goes_one_way(self) -> bool:
        return self.up or self.down

    def take(self, text: str) -> None:
        try:
            time = datetime.strptime(text, self.pattern)
        except ValueError:
            return
        self.read += 1
        if self.last is not None:
            self.up = self.up and self.last <= time
            self.down = self.down and self.last >= time
        self.last = time


def time_of(text: str, dates: Dates) -> int | None:
    """Return a time in ms, or None where it cannot be known; ValueError for what is no date.

    The zone is that of whoever exported, which no file says: it is taken for UTC.
    """
    text = text.strip()
    if dates is Dates.ISO:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
    if dates is Dates.EITHER:
        if not any(_parses(text, form) for form in _FORMS.values()):
            raise ValueError(f"{text!r} is no date of the form 31/12/2025 - 23:59:59")
        return None
    return int(datetime.strptime(text, _FORMS[dates]).replace(tzinfo=UTC).timestamp() * 1000)


def rows(
    file: str, lines: Iterable[tuple[int, str]], names: Sequence[str], dates: Dates
) -> Iterator[Seen]:
    """Yield the rows of a table; the header again, and empty lines, are passed over."""
    for number, text in lines:
        place = Place(file, number)
        if not text.strip():
            continue
        try:
            row = _cells(text)
            if [name.strip() for name in row] == list(names):
                continue
            yield _trade(place, names, row, dates)
        except (ValueError, InvalidOperation, csv.Error) as error:
            yield Damaged(place=place, what="a trade", why=_why(error))


def _trade(place: Place, names: Sequence[str], row: Sequence[str], dates: Dates) -> Trade:
    if len(row) != len(names):
        raise ValueError(f"it has {len(row)} fields, the header {len(names)}")
    cells = dict(zip(names, (cell.strip() for cell in row), strict=True))
    size, price = Decimal(cells["sz"]), Decimal(cells["px"])
    if not (size.is_finite() and size > 0):
        raise ValueError(f"a size of {size}")
    if not price.is_finite():
        raise ValueError(f"a price of {price}")
    return Trade(
        place=place,
        coin=_coin(cells["coin"]),
        direction=cells["dir"],
        size=size,
        price=price,
        when=cells["time"],
        time=time_of(cells["time"], dates),
        row=tuple(row),
    )


def _coin(text: str) -> str:
    """Return the venue's name of a coin: `HYPE (hyna)` in a table is `hyna:HYPE`."""
    named = _OF_DEX.fullmatch(text)
    return f"{named['dex']}:{named['coin']}" if named else text


def _parses(text: str, form: str) -> bool:
    try:
        datetime.strptime(text.strip(), form)
    except ValueError:
        return False
    return True


def _why(error: Exception) -> str:
    if isinstance(error, InvalidOperation):
        return "a size or price is no number"
    return str(error) or type(error).__name__
