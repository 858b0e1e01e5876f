"""What is registered with the book is what is sent, in the form that is signed."""

from decimal import Decimal
from typing import Any

import pytest

from truebook.impl import CancelRequested, ModifyRequested, Order, UnifiedOrderBook
from truebook.impl.venues.hyperliquid import TO_INFO, packed, write
from truebook.impl.venues.hyperliquid.markets import Market, Markets, coin_of, is_spot, key_of
from truebook.impl.venues.hyperliquid.requests import (
    Stop,
    cancel,
    modify,
    modify_orders,
    new_order,
    place,
)

ETH = Market("ETH", 1, 4)
CLOID = "0x" + "ab" * 16


def registered(**more: Any) -> tuple[UnifiedOrderBook, Order]:
    book = UnifiedOrderBook()
    book.register_pending("buy", Decimal("2900.50"), Decimal("0.10"), cloid=CLOID, now=1, **more)
    order = book.get_order(CLOID)
    assert order is not None
    return book, order


def test_an_order_is_written_as_it_was_registered() -> None:
    _, order = registered(time_in_force="alo", reduce_only=True)
    assert write(place([new_order(ETH, order)])) == (
        b'{"type":"order","orders":[{"a":1,"b":true,"p":"2900.5","s":"0.1","r":true,'
        b'"t":{"limit":{"tif":"Alo"}},"c":"0x%s"}],"grouping":"na"}' % (b"ab" * 16)
    )


def test_an_order_that_waits_says_for_what() -> None:
    _, order = registered(trigger=2800)
    with pytest.raises(ValueError, match="Stop"):
        new_order(ETH, order)
    wire = new_order(ETH, order, stop=Stop("sl"))
    assert write(wire.t) == b'{"trigger":{"isMarket":true,"triggerPx":"2800","tpsl":"sl"}}'


def test_a_cloid_of_another_form_is_not_sent() -> None:
    book = UnifiedOrderBook()
    order = book.get_order(book.register_pending("buy", 1, 1, cloid="mine", now=1))
    assert order is not None
    with pytest.raises(ValueError, match="venue's form"):
        new_order(ETH, order)


def test_cancels_are_by_oid_and_by_cloid_before_that_is_known() -> None:
    book, _ = registered()
    early = book.request_cancel(CLOID, now=2)
    assert isinstance(early, CancelRequested)
    assert write(cancel([(ETH, early)])) == (
        b'{"type":"cancelByCloid","cancels":[{"asset":1,"cloid":"0x%s"}]}' % (b"ab" * 16)
    )
    book.finalize_order(CLOID, 7, Decimal("0.1"), "buy", Decimal("2900.5"))
    book.cancel_rejected(CLOID, request=early.request)
    known = book.request_cancel(7, now=3)
    assert isinstance(known, CancelRequested)
    assert write(cancel([(ETH, known)])) == b'{"type":"cancel","cancels":[{"a":1,"o":7}]}'


def test_a_modify_has_the_new_price_and_size() -> None:
    book, order = registered()
    book.finalize_order(CLOID, 7, Decimal("0.1"), "buy", Decimal("2900.5"))
    asked = book.request_modify(7, 2950, Decimal("0.2"), now=2)
    assert isinstance(asked, ModifyRequested)
    one = modify(ETH, asked, order)
    assert (one.oid, one.order.p, one.order.s, one.order.c) == (7, "2950", "0.2", CLOID)
    assert b'"a":true' not in write(modify_orders([one]))[-9:]
    assert write(modify_orders([one], always=True)).endswith(b'],"a":true}')


def test_an_action_is_packed_in_the_order_in_which_it_is_signed() -> None:
    _, order = registered()
    action = place([new_order(ETH, order)])
    assert packed(action) == (
        b"\x83\xa4type\xa5order\xa6orders\x91"
        b"\x87\xa1a\x01\xa1b\xc3\xa1p\xa62900.5\xa1s\xa30.1\xa1r\xc2"
        b"\xa1t\x81\xa5limit\x81\xa3tif\xa3Gtc\xa1c\xd9\x220x%s"
        b"\xa8grouping\xa2na" % (b"ab" * 16)
    )


# Markets

META: Any = TO_INFO["meta"].read(
    '{"universe":[{"name":"BTC","szDecimals":5},{"name":"ETH","szDecimals":4}]}'
)
BUILT: Any = TO_INFO["meta"].read('{"universe":[{"name":"xyz:GOLD","szDecimals":2}]}')
SPOT: Any = TO_INFO["spotMeta"].read(
    '{"universe":[{"name":"PURR/USDC","tokens":[1,0],"index":0},'
    '{"name":"@107","tokens":[5,0],"index":107},{"name":"@9","tokens":[99,0],"index":9}],'
    '"tokens":[{"name":"USDC","szDecimals":8,"weiDecimals":8,"index":0},'
    '{"name":"PURR","szDecimals":0,"weiDecimals":5,"index":1},'
    '{"name":"HYPE","szDecimals":2,"weiDecimals":8,"index":5}]}'
)


def test_each_market_has_its_number() -> None:
    markets = Markets.of([META, None, BUILT], SPOT)
    assert {coin: market.asset for coin, market in markets.items()} == {
        "BTC": 0,
        "ETH": 1,
        "xyz:GOLD": 120_000,
        "PURR/USDC": 10_000,
        "@107": 10_107,
    }
    assert markets["@107"].base == "HYPE"
    assert markets.of_asset(120_000) == markets["xyz:GOLD"]
    assert markets.of_asset(2) is None


@pytest.mark.parametrize(
    ("coin", "price", "size", "words"),
    [
        ("BTC", "60000", "0.00001", ""),
        ("BTC", "60000.5", "1", "Price must be divisible by tick size."),
        ("BTC", "123456", "1", ""),
        ("BTC", "123456.0", "1", ""),
        ("BTC", "6000.5", "1", ""),
        ("BTC", "6000.55", "1", "Price must be divisible by tick size."),
        ("BTC", "60", "0.000001", "Order has invalid size."),
        ("ETH", "0.01", "1", ""),
        ("ETH", "0.001", "1", "Price must be divisible by tick size."),
        ("@107", "0.000001", "0.01", ""),
        ("@107", "0.0000001", "0.01", "Price must be divisible by tick size."),
    ],
)
def test_a_price_or_size_that_does_not_fit_is_told_in_the_venues_words(
    coin: str, price: str, size: str, words: str
) -> None:
    market = Markets.of([META], SPOT)[coin]
    assert market.why_not(Decimal(price), Decimal(size)) == words


@pytest.mark.parametrize("coin", ["BTC", "@107", "PURR/USDC", "xyz:XYZ100", "kPEPE"])
def test_a_coin_has_one_key(coin: str) -> None:
    assert coin_of(key_of(coin, sub_account="two")) == coin
    assert is_spot(coin) is (coin[0] in "@P")
