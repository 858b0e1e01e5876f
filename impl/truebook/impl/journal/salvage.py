"""What can be read of a damaged journal: every event that stands whole in its files.

The files are read page by page, without their tree: the pages of the file itself and every page
of its write-ahead log, old ones too. Events are never changed, so where one stands does not
matter; that it is right is told by its checksum, which the caller follows from the first event on.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

from truebook.impl.journal.files import log_path, read

PAGE: Final = 4096
"""The size of a journal's pages, in bytes."""

Found: TypeAlias = dict[int, list[tuple[str, bytes]]]
"""By number, the text and checksum of every event that seems to have it."""

_LEAF: Final = 0x0D
_FILE_HEADER: Final = 100
_LOG_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_SUM: Final = 16
_SUM_KIND: Final = 2 * _SUM + 12
# How much of a row stands on its own page is the file format's rule ("cell payload overflow").
_MOST_LOCAL: Final = PAGE - 35
_LEAST_LOCAL: Final = (PAGE - 12) * 32 // 255 - 23


def scan(path: Path, *, file: bool = True, log: bool = True) -> Found:
    """Return the events found in a journal's file and in its write-ahead log."""
    pages: dict[int, bytes] = {}
    if file:
        pages = dict(enumerate(_pages(read(path)), 1))
    frames = list(_frames(read(log_path(path)))) if log else []
    overflow = pages | dict(frames)
    found: Found = {}
    for page in (*pages.values(), *(page for _, page in frames)):
        for seq, text, digest in _rows(page, overflow):
            known = found.setdefault(seq, [])
            if (text, digest) not in known:
                known.append((text, digest))
    return found


def _pages(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), PAGE):
        yield data[at : at + PAGE].ljust(PAGE, b"\0")  # where it was cut, rows may still stand


def _frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    step = _FRAME_HEADER + PAGE
    for at in range(_LOG_HEADER, len(data) - _FRAME_HEADER, step):
        number = int.from_bytes(data[at : at + 4], "big")
        yield number, data[at + _FRAME_HEADER : at + step].ljust(PAGE, b"\0")


def _rows(page: bytes, overflow: dict[int, bytes]) -> Iterator[tuple[int, str, bytes]]:
    """Yield what reads as an event on a page that may be anything."""
    start = _FILE_HEADER if page.startswith(b"SQLite format 3\0") else 0
    if page[start] != _LEAF:
        return
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    for n in range(min(count, PAGE // 4)):
        pointer = start + 8 + 2 * n
        at = int.from_bytes(page[pointer : pointer + 2], "big")
        try:
            yield _row(page, at, overflow)
        except (IndexError, KeyError, ValueError):
            continue


def _row(page: bytes, at: int, overflow: dict[int, bytes]) -> tuple[int, str, bytes]:
    size, at = _varint(page, at)
    seq, at = _varint(page, at)
    local = size
    if size > _MOST_LOCAL:
        local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (PAGE - 4)
        if local > _MOST_LOCAL:
            local = _LEAST_LOCAL
    parts = [page[at : at + local]]
    missing = size - local
    following = page[at + local : at + local + 4]
    for _ in range(len(overflow)):
        if missing <= 0:
            break
        further = overflow[int.from_bytes(following, "big")]
        parts.append(further[4 : 4 + missing])
        missing -= PAGE - 4
        following = further[:4]
    return seq, *_columns(b"".join(parts), size)


def _columns(payload: bytes, size: int) -> tuple[str, bytes]:
    """Return text and checksum of a row of the table of events: number, text, checksum."""
    width, at = _varint(payload, 0)
    kinds = []
    while at < width:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if len(payload) != size or len(kinds) != 3 or kinds[0] != 0 or kinds[2] != _SUM_KIND:
        raise ValueError("not an event")
    if kinds[1] < 13 or kinds[1] % 2 == 0 or width + (kinds[1] - 13) // 2 + _SUM != size:
        raise ValueError("not an event")
    return payload[width:-_SUM].decode("utf-8"), payload[-_SUM:]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where it ends."""
    value = 0
    for n in range(8):
        byte = data[at + n]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    return value << 8 | data[at + 8], at + 9
