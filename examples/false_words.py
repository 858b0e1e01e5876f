"""False words of the simulated venue: what it says that is not so, and who is misled by it.

They are those kinds of the model's fault `lie` that venues are known for: an open order is told
cancelled, or not known, or not open when it is to be cancelled; a listing lacks it; and a listing
goes on showing an order that is over. What it says has filled is always true.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable

import attrs

from truebook.impl import SECOND, ListedOrder

CANCELLED = "open, told cancelled"
UNKNOWN = "open, told not known"
NOT_OPEN = "open, a cancel told not open"
UNLISTED = "open, not in a listing"
UNSAID = "waiting, in no listing of this kind"
"""Of what a listing without the orders that wait says nothing; no false word."""
LISTED = "over, in a listing"
LONGEST = 6 * SECOND
"""A listing goes on showing an order for up to this long."""

Name = str | int
"""What a false word is about: a cloid, or an oid where there is none. The orders of one cloid are
told apart by such words, so that one about the first may mislead about the next."""


@attrs.define(eq=False)
class Lie:
    """A false word about an order."""

    kind: str
    name: Name
    heard: bool = False


@attrs.define(eq=False)
class FalseWords:
    """Says false words at a `rate`, and keeps which orders the book is misled about, since when.

    Who is misled about an order is so about its `children` too.
    """

    rate: float
    dice: random.Random
    heard: Counter[str] = attrs.field(factory=Counter)
    misled: dict[Name, int] = attrs.field(factory=dict)
    told: set[tuple[str, Name]] = attrs.field(factory=set)
    children: defaultdict[Name, set[Name]] = attrs.field(factory=lambda: defaultdict(set))
    spans: list[tuple[int, int]] = attrs.field(factory=list)
    _shown: dict[ListedOrder, int] = attrs.field(factory=dict)
    _since: int = 0

    def of(self, kinds: tuple[str, ...], name: Name) -> Lie | None:
        """Throw the dice for a false word, one of some kinds."""
        if self.rate and self.dice.random() < self.rate:
            return Lie(self.dice.choice(kinds), name)
        return None

    def goes_on_showing(self, entry: ListedOrder, now: int) -> None:
        """Throw the dice for an order that is over and goes on being listed."""
        if self.rate and self.dice.random() < self.rate:
            self._shown[entry] = now + self.dice.randrange(SECOND, LONGEST)

    def listing(
        self,
        picture: Iterable[ListedOrder],
        still_open: set[int],
        now: int,
        *,
        covers: bool = True,
    ) -> tuple[tuple[ListedOrder, ...], list[Lie]]:
        """Return a listing as the venue gives it, and what is false in it.

        `covers`: the orders that wait are in it too.
        """
        lies, shown = [], []
        for entry in picture:
            lie = self.of((UNLISTED,), _name(entry)) if entry.oid in still_open else None
            if lie is None:
                shown.append(entry)
            else:
                lies.append(lie)
        self._shown = {entry: until for entry, until in self._shown.items() if until > now}
        there = {entry.oid for entry in shown}
        for entry in self._shown:
            if entry.oid not in there and (covers or not entry.trigger):
                shown.append(entry)
                lies.append(Lie(LISTED, _name(entry)))
        return tuple(shown), lies

    def hear(self, lies: Iterable[Lie], now: int) -> None:
        """Note that the book is told false words now."""
        for lie in lies:
            self.heard[lie.kind] += not lie.heard
            lie.heard = True
            self.told |= {(lie.kind, name) for name in self._with_children(lie.name)}
            self.mislead(lie.name, now)

    def mislead(self, name: Name, now: int) -> None:
        """Note that from now on the book does not know how it is with an order."""
        if not self.misled:
            self._since = now
        self.misled |= dict.fromkeys(self._with_children(name), now)

    def _with_children(self, name: Name) -> set[Name]:
        return {name, *self.children.get(name, ())}

    def born(self, child: Name, parent: Name) -> None:
        """Note that an order is a child of another; who is misled about that is so about it."""
        self.children[parent].add(child)
        self.told |= {(kind, child) for kind, name in self.told if name == parent}
        if parent in self.misled:
            self.misled[child] = self.misled[parent]

    def set_right(self, asked: int, lies: Iterable[Lie], lag: int, now: int) -> None:
        """Note that the book has taken a listing now: it is true of all but what it lies about.

        It was asked for at `asked`, and is newer than a word if that is more than `lag` after it.
        """
        false = {lie.name for lie in lies}
        was_misled, misled = bool(self.misled), self.misled
        self.misled = {
            name: at for name, at in misled.items() if name in false or asked <= at + lag
        }
        for name in misled.keys() - self.misled.keys():
            # What was concluded of its children by now a later listing contradicts.
            self.misled |= dict.fromkeys(self.children.get(name, set()) & misled.keys(), now)
        if was_misled and not self.misled:
            self.spans.append((self._since, now))

    def is_told_of(self, name: Name | None) -> bool:
        """Whether a false word about it was ever heard."""
        return any(name == other for _, other in self.told)

    def was_misled(self, at: int) -> bool:
        """Whether the book was misled about anything then."""
        spans = [*self.spans, (self._since, at)] if self.misled else self.spans
        return any(since <= at <= until for since, until in spans)

    def end(self) -> None:
        """Say nothing false any more; what was said may still be heard."""
        self.rate = 0.0
        self._shown.clear()


def _name(entry: ListedOrder) -> Name:
    assert isinstance(entry.oid, int)
    return entry.cloid or entry.oid
