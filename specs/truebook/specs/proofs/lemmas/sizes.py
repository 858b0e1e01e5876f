"""What is true of an order whose size the venue changes, and makes the properties inductive."""

from collections.abc import Iterator

from truebook.model.sizes import SizePicture, SizeWorld
from truebook.model.system import System
from truebook.model.vocabulary import Picture
from truebook.specs.proofs.lemmas.lemma import Lemma

SHOWS = (Picture.EARLY, Picture.TAKEN)


def size_lemmas(system: System) -> Iterator[Lemma]:
    """Yield the lemmas of such an order."""
    yield from _SIZES


def _told_was_executed(w: SizeWorld) -> bool:
    return not w.executed < w.told


def _unplaced_is_empty(w: SizeWorld) -> bool:
    if w.accepted == 0:
        return (
            w.left + w.executed + w.told + w.worded + w.listed + w.below + w.unheard == 0
            and all(s.phase != Picture.REQUESTED and s.phase not in SHOWS for s in w.pictures)
        )
    return True


def _original_is_the_most(w: SizeWorld) -> bool:
    if not w.bounds.original:
        return True
    most = w.bounds.size
    if most < w.executed + w.left or (w.accepted != 0 and w.accepted != most):
        return False
    return all(not most < s.executed + s.left for s in w.pictures)


def _pictures_show_what_was(w: SizeWorld) -> bool:
    for s in w.pictures:
        if w.executed < s.executed:
            return False
        if s.phase in SHOWS:
            if s.left == 0:
                return False
            if s.current and s.executed + s.left < w.executed + w.left:
                return False
        elif s.left + s.executed + s.current != 0:
            return False
    return True


def _early_is_within_the_lag(w: SizeWorld) -> bool:
    return all(
        not w.bounds.lag < s.age if s.phase == Picture.EARLY else s.age == 0 for s in w.pictures
    )


def _flags_are_of_what_is_asked(w: SizeWorld) -> bool:
    for s in w.pictures:
        flags = s.newer + s.listed_newer + s.below_newer + s.under_newer + s.told_newer
        if s.phase not in (Picture.REQUESTED, Picture.TAKEN) and flags != 0:
            return False
        if s.newer and w.accepted_age == 0:
            return False
        if s.below_newer and w.below_age == 0:
            return False
        if s.under_newer and w.under_age == 0:
            return False
        if s.listed_newer and w.listed_age == 0:
            return False
        if s.told_newer and w.told_age == 0:
            return False
    return True


def _ages(w: SizeWorld) -> bool:
    end = w.bounds.lag + 1
    if end < w.accepted_age or end < w.below_age or end < w.listed_age or end < w.told_age:
        return False
    if end < w.under_age or (w.under == 0 and w.under_age != 0):
        return False
    if not w.worded and w.accepted_age + w.listed_age + w.below + w.listed + w.under != 0:
        return False
    if w.below == 0 and w.below_age != 0:
        return False
    return w.told != 0 or w.told_age == 0


def _fills_before_a_picture_are_in_it(w: SizeWorld) -> bool:
    for s in w.pictures:
        if s.phase == Picture.EARLY and s.age < w.told_age and s.executed < w.told:
            return False
        if s.phase == Picture.TAKEN and s.told_newer and s.executed < w.told:
            return False
    return True


def _most(w: SizeWorld) -> bool:
    """No more than was asked, or ever can be, is left, has filled, or is told of."""
    most = w.bounds.size + w.bounds.most
    if most < w.executed + w.left or most < w.accepted or most < w.below or most < w.listed:
        return False
    return all(not most < s.executed + s.left for s in w.pictures)


def _no_more_trades(w: SizeWorld) -> bool:
    return not max(w.bounds.size, w.bounds.most) < w.executed + w.left


def _listed_has_executed(w: SizeWorld) -> bool:
    return w.bounds.original or not w.executed < w.listed


def _below_is_below(w: SizeWorld) -> bool:
    if w.under != 0 and not w.under < w.listed:
        return False
    return w.below == 0 or w.below < w.accepted


def _heard_is_bounded(w: SizeWorld) -> bool:
    if w.unheard:
        return True
    return not w.accepted < w.executed + w.left


def _outdated_lower_nothing(w: SizeWorld) -> bool:
    return bool(w.unheard) or all(_is_guarded(w, s) for s in w.pictures)


def _is_guarded(w: SizeWorld, s: SizePicture) -> bool:
    """Return whether a picture from before the order grew cannot lower its size below what is."""
    if s.phase not in SHOWS or s.current:
        return True
    if not w.worded:
        return False
    aside = w.below != 0 and not w.below < w.executed + w.left
    if s.phase == Picture.EARLY:
        return not s.age < w.accepted_age or (aside and not s.age < w.below_age)
    return not s.newer or (aside and not s.below_newer)


_SIZES = (
    Lemma("told-was-executed", "fills told were executed", _told_was_executed),
    Lemma("unplaced-is-empty", "nothing is known before the order rests", _unplaced_is_empty),
    Lemma("original-is-the-most", "told the original size, it is the most", _original_is_the_most),
    Lemma("pictures-show-what-was", "a picture shows what was", _pictures_show_what_was),
    Lemma("early-within-lag", "an early picture is within the lag", _early_is_within_the_lag),
    Lemma("flags-asked", "what is newer was asked for", _flags_are_of_what_is_asked),
    Lemma("ages", "ages count no further than the lag", _ages),
    Lemma("fills-in-pictures", "older fills are in a picture", _fills_before_a_picture_are_in_it),
    Lemma("most", "nothing comes to more than can be", _most),
    Lemma("no-more-trades", "no more trades than was asked, or than can be", _no_more_trades),
    Lemma("listed-has-executed", "what pictures say has filled has", _listed_has_executed),
    Lemma("below-is-below", "what is put aside is smaller", _below_is_below),
    Lemma("heard-is-bounded", "the size bounds what was heard", _heard_is_bounded),
    Lemma("outdated-lower-nothing", "outdated pictures lower nothing", _outdated_lower_nothing),
)
