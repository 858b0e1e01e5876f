"""Passing: a bot and its venue speak through it, nothing changes, and all is recorded."""

from truebook.venue.passing.app import SERVING, Passing

__all__ = ["SERVING", "Passing"]
