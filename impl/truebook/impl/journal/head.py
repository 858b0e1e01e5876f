"""The head record: the number and checksum of a journal's last event, in a file beside it.

A log that was cut ends as well as a whole one, so that only another file can say how far it went.
The record follows the event: it never tells of one that is not written.
"""

import os
import zlib
from contextlib import suppress
from pathlib import Path
from struct import Struct
from tempfile import TemporaryDirectory
from typing import Final
from weakref import finalize

import attrs

from truebook.impl.journal.files import head_path, read

_SLOT: Final = Struct(">Q16s")
_SUMMED: Final = Struct(">Q16sI")
_SLOTS: Final = 2
_BINARY: Final = getattr(os, "O_BINARY", 0)  # where the system would change line ends


@attrs.frozen
class Head:
    """The number of an event, and its checksum."""

    seq: int
    digest: bytes


def read_head(path: Path) -> Head | None:
    """Return what the head record of a journal says; None where it is missing or not right."""
    data = read(head_path(path))
    found = []
    for at in range(0, len(data) - _SUMMED.size + 1, _SUMMED.size):
        seq, digest, check = _SUMMED.unpack_from(data, at)
        if check == zlib.crc32(data[at : at + _SLOT.size]):
            found.append(Head(seq, digest))
    return max(found, key=lambda head: head.seq, default=None)


@attrs.define(eq=False)
class HeadRecord:
    """The head record of a journal that is written; two slots take turns, so that one is right."""

    _file: int
    durable: bool
    _close: "finalize[[int], HeadRecord]" = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Let the file close with the record, from whatever thread."""
        self._close = finalize(self, os.close, self._file)

    @classmethod
    def open(cls, path: Path, seq: int, digest: bytes, *, durable: bool) -> "HeadRecord":
        """Open the head record of a journal that ends with this event, or begin it.

        `durable` waits for the disk. A new one is there whole or not at all: an empty one would be
        damage.
        """
        place = head_path(path)
        if not place.exists():
            with TemporaryDirectory(dir=place.parent, prefix=f".{place.name}.") as folder:
                draft = Path(folder) / place.name
                _begin(draft, seq, digest, durable=durable)
                with suppress(FileExistsError):  # another was quicker: then it is that one
                    os.link(draft, place)
        record = cls(os.open(place, os.O_RDWR | _BINARY), durable)
        record.write(seq, digest)
        return record

    def write(self, seq: int, digest: bytes) -> None:
        """Note the event that was written last; OSError where it cannot be."""
        slot = _SLOT.pack(seq, digest)
        os.lseek(self._file, seq % _SLOTS * _SUMMED.size, os.SEEK_SET)
        os.write(self._file, slot + zlib.crc32(slot).to_bytes(4, "big"))
        if self.durable:
            os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        self._close()


def _begin(draft: Path, seq: int, digest: bytes, *, durable: bool) -> None:
    record = HeadRecord(os.open(draft, os.O_RDWR | os.O_CREAT | _BINARY, 0o666), durable)
    try:
        record.write(seq, digest)
    finally:
        record.close()
