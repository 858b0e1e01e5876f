"""The world of the requests of one cloid: what the venue has of each, and what the book knows."""

from typing import Any

import attrs
from attrs.validators import ge

from truebook.model.rules import Rules
from truebook.model.vocabulary import Cancel, CancelAsked, OrderState, Venue

NAMES = ("r0", "r1", "r2")


def _size(default: int) -> int:
    return attrs.field(default=default, validator=ge(1))


@attrs.frozen(kw_only=True)
class RequestBounds:
    """The sizes of the order and of its two modifies; whether the book forgets what never was."""

    size: int = _size(1)
    first_size: int = _size(1)
    second_size: int = _size(2)
    forgets: bool = True


@attrs.define
class Request:
    """One request as the venue has it, and what the book knows of the order that it makes.

    `gone`: it was refused after the order that it was to replace was cancelled. `refused`: it is
    known to be refused; `shown`: by the refusal of which request on the stream (1 for the first);
    `cancelled`: its cancel was confirmed before its oid was known.
    """

    status: int = Venue.UNSENT
    gone: int = 0
    state: int = OrderState.ABSENT
    refused: int = 0
    shown: int = 0
    cancelled: int = 0


@attrs.define
class RequestWorld:
    """The requests, the cancel on the wire, and what the book remembers of both.

    `asked`, `target` and `blind` are the book's cancel: whether it is awaited, of which request,
    and whether it was asked for before that had an oid. `ambiguous`: the last modify was asked for
    while an earlier one was not known to be accepted; `unshown`: one is forgotten whose refusal
    was never shown.
    """

    bounds: RequestBounds
    keeps: Rules
    r0: Request = attrs.field(factory=Request)
    r1: Request = attrs.field(factory=Request)
    r2: Request = attrs.field(factory=Request)
    cancel: int = Cancel.NONE
    asked: int = CancelAsked.NEVER
    target: int = 0
    blind: int = 0
    ambiguous: int = 0
    unshown: int = 0
    requests: tuple[Request, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Collect the requests."""
        self.requests = (self.r0, self.r1, self.r2)

    def size(self, k: int) -> Any:
        """Return the size that request k asks for."""
        return (self.bounds.size, self.bounds.first_size, self.bounds.second_size)[k]
