"""What reads each kind of message, made once."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import attrs

from truebook.impl.venues.hyperliquid import questions, wire
from truebook.impl.venues.hyperliquid.actions import Action, Signed
from truebook.impl.venues.hyperliquid.answers import Answer
from truebook.impl.venues.hyperliquid.fills import Fill, TwapSliceFill
from truebook.impl.venues.hyperliquid.orders import OrderUpdate
from truebook.impl.venues.hyperliquid.questions import Question
from truebook.impl.venues.hyperliquid.reading import Raw, Reader, Unreadable
from truebook.impl.venues.hyperliquid.streams import Call, CancelledOrder, Frame

FRAMES: Final = Reader[Frame](Frame, "a frame")
"""What the venue sends over a websocket."""
CALLS: Final = Reader[Call](Call, "a frame of a client")
"""What a client sends over a websocket."""
REQUESTS: Final = Reader[Signed](Signed, "a signed action")
"""What is posted to the exchange endpoint."""
ACTIONS: Final = Reader[Action](Action, "an action")
"""An action by itself."""
ANSWERS: Final = Reader[Answer](Answer, "the answer to an action")
"""What the exchange endpoint answers."""
QUESTIONS: Final = Reader[Question](Question, "a question")
"""What is posted to the info endpoint."""
TO_INFO: Final = questions.TO_INFO
"""What the info endpoint answers, by the `type` of the question."""
FILLS: Final = Reader[Fill](Fill, "a fill")
"""A fill by itself, as a line of a recording."""
ORDERS: Final = Reader[OrderUpdate](OrderUpdate, "what became of an order")
"""What became of one order, by itself."""
SLICES: Final = Reader[TwapSliceFill](TwapSliceFill, "a fill of a TWAP")
"""A fill of a TWAP by itself."""
_CANCELLED: Final = Reader[CancelledOrder](CancelledOrder, "a cancelled order")

_ITEMS: Final[tuple[tuple[str, tuple[str, ...], Reader[Any]], ...]] = (
    ("orderUpdates", ("data",), ORDERS),
    ("userFills", ("data", "fills"), FILLS),
    ("userTwapSliceFills", ("data", "twapSliceFills"), SLICES),
    ("user", ("data", "fills"), FILLS),
    ("user", ("data", "twapSliceFills"), SLICES),
    ("user", ("data", "nonUserCancel"), _CANCELLED),
)
"""Where a frame has a list of things that are each true by themselves."""

Heard: TypeAlias = Frame | Unreadable
"""What comes of a frame, or of a part of one."""


def hear(raw: Raw) -> tuple[Heard, ...]:
    """Return what a frame says: the frame, nearly always.

    Where one of its fills or orders is damaged, the frame comes without it, and what is damaged
    beside it: one that is not whole is no reason to lose the others.
    """
    frame = FRAMES.read(raw)
    if not isinstance(frame, Unreadable):
        return (frame,)
    try:
        value = wire.plain_of(raw)
    except (ValueError, RecursionError):
        return (frame,)
    damaged = _without_damage(value)
    rest = FRAMES.read_plain(value) if damaged else frame
    return (frame,) if isinstance(rest, Unreadable) else (rest, *damaged)


def _without_damage(value: Any) -> Sequence[Unreadable]:
    """Take the damaged items out of a frame, and return them."""
    found: list[Unreadable] = []
    channel = value.get("channel") if isinstance(value, dict) else None
    for name, path, reader in _ITEMS:
        place: Any = value
        for part in path[:-1] if name == channel else ():
            place = place.get(part) if isinstance(place, dict) else None
        items = place.get(path[-1]) if name == channel and isinstance(place, dict) else None
        if isinstance(items, list):
            read = [(item, reader.read_plain(item)) for item in items]
            found += [one for _, one in read if isinstance(one, Unreadable)]
            place[path[-1]] = [item for item, one in read if not isinstance(one, Unreadable)]
    return found


@attrs.frozen
class Read:
    """Fills of a list that was asked for, and what of it is damaged."""

    fills: Sequence[Fill]
    damaged: Sequence[Unreadable]


def fills_of(raw: Raw) -> Read:
    """Return the fills of an answer to userFills or userFillsByTime, but for those damaged."""
    whole = TO_INFO["userFills"].read(raw)
    if not isinstance(whole, Unreadable):
        return Read(whole, ())
    return Read(*FILLS.read_each(raw))
