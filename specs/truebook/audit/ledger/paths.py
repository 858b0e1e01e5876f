"""The fills of one millisecond in an order in which each begins where the one before it ended."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal

import attrs

from truebook.audit.seen import Place


@attrs.frozen
class Leg:
    """A fill as the chain sees it: what it moved, from where, and what tells its mirror."""

    time: int
    start: Decimal
    moved: Decimal
    hash: str
    price: Decimal
    place: Place

    @property
    def end(self) -> Decimal:
        """Where the position was behind it."""
        return self.start + self.moved


def unpaired(legs: Sequence[Leg]) -> list[Leg]:
    """Return fills without the trades with oneself.

    Both legs of one begin at the same position, and together they move nothing.
    """
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


def paths(legs: Sequence[Leg], ends: Set[Decimal]) -> Iterator[list[Leg]]:
    """Yield fills in as few runs as there are, in each of which one begins where another ended.

    These are the trails of a graph whose nodes are positions: one begins at a position that is left
    more often than it is come to, or, where all is balanced, at one of the `ends` of what is known.
    Round trips are taken in where a trail passes (Hierholzer's way).
    """
    todo = list(legs)
    trails: list[list[Leg]] = []
    while todo:
        head = _head(todo, ends)
        trails.append(_trail(todo, head))
        _take_in(todo, trails[-1])
    yield from trails


def _head(todo: Sequence[Leg], ends: Set[Decimal]) -> Leg:
    surplus = Counter(leg.start for leg in todo)
    surplus.subtract(leg.end for leg in todo)
    heads = [leg for leg in todo if surplus[leg.start] > 0]
    known = [leg for leg in heads or todo if leg.start in ends]
    return (known or heads or todo)[0]


def _trail(todo: list[Leg], head: Leg) -> list[Leg]:
    """Take a leg and what follows it, as long as anything does."""
    trail = [head]
    todo.remove(head)
    while True:
        following = next((leg for leg in todo if leg.start == trail[-1].end), None)
        if following is None:
            return trail
        trail.append(following)
        todo.remove(following)


def _take_in(todo: list[Leg], trail: list[Leg]) -> None:
    """Put the round trips from a position of a trail into it."""
    at = 0
    while at < len(trail):
        here = trail[at].start
        leaves = next((leg for leg in todo if leg.start == here), None)
        if leaves is None:
            at += 1
            continue
        round_trip = _trail(list(todo), leaves)
        if round_trip[-1].end != here:
            at += 1
            continue
        for leg in round_trip:
            todo.remove(leg)
        trail[at:at] = round_trip
