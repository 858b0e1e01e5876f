"""An adapter for a book in Python: a factory of books, served over the protocol or held directly.

A book has two methods. `step(event, at)` takes an event of docs/cases.md and returns what the book
now asks for: None, or an object of `cancels`, `statuses` and `reports`. `state()` returns what it
shows; numbers may be Decimals or ints. A class of books may say in `features`, `shows`, `declares`
and `cannot` what it claims, shows, declares and cannot take; else these are told beside it. One
that is of protocol 1 says so in `protocol`, and is told no field that came with 2.
`serve(factory, name="mine")` is the whole program of an adapter.
"""

import json
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TextIO

import attrs

from truebook.oracle.protocol import (
    BEFORE,
    SHOWS,
    VERSION,
    VERSIONS,
    About,
    Broke,
    State,
    Unsupported,
    as_json,
    features_in,
)

Config = Mapping[str, int]
"""The timers of a case: whole numbers by the names of docs/cases.md."""
Event = Mapping[str, Any]
"""What happens: its `type` and its fields, all of them texts, as docs/cases.md lists them."""
Effects = Mapping[str, Iterable[str]]
"""What a book asks for or reports: `cancels`, `statuses` and `reports`."""


class NotSupported(Exception):  # noqa: N818  # it is an answer, not an error
    """Raised by a book for an event that it has no way to take."""


class Book(Protocol):
    """What is held to the model."""

    def step(self, event: Event, at: int) -> Effects | None:
        """Take an event at a time; return what is asked for."""
        ...

    def state(self) -> Mapping[str, Any]:
        """Return what the book shows."""
        ...


Factory = Callable[[Config], Book]
"""Makes a fresh book for a configuration."""


def _words(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(said)


@attrs.define
class Session:
    """A subject in this process: it takes the messages of the protocol, and answers each."""

    factory: Factory
    name: str = "subject"
    version: str = ""
    features: tuple[str, ...] = attrs.field(converter=_words)
    shows: tuple[str, ...] = attrs.field(converter=_words)
    declares: tuple[str, ...] = attrs.field(converter=_words)
    cannot: tuple[str, ...] = attrs.field(converter=_words)
    protocol: str = attrs.field(validator=attrs.validators.in_(VERSIONS))
    _book: Book | None = None

    @features.default
    def _claimed(self) -> Sequence[str]:
        return _said(self.factory, "features", ("core",))

    @shows.default
    def _shown(self) -> Sequence[str]:
        return _said(self.factory, "shows", SHOWS)

    @declares.default
    def _declares(self) -> Sequence[str]:
        return _said(self.factory, "declares", ())

    @cannot.default
    def _cannot(self) -> Sequence[str]:
        return _said(self.factory, "cannot", ())

    @protocol.default
    def _spoken(self) -> str:
        return str(getattr(self.factory, "protocol", VERSION))

    def __attrs_post_init__(self) -> None:
        """Refuse what protocol 1 has no word for."""
        if self.cannot and self.protocol == BEFORE:
            raise ValueError(f"'cannot' is said in protocol {VERSION}, and not in {BEFORE}")

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a message."""
        if message["type"] == "hello":
            return as_json(self._about(str(message.get("protocol", VERSION))))
        try:
            return self._answer(message)
        except NotSupported as error:
            return as_json(Unsupported(seq=message["seq"], reason=str(error)))
        except Exception:
            return as_json(Broke(seq=message["seq"], context=traceback.format_exc()))

    def _answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        effects: dict[str, list[str]] = {"cancels": [], "statuses": [], "reports": []}
        if message["type"] == "reset":
            config = {name: int(value) for name, value in message["config"].items()}
            self._book = self.factory(config)
        else:
            for event in message.get("events") or (message["event"],):
                self._step(event, int(message["at"]), effects)
        assert self._book is not None
        shown = {k: _texts(v) for k, v in self._book.state().items()}
        return {"type": State.type, "seq": message["seq"], **shown, "effects": effects}

    def _step(self, event: Any, at: int, effects: dict[str, list[str]]) -> None:
        if self._book is None:
            raise ValueError("a step came before any reset")
        for kind, asked in (self._book.step(event, at) or {}).items():
            effects[kind] += map(str, asked)

    def _about(self, asked: str) -> About:
        """Return what it says of itself, in the older of its protocol and the one of the hello."""
        spoken = BEFORE if BEFORE in (asked, self.protocol) else VERSION
        return About(
            protocol=spoken,
            name=self.name,
            version=self.version,
            language=f"Python {sys.version_info.major}.{sys.version_info.minor}",
            features=features_in(dict.fromkeys((*self.features, "batch")), spoken),
            shows=self.shows,
            declares=self.declares,
            cannot=self.cannot if spoken == VERSION else (),
        )


def _said(factory: Factory, name: str, otherwise: tuple[str, ...]) -> Sequence[str]:
    """Return what a class of books says of itself, which is a list of words."""
    said = getattr(factory, name, otherwise)
    if not isinstance(said, list | tuple) or not all(isinstance(word, str) for word in said):
        raise TypeError(
            f"{name} of {factory!r} must be a list of words, as {list(otherwise)}, not {said!r}: "
            f"rename it, or say {name}=… beside it"
        )
    return said


def serve(factory: Factory, **about: Any) -> None:
    """Answer the protocol on stdin and stdout until stdin ends.

    `about` are the fields of `Session`. What the book prints goes to stderr, so that it cannot
    disturb the protocol.
    """
    session, stdin, stdout = Session(factory, **about), sys.stdin, sys.stdout
    sys.stdout = sys.stderr
    try:
        _serve(session, stdin, stdout)
    finally:
        sys.stdout = stdout


def _serve(session: Session, stdin: TextIO, stdout: TextIO) -> None:
    encode = json.JSONEncoder(separators=(",", ":")).encode
    for line in iter(stdin.readline, ""):
        stdout.write(encode(session.answer(json.loads(line))) + "\n")
        stdout.flush()


def _texts(value: Any) -> Any:
    """Return a value with its numbers as texts."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {str(k): _texts(v) for k, v in value.items()}
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Iterable):
        return [_texts(item) for item in value]
    raise TypeError(
        f"{value!r} is neither a text, a Decimal, an int, nor an object or list of them"
    )
