"""What a subject shows, as parts of a state: what is expected of the rest is not compared."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def _is_whole(state: Mapping[str, Any], shows: Sequence[str]) -> bool:
    return all(key in shows for key in state)


def projected(expect: Mapping[str, Any], shows: Sequence[str]) -> dict[str, Any]:
    """Return what is expected of the parts of the state that a subject shows.

    `orders` in `shows` means all of every order, `orders.filled` that part of every order; the
    same goes for `effects`. An order that must not be known is expected where anything of
    orders is shown.
    """
    parts = expect.items() if _is_whole(expect, shows) else _projected(expect, shows)
    return {key: value for key, value in parts if value != {}}


def seen_of(state: Mapping[str, Any], shows: Sequence[str]) -> dict[str, Any]:
    """Return the parts of a state that a subject shows, empty ones too."""
    return dict(state) if _is_whole(state, shows) else dict(_projected(state, shows))


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
