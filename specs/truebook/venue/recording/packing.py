"""How a file is packed, as its name says: by gzip, by zstd, or not at all."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

import attrs
import zstandard

_CHUNK: Final = 1 << 16


class DamagedError(Exception):
    """What is packed, and cannot be unpacked; the words say why."""


@attrs.frozen
class Packing:
    """A way to pack: pieces that are whole by themselves, and can follow each other in a file.

    `begins` are the first bytes of a piece; `unpacking` makes what unpacks one.
    """

    name: str
    begins: bytes
    pack: Callable[[bytes], bytes]
    unpacking: Callable[[], Any]

    def ends_of(self, file: IO[bytes]) -> tuple[bytes, bytes]:
        """Return the first and the last byte of what a file has, which is read to its end.

        DamagedError where it is not whole.
        """
        first = last = waiting = b""
        piece: Any = None
        while some := waiting or file.read(_CHUNK):
            piece = self.unpacking() if piece is None else piece
            try:
                plain = piece.decompress(some)
            except (zlib.error, zstandard.ZstdError) as error:
                raise DamagedError(str(error)) from error
            first, last = first or plain[:1], plain[-1:] or last
            waiting = piece.unused_data
            if piece.eof:
                piece = None
        if piece is not None:
            raise DamagedError("it ends in the middle")
        return first, last


def _by_gzip(piece: bytes) -> bytes:
    return gzip.compress(piece, compresslevel=6, mtime=0)


def _from_gzip() -> Any:
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def _by_zstd(piece: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(piece)


def _from_zstd() -> Any:
    return zstandard.ZstdDecompressor().decompressobj()


GZIP: Final = Packing("gzip", b"\x1f\x8b", _by_gzip, _from_gzip)
ZSTD: Final = Packing("zstd", b"\x28\xb5\x2f\xfd", _by_zstd, _from_zstd)
_BY_NAME: Final = {".gz": GZIP, ".zst": ZSTD}


def packing_of(path: Path) -> Packing | None:
    """Return how a file is packed; None: not at all."""
    return _BY_NAME.get(path.suffix.lower())
