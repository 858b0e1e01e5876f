"""Reading a journal leaves the one that this process writes as it is, whoever else opens it."""

import gc
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from truebook.impl.journal import held
from truebook.impl.journal.journaled_book import (
    JournaledBook,
    JournalError,
    calls_of,
    load,
    repair,
    verify,
)
from truebook.impl.journal.salvage import scan

READS: list[Callable[[Path], Any]] = [
    load,
    verify,
    lambda path: verify(path, replay=True),
    lambda path: next(calls_of(path)),
    lambda path: repair(path, path.with_name(f"mended{len(list(path.parent.iterdir()))}")),
    scan,
    lambda path: load(path.with_name("link")),
]
OTHER = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1])
other.execute("SELECT count(*) FROM event").fetchone()
other.close()
"""


@pytest.mark.parametrize("read", READS)
def test_reading_what_this_process_writes_takes_no_lock_away(
    tmp_path: Path, read: Callable[[Path], Any]
) -> None:
    path = tmp_path / "j"
    path.with_name("link").symlink_to(path)
    with JournaledBook(path) as book:
        book.tick(1)
        read(path)
        subprocess.run([sys.executable, "-c", OTHER, str(path)], check=True)
        book.tick(2)
        read(path)
    assert (load(path)[1], verify(path).damage) == (2, "")


def test_what_is_read_is_let_go_of(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with JournaledBook(path) as book:
        book.tick(1)
        with pytest.raises(JournalError):
            load(tmp_path)
        for read in READS[:4]:
            read(path)
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE t (x)")
    assert verify(tmp_path / "other").damage
    JournaledBook(path)  # and dropped
    gc.collect()
    assert held._HELD == {}


def test_what_cannot_be_read_is_a_journal_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "j"
    JournaledBook(path).close()

    def broken(path: Path, most: int = -1) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(held, "read", broken)
    for read in READS[:4]:
        with pytest.raises(JournalError, match="j: it cannot be read: Input/output error"):
            read(path)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no such file here")
def test_a_file_that_opens_and_cannot_be_read_is_a_journal_error() -> None:
    with pytest.raises(JournalError, match="it cannot be read: Input/output error"):
        verify("/proc/self/mem")
