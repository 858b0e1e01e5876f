"""Ranks of a foreign order: in how many quiet rounds it is gone, or shown as it is."""

from truebook.model.foreign import ForeignWorld
from truebook.model.vocabulary import Cancel, Picture, Venue
from truebook.specs.proofs.ranks.rank import Fact, Limit, Quiet, Rank
from truebook.specs.properties import rounds_to_cancel


def foreign_quiet(w: ForeignWorld) -> Quiet:
    """Return what is proved of the quiet rounds of a foreign order."""
    facts = (
        Fact("no listing is on its way", lambda w: w.first.phase == Picture.IDLE),
        Fact("none but one taken early is", _second_is_not_coming),
        Fact("no answer to a cancel is on its way", _no_answer),
        Fact("a cancel that nobody answered is not new, nor settled", _unanswered),
    )
    if w.bounds.leave:
        shown = Rank(
            "1 where it is shown otherwise than it is",
            _left,
            (
                Limit(("nothing-leaks", "convergence"), "2", lambda w: 2),
                Limit(("recovers",), "L + 1", lambda w: w.bounds.timers.lag + 1, ("lag",)),
            ),
        )
        return Quiet(facts, (shown,))
    gone = Rank(
        "until its cancel is settled, its grace over, a cancel asked, and that has taken effect",
        rounds_left,
        (
            Limit(
                ("nothing-leaks", "convergence"),
                "E + 2 L + grace + 3",
                lambda w: rounds_to_cancel(w.bounds.timers) + 1,
            ),
            Limit(
                ("recovers",),
                "E + 2 L + grace + 2",
                lambda w: rounds_to_cancel(w.bounds.timers),
                ("lag",),
            ),
        ),
    )
    return Quiet(facts, (gone,))


def _second_is_not_coming(w: ForeignWorld) -> bool:
    return w.second.phase in (Picture.IDLE, Picture.EARLY)


def _no_answer(w: ForeignWorld) -> bool:
    return w.cancel in (Cancel.NONE, Cancel.SENT)


def _unanswered(w: ForeignWorld) -> bool:
    timers = w.bounds.timers
    if not w.asked or w.cancel == Cancel.SENT:
        return True
    return w.cancel_age > 0 and not timers.expiry + timers.lag < w.cancel_age


def _left(w: ForeignWorld) -> int:
    return 0 if (w.status == Venue.OPEN) == (w.candidate != 0) else 1


def rounds_left(w: ForeignWorld) -> int:
    """Return in at most how many quiet rounds a foreign order is gone, and nothing held of it."""
    timers = w.bounds.timers
    if w.cancel == Cancel.SENT:
        return 1
    settled = max(1, timers.expiry + timers.lag + 1 - w.cancel_age)
    if w.status != Venue.OPEN:
        if w.asked:
            return settled
        return 1 if w.candidate != 0 else 0
    if w.asked:
        return settled + max(timers.lag + 1, timers.grace + 1 - w.candidate - settled) + 1
    recent = max(1, w.settling - timers.listing)
    if w.candidate != 0:
        return max(recent, timers.grace + 1 - w.candidate) + 1
    if w.over:
        return recent + timers.grace + 1
    return max(recent, 1 + timers.grace) + 1
