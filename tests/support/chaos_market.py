"""A venue of two markets, and what may be asked of it, by chance."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import attrs

from truebook.impl.venues.hyperliquid.markets import Market as Listed
from truebook.venue.engine import Asked, Condition, Exchange, Market, Place, Tif

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
    asked = Asked(
        coin=coin,
        is_buy=chance.random() < 0.5,
        price=first + chance.randint(-5, 5) * first / 1000,
        size=Decimal(chance.randint(least, 40)) / 100,
        tif=chance.choice(tuple(Tif)),
        reduce_only=reduce_only,
        condition=condition,
        cloid=chance.choice((None, *CLOIDS)),
    )
    return spoilt(asked, chance) if chance.random() < 0.1 else asked


def spoilt(asked: Asked, chance: Random) -> Asked:
    """Return an order that the venue must not take, for one of its numbers."""
    wrong: list[dict[str, Any]] = [
        {"price": -asked.price},
        {"price": asked.price / 7},
        {"size": -asked.size - 1},
        {"size": Decimal("0.000001")},
    ]
    if asked.condition is not None:
        price = asked.condition.price
        wrong += [
            {"condition": attrs.evolve(asked.condition, price=one)} for one in (-price, price / 7)
        ]
    return attrs.evolve(asked, **chance.choice(wrong))


def children_by_chance(chance: Random, parent: Asked) -> list[Asked]:
    """Return a take profit and a stop loss of an order, now and then such as must be refused."""
    first = Decimal(COINS[parent.coin][1])
    away = first * chance.randint(1, 5) / 1000 * (1 if parent.is_buy else -1)
    made = []
    for takes_profit in (True, False):
        condition = Condition(parent.price + (away if takes_profit else -away), takes_profit, True)
        child = Asked(
            coin=parent.coin,
            is_buy=not parent.is_buy,
            price=first * (98 if parent.is_buy else 102) / 100,
            size=Decimal(chance.randint(1, 40)) / 100,
            reduce_only=chance.random() < 0.5,
            condition=condition,
            cloid=chance.choice((None, *CLOIDS)),
        )
        if chance.random() < 0.1:
            child = chance.choice((spoilt(child, chance), asked_by_chance(chance)))
        made.append(child)
    return [one for one in made if one.condition is not None]


def steps_by_chance(seed: int, count: int, exchange: Exchange | None = None) -> Iterator[Exchange]:
    """Yield a venue after each of so many things that somebody asks of it."""
    chance, exchange = Random(seed), exchange or exchange_of()
    for now in range(1, count + 1):
        user, oid = chance.choice(USERS), FIRST + chance.randrange(max(1, now))
        what = chance.choices(
            ("place", "cancel", "modify", "children", "venue", "all"), (8, 2, 2, 2, 1, 0.2)
        )
        match what:
            case ["place"]:
                exchange.place(user, asked_by_chance(chance), now)
            case ["cancel"]:
                standing = exchange.account(user).standing.values()
                waiting = [one for one in standing if one.where is Place.PARENT]
                if waiting and chance.random() < 0.5:
                    one = chance.choice(waiting)
                    exchange.cancel(user, one.asked.coin, one.oid, now)
                else:
                    exchange.cancel(user, chance.choice(tuple(COINS)), oid, now)
            case ["modify"]:
                exchange.modify(user, oid, asked_by_chance(chance), now)
            case ["children"]:
                parent = asked_by_chance(chance)
                if chance.random() < 0.8:  # such as mostly stand
                    parent = attrs.evolve(parent, reduce_only=False, tif=Tif.GTC, condition=None)
                children = children_by_chance(chance, parent)
                exchange.place_with_children(user, parent, children, now)
            case ["venue"]:
                order = exchange.account(user).order_of(oid)
                if order is not None:
                    exchange.cancel_unasked(order, "marginCanceled", now)
            case ["all"]:
                exchange.cancel_all(user, "canceled", now)
        yield exchange
