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

    def add(self, closed_at: int, leg: "Leg") -> None:
        """Let a leg wait that was closed at a time, after those that were closed before it."""
        self._closed.append(closed_at)
        self._legs.append(leg)

    def next(self) -> int | None:
        """Return when the next is due; None where none waits."""
        return self._closed[0] + self.after if self._closed else None

    def take(self, now: int) -> Iterator[tuple[int, "Leg"]]:
        """Yield when they were closed, and the legs that are due by now and still closed since."""
        while self._closed and not now < self._closed[0] + self.after:
            closed_at, leg = self._closed.popleft(), self._legs.popleft()
            if leg.closed_at == closed_at:
                yield closed_at, leg
