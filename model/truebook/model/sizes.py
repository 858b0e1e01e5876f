"""A small world of one order whose size the venue changes under its oid.

The order rests, fills, shrinks and grows; fills and pictures of it are told late, and in any order.
"""

import attrs
from attrs.validators import ge

from truebook.model.rules import Rules
from truebook.model.vocabulary import Picture


@attrs.frozen(kw_only=True)
class SizeBounds:
    """How many lots the order had, and how many it can ever have; the lag of pictures.

    The venue tells the whole size as it is now, or with `original` the one that was asked, whatever
    it does to what is left. `lag` is the book's L.
    """

    size: int = attrs.field(default=2, validator=ge(1))
    most: int = attrs.field(default=3, validator=ge(1))
    lag: int = attrs.field(default=1, validator=ge(0))
    original: bool = False


@attrs.define
class SizePicture:
    """A picture: its phase, the ticks since it was taken early, and what it shows.

    `current`: the order has not grown since. `newer` and `listed_newer`: it was asked for more than
    the lag after the word on the size, or on what has filled, that the book goes by; `below_newer`
    and `under_newer` after the smaller ones put aside, `told_newer` after the last fill told.
    """

    phase: int = Picture.IDLE
    age: int = 0
    left: int = 0
    executed: int = 0
    current: int = 0
    newer: int = 0
    listed_newer: int = 0
    below_newer: int = 0
    under_newer: int = 0
    told_newer: int = 0


@attrs.define
class SizeWorld:
    """The order at the venue, the pictures of it, and what the book knows.

    `left` can still trade. `unheard`: it grew, and no picture since was processed. In the book:
    `told` fills, `worded` whether a picture was processed, `accepted` the size by the venue,
    `below` a smaller one (0: none), `listed` what pictures say has filled, `under` less (0: none);
    each with its age.
    """

    bounds: SizeBounds
    keeps: Rules
    left: int = 0
    executed: int = 0
    unheard: int = 0
    told: int = 0
    told_age: int = 0
    worded: int = 0
    accepted: int = 0
    accepted_age: int = 0
    below: int = 0
    below_age: int = 0
    listed: int = 0
    listed_age: int = 0
    under: int = 0
    under_age: int = 0
    first: SizePicture = attrs.field(factory=SizePicture)
    second: SizePicture = attrs.field(factory=SizePicture)
    pictures: tuple[SizePicture, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Collect the pictures."""
        self.pictures = (self.first, self.second)


def place(w: SizeWorld) -> bool:
    """The order comes to rest, of the size that was asked."""
    if w.accepted != 0:
        return False
    w.left = w.bounds.size
    w.accepted = w.bounds.size
    return True


def fill(w: SizeWorld) -> bool:
    """One lot of it fills at the venue."""
    if w.left == 0:
        return False
    w.left = w.left - 1
    w.executed = w.executed + 1
    return True


def shrink(w: SizeWorld) -> bool:
    """One lot less can trade."""
    if w.left < 2:
        return False
    w.left = w.left - 1
    return True


def grow(w: SizeWorld) -> bool:
    """One lot more can trade; where the original is told, no more than that in all."""
    most = w.bounds.size if w.bounds.original else w.bounds.most
    if w.left == 0 or not w.left + w.executed < most:
        return False
    w.left = w.left + 1
    w.unheard = 1
    for s in w.pictures:
        s.current = 0
    return True


def tell_fill(w: SizeWorld) -> bool:
    """A fill is told."""
    if w.told == w.executed:
        return False
    w.told = w.told + 1
    w.told_age = 0
    for s in w.pictures:
        s.told_newer = 0
    return True


def ask(w: SizeWorld, n: int) -> bool:
    """We ask for a picture; one that a lagging reader took is taken already."""
    s = w.pictures[n]
    if w.accepted == 0:
        return False
    if s.phase == Picture.IDLE:
        s.phase = Picture.REQUESTED
    elif s.phase == Picture.EARLY:
        s.phase = Picture.TAKEN
    else:
        return False
    s.age = 0
    s.newer = 1 if w.bounds.lag < w.accepted_age else 0
    s.below_newer = 1 if w.bounds.lag < w.below_age else 0
    s.listed_newer = 1 if w.bounds.lag < w.listed_age else 0
    s.under_newer = 1 if w.bounds.lag < w.under_age else 0
    s.told_newer = 1 if w.bounds.lag < w.told_age else 0
    return True


def take(w: SizeWorld, n: int, early: bool) -> bool:
    """The venue takes the picture, or a lagging reader does before it is asked for."""
    s = w.pictures[n]
    if s.phase != (Picture.IDLE if early else Picture.REQUESTED) or w.left == 0:
        return False
    if early and w.bounds.lag == 0:
        return False
    s.phase = Picture.EARLY if early else Picture.TAKEN
    s.left = w.left
    s.executed = w.executed
    s.current = 1
    return True


def process(w: SizeWorld, n: int) -> bool:
    """The book processes a picture of the order."""
    s = w.pictures[n]
    if s.phase != Picture.TAKEN:
        return False
    if s.current:
        w.unheard = 0
    total = w.bounds.size if w.bounds.original else s.left + s.executed
    shown = total - s.left
    if shown < w.told and s.told_newer:
        # Its fills are older than the picture, so the venue's size does not count them.
        total = s.left + w.told
        shown = w.told
    if not w.keeps.remaining_is_the_venues:
        if total == w.bounds.size:
            w.listed = max(w.listed, shown)
    else:
        _hear_filled(w, s, shown)
        _hear_size(w, s, total)
        w.worded = 1
    _clear(s)
    return True


def tick(w: SizeWorld) -> bool:
    """A tick passes; a picture that a lagging reader took does not last longer than the lag."""
    for s in w.pictures:
        if s.phase == Picture.EARLY:
            if s.age < w.bounds.lag:
                s.age = s.age + 1
            else:
                _clear(s)
    end = w.bounds.lag + 1
    w.accepted_age = min(w.accepted_age + 1, end) if w.worded else 0
    w.told_age = min(w.told_age + 1, end) if w.told != 0 else 0
    w.below_age = min(w.below_age + 1, end) if w.below != 0 else 0
    w.under_age = min(w.under_age + 1, end) if w.under != 0 else 0
    w.listed_age = min(w.listed_age + 1, end) if w.worded else 0
    return True


def size(w: SizeWorld) -> int:
    """Return the size of the order: as the venue has it, unless more than that has filled."""
    return max(w.accepted, w.bounds.size) if w.accepted < w.told else w.accepted


def filled(w: SizeWorld) -> int:
    """Return what has filled, by its fills or by a picture, if that says more."""
    return max(w.told, w.listed)


def exposure(w: SizeWorld) -> int:
    """Return what can still trade."""
    return max(0, size(w) - filled(w))


def unsettled(w: SizeWorld) -> int:
    """Return what may have traded without its fills having come."""
    return filled(w) - w.told


def _hear_size(w: SizeWorld, s: SizePicture, total: int) -> None:
    """Take the size of a newer picture; of two in no order the larger, and put the other aside."""
    if w.worded and not s.newer and total < w.accepted:
        if w.accepted_age != 0:
            w.below = max(w.below, total)
            w.below_age = 0
            for other in w.pictures:
                other.below_newer = 0
        return
    if w.worded and s.newer and not s.below_newer:
        total = max(total, w.below)
    w.accepted = total
    w.accepted_age = 0
    w.below = 0
    w.below_age = 0
    for other in w.pictures:
        other.newer = 0
        other.below_newer = 0


def _hear_filled(w: SizeWorld, s: SizePicture, amount: int) -> None:
    """Take what has filled by a newer picture; of two in no order the larger, likewise."""
    if w.worded and not s.listed_newer and amount < w.listed:
        if w.listed_age != 0:
            w.under = max(w.under, amount)
            w.under_age = 0
            for other in w.pictures:
                other.under_newer = 0
        return
    if w.worded and s.listed_newer and not s.under_newer:
        amount = max(amount, w.under)
    w.listed = amount
    w.listed_age = 0
    w.under = 0
    w.under_age = 0
    for other in w.pictures:
        other.listed_newer = 0
        other.under_newer = 0


def _clear(s: SizePicture) -> None:
    s.phase = Picture.IDLE
    s.age = 0
    s.left = 0
    s.executed = 0
    s.current = 0
    s.newer = 0
    s.listed_newer = 0
    s.below_newer = 0
    s.under_newer = 0
    s.told_newer = 0
