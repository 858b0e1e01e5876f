"""What may be given to the book: each check returns the value, or says what to pass instead.

What is returned is of the plain type: a member of an enum, or anything else that is a text, an int
or a Decimal of a type of its own, is taken for what it is.
"""

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from io import IOBase
from typing import Any, Final, TypeAlias, TypeVar

from truebook.impl.book.exact import DIGITS, ZERO
from truebook.model.vocabulary import Side

Oid: TypeAlias = int | str
"""The venue's id of an order: a number or a text; a book keeps the kind that it is told first."""
Tid: TypeAlias = int | str
"""The venue's id of a fill, likewise."""

_Kind = TypeVar("_Kind")

LEAST: Final = Decimal(10) ** -DIGITS
MOST: Final = Decimal(10) ** DIGITS
_MOST_PLACES: Final = 3 * DIGITS
"""The last of 2 * `DIGITS` digits of `LEAST` is no further behind the point; sums have room."""
MOST_TIME: Final = 1 << 96
"""A time or duration lies below this, so that whatever is due lies before `NOTHING_DUE`."""
MOST_ID: Final = 1 << 256
"""An id that is a number lies within ± this: every form of JSON can hold its digits."""
_LONGEST_ID: Final = len(str(-MOST_ID))
plus: Final = Context(prec=2 * DIGITS, traps=[Inexact, InvalidOperation]).plus
"""Return the number as it is; raise `Inexact` where it has too many digits."""
_SIDES: Final[dict[str, bool]] = {Side.BUY: True, Side.SELL: False}
_ONE_THING: Final[tuple[type, ...]] = (
    *(str, bytes, bytearray, memoryview, Mapping, IOBase, type),
    *(type(iter(one)) for one in ("a", "é", b"", bytearray(), memoryview(b""))),
)
"""What can be gone through, and is yet no list of anything: letters, bytes, names, lines."""

# Numbers


def exact(value: Any, what: str) -> Decimal | int:
    """Return a Decimal or an int; TypeError for anything else, since it is not exact."""
    kind = type(value)
    if kind is Decimal or kind is int:
        return value  # type: ignore[no-any-return]
    if isinstance(value, Decimal):
        return Decimal(value)
    if isinstance(value, int) and kind is not bool:
        return int.__int__(value)
    if isinstance(value, float):
        raise TypeError(
            f"{what} is the float {value!r}, which is not exact: "
            f"pass Decimal({str(value)!r}), made from the text that the venue sent"
        )
    raise TypeError(f"{what} must be a Decimal (or an int), not {value!r}")


def number(value: Any, what: str) -> Decimal:
    """Return an exact, finite number of either sign, of no more digits than sums can hold.

    A Decimal or an int; TypeError for anything else, ValueError for what is not such a number.
    """
    try:  # nearly always
        if type(value) is Decimal and (LEAST <= plus(value) <= MOST or value == ZERO):
            return value
    except ArithmeticError:
        pass
    found = Decimal(exact(value, what))
    if not found.is_finite():
        raise ValueError(f"{what} must be a finite number, not {found}")
    if found and not LEAST <= found.copy_abs() <= MOST:
        raise ValueError(f"{what} must lie within 1E-{DIGITS} and 1E+{DIGITS}, not {found}")
    try:
        plus(found)
    except Inexact:
        raise ValueError(f"{what} has more than {2 * DIGITS} digits: {found}") from None
    return found


def total(value: Decimal, what: str) -> Decimal:
    """Return a sum of such numbers, which may be larger than each and have all their digits."""
    _, _, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # it is finite
    if value and (exponent < -_MOST_PLACES or value.adjusted() > _MOST_PLACES):
        raise ValueError(f"{what} must lie within 1E-{_MOST_PLACES} and 1E+{_MOST_PLACES}")
    return value


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
            f"{what} must be above zero, not {exact}: which way it trades is told by the side"
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
        raise ValueError(f"{what} must not be negative, but is {exact}")
    return exact


def whole(value: Any, what: str, unit: str = "") -> int:
    """Return an int; TypeError for anything else, True and False among it."""
    if type(value) is int:
        return value
    if isinstance(value, int) and type(value) is not bool:
        return int.__int__(value)
    raise TypeError(f"{what} must be an int{unit}, not {value!r}")


def time(value: Any, what: str = "now") -> int:
    """Return a time: whole nanoseconds since some epoch, not negative."""
    found = whole(value, what, " of nanoseconds")
    if found < 0:
        raise ValueError(f"{what} must not be negative, but is {found}")
    if not found < MOST_TIME:
        raise ValueError(f"{what} must be less than 2**96, which no clock shows")
    return found


# Texts and ids


def text(value: Any, what: str) -> str:
    """Return a text; TypeError for anything else."""
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"{what} must be a text, not {value!r}")


def reason(value: Any, what: str = "reason") -> str:
    """Return a text for people to read, of anything; what cannot be written down becomes U+FFFD.

    No refusal, answer or status is lost to what is said beside it.
    """
    if type(value) is str and value.isascii():  # nearly always
        return value
    if isinstance(value, str):
        found = text(value, what)
    else:
        try:
            found = "" if value is None else str.__str__(str(value))
        except Exception:  # what it is may be unable to say so
            found = type(value).__name__
    if found.isascii():
        return found
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def name(value: Any, what: str) -> str:
    """Return a text by which something is found again; ValueError where it cannot be written."""
    found = text(value, what)
    if not found.isascii():
        try:
            found.encode()
        except UnicodeEncodeError:
            raise ValueError(
                f"{what} {found!r} has half a character (a lone surrogate), so it cannot be "
                "written down: decode what the venue sent as UTF-8"
            ) from None
    return found


def cloid(value: Any) -> str:
    """Return a client order id: a text that is not empty."""
    found = name(value, "cloid")
    if not found:
        raise ValueError("cloid is empty: pass the one that register_pending returned")
    return found


def identity(value: Any, what: str) -> int | str:
    """Return an id: an int or a text, which may be empty."""
    if type(value) is int and -MOST_ID < value < MOST_ID:  # nearly always
        return value
    if isinstance(value, str):
        return name(value, what)
    found = whole(value, what, " or a text")
    if not -MOST_ID < found < MOST_ID:
        raise ValueError(f"{what} must lie within ±2**256")
    return found


def tid(value: Any) -> Tid:
    """Return the venue's id of a fill."""
    found = identity(value, "tid")
    if found == "":
        raise ValueError("tid is empty")
    return found


def oid(value: Any) -> Oid:
    """Return the venue's id of an order; ValueError for one that is none."""
    found = None if value is None else identity(value, "oid")
    if not found or found == "0":
        raise ValueError(f"oid is {found!r}: no venue has an order of that id")
    return found


def maybe_oid(value: Any) -> Oid | None:
    """Return an oid; None where it is none: None, zero or empty, as in an item of an error."""
    found = None if value is None else identity(value, "oid")
    return None if not found or found == "0" else found


def oid_or_cloid(value: Any) -> int | str:
    """Return what an order may be asked for by; none that is known has an empty one."""
    return identity(value, "an oid or cloid")


def digits(value: str) -> int | None:
    """Return the number of which a text is the decimal digits, and no other form; else None."""
    if not value.isascii() or len(value) > _LONGEST_ID or not value.removeprefix("-").isdigit():
        return None
    found = int(value)
    return found if str(found) == value and -MOST_ID < found < MOST_ID else None


# Everything else


def is_buy(side: Any) -> bool:
    """Return whether a side, `Side.BUY` or `Side.SELL` (or 'buy', 'sell'), is to buy."""
    if type(side) is str and (buy := _SIDES.get(side)) is not None:  # nearly always
        return buy
    if isinstance(side, str):
        side = text(side, "side")
        buy = _SIDES.get(side.lower())
        if buy is not None:
            return buy
    raise ValueError(f"side must be 'buy' or 'sell', or Side.BUY or Side.SELL, not {side!r}")


def flag(value: Any, what: str) -> bool:
    """Return True or False, and nothing that merely counts as one of them."""
    if value is not True and value is not False:
        raise TypeError(f"{what} must be True or False, not {value!r}")
    return bool(value)


def instance(value: Any, kind: type[_Kind], what: str) -> _Kind:
    """Return a value of a type; TypeError for anything else."""
    if not isinstance(value, kind):
        raise TypeError(f"{what} must be a {kind.__name__}, not {value!r:.80}")
    return value


def is_many(value: Any) -> bool:
    """Return whether a value can be gone through, and is not a text, a record, a mapping, a file.

    What those yield are letters, bytes, names and lines, which could be taken for ids.
    """
    if isinstance(value, _ONE_THING) or not isinstance(value, Iterable):
        return False
    return type(value) is tuple or not isinstance(value, tuple)


def many(value: Any, what: str, of: str) -> tuple[Any, ...]:
    """Return as a tuple what is given to be gone through, once; `what` says what it is, `of` what.

    TypeError for what is one thing.
    """
    if not is_many(value):
        kind = "text" if isinstance(value, str) else type(value).__name__
        raise TypeError(
            f"{what}, not the {kind} {value!r:.80}: pass {of} in a list, or anything that yields "
            "them"
        )
    return tuple(value)


def many_of(
    value: Any, kind: type[_Kind] | tuple[type[_Kind], ...], what: str
) -> tuple[_Kind, ...]:
    """Return as a tuple what is given to be gone through, all of it of these types."""
    names = " or ".join(one.__name__ for one in (kind if isinstance(kind, tuple) else (kind,)))
    found = many(value, what, f"each ({names})")
    for one in found:
        if not isinstance(one, kind):
            raise TypeError(f"{what}, each a {names}, and {one!r:.80} is none")
    return found
