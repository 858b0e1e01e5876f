"""Progress on stderr: a line that is kept up to date on a terminal, lines now and then elsewhere.

What is counted never goes back, never exceeds what there is, and comes to it unless the work ends
early; how much there is never changes.
"""

import sys
import time
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from truebook.screen.terminal import is_live

LINE_EVERY = 2.0
"""Seconds between two lines where stderr is not a terminal."""


class Titled(Protocol):
    """A task with a name for readers."""

    @property
    def title(self) -> str:
        """What it is about."""
        ...


class _Stderr(Console):
    """The console of stderr; that nobody reads it any more is no reason to stop."""

    def on_broken_pipe(self) -> None:
        """Say nothing more."""
        self.quiet = True


class StatusLine:
    """Words on how far work has come; the latest stand, the older are gone."""

    def __init__(self) -> None:
        self._live = is_live(sys.stderr)
        self._console = _Stderr(stderr=True, highlight=False)
        self._status = Status("working", console=self._console)
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        """Begin to show them."""
        if self._live:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Take them away."""
        self._status.stop()

    def show(self, words: str) -> None:
        """Show how far the work has come."""
        if self._live:
            self._status.update(Text(words))
        elif time.monotonic() - self._last > LINE_EVERY:
            self._last = time.monotonic()
            self._console.print(Text(words), soft_wrap=True)


class TaskLine(StatusLine):
    """The progress of several tasks: how many are done, and how far one of them is."""

    def __init__(self, tasks: int) -> None:
        super().__init__()
        self._tasks, self._done = tasks, 0

    def tell(self, words: str) -> None:
        """Show how far a task has come, in words."""
        self.show(f"[{self._done}/{self._tasks}] {words}")

    def ended(self, title: str) -> None:
        """Count a task that is done."""
        self._done += 1
        self.tell(f"{title}: done")


class StepLine(TaskLine):
    """The progress of tasks that say in words how far they have come."""

    def update(self, task: Titled, words: str) -> None:
        """Show how far a task has come."""
        self.tell(f"{task.title}: {words}")

    def count(self, task: Titled, done: int, of: int) -> None:
        """Show how much of a task is done."""
        self.update(task, f"{done:,} of {of:,}")

    def done(self, task: Titled) -> None:
        """Count a task that is done."""
        self.ended(task.title)
