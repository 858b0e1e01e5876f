"""Closed legs that wait for their time, in the order in which they were closed."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from truebook.impl.book.orders import Leg


@attrs.define
class Due:
    """Legs, each due so long `after` it was closed.

    When they were closed and what they are is in two queues, as a pair of both for each leg takes
    as much as all the numbers of an order.
    """

    after: int
    _closed: deque[int] = attrs.field(factory=deque, init=False)
    _legs: deque["Leg"] = attrs.field(factory=deque, init=False)

    def __len__(self) -> int:
        """Return how many wait, with those that were opened again since."""
        return len(self._legs)

    def add(self, leg: "Leg") -> None:
        """Let a leg wait that was closed, after those that were closed before it.

        Nearly all are closed now, so that their place is the last.
        """
        closed_at, closed = leg.closed_at, self._closed
        assert closed_at is not None
        place = len(closed)
        while place and closed_at < closed[place - 1]:
            place -= 1
        closed.insert(place, closed_at)
        self._legs.insert(place, leg)

    def next(self) -> int | None:
        """Return when the next is due; None where none waits."""
        return self._closed[0] + self.after if self._closed else None

    def take(self, now: int) -> Iterator["Leg"]:
        """Yield the legs that are due by now, but for those that were opened again since."""
        while self._closed and not now < self._closed[0] + self.after:
            closed_at, leg = self._closed.popleft(), self._legs.popleft()
            if leg.closed_at == closed_at:
                yield leg
