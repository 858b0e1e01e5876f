"""Whether plain values are what a type of somebody else says: every key, and no other."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

Beyond = Mapping[str, Mapping[str, Any]]
"""By the name of a type what may be there besides, or instead, by its key: the type of it."""


def wrong(value: Any, of: Any, beyond: Beyond, path: str = "") -> Iterator[str]:
    """Yield what is not as a type says, and where."""
    if of is Any:
        return
    if is_typeddict(of):
        yield from _wrong_fields(value, of, beyond, path)
    elif get_origin(of) is Union:
        each = [list(wrong(value, one, beyond, path)) for one in get_args(of)]
        if all(each):
            yield from min(each, key=len)
    elif get_origin(of) is Literal:
        if value not in get_args(of):
            yield f"{path}: {value!r} is none of {get_args(of)}"
    elif get_origin(of) in (list, tuple):
        yield from _wrong_items(value, of, beyond, path)
    elif get_origin(of) is dict:
        key, item = get_args(of)
        for name, one in value.items():
            yield from wrong(name, key, beyond, f"{path}[{name!r}]")
            yield from wrong(one, item, beyond, f"{path}[{name!r}]")
    elif type(value) is not of:
        yield f"{path}: {value!r} is no {of.__name__}"


def _wrong_fields(value: Any, of: Any, beyond: Beyond, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value!r} is no {of.__name__}"
        return
    more = beyond.get(of.__name__, {})
    hints = get_type_hints(of) | dict(more)
    for name in sorted(value.keys() - hints.keys()):
        yield f"{path}.{name}: {of.__name__} has no such key"
    for name in sorted(of.__required_keys__ - more.keys() - value.keys()):
        yield f"{path}.{name}: it is missing of {of.__name__}"
    for name in value.keys() & hints.keys():
        yield from wrong(value[name], hints[name], beyond, f"{path}.{name}")


def _wrong_items(value: Any, of: Any, beyond: Beyond, path: str) -> Iterator[str]:
    kinds = get_args(of)
    if not isinstance(value, list):
        yield f"{path}: {value!r} is no list"
        return
    if get_origin(of) is list:
        kinds = kinds * len(value)
    if len(kinds) != len(value):
        yield f"{path}: there are {len(value)}, not {len(kinds)}"
        return
    for number, (one, kind) in enumerate(zip(value, kinds, strict=True)):
        yield from wrong(one, kind, beyond, f"{path}[{number}]")
