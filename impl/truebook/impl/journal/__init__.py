"""The journal: every call of a book is written down first, and can be told again."""

from truebook.impl.journal import case_events
from truebook.impl.journal.calls import PARAMETERS, Call, Kept, lasting, retell
from truebook.impl.journal.case_events import FEATURES
from truebook.impl.journal.errors import DamagedError, JournalError, NotWrittenError
from truebook.impl.journal.health import Health, Saved, repair, save, verify
from truebook.impl.journal.journaled_book import JournaledBook, calls_of, load

__all__ = [
    "FEATURES",
    "PARAMETERS",
    "Call",
    "DamagedError",
    "Health",
    "JournalError",
    "JournaledBook",
    "Kept",
    "NotWrittenError",
    "Saved",
    "calls_of",
    "case_events",
    "lasting",
    "load",
    "repair",
    "retell",
    "save",
    "verify",
]
