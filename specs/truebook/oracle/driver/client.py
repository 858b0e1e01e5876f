"""The oracle's side of the protocol: it asks, checks every answer, and names what is wrong."""

import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NoReturn, Protocol

import attrs

from truebook.oracle.driver.pace import Pace
from truebook.oracle.protocol import (
    VERSIONS,
    About,
    Broke,
    Declared,
    Hello,
    ProtocolError,
    Reset,
    State,
    Step,
    as_told,
    declared,
)
from truebook.oracle.protocol import messages as protocol
from truebook.oracle.serve import Event, Session


class Kind(StrEnum):
    """The ways in which a subject can break."""

    CRASH = "crash"
    HANG = "hang"
    PROTOCOL = "protocol error"


class Fault(Exception):  # noqa: N818  # the subject's, not the program's
    """The subject broke: how, in what words, and what to do about it."""

    def __init__(self, kind: Kind, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.kind, self.what, self.hint = kind, what, hint


class Channel(Protocol):
    """A way to one subject: JSON values there and back."""

    def ask(self, message: dict[str, Any]) -> Any:
        """Return the answer to a message; raises Fault."""
        ...

    def kill(self) -> None:
        """End what `ask` is waiting for; may be called while it waits, in another thread."""
        ...

    def close(self) -> None:
        """End the subject, and whatever it began."""
        ...


class Opener(Protocol):
    """Starts a subject; called again after it broke."""

    def __call__(self) -> Channel:
        """Return a channel to a fresh subject."""
        ...


@attrs.frozen
class Direct:
    """A channel to a subject in this process."""

    session: Session

    def ask(self, message: dict[str, Any]) -> Any:
        """Return the answer to a message."""
        return self.session.answer(message)

    def kill(self) -> None:
        """Do nothing: nobody is waited for."""

    def close(self) -> None:
        """Do nothing: there is nothing to end."""


@attrs.define
class Client:
    """A conversation with a subject; after a fault it begins again with a fresh one.

    `declares` is declared of the subject beside what it says itself. It is in the newest protocol
    that the subject speaks, which the first hello finds out.
    """

    opener: Opener
    declares: tuple[str, ...] = ()
    _declared: Declared | None = None
    _channel: Channel | None = None
    _about: About | None = None
    _hellos: tuple[str, ...] = VERSIONS
    _seq: int = 0
    _killed: bool = False
    pace: Pace = attrs.field(factory=Pace)

    @property
    def about(self) -> About:
        """What the subject says of itself; the first call says hello."""
        if self._about is None:
            self._about = self._hello()
        return self._about

    @property
    def declared(self) -> Declared:
        """What is declared of the subject."""
        if self._declared is None:
            self._declared = declared((*self.about.declares, *self.declares))
        return self._declared

    def reset(self, case: str, config: Mapping[str, int]) -> State:
        """Begin a case."""
        self._seq += 1
        texts = {name: str(value) for name, value in config.items()}
        reply = self._ask(Reset(seq=self._seq, case=case, config=texts))
        if not isinstance(reply, State):
            self._protocol(f"it answered reset with {reply.type!r}", "answer reset with a state")
        return reply

    def step(self, at: int, events: Sequence[Event]) -> State | protocol.Unsupported:
        """Tell events that happen at one time; return what is shown after the last of them.

        What they asked for is gathered over all of them, in a subject that takes them one by one.
        """
        if len(events) == 1 or "batch" in self.about.features:
            return self._step(at, events)
        self.pace.spared += len(events) - 1
        gathered: dict[str, list[str]] = {}
        for event in events:
            reply = self._step(at, (event,))
            if isinstance(reply, protocol.Unsupported):
                return reply
            for name, asked in (reply.effects or {}).items():
                gathered[name] = [*gathered.get(name, ()), *asked]
            state = reply
        return attrs.evolve(state, effects=gathered if state.effects is not None else None)

    def as_told(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """Return events as they are told in the protocol that the subject speaks."""
        return tuple(as_told(event, self.about.protocol) for event in events)

    def kill(self) -> None:
        """Kill the subject that another thread waits for, and any that it still begins."""
        self._killed = True  # first: what is begun meanwhile is then killed here or by its opening
        channel = self._channel
        if channel is not None:
            channel.kill()

    def close(self) -> None:
        """End the subject."""
        if self._channel is not None:
            channel, self._channel, self._about = self._channel, None, None
            channel.close()

    def _step(self, at: int, events: Sequence[Event]) -> State | protocol.Unsupported:
        self._seq += 1
        events = self.as_told(events)
        told: dict[str, Any] = {"event": events[0]} if len(events) == 1 else {"events": events}
        reply = self._ask(Step(seq=self._seq, at=str(at), **told))
        assert isinstance(reply, State | protocol.Unsupported)
        return reply

    def _hello(self) -> About:
        """Say hello; a subject that takes none of the newest protocol is asked in the one before.

        One that answers hello with about is what it says that it is; one that hangs is not asked
        again. Where none is taken, what went wrong at the first is what is wrong.
        """
        first: Fault | None = None
        for spoken in self._hellos:
            try:
                data = self._told(protocol.as_json(Hello(protocol=spoken, spec=spec())))
                if not isinstance(data, dict) or data.get("type") != About.type:
                    raise _no_about(data)
            except Fault as fault:
                first = first or fault
                self.close()
                if fault.kind is Kind.HANG or self._killed:
                    break
                continue
            self._hellos = (spoken,)
            return self._checked_about(data, spoken)
        assert first is not None
        raise first

    def _checked_about(self, data: dict[str, Any], spoken: str) -> About:
        reply = self._reply(data, Hello.type, spoken)
        assert isinstance(reply, About)
        if "core" not in reply.features:
            self._protocol("its features lack 'core'", "every subject must be able to do core")
        try:
            declared(reply.declares)
        except ValueError as error:
            self._protocol(f"what it declares is wrong: {error}", "see docs/protocol.md")
        return reply

    def _ask(self, message: Reset | Step) -> protocol.Reply:
        about = self.about
        reply = self._reply(self._heard(protocol.as_json(message)), message.type, about.protocol)
        seq = getattr(reply, "seq", None)
        if seq != message.seq:
            self._protocol(
                f"it answered seq {message.seq} with seq {seq}",
                "every answer repeats the seq of its question; one answer a question",
            )
        if isinstance(reply, Broke):
            self._fail(_raised(reply.context.strip()))
        if isinstance(reply, State):
            self._check_shown(reply, about)
        return reply

    def _check_shown(self, state: State, about: About) -> None:
        for name in about.shows:
            top = name.partition(".")[0]
            if getattr(state, top, None) is None:
                self._protocol(
                    f"the state that it shows lacks {top!r}",
                    f"it said that it shows {name!r}: show it in every state, or do not say so",
                )

    def _heard(self, message: dict[str, Any]) -> Any:
        """Return the answer to a message; after a fault the subject is of no more use."""
        started = time.perf_counter()
        try:
            data = self._told(message)
        except Fault as fault:
            self._fail(fault)
        self.pace.add(Pace(1, time.perf_counter() - started))
        return data

    def _told(self, message: dict[str, Any]) -> Any:
        if self._channel is None:
            self._channel = self.opener()
        if self._killed:
            self._channel.kill()
        return self._channel.ask(message)

    def _reply(self, data: Any, kind: str, spoken: str) -> protocol.Reply:
        """Return the reply to a message of a kind, in a protocol."""
        try:
            return protocol.reply_of(data, spoken)
        except ProtocolError as error:
            self._protocol(f"in its answer to {kind}, {error}", _hint(data, kind, str(error)))

    def _protocol(self, what: str, hint: str) -> NoReturn:
        self._fail(Fault(Kind.PROTOCOL, what, hint))

    def _fail(self, fault: Fault) -> NoReturn:
        self.close()
        raise fault


def _no_about(data: Any) -> Fault:
    """Return what is wrong with an answer to hello that is no about."""
    if isinstance(data, dict) and data.get("type") == Broke.type:
        context = str(data.get("context", "")).strip()
        return _raised(context)
    try:
        what = f"it answered hello with {protocol.reply_of(data).type!r}"
    except ProtocolError as error:
        what = f"in its answer to hello, {error}"
    hint = (
        _hint(data, Hello.type, what) if not isinstance(data, dict) else "answer hello with about"
    )
    return Fault(Kind.PROTOCOL, what, hint)


def _raised(context: str) -> Fault:
    last = context.rpartition("\n")[2]
    return Fault(Kind.CRASH, f"its own code raised: {last}", context)


def _hint(data: Any, kind: str, wrong: str) -> str:
    if not isinstance(data, dict):
        return "an answer is an object; stdout is for the protocol alone"
    if kind == Hello.type and data.get("protocol") not in VERSIONS:
        newest, *others = (repr(version) for version in VERSIONS)
        return f"this oracle speaks protocol {newest}, a text, and {' and '.join(others)}"
    if "seq" not in data and kind != Hello.type:
        return "every answer repeats the seq of its question"
    if wrong.endswith("of type string"):
        return "every id, size, price, position and time is a text: nothing is rounded"
    return "docs/protocol.md and protocol.schema.json say what every message looks like"


def spec() -> str:
    """Return the version of what is expected: that of this package."""
    try:
        return version("truebook")
    except PackageNotFoundError:
        return "0"
