"""Work side by side in processes of their own, with progress told and interrupts that end it.

Each worker has a pipe of its own to its parent, and shares nothing with others: there is no lock
that a worker could take along when it is ended.
"""

import os
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

import attrs

Task = TypeVar("Task")
Result = TypeVar("Result")
Tell = Callable[..., None]
"""What a worker calls, as often as it likes, with how far it has come."""

TOLD_EVERY = 0.2
"""Seconds between two reports of a worker that are passed on."""


class LostWorkerError(RuntimeError):
    """A worker ended in the middle of its work: it was killed, for lack of memory perhaps."""


@attrs.frozen
class Told:
    """How far a worker has come with its task."""

    words: tuple[Any, ...]


@attrs.frozen
class Done:
    """What came of a task."""

    result: Any


@attrs.frozen
class Failed:
    """The error that a task ended in."""

    error: BaseException


@attrs.frozen(eq=False)
class _Worker:
    process: BaseProcess
    pipe: "Connection[Any, Any]"

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def side_by_side(
    work: Callable[[Task, Tell], Result],
    tasks: Sequence[Task],
    *,
    jobs: int | None = None,
    progress: Callable[..., None] | None = None,
) -> Generator[Result, None, None]:
    """Do some work for each task, and yield each result as it comes.

    `work` is a function of a module, called with a task and what to tell progress to; `progress`
    is called with the task and what was told. Raises what the work raises, and LostWorkerError
    where a worker is killed.
    """
    jobs = min(len(tasks), jobs or os.cpu_count() or 1)
    if jobs <= 1:
        for task in tasks:
            yield work(task, _to(progress, task))
        return
    with _begun(jobs, work) as workers:
        waiting = deque(tasks)
        at_work: dict[Any, Task] = {}
        for worker in workers:
            _hand(worker.pipe, waiting, at_work)
        while at_work:
            for pipe in wait(list(at_work)):
                task = at_work[pipe]
                match _heard(pipe):  # type: ignore[arg-type]  # what was given is what is ready
                    case Told(words):
                        _to(progress, task)(*words)
                    case Failed(error):
                        raise error
                    case Done(result):
                        del at_work[pipe]
                        _hand(pipe, waiting, at_work)  # type: ignore[arg-type]
                        yield result


def _hand(pipe: "Connection[Any, Any]", waiting: deque[Task], at_work: dict[Any, Task]) -> None:
    """Give a worker the next task, if any waits."""
    if waiting:
        at_work[pipe] = waiting.popleft()
        try:
            pipe.send(at_work[pipe])
        except OSError as error:
            raise LostWorkerError("a worker was killed before its task came") from error


def _heard(pipe: "Connection[Any, Any]") -> Told | Done | Failed:
    try:
        heard: Told | Done | Failed = pipe.recv()
    except (EOFError, OSError) as error:
        raise LostWorkerError("a worker was killed at its task") from error
    return heard


def _to(progress: Callable[..., None] | None, task: Any) -> Tell:
    if progress is None:
        return lambda *told: None
    return lambda *told: progress(task, *told)


@contextmanager
def _begun(jobs: int, work: Callable[[Any, Tell], Any]) -> Iterator[list[_Worker]]:
    """Begin workers; when all is done, or something failed, end them."""
    with ExitStack() as ending:
        with signals_deferred():
            workers = [_begin(work) for _ in range(jobs)]
            for worker in workers:
                ending.callback(worker.end)
        yield workers


def _begin(work: Callable[[Any, Tell], Any]) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, work), daemon=True)
    process.start()
    theirs.close()  # the worker alone has it, so that we hear when it ends
    return _Worker(process, ours)


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Defer what would end this process until what is begun here is known to it.

    Processes begin with interrupts blocked: these are for their parent, which ends them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    noted: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    # Blocking is not enough for the parent: another thread of it may take the signal.
    before = {n: signal.signal(n, lambda number, frame: noted.append(number)) for n in numbers}
    resource_tracker.ensure_running()  # it would be begun with the first process, and unblock both
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for deferred, handler in before.items():
            signal.signal(deferred, handler)
        for number in noted:
            signal.raise_signal(number)


# In a worker


def _serve(pipe: "Connection[Any, Any]", work: Callable[[Any, Tell], Any]) -> None:
    """Do each task that comes, until no more do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_did(work, task, pipe))


def _did(
    work: Callable[[Any, Tell], Any], task: Any, pipe: "Connection[Any, Any]"
) -> Done | Failed:
    last = time.monotonic()

    def tell(*words: Any) -> None:
        nonlocal last
        if time.monotonic() - last > TOLD_EVERY:
            last = time.monotonic()
            pipe.send(Told(words))

    try:
        return Done(work(task, tell))
    except BaseException as error:
        error.add_note("".join(traceback.format_exception(error)))
        return Failed(error)


def _end_with_parent() -> None:
    """End this process once its parent is gone, killed even: nobody waits for its results."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
