"""What is said to the venue over HTTP, and its answers: bytes in, bytes out, no sockets."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import attrs

from truebook.impl.venues.hyperliquid import (
    QUESTIONS,
    REQUESTS,
    Raw,
    Unreadable,
    actions,
    answers,
    write,
)
from truebook.venue.engine import Exchange
from truebook.venue.server.others import OTHERS
from truebook.venue.server.signers import NotTakenError, Signers
from truebook.venue.wire import NO_TYPE, act, answer

OK, UNPROCESSABLE = 200, 422
_MALFORMED: Final = NO_TYPE.encode()


@attrs.frozen
class Reply:
    """An answer over HTTP."""

    status: int
    body: bytes


@attrs.define
class Desk:
    """The venue as it is asked: its truth, who may act, and the time in milliseconds.

    `seen` counts what was asked, by kind, `unanswered` what nobody here knows an answer to.
    """

    exchange: Exchange
    signers: Signers
    clock: Callable[[], int]
    seen: Counter[str] = attrs.field(factory=Counter)
    unanswered: Counter[str] = attrs.field(factory=Counter)

    def request(self, raw: Raw) -> Reply:
        """Return the answer to a signed action."""
        signed = REQUESTS.read(raw)
        if isinstance(signed, Unreadable):
            self.seen["exchange unreadable"] += 1
            return Reply(UNPROCESSABLE, _MALFORMED)
        return Reply(OK, write(self.act(signed)))

    def act(self, signed: actions.Signed) -> answers.Answer:
        """Do what a signed action asks; return its answer."""
        now, action = self.clock(), signed.action
        self.seen[f"exchange {action.__struct_config__.tag}"] += 1
        try:
            user = self.signers.owner_of(signed, now)
        except NotTakenError as error:
            return answers.Failed(str(error))
        if isinstance(action, actions.ApproveAgent):
            self.signers.approve(action.agent_address, user)
            return answers.Done(answers.DefaultResponse())
        return act(self.exchange, user, action, now)

    def question(self, raw: Raw) -> Reply:
        """Return the answer to a question."""
        asked = QUESTIONS.read(raw)
        if isinstance(asked, Unreadable):
            return self._other(raw)
        self.seen[f"info {asked.__struct_config__.tag}"] += 1
        user = getattr(asked, "user", None)
        if user is not None:
            self.signers.learn(user)
        try:
            return Reply(OK, write(answer(self.exchange, asked, self.clock())))
        except KeyError:  # a market that is not here
            return Reply(OK, b"null")

    def _other(self, raw: Raw) -> Reply:
        """Answer what clients ask besides, at their start mostly, and which is about no order."""
        try:
            asked: Any = json.loads(raw)
            kind = str(asked["type"])
        except (ValueError, RecursionError, KeyError, TypeError):
            self.seen["info unreadable"] += 1
            return Reply(UNPROCESSABLE, _MALFORMED)
        self.seen[f"info {kind:.40}"] += 1
        user = asked.get("user")
        if isinstance(user, str):
            self.signers.learn(user)
        if kind not in OTHERS:
            self.unanswered[f"{kind:.40}"] += 1
            return Reply(UNPROCESSABLE, _MALFORMED)
        return Reply(OK, json.dumps(OTHERS[kind]).encode())
