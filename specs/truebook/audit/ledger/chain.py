"""The chain of positions: each fill begins where the one before it ended, or fills are missing.

A chain is kept as stretches without a gap, in the order of their times. A fill prolongs a stretch
at its end or at its beginning, so that files may go forward or backward, and one that comes late
closes the gap that it left. Memory is of the gaps, not of the fills.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal
from itertools import pairwise

import attrs

from truebook.audit.seen import Place


@attrs.define
class Stretch:
    """Fills without a gap: from where to where the position went, and when."""

    first_time: int
    start: Decimal
    first: Place
    last_time: int
    end: Decimal
    last: Place


@attrs.frozen
class Gap:
    """Between two fills the position moved by what no fill of these files says."""

    before: Place
    after: Place
    from_time: int
    to_time: int
    position: Decimal
    then: Decimal

    @property
    def amount(self) -> Decimal:
        """What the missing fills come to; bought above zero."""
        return self.then - self.position


@attrs.frozen
class Leg:
    """A fill as the chain sees it: what it moved, from where, and what tells its mirror."""

    time: int
    start: Decimal
    moved: Decimal
    hash: str
    price: Decimal
    place: Place


@attrs.define
class Chain:
    """The stretches of a market; fills of one millisecond are put in order when it is over.

    Both legs of a trade with oneself begin at the same position, and together they move nothing.
    """

    stretches: list[Stretch] = attrs.field(factory=list)
    _time: int = -1
    _waiting: list[Leg] = attrs.field(factory=list)

    def add(self, leg: Leg) -> None:
        """Take a fill that is new."""
        if leg.time != self._time:
            if self._waiting:
                self.settle()
            self._time = leg.time
        self._waiting.append(leg)

    def settle(self) -> None:
        """Put the fills of the last millisecond in their order."""
        waiting, self._waiting = self._waiting, []
        if len(waiting) == 1:
            leg = waiting[0]
            self._put(leg.time, leg.start, leg.start + leg.moved, leg.place, leg.place)
            return
        known = {one.end for one in self.stretches[-1:]}
        for path in _paths(_unpaired(waiting), known):
            last = path[-1]
            self._put(last.time, path[0].start, last.start + last.moved, path[0].place, last.place)

    def gaps(self) -> Iterator[Gap]:
        """Yield where fills are missing; `settle` first."""
        for one, other in pairwise(self.stretches):
            yield Gap(one.last, other.first, one.last_time, other.first_time, one.end, other.start)

    def _put(self, time: int, start: Decimal, end: Decimal, first: Place, last: Place) -> None:
        stretches = self.stretches
        if stretches:
            newest = stretches[-1]
            if newest.last_time <= time and newest.end == start:
                newest.last_time, newest.end, newest.last = time, end, last
                return
            oldest = stretches[0]
            if time <= oldest.first_time and end == oldest.start:
                oldest.first_time, oldest.start, oldest.first = time, start, first
                return
        self._insert(Stretch(time, start, first, time, end, last))

    def _insert(self, new: Stretch) -> None:
        """Put a stretch among the others, and join it with those that it meets."""
        at = bisect_right(self.stretches, new.first_time, key=lambda one: one.first_time)
        at = self._among_equals(new, at)
        self.stretches.insert(at, new)
        self._join(at)
        self._join(at - 1)

    def _among_equals(self, new: Stretch, at: int) -> int:
        """Return where it fits among those of its millisecond: where it meets one, else last."""
        place = at
        while place > 0 and self.stretches[place - 1].last_time >= new.first_time:
            if self.stretches[place - 1].end == new.start:
                return place
            place -= 1
            if self.stretches[place].start == new.end:
                return place
        return at

    def _join(self, at: int) -> None:
        if not 0 <= at < len(self.stretches) - 1:
            return
        one, other = self.stretches[at], self.stretches[at + 1]
        if one.end == other.start and one.last_time <= other.first_time:
            one.last_time, one.end, one.last = other.last_time, other.end, other.last
            del self.stretches[at + 1]


def _unpaired(legs: Sequence[Leg]) -> list[Leg]:
    """Return the fills without the trades with oneself, which move nothing."""
    left: list[Leg] = []
    for leg in legs:
        mirror = next((one for one in left if _mirrors(one, leg)), None)
        if mirror is None:
            left.append(leg)
        else:
            left.remove(mirror)
    return left


def _mirrors(one: Leg, other: Leg) -> bool:
    return (
        one.moved == -other.moved
        and one.start == other.start
        and one.price == other.price
        and one.hash == other.hash
    )


def _paths(legs: Sequence[Leg], known: Set[Decimal]) -> Iterator[list[Leg]]:
    """Yield the fills in runs in which each begins where the one before it ended.

    A run begins where the position is `known` to have come, else with a fill that follows none.
    """
    todo = list(legs)
    while todo:
        ends = {leg.start + leg.moved for leg in todo}
        heads = [leg for leg in todo if leg.start in known]
        heads += [leg for leg in todo if leg.start not in ends]
        head = heads[0] if heads else todo[0]
        path = [head]
        todo.remove(head)
        while True:
            end = path[-1].start + path[-1].moved
            following = next((leg for leg in todo if leg.start == end), None)
            if following is None:
                break
            path.append(following)
            todo.remove(following)
        yield path
