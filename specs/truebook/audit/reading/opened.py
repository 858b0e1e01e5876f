"""Files as lines: plain, gzip or zstd, each line with its number, and no line without bound."""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import zstandard

LONGEST: Final = 64 << 20
"""A line of more bytes than this is not read: it is passed over, and said to be too long."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class CutOffError(Exception):
    """A compressed file that ends, or is damaged, in the middle; `why` says which."""


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacked as its first bytes say; OSError as `open` raises it."""
    file = path.open("rb")
    magic = file.read(4)
    file.seek(0)
    if magic[:2] == _GZIP:
        return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]
    if magic == _ZSTD:
        return _unpacked(file)
    return file


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    return io.BufferedReader(reader)


def lines_of(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line without its end, and its number; None for one that is too long.

    CutOffError where what is compressed ends too early: the lines before it were yielded.
    """
    number = 0
    while True:
        number += 1
        try:
            line = file.readline(LONGEST)
            if not line:
                return
            whole: bytes | None = line
            while line and not line.endswith(b"\n") and len(line) == LONGEST:
                whole = None
                line = file.readline(LONGEST)
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise CutOffError(f"line {number}: {error}") from error
        yield number, whole if whole is None else whole.rstrip(b"\r\n")
