"""What holds of the venue's truth after anything that was asked of it."""

from decimal import Decimal

from truebook.venue.engine import Account, Exchange, Market, Order, Place


def check_after(exchange: Exchange) -> None:
    for coin, market in exchange.markets.items():
        bid, ask = market.levels.bids.best, market.levels.asks.best
        assert bid is None or ask is None or bid < ask, "nothing that could trade rests"
        sizes = [account.position(coin) for account in exchange.accounts.values()]
        assert sum(sizes, Decimal(0)) == 0, "what is bought is sold"
        assert market.open_interest == sum((one for one in sizes if one > 0), Decimal(0))
        resting = [
            order
            for account in exchange.accounts.values()
            for order in account.standing.values()
            if order.where is Place.BOOK and order.asked.coin == coin
        ]
        shown = sum(
            (
                size
                for half in (market.levels.bids, market.levels.asks)
                for _, size, _ in half.levels(100)
            ),
            Decimal(0),
        )
        assert shown == sum((order.left for order in resting), Decimal(0))
    for account in exchange.accounts.values():
        check_account(account)
        for order in account.standing.values():
            check_order(order, exchange.markets[order.asked.coin])


def check_order(order: Order, market: Market) -> None:
    """Whatever can trade, now or later, has passed what the venue holds every order against."""
    asked = order.asked
    assert asked.price > 0
    assert asked.size > 0 or (order.follows and asked.reduce_only)
    assert not market.listed.why_not(asked.price, asked.size)
    if asked.condition is not None:
        assert asked.condition.price > 0
        assert not market.listed.why_not(asked.condition.price, asked.size)
    for child in order.waiting:
        assert (child.asked.coin, child.asked.is_buy) == (asked.coin, not asked.is_buy)


def check_account(account: Account) -> None:
    for order in account.orders():
        assert (order.where is Place.OVER) == (order.oid not in account.standing)
        assert order.filled + order.left <= order.asked.size or order.follows
        if order.where is Place.BOOK:
            assert order.left > 0
            if order.asked.reduce_only:
                position = account.position(order.asked.coin)
                assert order.left <= (-position if order.asked.is_buy else position)
