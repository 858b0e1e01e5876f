"""Ranks of the small worlds: one round is enough there, but where pictures disagree in time."""

from collections.abc import Sequence
from functools import partial

from truebook.model.sizes import SizeWorld
from truebook.model.vocabulary import Picture
from truebook.specs.proofs.ranks.rank import Fact, Limit, Loop, Quiet, Rank
from truebook.specs.properties import Check, Kind


def at_once(checks: Sequence[Check]) -> Quiet:
    """Return that after one round, from whatever state, all holds that is to hold once quiet."""
    settled = [check for check in checks if check.kind is Kind.SETTLED]
    facts = tuple(Fact(f"never: {check.part}", check.holds) for check in settled)
    names = tuple(dict.fromkeys(check.property for check in settled))
    return Quiet(facts, (Rank("0", lambda w: 0, (Limit(names, "1", lambda w: 1),)),))


def size_quiet(w: SizeWorld) -> Quiet:
    """Return what is proved of the quiet rounds of an order whose size the venue changes."""
    delivered = (
        Fact("every fill is told", lambda w: w.told == w.executed, ("tell",)),
        *(
            Fact(f"{slot} picture: {name}", partial(holds, n=n), (f"{action}:{slot}",))
            for n, slot in ((1, "second"), (0, "first"))
            for name, holds, action in (
                ("taken, or there is nothing to take", _none_to_take, "take"),
                ("not on its way", _none_taken, "process"),
            )
        ),
    )
    facts = (
        Fact("no picture is on its way", lambda w: w.left == 0 or w.first.phase == Picture.IDLE),
        Fact("a picture was heard", lambda w: w.left == 0 or w.worded == 1),
    )
    rank = Rank(
        "until a picture is newer than a larger one, and than one put aside meanwhile",
        _until_heard,
        (Limit(("convergence",), "2 L + 3", lambda w: 2 * w.bounds.lag + 3),),
    )
    return Quiet(facts, (rank,), delivered, (Loop("tell", _untold, _most),))


def _none_to_take(w: SizeWorld, n: int) -> bool:
    return w.left == 0 or w.pictures[n].phase != Picture.REQUESTED


def _none_taken(w: SizeWorld, n: int) -> bool:
    return w.pictures[n].phase != Picture.TAKEN and _none_to_take(w, n)


def _untold(w: SizeWorld) -> int:
    return w.executed - w.told


def _most(w: SizeWorld) -> int:
    return max(w.bounds.size, w.bounds.most)


def _until_heard(w: SizeWorld) -> int:
    """Return in at most how many quiet rounds what can trade is as it is at the venue."""
    if w.left == 0:
        return 0
    total = w.bounds.size if w.bounds.original else w.left + w.executed
    shown = total - w.left
    size = _until_newer(w, w.accepted, total, w.accepted_age, w.below)
    return max(size, _until_newer(w, w.listed, shown, w.listed_age, w.under))


def _until_newer(w: SizeWorld, held: int, true: int, age: int, aside: int) -> int:
    """Return when a number of a picture is right: at once if it is too small, else once newer."""
    if held == true:
        return 0
    if held < true:
        return 1
    newer = max(1, w.bounds.lag + 1 - age)
    return newer + (w.bounds.lag + 1 if true < aside else 0)
