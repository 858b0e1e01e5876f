"""Measure the book: events a second, memory over many orders, and what history costs.

Each line is measured in a process of its own. With Hummingbot's ClientOrderTracker beside it, where
that can be imported: name the Python of an environment that has it by --hummingbot.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

SIZE, HALF, LOT, PRICE = Decimal(1), Decimal("0.5"), Decimal("0.1"), Decimal("100.5")
MILLISECOND = 1_000_000


def main() -> None:
    """Measure what is asked for, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=300_000, help="over how many to see memory")
    parser.add_argument("--hummingbot", metavar="PYTHON", default=sys.executable)
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "N"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        what, n = asked.measure
        print(json.dumps(MEASURES[what](int(n))))
        return
    print(f"{run('fills', 300_000)[0]:>12,.0f} fills/s, of one order")
    print(f"{run('lives', 100_000)[0]:>12,.0f} order lives/s: place, answer, two fills, done")
    for gone in (0, 100_000, 1_000_000):
        rate, live = run("after", gone)
        print(
            f"{1e6 / rate:>12.2f} µs an event, after {gone:,} orders gone by and {live:,.0f} open"
        )
    print(f"\nmemory over {asked.orders:,} orders, one a millisecond, all with two fills")
    for done, held, peak in run_rows("memory", asked.orders):
        print(
            f"{done:>12,.0f} orders gone by: {held:>9,.0f} held, {peak / 2**20:>6,.0f} MiB at most"
        )
    print()
    hummingbot(asked.hummingbot)


def run(what: str, n: int, python: str = sys.executable) -> list[float]:
    """Measure in a new process."""
    command = [python, str(Path(__file__)), "--measure", what, str(n)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    numbers: list[float] = json.loads(done.stdout)
    return numbers


def run_rows(what: str, n: int) -> list[list[float]]:
    """Measure in a new process: several rows."""
    rows: list[list[float]] = run(what, n)  # type: ignore[assignment]
    return rows


def hummingbot(python: str) -> None:
    """Print how many lives a second Hummingbot's tracker does, or why that is not known."""
    command = [python, "-c", "import hummingbot.connector.client_order_tracker"]
    found = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if found.returncode:
        reason = (found.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"Hummingbot's ClientOrderTracker was not measured: {reason}")
        return
    rate = run("hummingbot", 10_000, python)[0]
    print(f"{rate:>12,.0f} order lives/s of Hummingbot's ClientOrderTracker, the same events")


def fills(n: int) -> list[float]:
    """Fills of one order, each at a time of its own."""
    from truebook.impl import UnifiedOrderBook

    book = UnifiedOrderBook()
    book.register_pending("buy", PRICE, LOT * n, cloid="c")
    book.finalize_order("c", 1, LOT * n, "buy", PRICE)
    start = time.perf_counter()
    for k in range(n):
        book.process_fill(1, k, LOT, PRICE, True, time=k, crossed=False, now=k * 1000)
    return [n / (time.perf_counter() - start)]


def live(book, first: int, n: int, now: int) -> int:  # type: ignore[no-untyped-def]
    """Let n orders live, one a millisecond; return the time."""
    for k in range(first, first + n):
        now += MILLISECOND
        oid = k + 1
        cloid = book.register_pending("buy", PRICE, SIZE, now=now)
        book.finalize_order(cloid, oid, SIZE, "buy", PRICE, now=now)
        for tid in (2 * k, 2 * k + 1):
            book.process_fill(
                oid, tid, HALF, PRICE, True, cloid=cloid, time=now, crossed=False, now=now
            )
        book.order_status(oid, "filled", cloid=cloid, filled=SIZE, now=now)
    return now


def lives(n: int) -> list[float]:
    """Whole lives of orders, one after the other."""
    from truebook.impl import UnifiedOrderBook

    book = UnifiedOrderBook()
    start = time.perf_counter()
    live(book, 0, n, 0)
    return [n / (time.perf_counter() - start)]


def after(gone: int) -> list[float]:
    """Events a second once so many orders have gone by and 1,000 are open."""
    from truebook.impl import UnifiedOrderBook

    book = UnifiedOrderBook()
    now = live(book, 0, gone, 0) + 120_000 * MILLISECOND  # all of them are forgotten
    for k in range(1000):
        cloid = book.register_pending("sell", PRICE, SIZE, now=now)
        book.finalize_order(cloid, -k - 1, SIZE, "sell", PRICE)
    n = 20_000
    start = time.perf_counter()
    live(book, gone, n, now)
    return [5 * n / (time.perf_counter() - start), len(book)]


def memory(n: int) -> list[list[float]]:
    """After each tenth of the orders: how many are held, and the most memory so far."""
    from truebook.impl import UnifiedOrderBook

    book = UnifiedOrderBook()
    rows: list[list[float]] = []
    now = 0
    for part in range(10):
        now = live(book, part * (n // 10), n // 10, now)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        unit = 1 if sys.platform == "darwin" else 1024
        rows.append([(part + 1) * (n // 10), len(book.get_orders()), peak * unit])
    return rows


def hummingbot_lives(n: int) -> list[float]:
    """The same lives, told to Hummingbot's tracker."""
    import asyncio
    from types import SimpleNamespace

    from hummingbot.connector.client_order_tracker import (  # type: ignore[import-not-found]
        ClientOrderTracker,
    )
    from hummingbot.core.data_type import (  # type: ignore[import-not-found]
        common,
        in_flight_order,
        trade_fee,
    )

    noop: Callable[..., None] = lambda *_, **__: None  # noqa: E731
    connector = SimpleNamespace(
        current_timestamp=0.0,
        trigger_event=noop,
        trading_pairs=["A-B"],
        name="bench",
        display_name="bench",
    )
    connector.logger = lambda: SimpleNamespace(info=noop, debug=noop, warning=noop, error=noop)
    fee = trade_fee.AddedToCostTradeFee(percent_token="B", flat_fees=[])

    def status(state: str, cloid: str, oid: str, now: float) -> object:
        return in_flight_order.OrderUpdate(
            trading_pair="A-B",
            update_timestamp=now,
            new_state=in_flight_order.OrderState[state],
            client_order_id=cloid,
            exchange_order_id=oid,
        )

    async def every() -> float:
        tracker = ClientOrderTracker(connector=connector)
        tracker.logger = connector.logger
        start = time.perf_counter()
        for k in range(n):
            cloid, oid, now = f"c{k}", f"o{k}", float(k)
            tracker.start_tracking_order(
                in_flight_order.InFlightOrder(
                    client_order_id=cloid,
                    trading_pair="A-B",
                    order_type=common.OrderType.LIMIT,
                    trade_type=common.TradeType.BUY,
                    amount=SIZE,
                    creation_timestamp=now,
                    price=PRICE,
                )
            )

            await tracker._process_order_update(status("OPEN", cloid, oid, now))
            for tid in (2 * k, 2 * k + 1):
                tracker.process_trade_update(
                    in_flight_order.TradeUpdate(
                        trade_id=str(tid),
                        client_order_id=cloid,
                        exchange_order_id=oid,
                        trading_pair="A-B",
                        fill_timestamp=now,
                        fill_price=PRICE,
                        fill_base_amount=HALF,
                        fill_quote_amount=HALF * PRICE,
                        fee=fee,
                    )
                )
            await tracker._process_order_update(status("FILLED", cloid, oid, now))
        return time.perf_counter() - start

    return [n / asyncio.run(every())]


MEASURES: dict[str, Callable[[int], object]] = {
    "fills": fills,
    "lives": lives,
    "after": after,
    "memory": memory,
    "hummingbot": hummingbot_lives,
}

if __name__ == "__main__":
    main()
