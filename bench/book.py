"""Measure the book: events a second, memory over many orders, and what history costs.

Each line is measured in a process of its own.
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
HUMMINGBOT = Path(__file__).with_name("hummingbot_tracker.py")
TRACKERS = HUMMINGBOT.parent.parent / ".venv-trackers" / "bin" / "python"


def main() -> None:
    """Measure what is asked for, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=300_000, help="over how many to see memory")
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "N"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        what, n = asked.measure
        print(json.dumps(MEASURES[what](int(n))))
        return
    print(f"{run('fills', 300_000)[0]:>12,.0f} fills/s, of one order")
    print(f"{run('lives', 100_000)[0]:>12,.0f} order lives/s: place, answer, two fills, done")
    if TRACKERS.exists():
        rate = numbers_of(str(TRACKERS), str(HUMMINGBOT), "5000")[0]
        print(f"{rate:>12,.0f} order lives/s of hummingbot's ClientOrderTracker, told the same")
    else:
        print("             hummingbot's ClientOrderTracker is not here: make trackers")
    for gone in (0, 100_000, 1_000_000):
        rate, live = run("after", gone)
        print(
            f"{1e6 / rate:>12.2f} µs an event, after {gone:,} orders gone by and {live:,.0f} open"
        )
    for made in (1_000, 10_000):
        modify, forgotten = run("modifies", made)
        print(
            f"{modify:>12.2f} µs a modify, of {made:,} of one order, and {forgotten:.2f} µs to "
            "forget one"
        )
    print(f"\nmemory over {asked.orders:,} orders, one a millisecond, all with two fills")
    for done, held, peak in run_rows("memory", asked.orders):
        print(
            f"{done:>12,.0f} orders gone by: {held:>9,.0f} held, {peak / 2**20:>6,.0f} MiB at most"
        )


def run(what: str, n: int) -> list[float]:
    """Measure in a new process."""
    return numbers_of(sys.executable, str(Path(__file__)), "--measure", what, str(n))


def numbers_of(*command: str) -> list[float]:
    """Return the numbers that a command prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    numbers: list[float] = json.loads(done.stdout)
    return numbers


def run_rows(what: str, n: int) -> list[list[float]]:
    """Measure in a new process: several rows."""
    rows: list[list[float]] = run(what, n)  # type: ignore[assignment]
    return rows


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


def modifies(n: int) -> list[float]:
    """Microseconds of a modify and its answer, of n of one order, and of forgetting one."""
    from truebook.impl import UnifiedOrderBook

    book = UnifiedOrderBook()
    book.register_pending("buy", PRICE, SIZE, cloid="c")
    book.finalize_order("c", 1, SIZE, "buy", PRICE)
    start = time.perf_counter()
    for oid in range(2, n + 2):
        book.request_modify("c", PRICE, SIZE, now=oid * MILLISECOND)
        book.modify_confirmed("c", oid)
    made = time.perf_counter()
    book.tick(book.now + 120_000 * MILLISECOND)
    gone = time.perf_counter()
    return [1e6 * (made - start) / n, 1e6 * (gone - made) / n]


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


MEASURES: dict[str, Callable[[int], object]] = {
    "fills": fills,
    "lives": lives,
    "after": after,
    "modifies": modifies,
    "memory": memory,
}

if __name__ == "__main__":
    main()
