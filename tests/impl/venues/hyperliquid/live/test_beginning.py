"""Which markets there are is asked of the venue, and how often a pass is made follows from them."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from carried import STATE, Carrier
from said import order
from truebook.impl import BookConfig, RebaseRefused, UnifiedOrderBook
from truebook.impl.sync import SyncConfig
from truebook.impl.venues.hyperliquid.client import MarketClient, UnreadableAnswerError
from truebook.impl.venues.hyperliquid.live import LiveConfig, beginning
from truebook.impl.venues.hyperliquid.markets import Market, Markets

PERPS = {"universe": [{"name": "BTC", "szDecimals": 5}, {"name": "ETH", "szDecimals": 4}]}
GOLD = {"universe": [{"name": "xyz:OIL", "szDecimals": 1}, {"name": "xyz:GOLD", "szDecimals": 2}]}
TOKENS = [
    {"name": name, "szDecimals": 2, "weiDecimals": 8, "index": index}
    for index, name in enumerate(("USDC", "PURR", "HYPE", "USDH"))
]
PAIRS = [
    {"name": name, "tokens": tokens, "index": index}
    for name, tokens, index in (("PURR/USDC", [1, 0], 0), ("@9", [2, 0], 9), ("@11", [1, 3], 11))
]


def found(*coins: str) -> tuple[Markets, list[dict[str, Any]]]:
    carrier = Carrier(
        meta=lambda question: GOLD if question.get("dex") == "xyz" else PERPS,
        spotMeta={"tokens": TOKENS, "universe": PAIRS},
        perpDexs=[None, {"name": "abc"}, {"name": "xyz"}],
    )
    return asyncio.run(beginning.markets_of(carrier, coins)), carrier.asked


def test_only_what_is_needed_is_asked_for() -> None:
    markets, asked = found("ETH", "BTC")
    assert [*markets.values()] == [Market("ETH", 1, 4), Market("BTC", 0, 5)]
    assert [question["type"] for question in asked] == ["meta"]
    markets, asked = found("@9")
    assert [*markets.values()] == [Market("@9", 10_009, 2, "HYPE")]
    assert [question["type"] for question in asked] == ["meta", "spotMeta"]


def test_a_market_of_a_builder_has_its_dex_in_its_number() -> None:
    markets, asked = found("xyz:GOLD")
    assert [*markets.values()] == [Market("xyz:GOLD", 120_001, 2)]
    dexes = [question.get("dex") for question in asked if question["type"] == "meta"]
    assert dexes == [None, "xyz"]


@pytest.mark.parametrize("coin", ["DOGE", "abc:GOLD", "xyz:TIN", "@8", "GOLD"])
def test_a_market_that_is_not_there_is_refused(coin: str) -> None:
    with pytest.raises(ValueError, match=coin):
        found("BTC", coin)


def test_two_spot_markets_of_one_token_have_no_position_each() -> None:
    with pytest.raises(ValueError, match="one balance"):
        found("PURR/USDC", "@11")
    assert len(found("PURR/USDC", "@9")[0]) == 2


def test_an_answer_that_cannot_be_read_is_no_market() -> None:
    with pytest.raises(UnreadableAnswerError):
        asyncio.run(beginning.markets_of(Carrier(meta="null"), ["BTC"]))


def take_over(book: UnifiedOrderBook, *orders: dict[str, Any]) -> None:
    carrier = Carrier(frontendOpenOrders=list(orders), clearinghouseState=STATE)
    client = MarketClient(transport=carrier, user="0x1", market=Market("BTC", 0, 5))
    asyncio.run(beginning.take_over(book, client, now=10))


def test_orders_of_other_markets_are_not_taken_over_and_children_wait() -> None:
    book = UnifiedOrderBook()
    waits = {"isTrigger": True, "triggerPx": "90.0", "reduceOnly": True}
    take_over(
        book,
        order(oid=7, sz="6.0", children=[order(oid=8, side="A", **waits)]),
        order(oid=9, coin="ETH"),
        order(oid=10, sz="0.0", origSz="0.0", side="A", **waits),  # it closes the position
    )
    assert book.get_active_oids() == {7}
    assert len(book.get_waiting_cloids()) == 2
    first = book.get_order(7)
    assert first is not None
    assert (first.filled, first.remaining) == (Decimal(4), Decimal(6))
    assert book.position == Decimal("1.5")
    take_over(book, order(oid=8, side="A", **waits))  # cut short and done again: nothing twice
    assert len(book.get_waiting_cloids()) == 2


def test_where_strangers_are_left_ours_are_known_by_their_cloids() -> None:
    mine, other = "0xab" + "0" * 30, "0xcd" + "0" * 30
    book = UnifiedOrderBook(BookConfig(strangers="leave", own_cloid="0xab"))
    take_over(book, order(oid=7, cloid=mine), order(oid=8, cloid=other), order(oid=9))
    assert book.get_active_oids() == {7}


def test_a_book_that_cannot_begin_says_why() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 1, 1, now=1)
    with pytest.raises(RuntimeError, match="pending"):
        take_over(book)
    assert isinstance(book.rebase(1, 5), RebaseRefused)


def test_passes_are_less_frequent_for_many_markets() -> None:
    intervals = [LiveConfig().sync_of(markets).interval for markets in (1, 4, 10)]
    assert intervals == [10.0, 10.0, 25.0]
    chosen = SyncConfig(interval=3.0)
    assert LiveConfig(sync=chosen).sync_of(10) is chosen
