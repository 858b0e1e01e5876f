"""One thing that is shown otherwise than it should be: a broken promise, or a difference."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import attrs

_TEXTS = ("cloid", "oid", "side", "state", "reason")
"""What is compared as it is written; any other text that is a number is compared as a number."""

MISSING, EXTRA = "missing", "not expected"
LESS, MORE = "too little", "too much"
ABOVE, EARLY = "above what has executed", "counted early"
CHANGED = "not as it was changed"
OTHER = "another word"


@attrs.frozen
class Deviation:
    """One part of what is shown that is wrong: in which way, and of which order or side.

    `promise` is the property that it breaks; empty, it only differs from what the reference shows.
    `amount` is by how much, where it is a number.
    """

    part: str
    way: str
    about: str
    expected: Any
    shown: Any
    promise: str = ""
    amount: Decimal | None = None

    @property
    def path(self) -> str:
        """Where it is in the state: the part, and whose."""
        if self.part.startswith("orders.") and self.about:
            return f"orders.{self.about}.{self.part.removeprefix('orders.')}"
        return f"{self.part}.{self.about}" if self.part in _BY_SIDE else self.part

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected!r}, shown {self.shown!r}"


_BY_SIDE = ("exposure", "unsettled")


def differences(expect: Mapping[str, Any], state: Mapping[str, Any]) -> list[Deviation]:
    """Return where a state is not as expected; what is not expected is free."""
    return list(_differences(expect, state))


def _differences(expect: Mapping[str, Any], state: Mapping[str, Any]) -> Iterator[Deviation]:
    for part, wanted in expect.items():
        shown = state.get(part)
        if part == "orders" and isinstance(shown, Mapping):
            for id_, order in wanted.items():
                yield from _of_order(id_, order, shown.get(id_))
        elif isinstance(wanted, Mapping) and isinstance(shown, Mapping):
            for name, value in wanted.items():
                inner, about = (part, name) if part in _BY_SIDE else (f"{part}.{name}", "")
                yield from _of_value(inner, about, name, value, shown.get(name))
        else:
            yield from _of_value(part, "", part, wanted, shown)


def _of_order(
    id_: str, wanted: Mapping[str, Any] | None, shown: Mapping[str, Any] | None
) -> Iterator[Deviation]:
    if wanted is None and shown is None:
        return
    if shown is None or wanted is None:
        way = MISSING if shown is None else EXTRA
        yield Deviation("orders", way, id_, wanted, shown)
        return
    for name, value in wanted.items():
        yield from _of_value(f"orders.{name}", id_, name, value, shown.get(name))


def _of_value(part: str, about: str, name: str, wanted: Any, shown: Any) -> Iterator[Deviation]:
    if wanted == shown:
        return
    if isinstance(wanted, list) and isinstance(shown, list | tuple):
        yield from _of_lists(part, wanted, shown)
        return
    one, other = number_of(name, wanted), number_of(name, shown)
    if one is None or other is None:
        way = MISSING if shown is None else OTHER
        yield Deviation(part, way, about, wanted, shown)
    elif one != other:
        way = MORE if abs(other) > abs(one) else LESS
        yield Deviation(part, way, about, wanted, shown, amount=other - one)


def _of_lists(part: str, wanted: list[Any], shown: Any) -> Iterator[Deviation]:
    """Yield a deviation for each item that is in one list and not, or less often, in the other."""
    if sorted(wanted) == sorted(shown):
        return
    rest = list(shown)
    for item in wanted:
        if item in rest:
            rest.remove(item)
        else:
            yield Deviation(part, MISSING, item, sorted(wanted), sorted(shown))
    for item in rest:
        yield Deviation(part, EXTRA, item, sorted(wanted), sorted(shown))


def number_of(name: str, value: Any) -> Decimal | None:
    """Return a value as a number; None where it is none, or of what is compared as written."""
    if name in _TEXTS or not isinstance(value, str):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None
