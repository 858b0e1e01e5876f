"""The book over the venue's own SDK: it signs and posts, and all else is as ever."""

from decimal import Decimal

import eth_account
from hyperliquid.exchange import Exchange

from hyperliquid_matching import META, SPOT
from hyperliquid_venue import SECRET, HyperliquidVenue, a_book, until
from truebook.impl.venues.hyperliquid.live import Cancel, Modify, Place
from truebook.impl.venues.hyperliquid.sdk import SdkTransport

SIZE = Decimal("0.01")
WALLET = eth_account.Account.from_key(SECRET)


def test_orders_are_sent_and_heard_over_the_sdk(venue: HyperliquidVenue) -> None:
    exchange = Exchange(WALLET, venue.url, meta=META, spot_meta=SPOT, timeout=5)
    transport = SdkTransport(exchange, expires_in=15_000)
    with a_book(venue, wallet=WALLET, transport=transport) as book:
        one, two = book.batch([Place(market="BTC", side="buy", price=60_000, size=SIZE)] * 2)
        first = book.get_order(one)
        assert first is not None
        assert isinstance(first.oid, int)
        venue.trade(first.oid, "0.004")
        until(lambda: book.position("BTC") == Decimal("0.004"))
        book.batch([Cancel(one), Modify(two, price=60_001, size=SIZE)])
        (left,) = book.orders()
        assert (left.cloid, [left.oid]) == (two, list(venue.open_orders()))
        assert book.sync()["BTC"].clean
    exchange.session.close()


def test_what_the_sdk_cannot_post_is_not_known(venue: HyperliquidVenue) -> None:
    exchange = Exchange(WALLET, venue.url, meta=META, spot_meta=SPOT, timeout=5)
    with a_book(venue, transport=SdkTransport(exchange, expires_in=15_000)) as book:
        venue.status = 500
        book.place("BTC", "buy", 60_000, SIZE)
        venue.status = 200
        assert book.exposure("buy", "BTC") == SIZE
        until(lambda: [order.oid for order in book.orders()] == list(venue.open_orders()))
    exchange.session.close()
