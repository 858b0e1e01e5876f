"""Fills of a venue that tells only how much of an order has filled by now.

The book counts fills, each once, by what identifies it. `CumulativeFills` makes them of such
reports: what a report says beyond all reports before it is a fill.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Self

import attrs

from truebook.impl.book import checks
from truebook.impl.book.checks import Oid
from truebook.impl.book.exact import ZERO, subtract


@attrs.frozen(kw_only=True)
class CumulativeFill:
    """A fill made of a report; pass `arguments()` to `process_fill`.

    `tid` is the amount that had filled after it: an order comes to each amount once.
    """

    oid: Oid
    tid: str
    size: Decimal
    price: Decimal
    is_buy: bool
    time: int | None
    cloid: str | None

    def arguments(self) -> dict[str, Any]:
        """Return what `process_fill` takes, by name."""
        return attrs.asdict(self)


class CumulativeFills:
    """Makes fills of what orders are reported to have filled in all; each once.

    Reports may come twice and out of order: only one that says more than all before it makes a
    fill. Save it (`to_json`) together with the book that was told its fills, and begin with it
    again (`from_json`).
    """

    __slots__ = ("_filled",)

    def __init__(self) -> None:
        self._filled: dict[Oid, Decimal] = {}

    def report(
        self,
        oid: Oid,
        filled: Decimal | int,
        price: Decimal | int,
        is_buy: bool,
        *,
        time: int | None = None,
        cloid: str | None = None,
    ) -> CumulativeFill | None:
        """Return the fill that a report tells of; None where all of it was told before.

        `filled` is what of the order has filled in all, `price` that of its last fill as far as it
        is known, `time` the venue's. TypeError and ValueError as in `process_fill`.
        """
        oid = checks.oid(oid)
        amount = checks.amount(filled, "filled")
        price = checks.amount(price, "price")
        buy = checks.flag(is_buy, "is_buy")
        before = self._filled.get(oid, ZERO)
        if not before < amount:
            return None
        fill = CumulativeFill(
            oid=oid,
            tid=f"filled {_plain(amount)}",
            size=subtract(amount, before),
            price=price,
            is_buy=buy,
            time=None if time is None else checks.time(time, "time"),
            cloid=None if cloid is None else checks.cloid(cloid),
        )
        self._filled[oid] = amount
        return fill

    def filled(self, oid: Oid) -> Decimal:
        """Return the most that an order was reported to have filled."""
        return self._filled.get(checks.oid(oid), ZERO)

    def begin(self, oid: Oid, filled: Decimal | int) -> None:
        """Take what an order has filled as counted: it is in the position that a book begins with.

        Less than was reported changes nothing.
        """
        amount = checks.amount(filled, "filled")
        oid = checks.oid(oid)
        self._filled[oid] = max(amount, self._filled.get(oid, ZERO))

    def forget(self, oid: Oid) -> None:
        """Let go of an order of which no report comes any more: one would count whole."""
        self._filled.pop(checks.oid(oid), None)

    def __len__(self) -> int:
        """Return how many orders it holds."""
        return len(self._filled)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CumulativeFills):
            return NotImplemented
        return self._filled == other._filled

    __hash__ = None  # type: ignore[assignment]  # it changes

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain JSON values."""
        return {"filled": [[oid, str(amount)] for oid, amount in self._filled.items()]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_json` made; ValueError where it is not that."""
        made = cls()
        try:
            if set(data) != {"filled"}:
                raise ValueError("it must have filled, and nothing else")
            for oid, text in data["filled"]:
                amount = checks.amount(Decimal(text), "filled")
                if checks.oid(checks.identity(oid, "oid")) in made._filled or not isinstance(
                    text, str
                ):
                    raise ValueError(f"order {oid!r} is there twice, or its amount is no text")
                made._filled[oid] = amount
        except (ArithmeticError, TypeError, ValueError) as error:
            raise ValueError(f"not saved cumulative fills: {error}") from error
        return made


def _plain(amount: Decimal) -> str:
    """Return one text for all forms of a number, as 2 and 2.00."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
