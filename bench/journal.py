"""Measure the journal, and kill whoever writes it; journal_damage.py breaks it.

rate [N]      how long a call takes, with and without a journal
recover [N]   how long a journal of N calls takes to open, by its snapshots
kills [N]     kill -9 a process that writes, N times; the book must be right each time
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from truebook.impl import BookConfig, ListedOrder, Listing, ListingRequest, UnifiedOrderBook
from truebook.impl.journal import Call, JournaledBook, calls_of, retell, verify

CONFIG = BookConfig(max_tracked_tids=100)
STEP = 50_000_000  # nanoseconds from one call to the next


def script() -> Iterator[Call]:
    """Yield calls without end, always the same: orders, answers, fills, cancels, listings."""
    dice = random.Random(1)
    now, oid, open_oids = 0, 0, list[int]()
    while True:
        now += STEP
        oid += 1
        cloid, side = f"c{oid}", dice.choice(("buy", "sell"))
        price, size = Decimal(dice.randrange(9000, 9100)) / 100, Decimal(dice.randrange(2, 9))
        yield _call("register_pending", side=side, price=price, size=size, cloid=cloid, now=now)
        if dice.random() < 0.1:
            yield _call("order_unknown", cloid=cloid, now=now)
        else:
            answer: dict[str, Any] = {"oid": oid, "resting_size": size, "side": side}
            yield _call("finalize_order", cloid=cloid, **answer, price=price, now=now)
        open_oids.append(oid)
        for tid in range(dice.randrange(3)):
            fill: dict[str, Any] = {"size": Decimal(1), "price": price, "is_buy": side == "buy"}
            yield _call(
                "process_fill", oid=oid, tid=10 * oid + tid, **fill, cloid=cloid, time=now, now=now
            )
        if dice.random() < 0.5:
            gone = open_oids.pop(dice.randrange(len(open_oids)))
            yield _call("request_cancel", id=gone, now=now)
            yield _call("cancel_confirmed", id=gone, now=now)
        if dice.random() < 0.1:
            listed = tuple(ListedOrder(one, f"c{one}") for one in open_oids[-200:])
            listing = Listing((*listed, ListedOrder(10**9 + oid)), ListingRequest(now))
            yield _call("reconcile", snapshot=listing, now=now)


def _call(method: str, **arguments: Any) -> Call:
    return Call(method, arguments)


def reference(calls: int) -> UnifiedOrderBook:
    """Return the book in memory that was told the first calls of the script."""
    book = UnifiedOrderBook(CONFIG)
    for call in islice(script(), calls):
        retell(book, call)
    return book


def write(path: Path) -> None:
    """Go on with the script where the journal ends, for ever; print a line after each call."""
    with JournaledBook(path, CONFIG, snapshot_every=100) as book:
        print(book.calls_written, flush=True)
        for number, call in islice(enumerate(script(), 1), book.calls_written, None):
            call.tell(book)
            print(number, flush=True)


def kills(times: int, seed: int = 1) -> str:
    """Kill a process that writes, over and over; return what was seen, or raise."""
    dice = random.Random(seed)
    beyond = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.journal"
        for _ in range(times):
            command = [sys.executable, str(Path(__file__)), "write", str(path)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
                assert child.stdout is not None
                told = [int(line) for line in islice(child.stdout, dice.randrange(1, 150))]
                time.sleep(dice.random() / 500)
                child.send_signal(signal.SIGKILL)
                told += [int(line) for line in child.stdout if line.endswith("\n")]
            if not told:
                raise RuntimeError("the writer said nothing")
            with JournaledBook(path, CONFIG) as book:
                written = book.calls_written
                same = book.to_json() == reference(written).to_json()
            if not told[-1] <= written <= told[-1] + 1 or not same:
                raise RuntimeError(f"told {told[-1]}, written {written}, the same book: {same}")
            beyond += written - told[-1]
    return (
        f"{times} kills over {written:,} calls: every book right; "
        f"{beyond} times one call more was written than its writer had said"
    )


def rate(calls: int) -> str:
    """Return what a call costs in memory, in a journal, and in one that waits for the disk."""
    told = list(islice(script(), calls))
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for name, book in (
            ("in memory", UnifiedOrderBook(CONFIG)),
            ("journaled", JournaledBook(Path(folder) / "a", CONFIG, snapshot_every=0)),
            ("durable", JournaledBook(Path(folder) / "b", CONFIG, snapshot_every=0, durable=True)),
        ):
            few = told[: calls // 50] if name == "durable" else told
            started = time.perf_counter()
            for call in few:
                call.tell(book)
            spent = time.perf_counter() - started
            lines.append(f"{1e6 * spent / len(few):8.2f} µs a call, {name}")
    return "\n".join(lines)


def recover(calls: int) -> str:
    """Return how long a journal takes to open with its last snapshot, and with none."""
    lines = []
    for every in (100_000, 0):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.journal"
            with JournaledBook(path, CONFIG, snapshot_every=every) as book:
                for call in islice(script(), calls - 1):  # a snapshot as far back as may be
                    call.tell(book)
                size = os.path.getsize(path)
            started = time.perf_counter()
            with JournaledBook(path, CONFIG) as again:
                spent = time.perf_counter() - started
                if again.to_json() != book.to_json():
                    raise RuntimeError("the book is another one")
            snapshots = f"a snapshot every {every:,}" if every else "no snapshot"
            lines.append(f"{spent:8.2f} s to open {calls:,} calls, {snapshots}, {size:,} bytes")
            started = time.perf_counter()
            if verify(path).damage or sum(1 for _ in calls_of(path)) != calls - 1:
                raise RuntimeError("the journal is damaged")
            lines.append(f"{time.perf_counter() - started:8.2f} s to verify and read it all")
    return "\n".join(lines)


def main() -> None:
    """Do what is asked for and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("rate", "recover", "kills", "write"))
    parser.add_argument("argument", nargs="?")
    asked = parser.parse_args()
    if asked.what == "write":
        write(Path(asked.argument))
    elif asked.what == "kills":
        print(kills(int(asked.argument or 200)))
    elif asked.what == "rate":
        print(rate(int(asked.argument or 50_000)))
    else:
        print(recover(int(asked.argument or 1_000_000)))


if __name__ == "__main__":
    main()
