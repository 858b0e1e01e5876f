"""A fault as data: what the wire does with the n-th message of a kind to, or from, an account."""

from enum import StrEnum
from typing import Final

import attrs


class Do(StrEnum):
    """What is done with a message."""

    LATE = "late"
    LOST = "lost"
    TWICE = "twice"
    AFTER_NEXT = "after the next"
    LIED = "lied"
    CUT = "cut"
    CUT_CLEANLY = "cut cleanly"
    UNSENT = "unsent"
    UNANSWERED = "unanswered"
    TOO_MANY = "429"
    FAILED = "500"
    BAD_GATEWAY = "502"
    OLDER = "older"
    INCOMPLETE = "incomplete"
    EMPTY = "empty"
    UNKNOWN = "unknown"


STREAMED: Final = ("orderUpdates", "userFills", "user")
"""The messages that are streamed to an account, by their channel."""
REQUESTS: Final = ("order", "modify", "batchModify", "cancel", "cancelByCloid")
"""The requests of an account, by the type of their action."""
LISTINGS: Final = ("openOrders", "frontendOpenOrders")
CAN: Final[dict[str, tuple[Do, ...]]] = {
    **dict.fromkeys(
        STREAMED,
        (Do.LATE, Do.LOST, Do.TWICE, Do.AFTER_NEXT, Do.CUT, Do.CUT_CLEANLY),
    ),
    **dict.fromkeys(
        REQUESTS,
        (Do.LATE, Do.UNSENT, Do.UNANSWERED, Do.TOO_MANY, Do.FAILED, Do.BAD_GATEWAY),
    ),
    **dict.fromkeys(LISTINGS, (Do.LATE, Do.OLDER, Do.INCOMPLETE, Do.EMPTY, Do.BAD_GATEWAY)),
    "orderStatus": (Do.LATE, Do.UNKNOWN, Do.BAD_GATEWAY),
    "clearinghouseState": (Do.LATE, Do.BAD_GATEWAY),
}
"""What can be done with each kind of message."""
CAN["orderUpdates"] = (*CAN["orderUpdates"], Do.LIED)
LASTS: Final = (Do.LATE, Do.OLDER, Do.CUT, Do.CUT_CLEANLY, Do.UNSENT, Do.UNANSWERED)
"""What takes a while, of `seconds`."""


def _nth(fault: "Fault", attribute: "attrs.Attribute[int]", value: int) -> None:
    if value < 1:
        raise ValueError(f"the {attribute.name} message of a kind is counted from 1, not {value}")


@attrs.frozen(kw_only=True)
class Fault:
    """What happens to the `nth` message of a kind; a cut, a delay and the like last `seconds`.

    ValueError for what cannot be done with such a message.
    """

    message: str
    nth: int = attrs.field(validator=_nth)
    do: Do = attrs.field(converter=Do)
    seconds: float = 0.0

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be done with such a message."""
        if self.message not in CAN:
            raise ValueError(f"{self.message!r} is no kind of message: {', '.join(CAN)}")
        if self.do not in CAN[self.message]:
            words = ", ".join(CAN[self.message])
            raise ValueError(f"{self.message} cannot be {self.do}: {words}")
        if not 0 <= self.seconds <= 600:
            raise ValueError(f"a fault lasts 0 to 600 seconds, not {self.seconds}")

    def __str__(self) -> str:
        """Return it in words."""
        lasts = f", {self.seconds:g} s" if self.do in LASTS else ""
        return f"{self.message} {self.nth}: {self.do}{lasts}"
