"""A recording's file is whole, line by line, whatever ends the program that writes it."""

import asyncio
import gzip
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from truebook.venue.recording import Lines, NotOursError, lines

NAMES = ("x.jsonl", "x.jsonl.gz", "x.zst")

EMPTY = gzip.compress(b"{}\n", mtime=0)


def read(path: Path) -> bytes:
    """Return what a file has, unpacked by the tools of others."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(raw)
    if path.suffix == ".zst":
        with path.open("rb") as file:
            reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
            return reader.read()
    return raw


@contextmanager
def room(size: int) -> Iterator[None]:
    """Let no file become larger: more is refused, as by a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("name", NAMES)
@given(said=st.lists(st.lists(st.binary().map(lambda raw: b"{" + raw.hex().encode()))))
def test_lines_of_many_runs_follow_each_other(
    name: str, said: list[list[bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("lines") / name
    for run in said:
        file = Lines.onto(path)
        for line in run:
            file.write(line)
        file.close()
    whole = read(path) if path.exists() and path.stat().st_size else b""
    assert whole == b"".join(line + b"\n" for run in said for line in run)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_there_is_whole_at_any_moment(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    said = [b'{"n": %d}' % n for n in range(20_000)]

    async def write() -> None:
        file = Lines.anew(path)
        for number, line in enumerate(said):
            file.write(line)
            if number % 2_000 == 0:  # as if it were killed here
                whole = read(path) if path.stat().st_size else b""
                assert b"".join(one + b"\n" for one in said[: number + 1]).startswith(whole)
                assert whole.endswith(b"\n") or not whole
                assert sum(map(len, said[: number + 1])) - len(whole) < lines.ENOUGH
        await asyncio.sleep(lines.SOON + 0.2)  # and the last of it, soon after it was said
        assert read(path).splitlines() == said
        file.close()

    asyncio.run(write())


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_is_said_once_and_leaves_whole_lines(name: str, tmp_path: Path) -> None:
    path, told = tmp_path / name, list[OSError]()
    file = Lines.anew(path)
    file.say = told.append
    with room(3_000):
        for number in range(2_000):
            file.write(b'{"n": %d}' % number)
    assert len(told) == 1
    file.write(b'{"later": 1}')
    with pytest.raises(OSError, match=name) as failed:
        file.close()
    assert failed.value.errno == told[0].errno
    found = read(path).splitlines()
    assert found == [b'{"n": %d}' % number for number in range(len(found))]
    assert 0 < len(found) < 2_000
    again = Lines.onto(path)
    again.write(b'{"again": 1}')
    again.close()
    assert read(path).splitlines() == [*found, b'{"again": 1}']


def test_a_line_that_was_cut_off_stays_one_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a": 1}\n{"b": ')
    file = Lines.onto(path)
    assert not file.was_empty
    file.write(b"{}")
    file.close()
    assert path.read_bytes() == b'{"a": 1}\n{"b": \n{}\n'


@pytest.mark.parametrize(
    ("name", "there", "why"),
    [
        ("x.jsonl", b"#!/usr/bin/python", "is no recording"),
        ("x.gz", b'{"a": 1}\n', "is no gzip"),
        ("x.zst", EMPTY, "is packed by gzip, and its name says otherwise"),
        ("x.jsonl", EMPTY, "is packed by gzip"),
        ("x.gz", gzip.compress(b"# notes\n", mtime=0), "is no recording"),
        ("x.gz", EMPTY + EMPTY[:-3], "it ends in the middle"),
        ("x.gz", EMPTY + b"rubbish", "is damaged"),
        ("x.zst", zstandard.compress(b"{}\n" * 99)[:-3], "it ends in the middle"),
        ("x.zst", zstandard.compress(b"{}\n") + b"rubbish", "is damaged"),
    ],
)
def test_a_file_that_is_no_such_recording_is_left_alone(
    name: str, there: bytes, why: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(there)
    with pytest.raises(NotOursError, match=why):
        Lines.onto(path)
    assert path.read_bytes() == there
