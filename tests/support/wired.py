"""Messages drawn at random, of any type of a venue's: each field may be missing where it may be."""

from functools import cache
from typing import Any

from hypothesis import strategies as st
from msgspec import UNSET, inspect

from truebook.impl.venues.hyperliquid.wire import EXTRA, kind_of

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=EXTRA), max_size=8)
WHOLE = st.integers(-(2**63), 2**64 - 1)
PLAIN = st.recursive(
    st.none() | st.booleans() | WHOLE | st.decimals(-(10**9), 10**9, places=3) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
"""Any JSON, numbers with a fraction as Decimal."""


def messages(of: Any) -> st.SearchStrategy[Any]:
    """Return what draws messages of a type."""
    return _of(kind_of(of), 3)


def _of(kind: Any, depth: int) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType():
            return _struct(kind.cls, depth)
        case inspect.ListType():
            most = 3 if depth > 0 else 0
            return st.lists(_of(kind.item_type, depth - 1), max_size=most)
        case inspect.TupleType():
            return st.tuples(*(_of(one, depth) for one in kind.item_types))
        case inspect.DictType():
            return st.dictionaries(WORDS, _of(kind.value_type, depth - 1), max_size=3)
        case inspect.UnionType():
            return st.one_of(*(_of(one, depth) for one in kind.types))
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
    return _SIMPLE[type(kind)]


_SIMPLE: dict[type, st.SearchStrategy[Any]] = {
    inspect.StrType: WORDS,
    inspect.IntType: WHOLE,
    inspect.BoolType: st.booleans(),
    inspect.NoneType: st.none(),
    inspect.AnyType: PLAIN,
}


@cache
def _struct(of: type, depth: int) -> st.SearchStrategy[Any]:
    kind = kind_of(of)
    assert isinstance(kind, inspect.StructType)
    known = {field.encode_name for field in kind.fields} | {kind.tag_field or ""}
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for field in kind.fields:
        value = st.deferred(lambda field=field: _of(field.type, depth - 1))  # type: ignore[misc]
        if field.encode_name == EXTRA:
            names = WORDS.filter(lambda name: name not in known)
            value = st.dictionaries(names, PLAIN, min_size=1, max_size=2)
        fields[field.name] = value if field.required else st.just(UNSET) | value
    return st.builds(of, **fields)
