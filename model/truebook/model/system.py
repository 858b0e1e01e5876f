"""What an engine needs to know of a world: its fields, its first state and its actions."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any

import attrs

from truebook.model.vocabulary import Event

Part = Callable[[Any], bool]
"""A function that changes a world in place and returns whether it happened."""


@attrs.frozen
class Field:
    """One variable of a world: the integers 0 … size - 1.

    `path` is where it is found from the world object, such as "order.status". `words` names its
    values where they are an enumeration, and `label` names it for readers. `book` marks what the
    book knows, against what the venue and the wire are; `detail` what readers of a trace can do
    without (ages, and what is remembered for the properties alone).
    """

    path: str
    size: int
    label: str
    words: type[IntEnum] | None = None
    book: bool = False
    detail: bool = False

    def show(self, value: int) -> str:
        """Return the value as readers see it."""
        if self.words is not None:
            return self.words(value).name.lower().replace("_", " ")
        return str(int(value))


@attrs.frozen
class Action:
    """One thing that can happen: functions that change a world in place, one after the other.

    The first of the `parts` returns False, and has then changed nothing, where the action is not
    possible; the others always happen. An action that does several independent things has a part
    for each, so that engines look at the sum of their cases and not at the product.

    A `shared` action happens to every order of a composition at once (the clock, a snapshot); any
    other happens to one order. `message` marks what the book is told: messages are facts, and
    must commute; `wire` are the fields to put back to have the same message delivered again.
    An `optional` action may never be possible in a sound design. `event` is what it is to the
    book's record of leg `leg`, or of every leg (None).
    """

    name: str
    parts: tuple[Part, ...]
    words: str
    shared: bool = False
    message: bool = False
    event: Event | None = None
    leg: int | None = None
    wire: tuple[str, ...] = ()
    optional: bool = False

    def run(self, world: Any) -> bool:
        """Do it, and return True; or return False where it is not possible."""
        first, *rest = self.parts
        if not first(world):
            return False
        for part in rest:
            part(world)
        return True


@attrs.frozen
class System:
    """One world that an engine can explore.

    `create` returns a world object in the first state. `settle` names the actions of one quiet
    round, in order: everything in flight is delivered, the clock ticks, a snapshot is processed.
    A composition of several worlds has them in `orders`.
    """

    name: str
    fields: tuple[Field, ...]
    actions: tuple[Action, ...]
    create: Callable[[], Any]
    settle: tuple[str, ...]
    orders: tuple["System", ...] = ()


def place_of(world: Any, path: str) -> tuple[Any, str]:
    """Return the object and the attribute name that a field's path leads to."""
    owner = world
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    return owner, name
