"""A bot on ccxt pro: it places pairs of orders, edits and cancels them, and sums up its trades.

truebook venue --runs 3 -- .venv-clients/bin/python examples/bots/ccxt_pro.py [--small]

With --small a third order of each pair is too small for the venue, which refuses it alone.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import urllib.request
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import ccxt.pro

URL, SYMBOL, SIZE = os.environ["TRUEBOOK_VENUE"], "ETH/USDC:USDC", 1.0
SMALL = "--small" in sys.argv


class Bot:
    """Its orders by id, and the position that its trades come to."""

    def __init__(self) -> None:
        self.client = ccxt.pro.hyperliquid(
            {
                "walletAddress": os.environ["TRUEBOOK_VENUE_ACCOUNT"],
                "privateKey": os.environ["TRUEBOOK_VENUE_KEY"],
                "enableRateLimit": False,
            }
        )
        self.client.urls["api"] = {"public": URL, "private": URL}
        self.client.urls["api"]["ws"] = {"public": os.environ["TRUEBOOK_VENUE_WS"]}
        self.position = Decimal(0)
        self.open: dict[str, str] = {}
        self.before = 0.0
        self.ended = asyncio.Event()

    async def watch(self, ask: Callable[[], Awaitable[Any]], hear: Callable[[Any], None]) -> None:
        """Hand on all that is watched, again where that fails."""
        while True:
            try:
                for one in await ask():
                    hear(one)
            except ccxt.NetworkError as error:
                print("again:", repr(error)[:200], file=sys.stderr, flush=True)
                await asyncio.sleep(0.1)

    def on_trade(self, trade: Any) -> None:
        """Count a trade: ccxt says that it hands out what is new."""
        sign = 1 if trade["side"] == "buy" else -1
        self.position += sign * Decimal(str(trade["amount"]))

    def on_order(self, order: Any) -> None:
        """Forget an order that is over."""
        if order["status"] != "open":
            self.open.pop(order["id"], None)

    async def step(self, step: int) -> None:
        """Place a pair, edit it, or cancel it, by turns."""
        if not self.open:
            await self.place()
        elif step % 2 == 0:
            for id, side in list(self.open.items()):
                mid = await self.mid()
                price = mid * (0.99985 if side == "buy" else 1.00015)
                edited = await self.client.edit_order(id, SYMBOL, "limit", side, SIZE, price)
                self.open.pop(id, None)
                self.open[edited["id"]] = side
        else:
            await self.cancel()

    async def place(self) -> None:
        """Place a buy and a sell in one batch, unless one of them could be too much."""
        mid = await self.mid()
        if mid == self.before:  # nothing is open, and nobody moves: it rests
            return
        self.before = mid
        pair = [("buy", 0.99995, SIZE)] if self.position < 3 else []
        pair += [("sell", 1.00005, SIZE)] if self.position > -3 else []
        pair[1:1] = [("buy", 0.99, 0.001)] if SMALL else []
        orders = [
            {"symbol": SYMBOL, "type": "limit", "side": side, "amount": size, "price": mid * part}
            for side, part, size in pair
        ]
        for order, (side, *_) in zip(await self.client.create_orders(orders), pair, strict=True):
            if order["status"] != "closed":
                self.open[order["id"]] = side

    async def cancel(self) -> None:
        """Cancel what is open, in one batch: it stays in mind until that is answered."""
        ids = list(self.open)
        with contextlib.suppress(ccxt.OrderNotFound):  # some were over before; now all are
            await self.client.cancel_orders(ids, SYMBOL)
        for id in ids:
            self.open.pop(id, None)

    async def mid(self) -> float:
        """Return the middle price."""
        book = await self.client.fetch_order_book(SYMBOL)
        return float((book["bids"][0][0] + book["asks"][0][0]) / 2)

    def tell(self) -> None:
        """Say what it believes."""
        said = {"position": {"ETH": str(self.position)}, "open": list(self.open)}
        request = urllib.request.Request(f"{URL}/_truebook/belief", json.dumps(said).encode())
        urllib.request.urlopen(request, timeout=2).close()

    async def run(self) -> None:
        """Trade until it is to end."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.ended.set)
        await self.client.load_markets()
        watching = [
            asyncio.create_task(self.watch(self.client.watch_my_trades, self.on_trade)),
            asyncio.create_task(self.watch(self.client.watch_orders, self.on_order)),
        ]
        step = 0
        while not self.ended.is_set():
            try:
                await self.step(step)
            except Exception as error:
                print("error:", repr(error)[:300], file=sys.stderr, flush=True)
            await asyncio.to_thread(self.tell)
            await asyncio.sleep(0.3)
            step += 1
        if self.open:
            await self.cancel()
        for task in watching:
            task.cancel()
        await self.client.close()


if __name__ == "__main__":
    asyncio.run(Bot().run())
