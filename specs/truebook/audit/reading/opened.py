"""Files as lines: plain, gzip or zstd, each line with its number, and no line without bound."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Any, BinaryIO, Final

import zstandard

LONGEST: Final = 64 << 20
"""A line of more bytes than this is not read: it is passed over, and said to be too long."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CHUNK: Final = 1 << 17


class CutOffError(Exception):
    """A compressed file that ends, or is damaged, in the middle, at a `line`."""

    def __init__(self, line: int, why: object) -> None:
        super().__init__(f"from line {line} on it cannot be unpacked: {why}")
        self.line = line


@contextmanager
def opened(path: Path) -> Iterator[BufferedIOBase]:
    """Lend a file for reading, unpacked as its first bytes say; OSError as `open` raises it."""
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb", _CHUNK))
        magic = file.read(4)
        file.seek(0)
        found: Any = file
        if magic[:2] == _GZIP:
            found = stack.enter_context(gzip.GzipFile(fileobj=file))
        elif magic == _ZSTD:
            found = stack.enter_context(io.BufferedReader(_Zstd(file), _CHUNK))
        yield found


class _Zstd(io.RawIOBase):
    """The bytes of zstd frames, one behind the other; EOFError where the last is not whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            packed = self._frame.unused_data if self._frame.eof else b""
            packed = packed or self._file.read(_CHUNK // 8)
            if not packed:
                if self._begun and not self._frame.eof:
                    raise EOFError("it ends in the middle of a frame")
                return 0
            if self._frame.eof:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._begun = True
            self._ready = self._frame.decompress(packed)
        taken = self._ready[: len(buffer)]
        self._ready = self._ready[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def blocks_of(file: BufferedIOBase) -> Iterator[tuple[int, list[bytes | None]]]:
    """Yield lines without their ends, many at a time, and the number of the first of them.

    None stands for a line that is too long. CutOffError where what is compressed ends too early:
    the lines before it were yielded.
    """
    number, lost = 1, False
    parts: list[bytes] = []
    while True:
        try:
            chunk = file.read1()
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise CutOffError(number, error) from error
        if not chunk and not parts and not lost:
            return
        parts.append(chunk)
        if chunk and b"\n" not in chunk:
            if lost or sum(map(len, parts)) >= LONGEST:
                parts, lost = [], True
            continue
        *whole, rest = b"".join(parts).split(b"\n")
        if not chunk:
            whole, rest = [rest], b""
        lines: list[bytes | None] = [*whole]
        if lost:
            lines[0], lost = None, False
        if max(map(len, whole)) >= LONGEST:
            lines = [None if line is None or len(line) >= LONGEST else line for line in lines]
        parts = [rest] if rest else []
        yield number, lines
        number += len(lines)


def lines_of(file: BufferedIOBase) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line, as `blocks_of` does, with its number."""
    for first, lines in blocks_of(file):
        for number, line in enumerate(lines, first):
            yield number, line if line is None else line.rstrip(b"\r")
