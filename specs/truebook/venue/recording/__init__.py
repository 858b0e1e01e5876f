"""Recordings: all that is said between a bot and a venue, each way, with its time."""

from truebook.venue.recording.clock import now
from truebook.venue.recording.lines import Lines, NotOursError
from truebook.venue.recording.recording import FORM, LARGEST, Recording

__all__ = ["FORM", "LARGEST", "Lines", "NotOursError", "Recording", "now"]
