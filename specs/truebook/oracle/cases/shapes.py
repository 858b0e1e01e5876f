"""Shapes of JSON values: the part of JSON Schema that the protocol uses, and what it says.

A shape is JSON Schema. `fault` reads it, so that what is published is what is checked.
"""

import re
from collections.abc import Mapping
from typing import Any

Shape = Mapping[str, Any]

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
WHOLE: Shape = {"type": "string", "pattern": r"^[0-9]+$"}
COUNT: Shape = {"type": "integer", "minimum": 0}
TEXTS: Shape = {"type": "array", "items": TEXT}

_PYTHON: dict[str, type[Any]] = {
    "string": str,
    "object": dict,
    "array": list,
    "null": type(None),
    "integer": int,
}
_SHOWN = 60
"""How much of a wrong value is shown."""


def one_of(*words: str) -> Shape:
    """Return the shape of a text that is one of some words."""
    return {"type": "string", "enum": list(words)}


def or_null(shape: Shape) -> Shape:
    """Return the shape of a value or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def table_of(shape: Shape) -> Shape:
    """Return the shape of an object with any keys, and values of one shape."""
    return {"type": "object", "additionalProperties": shape}


def record(fields: Mapping[str, Shape], *, optional: tuple[str, ...] = ()) -> Shape:
    """Return the shape of an object with these keys and no other."""
    return {
        "type": "object",
        "properties": dict(fields),
        "required": [name for name in fields if name not in optional],
        "additionalProperties": False,
    }


def fault(shape: Shape, value: Any, path: str = "") -> str | None:
    """Return what is wrong with a value, where, and what would be right; None if nothing is."""
    if "anyOf" in shape:
        faults = [fault(one, value, path) for one in shape["anyOf"]]
        return None if None in faults else faults[0]
    if "const" in shape:
        return None if value == shape["const"] else _wrong(path, value, repr(shape["const"]))
    kind = shape.get("type")
    if kind is None:
        return None
    if not isinstance(value, _PYTHON[kind]) or isinstance(value, bool):
        return _wrong(path, value, f"of type {kind}")
    if kind == "string":
        return _text_fault(shape, value, path)
    if kind == "integer" and value < shape.get("minimum", value):
        return _wrong(path, value, f"at least {shape['minimum']}")
    if kind == "array":
        found = (fault(shape["items"], item, f"{path}[{n}]") for n, item in enumerate(value))
        return next((one for one in found if one is not None), None)
    return _record_fault(shape, value, path) if kind == "object" else None


def _text_fault(shape: Shape, value: str, path: str) -> str | None:
    if "enum" in shape and value not in shape["enum"]:
        return _wrong(path, value, f"one of {', '.join(shape['enum'])}")
    if "pattern" in shape and not re.fullmatch(shape["pattern"], value):
        meaning = "a whole number as a text" if shape == WHOLE else "a plain number as a text"
        return _wrong(path, value, meaning)
    return None


def _record_fault(shape: Shape, value: Mapping[str, Any], path: str) -> str | None:
    fields: Mapping[str, Shape] = shape.get("properties", {})
    others = shape["additionalProperties"]
    for name in shape.get("required", ()):
        if name not in value:
            return f"{_at(path, name)} is missing"
    for name, item in value.items():
        if name in fields:
            found = fault(fields[name], item, _at(path, name))
        elif others is False:
            return f"{_at(path, name)} is not one of {', '.join(fields)}"
        else:
            found = fault(others, item, _at(path, name))
        if found is not None:
            return found
    return None


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _wrong(path: str, value: Any, right: str) -> str:
    shown = repr(value)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return f"{path or 'the message'} is {shown}, and must be {right}"
