"""How far a stage of a run has come, in words."""

from collections.abc import Callable

import attrs

from truebook.oracle.judge import Result
from truebook.specs.words import counted

Told = Callable[[str], None]
"""Called with how far a run has come, in words."""


@attrs.define
class Stage:
    """How far a stage is: how much of how much is done, and how many events have been told."""

    name: str
    of: int
    tell: Told
    done: int = 0
    events: int = 0
    tried: int = 0

    def add(self, result: Result | None) -> None:
        """Count one more that is done; None where there was nothing to tell."""
        self.done += 1
        self._note(result)
        self.tell(f"{self._far()}, {counted(self.events, 'event')}")

    def shrink(self, result: Result | None) -> None:
        """Count one that is tried beside, to find a shorter one that fails."""
        self.tried += 1
        self._note(result)
        tried = f"one fails; {counted(self.tried, 'shorter one')} tried"
        self.tell(f"{self._far()}, {tried}, {counted(self.events, 'event')}")

    def _note(self, result: Result | None) -> None:
        self.events += sum(len(step.events) for step in result.told) if result else 0

    def _far(self) -> str:
        return f"{self.name}: {self.done:,} of {self.of:,}"
