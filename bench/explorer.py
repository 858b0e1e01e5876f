"""Measure the engines on one order and on compositions of orders: speed and memory.

Every engine runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

Moves: TypeAlias = list[tuple[int, ...]]
Counts: TypeAlias = tuple[int, int]  # states, transitions

# Each is (orders, lots an order); every order may be cancelled, and one snapshot is in flight.
COMPOSITIONS = {"one": (1, 2), "small": (2, 1), "large": (2, 2), "three": (3, 1)}

# What is run in one process, one after another, and how the result is called.
RUNS = [
    ("one", "plain", ["plain"]),
    ("one", "columns", ["columns", "columns, again"]),
    ("one", "columns-checks", ["columns, every check"]),
    ("small", "python", ["plain Python, tuples"]),
    ("small", "numpy", ["numpy"]),
    ("large", "numpy", ["numpy"]),
    ("large", "numpy-keys", ["numpy, no bitmap"]),
    ("large", "numba", ["numba, compiling", "numba, again"]),
    ("large", "numba", ["numba, new process", "numba, again"]),
    ("large", "numba-keys", ["numba, no bitmap, compiling", "numba, no bitmap, again"]),
    ("three", "numpy", ["numpy"]),
    ("three", "numba", ["numba, new process", "numba, again"]),
]


def main() -> None:
    """Run every engine and print what it took, a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", nargs=3, metavar=("COMPOSITION", "ENGINE", "TIMES"))
    asked = parser.parse_args().measure
    if asked:
        measure(asked[0], asked[1], int(asked[2]))
        return
    line = "{:<28} {:>11} {:>12} {:>8} {:>11} {:>8}"
    print(line.format("", "states", "transitions", "seconds", "states/s", "peak MiB"))
    shown = None
    with tempfile.TemporaryDirectory() as cache:  # so that the first run does compile
        for composition, engine, names in RUNS:
            if engine.startswith("numba") and importlib.util.find_spec("numba") is None:
                print(f"{names[0]:<28} skipped: numba is not installed")
                continue
            if composition != shown:
                orders, lots = COMPOSITIONS[composition]
                title = f"{orders} orders of {lots} lot{'s' if lots > 1 else ''}, with cancels"
                print(f"\n{'one order, two snapshots, six faults' if orders == 1 else title}")
                shown = composition
            for name, row in zip(names, run(composition, engine, len(names), cache), strict=True):
                states, transitions, seconds, peak = row
                print(
                    line.format(
                        name,
                        f"{states:,.0f}",
                        f"{transitions:,.0f}",
                        f"{seconds:.2f}",
                        f"{states / seconds:,.0f}",
                        f"{peak / 2**20:,.0f}",
                    ),
                    flush=True,
                )


def run(composition: str, engine: str, times: int, cache: str) -> list[list[float]]:
    """Measure in a new process: states, transitions, seconds and bytes of each time."""
    done = subprocess.run(
        [sys.executable, Path(__file__), "--measure", composition, engine, str(times)],
        env={**os.environ, "NUMBA_CACHE_DIR": cache},
        stdout=subprocess.PIPE,
        check=True,
    )
    rows: list[list[float]] = json.loads(done.stdout)
    return rows


def measure(composition: str, engine: str, times: int) -> None:
    """Explore a composition, or one order, in this process, and print the rows as JSON."""
    if composition == "one":
        print(json.dumps([explore_one(engine) for _ in range(times)]))
        return
    explore = {
        "python": explore_in_python,
        "numpy": lambda *of: explore_on_tables(*of, compiled=False, bitmap=True),
        "numpy-keys": lambda *of: explore_on_tables(*of, compiled=False, bitmap=False),
        "numba": lambda *of: explore_on_tables(*of, compiled=True, bitmap=True),
        "numba-keys": lambda *of: explore_on_tables(*of, compiled=True, bitmap=False),
    }[engine]
    orders, lots = COMPOSITIONS[composition]
    first, rows, moves = composed(orders, lots)
    if engine != "python":
        import truebook.specs.explore.kernel  # noqa: F401 -- numpy's import is nobody's exploration
    found = []
    for _ in range(times):
        started = time.perf_counter()
        states, transitions = explore(first, rows, moves)
        found.append((states, transitions, time.perf_counter() - started, peak()))
    print(json.dumps(found))


def explore_one(engine: str) -> tuple[int, int, float, int]:
    """Explore one order with an engine, with its checks or for its states alone."""
    from truebook.model.designs import REFERENCE
    from truebook.model.own import own_order
    from truebook.specs.explore import columns, plain
    from truebook.specs.properties import checks_of
    from truebook.specs.scenarios import with_faults

    faults = ("cancel", "refuse", "lose", "unasked", "late", "snapshots")
    system = own_order(REFERENCE, with_faults(*faults))
    checks = checks_of(system) if engine == "columns-checks" else ()
    started = time.perf_counter()
    found = (plain if engine == "plain" else columns).explore(system, checks)
    return found.states, found.transitions, time.perf_counter() - started, peak()


def peak() -> int:
    """Return the most memory that this process has had so far, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def composed(orders: int, lots: int) -> tuple[tuple[int, ...], list[list[list[int]]], Moves]:
    """Return several like orders: the first states, the rows of each table, and the moves."""
    from truebook.model.config import Bounds
    from truebook.model.designs import REFERENCE
    from truebook.model.own import own_order

    system = own_order(REFERENCE, Bounds(size=lots, cancel=True))
    first, rows = enumerated(system)
    moves: Moves = []
    for number, action in enumerate(system.actions):
        if action.shared:
            moves.append((number,) * orders)
        else:
            moves += [
                tuple(number if order == n else -1 for order in range(orders))
                for n in range(orders)
            ]
    return (first,) * orders, [rows] * orders, moves


def enumerated(system) -> tuple[int, list[list[int]]]:  # type: ignore[no-untyped-def]
    """Return one order's first state and successors, its states numbered in sorted order."""
    from truebook.specs.explore import Runner

    runner = Runner(system)
    edges = {runner.first: runner.successors(runner.first)}
    queue = [runner.first]
    for state in queue:
        for _, after in edges[state]:
            if after not in edges:
                edges[after] = runner.successors(after)
                queue.append(after)
    numbers = {state: number for number, state in enumerate(sorted(edges))}
    rows = [[-1] * len(numbers) for _ in system.actions]
    for state, found in edges.items():
        for action, after in found:
            rows[action][numbers[state]] = numbers[after]
    return numbers[runner.first], rows


def explore_in_python(
    first: tuple[int, ...], rows: Sequence[Sequence[Sequence[int]]], moves: Moves
) -> Counts:
    """Explore with a set of tuples of state numbers, as one would without the kernel."""
    parts = [
        [(order, rows[order][row]) for order, row in enumerate(move) if row >= 0] for move in moves
    ]
    seen = {first}
    queue = [first]
    transitions = 0
    for state in queue:
        for move in parts:
            after = list(state)
            for order, successor in move:
                after[order] = successor[state[order]]
                if after[order] < 0:
                    break
            else:
                transitions += 1
                key = tuple(after)
                if key not in seen:
                    seen.add(key)
                    queue.append(key)
    return len(seen), transitions


def explore_on_tables(
    first: tuple[int, ...],
    rows: Sequence[Sequence[Sequence[int]]],
    moves: Moves,
    *,
    compiled: bool,
    bitmap: bool,
) -> Counts:
    """Explore with the kernel, with a bitmap of visited states or without one."""
    import numpy as np

    from truebook.specs.explore import BITMAP_BYTES, Table, explore_tables

    tables = [Table(n, np.array(table, np.int32)) for n, table in zip(first, rows, strict=True)]
    size = BITMAP_BYTES if bitmap else 0
    product = explore_tables(tables, moves, [], compiled=compiled, bitmap_bytes=size)
    return product.states, product.transitions


if __name__ == "__main__":
    main()
