"""What may be given to the book: each check returns the value, or says what to pass instead."""

from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, Final, TypeAlias

from truebook.impl.exact import DIGITS, ZERO
from truebook.model.vocabulary import Side

Oid: TypeAlias = int | str
"""The venue's id of an order: a number or a text, but always the same of the two in one book."""
Tid: TypeAlias = int | str
"""The venue's id of a fill, likewise."""

LEAST: Final = Decimal(10) ** -DIGITS
MOST: Final = Decimal(10) ** DIGITS
plus: Final = Context(prec=2 * DIGITS, traps=[Inexact, InvalidOperation]).plus
"""Return the number as it is; raise `Inexact` where it has too many digits."""
_SIDES: Final[dict[str, bool]] = {Side.BUY: True, Side.SELL: False}


def number(value: Any, what: str) -> Decimal:
    """Return an exact, finite number of either sign, of no more digits than sums can hold.

    A Decimal or an int; TypeError for anything else, ValueError for what is not such a number.
    """
    kind = type(value)
    if kind is int:
        value = Decimal(value)
    elif kind is float:
        raise TypeError(
            f"{what} is the float {value!r}, which is not exact: "
            f"pass Decimal({str(value)!r}), made from the text that the venue sent"
        )
    elif not isinstance(value, Decimal):
        raise TypeError(f"{what} must be a Decimal (or an int), not {value!r}")
    if not value.is_finite():
        raise ValueError(f"{what} must be a finite number, not {value}")
    if value and not LEAST <= value.copy_abs() <= MOST:
        raise ValueError(f"{what} must lie within 1E-{DIGITS} and 1E+{DIGITS}, not {value}")
    try:
        plus(value)
    except Inexact:
        raise ValueError(f"{what} has more than {2 * DIGITS} digits: {value}") from None
    return Decimal(value)


def size(value: Any, what: str = "size") -> Decimal:
    """Return a number above zero."""
    try:  # nearly always
        if type(value) is Decimal and LEAST <= plus(value) <= MOST:
            return value
    except ArithmeticError:
        pass
    exact = number(value, what)
    if not exact > ZERO:
        raise ValueError(
            f"{what} must be above zero, not {value}: which way it trades is told by the side"
        )
    return exact


def amount(value: Any, what: str) -> Decimal:
    """Return a number that is not negative."""
    try:  # nearly always
        if type(value) is Decimal and (LEAST <= plus(value) <= MOST or value == ZERO):
            return value
    except ArithmeticError:
        pass
    exact = number(value, what)
    if exact < ZERO:
        raise ValueError(f"{what} must not be negative, but is {value}")
    return exact


def is_buy(side: Any) -> bool:
    """Return whether a side, `Side.BUY` or `Side.SELL` (or 'buy', 'sell'), is to buy."""
    buy = _SIDES.get(side) if isinstance(side, str) else None
    if buy is not None:
        return buy
    raise ValueError(f"side must be Side.BUY or Side.SELL, not {side!r}")


def flag(value: Any, what: str) -> bool:
    """Return True or False, and nothing that merely counts as one of them."""
    if value is not True and value is not False:
        raise TypeError(f"{what} must be True or False, not {value!r}")
    return bool(value)


def cloid(value: Any) -> str:
    """Return a client order id: a text that is not empty."""
    if not isinstance(value, str):
        raise TypeError(f"cloid must be a text, not {value!r}")
    if not value:
        raise ValueError("cloid is empty: pass the one that register_pending returned")
    return value


def identity(value: Any, kind: type | None, what: str) -> type:
    """Return the kind of id (int or str) that a book uses; the first one told decides."""
    found = type(value)
    if found is not int and found is not str:
        raise TypeError(f"{what} must be an int or a text, not {value!r}")
    if found is str and not value:
        raise ValueError(f"{what} is empty")
    if kind is not None and found is not kind:
        raise TypeError(
            f"{what} {value!r} is of type {found.__name__}, and those before were of type "
            f"{kind.__name__}: pass always the same, or the book would take one for two"
        )
    return found


def is_no_oid(value: Any) -> bool:
    """Return whether a venue's oid is none: None, zero or empty, as in an item of an error."""
    return not value or value == "0"


def time(value: Any, what: str = "now") -> int:
    """Return a time: whole nanoseconds since some epoch, not negative."""
    if type(value) is not int:
        raise TypeError(f"{what} must be an int of nanoseconds, not {value!r}")
    if value < 0:
        raise ValueError(f"{what} must not be negative, but is {value}")
    return value
