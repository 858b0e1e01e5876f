"""Progress on stderr while explorations run: states, states a second, depth, frontier."""

import time
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.status import Status

from truebook.specs.check import Outcome, Task

LINE_EVERY = 2.0
"""Seconds between two lines where stderr is not a terminal."""


class Titled(Protocol):
    """A task with a name for readers."""

    @property
    def title(self) -> str:
        """What it is about."""
        ...


class _Line:
    """A line that is kept up to date on a terminal, or printed now and then elsewhere."""

    def __init__(self, tasks: int) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._status = Status("working", console=self._console)
        self._live = self._console.is_terminal
        self._tasks = tasks
        self._done = 0
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        if self._live:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._status.stop()

    def _show(self, line: str, now: float) -> None:
        line = f"[{self._done}/{self._tasks}] {line}"
        if self._live:
            self._status.update(line.replace("[", r"\["))
        elif now - self._last > LINE_EVERY:
            self._last = now
            self._console.print(line, markup=False, soft_wrap=True)


class StepLine(_Line):
    """The progress of work that says in words how far it has come."""

    def update(self, task: Titled, words: str) -> None:
        """Show how far a task has come."""
        self._show(f"{task.title}: {words}", time.monotonic())

    def count(self, task: Titled, done: int, of: int) -> None:
        """Show how much of a task is done."""
        self.update(task, f"{done:,} of {of:,}")

    def done(self, task: Titled) -> None:
        """Count a task that is done."""
        self._done += 1
        self._show(f"{task.title}: done", time.monotonic())


class ProgressLine(_Line):
    """The progress of explorations."""

    def __init__(self, tasks: int) -> None:
        super().__init__(tasks)
        self._started: dict[int, float] = {}

    def update(self, task: Task, states: int, depth: int, frontier: int) -> None:
        """Show how far a task has come."""
        now = time.monotonic()
        rate = states / max(now - self._started.setdefault(id(task), now - 0.05), 0.05)
        self._show(
            f"{task.title}, {task.scenario.name}: {states:,} states, {rate:,.0f} states/s, "
            f"depth {depth}, frontier {frontier:,}",
            now,
        )

    def done(self, outcome: Outcome) -> None:
        """Count a task that is done."""
        self._done += 1
        self._show(f"{outcome.task.title}, {outcome.task.scenario.name}: done", time.monotonic())
