"""Headers: which of them pass, and what they say of the body."""

import zlib
from collections.abc import Mapping
from typing import Final

from multidict import CIMultiDict

from truebook.venue.recording import LARGEST

_OF_A_HOP: Final = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
"""What is said between two neighbours alone (RFC 9110, 7.6.1)."""
_ASKED_ANEW: Final = frozenset(("host", "content-length", "expect"))
_READ: Final = ("gzip", "deflate", "identity")
"""Encodings that a recording can be made of."""


def passed(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Return the headers that pass."""
    named = {one.strip().lower() for one in headers.get("Connection", "").split(",")}
    kept = [(name, value) for name, value in headers.items() if name.lower() not in _OF_A_HOP]
    return CIMultiDict((name, value) for name, value in kept if name.lower() not in named)


def asked(headers: Mapping[str, str], *, upgrade: bool) -> CIMultiDict[str]:
    """Return the headers of a request that passes: only what can be recorded may be encoded."""
    found = passed(headers)
    for name in _ASKED_ANEW:
        found.popall(name, None)
    if "Accept-Encoding" in found:
        wanted = ",".join(found.popall("Accept-Encoding")).split(",")
        kept = [one.strip() for one in wanted if one.split(";")[0].strip().lower() in _READ]
        found["Accept-Encoding"] = ", ".join(kept) or "identity"
    if upgrade:
        found["Connection"], found["Upgrade"] = "Upgrade", headers["Upgrade"]
    return found


def decoded(body: bytes, encoding: str) -> bytes:
    """Return a body as it was before it was encoded; as it came where that cannot be told."""
    if encoding.lower() not in ("gzip", "deflate"):
        return body
    for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # some send deflate without its header
        try:
            return zlib.decompressobj(bits).decompress(body, LARGEST)
        except zlib.error:
            continue
    return body
