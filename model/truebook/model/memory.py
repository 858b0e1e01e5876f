"""A small world of named fills: which of them the book remembers, forgets and counts.

Counting fills, as the world of one order does, hides their identity and their venue times. Here
each fill has both: the book remembers the ids of at most `capacity` fills, and a rebase takes over
the venue's position as of a time.
"""

import attrs
from attrs.validators import ge

from truebook.model.rules import Rules


@attrs.frozen(kw_only=True)
class MemoryBounds:
    """How many fills there are, how many ids are kept, and how late a fill can be.

    `overtaken`: at most this many fills no older than a fill are delivered before it (None:
    without bound). With `self_trade` the first two fills are the two legs of one trade and share
    its tid. With `rebase` the book may take over the venue's position as of a time, and what had
    filled by then of the order that all these fills are of; with `loose_picture` that position may
    hold fills of that very time. With `reversal` the venue may take back a fill.
    """

    fills: int = attrs.field(default=3, validator=ge(1))
    capacity: int = attrs.field(default=1, validator=ge(1))
    times: int = attrs.field(default=2, validator=ge(1))
    overtaken: int | None = 1
    duplicates: int = attrs.field(default=1, validator=ge(0))
    self_trade: bool = False
    rebase: bool = False
    loose_picture: bool = False
    reversal: bool = False


@attrs.define
class Fill:
    """One named fill: its venue time (0: not executed), whether delivered, and the book's memory.

    `busted` is the venue time at which it was reversed (0: it was not), `heard` whether the book
    was told; `undone` is 1 where the book has noted that, 2 where it moved the position for it.
    `place` is 0 where its id is not remembered, else 1; for a book that forgets in the order of
    arrival its place in that order, 1 for the latest.
    """

    time: int = 0
    told: int = 0
    place: int = 0
    busted: int = 0
    heard: int = 0
    undone: int = 0


@attrs.define
class MemoryWorld:
    """The fills, the venue's clock, and the book's floor and position.

    `picture` and `as_of` are a position read from the venue and the time as of which it holds
    (0: none). `rebased` is the latest such time taken over. `filled` is what the book shows as
    filled of the order.
    """

    bounds: MemoryBounds
    keeps: Rules
    f0: Fill = attrs.field(factory=Fill)
    f1: Fill = attrs.field(factory=Fill)
    f2: Fill = attrs.field(factory=Fill)
    f3: Fill = attrs.field(factory=Fill)
    now: int = 1
    floor: int = 0
    position: int = 0
    picture: int = 0
    as_of: int = 0
    rebased: int = 0
    replays: int = 0
    filled: int = 0
    fills: tuple[Fill, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Collect what the bounds let exist."""
        self.fills = (self.f0, self.f1, self.f2, self.f3)[: self.bounds.fills]


def venue_tick(w: MemoryWorld) -> bool:
    """Let the venue's clock show the next time."""
    if w.now == w.bounds.times:
        return False
    w.now = w.now + 1
    return True


def execute(w: MemoryWorld, k: int) -> bool:
    """Execute fill k at the venue's present time; fills are named in the order they happen.

    Fills of one time all overtake each other, so no more share one than may be overtaken.
    """
    if w.fills[k].time != 0 or (k > 0 and w.fills[k - 1].time == 0):
        return False
    if w.bounds.overtaken is not None:
        sharing = 0
        for fill in w.fills:
            if fill.time == w.now:
                sharing = sharing + 1
        if w.bounds.overtaken < sharing:
            return False
    w.fills[k].time = w.now
    return True


def tell_fill(w: MemoryWorld, k: int) -> bool:
    """Deliver fill k for the first time."""
    fill = w.fills[k]
    if fill.time == 0 or fill.told:
        return False
    if w.bounds.overtaken is not None:
        for late in w.fills:
            if late is fill or late.time == 0 or late.told or fill.time < late.time:
                continue
            if w.bounds.overtaken < _overtakers(w, late, fill) + 1:
                return False
    fill.told = 1
    _on_fill(w, k)
    return True


def _overtakers(w: MemoryWorld, late: Fill, next_fill: Fill) -> int:
    """Return how many fills no older than a late one come before it, whatever comes next.

    Those delivered count, and those of its own time that are late with it: one of them is last.
    """
    count = 0
    for fill in w.fills:
        if fill.told:
            if not fill.time < late.time:
                count = count + 1
        elif fill is not late and fill is not next_fill and fill.time == late.time:
            count = count + 1
    return count


def tell_fill_again(w: MemoryWorld, k: int) -> bool:
    """Deliver fill k again, however long ago it was."""
    if not w.fills[k].told or w.replays == w.bounds.duplicates:
        return False
    w.replays = w.replays + 1
    _on_fill(w, k)
    return True


def bust(w: MemoryWorld, k: int) -> bool:
    """Take back fill k at the venue, at its present time."""
    fill = w.fills[k]
    if fill.time == 0 or fill.busted != 0:
        return False
    fill.busted = w.now
    return True


def tell_bust(w: MemoryWorld, k: int) -> bool:
    """Deliver that fill k was taken back; as often as it pleases, before the fill or after."""
    fill = w.fills[k]
    if fill.busted == 0:
        return False
    fill.heard = 1
    if w.keeps.reversal_undoes_once and fill.undone == 0:
        fill.undone = 1
        taken_over = fill.time < w.rebased and fill.busted < w.rebased
        if known(w, k) and not taken_over:
            fill.undone = 2
            w.position = max(0, w.position - 1)  # nothing is sold here, whatever else is wrong
    return True


def read_position(w: MemoryWorld) -> bool:
    """Read the venue's position as of now; unless loose, it holds nothing of this very time."""
    if w.as_of != 0:
        return False
    for fill in w.fills:
        if fill.time == w.now and not w.bounds.loose_picture:
            return False
        if fill.busted == w.now:
            return False
    w.as_of = w.now
    for fill in w.fills:
        if fill.time != 0 and fill.busted == 0:
            w.picture = w.picture + 1
    return True


def rebase(w: MemoryWorld) -> bool:
    """Take over the venue's position, plus the fills known since it held."""
    if w.as_of == 0:
        return False
    if w.keeps.position_by_fills:
        if w.floor < w.as_of and not _awaits_the_reversed(w):
            w.position = w.picture
            for fill in w.fills:
                if fill.place != 0 and not fill.time < w.as_of:
                    w.position = w.position + 1
                if fill.undone == 2 and not (fill.time < w.as_of and fill.busted < w.as_of):
                    w.position = max(0, w.position - 1)
            _start(w)
            w.floor = max(w.floor, w.as_of - 1)
            w.rebased = w.as_of
    else:
        w.position = w.picture
        w.rebased = w.as_of
    w.picture = 0
    w.as_of = 0
    return True


def _awaits_the_reversed(w: MemoryWorld) -> bool:
    """Return whether a fill of the picture was taken back since, and has not come."""
    for k in range(len(w.fills)):
        fill = w.fills[k]
        since = fill.time < w.as_of and not fill.busted < w.as_of
        if fill.undone == 1 and since and not known(w, k):
            return True
    return False


def _start(w: MemoryWorld) -> None:
    """Take what had filled by the time of the picture as filled, with the fills known since."""
    if w.keeps.start_from_the_picture:
        w.filled = 0
        for fill in w.fills:
            if fill.time != 0 and (fill.time < w.as_of or fill.place != 0):
                w.filled = w.filled + 1


def known(w: MemoryWorld, k: int) -> bool:
    """Return whether the book takes fill k for one that it has counted."""
    fill = w.fills[k]
    if fill.place != 0:
        return True
    if w.bounds.self_trade and k < 2 and not w.keeps.fills_move_position:
        # The plan takes the tid alone for the identity of a fill.
        return w.fills[1 - k].place != 0
    return w.keeps.eviction_floor and not w.floor < fill.time


def _on_fill(w: MemoryWorld, k: int) -> None:
    if known(w, k):
        return
    if w.fills[k].undone == 0:
        w.position = w.position + 1
    else:
        w.fills[k].undone = 2
    w.filled = w.filled + 1
    if not w.keeps.eviction_floor:
        for fill in w.fills:
            if fill.place != 0:
                fill.place = fill.place + 1
    w.fills[k].place = 1
    kept = 0
    for fill in w.fills:
        if fill.place != 0:
            kept = kept + 1
    if w.bounds.capacity < kept:
        _forget_oldest(w)


def _forget_oldest(w: MemoryWorld) -> None:
    """Forget the oldest by venue time and raise the floor; without the rule, the first to come."""
    oldest = 0
    for k in range(len(w.fills)):
        one, other = w.fills[oldest], w.fills[k]
        if other.place != 0:
            older = other.time < one.time if w.keeps.eviction_floor else one.place < other.place
            if one.place == 0 or older:
                oldest = k
    if w.keeps.eviction_floor:
        w.floor = max(w.floor, w.fills[oldest].time)
    w.fills[oldest].place = 0
