"""What is true of a foreign order besides the properties, and makes them inductive."""

from collections.abc import Iterator
from functools import partial

from truebook.model.foreign import ForeignWorld
from truebook.model.system import System
from truebook.model.vocabulary import Cancel, Picture, Venue
from truebook.specs.proofs.lemmas.lemma import Lemma


def foreign_lemmas(system: System) -> Iterator[Lemma]:
    """Yield the lemmas of a foreign order, and of each snapshot of it."""
    yield from _ORDER
    for n in range(len(system.create().snapshots)):
        snapshot = ("the listing", "the second listing")[n]
        for lemma in _SNAPSHOT:
            yield Lemma(
                lemma.name, lemma.sentence.format(snapshot), partial(lemma.holds, n=n), lemma.needs
            )


def _statuses(w: ForeignWorld) -> bool:
    return w.status in (Venue.UNSENT, Venue.OPEN, Venue.CANCELLED)


def _sent_is_asked(w: ForeignWorld) -> bool:
    if w.cancel == Cancel.SENT:
        young = not w.bounds.delays.expiry < w.sent_age
        return w.asked == 1 and w.cancel_age == w.sent_age and young
    return w.sent_age == 0 and (w.asked == 1 or w.cancel_age == 0)


def _cancelled_by_us(w: ForeignWorld) -> bool:
    return w.cancel not in (Cancel.DONE, Cancel.NOT_OPEN) or w.status == Venue.CANCELLED


def _never_early(w: ForeignWorld) -> bool:
    return not w.asked_early and not w.asked_again


def _candidate_was_seen(w: ForeignWorld) -> bool:
    return not w.seen < w.candidate


def _seen_is_candidate(w: ForeignWorld) -> bool:
    return w.seen == 0 or w.candidate != 0 or w.status == Venue.CANCELLED


def _over_is_recent(w: ForeignWorld) -> bool:
    return not w.over or (w.settling != 0 and not w.asked and w.candidate == 0)


def _over_is_cancelled(w: ForeignWorld) -> bool:
    if w.ended_told and (
        w.cancel != Cancel.NONE or w.asked or w.candidate != 0 or (w.settling != 0 and not w.over)
    ):
        return False
    return w.status == Venue.CANCELLED or (not w.over and not w.ended_told)


def _left_is_never_asked(w: ForeignWorld) -> bool:
    if not w.bounds.leave or not w.keeps.strangers_apart:
        return True
    if w.status == Venue.CANCELLED or w.ended_told:
        return False
    return w.cancel == Cancel.NONE and not w.asked and w.settling == 0 and not w.over


_ORDER = (
    Lemma("statuses", "it is away, open, or cancelled by us", _statuses),
    Lemma("sent-is-asked", "the book knows of a cancel on its way, and its age", _sent_is_asked),
    Lemma("cancelled-by-us", "a cancel that took effect ended it", _cancelled_by_us),
    Lemma("never-early", "it was never asked early or again", _never_early),
    Lemma("candidate-was-seen", "a candidate has been listed as long", _candidate_was_seen),
    Lemma("seen-is-candidate", "listed and not cancelled, it is a candidate", _seen_is_candidate),
    Lemma("over-is-recent", "answered to be over, that was lately", _over_is_recent),
    Lemma("over-is-cancelled", "answered to be over, it is cancelled", _over_is_cancelled),
    Lemma("left-is-never-asked", "left, it was never asked to be cancelled", _left_is_never_asked),
)


def _idle_is_clear(w: ForeignWorld, n: int) -> bool:
    s = w.snapshots[n]
    if s.phase == Picture.IDLE:
        return s.age == 0 and not s.listed and not s.fresh and not s.old_cancel
    if s.phase == Picture.EARLY:
        return not s.fresh and not s.old_cancel and not w.bounds.delays.lag < s.age
    return not w.bounds.timers.listing < s.age and (s.phase == Picture.TAKEN or not s.listed)


def _old_cancel_is_not_sent(w: ForeignWorld, n: int) -> bool:
    return not w.snapshots[n].old_cancel or (w.asked == 1 and w.cancel != Cancel.SENT)


def _listed_before_the_end(w: ForeignWorld, n: int) -> bool:
    s, timers = w.snapshots[n], w.bounds.timers
    if not s.listed or w.status != Venue.CANCELLED or w.asked:
        return True
    if s.phase == Picture.EARLY:
        return timers.listing + timers.lag < w.settling + s.age
    return not s.fresh and (not w.ended_told or timers.listing < w.settling + s.age)


_SNAPSHOT = (
    Lemma("idle-is-clear", "{} shows nothing before it is taken", _idle_is_clear),
    Lemma("old-cancel-is-not-sent", "{} settles a cancel not on its way", _old_cancel_is_not_sent),
    Lemma("listed-before-the-end", "{} lists it from before its end", _listed_before_the_end),
)
