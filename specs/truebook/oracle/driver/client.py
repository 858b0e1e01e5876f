"""The oracle's side of the protocol: it asks, checks every answer, and names what is wrong."""

import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NoReturn, Protocol

import attrs

from truebook.oracle.driver.pace import Pace
from truebook.oracle.protocol import (
    About,
    Broke,
    Declared,
    Hello,
    ProtocolError,
    Reset,
    State,
    Step,
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

    `declares` is declared of the subject beside what it says itself.
    """

    opener: Opener
    declares: tuple[str, ...] = ()
    _declared: Declared | None = None
    _channel: Channel | None = None
    _about: About | None = None
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
        told: dict[str, Any] = (
            {"event": events[0]} if len(events) == 1 else {"events": tuple(events)}
        )
        reply = self._ask(Step(seq=self._seq, at=str(at), **told))
        assert isinstance(reply, State | protocol.Unsupported)
        return reply

    def _hello(self) -> About:
        reply = self._checked(protocol.as_json(Hello(protocol=protocol.VERSION, spec=spec())))
        if not isinstance(reply, About):
            self._protocol(f"it answered hello with {reply.type!r}", "answer hello with about")
        if "core" not in reply.features:
            self._protocol("its features lack 'core'", "every subject must be able to do core")
        try:
            declared(reply.declares)
        except ValueError as error:
            self._protocol(f"what it declares is wrong: {error}", "see docs/protocol.md")
        return reply

    def _ask(self, message: Reset | Step) -> protocol.Reply:
        about = self.about
        reply = self._checked(protocol.as_json(message))
        seq = getattr(reply, "seq", None)
        if seq != message.seq:
            self._protocol(
                f"it answered seq {message.seq} with seq {seq}",
                "every answer repeats the seq of its question; one answer a question",
            )
        if isinstance(reply, Broke):
            last = reply.context.strip().rpartition("\n")[2]
            self._fail(Fault(Kind.CRASH, f"its own code raised: {last}", reply.context.strip()))
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

    def _checked(self, message: dict[str, Any]) -> protocol.Reply:
        try:
            if self._channel is None:
                self._channel = self.opener()
            if self._killed:
                self._channel.kill()
            started = time.perf_counter()
            data = self._channel.ask(message)
        except Fault as fault:
            self._fail(fault)
        if message["type"] != Hello.type:  # before its answer, a program has to start
            self.pace.add(Pace(1, time.perf_counter() - started))
        try:
            return protocol.reply_of(data)
        except ProtocolError as error:
            self._protocol(
                f"in its answer to {message['type']}, {error}", _hint(data, message, str(error))
            )

    def _protocol(self, what: str, hint: str) -> NoReturn:
        self._fail(Fault(Kind.PROTOCOL, what, hint))

    def _fail(self, fault: Fault) -> NoReturn:
        self.close()
        raise fault


def _hint(data: Any, message: Mapping[str, Any], wrong: str) -> str:
    if not isinstance(data, dict):
        return "an answer is an object; stdout is for the protocol alone"
    if message["type"] == "hello" and data.get("protocol") != protocol.VERSION:
        return f"this oracle speaks protocol {protocol.VERSION!r}, a text"
    if "seq" not in data and message["type"] != "hello":
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
