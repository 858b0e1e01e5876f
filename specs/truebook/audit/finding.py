"""What an audit finds: a promise broken, something missing, something that nobody can know."""

from enum import StrEnum

import attrs

from truebook.audit.seen import Place


class Kind(StrEnum):
    """What a finding is of."""

    POSITION = "position-is-unique-fills"
    ORDERS = "transitions-in-table"
    TWICE = "nothing-sent-twice"
    LOOP = "no-cancel-in-a-loop"
    STRANGER = "own-order-known-as-own"
    LIMIT = "exposure-within-limit"
    LEFT = "no-order-left-behind"
    MISSING = "fills-missing"
    OTHERWISE = "told-otherwise"
    FATE = "fate-unknown"
    UNREADABLE = "unreadable"


SAID = frozenset((Kind.FATE, Kind.UNREADABLE))
"""What breaks no promise; the others make an audit fail."""

SAYS = {
    Kind.POSITION: "The position is the sum of the fills, each once.",
    Kind.ORDERS: "An order takes only the steps of the lifecycle, and fills no more than its size.",
    Kind.TWICE: "What may already live is not sent again.",
    Kind.LOOP: "What is over is not cancelled again and again.",
    Kind.STRANGER: "An order of one's own is not cancelled as unknown while its answer is awaited.",
    Kind.LIMIT: "No more can come to be held than the limit says.",
    Kind.LEFT: "Who has ended has left no order open.",
    Kind.MISSING: "Every fill begins where the one before it ended.",
    Kind.OTHERWISE: "What is told again says the same.",
    Kind.FATE: "What became of each request is known.",
    Kind.UNREADABLE: "Every line can be read.",
}


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that was found: where, of which account and market, and what it is.

    `until` is the line up to which, of what is between two lines.
    """

    kind: Kind
    words: str
    place: Place
    until: Place | None = None
    user: str = ""
    market: str = ""

    @property
    def breaks(self) -> bool:
        """Whether a promise is broken."""
        return self.kind not in SAID


class Held(StrEnum):
    """What is known of a promise."""

    HELD = "held"
    BROKEN = "broken"
    INCONCLUSIVE = "inconclusive"


@attrs.frozen
class Verdict:
    """What is known of a promise, and why it is not known where it is not."""

    promise: str
    held: Held
    why: str = ""
