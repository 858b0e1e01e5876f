"""A loop whose time is its own: what waits for a time is done at once, in the order of times."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

_Found = TypeVar("_Found")
BEGINS: Final = 1_700_000_000_000
"""The time at which such a loop begins, in milliseconds."""


class _Selector(selectors.DefaultSelector):
    """Waits for nothing, and says how long it would have."""

    waited: float = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; let time pass where nothing is."""
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("nothing is to come any more: this would wait for ever")
            self.waited += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop in which waiting takes no time."""

    def __init__(self) -> None:
        self._waits = _Selector()
        super().__init__(self._waits)

    def time(self) -> float:
        """Return for how many seconds it would have run."""
        return self._waits.waited


def at_once(main: Coroutine[Any, Any, _Found]) -> _Found:
    """Run what takes its time without taking it, the same each time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def milliseconds() -> int:
    """Return the time of the loop that runs."""
    return BEGINS + round(asyncio.get_running_loop().time() * 1000)
