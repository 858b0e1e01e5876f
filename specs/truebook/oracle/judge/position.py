"""Which promise a position breaks: by how it came to be wrong, and not by its sum alone.

The sum does not tell a buy that is counted twice from a sale that is lost. So what is wrong is
judged by the step after which it is wrong by more than before, and stays what it was until then.
"""

from collections.abc import Iterator
from decimal import Decimal

from truebook.oracle.cases import SIDES
from truebook.oracle.judge.deviation import ABOVE, CHANGED, EARLY, MISSING, Deviation
from truebook.oracle.judge.look import Look


def broken_in_position(look: Look) -> Iterator[Deviation]:
    """Yield the promise that a position breaks, if it is not the sum of the fills told."""
    excess = look.excess
    if excess:
        way = _way(look, excess)
        promise = "no-fill-twice" if way == ABOVE else "position-is-unique-fills"
        told, shown = str(look.truth.position), look.shown["position"]
        yield Deviation("position", way, "", told, shown, promise, excess)


def _way(look: Look, excess: Decimal) -> str:
    """Return how a position is wrong; what was counted early is counted twice once it is told."""
    before = look.excess_before
    side = _side(excess)
    same = bool(before) and _side(before) == side and abs(excess) <= abs(before)
    way = (look.way_before if same else "") or _begun(look, excess)
    twice = abs(excess) > look.untold(side) and look.told(side)
    return ABOVE if way == EARLY and twice else way


def _begun(look: Look, excess: Decimal) -> str:
    """Return how a position that was right before, or less wrong, came to be wrong."""
    kind, side = look.event["type"], _side(excess)
    if kind in ("reversal", "correction"):
        return CHANGED
    grown = excess - look.excess_before
    if kind == "fill" and grown:
        if _side(grown) != look.event["side"]:
            return MISSING  # it moves the position by less than its size, or not at all
        again = look.told_before is not None and look.told_before == look.truth.position
        return ABOVE if again else EARLY
    (other,) = (one for one in SIDES if one != side)
    lacks = look.told(other) and not look.truth.traded.get(side)
    return MISSING if lacks and not look.early(side) else EARLY


def _side(amount: Decimal) -> str:
    return "buy" if amount > 0 else "sell"
