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

URL, COIN, SIZE = os.environ["TRUEBOOK_VENUE"], "ETH", 0.1
GTC = {"limit": {"tif": "Gtc"}}


class Bot:
    """Its orders by oid, and the position that its fills come to."""

    def __init__(self) -> None:
        wallet = eth_account.Account.from_key(os.environ["TRUEBOOK_VENUE_KEY"])
        self.address = wallet.address
        self.info, self.exchange = Info(URL), Exchange(wallet, URL, timeout=2)
        self.position = Decimal(0)
        self.seen: set[tuple[int, int, int]] = set()
        self.open: set[int] = set()
        self.info.subscribe({"type": "userFills", "user": self.address}, self.on_fills)
        self.info.subscribe({"type": "orderUpdates", "user": self.address}, self.on_updates)

    def on_fills(self, message: Any) -> None:
        """Count each fill once."""
        for fill in message["data"]["fills"]:
            if (fill["time"], fill["tid"], fill["oid"]) not in self.seen:
                self.seen.add((fill["time"], fill["tid"], fill["oid"]))
                self.position += Decimal(fill["sz"]) * (1 if fill["side"] == "B" else -1)

    def on_updates(self, message: Any) -> None:
        """Forget an order that is over."""
        for update in message["data"]:
            if update["status"] != "open":
                self.open.discard(update["order"]["oid"])

    def place(self, is_buy: bool, price: float) -> None:
        """Send an order, and keep it if it rests."""
        answer = self.exchange.order(COIN, is_buy, SIZE, price, GTC)
        for item in answer["response"]["data"]["statuses"]:
            if "resting" in item:
                self.open.add(item["resting"]["oid"])

    def quote(self) -> None:
        """Cancel what is open, and quote both sides anew, so as to come back to no position."""
        for oid in list(self.open):
            self.exchange.cancel(COIN, oid)
            self.open.discard(oid)
        mid = float(self.info.all_mids()[COIN])
        if self.position < Decimal("0.5"):
            self.place(True, round(mid * 0.9998, 1))
        if self.position > Decimal("-0.5"):
            self.place(False, round(mid * 1.0002, 1))

    def tell(self) -> None:
        """Say what it believes."""
        said = {"position": {COIN: str(self.position)}, "open": list(self.open)}
        request = urllib.request.Request(f"{URL}/_truebook/belief", json.dumps(said).encode())
        urllib.request.urlopen(request, timeout=2).close()

    def end(self, *_: object) -> None:
        """Cancel what is open, and end."""
        for oid in list(self.open):
            self.exchange.cancel(COIN, oid)
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
        time.sleep(0.3)
