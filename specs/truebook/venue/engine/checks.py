"""What is refused of an order before it trades, with the venue's words and status for it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import attrs

from truebook.venue.engine.account import Account
from truebook.venue.engine.limits import Limits
from truebook.venue.engine.margin import covers
from truebook.venue.engine.market import FARTHEST, LEAST_VALUE, Market
from truebook.venue.engine.order import Asked, Tif

NO_CHILD: Final = "A child order must be of its parent's market, and of the other side."
"""Our words: the venue's are not known to us."""
NO_MATCH: Final = "Order could not immediately match against any resting orders."


@attrs.frozen
class Refusal:
    """Why an order is refused: the status that the stream tells, and the text of the answer."""

    status: str
    text: str


@attrs.define
class Scene:
    """What an order is held against: its account, all markets, and the limits."""

    account: Account
    markets: Mapping[str, Market]
    limits: Limits


def refusal_of(asked: Asked, scene: Scene) -> Refusal | None:
    """Return why an order is refused as it comes; None: it is not."""
    return next(_wrong(asked, scene), None)


def child_refusal(asked: Asked, parent: Asked, scene: Scene, *, place: int) -> Refusal | None:
    """Return why an order that is to wait for another is refused; None: it is not.

    It is checked as one that stands alone, but that its price is held against the one at which its
    parent would trade. `place` counts the children of a parent from 1.
    """
    if asked.coin != parent.coin or asked.is_buy == parent.is_buy:
        return Refusal("rejected", NO_CHILD)
    return next(_wrong(asked, scene, parent, place), None)


def too_many(asked: Asked, scene: Scene, more: int = 0) -> Refusal | None:
    """Return why an order may not stand beside the others, and so many more; None: it may."""
    account, limits = scene.account, scene.limits
    stand = len(account.standing) + more
    if stand < limits.open_orders:
        return None
    waits = asked.reduce_only or asked.condition is not None
    most = limits.open_orders if waits else limits.may_stand(account.traded)
    if stand < most:
        return None
    return Refusal("tooManyOpenOrdersRejected", f"Too many open orders: {stand} of {most}.")


def _wrong(
    asked: Asked, scene: Scene, parent: Asked | None = None, place: int = 0
) -> Iterator[Refusal]:
    market, account = scene.markets[asked.coin], scene.account
    follows = asked.condition is not None and asked.size == 0 and asked.reduce_only
    if asked.price <= 0:
        yield Refusal("tickRejected", "Order has invalid price.")
    if asked.size <= 0 and not follows:
        yield Refusal("rejected", "Order has invalid size.")
    words = market.listed.why_not(asked.price, asked.size)
    if words:
        yield Refusal("tickRejected" if "tick" in words else "rejected", words)
    crowded = too_many(asked, scene, more=place)
    if crowded is not None:
        yield crowded
    if asked.condition is not None:
        yield from _wrong_condition(asked, market, parent)
        return
    if abs(asked.price - market.mark) > FARTHEST * market.mark and _is_aggressive(asked, market):
        yield Refusal(
            "oracleRejected",
            "Order price cannot be more than 95% away from the reference price",
        )
    if asked.reduce_only and not reducible(asked.is_buy, account.position(asked.coin)):
        yield Refusal("reduceOnlyRejected", "Reduce only order would increase position.")
    if asked.price * asked.size < LEAST_VALUE and not asked.reduce_only:
        yield Refusal("minTradeNtlRejected", "Order must have minimum value of $10.")
    size = asked.size if asked.is_buy else -asked.size
    if not asked.reduce_only and not covers(account, market, scene.markets, size):
        yield Refusal("perpMarginRejected", "Insufficient margin to place order.")
    yield from _wrong_now(asked, market)


def _wrong_condition(asked: Asked, market: Market, parent: Asked | None) -> Iterator[Refusal]:
    condition, price = asked.condition, market.mark
    if parent is not None:
        price = min(price, parent.price) if parent.is_buy else max(price, parent.price)
    assert condition is not None
    fits = condition.price > 0 and not market.listed.why_not(condition.price, asked.size)
    if not fits or condition.is_met(price, is_buy=asked.is_buy):
        yield Refusal("badTriggerPxRejected", "Invalid TP/SL price.")


def _wrong_now(asked: Asked, market: Market) -> Iterator[Refusal]:
    """Yield what is wrong with how long it may stand, given what rests."""
    takes = market.levels.side(is_buy=not asked.is_buy).takes(asked.price)
    if asked.tif is Tif.ALO and takes:
        bid, ask = market.levels.bids.best, market.levels.asks.best
        yield Refusal(
            "badAloPxRejected",
            f"Post only order would have immediately matched, bbo was {_shown(bid)}@{_shown(ask)}.",
        )
    if asked.tif is Tif.IOC and not takes:
        yield Refusal("iocCancelRejected", NO_MATCH)


def reducible(is_buy: bool, position: Decimal) -> Decimal:
    """Return how much an order that may only reduce a position can trade."""
    return max(Decimal(0), -position if is_buy else position)


def _is_aggressive(asked: Asked, market: Market) -> bool:
    return asked.price > market.mark if asked.is_buy else asked.price < market.mark


def _shown(price: Decimal | None) -> str:
    return "None" if price is None else format(price.normalize(), "f")
