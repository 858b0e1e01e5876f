"""Files as lines: plain, gzip or zstd, each line with its number, and no line without bound."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

import attrs
import zstandard

LONGEST: Final = 64 << 20
"""A line of more bytes than this is not read: it is passed over, and said to be too long."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CHUNK: Final = 1 << 17
_PACKED: Final = 1 << 9
"""So many packed bytes are unpacked at once: they may be 16 MB, where somebody means it badly."""

Block: TypeAlias = tuple[int, list[bytes | None]]
"""Lines, None for one that is too long, and the number of the first."""


DAMAGE: Final = (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError)
"""What unpacking says of a file that is cut off, or damaged."""


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


def is_packed(path: Path) -> bool:
    """Return whether a file is packed, as its first bytes say."""
    with path.open("rb") as file:
        magic = file.read(4)
    return magic[:2] == _GZIP or magic == _ZSTD


class _Zstd(io.RawIOBase):
    """The bytes of zstd frames, one behind the other; EOFError where the last is not whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            packed = self._frame.unused_data if self._frame.eof else b""
            packed = packed or self._file.read(_PACKED)
            if not packed:
                if self._begun and not self._frame.eof:
                    raise EOFError("it ends in the middle of a frame")
                return 0
            if self._frame.eof:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._begun = True
            self._ready = memoryview(self._frame.decompress(packed))
        taken = self._ready[: len(buffer)]
        self._ready = self._ready[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


@attrs.define
class Lines:
    """Bytes cut into lines without their ends, as they come; `number` is that of the next.

    None stands for a line that is too long.
    """

    number: int = 1
    _lost: bool = False
    _size: int = 0
    _parts: list[bytes] = attrs.field(factory=list)

    @property
    def unfinished(self) -> bool:
        """Whether a line has begun whose end has not come."""
        return bool(self._parts) or self._lost

    def cut(self, chunk: bytes) -> Block | None:
        """Return the lines that end with what came now, and the number of the first."""
        if b"\n" not in chunk:
            self._size += len(chunk)
            if self._lost or self._size >= LONGEST:
                self._parts, self._size, self._lost = [], 0, True
            else:
                self._parts.append(chunk)
            return None
        self._parts.append(chunk)
        joined = b"".join(self._parts)
        *whole, rest = joined.split(b"\n")
        self._parts, self._size = [rest] if rest else [], len(rest)
        return self._block(whole, len(joined))

    def end(self) -> Block | None:
        """Return the last line, if it has no end."""
        if not self.unfinished:
            return None
        rest, self._parts, self._size = b"".join(self._parts), [], 0
        return self._block([rest], len(rest))

    def _block(self, whole: list[bytes], size: int) -> Block:
        lines: list[bytes | None] = [*whole]
        if self._lost:
            lines[0], self._lost = None, False
        if size >= LONGEST:
            lines = [None if line is None or len(line) >= LONGEST else line for line in lines]
        first = self.number
        self.number += len(lines)
        return first, lines


def numbered(block: Block) -> tuple[range, list[bytes | None]]:
    """Return the numbers of some lines, and these."""
    first, lines = block
    return range(first, first + len(lines)), lines


def blocks_of(file: BufferedIOBase) -> Iterator[Block]:
    """Yield lines, many at a time, as `Lines` has them.

    CutOffError where what is compressed ends too early: the lines before it were yielded.
    """
    lines = Lines()
    while True:
        try:
            chunk = file.read1()
        except DAMAGE as error:
            raise CutOffError(lines.number, error) from error
        block = lines.cut(chunk) if chunk else lines.end()
        if block is not None:
            yield block
        if not chunk:
            return


def lines_of(file: BufferedIOBase) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line, as `blocks_of` does, with its number."""
    for first, lines in blocks_of(file):
        for number, line in enumerate(lines, first):
            yield number, line if line is None else line.rstrip(b"\r")
