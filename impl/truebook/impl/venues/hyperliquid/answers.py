"""Answers to actions: one item for each request of a batch, or one error for all of it."""

from typing import Any, TypeAlias

from msgspec import UNSET

from truebook.impl.venues.hyperliquid.wire import Maybe, Wire


class Resting(Wire, frozen=True):
    """It rests; the answer does not say with what size."""

    oid: int
    cloid: str | Maybe | None = UNSET


class Filled(Wire, frozen=True):
    """It has filled on arrival, which may be less than the size that was asked."""

    total_sz: str
    avg_px: str
    oid: int
    cloid: str | Maybe | None = UNSET


class Outcome(Wire, frozen=True):
    """What came of one request; one of the fields is there."""

    resting: Resting | Maybe = UNSET
    filled: Filled | Maybe = UNSET
    error: str | Maybe = UNSET


Item: TypeAlias = str | Outcome
"""What came of one request: a bare word, as success, waitingForFill, waitingForTrigger; or more."""


class Statuses(Wire, frozen=True):
    """The items, in the order of the requests; there may be fewer."""

    statuses: list[Item]


class OrderResponse(Wire, frozen=True, tag_field="type", tag="order"):
    """What came of orders, or of a batch of modifies."""

    data: Statuses


class CancelResponse(Wire, frozen=True, tag_field="type", tag="cancel"):
    """What came of cancels, by oid or by cloid."""

    data: Statuses


class DefaultResponse(Wire, frozen=True, tag_field="type", tag="default"):
    """It was done; of a modify: without the new oid."""

    data: Any = UNSET


class TwapStatus(Wire, frozen=True):
    """What came of a TWAP: a word, or an object with `running` or `error`."""

    status: str | dict[str, Any]


class TwapOrderResponse(Wire, frozen=True, tag_field="type", tag="twapOrder"):
    """What came of the beginning of a TWAP."""

    data: TwapStatus


class TwapCancelResponse(Wire, frozen=True, tag_field="type", tag="twapCancel"):
    """What came of the end of a TWAP."""

    data: TwapStatus


Response: TypeAlias = (
    OrderResponse | CancelResponse | DefaultResponse | TwapOrderResponse | TwapCancelResponse
)


class Done(Wire, frozen=True, tag_field="status", tag="ok"):
    """The action was executed; what came of each request is in its response."""

    response: Response


class Failed(Wire, frozen=True, tag_field="status", tag="err"):
    """The action was refused as a whole, and nothing of it was executed."""

    response: str


Answer: TypeAlias = Done | Failed
