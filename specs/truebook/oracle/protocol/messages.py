"""What is said between the oracle and a book in any language, as JSON Lines.

docs/protocol.md tells it to readers, `protocol.schema.json` to machines. Each message here has
its shape from the fields that it is made of; of protocol 1, without what `versions` says is of 2.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, get_type_hints

import attrs

from truebook.oracle.cases import (
    COUNT,
    EFFECTS,
    EVENTS,
    FEATURES,
    ORDER,
    SHOWN,
    SHOWN_SHAPES,
    TEXT,
    WHOLE,
    Shape,
    event_shape,
    fault,
    one_of,
    record,
    table_of,
)
from truebook.oracle.protocol.declared import DECLARATION
from truebook.oracle.protocol.versions import (
    ADDED_TO_ABOUT,
    BEFORE,
    VERSION,
    VERSIONS,
    features_in,
    fields_beyond,
)

SCHEMAS = {
    VERSION: Path(__file__).parent / "protocol.schema.json",
    BEFORE: Path(__file__).parent / "protocol-1.schema.json",
}
"""The JSON Schema of every message of each protocol, as it is shipped; `schema()` makes it."""

Json = Mapping[str, Any]

SHOWS = SHOWN
"""What a state can show; `orders.filled` and `effects.cancels` name parts of it."""
PARTS = (
    *SHOWS,
    *(f"orders.{name}" for name in ORDER),
    *(f"effects.{name}" for name in EFFECTS),
)

_VERSION = one_of(*VERSIONS)
_FEATURES: Shape = {"type": "array", "items": one_of(*FEATURES)}
_SHOWS: Shape = {"type": "array", "items": one_of(*PARTS)}
_DECLARES: Shape = {"type": "array", "items": {"type": "string", "pattern": DECLARATION}}
_EVENTS: Shape = {"type": "array", "items": one_of(*EVENTS)}
_CONFIG = table_of(WHOLE)
_ANY: Shape = {}


class ProtocolError(ValueError):
    """A message that is not one: says what is wrong with it."""


def _texts(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@attrs.frozen(kw_only=True)
class Hello:
    """The first message: which protocol is spoken, and of which version is what is expected."""

    type: ClassVar[str] = "hello"
    protocol: Annotated[str, _VERSION]
    spec: Annotated[str, TEXT]


@attrs.frozen(kw_only=True)
class About:
    """The answer to hello: what the subject is, what it can do, what of its state it shows.

    What it declares of itself is judged less strictly, or not at all.
    """

    type: ClassVar[str] = "about"
    protocol: Annotated[str, _VERSION]
    name: Annotated[str, TEXT]
    version: Annotated[str, TEXT] = ""
    language: Annotated[str, TEXT] = ""
    features: Annotated[tuple[str, ...], _FEATURES] = attrs.field(converter=_texts)
    shows: Annotated[tuple[str, ...], _SHOWS] = attrs.field(default=SHOWS, converter=_texts)
    declares: Annotated[tuple[str, ...], _DECLARES] = attrs.field(default=(), converter=_texts)
    cannot: Annotated[tuple[str, ...], _EVENTS] = attrs.field(default=(), converter=_texts)


@attrs.frozen(kw_only=True)
class Reset:
    """Begin a case: forget everything, take this configuration."""

    type: ClassVar[str] = "reset"
    seq: Annotated[int, COUNT]
    case: Annotated[str, TEXT]
    config: Annotated[Json, _CONFIG]


@attrs.frozen(kw_only=True)
class Step:
    """It is now `at`, and this happens; with the feature `batch`, `events` in their order."""

    type: ClassVar[str] = "step"
    seq: Annotated[int, COUNT]
    at: Annotated[str, WHOLE]
    event: Annotated[Json | None, _ANY] = None
    events: Annotated[tuple[Json, ...] | None, _ANY] = None


@attrs.frozen(kw_only=True)
class State:
    """The answer to reset and step: what the book now shows, and what it asked for in the step."""

    type: ClassVar[str] = "state"
    seq: Annotated[int, COUNT]
    position: Annotated[str | None, SHOWN_SHAPES["position"]] = None
    expected_position: Annotated[str | None, SHOWN_SHAPES["expected_position"]] = None
    orders: Annotated[Json | None, SHOWN_SHAPES["orders"]] = None
    open: Annotated[list[str] | None, SHOWN_SHAPES["open"]] = None
    pending: Annotated[list[str] | None, SHOWN_SHAPES["pending"]] = None
    exposure: Annotated[Json | None, SHOWN_SHAPES["exposure"]] = None
    unsettled: Annotated[Json | None, SHOWN_SHAPES["unsettled"]] = None
    orphans: Annotated[list[str] | None, SHOWN_SHAPES["orphans"]] = None
    stuck: Annotated[list[str] | None, SHOWN_SHAPES["stuck"]] = None
    effects: Annotated[Json | None, SHOWN_SHAPES["effects"]] = None

    def shown(self) -> dict[str, Any]:
        """Return what it shows, by the words of `SHOWS`."""
        every = {name: getattr(self, name) for name in SHOWS}
        return {name: value for name, value in every.items() if value is not None}


@attrs.frozen(kw_only=True)
class Unsupported:
    """The subject cannot take this event."""

    type: ClassVar[str] = "unsupported"
    seq: Annotated[int, COUNT]
    reason: Annotated[str, TEXT]


@attrs.frozen(kw_only=True)
class Broke:
    """The subject's own code raised; `context` is for a reader (a traceback)."""

    type: ClassVar[str] = "error"
    seq: Annotated[int, COUNT]
    context: Annotated[str, TEXT]


Message = Hello | Reset | Step
Reply = About | State | Unsupported | Broke
_MESSAGES: tuple[type[Message], ...] = (Hello, Reset, Step)
_REPLIES: tuple[type[Reply], ...] = (About, State, Unsupported, Broke)


def shape_of(kind: type[Message] | type[Reply], version: str = VERSION) -> Shape:
    """Return the shape of a message in a protocol."""
    fields: dict[str, Shape] = {"type": {"const": kind.type}}
    hints = get_type_hints(kind, include_extras=True)
    fields |= {field.name: hints[field.name].__metadata__[0] for field in attrs.fields(kind)}
    if "protocol" in fields:
        fields["protocol"] = {"const": version}
    if kind is About and version != VERSION:
        fields = {name: shape for name, shape in fields.items() if name not in ADDED_TO_ABOUT}
        features = one_of(*features_in(FEATURES, version))
        fields["features"] = {"type": "array", "items": features}
    if kind is Step:
        events = [event_shape(name, without=fields_beyond(name, version)) for name in EVENTS]
        told = {"anyOf": events}
        fields |= {"event": told, "events": {"type": "array", "items": told}}
    optional = [f.name for f in attrs.fields(kind) if f.default is not attrs.NOTHING]
    return record(fields, optional=tuple(optional))


_SHAPES = {
    (version, kind.type): shape_of(kind, version) for version in VERSIONS for kind in _REPLIES
}
_KINDS = {kind.type: kind for kind in _REPLIES}


def reply_of(data: Any, version: str = VERSION) -> Reply:
    """Return the reply of a protocol that a JSON value is; ProtocolError where it is none.

    To a hello of protocol 2, an about of protocol 1 is a reply as well.
    """
    if not isinstance(data, dict):
        raise ProtocolError(f"the line is {json.dumps(data)[:60]}, and must be a JSON object")
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ProtocolError(f"type is {kind!r}, and must be one of {', '.join(_KINDS)}")
    if kind == About.type and data.get("protocol") == BEFORE:
        version = BEFORE
    wrong = fault(_SHAPES[version, kind], data)
    if wrong is not None:
        raise ProtocolError(wrong)
    return _KINDS[kind](**{name: value for name, value in data.items() if name != "type"})


def as_json(message: Message | Reply) -> dict[str, Any]:
    """Return a message as a JSON value, without what it does not say."""
    fields = {field.name: getattr(message, field.name) for field in attrs.fields(type(message))}
    told = {name: value for name, value in fields.items() if value is not None}
    if isinstance(message, About) and message.protocol == BEFORE:
        told = {name: value for name, value in told.items() if name not in ADDED_TO_ABOUT}
    return {"type": message.type} | {
        name: list(value) if isinstance(value, tuple) else value for name, value in told.items()
    }


def schema(version: str = VERSION) -> str:
    """Return the JSON Schema of every message of a protocol, as text."""
    kinds = (*_MESSAGES, *_REPLIES)
    described = {
        kind.type: {
            "description": (kind.__doc__ or "").strip(),
            **shape_of(kind, version),
        }
        for kind in kinds
    }
    data = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Truebook protocol v{version}",
        "description": "One message a line; the oracle says hello, reset and step.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in described],
        "$defs": described,
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
