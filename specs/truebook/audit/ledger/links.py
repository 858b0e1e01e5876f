"""Fills that go on one after the other: what is kept of each until something is to be said."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from truebook.audit.ledger.paths import Leg
from truebook.audit.seen import FillText, Place

Link: TypeAlias = tuple[int, Decimal, FillText | Leg, str, int, int]
"""The time of a fill, the position behind it, the fill, and its file, line and item."""


def leg_of(link: Link) -> Leg:
    """Return a fill as the chain sees it."""
    time, _, fill, file, line, item = link
    if isinstance(fill, Leg):
        return fill
    size = Decimal(fill.sz)
    moved = size if fill.side == "B" else -size
    start, price = Decimal(fill.start_position), Decimal(fill.px)
    return Leg(time, start, moved, fill.hash, price, Place(file, line, item))


def waits_from(links: Sequence[Link], most: int) -> int:
    """Return from where on links are of the last milliseconds, of which there are so many."""
    at, times = len(links), 0
    while at:
        if at == len(links) or links[at - 1][0] != links[at][0]:
            times += 1
            if times > most:
                break
        at -= 1
    return at
