"""The venue's own SDK, as it is: it trades here without an error, and hears what it has done."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("hyperliquid", reason="hyperliquid-python-sdk is not installed")

from decimal import Decimal

import eth_account
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info
from hyperliquid.utils.types import Cloid

from truebook.venue.engine import Asked, Tif
from venue_server import Served, served

GTC = {"limit": {"tif": "Gtc"}}
WALLET = eth_account.Account.from_key("0x" + "11" * 32)


@pytest.fixture
def venue() -> Iterator[Served]:
    with served() as one:
        yield one


class Bot:
    def __init__(self, url: str) -> None:
        self.info, self.exchange = Info(url), Exchange(WALLET, url)
        self.info.open_orders(WALLET.address)  # so that the venue knows the account
        self.heard: list[Any] = []
        for kind in ("userFills", "orderUpdates", "userEvents"):
            self.info.subscribe({"type": kind, "user": WALLET.address}, self.heard.append)

    def words(self) -> list[str]:
        return [
            one["status"]
            for message in list(self.heard)
            if message["channel"] == "orderUpdates"
            for one in message["data"]
        ]

    def fills(self) -> list[Any]:
        return [
            fill
            for message in list(self.heard)
            if message["channel"] == "userFills"
            for fill in message["data"]["fills"]
        ]

    def statuses(self, answer: Any) -> Any:
        assert answer["status"] == "ok", answer
        return answer["response"]["data"]["statuses"]


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not done():
        assert time.monotonic() < end, "it never comes"
        time.sleep(0.01)


def others(venue: Served, *, is_buy: bool, size: str, price: int) -> None:
    asked = Asked(coin="ETH", is_buy=is_buy, price=Decimal(price), size=Decimal(size), tif=Tif.GTC)
    venue.within(lambda: venue.server.desk.exchange.place("0xother", asked, 1))


def test_it_places_fills_modifies_and_cancels(venue: Served) -> None:
    bot = Bot(venue.url)
    try:
        until(lambda: any(m["channel"] == "userFills" for m in bot.heard))
        cloid = Cloid.from_int(7)
        (rests,) = bot.statuses(bot.exchange.order("ETH", True, 0.1, 2990, GTC, cloid=cloid))
        oid = rests["resting"]["oid"]
        others(venue, is_buy=False, size="0.04", price=2990)
        until(lambda: [f["sz"] for f in bot.fills()] == ["0.04"])
        (open_,) = bot.info.open_orders(WALLET.address)
        assert (open_["oid"], open_["sz"], open_["origSz"]) == (oid, "0.06", "0.1")
        (new,) = bot.statuses(
            bot.exchange.modify_order(oid, "ETH", True, 0.2, 2980, GTC, cloid=cloid)
        )
        assert new["resting"]["oid"] > oid
        assert bot.info.query_order_by_oid(WALLET.address, oid)["order"]["status"] == "canceled"
        assert bot.statuses(bot.exchange.cancel_by_cloid("ETH", cloid)) == ["success"]
        (error,) = bot.statuses(bot.exchange.cancel("ETH", oid))
        assert "already canceled" in error["error"]
        until(lambda: bot.words() == ["open", "canceled", "open", "canceled"])
        (held,) = bot.info.user_state(WALLET.address)["assetPositions"]
        assert held["position"]["szi"] == "0.04"
    finally:
        bot.info.disconnect_websocket()


def test_a_batch_has_an_item_for_each(venue: Served) -> None:
    bot = Bot(venue.url)
    try:
        order = {"coin": "ETH", "is_buy": True, "sz": 0.1, "limit_px": 2990, "order_type": GTC}
        some = [{**order, "reduce_only": False}, {**order, "sz": 0.001, "reduce_only": False}]
        rests, refused = bot.statuses(bot.exchange.bulk_orders(some))
        assert "resting" in rests
        assert refused == {"error": "Order must have minimum value of $10. asset=1"}
        until(lambda: bot.words() == ["open", "minTradeNtlRejected"])
    finally:
        bot.info.disconnect_websocket()


def test_an_api_wallet_trades_for_its_owner(venue: Served) -> None:
    info = Info(venue.url, skip_ws=True)
    info.open_orders(WALLET.address)
    answer, key = Exchange(WALLET, venue.url).approve_agent()
    assert answer["status"] == "ok"
    agent = Exchange(eth_account.Account.from_key(key), venue.url, account_address=WALLET.address)
    assert agent.order("ETH", True, 0.1, 2990, GTC)["status"] == "ok"
    assert len(info.open_orders(WALLET.address)) == 1


def test_whom_nobody_knows_does_not_trade(venue: Served) -> None:
    answer = Exchange(WALLET, venue.url).order("ETH", True, 0.1, 2990, GTC)
    assert answer["status"] == "err"
    assert "does not exist" in answer["response"]
