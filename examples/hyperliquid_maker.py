"""A market maker on a live book: it quotes both sides of two markets, and ends with nothing open.

    truebook venue --market BTC:5:60000 --market ETH:4:3000 --limit 0.3 \
        --rate 0.3 --quiet 10 -- python examples/hyperliquid_maker.py

It moves a quote by a modify where the old and the new order may both trade within its limit, and
else by a cancel and a new order. What it knows is the book's alone, and that is what it says that
it believes. SIGTERM ends it, once the venue has no order of it any more.
"""

import json
import os
import signal
import sys
import threading
import urllib.request
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

import attrs

from truebook.impl import SECOND, BookConfig
from truebook.impl.book import Order, ReconcileResult
from truebook.impl.sync import SyncConfig
from truebook.impl.venues.hyperliquid.live import (
    Cancel,
    HyperliquidBook,
    LiveConfig,
    Modify,
    Place,
    Request,
)

MARKETS: Final = {"BTC": Decimal(1), "ETH": Decimal("0.1")}
"""The markets, and the step of a price in each: five significant figures."""
SIZE, LIMIT = Decimal("0.1"), Decimal("0.3")
"""What one quote is of, and what it may come to hold on a side of a market, in its own coin."""
HALF_SPREAD: Final = Decimal("0.00005")
"""How far from the middle it quotes, in parts of the price."""
CYCLE: Final = 0.1
"""Seconds between two looks."""

# How long it takes to be sure of anything is E + L: so these are as short as the venue allows.
# - E is 3 s: what is sent expires after half of it, and is answered in milliseconds there.
# - L is 3.5 s: the listings of a plan are up to 3 s old.
# - What is over counts as if it had traded for 10 s, where no word says how much did: a pass a
#   second brings the fills long before.
# - An answer that takes longer than 1.5 s has none: those of a plan are up to 3 s late.
# On the venue itself leave them as they are: a pass of each market in a second would be refused.
BOOK: Final = BookConfig(
    expected_cloid_ttl=3 * SECOND,
    finalized_protection=7 * SECOND // 2,
    fill_window_duration=10 * SECOND,
    cancel_timeout=2 * SECOND,
    listing_timeout=5 * SECOND,
)
LIVE: Final = LiveConfig(
    time_limit=1.5,
    ping=1.0,
    silence=3.0,
    longest_wait=1.0,
    sync=SyncConfig(interval=1.0, longest_interval=2.0, time_limit=1.5, attempts=2),
)


@attrs.define(eq=False)
class Maker:
    """Quotes from what its book knows; `ended` is set when it is to end."""

    url: str
    book: HyperliquidBook
    ended: threading.Event
    mids: dict[str, Decimal] = attrs.field(factory=dict)

    def run(self) -> None:
        """Quote until it is to end; then cancel everything, and see that it is over."""
        while not self.ended.is_set():
            self.look()
            requests = [one for market in self.mids for one in self.quotes(market)]
            if requests:
                self.book.batch(requests)
            self.tell()
            self.ended.wait(CYCLE)
        while self.book.orders():
            self.book.cancel_all()
            self.book.sync()
        self.tell()

    def quotes(self, market: str) -> Iterator[Request]:
        """Yield what is to be sent, so that one order of each side is near its price."""
        open_orders = self.book.orders(market)
        for side, sign in (("buy", 1), ("sell", -1)):
            price = _rounded(self.mids[market] * (1 - sign * HALF_SPREAD), MARKETS[market])
            mine = [order for order in open_orders if order.side == side]
            room = LIMIT - sign * self.book.worst_position(side, market)
            if mine:
                yield from self._moved(mine, price, room)
            elif room >= SIZE:
                yield Place(market=market, side=side, price=price, size=SIZE, time_in_force="alo")

    def _moved(self, mine: list[Order], price: Decimal, room: Decimal) -> Iterator[Request]:
        """Yield what moves orders to a price: what nobody knows yet is left until it is known."""
        first, *rest = mine
        for order in rest:
            yield Cancel(order.cloid)
        if first.is_open and abs(first.price - price) > price * HALF_SPREAD:
            fits = room >= SIZE
            yield Modify(first.cloid, price=price, size=SIZE) if fits else Cancel(first.cloid)

    def look(self) -> None:
        """Ask for the prices; those that are known stay where nobody answers."""
        told = self._post("/info", {"type": "allMids"})
        if isinstance(told, dict):
            self.mids = {market: Decimal(told[market]) for market in MARKETS if market in told}

    def tell(self) -> None:
        """Say what it believes."""
        position = {market: str(self.book.position(market)) for market in MARKETS}
        believed = [order.cloid for order in self.book.orders()]
        self._post("/_truebook/belief", {"position": position, "open": believed})

    def _post(self, path: str, said: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, json.dumps(said).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:
                return json.load(answer)
        except (OSError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr, flush=True)
            return None


def _rounded(price: Decimal, step: Decimal) -> Decimal:
    return (price / step).to_integral_value(ROUND_HALF_EVEN) * step


def main() -> int:
    """Trade until SIGTERM; 1: an order was taken for an orphan, though all are its own."""
    ended, orphans = threading.Event(), list[str]()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())

    def listen(market: str, result: Any) -> None:
        if isinstance(result, ReconcileResult) and result.orphans_to_cancel:
            orphans.append(f"{market}: {result.orphans_to_cancel} are to be cancelled as orphans")
            ended.set()

    url = os.environ["TRUEBOOK_VENUE"]
    with HyperliquidBook(
        url=url,
        wallet=os.environ["TRUEBOOK_VENUE_KEY"],
        markets=list(MARKETS),
        strangers="cancel",
        journal=os.environ.get("TRUEBOOK_JOURNAL"),
        config=BOOK,
        live=LIVE,
        listener=listen,
    ) as book:
        Maker(url, book, ended).run()
        for event in book.drain_events():
            print(event, file=sys.stderr)
    for line in orphans:
        print(line, file=sys.stderr, flush=True)
    return 1 if orphans else 0


if __name__ == "__main__":
    sys.exit(main())
