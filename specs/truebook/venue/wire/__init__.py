"""The venue's truth in Hyperliquid's messages: what it is asked, answers and tells."""

from truebook.venue.wire.acting import NO_TYPE, act
from truebook.venue.wire.asking import answer, listed, listed_at
from truebook.venue.wire.telling import Stream, first, frames, moved, stream_of

__all__ = [
    "NO_TYPE",
    "Stream",
    "act",
    "answer",
    "first",
    "frames",
    "listed",
    "listed_at",
    "moved",
    "stream_of",
]
