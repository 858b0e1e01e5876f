"""What a bot does wrong: the promise that breaks, in words, and the rule that would keep it."""

from enum import StrEnum

import attrs


class Promise(StrEnum):
    """What a bot must not break, whatever the wire does; the first are the book's own."""

    POSITION = "position-is-unique-fills"
    TWICE = "no-fill-twice"
    DROPPED = "no-live-order-dropped"
    OPEN = "convergence"
    LIMIT = "exposure-bounds-truth"
    LEFT = "no-order-left-behind"
    AGAIN = "nothing-sent-twice"
    LOOP = "no-cancel-in-a-loop"
    SILENT = "never-silent"
    CRASHED = "never-ends-by-itself"
    KILLED = "ends-when-asked"


@attrs.frozen
class Breach:
    """A promise that a bot has broken, and how; `rule` is the book's that keeps it, if one does."""

    promise: Promise
    words: str
    rule: str = ""
