"""The mutants: each breaks one thing on purpose, and must die in the vectors."""

from truebook.oracle.mutants.cancels_and_modifies import CHANGES
from truebook.oracle.mutants.ignored import IGNORED
from truebook.oracle.mutants.knockouts import KNOCKOUTS
from truebook.oracle.mutants.mutant import Mutant
from truebook.oracle.mutants.orphans import ORPHANS
from truebook.oracle.mutants.positions import POSITIONS
from truebook.oracle.mutants.shown import SHOWN
from truebook.oracle.mutants.shown_orders import SHOWN_ORDERS
from truebook.oracle.mutants.timers import TIMERS
from truebook.oracle.mutants.told_answers import ANSWERS
from truebook.oracle.mutants.told_fills import FILLS
from truebook.oracle.mutants.told_listings import LISTINGS
from truebook.oracle.mutants.told_statuses import STATUSES
from truebook.oracle.mutants.unread import UNREAD
from truebook.oracle.mutants.unsaid import UNSAID

FAMILIES = (
    FILLS,
    ANSWERS,
    STATUSES,
    LISTINGS,
    CHANGES,
    ORPHANS,
    POSITIONS,
    TIMERS,
    IGNORED,
    UNREAD,
    UNSAID,
    SHOWN,
    SHOWN_ORDERS,
)

MUTANTS: tuple[Mutant, ...] = tuple(mutant for family in FAMILIES for mutant in family.mutants)


def named(name: str) -> Mutant:
    """Return a mutant, or a way to be without a rule, by its name."""
    return next(mutant for mutant in (*MUTANTS, *KNOCKOUTS) if mutant.name == name)
