"""The bounds of an exploration: sizes, faults and timers."""

from typing import Any

import attrs
from attrs.validators import ge


def _at_least(least: int, value: int) -> int:
    return attrs.field(default=value, validator=ge(least))


@attrs.frozen(kw_only=True)
class Timers:
    """What the book is configured with, in ticks.

    `expiry` (E): the book takes it that no request takes effect later than this after it was
    sent. `lag` (L): that a snapshot shows the venue as it was at most this before it was asked.
    `listing`: a snapshot not handed over by then has failed. `protection` is the plan's alone.
    """

    expiry: int = _at_least(0, 1)
    lag: int = _at_least(0, 0)
    grace: int = _at_least(1, 1)
    fill_window: int = _at_least(1, 2)
    tombstone: int = _at_least(1, 1)
    listing: int = _at_least(0, 1)
    protection: int = _at_least(0, 1)


@attrs.frozen(kw_only=True)
class Delays:
    """What the venue and the wire really do, in ticks.

    `fill`: how long after the end of its order a fill message may still be on its way.
    `answer`: how long the venue's answer may be on its way. None: without bound.
    """

    expiry: int = _at_least(0, 1)
    lag: int = _at_least(0, 0)
    fill: int | None = attrs.field(default=1)
    answer: int | None = attrs.field(default=0)

    @fill.validator
    @answer.validator
    def _none_or_not_negative(self, attribute: "attrs.Attribute[Any]", value: int | None) -> None:
        if value is not None and value < 0:
            raise ValueError(
                f"{attribute.name!r} must be None (no bound) or at least 0, not {value}"
            )


@attrs.frozen(kw_only=True)
class Bounds:
    """How large a world of one order is, and what can go wrong in it.

    `size` and `new_size` (of a modify) are in lots. `duplicates` is how many times fills of the
    order are delivered again. `snapshots` is how many can be in flight at once. With `lie` one of
    the venue's words about the order may be false.
    """

    size: int = _at_least(1, 2)
    new_size: int = _at_least(1, 1)
    duplicates: int = _at_least(0, 0)
    snapshots: int = _at_least(0, 1)
    cancel: bool = False
    modify: bool = False
    unasked: bool = False
    refuse: bool = False
    lose: bool = False
    reconnect: bool = False
    bare: bool = False
    lie: bool = False
    timers: Timers = attrs.field(factory=Timers)
    delays: Delays = attrs.field(factory=Delays)
