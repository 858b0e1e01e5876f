"""What goes wrong with requests, questions and frames, as a plan has it."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import attrs

from truebook.impl.venues.hyperliquid import orders, questions, streams, write
from truebook.venue.engine import Exchange
from truebook.venue.faults import LISTINGS, REQUESTS, STREAMED, Do, Fault, Mischief
from truebook.venue.server.desk import BUSY, OK, Reply, Request, user_of
from truebook.venue.wire import Stream, listed_at

_CHANNELS: Final = {"orderUpdates": "orderUpdates", "userFills": "userFills", "userEvents": "user"}
TOO_MANY = Reply(429, b"null")
FAILED = Reply(500, b"null")
_INSTEAD: Final = {Do.FAILED: FAILED, Do.BAD_GATEWAY: BUSY}


@attrs.define
class Mishaps:
    """Lets a plan have its way with what is said."""

    mischief: Mischief
    exchange: Exchange
    _held: dict[Stream, list[streams.Frame]] = attrs.field(factory=dict)

    async def request(self, request: Request, do: Callable[[], Reply]) -> Reply | None:
        """Return the answer to a request; None where there is none, and the connection ends."""
        known = request.user and request.kind in REQUESTS
        fault = self.mischief.due(request.kind, request.user) if known else None
        if fault is None:
            return do()
        if fault.do is Do.TOO_MANY:
            return TOO_MANY
        if fault.do is Do.UNSENT:
            await asyncio.sleep(fault.seconds)
            return None
        if fault.do is Do.HELD:
            await asyncio.sleep(fault.seconds)
            return do()
        reply = do()
        await asyncio.sleep(fault.seconds)
        return None if fault.do is Do.UNANSWERED else _INSTEAD.get(fault.do, reply)

    async def question(self, asked: questions.Question, now: int, do: Callable[[], Reply]) -> Reply:
        """Return the answer to a question."""
        kind, user = questions.word_of(type(asked)), user_of(asked)
        fault = self.mischief.due(kind, user) if user else None
        if fault is None:
            return do()
        if fault.do is Do.BAD_GATEWAY:
            return BUSY
        if fault.do is Do.UNKNOWN:
            return Reply(OK, write(orders.UnknownOid()))
        if kind in LISTINGS and fault.do is not Do.LATE:
            front = isinstance(asked, questions.FrontendOpenOrders)
            return Reply(OK, write(self._listed(fault, user, now, front=front)))
        reply = do()
        await asyncio.sleep(fault.seconds)
        return reply

    def _listed(self, fault: Fault, user: str, now: int, *, front: bool) -> Any:
        ago = round(fault.seconds * 1000) if fault.do is Do.OLDER else 0
        some = listed_at(self.exchange.found(user), now - ago, front=front)
        return [] if fault.do is Do.EMPTY else some[1:] if fault.do is Do.INCOMPLETE else some

    def frame(
        self,
        stream: Stream,
        frame: streams.Frame,
        tell: Callable[[Stream, streams.Frame], None],
        cut: Callable[[Fault], None],
    ) -> None:
        """Tell a frame to those who hear a stream, or do with it what is due to it."""
        kind, user = stream
        fault = self.mischief.due(_CHANNELS[kind], user) if kind in _CHANNELS else None
        if fault is None:
            self._tell(stream, frame, tell)
        elif fault.do is Do.LATE:
            asyncio.get_running_loop().call_later(fault.seconds, tell, stream, frame)
        elif fault.do is Do.AFTER_NEXT:
            self._held.setdefault(stream, []).append(frame)
        elif fault.do in (Do.CUT, Do.CUT_CLEANLY):
            cut(fault)
        elif fault.do is not Do.LOST:
            if fault.do is Do.TWICE:
                tell(stream, frame)
            elif isinstance(frame, streams.OrderUpdates):
                frame = _lied(frame)
            self._tell(stream, frame, tell)

    def _tell(
        self,
        stream: Stream,
        frame: streams.Frame,
        tell: Callable[[Stream, streams.Frame], None],
    ) -> None:
        """Tell a frame, and then what was to come after it."""
        tell(stream, frame)
        for one in self._held.pop(stream, ()):
            tell(stream, one)


def _lied(frame: streams.OrderUpdates) -> streams.OrderUpdates:
    """Return updates whose first live order is said to be cancelled."""
    told = list(frame.data)
    for number, one in enumerate(told):
        if one.status == "open":
            told[number] = orders.OrderUpdate(one.order, "canceled", one.status_timestamp)
            break
    return streams.OrderUpdates(told)


assert set(_CHANNELS.values()) == set(STREAMED)
