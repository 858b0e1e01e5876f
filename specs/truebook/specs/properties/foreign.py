"""The checks of a foreign order."""

from collections.abc import Iterator

from truebook.model import foreign
from truebook.model.config import Timers
from truebook.model.foreign import ForeignWorld
from truebook.model.system import System
from truebook.model.vocabulary import Cancel, Venue
from truebook.specs.properties.sentences import Check, Kind


def foreign_checks(system: System) -> Iterator[Check]:
    """Yield the checks of a foreign order."""
    order = "the foreign order"
    for name, part, kind, holds in (
        ("no-false-orphan", f"{order} is asked to be cancelled in its grace", Kind.STATE, _grace),
        ("exposure-bounds-truth", f"{order} is listed and not counted", Kind.STATE, _counted),
        ("orphan-cancelled-once", f"{order} is asked to be cancelled again", Kind.STATE, _once),
        ("exposure-is-tight", f"{order} is known to be over and counted", Kind.STATE, _uncounted),
        ("nothing-leaks", f"the book still holds {order}", Kind.SETTLED, _foreign_no_leak),
        ("convergence", f"{order} is still open", Kind.SETTLED, _foreign_gone),
    ):
        yield Check(name, part, kind, holds)
    rounds = rounds_to_cancel(system.create().bounds.timers)
    part = f"{order} is still open, {rounds} quiet rounds after"
    yield Check("recovers", part, Kind.SETTLED, _foreign_gone, rounds=rounds)


def rounds_to_cancel(timers: Timers) -> int:
    """Return within how many quiet rounds an orphan is cancelled, whatever the book was told.

    A cancel that nobody answered must be settled (E + L), the listing be newer than that (L), and
    the grace be over; then the cancel is asked, and takes effect.
    """
    return timers.expiry + 2 * timers.lag + timers.grace + 2


def _grace(w: ForeignWorld) -> bool:
    return not w.asked_early


def _counted(w: ForeignWorld) -> bool:
    if w.misled:
        return True
    return w.seen == 0 or w.status != Venue.OPEN or foreign.exposure(w) == 1


def _once(w: ForeignWorld) -> bool:
    return not w.asked_again


def _uncounted(w: ForeignWorld) -> bool:
    return bool(w.misled) or not w.ended_told or foreign.exposure(w) == 0


def _foreign_no_leak(w: ForeignWorld) -> bool:
    return w.status == Venue.OPEN or (w.candidate == 0 and not w.asked)


def _foreign_gone(w: ForeignWorld) -> bool:
    return w.status != Venue.OPEN and w.cancel == Cancel.NONE
