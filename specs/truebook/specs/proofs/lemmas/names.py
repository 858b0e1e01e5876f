"""What is true of the orders of one cloid besides the properties, and makes them inductive."""

from collections.abc import Iterator

from truebook.model.names import Known, Life, NameWorld
from truebook.model.system import System
from truebook.model.vocabulary import Venue
from truebook.specs.proofs.lemmas.lemma import Lemma
from truebook.specs.properties import position_is


def names_lemmas(system: System) -> Iterator[Lemma]:
    """Yield the lemmas of the world of names."""
    yield from _NAMES


def _was_open(life: Life) -> bool:
    return life.status == Venue.OPEN or life.status == Venue.CANCELLED


def _one_by_one(w: NameWorld) -> bool:
    for k in range(len(w.lives)):
        life = w.lives[k]
        if (life.status == Venue.UNSENT) != (not k < w.requests):
            return False
        if (life.book == Known.NOTHING) != (not k < w.requests):
            return False
        if k + 1 < w.requests and life.book != Known.FORGOTTEN:
            return False
    return not len(w.lives) < w.requests


def _statuses(w: NameWorld) -> bool:
    return all(life.status not in (Venue.FILLED, Venue.REFUSED) for life in w.lives)


def _told_what_was(w: NameWorld) -> bool:
    for life in w.lives:
        if (life.filled or life.answered) and not _was_open(life):
            return False
        if life.told and not life.filled:
            return False
        if life.other and not life.told:
            return False
        if life.told != life.counted or life.said != life.other:
            return False
    return True


def _bound_to_its_own(w: NameWorld) -> bool:
    for k in range(len(w.lives)):
        life = w.lives[k]
        if life.book in (Known.NOTHING, Known.PENDING) and life.oid != 0:
            return False
        bound = life.book in (Known.LIVE, Known.CLOSED)
        if bound and (life.oid != k + 1 or not _was_open(life)):
            return False
        if life.book == Known.FORGOTTEN and life.oid != 0 and life.oid != k + 1:
            return False
        if life.book == Known.CLOSED and life.status != Venue.CANCELLED:
            return False
    return True


def _forgotten_is_over(w: NameWorld) -> bool:
    for life in w.lives:
        if life.book == Known.FORGOTTEN:
            if life.status not in (Venue.CANCELLED, Venue.LOST):
                return False
            if not life.past and not w.vague:
                return False
        elif life.past:
            return False
    return True


def _sent_is_pending(w: NameWorld) -> bool:
    return all(life.status != Venue.SENT or life.book == Known.PENDING for life in w.lives)


def _idle_is_clear(w: NameWorld) -> bool:
    if w.asked == 0:
        return w.live == 0 and not w.hoped and not w.taken and w.row == 0
    return not w.requests + 1 < w.asked and (bool(w.taken) or w.row == 0)


def _asked_late(w: NameWorld) -> bool:
    for k in range(len(w.lives)):
        life = w.lives[k]
        if k + 1 < w.asked and life.status == Venue.SENT:
            return False
        if w.live == k + 1 and (not k + 1 < w.asked or not _was_open(life)):
            return False
    return True


def _row_of_its_time(w: NameWorld) -> bool:
    for k in range(len(w.lives)):
        life = w.lives[k]
        if w.row == k + 1 and (k + 2 < w.asked or not k < w.requests or not _was_open(life)):
            return False
        if w.taken and k + 1 < w.asked and life.status == Venue.OPEN and w.row != k + 1:
            return False
    return True


_NAMES = (
    Lemma(
        "one-after-the-other",
        "those before a sent order are forgotten",
        _one_by_one,
    ),
    Lemma("statuses-of-names", "an order is sent, open, cancelled or lost", _statuses),
    Lemma("told-of-what-was", "only what happened is told, and so counted", _told_what_was),
    Lemma("bound-to-its-own", "what is bound is bound to its own oid", _bound_to_its_own),
    Lemma(
        "forgotten-is-over",
        "a forgotten order is over, its oid past or vague",
        _forgotten_is_over,
    ),
    Lemma("sent-is-pending", "a request on its way is pending", _sent_is_pending),
    Lemma("idle-is-clear", "a listing not asked for says nothing", _idle_is_clear),
    Lemma(
        "asked-when-none-was-sent",
        "none was on its way when a listing was asked",
        _asked_late,
    ),
    Lemma("row-is-of-its-time", "a listing shows what was open then", _row_of_its_time),
    Lemma("position-counts", "the position is the fills told", position_is),
)
