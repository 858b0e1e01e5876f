"""The named properties, each a sentence, and the form of the checks that they come to.

A safety check is of a state or of a step; a check of the settled state is of what a state comes
to once the environment goes quiet.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

import attrs


@attrs.frozen
class Property:
    """What must hold of a book, as a sentence."""

    name: str
    sentence: str


PROPERTIES: tuple[Property, ...] = (
    Property(
        "tracked-or-in-grace",
        "Every order of ours open at the venue is tracked, pending, or an orphan in its grace.",
    ),
    Property(
        "position-is-unique-fills",
        "The position is the sum of the distinct fills told, as received and not taken back.",
    ),
    Property("no-fill-twice", "No fill is counted more than once."),
    Property(
        "filled-is-its-fills",
        "What an order shows as filled is at least its fills told and at most what has executed.",
    ),
    Property("state-agrees-with-fills", "An order's state agrees with what it shows as filled."),
    Property(
        "transitions-in-table",
        "Every change of an order's state is a row of the lifecycle table; terminal is final.",
    ),
    Property(
        "no-false-orphan",
        "The book never asks to cancel as an orphan an order that is ours and wanted, nor one "
        "still in its grace.",
    ),
    Property("no-live-order-dropped", "An order known to the book is not closed while it is open."),
    Property("identity", "A cloid resolves to its oid, and to one chain of oids."),
    Property(
        "exposure-bounds-truth",
        "Position, exposure and unsettled together bound what has traded and what still can.",
    ),
    Property(
        "orphan-cancelled-once",
        "An orphan is asked to be cancelled again only after that request failed.",
    ),
    Property("replay-harmless", "Delivering a fill again changes nothing in the book."),
    Property("confluence", "Messages commute, and repeat harmlessly."),
    Property("exposure-is-tight", "Nothing known not to exist is counted in the exposure."),
    Property("nothing-leaks", "Once quiet, the book holds nothing of an order that is over."),
    Property(
        "convergence",
        "Once quiet, the book shows the venue's open orders and position, and nothing is pending.",
    ),
    Property(
        "strangers-left-alone",
        "Where orders that are not ours are left, none of them is ever asked to be cancelled or "
        "counted as ours.",
    ),
    Property(
        "recovers",
        "Whatever the book was told, true words lead it back to the truth within a stated number "
        "of quiet rounds, and it says where it was contradicted.",
    ),
)

CONFLUENCE_EXCEPTION = (
    "Two listings that show a foreign order differently do not commute: the one without it starts "
    "its grace afresh, and asking to cancel it is an act that later news cannot take back."
)

PROPERTY_NAMES: tuple[str, ...] = tuple(p.name for p in PROPERTIES)

SETTLED = ("nothing-leaks", "convergence", "recovers")
"""These speak of what comes once quiet."""

QUIET = "quiet"
"""The name of the assumption that SETTLED makes, which is one of fairness."""

QUIET_SENTENCE = (
    "From some moment on nothing new happens: in each round all that is on its way arrives, the "
    "clock ticks, and a listing is asked for and handed over."
)


class Kind(Enum):
    """What a check looks at."""

    STATE = "state"
    STEP = "step"
    SETTLED = "settled"
    COMMUTE = "commute"
    REPEAT = "repeat"


def always(*_: Any) -> bool:
    """Return that it is so."""
    return True


@attrs.frozen
class Check:
    """One part of a property in one world, in words, as a predicate that must be true.

    STATE and SETTLED predicates take a world; STEP predicates the world before, the world after
    and the action. For COMMUTE the engine compares both orders of the two `actions`; for REPEAT it
    puts the message of the action back on the wire, delivers it again, and compares the book; both
    only in states in which `when` is true. A SETTLED check with `rounds` is of what a state comes
    to in so many quiet rounds; without, of what it comes to in the end. A check of a composition
    has in `own` the check of its order.
    """

    property: str
    part: str
    kind: Kind
    holds: Callable[..., bool] = attrs.field(default=always, repr=False)
    actions: tuple[str, ...] = ()
    when: Callable[[Any], bool] = attrs.field(default=always, repr=False)
    rounds: int | None = None
    order: int | None = None
    own: "Check | None" = attrs.field(default=None, repr=False)

    def described(self) -> "Check":
        """Return the check without its predicate, which cannot go from process to process."""
        return Check(self.property, self.part, self.kind, order=self.order)

    def of_field(self, path: str) -> bool:
        """Return whether a field is one of the order that the check is of (None: the only one)."""
        return self.order is None or path.startswith(f"o{self.order}.")
