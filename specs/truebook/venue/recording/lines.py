"""A file of lines that grows, and is whole whatever ends the program that writes it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import attrs

from truebook.venue.recording.packing import GZIP, ZSTD, DamagedError, Packing, packing_of

SOON: Final = 0.5
"""What is packed waits for so many seconds, so that there is something to pack."""
ENOUGH: Final = 1 << 16
"""So many bytes do not wait any longer: to pack them takes a millisecond or two."""


class NotOursError(Exception):
    """A file that is there, and to which no lines can be added; the words say why."""


@attrs.define
class Lines:
    """Writes lines to the end of a file, packed as its name says.

    A line is written at once. Where it is packed it waits a moment, until there is a piece, which
    is packed by itself and written as a whole: so what is there can be unpacked, and ends with a
    line. What cannot be written is given up, with all that comes after it: `failed` says why, and
    `say` is told once.
    """

    path: Path
    file: IO[bytes]
    say: Callable[[OSError], object] = attrs.field(default=lambda error: None)
    failed: OSError | None = None
    _packing: Packing | None = None
    _waiting: bytearray = attrs.field(factory=bytearray)
    _size: int = 0
    _later: asyncio.TimerHandle | None = None

    @classmethod
    def anew(cls, path: Path) -> "Lines":
        """Return the lines of a file that is written anew; OSError as `open` raises it."""
        return cls(path, path.open("wb", buffering=0), packing=packing_of(path))

    @classmethod
    def onto(cls, path: Path) -> "Lines":
        """Return the lines of a file that is there, to which others are added, or of a new one.

        OSError as `open` raises it; NotOursError where it is no file of lines of JSON, packed as
        its name says and whole.
        """
        packing = packing_of(path)
        ends = _looked_at(path, packing) if path.is_file() else b"\n"
        lines = cls(path, path.open("ab", buffering=0), packing=packing)
        lines._size = lines.file.tell()
        if ends not in (b"\n", b""):  # a line that was cut off stays one by itself
            lines._append(packing.pack(b"\n") if packing else b"\n")
        return lines

    @property
    def was_empty(self) -> bool:
        """Whether nothing has been written to the file yet."""
        return self._size == 0

    def write(self, line: bytes) -> None:
        """Write a line, which has no end yet."""
        if self.failed is not None:
            return
        self._waiting += line
        self._waiting += b"\n"
        if self._packing is None or len(self._waiting) >= ENOUGH:
            self.flush()
        elif self._later is None:
            self._flush_later()

    def flush(self) -> None:
        """Write what waits."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        piece, self._waiting = bytes(self._waiting), bytearray()
        if piece and self.failed is None:
            self._append(self._packing.pack(piece) if self._packing else piece)

    def close(self) -> None:
        """Write what waits, and end; OSError where some of it could not be written."""
        self.flush()
        try:
            self.file.close()
        except OSError as error:
            self._fail(error)
        if self.failed is not None:
            raise OSError(self.failed.errno, self.failed.strerror, str(self.path))

    def _flush_later(self) -> None:
        try:
            self._later = asyncio.get_running_loop().call_later(SOON, self.flush)
        except RuntimeError:  # nobody would wake it
            self.flush()

    def _append(self, piece: bytes) -> None:
        left = memoryview(piece)
        try:
            while left:
                left = left[self.file.write(left) :]
        except OSError as error:
            with suppress(OSError):
                self.file.truncate(self._size)  # what is there stays whole
            self._fail(error)
        else:
            self._size += len(piece)

    def _fail(self, error: OSError) -> None:
        if self.failed is None:
            self.failed = error
            self.say(error)


def _looked_at(path: Path, packing: Packing | None) -> bytes:
    """Return the last byte of a file of lines, unpacked; NotOursError where it is none."""
    with path.open("rb") as raw:
        begins = raw.read(4)
        if not begins:
            return b"\n"
        for one in (GZIP, ZSTD):
            if begins.startswith(one.begins) != (one is packing):
                how = f"is packed by {one.name}" if one is not packing else f"is no {one.name}"
                raise NotOursError(f"what is there {how}, and its name says otherwise")
        if packing is None:
            raw.seek(-1, 2)
            first, last = begins[:1], raw.read(1)
        else:
            raw.seek(0)
            try:
                first, last = packing.ends_of(raw)
            except DamagedError as error:
                raise NotOursError(f"what is there is damaged: {error}") from error
    if first not in (b"{", b"\n", b""):
        raise NotOursError("what is there is no recording")
    return last
