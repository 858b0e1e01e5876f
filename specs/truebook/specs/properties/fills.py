"""The checks of named fills."""

from collections.abc import Iterator

from truebook.model.memory import MemoryWorld
from truebook.model.system import Action, System
from truebook.specs.properties.sentences import Check, Kind


def fills_checks(system: System) -> Iterator[Check]:
    """Yield the checks of named fills."""
    yield Check(
        "position-is-unique-fills",
        "the position is not the fills told or rebased over",
        Kind.STATE,
        position_counts,
    )
    if any(field.path == "filled" for field in system.fields):
        yield Check(
            "filled-is-its-fills",
            "the order shows more or less filled than its fills told or taken over",
            Kind.STATE,
            filled_counts,
        )
    yield Check(
        "no-fill-twice", "the position is more than has executed", Kind.STATE, _memory_not_twice
    )
    yield Check("replay-harmless", "a replay changed the position", Kind.STEP, _memory_replay)
    yield Check("convergence", "the position is not the venue's", Kind.SETTLED, _memory_settled)


def position_counts(w: MemoryWorld) -> bool:
    """Return whether the position is the fills told or rebased over, less those taken back."""
    counted = 0
    for fill in w.fills:
        if fill.time != 0 and (fill.told or fill.time < w.rebased):
            counted = counted + 1
            over = fill.time < w.rebased and fill.busted < w.rebased
            if fill.busted != 0 and (fill.heard or over):
                counted = counted - 1
    return w.position == counted


def filled_counts(w: MemoryWorld) -> bool:
    """Return whether the order shows as filled its fills told, and those rebased over."""
    counted = 0
    for fill in w.fills:
        if fill.time != 0 and (fill.told or fill.time < w.rebased):
            counted = counted + 1
    return w.filled == counted


def _memory_executed(w: MemoryWorld) -> int:
    executed = 0
    for fill in w.fills:
        if fill.time != 0:
            executed = executed + 1
    return executed


def _memory_kept(w: MemoryWorld) -> int:
    kept = _memory_executed(w)
    for fill in w.fills:
        if fill.busted != 0:
            kept = kept - 1
    return kept


def _memory_not_twice(w: MemoryWorld) -> bool:
    return not _memory_executed(w) < w.position


def _memory_replay(before: MemoryWorld, after: MemoryWorld, action: Action) -> bool:
    return not action.name.startswith("tell-again") or before.position == after.position


def _memory_settled(w: MemoryWorld) -> bool:
    return w.position == _memory_kept(w)
