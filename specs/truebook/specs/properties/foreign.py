"""The checks of a foreign order."""

from collections.abc import Iterator

from truebook.model import foreign
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


def _grace(w: ForeignWorld) -> bool:
    return not w.asked_early


def _counted(w: ForeignWorld) -> bool:
    return w.seen == 0 or w.status != Venue.OPEN or foreign.exposure(w) == 1


def _once(w: ForeignWorld) -> bool:
    return not w.asked_again


def _uncounted(w: ForeignWorld) -> bool:
    return not w.ended_told or foreign.exposure(w) == 0


def _foreign_no_leak(w: ForeignWorld) -> bool:
    return w.status == Venue.OPEN or (w.candidate == 0 and not w.asked)


def _foreign_gone(w: ForeignWorld) -> bool:
    return w.status != Venue.OPEN and w.cancel == Cancel.NONE
