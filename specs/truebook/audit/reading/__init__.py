"""Reading what was recorded, in whatever form: each thing that it says, with its line."""

from truebook.audit.reading.files import CannotReadError, kind_of, read
from truebook.audit.reading.growing import Growing
from truebook.audit.reading.trades import Dates

__all__ = ["CannotReadError", "Dates", "Growing", "kind_of", "read"]
