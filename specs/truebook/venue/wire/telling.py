"""What happens, told on the streams: which frame to whom, for the news of one moment."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from truebook.impl.venues.hyperliquid import fills, orders, state, streams
from truebook.venue.engine import (
    INTERVALS,
    LIQUIDATOR,
    Account,
    Changed,
    Exchange,
    Filled,
    Liquidated,
    News,
    Traded,
    Unasked,
)
from truebook.venue.wire import holdings, prices, shown
from truebook.venue.wire.subscribing import Stream

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
        elif isinstance(one, Liquidated):
            event = streams.UserEvent(
                liquidation=streams.AccountLiquidation(
                    lid=one.number,
                    liquidator=LIQUIDATOR,
                    liquidated_user=one.user,
                    liquidated_ntl_pos=holdings.dollars(one.notional),
                    liquidated_account_value=holdings.dollars(one.value),
                )
            )
            yield ("userEvents", one.user), streams.UserEvents(event)


def _trades(news: Sequence[News]) -> Iterator[tuple[Stream, streams.Frame]]:
    by_coin: dict[str, list[state.Trade]] = {}
    for one in news:
        if isinstance(one, Traded):
            by_coin.setdefault(one.coin, []).append(prices.trade(one))
    for coin, some in by_coin.items():
        yield ("trades", coin), streams.Trades(some)


def moved(news: Sequence[News]) -> list[Stream]:
    """Return the streams that tell how something is that something which happened has changed.

    Those are the prices of its markets, and what the accounts have and want.
    """
    users, coins = dict[str, None](), dict[str, None]()
    for one in news:
        if isinstance(one, Traded):
            coins[one.coin] = None
        elif not isinstance(one, Liquidated):
            coins[one.order.asked.coin] = None
            users[one.order.user] = None
    traded = {one.coin for one in news if isinstance(one, Traded)}
    about = [(kind, coin) for coin in sorted(coins) for kind in ("l2Book", "bbo")]
    about += [("candle", f"{coin} {span}") for coin in sorted(traded) for span in INTERVALS]
    about += [("allMids", "")] if coins else []
    about += [(kind, user) for user in users for kind in ("clearinghouseState", "openOrders")]
    return about


def now_of(exchange: Exchange, stream: Stream, now: int) -> Iterator[streams.Frame]:
    """Yield what a stream tells that says how something is, not what has happened."""
    kind, of = stream
    name, _, more = of.partition(" ")
    match kind:
        case "l2Book":
            yield streams.L2Book(prices.book(exchange.markets[of], now))
        case "bbo":
            best = prices.best(exchange.markets[of])
            yield streams.Bbo(streams.BestPrices(of, now, best))
        case "allMids":
            yield streams.AllMids(streams.Mids(prices.mids(exchange)))
        case "candle":
            for candle in islice(prices.candles(exchange.markets[name], more), 1):
                yield streams.Candles(candle)
        case "activeAssetCtx":
            context = prices.context(exchange.markets[of], now)
            yield streams.ActiveAssetCtx(streams.AssetContext(of, context))
        case "activeAssetData":
            account = exchange.found(more)
            yield streams.ActiveAssetData(holdings.active(exchange, account, name))
        case "clearinghouseState":
            held = holdings.clearinghouse(exchange, exchange.found(of), now)
            yield streams.ClearinghouseStates(streams.StateOfUser("", of, held))
        case "openOrders":
            listed = shown.listed(exchange.found(of), front=True)
            yield streams.OpenOrders(streams.OrdersOfUser("", of, listed))
        case "webData2":
            yield streams.WebData2(holdings.frontend(exchange, exchange.found(of), now))


def first(exchange: Exchange, stream: Stream, now: int) -> Iterator[streams.Frame]:
    """Yield what a subscription is told at once: how it is, or what has happened so far.

    Nobody pays funding there, deposits or withdraws: there is nothing of it to tell, ever.
    """
    kind, of = stream
    match kind:
        case "userFills":
            yield fills_so_far(exchange.found(of))
        case "userTwapSliceFills":
            slices = streams.SlicesOfUser(is_snapshot=True, user=of, twap_slice_fills=[])
            yield streams.UserTwapSliceFills(slices)
        case "userFundings":
            yield streams.UserFundings(
                streams.FundingsOfUser(is_snapshot=True, user=of, fundings=[])
            )
        case "userNonFundingLedgerUpdates":
            ledger = streams.LedgerOfUser(is_snapshot=True, user=of, non_funding_ledger_updates=[])
            yield streams.UserNonFundingLedgerUpdates(ledger)
        case _:
            yield from now_of(exchange, stream, now)


def fills_so_far(account: Account) -> streams.UserFills:
    """Return the snapshot of recent fills, newest first, that each subscription begins with."""
    recent = [shown.fill(one) for one in list(account.fills)[: -SNAPSHOT - 1 : -1]]
    return streams.UserFills(streams.FillsOfUser(is_snapshot=True, user=account.user, fills=recent))
