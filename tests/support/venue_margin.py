"""Orders of one market, and accounts that have little money, or much."""

from decimal import Decimal

from chaos_market import exchange_of
from truebook.venue.engine import Asked, Exchange, Order, Tif


def eth(
    *, is_buy: bool, size: str, price: int = 3000, tif: Tif = Tif.GTC, reduce_only: bool = False
) -> Asked:
    return Asked(
        coin="ETH",
        is_buy=is_buy,
        price=Decimal(price),
        size=Decimal(size),
        tif=tif,
        reduce_only=reduce_only,
    )


def rich(exchange: Exchange, user: str) -> None:
    exchange.account(user).balance = Decimal(10) ** 9


def long_of(size: str, *, balance: int) -> Exchange:
    """Return a venue at which 0xa has bought at 3000, of somebody who is rich."""
    exchange = exchange_of(balance)
    rich(exchange, "0xrich")
    exchange.place("0xrich", eth(is_buy=False, size=size), 1)
    taken = exchange.place("0xa", eth(is_buy=True, size=size), 2)
    assert isinstance(taken, Order)
    assert exchange.account("0xa").position("ETH") == Decimal(size)
    return exchange
