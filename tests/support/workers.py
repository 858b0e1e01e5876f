"""What workers are given to do in tests; they import it, as they cannot a file of tests."""

import os
import signal
import time

from truebook.specs.processes import TOLD_EVERY, Tell

LARGE = 10_000_000
"""Bytes, more than a pipe holds."""


def nothing(task: int, tell: Tell) -> int:
    return task


def wrong(task: int, tell: Tell) -> None:
    raise LookupError(f"no {task}")


def lost(task: int, tell: Tell) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def large(task: int, tell: Tell) -> bytes:
    return bytes(LARGE)


def counted(task: int, tell: Tell) -> int:
    time.sleep(TOLD_EVERY * 1.5)
    tell(task + 1)
    tell(task + 2)  # so soon after it, it is not passed on
    return 10 * task
