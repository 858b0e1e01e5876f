"""The answer to a batch, told to the books: an item for each request, in their order.

What was asked for and has no item has no known outcome: the array may be shorter than the batch.
One error of the whole is that of each. What cannot be read proves nothing.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from truebook.impl.account import Account, MarketKey
from truebook.impl.book import (
    ZERO,
    CancelRequested,
    ModifyRequested,
    OldOrder,
    Order,
    UnifiedOrderBook,
    spread_batch,
    subtract,
)
from truebook.impl.venues.hyperliquid import numbers
from truebook.impl.venues.hyperliquid.answers import (
    Answer,
    CancelResponse,
    DefaultResponse,
    Done,
    Failed,
    Filled,
    Item,
    OrderResponse,
    Outcome,
    Resting,
)
from truebook.impl.venues.hyperliquid.reading import Unreadable
from truebook.model.vocabulary import TimeInForce

_Asked = TypeVar("_Asked", Order, CancelRequested, ModifyRequested)

NOT_OPEN: Final = "Order was never placed, already canceled, or filled"
"""Of a cancel: the order is not open, and nothing else is known of it."""
NOT_MODIFIED: Final = "Cannot modify canceled or filled order"
"""Of a modify: nothing was done; the order may be over."""
NOT_REPLACED: Final = "Error placing new order during modify"
"""Of a modify: the order was cancelled, and there is no other."""
EXPIRED: Final = "Action already expired"
"""Of any action: it can never take effect."""
BEFORE_EXECUTION: Final = (
    "Price must be divisible by tick size",
    "Order has invalid size",
    "Order has invalid price",
    "Invalid TP/SL price",
    "Unexpected number of trigger orders",
)
"""Errors that are found before anything is executed: alone in an answer, one is of the batch."""


def is_certain(error: str) -> bool:
    """Return whether an error of a whole action says that nothing of it was executed.

    One that names the nonce may be of a request that was sent before: that may have landed.
    """
    return "nonce" not in error.lower()


@attrs.frozen
class _Whole:
    """The batch was refused, and nothing of it was executed."""

    error: str


@attrs.frozen
class _Nobody:
    """Nobody knows what came of it."""

    why: str


_Word: TypeAlias = Item | _Whole | _Nobody | DefaultResponse
Told: TypeAlias = tuple[tuple[MarketKey, Any], ...]
"""What each book answered, with its market, in the order of the requests."""


def tell_placed(
    account: Account,
    asked: Sequence[tuple[MarketKey, Order]],
    answer: Answer | Unreadable | None,
    *,
    now: int,
) -> Told:
    """Tell what came of orders, each as the book showed it once it was registered.

    `answer` is None where none came. One with more items than were asked for is of something else.
    """
    return _tell(account, asked, answer, _placed, now)


def tell_cancelled(
    account: Account,
    asked: Sequence[tuple[MarketKey, CancelRequested]],
    answer: Answer | Unreadable | None,
    *,
    now: int,
) -> Told:
    """Tell what came of cancels; see `tell_placed`."""
    return _tell(account, asked, answer, _cancelled, now)


def tell_modified(
    account: Account,
    asked: Sequence[tuple[MarketKey, ModifyRequested]],
    answer: Answer | Unreadable | None,
    *,
    now: int,
) -> Told:
    """Tell what came of modifies; see `tell_placed`."""
    return _tell(account, asked, answer, _modified, now)


# Within


def _tell(
    account: Account,
    asked: Sequence[tuple[MarketKey, _Asked]],
    answer: Answer | Unreadable | None,
    tell: Callable[[UnifiedOrderBook, _Asked, _Word, int], Any],
    now: int,
) -> Told:
    items: Sequence[_Word | None] = _items(answer, len(asked))
    nobody = _Nobody("no item of the answer")
    words: Sequence[tuple[tuple[MarketKey, _Asked], _Word | None]] = spread_batch(asked, items)
    return tuple(
        (key, tell(account.at(key), one, nobody if word is None else word, now))
        for (key, one), word in words
    )


def _items(answer: Answer | Unreadable | None, asked: int) -> list[_Word]:
    """Return the items of an answer, or as many of one that is of each."""
    match answer:
        case Done(response=OrderResponse(data=data) | CancelResponse(data=data)):
            if len(data.statuses) > asked:
                return [_Nobody(f"{len(data.statuses)} items answer {asked} requests")] * asked
            match data.statuses:
                case [Outcome(error=str(error))] if asked > 1 and error.startswith(
                    BEFORE_EXECUTION
                ):
                    return [_Whole(error)] * asked
            return [*data.statuses]
        case Done(response=DefaultResponse() as done):
            return [done] * asked
        case Failed(response=error) if is_certain(error):
            return [_Whole(error)] * asked
        case Failed(response=error):
            return [_Nobody(error)] * asked
        case Unreadable(why=why):
            return [_Nobody(f"the answer cannot be read: {why}")] * asked
        case None:
            return [_Nobody("no answer")] * asked
    return [_Nobody(f"an answer of {type(answer.response).__name__}")] * asked


def _placed(book: UnifiedOrderBook, order: Order, word: _Word, now: int) -> Any:
    named: dict[str, Any] = {"request": order.request, "now": now}
    match word:
        case Outcome(resting=Resting() as resting) if _is_of(resting, order.cloid):
            return book.finalize_order(
                order.cloid, resting.oid, order.size, order.side, order.price, **named
            )
        case Outcome(filled=Filled() as filled) if _is_of(filled, order.cloid):
            taken = _amount(filled.total_sz)
            if taken is not None:
                return book.finalize_order(
                    order.cloid,
                    filled.oid,
                    _rest(order, taken),
                    order.side,
                    order.price,
                    filled_size=taken,
                    **named,
                )
        case "waitingForFill" | "waitingForTrigger":
            return book.order_waits(order.cloid, **named)
        case _Whole(error=error) if error.startswith(EXPIRED):
            return book.order_cannot_land(order.cloid, error, **named)
        case Outcome(error=str(error)) | _Whole(error=error):
            return book.order_rejected(order.cloid, error, **named)
    return book.order_unknown(order.cloid, _why(word), **named)


def _cancelled(book: UnifiedOrderBook, asked: CancelRequested, word: _Word, now: int) -> Any:
    named: dict[str, Any] = {"request": asked.request, "now": now}
    match word:
        case "success":
            return book.cancel_confirmed(asked.id, **named)
        case Outcome(error=str(error)) if error.startswith(NOT_OPEN):
            return book.cancel_not_open(asked.id, error, **named)
        case Outcome(error=str(error)) | _Whole(error=error):
            return book.cancel_rejected(asked.id, error, **named)
    return book.cancel_timed_out(asked.id, **named)


def _modified(book: UnifiedOrderBook, asked: ModifyRequested, word: _Word, now: int) -> Any:
    named: dict[str, Any] = {"request": asked.request, "now": now}
    match word:
        case DefaultResponse():
            return book.modify_confirmed(asked.cloid, **named)
        case Outcome(resting=Resting() as resting) if _is_of(resting, asked.cloid):
            return book.modify_confirmed(asked.cloid, resting.oid, **named)
        case Outcome(filled=Filled() as filled) if _is_of(filled, asked.cloid):
            taken = _amount(filled.total_sz)
            return book.modify_confirmed(asked.cloid, filled.oid, filled_size=taken, **named)
        case "waitingForFill" | "waitingForTrigger":
            return book.order_waits(asked.cloid, **named)
        case _Whole(error=error):
            return book.modify_failed(asked.cloid, error, old=OldOrder.OPEN, **named)
        case Outcome(error=str(error)) if error.startswith(NOT_REPLACED):
            return book.modify_failed(asked.cloid, error, old=OldOrder.GONE, **named)
        case Outcome(error=str(error)) if error.startswith(NOT_MODIFIED):
            return book.modify_failed(asked.cloid, error, old=OldOrder.UNKNOWN, **named)
    return book.modify_unknown(asked.cloid, _why(word), **named)


def _rest(order: Order, taken: Decimal) -> Decimal:
    """Return what rests of an order of which so much has filled on arrival.

    Nothing of one that cannot rest, or takes only what reduces the position: the rest is cancelled.
    """
    if order.reduce_only or order.time_in_force is TimeInForce.IOC:
        return ZERO
    return max(ZERO, subtract(order.size, taken))


def _is_of(item: Resting | Filled, cloid: str) -> bool:
    """Return whether an item is of a cloid: it says so, or it says nothing."""
    return not isinstance(item.cloid, str) or item.cloid.lower() == cloid.lower()


def _amount(text: str) -> Decimal | None:
    try:
        return numbers.size(text)
    except ValueError:
        return None


def _why(word: _Word) -> str:
    return word.why if isinstance(word, _Nobody) else f"the answer says {word!r:.200}"
