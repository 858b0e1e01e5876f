"""Measure the oracle: the whole of the vectors, and what a driven step costs beyond the subject.

Run `python bench/oracle.py`. The subject is the reference in a process of its own; beyond it is
what remains of a step when the same steps, told to the same book in this process, are taken off.
"""

import sys
import time
from collections.abc import Callable

from truebook.oracle.client import Client, Direct
from truebook.oracle.process import program
from truebook.oracle.reference import reference
from truebook.oracle.running import run_case
from truebook.oracle.vectors import all_vectors

STEPS = 5_000
COMMAND = (sys.executable, "-m", "truebook.oracle.reference")


def best(work: Callable[[], None], times: int = 5) -> float:
    """Return the least of some measurements, in seconds."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return min(found)


def main() -> None:
    """Print the figures."""
    client = Client(program(COMMAND))
    try:
        vectors = all_vectors()
        run_case(client, vectors[0])
        seconds = best(lambda: [run_case(client, case) for case in vectors].clear(), 3)
        print(f"{len(vectors)} vectors, a Python subject in its own process: {seconds:.2f} s")
        driven = best(lambda: steps(client))
    finally:
        client.close()
    own = best(own_time)
    direct = best(lambda: steps(Client(lambda: Direct(reference()))))
    print(f"a driven step: {micro(driven)} µs; the book's own part {micro(own)} µs")
    print(
        f"so beyond the subject {micro(driven - own)} µs; in this process {micro(direct - own)} µs"
    )


def steps(client: Client) -> None:
    """Tell a subject many steps."""
    client.reset("bench", {})
    for at in range(STEPS):
        client.step(at, ({"type": "tick"},))


def own_time() -> None:
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
