"""What every message is: a struct that keeps what it does not know, and is written as it was read.

A field that the venue adds tomorrow is no reason to lose a message, nor to lose the field: it is
kept in `extra`, and written back. What is known is declared, so that nearly everything is read at
the speed of msgspec; only a message with something new in it takes the long way, through plain
values: what is not declared is put under one name, `EXTRA`, before the struct is made, and taken
out again when it is written.
"""

from decimal import Decimal
from functools import cache
from typing import Any, Final, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType, field, inspect

_Value = TypeVar("_Value")
_Other = TypeVar("_Other")

EXTRA: Final = "\ue000"
"""The name of what is not known, within a struct: for private use, so no venue writes it."""
_MARK: Final = EXTRA.encode()

Maybe: TypeAlias = UnsetType
"""`str | Maybe`: a field that may be missing, which is not the same as null."""


class Wire(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", gc=False):
    """A part of a message; `extra` has the fields that are not declared, where there are any."""

    extra: dict[str, Any] | Maybe = field(default=UNSET, name=EXTRA)


_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_PLAIN: Final = msgspec.json.Decoder(float_hook=Decimal)


def given(value: _Value | UnsetType, otherwise: _Other) -> _Value | _Other:
    """Return what a field has, or something else where it is missing."""
    return otherwise if value is UNSET else value


def write(message: Any) -> bytes:
    """Return a message, or a list of them, as JSON: what was read is written as it was.

    Fields come in the order in which the types declare them; those that are missing stay missing.
    """
    written = _ENCODER.encode(message)
    if _MARK not in written:
        return written
    return _ENCODER.encode(taken_out(_PLAIN.decode(written)))


def plain_of(raw: bytes | str) -> Any:
    """Return JSON as plain values, numbers with a fraction as Decimal; ValueError for no JSON."""
    return _PLAIN.decode(raw)


def plain(message: Any) -> Any:
    """Return a message as plain values, as `write` has it: what a library of others is given."""
    return taken_out(msgspec.to_builtins(message, builtin_types=(Decimal,)))


def packed(action: Any) -> bytes:
    """Return an action as MessagePack, in the order of its fields: what is hashed to be signed."""
    return msgspec.msgpack.encode(plain(action))


def taken_out(value: Any) -> Any:
    """Return plain values with the unknown fields of each object back in their place."""
    if isinstance(value, dict):
        found = {name: taken_out(one) for name, one in value.items() if name != EXTRA}
        unknown = value.get(EXTRA)
        return found if unknown is None else found | unknown
    if isinstance(value, list | tuple):
        return [taken_out(one) for one in value]
    return value


def put_away(value: Any, kind: inspect.Type) -> Any:
    """Return plain values with the unknown fields of each object under `EXTRA`."""
    match kind:
        case inspect.StructType():
            return _object(value, kind) if isinstance(value, dict) else value
        case inspect.ListType() | inspect.VarTupleType():
            return _each(value, kind.item_type)
        case inspect.TupleType():
            if not isinstance(value, list) or len(value) != len(kind.item_types):
                return value
            return [put_away(one, of) for one, of in zip(value, kind.item_types, strict=True)]
        case inspect.DictType() if isinstance(value, dict):
            return {name: put_away(one, kind.value_type) for name, one in value.items()}
        case inspect.UnionType():
            return put_away(value, _which(value, kind))
    return value


@cache
def kind_of(of: Any) -> inspect.Type:
    """Return what a type is made of."""
    return inspect.type_info(of)


@cache
def _fields(of: type[Struct]) -> dict[str, inspect.Type]:
    kind = kind_of(of)
    assert isinstance(kind, inspect.StructType)
    return {one.encode_name: one.type for one in kind.fields if one.encode_name != EXTRA}


def _object(value: dict[str, Any], kind: inspect.StructType) -> dict[str, Any]:
    known = _fields(kind.cls)
    found, unknown = {}, {}
    for name, one in value.items():
        if name == kind.tag_field:
            found[name] = one
        elif name in known:
            found[name] = put_away(one, known[name])
        else:
            unknown[name] = one
    return found | {EXTRA: unknown} if unknown else found


def _each(value: Any, kind: inspect.Type) -> Any:
    return [put_away(one, kind) for one in value] if isinstance(value, list) else value


def _which(value: Any, kind: inspect.UnionType) -> inspect.Type:
    """Return which of a union a value may be: by its tag, or the only one of its JSON type."""
    for one in kind.types:
        match one:
            case inspect.StructType() if isinstance(value, dict):
                if one.tag_field is None or value.get(one.tag_field) == one.tag:
                    return one
            case inspect.ListType() | inspect.VarTupleType() | inspect.TupleType():
                if isinstance(value, list):
                    return one
            case inspect.DictType() if isinstance(value, dict):
                return one
    return inspect.AnyType()
