"""What the venue says of an order's size, and of what can still trade of it, as of a time.

What was asked, what the venue accepted, what it says can still trade, and what filled are four
facts. An order counts with what the venue accepted; where that is not told, with what was asked.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from truebook.impl.book.exact import ZERO, add, subtract

if TYPE_CHECKING:
    from truebook.impl.book.orders import Leg


@attrs.frozen(kw_only=True)
class Heard:
    """A number as pictures of an order show it, and when it was heard.

    `below` is the largest of smaller ones heard since, at `below_at`, of pictures that need not be
    newer.
    """

    value: Decimal
    at: int | None = None
    below: Decimal = ZERO
    below_at: int | None = None

    def is_older(self, asked_at: int, lag: int) -> bool:
        """Return whether a picture asked for at a time is newer, as it is by more than the lag."""
        return self.at is None or asked_at - self.at > lag

    def hear(self, value: Decimal, *, newer: bool, asked_at: int, now: int, lag: int) -> "Heard":
        """Take the number of a newer picture; of two in no order the larger."""
        if not newer and value < self.value:
            if self.at is not None and self.at < now:
                return attrs.evolve(self, below=max(self.below, value), below_at=now)
            return self
        if newer and self.below_at is not None and not asked_at - self.below_at > lag:
            value = max(value, self.below)
        return Heard(value=value, at=now)


@attrs.frozen(kw_only=True)
class Sized:
    """What the venue's pictures of an order came to.

    `asked` is the size that we asked for last; `accepted` the size by the venue, what has filled
    included. `carried` is what had filled before an amend that the venue's own size does not count.
    `listed` is what pictures say has filled; `told` what other words say has. `amended`: it was
    amended in place, and no picture has shown yet what of it had filled.
    """

    asked: Decimal
    accepted: Heard
    listed: Heard = Heard(value=ZERO)
    carried: Decimal = ZERO
    told: Decimal = ZERO
    amended: bool = False


def known(leg: "Leg") -> Sized:
    """Return what is known of an order's size."""
    if leg.sized is not None:
        return leg.sized
    return Sized(asked=leg.size, accepted=Heard(value=leg.size), told=leg.stated)


def let_be(leg: "Leg", size: Decimal) -> None:
    """Let an order have a size that no picture has to show first."""
    leg.size = size
    if leg.sized is not None:
        accepted = attrs.evolve(leg.sized.accepted, value=size)
        leg.sized = attrs.evolve(leg.sized, asked=size, accepted=accepted)


def most(leg: "Leg") -> Decimal:
    """Return the largest size that an order was ever known by: a word above that cannot be."""
    return leg.size if leg.sized is None else max(leg.size, leg.sized.asked)


def seen(leg: "Leg") -> Decimal:
    """Return what the fills recorded come to."""
    return add(leg.taker, leg.maker)


def stated(leg: "Leg", sized: Sized) -> Decimal:
    """Return what the venue said has filled.

    What is gone between two pictures has filled, or can trade no more: a last word that says how
    much has filled tells which.
    """
    return sized.told if leg.ended is not None else max(sized.told, sized.listed.value)


def say(leg: "Leg", filled: Decimal) -> None:
    """Note what the venue says has filled; a last word that said less was none."""
    if leg.stated < filled:
        leg.stated = filled
        leg.final = False
    if leg.sized is not None and leg.sized.told < filled:
        leg.sized = attrs.evolve(leg.sized, told=filled)


def pictured(
    leg: "Leg", size: Decimal | None, left: Decimal | None, *, asked_at: int, now: int, lag: int
) -> Sized:
    """Return what is known once a picture asked for at a time shows a size, and what is left.

    A picture asked for more than the lag after the word before is newer, and is believed. Of two
    that are in no order the larger size counts, and the larger amount filled, so that the sums
    bound what has traded and still can. One asked for before it was amended says nothing of what it
    is since.
    """
    sized = known(leg)
    if leg.course.first_request and asked_at < leg.request_at:
        return sized
    total, executed = _amounts(sized, size, left)
    short = left is not None and executed < seen(leg)
    fills_are_older = leg.filled_at is not None and asked_at - leg.filled_at > lag
    resized = total != sized.accepted.value and leg.closed_at is None
    changed = leg.course.first_request > 0 or resized
    if short and changed and fills_are_older and not leg.over:
        # The venue's size does not count them all: they filled before it was amended.
        missing = subtract(seen(leg), executed)
        sized = attrs.evolve(sized, carried=add(sized.carried, missing))
        total, executed = add(total, missing), add(executed, missing)
        short = False
    times = {"asked_at": asked_at, "now": now, "lag": lag}
    listed = sized.listed
    if left is not None:
        listed = listed.hear(executed, newer=listed.is_older(asked_at, lag), **times)
    sized = attrs.evolve(sized, listed=listed)
    unsure = short and sized.amended  # whether what filled before the amend counts in its size
    newer = sized.accepted.at is None or (sized.accepted.is_older(asked_at, lag) and not unsure)
    if not newer and asked_at < leg.request_at:
        return sized
    accepted = sized.accepted.hear(total, newer=newer, **times)
    return attrs.evolve(sized, accepted=accepted, amended=sized.amended and not newer)


def _amounts(sized: Sized, size: Decimal | None, left: Decimal | None) -> tuple[Decimal, Decimal]:
    """Return the whole size that a picture shows, and what has filled of it."""
    if size is not None:
        total = add(size, sized.carried)
    else:
        assert left is not None
        total = max(sized.accepted.value, add(left, sized.carried))
    return total, ZERO if left is None else subtract(total, left)
