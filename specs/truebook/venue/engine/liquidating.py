"""How an account with too little margin is liquidated: by the book, and then the liquidator.

As the venue documents it: all its orders are cancelled, and its positions sent to the book as
market orders, of a large one a fifth at first. Where less than two thirds of what they need is
left, the liquidator takes all of it.
"""

from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING, Final

from truebook.venue.engine.account import Account
from truebook.venue.engine.margin import Margin, margin_of
from truebook.venue.engine.market import FARTHEST, Market
from truebook.venue.engine.news import Liquidated
from truebook.venue.engine.order import Asked, Liquidation, Tif

if TYPE_CHECKING:
    from truebook.venue.engine.exchange import Exchange

LIQUIDATOR: Final = "0x" + "1f" * 20
"""The address of the liquidator."""
_LARGE, _PART, _AGAIN = Decimal(100_000), Decimal("0.2"), 30_000
"""Of a position worth more than that a part is sent, unless one was so many milliseconds ago."""
_LEFT: Final = Decimal(2) / 3


def liquidate(exchange: "Exchange", account: Account, now: int) -> None:
    """Liquidate an account whose margin is too little; leave any other as it is."""
    margin = margin_of(account, exchange.markets)
    if account.user == LIQUIDATOR or not margin.is_short:
        return
    if not (account.standing or _is_past_keeping(margin) or _can_trade(exchange, account)):
        return  # until somebody trades in its markets, nothing can be done
    exchange.cancel_all(account.user, "liquidatedCanceled", now, unasked=True)
    exchange.liquidations += 1
    exchange.news.append(
        Liquidated(
            user=account.user,
            number=exchange.liquidations,
            notional=margin.notional,
            value=margin.value,
        )
    )
    for coin in list(account.positions):
        _to_the_book(exchange, account, exchange.markets[coin], now)
    margin = margin_of(account, exchange.markets)
    if _is_past_keeping(margin):
        _to_the_liquidator(exchange, account, now)


def _is_past_keeping(margin: Margin) -> bool:
    """Return whether so little is left that the liquidator takes all of it."""
    return margin.value < _LEFT * margin.maintenance


def _can_trade(exchange: "Exchange", account: Account) -> bool:
    """Return whether anybody is there for any of its positions."""
    return any(
        one.size and exchange.markets[coin].levels.side(is_buy=one.size > 0).best is not None
        for coin, one in account.positions.items()
    )


def _to_the_book(exchange: "Exchange", account: Account, market: Market, now: int) -> None:
    size = account.position(market.coin)
    is_buy = size < 0
    if not size or market.levels.side(is_buy=not is_buy).best is None:
        return
    part = abs(size)
    if part * market.mark > _LARGE and (
        account.partly_at is None or now - account.partly_at > _AGAIN
    ):
        step = Decimal(1).scaleb(-market.listed.size_decimals)
        part = (part * _PART).quantize(step, ROUND_UP)
        account.partly_at = now
    asked = Asked(
        coin=market.coin,
        is_buy=is_buy,
        price=market.near(market.mark * (1 + FARTHEST if is_buy else 1 - FARTHEST)),
        size=part,
        tif=Tif.IOC,
        reduce_only=True,
    )
    exchange.force(account.user, asked, Liquidation(account.user, market.mark, "market"), now)


def _to_the_liquidator(exchange: "Exchange", account: Account, now: int) -> None:
    """Move positions at the mark price, and all that is left or owed, to the liquidator."""
    for coin in list(account.positions):
        size = account.position(coin)
        if size:
            mark = exchange.markets[coin].mark
            how = Liquidation(account.user, mark, "backstop")
            exchange.hand_over(account.user, LIQUIDATOR, coin, size, how, now)
    left = account.cash
    account.balance -= left
    exchange.account(LIQUIDATOR).balance += left
