"""A venue of two markets, and what may be asked of it, by chance."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from truebook.impl.venues.hyperliquid.markets import Market as Listed
from truebook.venue.engine import Asked, Condition, Exchange, Market, Tif

COINS = {"BTC": (5, "60000"), "ETH": (4, "3000")}
USERS = ("0xa", "0xb", "0xc")
CLOIDS = tuple(f"0x{n:032x}" for n in range(3))
FIRST = 1_000_001
"""The oid of the first order."""


def exchange_of(balance: int = 1_000_000) -> Exchange:
    markets = [
        Market(Listed(coin, asset, decimals), Decimal(price))
        for asset, (coin, (decimals, price)) in enumerate(COINS.items())
    ]
    return Exchange({market.coin: market for market in markets}, Decimal(balance))


def asked_by_chance(chance: Random) -> Asked:
    coin = chance.choice(tuple(COINS))
    first = Decimal(COINS[coin][1])
    reduce_only = chance.random() < 0.3
    condition = None
    if chance.random() < 0.2:
        price = first + chance.randint(-5, 5) * first / 1000
        condition = Condition(price, chance.random() < 0.5, chance.random() < 0.5)
    least = 0 if condition is not None and reduce_only else 1
    return Asked(
        coin=coin,
        is_buy=chance.random() < 0.5,
        price=first + chance.randint(-5, 5) * first / 1000,
        size=Decimal(chance.randint(least, 40)) / 100,
        tif=chance.choice(tuple(Tif)),
        reduce_only=reduce_only,
        condition=condition,
        cloid=chance.choice((None, *CLOIDS)),
    )


def steps_by_chance(seed: int, count: int, exchange: Exchange | None = None) -> Iterator[Exchange]:
    """Yield a venue after each of so many things that somebody asks of it."""
    chance, exchange = Random(seed), exchange or exchange_of()
    for now in range(1, count + 1):
        user, oid = chance.choice(USERS), FIRST + chance.randrange(max(1, now))
        what = chance.choices(
            ("place", "cancel", "modify", "children", "venue", "all"), (8, 2, 2, 1, 1, 0.2)
        )
        match what:
            case ["place"]:
                exchange.place(user, asked_by_chance(chance), now)
            case ["cancel"]:
                exchange.cancel(user, chance.choice(tuple(COINS)), oid, now)
            case ["modify"]:
                exchange.modify(user, oid, asked_by_chance(chance), now)
            case ["children"]:
                some = [asked_by_chance(chance) for _ in range(9)]
                waiting = [one for one in some if one.condition is not None][:2]
                exchange.place_with_children(user, asked_by_chance(chance), waiting, now)
            case ["venue"]:
                order = exchange.account(user).order_of(oid)
                if order is not None:
                    exchange.cancel_unasked(order, "marginCanceled", now)
            case ["all"]:
                exchange.cancel_all(user, "canceled", now)
        yield exchange
