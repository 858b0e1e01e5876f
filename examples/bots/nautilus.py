"""A bot on NautilusTrader's LiveNode: it places pairs of orders, modifies and cancels them.

truebook venue --runs 3 --seconds 15 -- .venv-clients/bin/python examples/bots/nautilus.py

What it believes is what its cache and its portfolio say.
"""

import json
import os
import sys
import urllib.request
from datetime import timedelta
from decimal import Decimal
from typing import Any

from nautilus_trader.core import nautilus_pyo3 as nautilus

URL, WS = os.environ["TRUEBOOK_VENUE"], os.environ["TRUEBOOK_VENUE_WS"]
ETH = nautilus.InstrumentId.from_str("ETH-USD-PERP.HYPERLIQUID")
TESTNET = nautilus.HyperliquidEnvironment.TESTNET
LIMIT = 3
BUY, SELL = nautilus.OrderSide.BUY, nautilus.OrderSide.SELL


class Bot(nautilus.Strategy):  # type: ignore[misc]
    """Its orders and its position are those of Nautilus."""

    def __new__(cls) -> Any:
        """Configure the strategy."""
        return super().__new__(cls, nautilus.StrategyConfig(order_id_tag="001"))

    def on_start(self) -> None:
        """Listen to the best prices, and look every 0.3 s."""
        self.mid = self.before = 0.0
        self.turn = 0
        self.subscribe_quotes(ETH)
        self.clock.set_timer("look", timedelta(seconds=0.3))

    def on_quote(self, quote: Any) -> None:
        """Keep the middle price."""
        self.mid = (float(str(quote.bid_price)) + float(str(quote.ask_price))) / 2

    def on_time_event(self, event: Any) -> None:
        """Do the next step, and say what is believed."""
        try:
            if self.mid:
                self.step()
            self.tell()
        except Exception as error:
            print("error:", repr(error)[:300], file=sys.stderr, flush=True)

    def on_stop(self) -> None:
        """Cancel what is open: it is waited for a while."""
        self.clock.cancel_timers()
        self.cancel_all_orders(ETH)

    def step(self) -> None:
        """Place a pair, modify it, or cancel it, by turns."""
        open_orders = self.cache.orders_open(instrument_id=ETH)
        if not open_orders:
            if self.mid == self.before:  # nothing is open, and nobody moves: it rests
                return
            self.before = self.mid
            for side, sign in ((BUY, 1), (SELL, -1)):
                if sign * self.position() < LIMIT:
                    price = nautilus.Price(self.mid * (1 - sign * 0.00005), 1)
                    size = nautilus.Quantity.from_str("1.0000")
                    self.submit_order(self.order_factory.limit(ETH, side, size, price))
        elif self.turn % 2 == 0:
            for order in open_orders:
                sign = 1 if order.side == BUY else -1
                price = nautilus.Price(self.mid * (1 - sign * 0.00015), 1)
                self.modify_order(order.client_order_id, order.quantity, price)
        else:
            self.cancel_orders([order.client_order_id for order in open_orders])
        self.turn += 1

    def position(self) -> Decimal:
        """Return what the portfolio says, a float, in the decimals of a size."""
        return Decimal(f"{self.portfolio.net_position(ETH):.4f}")

    def tell(self) -> None:
        """Say what is believed."""
        names = [str(one.venue_order_id) for one in self.cache.orders_open(instrument_id=ETH)]
        said = {"position": {"ETH": str(self.position())}, "open": names}
        request = urllib.request.Request(f"{URL}/_truebook/belief", json.dumps(said).encode())
        urllib.request.urlopen(request, timeout=2).close()


def main() -> None:
    """Run until SIGTERM."""
    trader = nautilus.TraderId("BOT-001")
    account = nautilus.AccountId("HYPERLIQUID-001")
    http = {"environment": TESTNET, "base_url_ws": WS, "base_url_http": f"{URL}/info"}
    trades = nautilus.HyperliquidExecClientConfig(
        private_key=os.environ["TRUEBOOK_VENUE_KEY"],
        base_url_exchange=f"{URL}/exchange",
        include_builder_attribution=False,
        **http,
    )
    node = nautilus.LiveNode.builder("bot", trader, nautilus.Environment.LIVE)
    node = node.add_data_client(
        None,
        nautilus.HyperliquidDataClientFactory(),
        nautilus.HyperliquidDataClientConfig(**http),
    )
    node = node.add_exec_client(
        None,
        nautilus.HyperliquidExecutionClientFactory(),
        nautilus.HyperliquidExecFactoryConfig(trader, account, trades),
    )
    node = node.with_delay_post_stop_secs(2).build()
    node.add_strategy(Bot())
    node.run()


if __name__ == "__main__":
    main()
