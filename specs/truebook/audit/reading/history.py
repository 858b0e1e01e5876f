"""The table of orders as it is copied from the venue's page: tabs, and coins over several lines."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from truebook.audit.reading.trades import Dates, time_of
from truebook.audit.seen import Damaged, OrderRow, Place, Seen

BEGINS: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{4} - \d{2}:\d{2}:\d{2}\t")
"""How a row begins; what comes before the next one is of it."""
HEADERS: Final = frozenset(
    (
        "Time",
        "Type",
        "Coin",
        "Direction",
        "Size",
        "Filled Size",
        "Order Value",
        "Price",
        "Reduce Only",
        "Trigger Conditions",
        "TP/SL",
        "Status",
        "Order ID",
    )
)
"""The names of its columns, which a copy has at its top, or anywhere."""
BUYS: Final = {"Long": True, "Buy": True, "Close Short": True}
SELLS: Final = {"Short": False, "Sell": False, "Close Long": False}
_DIRECTIONS: Final = {**BUYS, **SELLS}


def dates_in(lines: Iterable[str]) -> Iterator[str]:
    """Yield the dates of the rows."""
    for text in lines:
        if BEGINS.match(text):
            yield text.partition("\t")[0]


def rows(file: str, lines: Iterable[tuple[int, str]], dates: Dates) -> Iterator[Seen]:
    """Yield the rows of a table of orders, and what is none."""
    begun: tuple[int, list[str]] | None = None
    for number, text in lines:
        if BEGINS.match(text):
            if begun is not None:
                yield _row(file, *begun, dates)
            begun = number, [text]
        elif not text.strip() or _is_header(text):
            if begun is not None:
                yield _row(file, *begun, dates)
                begun = None
        elif begun is not None:
            begun[1].append(text)
        else:
            yield Damaged(
                place=Place(file, number),
                what="an order",
                why="it does not begin with a date",
            )
    if begun is not None:
        yield _row(file, *begun, dates)


def _is_header(text: str) -> bool:
    return all(cell.strip() in HEADERS for cell in text.split("\t"))


def _row(file: str, number: int, texts: list[str], dates: Dates) -> Seen:
    place = Place(file, number)
    try:
        return _order(place, texts, dates)
    except (ValueError, InvalidOperation) as error:
        why = "a size is no number" if isinstance(error, InvalidOperation) else str(error)
        return Damaged(place=place, what="an order", why=why)


def _order(place: Place, texts: list[str], dates: Dates) -> OrderRow:
    cells = [cell.strip() for text in texts for cell in text.split("\t")]
    at = next((n for n, cell in enumerate(cells) if cell in _DIRECTIONS), None)
    if at is None or at < 3:
        raise ValueError("it has no direction, as Long or Short")
    if len(cells) != at + 10:
        raise ValueError(f"it has {len(cells) - at - 1} fields behind its direction, not 9")
    coin = cells[2] if at == 3 else f"{cells[3]}:{cells[2]}"
    size, filled, _, _, _, _, _, status, oid = cells[at + 1 :]
    if not (oid.isascii() and oid.isdigit()):
        raise ValueError(f"{oid!r} is no number of an order")
    return OrderRow(
        place=place,
        coin=coin,
        is_buy=_DIRECTIONS[cells[at]],
        oid=int(oid),
        status=status,
        size=_amount(size),
        filled=_amount(filled),
        when=cells[0],
        time=time_of(cells[0], dates),
    )


def _amount(text: str) -> Decimal | None:
    if text in ("--", ""):
        return None
    amount = Decimal(text.replace(",", ""))
    if not amount.is_finite():
        raise ValueError(f"a size of {text}")
    return amount
