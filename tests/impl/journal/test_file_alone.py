"""A file without what lies beside it is the whole book, or it is refused."""

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from truebook.impl.journal import head as head_module
from truebook.impl.journal.head import HeadRecord
from truebook.impl.journal.journaled_book import (
    DamagedError,
    JournaledBook,
    JournalError,
    load,
    verify,
)


def refused(path: Path, words: str) -> None:
    assert words in verify(path).damage
    with pytest.raises(DamagedError, match=words):
        load(path)


@pytest.mark.parametrize("closed_before", [0, 1, 50])
@pytest.mark.parametrize("more", [0, 1, 51])
def test_a_file_copied_alone_from_an_open_journal_is_refused(
    tmp_path: Path, closed_before: int, more: int
) -> None:
    path, alone = tmp_path / "j", tmp_path / "alone"
    if closed_before:
        with JournaledBook(path) as book:
            for n in range(closed_before):
                book.tick(n + 1)
    with JournaledBook(path) as book:
        for n in range(more):
            book.tick(100 + n)
        shutil.copy(path, alone)
        refused(alone, "copy its -wal and -head together with it")
    shutil.copy(path, alone)
    assert load(alone)[1] == closed_before + more


def flipped(data: bytes) -> bytes:
    return bytes(byte ^ (n in (3, 31)) for n, byte in enumerate(data))


BROKEN: list[Callable[[bytes], bytes]] = [
    flipped,
    lambda _: b"",
    lambda data: random.Random(1).randbytes(len(data)),
]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("closed", [True, False])
def test_a_head_record_that_cannot_be_read_is_not_a_missing_one(
    tmp_path: Path, broken: Callable[[bytes], bytes], closed: bool
) -> None:
    path, copied = tmp_path / "j", tmp_path / "copied"
    book = JournaledBook(path)
    for n in range(101):
        book.tick(n + 1)
    if closed:
        book.close()
    shutil.copy(path, copied)
    Path(f"{copied}-head").write_bytes(broken(Path(f"{path}-head").read_bytes()))
    refused(copied, "copied-head is not as written")
    book.close()


OPENED = """
import os, signal, sys
from pathlib import Path
from truebook.impl.journal import JournaledBook, file, head

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

module, name = sys.argv[2].split(".")
setattr({"file": file, "head": head}[module], name, killed)
JournaledBook(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("at", ["head._begin", "file.mark_open", "file.identity"])
@pytest.mark.parametrize("calls", [0, 5])
def test_killed_while_it_is_opened_it_opens(tmp_path: Path, at: str, calls: int) -> None:
    path = tmp_path / "j"
    with JournaledBook(path) as book:
        for n in range(calls):
            book.tick(n + 1)
    Path(f"{path}-head").unlink()
    done = subprocess.run([sys.executable, "-c", OPENED, str(path), at], check=False)
    assert done.returncode == -signal.SIGKILL
    with JournaledBook(path) as book:
        assert book.calls_written == calls


def test_a_head_record_that_another_began_first_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "j"
    begin = head_module._begin

    def late(draft: Path, seq: int, digest: bytes, *, durable: bool) -> None:
        begin(draft, seq, digest, durable=durable)
        shutil.copy(draft, f"{path}-head")

    monkeypatch.setattr(head_module, "_begin", late)
    HeadRecord.open(path, 1, bytes(16), durable=False).close()
    assert head_module.read_head(path) == head_module.Head(1, bytes(16))


def test_a_mark_that_a_reader_keeps_out_of_the_file_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "j"
    JournaledBook(path).close()
    monkeypatch.setattr("truebook.impl.journal.file.mark_open", lambda _: False)
    with pytest.raises(JournalError, match="another reads it"):
        JournaledBook(path)
    assert load(path)[1] == 0
