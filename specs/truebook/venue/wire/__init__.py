"""The venue's truth in Hyperliquid's messages: what it is asked, answers and tells."""

from truebook.venue.wire.acting import NO_TYPE, NOT_SERVED, act
from truebook.venue.wire.asking import answer, listed_at
from truebook.venue.wire.shown import fill, listed, update
from truebook.venue.wire.subscribing import STATES, STREAMS, Stream, is_address, stream_of
from truebook.venue.wire.telling import first, frames, moved, now_of

__all__ = [
    "NOT_SERVED",
    "NO_TYPE",
    "STATES",
    "STREAMS",
    "Stream",
    "act",
    "answer",
    "fill",
    "first",
    "frames",
    "is_address",
    "listed",
    "listed_at",
    "moved",
    "now_of",
    "stream_of",
    "update",
]
