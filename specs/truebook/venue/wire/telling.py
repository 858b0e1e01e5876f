"""What happens, told on the streams: which frame to whom, for the news of one moment."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from truebook.impl.venues.hyperliquid import fills, orders, streams
from truebook.venue.engine import Account, Changed, Exchange, Filled, News, Traded, Unasked
from truebook.venue.wire import asking, shown

Stream: TypeAlias = tuple[str, str]
"""A type of subscription, and of whom or what: an address, a coin, or nothing."""
SNAPSHOT: Final = 2_000
"""So many of the latest fills are told at each subscription to them."""


def frames(news: Iterable[News]) -> Iterator[tuple[Stream, streams.Frame]]:
    """Yield the frames that tell what happened in one moment, with the stream of each.

    Of an account, orders first and fills after them, as the venue mostly has it.
    """
    some = list(news)
    changed: dict[str, list[orders.OrderUpdate]] = {}
    filled: dict[str, list[fills.Fill]] = {}
    for one in some:
        match one:
            case Changed():
                changed.setdefault(one.order.user, []).append(shown.update(one))
            case Filled():
                filled.setdefault(one.order.user, []).append(shown.fill(one))
    for user, updates in changed.items():
        yield ("orderUpdates", user), streams.OrderUpdates(updates)
    for user, told in filled.items():
        data = streams.FillsOfUser(user=user, fills=told)
        yield ("userFills", user), streams.UserFills(data)
        yield ("userEvents", user), streams.UserEvents(streams.UserEvent(fills=told))
    yield from _unasked(some)
    yield from _trades(some)


def _unasked(news: Sequence[News]) -> Iterator[tuple[Stream, streams.Frame]]:
    for one in news:
        if isinstance(one, Unasked):
            gone = streams.CancelledOrder(one.order.asked.coin, one.order.oid)
            event = streams.UserEvent(non_user_cancel=[gone])
            yield ("userEvents", one.order.user), streams.UserEvents(event)


def _trades(news: Sequence[News]) -> Iterator[tuple[Stream, streams.Frame]]:
    by_coin: dict[str, list[streams.Trade]] = {}
    for one in news:
        if isinstance(one, Traded):
            by_coin.setdefault(one.coin, []).append(_trade(one))
    for coin, some in by_coin.items():
        yield ("trades", coin), streams.Trades(some)


def _trade(one: Traded) -> streams.Trade:
    return streams.Trade(
        coin=one.coin,
        side="B" if one.buyer_took else "A",
        px=shown.number(one.price),
        sz=shown.number(one.size),
        hash=one.hash,
        time=one.time,
        tid=one.tid,
        users=list(one.users),
    )


def moved(
    exchange: Exchange, news: Iterable[News], now: int
) -> Iterator[tuple[Stream, streams.Frame]]:
    """Yield the prices of the markets that something has happened in."""
    coins = {one.coin if isinstance(one, Traded) else one.order.asked.coin for one in news}
    for coin in sorted(coins):
        market = exchange.markets[coin]
        yield ("l2Book", coin), streams.L2Book(asking.book(market, now))
        yield ("bbo", coin), streams.Bbo(streams.BestPrices(coin, now, asking.best(market)))
    if coins:
        yield ("allMids", ""), streams.AllMids(streams.Mids(asking.mids(exchange)))


def stream_of(asked: streams.Subscription) -> Stream:
    """Return the stream of a subscription: `user` is another name of userEvents."""
    kind = "userEvents" if asked.type == "user" else asked.type
    return kind, asked.coin or (asked.user or "").lower()


def first(exchange: Exchange, stream: Stream, now: int) -> Iterator[streams.Frame]:
    """Yield what a subscription is told at once."""
    kind, of = stream
    match kind:
        case "userFills":
            yield fills_so_far(exchange.account(of))
        case "l2Book" if of in exchange.markets:
            yield streams.L2Book(asking.book(exchange.markets[of], now))
        case "bbo" if of in exchange.markets:
            yield streams.Bbo(streams.BestPrices(of, now, asking.best(exchange.markets[of])))
        case "allMids":
            yield streams.AllMids(streams.Mids(asking.mids(exchange)))


def fills_so_far(account: Account) -> streams.UserFills:
    """Return the snapshot of recent fills, newest first, that each subscription begins with."""
    recent = [shown.fill(one) for one in list(account.fills)[: -SNAPSHOT - 1 : -1]]
    return streams.UserFills(streams.FillsOfUser(is_snapshot=True, user=account.user, fills=recent))
