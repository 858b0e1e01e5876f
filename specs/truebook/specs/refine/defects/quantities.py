"""Known defects of books that take sizes, beginnings and reversals for what they are not.

They show in the small worlds of these alone: elsewhere no size changes, and no fill is taken back.
"""

from truebook.impl.book import changing, sizing, starting
from truebook.specs.refine.defects.known import Defect

DEFECTS_OF_QUANTITIES: tuple[Defect, ...] = (
    Defect(
        "older size believed",
        "A picture that need not be newer lowers the size of an order.",
        sizing.Heard.hear,
        "if not newer and value < self.value:",
        "if False:",
    ),
    Defect(
        "begins with nothing filled",
        "What had filled of an order that a book begins with is waited for.",
        starting.begin,
        "_hold(ledger, leg, subtract(filled, before))",
        "subtract(filled, before)",
    ),
    Defect(
        "reversal undone twice",
        "A fill that was taken back is taken out of the position each time that is told.",
        changing.change,
        "if before is not None and not _is_later(before, found):",
        "if before is not None and before == found:",
    ),
)
