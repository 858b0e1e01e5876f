"""The messages in what one side of a websocket says (RFC 6455, and 7692 where compressed)."""

import zlib
from collections.abc import Iterator
from typing import Final

import attrs

from truebook.venue.recording import LARGEST

GOES_ON, TEXT, BINARY, CLOSE = 0, 1, 2, 8
_DATA: Final = (GOES_ON, TEXT, BINARY)
_TAIL: Final = b"\x00\x00\xff\xff"
"""What a compressed message lacks at its end (RFC 7692, 7.2.1)."""


class UnreadableError(Exception):
    """What came is no frame of a websocket, or larger than is kept; the words say which."""


@attrs.define
class Frames:
    """Reads messages out of bytes, which may be cut anywhere."""

    _held: bytearray = attrs.field(factory=bytearray)
    _parts: bytearray = attrs.field(factory=bytearray)
    _begun: int | None = None
    _is_compressed: bool = False
    _inflating: "zlib._Decompress | None" = None

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield each message that is whole by now, and each control frame: its opcode, its body.

        UnreadableError where the bytes are no frames: nothing after them can be read.
        """
        self._held += data
        while (found := self._frame()) is not None:
            first, body = found
            opcode = first & 0x0F
            if opcode not in _DATA:
                yield opcode, body
                continue
            if (opcode == GOES_ON) == (self._begun is None):
                raise UnreadableError("a message goes on that has not begun, or begins in another")
            if opcode != GOES_ON:
                self._begun, self._is_compressed = opcode, bool(first & 0x40)
            self._parts += body
            _bounded(len(self._parts))
            if first & 0x80:
                kind, whole = self._begun, bytes(self._parts)
                self._begun, self._parts = None, bytearray()
                assert kind is not None
                yield kind, self._inflated(whole) if self._is_compressed else whole

    def _frame(self) -> tuple[int, bytes] | None:
        """Take a frame out of what is held; return its first byte and what it carries."""
        held = self._held
        if len(held) < 2:
            return None
        first, flags = held[0], held[1]
        if first & 0x30 or first & 0x0F in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
            raise UnreadableError("what came is no frame of a websocket")
        size, start = flags & 0x7F, 2
        if size > 125:
            wide = 2 if size == 126 else 8
            start += wide
            if len(held) < start:
                return None
            size = int.from_bytes(held[2:start], "big")
        _bounded(size)
        mask = bytes(held[start : start + 4]) if flags & 0x80 else b""
        start += 4 if flags & 0x80 else 0
        if len(held) < start + size:
            return None
        body = bytes(held[start : start + size])
        del held[: start + size]
        return first, _unmasked(body, mask) if mask else body

    def _inflated(self, packed: bytes) -> bytes:
        if self._inflating is None or self._inflating.eof:  # it ended, as some end each message
            self._inflating = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            whole = self._inflating.decompress(packed + _TAIL, LARGEST + 1)
        except zlib.error as error:
            raise UnreadableError(f"what is compressed is damaged ({error})") from error
        _bounded(len(whole))
        return whole


def closing(body: bytes) -> str:
    """Return what a close frame says: its code, and words."""
    if len(body) < 2:
        return "without a code"
    words = body[2:].decode("utf-8", "backslashreplace")
    return f"with code {int.from_bytes(body[:2], 'big')} {words}".rstrip()


def _bounded(size: int) -> None:
    if size > LARGEST:
        raise UnreadableError(f"a message has {size:,} bytes or more, which are not recorded")


def _unmasked(body: bytes, mask: bytes) -> bytes:
    key = (mask * (len(body) // 4 + 1))[: len(body)]
    number = int.from_bytes(body, "little") ^ int.from_bytes(key, "little")
    return number.to_bytes(len(body), "little")
