"""Measure the fast engine beside Spin, on the same model and in one run.

The model is two orders of two lots each that may be cancelled, with one snapshot in flight, written
in Promela by `truebook export`. Ours is timed whole, from the model to the counts; Spin's time is
the one it says that its search took, without generating and compiling it. Each runs in a process of
its own, and in turn, so that a busy machine is busy for all.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypeAlias

Counts: TypeAlias = tuple[int, int, float]  # states, transitions, seconds

OURS = ("numpy", "numba")
SETTINGS = {"Spin, as documented": "EXACT", "Spin, fastest exact": "FASTEST"}
ROUNDS = 3


def main() -> None:
    """Run each in turn, some rounds of it, and print the best of each and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", choices=OURS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(explore(compiled=asked.measure == "numba")))
        return
    from truebook.specs.export.spin import missing

    print("\ntwo orders of two lots, with cancels: the engine beside Spin")
    if missing() is not None:
        print(f"skipped: Spin (Debian's package spin) or a C compiler is {missing()}")
        return
    engines = [e for e in OURS if e == "numpy" or importlib.util.find_spec("numba") is not None]
    found: dict[str, list[Counts]] = {}
    with tempfile.TemporaryDirectory() as cache:  # what numba compiles, once
        for _ in range(asked.rounds):
            for engine in engines:
                found.setdefault(f"tables, {engine}", []).append(in_a_process(engine, cache))
            for name, settings in SETTINGS.items():
                found.setdefault(name, []).append(spin(settings))
    show(found)


def show(found: dict[str, list[Counts]]) -> None:
    """Print a line each: counts, the least of seconds, states/s, and how many times Spin's."""
    counts = {(states, transitions) for runs in found.values() for states, transitions, _ in runs}
    if len(counts) != 1:
        sys.exit(f"the counts differ: {found}")
    seconds = {name: min(took for _, _, took in runs) for name, runs in found.items()}
    quickest = min(took for name, took in seconds.items() if name in SETTINGS)
    line = "{:<28} {:>11} {:>12} {:>8} {:>11} {:>12}"
    print(line.format("", "states", "transitions", "seconds", "states/s", "times Spin's"))
    for name, took in seconds.items():
        states, transitions, _ = found[name][0]
        print(
            line.format(
                name,
                f"{states:,}",
                f"{transitions:,}",
                f"{took:.2f}",
                f"{states / took:,.0f}",
                f"{quickest / took:.1f}",
            )
        )


def in_a_process(engine: str, cache: str) -> Counts:
    """Explore in a new process with a kernel."""
    command = [sys.executable, Path(__file__), "--measure", engine]
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    states, transitions, seconds = json.loads(done.stdout)
    return states, transitions, seconds


def explore(*, compiled: bool) -> Counts:
    """Explore in this process, without checks; the second time, once all is compiled and loaded."""
    from truebook.specs.explore import tables

    times = 2 if compiled else 1
    runs = [tables.explore(system(), (), compiled=compiled) for _ in range(times)]
    return runs[-1].states, runs[-1].transitions, runs[-1].seconds


def spin(settings: str) -> Counts:
    """Run Spin with some settings."""
    from truebook.specs.export import machine_of, promela_of
    from truebook.specs.export import spin as of_spin

    with tempfile.TemporaryDirectory() as folder:
        run = of_spin.run_spin(
            promela_of(machine_of(system()), "two orders of two lots, with cancels"),
            Path(folder),
            settings=getattr(of_spin, settings),
            optimise="-O3",
            table=24,
        )
    return run.states, run.transitions, run.seconds


def system():  # type: ignore[no-untyped-def]
    """Return two orders of two lots that may be cancelled, with one snapshot in flight."""
    from truebook.model.config import Bounds
    from truebook.model.designs import REFERENCE
    from truebook.specs.scenarios import TWO_ORDERS, Scenario

    return Scenario("two orders", Bounds(size=2, cancel=True), TWO_ORDERS).build(REFERENCE)


if __name__ == "__main__":
    main()
