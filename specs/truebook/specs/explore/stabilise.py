"""Self-stabilisation: from every state that the book's types allow, true words lead to the truth.

Not only from those that some run comes to. The venue is in any state of its own, with nothing on
its way: what is on its way is delivered in one more round, which leaves the book in some state that
its types allow. The book's own facts are as they are: which size it registered, which fills it was
told. All that it has by the venue's word, and every age, is anything; but what words said has
filled of an order that is open is no more than has: that no word takes back.
"""

from collections.abc import Iterator, Sequence
from math import prod

import attrs
import numpy as np
import numpy.typing as npt

from truebook.model.config import Bounds, Timers
from truebook.model.designs import REFERENCE, Design
from truebook.model.own import own_order
from truebook.model.system import System
from truebook.model.vocabulary import CLOSED, Answer, OrderState, Venue
from truebook.specs.explore.blocks import Column, Columns, Compiled
from truebook.specs.properties import Check, Kind, recovery_checks

BLOCK = 1 << 18
"""How many states are worked on at a time."""

ANYTHING = (
    *("state", "mapped", "answered", "stated", "final", "cancel", "candidate", "disputed"),
    *("request_age", "cancel_age", "open_age", "closed_age"),
)
"""The fields of a record that are anything."""


@attrs.frozen
class Stabilised:
    """How many states were tried, and after how many quiet rounds the last was right.

    None where some is not right after all the rounds that were tried; `astray` is one of them.
    """

    states: int
    rounds: int | None
    astray: dict[str, int] | None = None


def rounds_to_stabilise(timers: Timers) -> int:
    """Return within how many quiet rounds the book comes to the truth from any state at all.

    A cancel that it takes for awaited, and none is, may come to light only with the listing that
    opens the order again (L), and is settled after E + L.
    """
    return timers.expiry + 2 * timers.lag + 2


def stabilises(bounds: Bounds, *, most: int, design: Design = REFERENCE) -> Stabilised:
    """Run quiet rounds from every state, at most so many."""
    system = own_order(design, bounds)
    checks = [c for c in recovery_checks(system) if c.kind is Kind.SETTLED]
    compiled = Compiled(system, checks)
    tried, worst = 0, 0
    for block in _blocks(system, bounds):
        tried += len(block)
        found, astray = _run(compiled, checks, block, most)
        if found is None:
            return Stabilised(tried, None, astray)
        worst = max(worst, found)
    return Stabilised(tried, worst)


def _run(
    compiled: Compiled, checks: Sequence[Check], block: Columns, most: int
) -> tuple[int | None, dict[str, int] | None]:
    """Return after how many rounds every state of a block is right and stays so."""
    last = 0
    wrong: npt.NDArray[np.intp] = np.arange(0)
    for round_ in range(1, most + 1):
        keys = np.unique(compiled.packing.pack(compiled.settle(block).arrays))
        block = Columns(compiled.packing.unpack(keys))
        wrong = np.concatenate(
            [compiled.failing(compiled.states[n], block) for n in range(len(checks))]
        )
        if len(wrong):
            last = round_
    if last == most:
        paths = [field.path for field in compiled.system.fields]
        values = [int(array[wrong[0]]) for array in block.arrays]
        return None, dict(zip(paths, values, strict=True))
    return last + 1, None


def _blocks(system: System, bounds: Bounds) -> Iterator[Columns]:
    """Yield every state: each of the venue's with each of the book's."""
    places = {field.path: f for f, field in enumerate(system.fields)}
    free = [places[f"book_a.{name}"] for name in ANYTHING]
    sizes = [system.fields[f].size for f in free]
    numbers = prod(sizes)
    for venue in _venues(bounds):
        for start in range(0, numbers, BLOCK):
            code = np.arange(start, min(numbers, start + BLOCK))
            arrays: list[Column] = [np.zeros(len(code), np.int16) for _ in system.fields]
            for path, value in venue.items():
                arrays[places[path]][:] = value
            for f, size in zip(free, sizes, strict=True):
                code, digits = np.divmod(code, size)
                arrays[f][:] = digits
            state = arrays[places["book_a.state"]]
            registered = state != OrderState.ABSENT
            arrays[places["book_a.size"]][:] = np.where(registered, bounds.size, 0)
            for name in ("taker", "maker"):
                arrays[places[f"book_a.{name}"]][~registered] = 0
            said = [arrays[places[f"book_a.{name}"]] for name in ("answered", "stated")]
            most = np.where(np.isin(state, CLOSED), bounds.size, venue["a.executed"])
            possible = (said[0] <= most) & (said[1] <= most)
            yield Columns([array[possible] for array in arrays])


def _venues(bounds: Bounds) -> Iterator[dict[str, int]]:
    """Yield the states of the venue with nothing on its way, and the fills that the book has."""
    for status in (Venue.OPEN, Venue.FILLED, Venue.CANCELLED, Venue.REFUSED, Venue.LOST):
        for executed in _executed(status, bounds.size):
            for taken in range(executed + 1):
                for known in (True, False):
                    maker = executed - taken
                    yield {
                        "a.status": status,
                        "a.executed": executed,
                        "a.taken": taken,
                        "a.taker_told": taken,
                        "a.maker_told": maker,
                        "a.answer": Answer.NONE if status == Venue.LOST else Answer.OVER,
                        "a.named": 0 if status in (Venue.REFUSED, Venue.LOST) else 1,
                        "book_a.taker": taken if known else 0,
                        "book_a.maker": maker if known else 0,
                        "position": executed,
                    }


def _executed(status: Venue, size: int) -> Sequence[int]:
    if status == Venue.FILLED:
        return (size,)
    return range(size) if status in (Venue.OPEN, Venue.CANCELLED) else (0,)
