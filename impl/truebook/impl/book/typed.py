"""Plain JSON values read as the types that they were: what is of another form is refused.

ValueError says which value it is, where, and what it should be.
"""

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Final, get_args

import attrs

from truebook.impl.book import checks
from truebook.impl.book.checks import Oid
from truebook.impl.book.particulars import Dispute
from truebook.impl.book.sizing import Heard, Sized
from truebook.model.vocabulary import CancelAsked, OrderState, TimeInForce, Wait


def hold(right: bool, where: str, wrong: str) -> None:
    """Refuse a value that cannot be beside the others."""
    if not right:
        raise ValueError(f"{where} {wrong}")


def of_kind(id: int | str, kind: type | None, where: str) -> None:
    """Refuse an id of another kind than those of the book."""
    name = "none" if kind is None else kind.__name__
    hold(type(id) is kind, where, f"is {id!r:.80}, and the kind of such ids is {name}")


def fields(plain: Any, names: Collection[str], where: str) -> dict[str, Any]:
    """Return an object that has these fields and no other."""
    if type(plain) is not dict:
        raise ValueError(f"{where} must be an object, not {plain!r:.80}")
    for name in names:
        if name not in plain:
            raise ValueError(f"{where} has no {name}")
    for name in plain:
        if name not in names:
            raise ValueError(f"{where} has a field {name!r}, which no saved book has")
    return plain


def rows(plain: Any, where: str, length: int | None = None) -> list[Any]:
    """Return a list, of a length if it is told."""
    if type(plain) is not list or len(plain) != (len(plain) if length is None else length):
        some = "a list" if length is None else f"a list of {length}"
        raise ValueError(f"{where} must be {some}, not {plain!r:.80}")
    return plain


def value(
    of: type[attrs.AttrsInstance], plain: Any, names: Iterable[str], where: str
) -> dict[str, Any]:
    """Return the values of these fields of an attrs class, each of the type declared there."""
    kinds = attrs.fields_dict(of)
    found = fields(plain, tuple(names), where)
    return {name: read(kinds[name].type, found[name], f"{where}.{name}") for name in found}


def read(kind: Any, plain: Any, where: str) -> Any:
    """Return a value of a type, or None where that may be."""
    reader, or_none = _reader(kind)
    return None if or_none and plain is None else reader(plain, where)


def decimal(plain: Any, where: str) -> Decimal:
    """Return a finite number that is written as `str` writes it."""
    if type(plain) is not str:
        raise ValueError(f"{where} must be a number as text, not {plain!r:.80}")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"{where} must be a number as text, not {plain!r:.80}") from None
    if not found.is_finite() or str(found) != plain:
        raise ValueError(f"{where} must be a finite number in its plain form, not {plain!r:.80}")
    return checks.total(found, where)


def time(plain: Any, where: str) -> int:
    """Return a time, or a count: an int that is not negative."""
    if type(plain) is not int or not 0 <= plain < checks.MOST_TIME:
        raise ValueError(f"{where} must be an int that is not negative, not {plain!r:.80}")
    return plain


def flag(plain: Any, where: str) -> bool:
    """Return True or False."""
    if type(plain) is not bool:
        raise ValueError(f"{where} must be true or false, not {plain!r:.80}")
    return plain


def text(plain: Any, where: str) -> str:
    """Return a text."""
    if type(plain) is not str:
        raise ValueError(f"{where} must be a text, not {plain!r:.80}")
    return checks.name(plain, where)


def identity(plain: Any, where: str) -> int | str:
    """Return an id."""
    if type(plain) is not int and type(plain) is not str:
        raise ValueError(f"{where} must be an int or a text, not {plain!r:.80}")
    return checks.identity(plain, where)


def _word(of: type[Enum]) -> Callable[[Any, str], Enum]:
    def read(plain: Any, where: str) -> Enum:
        if type(plain) is not str or plain not in of.__members__:
            raise ValueError(
                f"{where} must be among {', '.join(of.__members__)}, not {plain!r:.80}"
            )
        return of[plain]

    return read


@cache
def _reader(kind: Any) -> tuple[Callable[[Any, str], Any], bool]:
    """Return what reads a value of a type, and whether it may be None."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    first, *others = (one for one in kinds if one is not type(None))
    for other in others:
        first |= other
    return _READ[first], type(None) in kinds


def _disputes(plain: Any, where: str) -> frozenset[Dispute]:
    words = [text(one, where) for one in rows(plain, where)]
    known = [kind.value for kind in Dispute]
    if len(set(words)) < len(words) or not set(words) <= set(known):
        raise ValueError(f"{where} must be of {', '.join(known)}, each once, not {plain!r:.80}")
    return frozenset(map(Dispute, words))


def _heard(plain: Any, where: str) -> Heard:
    return Heard(**value(Heard, plain, attrs.fields_dict(Heard), where))


def _sized(plain: Any, where: str) -> Sized:
    return Sized(**value(Sized, plain, attrs.fields_dict(Sized), where))


_READ: Final[dict[Any, Callable[[Any, str], Any]]] = {
    Decimal: decimal,
    int: time,
    bool: flag,
    str: text,
    Oid: identity,
    frozenset[Dispute]: _disputes,
    Sized: _sized,
    Heard: _heard,
    OrderState: _word(OrderState),
    CancelAsked: _word(CancelAsked),
    TimeInForce: _word(TimeInForce),
    Wait: _word(Wait),
}
