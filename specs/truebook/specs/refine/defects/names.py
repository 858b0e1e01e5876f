"""Known defects of books that take an old word for a new one.

They show in the world of names alone: elsewhere no cloid is used again.
"""

from truebook.impl.book import claiming, repeats
from truebook.specs.refine.defects.known import Defect

DEFECTS_OF_NAMES: tuple[Defect, ...] = (
    Defect(
        "an old oid binds",
        "A word of an order that is forgotten binds the next order of its cloid.",
        claiming.claim,
        "if head is None or oid in ledger.past.by_oid:",
        "if head is None:",
    ),
    Defect(
        "a difference is dropped",
        "A fill that is told again with another size is taken for a replay, without a word.",
        repeats._report,
        "if ledger.memory.dispute(key, about):",
        "if False:",
    ),
)
