"""The safety sync: pass by pass, a book is held against what the venue says."""

from truebook.impl.sync.client import (
    CancelAnswer,
    VenueClient,
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)
from truebook.impl.sync.config import SyncConfig
from truebook.impl.sync.report import SyncReport
from truebook.impl.sync.safety_sync import SafetySync

__all__ = [
    "CancelAnswer",
    "SafetySync",
    "SyncConfig",
    "SyncReport",
    "VenueClient",
    "VenueFill",
    "VenueFills",
    "VenueListing",
    "VenuePosition",
    "VenueStatus",
]
