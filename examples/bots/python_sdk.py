"""A bot on hyperliquid-python-sdk alone: it quotes both sides, and believes what its SDK tells it.

truebook venue --runs 5 --rate 0.1 -- python examples/bots/python_sdk.py
"""

import json
import os
import signal
import sys
import time
import urllib.request
from decimal import Decimal
from typing import Any

import eth_account
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info

URL = os.environ["TRUEBOOK_VENUE"]
MARKETS = {"BTC": 0, "ETH": 1}
"""The markets, and how many decimals a price has in each."""
SIZE, LIMIT, HALF_SPREAD = Decimal("0.1"), Decimal("0.3"), 0.00005
"""As those of examples/hyperliquid_maker.py, and so is how it quotes."""
ALO = {"limit": {"tif": "Alo"}}


class Bot:
    """Its orders by oid, and the positions that its fills come to."""

    def __init__(self) -> None:
        wallet = eth_account.Account.from_key(os.environ["TRUEBOOK_VENUE_KEY"])
        self.address = wallet.address
        self.info, self.exchange = Info(URL), Exchange(wallet, URL, timeout=1.5)
        self.position = dict.fromkeys(MARKETS, Decimal(0))
        self.seen: set[tuple[int, int, int]] = set()
        self.open: dict[int, tuple[str, bool, float]] = {}
        self.over: set[int] = set()
        self.info.subscribe({"type": "userFills", "user": self.address}, self.on_fills)
        self.info.subscribe({"type": "orderUpdates", "user": self.address}, self.on_updates)

    def on_fills(self, message: Any) -> None:
        """Count each fill once."""
        for fill in message["data"]["fills"]:
            if (fill["time"], fill["tid"], fill["oid"]) not in self.seen:
                self.seen.add((fill["time"], fill["tid"], fill["oid"]))
                sign = 1 if fill["side"] == "B" else -1
                self.position[fill["coin"]] += sign * Decimal(fill["sz"])

    def on_updates(self, message: Any) -> None:
        """Forget an order that is over, also if that is heard before the answer to it."""
        for update in message["data"]:
            if update["status"] != "open":
                self.over.add(update["order"]["oid"])
                self.open.pop(update["order"]["oid"], None)

    def quote(self) -> None:
        """Quote both sides of each market, and move what is too far from its price."""
        mids = self.info.all_mids()
        for coin, decimals in MARKETS.items():
            for is_buy, sign in ((True, 1), (False, -1)):
                price = round(float(mids[coin]) * (1 - sign * HALF_SPREAD), decimals)
                mine = {oid: one for oid, one in self.open.items() if one[:2] == (coin, is_buy)}
                room = LIMIT - sign * self.position[coin] - SIZE * len(mine)
                for oid, one in mine.items():
                    if abs(one[2] - price) > price * HALF_SPREAD:
                        self.move(oid, coin, is_buy, price, fits=room >= SIZE)
                if not mine and room >= SIZE:
                    answer = self.exchange.order(coin, is_buy, float(SIZE), price, ALO)
                    self.keep(answer, coin, is_buy, price)

    def move(self, oid: int, coin: str, is_buy: bool, price: float, *, fits: bool) -> None:
        """Modify an order, or cancel it where the old and the new one are too much."""
        if fits:
            answer = self.exchange.modify_order(oid, coin, is_buy, float(SIZE), price, ALO)
            self.open.pop(oid, None)
            self.keep(answer, coin, is_buy, price)
        else:
            self.exchange.cancel(coin, oid)
            self.open.pop(oid, None)

    def keep(self, answer: Any, coin: str, is_buy: bool, price: float) -> None:
        """Keep an order that rests, unless it is over by now."""
        for item in answer["response"]["data"]["statuses"]:
            if "resting" in item:
                oid = item["resting"]["oid"]
                self.open[oid] = (coin, is_buy, price)
                if oid in self.over:
                    self.open.pop(oid, None)

    def tell(self) -> None:
        """Say what it believes."""
        position = {coin: str(size) for coin, size in self.position.items()}
        said = {"position": position, "open": list(self.open)}
        request = urllib.request.Request(f"{URL}/_truebook/belief", json.dumps(said).encode())
        urllib.request.urlopen(request, timeout=2).close()

    def end(self, *told: object) -> None:
        """Cancel what is open, and end."""
        for oid, (coin, _, _) in list(self.open.items()):
            self.exchange.cancel(coin, oid)
        self.info.disconnect_websocket()
        os._exit(0)


if __name__ == "__main__":
    bot = Bot()
    signal.signal(signal.SIGTERM, bot.end)
    while True:
        try:
            bot.quote()
        except Exception as error:
            print("error:", repr(error)[:200], file=sys.stderr, flush=True)
        bot.tell()
        time.sleep(0.1)
