"""What not every book has: each feature that is optional is used here, and only where it is there.

A feature is looked for by its name in the book's own signature. So the same stories are told to a
book of any age, and what an older one cannot be told, it is not told.
"""

import inspect
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from itertools import zip_longest
from typing import Any

import attrs

from fuzz.venue import Leg
from fuzz.words import NANOS, Fill, Shown
from truebook.impl import BookConfig, ListedOrder, OrderStatus, ReconcileResult, UnifiedOrderBook
from truebook.impl.sync import SafetySync, VenueFill, VenueStatus

Tell = Callable[..., Any]
"""How the book is told: the name of a method, and what it takes."""


@cache
def _takes(function: Callable[..., Any], name: str) -> bool:
    return name in inspect.signature(function).parameters


def _only(method: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return those of the options that a method of the book takes."""
    function = getattr(UnifiedOrderBook, method)
    return {name: value for name, value in options.items() if _takes(function, name)}


def config(*, seed: int | None, strangers: str) -> BookConfig:
    """Return the configuration; `seed`: of the cloids that the book makes, the same each time.

    `strangers`: cancel or leave. What identifies a fill stays as it is by default: venue time, tid
    and oid.
    """
    options: dict[str, Any] = {} if seed is None else {"cloid_seed": seed}
    if "strangers" in attrs.fields_dict(BookConfig):
        options["strangers"] = strangers
    return BookConfig(**options)


def place_options(options: dict[str, Any], price: Decimal) -> dict[str, Any]:
    """Return what is told of an order beside its side, price and size."""
    told: dict[str, Any] = {}
    if options.get("reduce"):
        told["reduce_only"] = True
    if "tif" in options:
        told["time_in_force"] = options["tif"]
    if options.get("waits"):
        told["trigger"] = price
    return _only("register_pending", told)


def fill_options(fill: Fill) -> dict[str, Any]:
    """Return what is told of a fill of which a part was taken as a fee in the base asset."""
    return _only("process_fill", {"fee_in_base": fill.fee}) if fill.fee else {}


def venue_fill_options(fill: Fill) -> dict[str, Any]:
    """Return the same for a fill that the safety sync asks for."""
    told = {"fee_in_base": fill.fee} if fill.fee else {}
    return {name: value for name, value in told.items() if name in attrs.fields_dict(VenueFill)}


def number_of(book: UnifiedOrderBook, asked: Any) -> int | None:
    """Return the number of the request that a result allows, where the book numbers them.

    A result is what `request_cancel` and `request_modify` return, or the cloid of a new order.
    """
    shown = book.get_order(asked) if isinstance(asked, str) else asked
    number: int | None = getattr(shown, "request", None)
    return number


def orphan_numbers(result: ReconcileResult) -> list[tuple[Any, int | None]]:
    """Return the orphans to cancel, each with the number of its request."""
    numbers: tuple[int, ...] = getattr(result, "cancel_requests", ())
    return list(zip_longest(result.orphans_to_cancel, numbers))


def answer_options(method: str, number: int | None, *, gone: bool | None = None) -> dict[str, Any]:
    """Return what says to which request an answer belongs, and whether the old order is gone."""
    told: dict[str, Any] = {} if number is None else {"request": number}
    if gone is not None:
        told["old"] = "gone" if gone else "open"
    return _only(method, told)


def cannot_land(tell: Tell, cloid: str, number: int | None) -> None:
    """Tell that a request never took effect, and never can; an older book can only wait."""
    if hasattr(UnifiedOrderBook, "order_cannot_land"):
        tell("order_cannot_land", cloid, "expired", **answer_options("order_cannot_land", number))
    else:
        tell("order_unknown", cloid, "expired")


def waits(tell: Tell, cloid: str, oid: int | None = None) -> None:
    """Tell that an order was accepted, and waits outside the market; its answer has no oid."""
    if hasattr(UnifiedOrderBook, "order_waits"):
        tell("order_waits", cloid, oid=oid)
    else:
        tell("order_unknown", cloid, "waiting")


def waiting_status(cloid: str | None) -> VenueStatus | None:
    """Return the status of an order that waits; None where the book has no word for it."""
    word = getattr(OrderStatus, "WAITING", None)
    return None if word is None else VenueStatus(None, word, cloid)


def word_of(word: str) -> str:
    """Return the word of a status as the book takes it: an older one takes triggered for open."""
    known = word != "triggered" or hasattr(OrderStatus, "TRIGGERED")
    return word if known else "open"


def waiting_cloids(book: UnifiedOrderBook) -> frozenset[str]:
    """Return the cloids of the orders that wait, where the book tells them apart."""
    asked: Callable[[], frozenset[str]] = getattr(book, "get_waiting_cloids", frozenset)
    return asked()


def fill_reversed(tell: Tell, fill: Fill) -> None:
    """Tell that the venue took a trade back."""
    if hasattr(UnifiedOrderBook, "fill_reversed"):
        was = _only("fill_reversed", {"size": abs(fill.received), "is_buy": fill.buy})
        tell("fill_reversed", fill.oid, fill.tid, time=fill.time, **was)


def begin(
    tell: Tell,
    orders: list[Leg],
    fills: list[Fill],
    position: Decimal,
    as_of: int,
    *,
    listed: bool = False,
) -> None:
    """Take over what was there before the book: open orders, fills of theirs, and the position.

    `listed`: with a listing of the orders, which says how much of each is in the position.
    """
    for leg in orders:
        side = "buy" if leg.buy else "sell"
        waiting = leg.status == "waiting"
        options = place_options({"waits": waiting}, leg.price)
        tell("register_pending", side, leg.price, leg.size, cloid=leg.cloid, **options)
        if waiting and leg.cloid is not None:
            waits(tell, leg.cloid, leg.oid)
        else:
            tell("finalize_order", leg.cloid, leg.oid, leg.size, side, leg.price)
    for fill in fills:
        tell(
            "process_fill",
            fill.oid,
            fill.tid,
            fill.size,
            fill.price,
            fill.buy,
            cloid=fill.cloid,
            time=fill.time,
            crossed=fill.crossed,
            **fill_options(fill),
        )
    shown = [listed_order(leg.shown()) for leg in orders if leg.status == "open"]
    told = {"orders": shown} if listed else {}
    tell("rebase", position, as_of, **_only("rebase", told))


def listed_order(shown: Shown) -> ListedOrder:
    """Return an order as a listing of the book's has it."""
    return ListedOrder(
        shown.oid,
        shown.cloid,
        "buy" if shown.buy else "sell",
        price=shown.price,
        remaining=shown.left,
        size=shown.size,
    )


def sync_of(book: UnifiedOrderBook, client: Any, clock: Callable[[], int], policy: str) -> Any:
    """Return the safety sync; `policy`: cancel what is not ours, or leave it."""
    options: dict[str, Any] = {}
    if _takes(SafetySync, "strangers"):
        options["strangers"] = policy

    async def at_once(seconds: float) -> None:
        """Wait for nothing: time passes between the steps alone."""

    return SafetySync(book, client, clock=clock, sleep=at_once, **options)


def nanos(milliseconds: int) -> int:
    """Return a time as the book takes it."""
    return milliseconds * NANOS
