"""A bot on hummingbot's connector: it places pairs of orders, cancels them, and sums up its fills.

truebook venue --runs 3 -- .venv-trackers/bin/python examples/bots/hummingbot_connector.py

What it believes to be open is what the connector has in flight; its position is what the connector
tells of fills. The connector is as it is; for the application, whose screen it writes warnings on,
something else stands in, as it needs far more than is installed.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import urllib.request
from decimal import Decimal
from types import ModuleType, SimpleNamespace
from typing import Any

from hummingbot.connector.derivative.hyperliquid_perpetual import (
    hyperliquid_perpetual_constants as constants,
)
from hummingbot.connector.derivative.hyperliquid_perpetual.hyperliquid_perpetual_derivative import (
    HyperliquidPerpetualDerivative,
)
from hummingbot.core.clock import Clock, ClockMode
from hummingbot.core.data_type.common import OrderType, PositionAction, TradeType
from hummingbot.core.event.event_forwarder import EventForwarder
from hummingbot.core.event.events import MarketEvent

URL, PAIR, SIZE, LIMIT = os.environ["TRUEBOOK_VENUE"], "ETH-USD", Decimal(1), 3
screen = ModuleType("hummingbot.client.hummingbot_application")
shown = SimpleNamespace(notify=print, add_application_warning=print)
vars(screen)["HummingbotApplication"] = SimpleNamespace(main_application=lambda: shown)
sys.modules[screen.__name__] = screen
constants.TESTNET_BASE_URL = URL
constants.TESTNET_WS_URL = os.environ["TRUEBOOK_VENUE_WS"]


class Bot:
    """Its orders are those of the connector; `position` is what its fills come to."""

    def __init__(self) -> None:
        self.connector = HyperliquidPerpetualDerivative(
            hyperliquid_perpetual_secret_key=os.environ["TRUEBOOK_VENUE_KEY"],
            hyperliquid_perpetual_address=os.environ["TRUEBOOK_VENUE_ACCOUNT"],
            trading_pairs=[PAIR],
            domain=constants.TESTNET_DOMAIN,
            enable_hip3_markets=False,
        )
        self.position = Decimal(0)
        self.before = 0.0
        self.ended = asyncio.Event()
        self.listener = EventForwarder(self.on_fill)
        self.connector.add_listener(MarketEvent.OrderFilled, self.listener)

    def on_fill(self, fill: Any) -> None:
        """Count a fill: the connector says that it tells each once."""
        sign = 1 if fill.trade_type is TradeType.BUY else -1
        self.position += sign * fill.amount

    def step(self) -> None:
        """Place a pair, or cancel it, by turns."""
        if self.connector.in_flight_orders:
            self.cancel()
            return
        mid = float(self.connector.get_mid_price(PAIR))
        if mid == self.before:  # nothing is open, and nobody moves: it rests
            return
        self.before = mid
        for place, sign in ((self.connector.buy, 1), (self.connector.sell, -1)):
            if sign * self.position < LIMIT:
                price = Decimal(f"{mid * (1 - sign * 0.00005):.1f}")
                place(PAIR, SIZE, OrderType.LIMIT, price, position_action=PositionAction.OPEN)

    def cancel(self) -> None:
        """Cancel what is open."""
        for order in list(self.connector.in_flight_orders.values()):
            if order.exchange_order_id is not None:
                self.connector.cancel(PAIR, order.client_order_id)

    def tell(self) -> None:
        """Say what it believes."""
        said = {
            "position": {"ETH": str(self.position)},
            "open": list(self.connector.in_flight_orders),
        }
        request = urllib.request.Request(f"{URL}/_truebook/belief", json.dumps(said).encode())
        urllib.request.urlopen(request, timeout=2).close()

    async def trade(self) -> None:
        """Trade until it is to end."""
        while not self.ended.is_set():
            try:
                if self.connector.ready:
                    self.step()
            except Exception as error:
                print("error:", repr(error)[:300], file=sys.stderr, flush=True)
            await asyncio.to_thread(self.tell)
            await asyncio.sleep(0.5)
        self.cancel()
        await asyncio.sleep(2)

    async def run(self) -> None:
        """Run until SIGTERM."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.ended.set)
        with Clock(ClockMode.REALTIME, tick_size=1.0) as clock:
            clock.add_iterator(self.connector)
            self.ticking = asyncio.create_task(clock.run())
            await self.trade()
            os._exit(0)  # its sessions are of no use any more


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    asyncio.run(Bot().run())
