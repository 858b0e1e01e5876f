"""What the fields of configurations may hold: validators that say what was given, and what to give.

TypeError for another type, ValueError for a number that is out of bounds.
"""

from collections.abc import Callable
from math import isfinite
from typing import Any, TypeAlias

import attrs

from truebook.impl.book import checks

Validator: TypeAlias = Callable[[object, "attrs.Attribute[Any]", Any], None]


def whole(least: int, unit: str = "") -> Validator:
    """Let a field be an int, no less than `least`, that is below `checks.MOST_TIME`."""

    def check(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
        if type(value) is not int:
            raise TypeError(f"{field.name} must be an int{unit}, not {value!r:.80}")
        if value < least:
            raise ValueError(f"{field.name} must be at least {least}, not {value}")
        if not value < checks.MOST_TIME:
            raise ValueError(f"{field.name} must be less than 2**96")

    return check


def flag(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
    """Let a field be True or False."""
    checks.flag(value, field.name)


def seconds(*, or_none: bool) -> Validator:
    """Let a field be a duration in seconds: finite, and above zero `or_none` at all."""

    def check(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
        if type(value) is not int and type(value) is not float:
            raise TypeError(f"{field.name} must be a number of seconds, not {value!r:.80}")
        if not isfinite(value) or value < 0 or not (value or or_none):
            least = "at least 0" if or_none else "above 0"
            raise ValueError(f"{field.name} must be finite and {least}, not {value}")

    return check


def instance(kind: type, *, or_none: bool = False) -> Validator:
    """Let a field be a value of a type."""

    def check(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
        if value is not None or not or_none:
            checks.instance(value, kind, field.name)

    return check


def function(*, or_none: bool = False) -> Validator:
    """Let a field be something that can be called."""

    def check(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
        if not callable(value) and not (or_none and value is None):
            none = " or None" if or_none else ""
            raise TypeError(f"{field.name} must be a function{none}, not {value!r:.80}")

    return check


def methods(kind: type, *names: str) -> Validator:
    """Let a field be what has the methods of a kind that are asked for: of it, or beside it."""

    def check(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
        lacks = [name for name in names if not callable(getattr(value, name, None))]
        if isinstance(value, type) or lacks:
            raise TypeError(
                f"{field.name} must be a {kind.__name__} (or have its methods), not {value!r:.80}"
            )

    return check
