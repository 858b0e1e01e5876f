"""A fault as data: what the wire does with the n-th message of a kind to, or from, an account."""

from enum import StrEnum
from typing import Any, Final

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
    HELD = "held"
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
        (Do.LATE, Do.UNSENT, Do.UNANSWERED, Do.TOO_MANY, Do.FAILED, Do.BAD_GATEWAY, Do.HELD),
    ),
    **dict.fromkeys(LISTINGS, (Do.LATE, Do.OLDER, Do.INCOMPLETE, Do.EMPTY, Do.BAD_GATEWAY)),
    "orderStatus": (Do.LATE, Do.UNKNOWN, Do.BAD_GATEWAY),
    "clearinghouseState": (Do.LATE, Do.BAD_GATEWAY),
}
"""What can be done with each kind of message."""
CAN["orderUpdates"] = (*CAN["orderUpdates"], Do.LIED)
LASTS: Final = (Do.LATE, Do.HELD, Do.OLDER, Do.CUT, Do.CUT_CLEANLY, Do.UNSENT, Do.UNANSWERED)
"""What takes a while, of `seconds`."""
MOST_SECONDS: Final = 600


def _nth(fault: "Fault", attribute: "attrs.Attribute[int]", value: Any) -> None:
    if type(value) is not int or value < 1:
        raise ValueError(
            f"the {attribute.name} message of a kind is counted from 1, in whole numbers, not "
            f"{value!r:.40}"
        )


@attrs.frozen(kw_only=True)
class Fault:
    """What happens to the `nth` message of a kind; a cut, a delay and the like last `seconds`.

    ValueError for what cannot be done with such a message.
    """

    message: str
    nth: int = attrs.field(validator=_nth)
    do: Do
    seconds: float = 0.0

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be done with such a message."""
        message, seconds = self.message, self.seconds
        if not isinstance(message, str) or message not in CAN:
            raise ValueError(f"{message!r:.40} is no kind of message: {', '.join(CAN)}")
        if not isinstance(self.do, str) or self.do not in CAN[message]:
            words = ", ".join(CAN[message])
            raise ValueError(f"{message} cannot be {self.do!s:.40}: {words}")
        object.__setattr__(self, "do", Do(self.do))
        if type(seconds) not in (int, float) or not 0 <= seconds <= MOST_SECONDS:
            raise ValueError(f"a fault lasts 0 to 600 seconds, as a number, not {seconds!r:.40}")
        if self.do in (Do.LATE, Do.HELD) and not seconds:
            raise ValueError(f"{message} is {self.do} by some seconds above 0: say how many")
        if seconds and self.do not in LASTS:
            raise ValueError(f"{message} {self.do} lasts no time: leave seconds out")

    def __str__(self) -> str:
        """Return it in words."""
        lasts = f", {self.seconds:g} s" if self.do in LASTS else ""
        return f"{self.message} {self.nth}: {self.do}{lasts}"
