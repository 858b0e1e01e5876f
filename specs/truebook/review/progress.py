"""Progress of explorations: states, states a second, depth, frontier."""

import time

from truebook.screen.progress import TaskLine
from truebook.specs.explore import Outcome, Task
from truebook.specs.words import counted


class ProgressLine(TaskLine):
    """The progress of explorations."""

    def __init__(self, tasks: int) -> None:
        super().__init__(tasks)
        self._started: dict[int, float] = {}

    def update(self, task: Task, states: int, depth: int, frontier: int) -> None:
        """Show how far a task has come."""
        now = time.monotonic()
        rate = states / max(now - self._started.setdefault(id(task), now - 0.05), 0.05)
        self.tell(
            f"{task.title}, {task.scenario.name}: {counted(states, 'state')}, "
            f"{rate:,.0f} states/s, depth {depth}, frontier {frontier:,}"
        )

    def done(self, outcome: Outcome) -> None:
        """Count a task that is done."""
        self.ended(f"{outcome.task.title}, {outcome.task.scenario.name}")
