"""The shadow: a book runs beside another tracker, and the first difference is kept."""

from truebook.impl.shadow.shadow_book import Difference, Divergence, ShadowBook, Tracker, shrink

__all__ = [
    "Difference",
    "Divergence",
    "ShadowBook",
    "Tracker",
    "shrink",
]
