"""Reading what was recorded, in whatever form: each thing that it says, with its line."""

from truebook.audit.reading.files import CannotReadError, kind_of, read, spots_of
from truebook.audit.reading.growing import Growing
from truebook.audit.reading.sieve import NotApartError, Sieve
from truebook.audit.reading.trades import Dates

__all__ = [
    "CannotReadError",
    "Dates",
    "Growing",
    "NotApartError",
    "Sieve",
    "kind_of",
    "read",
    "spots_of",
]
