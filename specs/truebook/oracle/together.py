"""Conversations with several subjects at a time: each task is for whichever is free."""

import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from truebook.oracle.driver import Client, Pace
from truebook.specs.processes import signals_deferred

Task = TypeVar("Task")
Found = TypeVar("Found")

A_CORE = 4
"""So many subjects a core run at once at most: more would wait for it, and seem to hang."""
_LOOK = 0.2
"""Seconds after which the main thread looks up: a signal that another thread takes wakes nobody."""


def so_many(jobs: int, tasks: int) -> int:
    """Return how many subjects are to run at once."""
    return max(1, min(jobs, A_CORE * (os.cpu_count() or 1), tasks))


def together(
    clients: Sequence[Client],
    work: Callable[[Client, Task], Found],
    tasks: Sequence[Task],
    pace: Pace,
) -> Generator[tuple[int, Found], None, None]:
    """Yield what comes of each task, with its number, as it comes; then end the subjects.

    What they took is added to the pace. Raises what the work raises; whatever ends it early kills
    the subjects, so that no work waits for them.
    """
    waiting = deque(enumerate(tasks))
    # An interrupt at any moment leaves no lock of it taken, as one does that waits for futures.
    found: queue.SimpleQueue[tuple[int, Found] | BaseException] = queue.SimpleQueue()

    def serve(client: Client) -> None:
        while waiting:
            try:
                number, task = waiting.popleft()
            except IndexError:  # another has taken the last
                return
            try:
                found.put((number, work(client, task)))
            except BaseException as error:
                found.put(error)

    threads = [threading.Thread(target=serve, args=(client,)) for client in clients]
    try:
        with signals_deferred():
            for thread in threads:
                thread.start()
        for _ in tasks:
            one = _next_of(found)
            if isinstance(one, BaseException):
                raise one
            yield one
    except BaseException:
        waiting.clear()
        for client in clients:
            client.kill()
        raise
    finally:
        for client, thread in zip(clients, threads, strict=True):
            thread.join()
            pace.add(client.pace)
            client.close()


def _next_of(
    found: "queue.SimpleQueue[tuple[int, Found] | BaseException]",
) -> tuple[int, Found] | BaseException:
    while True:
        try:
            return found.get(timeout=_LOOK)
        except queue.Empty:
            continue
