"""The file of a journal, read beside SQLite without taking its locks away.

POSIX drops every lock that a process has on a file as soon as it closes any descriptor of it. So a
file that is open here is read through one descriptor, which is kept until SQLite is done with it.
"""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Final

import attrs

_BINARY: Final = getattr(os, "O_BINARY", 0)  # where the system would change line ends
_lock: Final = RLock()  # what is collected meanwhile may let go of a file


@attrs.define(eq=False)
class _Held:
    """A descriptor, and how many journals open here are of its file."""

    file: int
    identity: tuple[int, int]
    users: int = 0


_HELD: Final[dict[tuple[int, int], _Held]] = {}


def hold(path: Path) -> Callable[[], None]:
    """Keep a file at hand that SQLite is to open; call what is returned when it has closed it."""
    with _lock:
        held = _HELD.get(_identity(os.stat(path)))
        if held is None:
            file = os.open(path, os.O_RDONLY | _BINARY)
            held = _Held(file, _identity(os.fstat(file)))
            _HELD[held.identity] = held
        held.users += 1
    return partial(_let_go, held)


def read(path: Path, most: int = -1) -> bytes:
    """Return what a file has, or as much of its beginning."""
    with _lock:
        held = _HELD.get(_identity(os.stat(path)))
        if held is None:
            with path.open("rb") as file:
                return file.read(most)
        os.lseek(held.file, 0, os.SEEK_SET)
        with open(held.file, "rb", closefd=False) as file:
            return file.read(most)


def _let_go(held: _Held) -> None:
    with _lock:
        held.users -= 1
        if not held.users:
            del _HELD[held.identity]
            os.close(held.file)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
