"""Measure the oracle: the whole of the vectors, and what a driven step costs beyond the subject.

Run `python bench/oracle.py`. The subject is the reference, in a process of its own, with the JSON
that its adapter reads and writes; then a book in C, which takes next to nothing for either; then
the reference in this process, without JSON. Where the two processes run on different cores, waking
the other is a good part of a step: `taskset -c 0` has them share one.
"""

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from truebook.oracle.driver import Client, Direct, program
from truebook.oracle.judge import run_case
from truebook.oracle.reference import reference
from truebook.oracle.vectors import all_vectors

STEPS = 5_000
COMMAND = (sys.executable, "-m", "truebook.oracle.reference")
SOURCE = Path(__file__).resolve().parent.parent / "examples" / "adapters" / "position.c"


def best(measure: Callable[[], float], times: int = 5) -> float:
    """Return the least of some measurements, in seconds."""
    return min(measure() for _ in range(times))


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    print(f"{len(all_vectors())} vectors, a Python subject: {best(whole, 3):.2f} s")
    step(COMMAND, "Python")
    if shutil.which("cc") is not None:
        with TemporaryDirectory() as folder:
            compiled = f"{folder}/position"
            subprocess.run(["cc", "-O2", "-o", compiled, str(SOURCE)], check=True)
            step((compiled,), "C")
    own = best(lambda: timed(book_alone))
    direct = best(lambda: timed(lambda: steps(Client(lambda: Direct(reference())), STEPS)))
    print(f"a driven step in this process: {micro(direct - own)} µs beyond the book")


def whole() -> float:
    """Tell a subject every vector; its start is part of it."""
    client = Client(program(COMMAND))
    try:
        return timed(lambda: [run_case(client, case) for case in all_vectors()])
    finally:
        client.close()


def step(command: Sequence[str], language: str) -> None:
    """Print what a step costs, and how much of it the subject's own process takes."""
    runs = [driven(command, STEPS) for _ in range(5)]
    start = best(lambda: driven(command, 0)[1])
    wall = min(seconds for seconds, _ in runs)
    own = min(seconds for _, seconds in runs) - start
    print(
        f"a driven step, a book in {language}: {micro(wall)} µs, "
        f"{micro(wall - own)} beyond the {micro(own)} that its process takes"
    )


def driven(command: Sequence[str], count: int) -> tuple[float, float]:
    """Return the seconds that some steps take, and those that the subject's process has run."""
    before = of_children()
    client = Client(program(command))
    try:
        steps(client, 1)
        seconds = timed(lambda: steps(client, count))
    finally:
        client.close()
    return seconds, of_children() - before


def of_children() -> float:
    """Return the seconds that processes begun here have run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def steps(client: Client, count: int) -> None:
    """Tell a subject many steps."""
    client.reset("bench", {})
    for at in range(count):
        client.step(at, ({"type": "tick"},))


def book_alone() -> None:
    """Tell the book the same, without protocol."""
    answer = reference().answer
    answer({"type": "reset", "seq": 0, "config": {}})
    for at in range(STEPS):
        answer({"type": "step", "seq": at, "at": str(at), "event": {"type": "tick"}})


def micro(seconds: float) -> str:
    """Return seconds of all steps as microseconds of one."""
    return f"{seconds / STEPS * 1e6:.0f}"


if __name__ == "__main__":
    main()
