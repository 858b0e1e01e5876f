"""The chain of positions: each fill begins where the one before it ended, or fills are missing.

A chain is kept as stretches without a gap, in the order of their times. A fill prolongs a stretch
at its end or at its beginning, so that files may go forward or backward, and one that comes late
closes the gap that it left. Memory is of the gaps, not of the fills.
"""

from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

import attrs

from truebook.audit.ledger.links import Link, leg_of, waits_from
from truebook.audit.ledger.paths import Leg, paths, unpaired
from truebook.audit.seen import Place

WAITING: Final = 3
"""The fills of so many milliseconds wait for others of theirs: one that is late may be between."""


@attrs.define
class Stretch:
    """Fills without a gap: from where to where the position went, and when.

    `turns`: it is a round trip of one millisecond, and may begin, and end, at any of these.
    `turned` is the round trip that it has ended with last, `until` when and where it was before.
    """

    first_time: int
    start: Decimal
    first: Place
    last_time: int
    end: Decimal
    last: Place
    turns: frozenset[Decimal] = frozenset()
    turned: "Stretch | None" = None
    until: tuple[int, Decimal] = (0, Decimal(0))

    def goes_on_as(self, other: "Stretch") -> bool:
        """Return whether another begins where this one ends, and not before."""
        return self.last_time <= other.first_time and (
            self.end == other.start or other.start in self.turns or self.end in other.turns
        )

    def prolong(self, other: "Stretch") -> None:
        """Go on as another; see `goes_on_as`."""
        if other.turns:
            self.turned, self.until = other, (self.last_time, self.end)
            other.start = other.end = self.end
        if self.turns:
            self.start = other.start
        self.last_time, self.end, self.last = other.last_time, other.end, other.last
        self.turns = frozenset()


@attrs.frozen
class Gap:
    """Between two fills the position moved by what no fill of these files says."""

    before: Place
    after: Place
    position: Decimal
    then: Decimal

    @property
    def amount(self) -> Decimal:
        """What the missing fills come to; bought above zero."""
        return self.then - self.position


@attrs.define
class Chain:
    """The stretches of a market; fills of one millisecond are put in order together.

    `inside` are fills that came late, within a stretch that has no gap: what they are a part of
    moves nothing as a whole, and once all of that is there it goes. `tail` are fills that go on
    from the newest stretch, one after the other: nothing is made of them as long as they do.
    """

    stretches: list[Stretch] = attrs.field(factory=list)
    inside: list[Stretch] = attrs.field(factory=list)
    tail: list[Link] = attrs.field(factory=list)
    _waiting: dict[int, list[Leg]] = attrs.field(factory=dict)

    def add(self, leg: Leg) -> None:
        """Take a fill that is new."""
        if self.tail:
            self._end_tail()
        same = self._waiting.get(leg.time)
        if same is not None:
            same.append(leg)
            return
        self._waiting[leg.time] = [leg]
        if len(self._waiting) > WAITING:
            self._order(self._waiting.pop(next(iter(self._waiting))))

    def settle(self) -> None:
        """Put all that waits in its order: when nothing more comes."""
        if self.tail:
            self._end_tail()
        for waiting in self._waiting.values():
            self._order(waiting)
        self._waiting.clear()

    def settled(self) -> "Chain":
        """Return what it would be if nothing more came; it goes on as it is."""
        found = Chain(
            [attrs.evolve(one) for one in self.stretches],
            [attrs.evolve(one) for one in self.inside],
            [*self.tail],
            {time: [*legs] for time, legs in self._waiting.items()},
        )
        found.settle()
        return found

    def goes_on(self) -> bool:
        """Return whether all that waits goes on from the newest stretch; then it is in the tail.

        To that may be put what begins where the last of it ended: later, or at the same time and
        of the same side, as then there is but one order of those.
        """
        if self.tail:
            return True
        if not self.stretches or self.stretches[-1].turns:
            return False
        time, end = self.stretches[-1].last_time, self.stretches[-1].end
        for at, legs in self._waiting.items():
            if len(legs) > 1 or at < time or legs[0].start != end:
                return False
            time, end = at, legs[0].end
        self.tail += ((leg.time, leg.end, leg, "", 0, 0) for (leg,) in self._waiting.values())
        self._waiting.clear()
        return bool(self.tail)

    def shorten(self) -> None:
        """Let go of what is in the tail, but for what must wait."""
        at = waits_from(self.tail, WAITING)
        if at:
            last, newest = self.tail[at - 1], self.stretches[-1]
            newest.last_time, newest.end, newest.last = last[0], last[1], leg_of(last).place
            del self.tail[:at]

    def _end_tail(self) -> None:
        self.shorten()
        for link in self.tail:
            self._waiting.setdefault(link[0], []).append(leg_of(link))
        self.tail.clear()

    def _order(self, waiting: list[Leg]) -> None:
        """Put the fills of a millisecond in their order."""
        if len(waiting) == 1:
            leg = waiting[0]
            self._put(leg.time, leg.start, leg.start + leg.moved, leg.place, leg.place)
            return
        single = unpaired(waiting)
        if not single:  # trades with oneself alone: they say where the position is
            leg = waiting[0]
            self._put(leg.time, leg.start, leg.start, leg.place, waiting[-1].place)
        ends = {one.end for one in self.stretches[-1:]} | {one.start for one in self.stretches[:1]}
        for path in paths(single, ends):
            first, last = path[0], path[-1]
            if first.start == last.end:
                self._turn(path)
            else:
                self._put(last.time, first.start, last.end, first.place, last.place)

    def gaps(self) -> Iterator[Gap]:
        """Yield where fills are missing; `settle` first."""
        for one, other in pairwise(self.stretches):
            yield Gap(one.last, other.first, one.end, other.start)

    def _turn(self, path: list[Leg]) -> None:
        """Put a round trip, of which nobody knows where it began."""
        first, last = path[0], path[-1]
        turns = frozenset(leg.start for leg in path)
        self._place(
            Stretch(last.time, first.start, first.place, last.time, last.end, last.place, turns)
        )

    def _put(self, time: int, start: Decimal, end: Decimal, first: Place, last: Place) -> None:
        stretches = self.stretches
        if stretches:
            newest = stretches[-1]
            if newest.end == start and newest.last_time <= time and not newest.turns:
                newest.last_time, newest.end, newest.last = time, end, last
                return
            oldest = stretches[0]
            fits = end == oldest.start and time <= oldest.first_time and not oldest.turns
            if fits and (time < oldest.first_time or start != oldest.end):
                oldest.first_time, oldest.start, oldest.first = time, start, first
                return
        self._place(Stretch(time, start, first, time, end, last))

    def _place(self, new: Stretch) -> None:
        """Put a stretch that does not simply go on from the newest, or before the oldest."""
        if not self._join(new) and not self._before_turn(new) and not self._closes(new):
            self._insert(new)

    def _join(self, new: Stretch) -> bool:
        """Prolong a stretch by what comes late, at either end; return whether there is one."""
        for at, one in enumerate(self.stretches):
            if one.goes_on_as(new) and not self._is_after(new, at + 1):
                one.prolong(new)
                self._meet(at)
                return True
            if new.goes_on_as(one) and not self._is_before(new, at - 1):
                new.prolong(one)
                self.stretches[at] = new
                self._meet(at - 1)
                return True
        return False

    def _is_after(self, new: Stretch, at: int) -> bool:
        return at < len(self.stretches) and self.stretches[at].first_time < new.first_time

    def _is_before(self, new: Stretch, at: int) -> bool:
        return at >= 0 and new.last_time < self.stretches[at].last_time

    def _meet(self, at: int) -> None:
        """Join two neighbours that meet now."""
        if 0 <= at < len(self.stretches) - 1:
            one, other = self.stretches[at], self.stretches[at + 1]
            if one.goes_on_as(other):
                one.prolong(other)
                del self.stretches[at + 1]

    def _before_turn(self, new: Stretch) -> bool:
        """Put what came late before the round trip that a stretch ends with; return whether it is.

        That began where the fill ended then, and the stretch went on from there.
        """
        for at, (one, other) in enumerate(pairwise(self.stretches)):
            turn, (time, end) = one.turned, one.until
            if turn is None or (turn.last_time, turn.last) != (one.last_time, one.last):
                continue
            within = time <= new.first_time and new.last_time <= turn.first_time
            if within and new.start == end and new.end == other.start and new.end in turn.turns:
                one.end = new.end
                one.prolong(other)
                del self.stretches[at + 1]
                return True
        return False

    def _closes(self, new: Stretch) -> bool:
        """Close a gap by what it lacks, wherever that begins; return whether there is one.

        A leg of a trade with oneself begins where the other does: it comes late as that.
        """
        for at, (one, other) in enumerate(pairwise(self.stretches)):
            within = one.last_time <= new.first_time <= other.first_time
            if within and one.end + (new.end - new.start) == other.start:
                one.prolong(other)
                del self.stretches[at + 1]
                return True
        return False

    def _insert(self, new: Stretch) -> None:
        for one in self.stretches:
            closed = new.start == new.end and one.first_time <= new.first_time <= one.last_time
            if closed:  # it moved nothing, and all of it is there
                return
            if one.first_time < new.first_time < one.last_time:
                self._keep_inside(new)
                return
        at = bisect_right(self.stretches, new.first_time, key=lambda one: one.first_time)
        self.stretches.insert(at, new)

    def _keep_inside(self, new: Stretch) -> None:
        """Keep what came late until what it is a part of is whole, and so moves nothing."""
        for at, one in enumerate(self.inside):
            if one.goes_on_as(new):
                del self.inside[at]
                new = Stretch(
                    one.first_time, one.start, one.first, new.last_time, new.end, new.last
                )
                break
        for at, one in enumerate(self.inside):
            if new.goes_on_as(one):
                del self.inside[at]
                new.prolong(one)
                break
        if new.start != new.end:
            self.inside.append(new)
