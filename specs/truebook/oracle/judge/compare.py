"""Comparing what is expected of a state with what is shown."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import attrs

_TEXTS = ("cloid", "oid", "side", "state", "reason")
"""What is compared as it is written; any other text that is a number is compared as a number."""


@attrs.frozen
class Difference:
    """One thing that is shown otherwise than expected, by its path in the state."""

    path: str
    expected: Any
    shown: Any

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected!r}, shown {self.shown!r}"


def differences(
    expect: Mapping[str, Any], state: Mapping[str, Any], path: str = ""
) -> list[Difference]:
    """Return where a state is not as expected; what is not expected is free."""
    found = []
    for key, wanted in expect.items():
        name = f"{path}{key}"
        shown = state.get(key)
        if isinstance(wanted, Mapping) and isinstance(shown, Mapping):
            found += differences(wanted, shown, f"{name}.")
        elif isinstance(wanted, list) and isinstance(shown, list | tuple):
            if sorted(wanted) != sorted(shown):
                found.append(Difference(name, sorted(wanted), sorted(shown)))
        elif not _same(key, wanted, shown):
            found.append(Difference(name, wanted, shown))
    return found


def _same(key: str, wanted: Any, shown: Any) -> bool:
    if wanted == shown:
        return True
    if key in _TEXTS or not (isinstance(wanted, str) and isinstance(shown, str)):
        return False
    try:
        return Decimal(wanted) == Decimal(shown)
    except InvalidOperation:
        return False


def projected(expect: Mapping[str, Any], shows: Sequence[str]) -> dict[str, Any]:
    """Return what is expected of the parts of the state that a subject shows.

    `orders` in `shows` means all of every order, `orders.filled` that part of every order; the
    same goes for `effects`. An order that must not be known is expected where anything of
    orders is shown.
    """
    return {key: value for key, value in _projected(expect, shows) if value != {}}


def _projected(expect: Mapping[str, Any], shows: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for key, wanted in expect.items():
        parts = [name.removeprefix(f"{key}.") for name in shows if name.startswith(f"{key}.")]
        if key in shows:
            yield key, wanted
        elif key == "orders" and parts:
            orders = {id_: _parts(order, parts) for id_, order in wanted.items()}
            yield key, {id_: order for id_, order in orders.items() if order != {}}
        elif parts:
            yield key, _parts(wanted, parts)


def _parts(value: Any, parts: Sequence[str]) -> Any:
    return None if value is None else {k: v for k, v in value.items() if k in parts}
