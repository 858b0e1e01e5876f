"""The 32 statuses of an order, and the two words of an answer for one that waits, in the book's."""

from typing import Final

from truebook.impl.book import OrderStatus

_OPEN, _FILLED, _CANCELLED = OrderStatus.OPEN, OrderStatus.FILLED, OrderStatus.CANCELLED
_REJECTED, _WAITING, _TRIGGERED = OrderStatus.REJECTED, OrderStatus.WAITING, OrderStatus.TRIGGERED

BY_USER: Final = ("canceled", "scheduledCancel")
"""Over, as its owner asked."""

BY_VENUE: Final = (
    "marginCanceled",
    "vaultWithdrawalCanceled",
    "openInterestCapCanceled",
    "selfTradeCanceled",
    "reduceOnlyCanceled",
    "siblingFilledCanceled",
    "delistedCanceled",
    "liquidatedCanceled",
    "outcomeSettledCanceled",
    "internalCancel",
)
"""Over, as the venue would have it; what has filled stays filled."""

NEVER_LIVE: Final = (
    "rejected",
    "tickRejected",
    "minTradeNtlRejected",
    "perpMarginRejected",
    "reduceOnlyRejected",
    "badAloPxRejected",
    "iocCancelRejected",
    "badTriggerPxRejected",
    "marketOrderNoLiquidityRejected",
    "positionIncreaseAtOpenInterestCapRejected",
    "positionFlipAtOpenInterestCapRejected",
    "tooAggressiveAtOpenInterestCapRejected",
    "openInterestIncreaseRejected",
    "insufficientSpotBalanceRejected",
    "oracleRejected",
    "perpMaxPositionRejected",
    "tooManyOpenOrdersRejected",
)
"""It never rested; it has an oid of its own all the same."""

WORDS: Final[dict[str, OrderStatus]] = {
    "open": _OPEN,
    "filled": _FILLED,
    "triggered": _TRIGGERED,
    "waitingForFill": _WAITING,
    "waitingForTrigger": _WAITING,
    **dict.fromkeys((*BY_USER, *BY_VENUE), _CANCELLED),
    **dict.fromkeys(NEVER_LIVE, _REJECTED),
}
"""What each status of the venue says of an order, in the book's words."""


def word_of(status: str) -> OrderStatus | None:
    """Return the book's word for a status; None for one that nobody knows.

    One that is not listed is what its ending says: the venue names new ones so.
    """
    word = WORDS.get(status)
    if word is None and status.endswith("Canceled"):
        return _CANCELLED
    if word is None and status.endswith("Rejected"):
        return _REJECTED
    return word
