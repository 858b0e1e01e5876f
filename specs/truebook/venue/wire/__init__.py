"""The venue's truth in Hyperliquid's messages: what it is asked, answers and tells."""

from truebook.venue.wire.acting import RefusedError, act
from truebook.venue.wire.asking import answer
from truebook.venue.wire.telling import Stream, first, frames, stream_of

__all__ = ["RefusedError", "Stream", "act", "answer", "first", "frames", "stream_of"]
