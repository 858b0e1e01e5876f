"""How far a snapshot has come, whatever it shows: asked for, taken, too old."""

from typing import Protocol

from truebook.model.config import Bounds
from truebook.model.vocabulary import Picture


class Snapshot(Protocol):
    """A snapshot in some world: its phase, and the ticks since that began."""

    phase: int
    age: int


def ask(s: Snapshot) -> bool:
    """Ask for it; one that a lagging reader took before is taken already."""
    if s.phase == Picture.IDLE:
        s.phase = Picture.REQUESTED
    elif s.phase == Picture.EARLY:
        s.phase = Picture.TAKEN
    else:
        return False
    s.age = 0
    return True


def can_read_early(s: Snapshot, bounds: Bounds) -> bool:
    """Return whether a lagging reader can take it before it is asked for."""
    return s.phase == Picture.IDLE and bounds.delays.lag != 0


def is_coming(s: Snapshot) -> bool:
    """Return whether it was asked for and has not come."""
    return s.phase in (Picture.REQUESTED, Picture.TAKEN)


def grow_older(s: Snapshot, bounds: Bounds) -> bool:
    """Let it age by one tick; return False where it is too old for that, and has failed."""
    if s.phase == Picture.IDLE:
        return True
    limit = bounds.delays.lag if s.phase == Picture.EARLY else bounds.timers.listing
    if s.age < limit:
        s.age = s.age + 1
        return True
    return False
