"""The files of a journal: itself, and what lies beside it."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from truebook.impl.journal import held
from truebook.impl.journal.errors import JournalError


def beside(path: Path, end: str) -> Path:
    """Return a file beside a journal; SQLite puts its own where a link leads to."""
    return Path(os.path.realpath(path) + end)


def log_path(path: Path) -> Path:
    """Return where the write-ahead log of a journal is."""
    return beside(path, "-wal")


def head_path(path: Path) -> Path:
    """Return where the head record of a journal is."""
    return beside(path, "-head")


def exists(path: Path) -> bool:
    """Return whether there is something at a path; JournalError where that cannot be told."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    return True


def check_files(path: Path) -> None:
    """Refuse what is no file or may not be read, or has something beside it of which that holds."""
    if not exists(path):
        raise JournalError(f"{path}: there is no such file")
    for file in filter(exists, (path, log_path(path), head_path(path))):
        kind = file.stat().st_mode
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
            raise JournalError(f"{file}: it cannot be read: it is no file")
        read(file, 0)  # a folder says itself that it is one


def has_log(path: Path) -> bool:
    """Return whether a journal has a write-ahead log, with something in it."""
    log = log_path(path)
    return log.exists() and log.stat().st_size > 0


def begins(path: Path) -> tuple[bytes, int]:
    """Return how the file of a journal begins, and its size; JournalError where it cannot be."""
    check_files(path)
    return read(path, 72), path.stat().st_size


def read(path: Path, most: int = -1) -> bytes:
    """Return what a file has, or as much of its beginning: nothing where it is not there.

    JournalError where it cannot be read.
    """
    try:
        return held.read(path, most)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _unreadable(path, error) from error


def identity(file: str) -> tuple[int, int] | None:
    """Return what tells a file from another that takes its name; None where there is none."""
    try:
        status = os.stat(file)
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def sync_folder(folder: Path) -> None:
    """Let the name of a new file outlive a loss of power, where folders can be told to."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _unreadable(path: Path, error: OSError | ValueError) -> JournalError:
    return JournalError(f"{path}: it cannot be read: {getattr(error, 'strerror', error)}")
