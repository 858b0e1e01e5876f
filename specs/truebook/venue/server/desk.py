"""What is said to the venue over HTTP, and its answers: bytes in, bytes out, no sockets."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, get_args

import attrs

from truebook.impl.venues.hyperliquid import (
    QUESTIONS,
    REQUESTS,
    Raw,
    Unreadable,
    actions,
    answers,
    given,
    numbers,
    questions,
    state,
    write,
)
from truebook.venue.engine import Exchange
from truebook.venue.server.budget import Budget
from truebook.venue.server.others import OTHERS
from truebook.venue.server.signers import NotTakenError, Signers
from truebook.venue.wire import NO_TYPE, NOT_SERVED, act, answer, is_address

SERVED: Final = frozenset(str(one.__struct_config__.tag) for one in get_args(actions.Action))
"""The types of action that there are here: one of another type is refused in words."""
MOST_KINDS: Final = 100
"""So many kinds of question are told from each other."""
OK, UNPROCESSABLE = 200, 422
MALFORMED: Final = NO_TYPE.encode()


@attrs.frozen
class Reply:
    """An answer over HTTP."""

    status: int
    body: bytes


@attrs.frozen
class Request:
    """A signed action, and for whom it acts; empty: for nobody who is known."""

    signed: actions.Signed
    user: str

    @property
    def kind(self) -> str:
        """The type of its action."""
        return str(self.signed.action.__struct_config__.tag)

    @property
    def weight(self) -> int:
        """How many requests it counts as."""
        action = self.signed.action
        batch = (getattr(action, name, ()) for name in ("orders", "cancels", "modifies"))
        return max(1, *map(len, batch))


def _kind_of(raw: Raw) -> str:
    """Return the type of an action that is none of ours; empty: it says none."""
    try:
        said: Any = json.loads(raw)
        kind = said["action"]["type"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return f"{kind:.40}" if isinstance(kind, str) else ""


def _count(kinds: Counter[str], kind: str) -> None:
    """Count what was asked; beyond so many kinds, what nobody has asked before is one kind."""
    kinds[kind if kind in kinds or len(kinds) < MOST_KINDS else "others"] += 1


def user_of(asked: questions.Question) -> str:
    """Return whom a question is about, in lower case; empty: it is about nobody."""
    return str(getattr(asked, "user", "")).lower()


BUSY: Final = Reply(502, b"<html><head><title>502 Bad Gateway</title></head></html>")
"""The answer while nothing can be answered."""


@attrs.define
class Desk:
    """The venue as it is asked: its truth, who may act, and the time in milliseconds.

    `seen` counts what was asked, by kind, `unanswered` what nobody here knows an answer to.
    """

    exchange: Exchange
    signers: Signers
    clock: Callable[[], int]
    budget: Budget = attrs.field(factory=Budget)
    seen: Counter[str] = attrs.field(factory=Counter)
    unanswered: Counter[str] = attrs.field(factory=Counter)

    def request(self, raw: Raw) -> "Request | Reply":
        """Read a signed action; return it with whose it is, or the answer where that ends it."""
        signed = REQUESTS.read(raw)
        if isinstance(signed, Unreadable):
            kind = _kind_of(raw)
            if kind and kind not in SERVED:
                _count(self.seen, f"exchange {kind}")
                return Reply(OK, write(answers.Failed(f"{kind} {NOT_SERVED}")))
            self.seen["exchange unreadable"] += 1
            return Reply(UNPROCESSABLE, MALFORMED)
        return self.signed(signed)

    def signed(self, signed: actions.Signed) -> "Request":
        """Return a signed action with whose it is: nobody's, where no one known has signed it."""
        try:
            user = self.signers.owner_of(signed)
        except NotTakenError:
            user = ""
        return Request(signed, user)

    def act(self, request: "Request") -> answers.Answer:
        """Do what a signed action asks; return its answer."""
        signed, now = request.signed, self.clock()
        self.seen[f"exchange {request.kind}"] += 1
        try:
            user = self.signers.take(signed, now)
            self.budget.spend(self.exchange.account(user), request.weight, now)
        except NotTakenError as error:
            return answers.Failed(str(error))
        if isinstance(signed.action, actions.ApproveAgent):
            agent = signed.action.agent_address.lower()
            if not is_address(agent) or agent in self.exchange.accounts:
                return answers.Failed(f"{agent:.80} is an account, or no address: no API wallet.")
            try:
                self.signers.approve(agent, user, given(signed.action.agent_name, None) or "")
            except NotTakenError as error:
                return answers.Failed(str(error))
            return answers.Done(answers.DefaultResponse())
        return act(self.exchange, user, signed.action, now)

    def question(self, raw: Raw) -> "questions.Question | Reply":
        """Read a question; return it, or the answer where it is none about orders."""
        asked = QUESTIONS.read(raw)
        if isinstance(asked, Unreadable):
            return self._other(raw)
        self.seen[f"info {questions.word_of(type(asked))}"] += 1
        if hasattr(asked, "user"):
            user = user_of(asked)
            if not is_address(user):
                return Reply(UNPROCESSABLE, MALFORMED)
            self.signers.learn(user)
        return asked

    def answer(self, asked: questions.Question) -> Reply:
        """Return the answer to a question."""
        try:
            if isinstance(asked, questions.UserRateLimit):
                return Reply(OK, write(self._limit_of(user_of(asked))))
            return Reply(OK, write(answer(self.exchange, asked, self.clock())))
        except KeyError:  # a market that is not here
            return Reply(OK, b"null")

    def _limit_of(self, user: str) -> state.UserRateLimit:
        account = self.exchange.found(user)
        return state.UserRateLimit(
            cum_vlm=numbers.shown(account.traded),
            n_requests_used=self.budget.used[user],
            n_requests_cap=self.budget.allowed(account),
        )

    def _other(self, raw: Raw) -> Reply:
        """Answer what clients ask besides, at their start mostly, and which is about no order."""
        try:
            asked: Any = json.loads(raw)
            kind = str(asked["type"])
        except (ValueError, RecursionError, KeyError, TypeError):
            self.seen["info unreadable"] += 1
            return Reply(UNPROCESSABLE, MALFORMED)
        _count(self.seen, f"info {kind:.40}")
        user = asked.get("user")
        if user is not None and not (isinstance(user, str) and is_address(user)):
            return Reply(UNPROCESSABLE, MALFORMED)
        if user is not None:
            self.signers.learn(user)
        if kind not in OTHERS:
            _count(self.unanswered, f"{kind:.40}")
            return Reply(UNPROCESSABLE, MALFORMED)
        return Reply(OK, json.dumps(OTHERS[kind]).encode())
