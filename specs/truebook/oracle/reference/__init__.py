"""The reference book, driven by the events of cases and served as a subject."""

from truebook.oracle.reference.driving import Driver, Texts, text
from truebook.oracle.reference.subject import ReferenceBook, reference

__all__ = [
    "Driver",
    "ReferenceBook",
    "Texts",
    "reference",
    "text",
]
