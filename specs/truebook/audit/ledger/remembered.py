"""The orders of one market that no book is told of, until a book would have forgotten them."""

from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import attrs

from truebook.audit.ledger.life import ZERO, Life
from truebook.audit.ledger.orders import CONFIG, Orders
from truebook.audit.ledger.promised import REMEMBERED as PROMISED
from truebook.audit.seen import Place
from truebook.impl.account import MarketKey

REMEMBERED: Final = CONFIG.remembered
OFTEN: Final = REMEMBERED // 8
"""So often what is to be forgotten is let go; until then nothing ordinary is of it."""
PAST: Final = 4 * CONFIG.max_forgotten_oids
"""So many names of orders that are forgotten are known, at least: those that a book would know."""


class BooksNeededError(Exception):
    """Only books that are told everything, of all orders, can tell what this is."""


@attrs.define
class Group:
    """Orders of one cloid, or one without any, with a book of their own."""

    books: Orders
    oids: set[int] = attrs.field(factory=set)
    cloid: str | None = None
    due: int = 0


@attrs.define
class MarketLives:
    """The orders of one market, by their oids; `groups` are those that have books.

    `names` are the cloids of both, `short` the orders that are forgotten though fills of them lack,
    `unnamed` how much fills come to that waited for a word of their order, until nobody would.
    `bounds` has the newest time of fills before each of as many as a book knows: what is older than
    the first may be one that it has forgotten. `now` is the time of what was told last, `due` when
    what is over is to be let go next.
    """

    lives: dict[int, Life] = attrs.field(factory=dict)
    groups: dict[int, Group] = attrs.field(factory=dict)
    names: dict[str, Life | Group] = attrs.field(factory=dict)
    past: set[int | str] = attrs.field(factory=set)
    long_past: set[int | str] = attrs.field(factory=set)
    ends: deque[tuple[int, Life]] = attrs.field(factory=deque)
    waits: deque[tuple[int, Life]] = attrs.field(factory=deque)
    told: deque[tuple[int, Group]] = attrs.field(factory=deque)
    ended_twice: dict[tuple[MarketKey, int], tuple[Place, Place]] = attrs.field(factory=dict)
    short: dict[int, Life] = attrs.field(factory=dict)
    unnamed: dict[int, Decimal] = attrs.field(factory=dict)
    bounds: deque[int] = attrs.field(factory=lambda: deque(maxlen=CONFIG.max_tracked_tids + 1))
    now: int = 0
    due: int = 0
    newest: int = -1
    gone: int = 0

    def all_groups(self) -> Iterable[Group]:
        """Return each group once."""
        return {id(group): group for group in self.groups.values()}.values()

    def is_past(self, oid: int, cloid: str | None) -> bool:
        """Return whether an order of such a name is over, and forgotten, for all that is known."""
        past, long_past = self.past, self.long_past
        if oid in past or oid in long_past:
            return True
        return cloid is not None and (cloid in past or cloid in long_past)

    def end(self, life: Life, now: int) -> None:
        """Let an order that is over be forgotten in time."""
        self.ends.append((now + REMEMBERED, life))

    @property
    def floor(self) -> int:
        """The time up to which fills may be forgotten."""
        return self.bounds[0] if len(self.bounds) == self.bounds.maxlen else -1

    def remember(self, time: int) -> None:
        """Note the time of a new fill; `BooksNeededError` where a book may have forgotten it."""
        if time > self.newest:
            self.newest = time
        elif time <= self.floor:
            raise BooksNeededError("a fill is older than those that a book remembers")
        self.bounds.append(self.newest)

    def wait(self, life: Life, now: int) -> None:
        """Let a fill wait for a word of its order."""
        life.due = now + REMEMBERED
        if not life.told:
            life.first_due = life.due
        self.waits.append((life.due, life))
        if len(self.waits) > CONFIG.max_tracked_tids:
            self.age(now)
        if len(self.waits) > CONFIG.max_tracked_tids:
            raise BooksNeededError("more fills wait for words of their orders than a book keeps")

    def age(self, now: int) -> None:
        """Let go of what a book has forgotten by now."""
        ends, waits, told = self.ends, self.waits, self.told
        while ends and ends[0][0] <= now:
            life = ends.popleft()[1]
            if self.lives.get(life.oid) is life:
                del self.lives[life.oid]
                self._forget(life.oid, life.cloid)
                if life.is_short:
                    self.short[life.oid] = life
        while waits and waits[0][0] <= now:
            due, life = waits.popleft()
            if self.lives.get(life.oid) is life and life.size is None and life.due == due:
                del self.lives[life.oid]
                self.unnamed[life.oid] = self.unnamed.get(life.oid, ZERO) + life.filled
                if len(self.unnamed) > PROMISED:
                    del self.unnamed[next(iter(self.unnamed))]
        while told and told[0][0] <= now:
            due, group = told.popleft()
            if group.due == due and _is_empty(group, now):
                if any(True for _ in group.books.short()):
                    raise BooksNeededError("an order is forgotten of which fills lack")
                self.gone += group.books.seen
                self.ended_twice |= group.books.ended_twice
                group.due = -1
                for oid in group.oids:
                    del self.groups[oid]
                    self._forget(oid, group.cloid)
        self.due = now + OFTEN

    def _forget(self, oid: int, cloid: str | None) -> None:
        self.past.add(oid)
        if cloid is not None:
            self.names.pop(cloid, None)
            self.past.add(cloid)
        if len(self.past) > PAST:
            self.past, self.long_past = set(), self.past


def _is_empty(group: Group, now: int) -> bool:
    """Return whether a group's book has forgotten all its orders."""
    for book in group.books.account.values():
        book.tick(now)
        if len(book) or book.pending_count or any(map(book.get_order, group.oids)):
            return False
    return True
