"""The checks of an order whose size the venue changes under its oid."""

from collections.abc import Iterator

from truebook.model.sizes import SizeWorld, exposure, filled, unsettled
from truebook.model.system import System
from truebook.specs.properties.sentences import Check, Kind


def size_checks(system: System) -> Iterator[Check]:
    """Yield the checks of such an order."""
    yield Check(
        "exposure-bounds-truth",
        "more has traded and can than the book says, of what a picture has shown",
        Kind.STATE,
        sums_bound,
    )
    yield Check(
        "no-live-order-dropped",
        "nothing of an open order can trade, as the book has it",
        Kind.STATE,
        lambda w: w.unheard or w.left == 0 or exposure(w) + unsettled(w) != 0,
    )
    yield Check(
        "filled-is-its-fills",
        "the order shows less filled than its fills told, or more than has executed",
        Kind.STATE,
        filled_is_executed,
    )
    yield Check(
        "convergence",
        "what can trade of an open order is not what is left",
        Kind.SETTLED,
        lambda w: w.left == 0 or exposure(w) == w.left,
    )


def sums_bound(w: SizeWorld) -> bool:
    """Return whether the sums bound what has traded and still can."""
    return bool(w.unheard) or not w.told + exposure(w) + unsettled(w) < w.executed + w.left


def filled_is_executed(w: SizeWorld) -> bool:
    """Return whether what shows as filled is what has; told the original size, it may be more."""
    return not filled(w) < w.told and (w.bounds.original or not w.executed < filled(w))
