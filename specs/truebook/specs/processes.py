"""Work side by side in processes of their own, with progress told and interrupts that end it."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.queues import SimpleQueue
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
Tell = Callable[..., None]
"""What a worker calls, as often as it likes, with how far it has come."""

TOLD_EVERY = 0.2
"""Seconds between two reports of a worker that are passed on."""


def side_by_side(
    work: Callable[[Task, Tell], Result],
    tasks: Sequence[Task],
    *,
    jobs: int | None = None,
    progress: Callable[..., None] | None = None,
) -> Iterator[Result]:
    """Do some work for each task, and yield each result as it comes.

    `work` is a function of a module, called with a task and what to tell progress to; `progress`
    is called with the task and what was told.
    """
    jobs = min(len(tasks), jobs or os.cpu_count() or 1)
    if jobs <= 1:
        for task in tasks:
            yield work(task, _to(progress, task))
        return
    context = get_context("spawn")
    queue: SimpleQueue[tuple[Any, ...]] = context.SimpleQueue()
    with ProcessPoolExecutor(jobs, context, _begin, (queue,)) as pool:
        try:
            with _signals_deferred():
                waiting = {pool.submit(_numbered, work, n, task) for n, task in enumerate(tasks)}
            while waiting:
                while not queue.empty():
                    number, *told = queue.get()
                    if progress is not None:
                        progress(tasks[number], *told)
                try:
                    for future in as_completed(waiting, timeout=0.1):
                        waiting.discard(future)
                        yield future.result()
                except TimeoutError:
                    continue
        except BaseException:
            for process in list(pool._processes.values()):
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _to(progress: Callable[..., None] | None, task: Any) -> Tell:
    if progress is None:
        return lambda *told: None
    return lambda *told: progress(task, *told)


_QUEUE: "SimpleQueue[tuple[Any, ...]] | None" = None


def _begin(queue: "SimpleQueue[tuple[Any, ...]]") -> None:
    global _QUEUE
    _QUEUE = queue
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process once its parent is gone, killed even: nobody waits for its results."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _signals_deferred() -> Iterator[None]:
    """Defer what would end this process until the processes that are begun here are known to it.

    They begin with interrupts blocked: these are for their parent, which ends them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    noted: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    # Blocking is not enough for the parent: another thread of it may take the signal.
    before = {n: signal.signal(n, lambda number, frame: noted.append(number)) for n in numbers}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for deferred, handler in before.items():
            signal.signal(deferred, handler)
        for number in noted:
            signal.raise_signal(number)


def _numbered(work: Callable[[Task, Tell], Result], number: int, task: Task) -> Result:
    last = time.monotonic()

    def tell(*told: Any) -> None:
        nonlocal last
        if _QUEUE is not None and time.monotonic() - last > TOLD_EVERY:
            last = time.monotonic()
            _QUEUE.put((number, *told))

    return work(task, tell)
