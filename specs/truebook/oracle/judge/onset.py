"""Where in a run something begins to be wrong, and whether it stays so to the end."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import attrs

from truebook.oracle.judge.deviation import Deviation

_SUMS = ("exposure", "unsettled", "position", "expected_position")

Key = tuple[str, str, str, str]


@attrs.frozen
class Onset:
    """What is wrong after a step, numbered from 1, and was not before it.

    `lasts`: some of it is still wrong at the end. `follows`: it is about what was wrong before,
    so it may be a consequence.
    """

    step: int
    deviations: tuple[Deviation, ...]
    lasts: bool
    follows: bool

    @property
    def broken(self) -> tuple[Deviation, ...]:
        """The promises that it breaks."""
        return tuple(one for one in self.deviations if one.promise)


def onsets_of(
    steps: Sequence[Sequence[Deviation]],
    orders: Mapping[str, str] | None = None,
    told: Sequence[Collection[str]] = (),
) -> tuple[Onset, ...]:
    """Return the onsets of a run, given what is wrong after each step.

    What is wrong by more than before has begun again; by less, it has not. `orders` are the orders
    that ids are of (an id that is not there is of its own), `told` those that each step tells of:
    a sum that is wrong after a step may be wrong by any of them.
    """
    known = orders or {}
    last = {_place(one) for one in steps[-1]} if steps else set()
    onsets: list[Onset] = []
    before: dict[Key, Decimal] = {}
    about: set[str] = set()
    for number, found in enumerate(steps, 1):
        new = [one for one in found if _is_new(one, before)]
        if new:
            lasts = any(_place(one) in last for one in new)
            of = (known.get(one.about, one.about) for one in new if one.part not in _SUMS)
            follows = bool(about) and all(order in about for order in of)
            onsets.append(Onset(number, tuple(new), lasts, follows))
        before = {_key(one): one.amount or Decimal(0) for one in found}
        about |= {known.get(one.about, one.about) for one in found}
        if found and number <= len(told):
            about |= set(told[number - 1])
    return tuple(onsets)


def _is_new(one: Deviation, before: dict[Key, Decimal]) -> bool:
    was = before.get(_key(one))
    if was is None:
        return True
    now = one.amount or Decimal(0)
    return abs(now) > abs(was) or now * was < 0


def _key(one: Deviation) -> Key:
    return one.promise, one.part, one.way, one.about


def _place(one: Deviation) -> tuple[str, str]:
    return one.part, one.about
