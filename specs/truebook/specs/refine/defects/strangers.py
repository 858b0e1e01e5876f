"""Known defects of books that do not leave what is not theirs.

They show in the world of a stranger who is left alone: elsewhere the policy is to cancel.
"""

from truebook.impl.book import BookReader, Orphans
from truebook.specs.refine.defects.known import Defect

DEFECTS_OF_STRANGERS: tuple[Defect, ...] = (
    Defect(
        "a stranger is cancelled",
        "An order that is not ours is asked to be cancelled, although such are to be left.",
        Orphans.see,
        "self.config.strangers is Strangers.CANCEL",
        "True",
    ),
    Defect(
        "a stranger is ours",
        "What an order that is not ours can trade is counted as ours, although such are left.",
        BookReader.pending_exposure,
        "if ledger.config.strangers is not Strangers.LEAVE:",
        "if True:",
    ),
)
