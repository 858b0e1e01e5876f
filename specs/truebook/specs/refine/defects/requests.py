"""Known defects of books that take an answer for that to another request.

They show in the world of the requests of one cloid alone: elsewhere an order is modified once.
"""

from truebook.impl.book import answering, ending, placing
from truebook.specs.refine.defects.known import Defect

DEFECTS_OF_REQUESTS: tuple[Defect, ...] = (
    Defect(
        "refusal drops the next modify",
        "A refusal is taken for that of the modify that is on its way, whatever its number.",
        answering.numbered,
        "if request in (leg.request, leg.course.first_request or None):",
        'if leg.state.name == "PENDING":',
    ),
    Defect(
        "refusal of nobody is believed",
        "A refusal without a number is taken for that of the youngest request.",
        answering.refused,
        "return None",
        "return others[-1] if others else unbound",
    ),
    Defect(
        "shown refusal drops the next",
        "A refusal on the stream is taken for that of the youngest request.",
        answering.streamed,
        "if leg.final:",
        "if leg is hidden[-1]:",
    ),
    Defect(
        "overtaken by its cancel",
        "An order that its cancel has overtaken is taken for over.",
        ending.cancel_over,
        "if not (confirmed or late) and answering.may_be_blind(leg, request):",
        "if False:",
    ),
    Defect(
        "old order stays counted",
        "An order that a failed modify has cancelled stays live.",
        placing._close_replaced,
        "ledger.close(older)",
        "pass",
    ),
)
