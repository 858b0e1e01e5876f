"""What is true of named fills besides the properties, and makes them inductive."""

from collections.abc import Iterator
from functools import partial

from truebook.model.memory import MemoryWorld
from truebook.model.system import System
from truebook.specs.proofs.lemmas.lemma import Lemma
from truebook.specs.properties import filled_counts, position_counts


def fills_lemmas(system: System) -> Iterator[Lemma]:
    """Yield the lemmas of named fills."""
    shows_filled = any(field.path == "filled" for field in system.fields)
    yield from (known for known in _FILLS if shows_filled or known.name != "filled-counts")
    for k in range(len(system.create().fills)):
        late = partial(_overtaken_by_few, k=k)
        yield Lemma("overtaken-by-few", f"fill {k + 1}, late, is overtaken by few", late)


def _in_order(w: MemoryWorld) -> bool:
    for k in range(1, len(w.fills)):
        before, fill = w.fills[k - 1], w.fills[k]
        if fill.time != 0 and (before.time == 0 or fill.time < before.time):
            return False
    return all(not w.now < fill.time for fill in w.fills)


def _remembered_was_told(w: MemoryWorld) -> bool:
    for fill in w.fills:
        if fill.place != 0 and (fill.place != 1 or not fill.told):
            return False
        if fill.told and fill.time == 0:
            return False
    return True


def _forgotten_is_below(w: MemoryWorld) -> bool:
    return all(not fill.told or fill.place != 0 or not w.floor < fill.time for fill in w.fills)


def _untold_is_above(w: MemoryWorld) -> bool:
    return all(
        fill.time == 0 or fill.told or w.floor < fill.time or fill.time < w.rebased
        for fill in w.fills
    )


def _full_at_the_floor(w: MemoryWorld) -> bool:
    sharing = 0
    for fill in w.fills:
        if fill.time == w.now:
            sharing = sharing + 1
    return w.floor < w.now or w.bounds.overtaken is None or w.bounds.overtaken < sharing


def _overtaken_by_few(w: MemoryWorld, k: int) -> bool:
    """Of those of its own time that are late with it, one is the last."""
    late = w.fills[k]
    if late.time == 0 or late.told or w.bounds.overtaken is None:
        return True
    overtaking = 0
    for fill in w.fills:
        if fill is not late:
            if fill.told:
                if not fill.time < late.time:
                    overtaking = overtaking + 1
            elif fill.time == late.time:
                overtaking = overtaking + 1
    return not w.bounds.overtaken < overtaking


def _picture_is_of_its_time(w: MemoryWorld) -> bool:
    if w.as_of == 0:
        return w.picture == 0
    shown = 0
    for fill in w.fills:
        kept = fill.busted == 0 or not fill.busted < w.as_of
        if fill.time != 0 and fill.time < w.as_of and kept:
            shown = shown + 1
    return w.picture == shown and not w.now < w.as_of


def _busted_after_it_happened(w: MemoryWorld) -> bool:
    for fill in w.fills:
        if fill.busted != 0 and (fill.time == 0 or fill.busted < fill.time or w.now < fill.busted):
            return False
        if fill.heard and fill.busted == 0:
            return False
    return True


def _undone_if_heard(w: MemoryWorld) -> bool:
    return all((fill.undone != 0) == (fill.heard != 0) for fill in w.fills)


def _undone_moved_what_was_counted(w: MemoryWorld) -> bool:
    for fill in w.fills:
        counted = fill.told or fill.time < w.rebased
        over = fill.time < w.rebased and fill.busted < w.rebased
        if fill.undone == 2 and not counted:
            return False
        if fill.undone == 1 and counted and not over:
            return False
    return True


def _rebased_below_the_floor(w: MemoryWorld) -> bool:
    return not w.floor + 1 < w.rebased and not w.now < w.rebased and not w.now < w.floor


_FILLS = (
    Lemma("in-order", "fills are named in the order they happen", _in_order),
    Lemma("remembered-was-told", "only fills told are remembered", _remembered_was_told),
    Lemma("forgotten-is-below", "forgotten fills are below the floor", _forgotten_is_below),
    Lemma("full-at-the-floor", "no more fills happen at the time of the floor", _full_at_the_floor),
    Lemma("untold-is-above", "fills not told are above the floor", _untold_is_above),
    Lemma("position-counts", "the position is the fills told or rebased over", position_counts),
    Lemma("filled-counts", "the order shows its fills told or rebased over", filled_counts),
    Lemma("busted-after", "a fill is taken back after it happened", _busted_after_it_happened),
    Lemma("undone-if-heard", "a fill is undone if that was told", _undone_if_heard),
    Lemma(
        "undone-was-counted",
        "the position moved for what was taken back of what was counted",
        _undone_moved_what_was_counted,
    ),
    Lemma("picture-is-of-its-time", "a position read is as of its time", _picture_is_of_its_time),
    Lemma("rebased-below-the-floor", "the floor follows a rebase", _rebased_below_the_floor),
)
