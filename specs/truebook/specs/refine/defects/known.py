"""Known defects: what books got wrong, each as one line of the implementation written otherwise.

They show that what holds the book to the model finds them.
"""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from truebook.impl.book import (
    FillMemory,
    Ledger,
    Orphans,
    ageing,
    ending,
    filling,
    listings,
    orders,
    placing,
    positions,
    waiting,
)


@attrs.frozen
class Defect:
    """One line of one function that says `wrong` in the place of `right`; `says` what that does."""

    name: str
    says: str
    function: Callable[..., Any]
    right: str
    wrong: str

    @property
    def title(self) -> str:
        """What it is about, for readers."""
        return self.name


DEFECTS: tuple[Defect, ...] = (
    Defect(
        "fill counted twice",
        "What an answer says has filled moves the position, and so does the fill.",
        placing._tell,
        "leg.answered = taken",
        "leg.answered = taken; ledger.position += taken if leg.buy else -taken",
    ),
    Defect(
        "fill lost in a cancel",
        "A fill is not recorded on an order whose cancel is on its way.",
        filling.fill,
        "if leg.closed_at is None or not ledger.is_tombstone(leg):",
        'if leg.state.name != "CANCEL_PENDING" and not ledger.is_tombstone(leg):',
    ),
    Defect(
        "late fill dropped",
        "A fill is not recorded on an order that is closed.",
        filling.fill,
        "if leg.closed_at is None or not ledger.is_tombstone(leg):",
        "if leg.closed_at is None:",
    ),
    Defect(
        "fill does not bind",
        "A fill that names its cloid leaves the order pending.",
        filling.fill,
        "if cloid is not None and forms.names_order(oid):",
        "if False:",
    ),
    Defect(
        "known by tid alone",
        "Two fills of one tid are taken for one: the legs of a trade with oneself.",
        FillMemory.knows,
        "if key in self.known:",
        "if any(key[1] == known[1] for known in self.known):",
    ),
    Defect(
        "forgotten fills replay",
        "A fill that is forgotten raises no floor, so it counts again.",
        FillMemory._forget_oldest,
        "self.raise_floor(key[0])",
        "pass",
    ),
    Defect(
        "late answer reopens",
        "An answer that comes after the end of its order makes it live again.",
        placing._answered_again,
        "if not ledger.is_tombstone(leg):",
        "if leg.oid not in ledger.live: ledger.bind(leg, oid)\n    if True:",
    ),
    Defect(
        "presence reopens",
        "A closed order that an old listing still shows is live again.",
        listings._listed,
        "if ledger.is_tombstone(leg):",
        'if leg.state.name == "CANCEL_CONFIRMED": ledger.bind(leg, order.oid)\n'
        "    if ledger.is_tombstone(leg):",
    ),
    Defect(
        "what waits is pending",
        "An answer without an oid to an order that waits is taken for no answer.",
        waiting.accepted,
        "if leg.state in UNBOUND:",
        "if False:",
    ),
    Defect(
        "what waits is dead",
        "An order that waits is over once a listing without such orders lacks it.",
        ending.absent,
        "if leg.terms.wait is Wait.MAY and not covers and not leg.filled:",
        "if False:",
    ),
    Defect(
        "an orphaned child waits",
        "A child still waits although its parent ended with nothing filled.",
        Ledger.settle,
        "if self.waiting and (state is CANCELLED or state is DEAD):",
        "if False:",
    ),
    Defect(
        "a false end stands",
        "An order that was told over stays closed, whatever listings show.",
        listings._listed,
        "if leg.state in CLOSED and _is_newer(ledger, leg, requested_at):",
        "if False:",
    ),
    Defect(
        "forgotten is not ours",
        "A listed order of ours that is forgotten is taken for an orphan.",
        listings._adopt,
        "return _take_up(ledger, order, cloid, None)",
        "return None",
    ),
    Defect(
        "a disputed end is believed",
        "A status closes an order although a listing contradicted it.",
        ending.told,
        "if leg.course.doubted and status is not _OPEN:",
        "if False:",
    ),
    Defect(
        "partial fill ends a cancel",
        "An order with a cancel on its way is over at its first fill.",
        orders.derived,
        "return CANCEL_PENDING",
        "return FILLED_DURING_CANCEL if leg.filled else CANCEL_PENDING",
    ),
    Defect(
        "absence closes at once",
        "An order that a listing lacks is closed, however young it is.",
        ending.absent,
        "if requested_at - leg.open_since > ledger.config.finalized_protection:",
        "if True:",
    ),
    Defect(
        "protection short by a tick",
        "An order that has been open for just L is closed by a listing that lacks it.",
        ending.absent,
        "if requested_at - leg.open_since > ledger.config.finalized_protection:",
        "if requested_at - leg.open_since >= ledger.config.finalized_protection:",
    ),
    Defect(
        "resting size for the size",
        "What an answer says is left is taken for the size of the order.",
        placing.answered,
        "result = FromPending(cloid, oid)",
        "result = FromPending(cloid, oid); leg.size = rest or leg.size",
    ),
    Defect(
        "refusal leaves pending",
        "An order that was refused stays pending.",
        placing.refused,
        "ledger.die(leg, final=True)",
        "pass",
    ),
    Defect(
        "timeout drops",
        "An order that nobody answered for is taken for dead.",
        placing.unknown,
        "pending.reason = reason",
        "ledger.die(pending, final=True)",
    ),
    Defect(
        "position taken over",
        "The venue's position is taken over where it differs.",
        positions.compare,
        "ledger.note(result)",
        "ledger.position = reported",
    ),
    Defect(
        "modify leaves both live",
        "The new order of a modify does not close the old one.",
        Ledger.bind,
        "if replaces and leg.previous is not None:",
        "if False:",
    ),
    Defect(
        "pending not counted",
        "An order whose answer is awaited is not in the exposure.",
        Ledger.settle,
        "exposure = leg.size\n",
        "exposure = ZERO\n",
    ),
    Defect(
        "grace short by a tick",
        "An orphan is asked to be cancelled a tick before its grace is over.",
        Orphans.see,
        "self.config.orphan_grace_period",
        "self.config.orphan_grace_period - 1",
    ),
    Defect(
        "orphan asked again",
        "An orphan is asked to be cancelled by every listing that shows it.",
        Orphans.see,
        "orphan.cancel_at is None",
        "True",
    ),
    Defect(
        "closed orders stay",
        "An order that is over is never forgotten.",
        ageing.age,
        "_forget(ledger, leg)",
        "pass",
    ),
)


def defect_named(name: str) -> Defect:
    """Return a defect by its name."""
    return next(defect for defect in DEFECTS if defect.name == name)


@contextmanager
def planted(defect: Defect) -> Iterator[None]:
    """Let the implementation have a defect, in this process and for as long as this lasts."""
    function: Any = defect.function
    right = function.__code__
    function.__code__ = _code(defect)
    try:
        yield
    finally:
        function.__code__ = right


def _code(defect: Defect) -> Any:
    """Return the code of the function with the line that is wrong."""
    source = textwrap.dedent(inspect.getsource(defect.function))
    if source.count(defect.right) != 1:
        raise ValueError(
            f"the defect {defect.name!r} is of a line that is not once in "
            f"{defect.function.__qualname__}: {defect.right}"
        )
    made: dict[str, Any] = {}
    exec(source.replace(defect.right, defect.wrong), dict(defect.function.__globals__), made)
    return made[defect.function.__name__].__code__
